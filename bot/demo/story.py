"""What three patients and their therapist do in six weeks, and what they expect to see.

After the vignette of seed 0: in the fourth session P-07 says that it goes too slowly, the therapist hears of it, names
the tension, the goal changes, and the next session goes well again.  The people's words are made up.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.demo.phone import Phone
from bot.demo.stage import Stage
from bot.demo.transcript import Transcript
from bot.domain.model import Role

MADRID: Final = ZoneInfo("Europe/Madrid")
FIRST_MONDAY: Final = date(2026, 10, 5)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, SUNDAY = 0, 1, 2, 3, 6

RUIZ, P03, P07, P11 = 100, 203, 207, 211
NAMES: Final = {RUIZ: "Dra. Ruiz", P03: "P-03", P07: "P-07", P11: "P-11"}

PLANS: Final = "/sesion P-11 martes 17:00 50m"


def moment(week: int, weekday: int, clock: str) -> datetime:
    """Return the instant of a wall clock in Madrid, in a week counted from 1."""
    on = FIRST_MONDAY + timedelta(weeks=week - 1, days=weekday)
    return datetime.combine(on, time.fromisoformat(clock), MADRID)


START: Final = moment(1, MONDAY, "09:30")


@dataclass(slots=True)
class Story:
    """Six weeks, one method each."""

    stage: Stage
    transcript: Transcript

    def phone(self, who: int) -> Phone:
        """Return somebody's phone."""
        return self.stage.telegram.phone(who, NAMES[who])

    async def six_weeks(self) -> None:
        """Play everything."""
        weeks = (self.arrive, self.second, self.third, self.fall, self.repair, self.sixth)
        for week in weeks:
            await week()

    # Week 1

    async def arrive(self) -> None:
        """Let everybody come in and answer for the first time."""
        self.transcript.chapter(
            "Semana 1 · Llegar",
            "La Dra. Ruiz abre el enlace que imprime `microchequeo invite` e invita a tres pacientes.",
        )
        await self._therapist_arrives()
        for who in (P07, P03, P11):
            await self._invite(who)
        for who, clock in ((P07, "10:15"), (P03, "12:40"), (P11, "19:10")):
            await self._accept(who, moment(1, MONDAY, clock))
        await self._p11_plans_and_is_asked(1)
        await self._taps(P11, 8, 7, 2)
        await self._asked(P07, moment(1, WEDNESDAY, "18:50"))
        await self._taps(P07, 8, 8, 4, words="Salí con una idea de por dónde empezar. Lo del dolor me preocupa.")
        await self._asked(P03, moment(1, THURSDAY, "11:50"))
        await self.stage.types(self.phone(P03), 7, 7, 2)
        await self._done(P03)
        await self._digest(1, "3 pacientes, 3 sesiones, 3 respuestas", "P-07 · 8,0", "Nada que mirar primero")

    async def _therapist_arrives(self) -> None:
        ruiz = self.phone(RUIZ)
        token = await self.stage.bot.services.enrolment.invite(Role.THERAPIST, NAMES[RUIZ])
        await self.stage.says(ruiz, f"/start {token}")
        self.stage.sees(ruiz, "No es un servicio de urgencias")
        await self.stage.taps(ruiz, "la Dra. Ruiz")
        self.stage.sees(ruiz, "«la Dra. Ruiz»")

    async def _invite(self, who: int) -> None:
        self.transcript.pictures.title = f"enlace-{NAMES[who]}"
        await self.stage.says(self.phone(RUIZ), f"/nuevo {NAMES[who]}")
        self.stage.sees(self.phone(RUIZ), f"{NAMES[who]} · enlace personal", "?start=")

    async def _accept(self, who: int, at: datetime) -> None:
        link = next(text for text in self._texts(RUIZ) if f"{NAMES[who]} · enlace personal" in text)
        token = link.partition("?start=")[2].split()[0]
        await self.stage.until(at)
        await self.stage.says(self.phone(who), f"/start {token}")
        self.stage.sees(self.phone(who), "Este chat es un programa", "No es un servicio de urgencias")
        await self.stage.taps(self.phone(who), "Acepto")
        self.stage.sees(self.phone(who), "Después de cada sesión con la Dra. Ruiz")
        self.stage.sees(self.phone(RUIZ), f"{NAMES[who]} ha aceptado")

    # Weeks 2 and 3

    async def second(self) -> None:
        """Let one answer later, and one not this time."""
        self.transcript.chapter("Semana 2 · A su ritmo", "P-11 pide contestar más tarde. P-03 esta vez no contesta.")
        await self._p11_plans_and_is_asked(2)
        await self.stage.taps(self.phone(P11), "Más tarde")
        self.stage.sees(self.phone(P11), "Volveré a preguntar hoy a las 21:")
        await self.stage.until(moment(2, TUESDAY, "21:20"))
        await self._taps(P11, 8, 8, 3, words="Me costó arrancar. El final me sirvió.")
        await self._asked(P07, moment(2, WEDNESDAY, "18:50"))
        await self._taps(P07, 9, 8, 3)
        await self._asked(P03, moment(2, THURSDAY, "11:50"))
        await self.stage.taps(self.phone(P03), "Esta vez no")
        self.stage.sees(self.phone(P03), "De acuerdo, esta vez no")
        await self._digest(2, "3 sesiones, 2 respuestas", "P-07 · 8,5", "P-03 · prefirió no contestar")

    async def third(self) -> None:
        """Let one be silent, and one mistype."""
        self.transcript.chapter(
            "Semana 3 · Un silencio",
            "P-11 no contesta: una sola nota al día siguiente, y la pregunta se cierra. El domingo cambia la hora.",
        )
        await self._p11_plans_and_is_asked(3)
        await self._asked(P07, moment(3, WEDNESDAY, "18:50"))
        await self._taps(P07, 9, 9, 2)
        await self._asked(P03, moment(3, THURSDAY, "11:50"))
        await self.stage.says(self.phone(P03), "11")
        self.stage.sees(self.phone(P03), "Ese número no está entre 0 y 10")
        await self.stage.types(self.phone(P03), 7, 8, 2)
        await self._done(P03)
        await self.stage.until(moment(3, SUNDAY, "12:00"))
        self.stage.sees(self.phone(P11), "Esta pregunta ya se ha cerrado")
        await self._digest(3, "3 sesiones, 2 respuestas", "P-07 · 9,0", "P-11 · sin respuesta")

    # Week 4

    async def fall(self) -> None:
        """Let P-07 find it too slow, and the therapist hear of it the same evening."""
        self.transcript.chapter(
            "Semana 4 · Una caída",
            "P-07 se va de la sesión con la sensación de ir muy lento, y lo dice aquí antes que en voz alta.",
        )
        await self._p11_plans_and_is_asked(4)
        await self._asked(P07, moment(4, WEDNESDAY, "18:50"))
        await self._says_it_is_too_slow()
        await self.stage.until(moment(4, WEDNESDAY, "19:40"))
        await self._therapist_looks()
        await self._asked(P03, moment(4, THURSDAY, "11:50"))
        await self._taps(P03, 8, 8, 2)
        await self._digest(4, "P-07 (caída sin hablar todavía", "P-11 (dos sesiones en silencio)")

    async def _says_it_is_too_slow(self) -> None:
        ana = self.phone(P07)
        await self.stage.until(moment(4, WEDNESDAY, "19:20"))
        await self.stage.answers(ana, 6, 5, 8)
        self.stage.sees(ana, "¿Qué quedó pendiente?")
        await self.stage.says(ana, "Las faltas al trabajo por el dolor. Este mes llevo tres y no lo hablamos.")
        await self.stage.says(
            ana,
            "Siento que vamos muy lento. Hablamos mucho del pasado, y yo necesito algo para esta semana: para el "
            "dolor, para dormir. Me fui sin saber qué hacer.",
        )
        self.stage.sees(ana, "Anotado, con su comentario", "Comprendido: 6 · Tuvo sentido: 5 · Quedó pendiente: 8")

    async def _therapist_looks(self) -> None:
        ruiz = self.phone(RUIZ)
        self.stage.sees(ruiz, "P-07: caída de la alianza percibida.")
        self.transcript.pictures.title = "alerta-P-07"
        await self.stage.taps(ruiz, "Ver")
        self.stage.sees(ruiz, "28 oct: 5,5   ·   21 oct: 9,0   ·   7 días entre ambas")
        self.stage.sees(ruiz, "Lo que más bajó: «¿Lo que hicimos tuvo sentido?» 9 → 5")
        await self.stage.taps(ruiz, "Leer sus palabras")
        self.stage.sees(ruiz, "Siento que vamos muy lento", "Las faltas al trabajo")
        await self.stage.taps(ruiz, "Volver", "Guía de reparación")
        self.stage.sees(ruiz, "Nombrar la tensión")
        await self.stage.taps(ruiz, "Volver", "Visto")

    # Weeks 5 and 6

    async def repair(self) -> None:
        """Let them talk about it, and the alliance come back."""
        self.transcript.chapter(
            "Semana 5 · Reparar",
            "La Dra. Ruiz nombra la tensión y cambian el objetivo: menos faltas por dolor, con sueño y respiración.",
        )
        await self._p11_plans_and_is_asked(5)
        await self.stage.types(self.phone(P11), 8, 8, 1)
        await self._done(P11, words="Estas semanas no me salía contestar. Hoy sí.")
        await self._ends(P07, moment(5, WEDNESDAY, "18:50"))
        await self.stage.taps(self.phone(RUIZ), "Lo hablamos")
        self.stage.sees(self.phone(RUIZ), "Anotado: ya se habló")
        await self._waits_for_the_question(P07, moment(5, WEDNESDAY, "19:12"))
        await self._taps(P07, 9, 8, 2, words="Agradezco que sacara el tema. Lo de dormir mejor me parece posible.")
        await self._asked(P03, moment(5, THURSDAY, "11:50"))
        await self._taps(P03, 8, 8, 2)
        await self._digest(5, "Reparada: P-07 volvió a 8,5", "P-11 · 8,0")

    async def sixth(self) -> None:
        """Let a quiet week pass, and look where everybody stands."""
        self.transcript.chapter("Semana 6 · Seguir", "Una semana tranquila. La Dra. Ruiz mira cómo va cada paciente.")
        await self._p11_plans_and_is_asked(6)
        await self._taps(P11, 9, 8, 1)
        await self._asked(P07, moment(6, WEDNESDAY, "18:50"))
        await self._taps(P07, 9, 9, 1)
        await self._asked(P03, moment(6, THURSDAY, "11:50"))
        await self._taps(P03, 8, 9, 1)
        await self.stage.says(self.phone(RUIZ), "/pacientes")
        self.stage.sees(self.phone(RUIZ), "P-07 · en marcha · 9,0")
        await self._digest(6, "3 pacientes, 3 sesiones, 3 respuestas", "P-07 · 9,0 ↑")

    # What happens every week

    async def _p11_plans_and_is_asked(self, week: int) -> None:
        """Let the therapist plan P-11's session beforehand; the question comes by itself a quarter after its end."""
        await self.stage.until(moment(week, MONDAY, "19:30"))
        await self.stage.says(self.phone(RUIZ), PLANS)
        self.stage.sees(self.phone(RUIZ), "P-11 · sesión el martes", "Preguntaré mañana a las 18:05")
        await self._waits_for_the_question(P11, moment(week, TUESDAY, "18:12"))

    async def _asked(self, who: int, ended_at: datetime) -> None:
        """Let the therapist say that a session has just ended, and the question come a quarter of an hour later."""
        await self._ends(who, ended_at)
        await self._waits_for_the_question(who, ended_at + timedelta(minutes=22))

    async def _ends(self, who: int, at: datetime) -> None:
        await self.stage.until(at)
        await self.stage.says(self.phone(RUIZ), f"/sesion {NAMES[who]} ahora")
        self.stage.sees(self.phone(RUIZ), f"{NAMES[who]} · sesión terminada", "Preguntaré hoy")

    async def _waits_for_the_question(self, who: int, until: datetime) -> None:
        await self.stage.until(until)
        self.stage.sees(self.phone(who), "Sesión de hoy con la Dra. Ruiz · 1 de 3", "¿Se sintió comprendido hoy?")

    async def _taps(self, who: int, *scores: int, words: str | None = None) -> None:
        await self.stage.answers(self.phone(who), *scores)
        await self._done(who, words)

    async def _done(self, who: int, words: str | None = None) -> None:
        if words is None:
            await self.stage.taps(self.phone(who), "Listo")
        else:
            await self.stage.says(self.phone(who), words)
        self.stage.sees(self.phone(who), "Anotado")

    async def _digest(self, week: int, *fragments: str) -> None:
        self.transcript.pictures.title = f"resumen-semana-{week}"
        await self.stage.until(moment(week, SUNDAY, "19:30"))
        self.stage.sees(self.phone(RUIZ), "Semana del", *fragments)

    def _texts(self, who: int) -> list[str]:
        return [message.text for message in reversed(self.phone(who).messages)]
