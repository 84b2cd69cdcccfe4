"""One patient's life with the bot from the first start to the last erased word, at the hands of patient people.

A step is done until its person sees what they are to see.  People wait; if nothing comes they do it once more, and
what they saw, how long they waited and whether they had to ask again is written down.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from bot.clock import VirtualClock
from bot.demo.phone import Phone
from bot.demo.server import LocalTelegram
from bot.domain.errors import StoreUnavailableError
from bot.domain.model import Role
from tests.faults.broken_disk import broken_disk
from tests.faults.broken_line import FORBIDDEN, SHORT, TOO_MANY, Arrival, Line
from tests.faults.course import Course
from tests.practice import TUESDAY, Practice, labels, said, token_in

DIGEST: Final = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
"""The Sunday evening after."""

LOOKS: Final = tuple(timedelta(seconds=seconds) for seconds in (1, 4, 10, 20, 60))
"""How people wait before they ask again, look by look: a minute and a half."""

LONG: Final = (*LOOKS, timedelta(minutes=5), timedelta(minutes=10))
"""How they wait then."""

TRIES: Final = 2
STARTS: Final = 3
"""How often a supervisor starts a bot that could not start."""

WEEK: Final = (((9, 8, 2), "Me fui tranquila."), ((8, 9, 3), None), ((4, 5, 8), None))
"""The three check-ins: the third is a fall, and something is left pending."""

NOTE: Final = "Hablamos del ritmo"
PENDING: Final = "Lo de mi hermana"

SIGNS: Final = ("sendMessage", "sendPhoto", "sendDocument", "editMessageText", "answerCallbackQuery")
"""Calls by which a person sees that they were heard."""

ANA: Final = 200
RUIZ: Final = 100

Does = Callable[[], Awaitable[object]]
Sees = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Step:
    """How a step went: `waited` is virtual time, `asked` how often the person did it, `by` the chats of who did."""

    name: str
    waited: timedelta
    asked: int
    by: frozenset[int] = frozenset()


class NobodyAnsweredError(AssertionError):
    """A person waited, asked again, waited, and got nothing."""


@dataclass
class Life:
    """The people, what they did, and what they got."""

    practice: Practice
    course: Course[Any]
    line: Line
    steps: list[Step] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    by: set[int] = field(default_factory=set)

    @property
    def ruiz(self) -> Phone:
        """Return the therapist's phone."""
        return self.practice.telegram.phone(RUIZ, "Dra. Ruiz")

    @property
    def ana(self) -> Phone:
        """Return the patient's phone."""
        return self.practice.telegram.phone(ANA, "P-07")

    @property
    def arrived(self) -> list[Arrival]:
        """Return what arrived, in both chats."""
        return list(self.line.arrivals(self.practice.telegram.calls))

    async def lived(self) -> None:
        """Live it, from the first start to the last erased word."""
        await self._arrivals()
        for day, (scores, words) in enumerate(WEEK):
            await self._check_in(day, scores, words)
        await self._alert()
        await self._digest_and_export()
        await self._leaving()

    # The steps

    async def _arrivals(self) -> None:
        await self._until("start", self._start, lambda: self._runs)
        await self._until("therapist's link", self._invite, lambda: bool(self.kept.get("token")))
        await self._until(
            "therapist arrives", self._types(self.ruiz, f"/start {self.kept['token']}"), self._offers("la Dra. Ruiz")
        )
        await self._until(
            "therapist enrols", self._taps(self.ruiz, "la Dra. Ruiz"), self._says(self.ruiz, "Listo: sus pacientes")
        )
        await self._until("invitation", self._types(self.ruiz, "/nuevo P-07"), self._says(self.ruiz, "enlace personal"))
        link = token_in(self.ruiz)
        await self._until("patient arrives", self._types(self.ana, f"/start {link}"), self._offers("Acepto", self.ana))
        await self._until("consent", self._taps(self.ana, "Acepto"), self._consented)

    def _consented(self) -> bool:
        return any("P-07 ha aceptado" in text for text in said(self.ruiz)) and "Acepto" not in labels(self.ana)

    async def _check_in(self, day: int, scores: tuple[int, int, int], words: str | None) -> None:
        await self.practice.go_to(TUESDAY + timedelta(days=day))
        at, sessions = f"day {day + 1}", sum("sesión terminada" in text for text in said(self.ruiz))
        await self._until(
            f"{at}, session",
            self._types(self.ruiz, "/sesion P-07 ahora"),
            lambda: sum("sesión terminada" in text for text in said(self.ruiz)) > sessions,
        )
        await self._until(
            f"{at}, question", self._wait(timedelta(minutes=15)), self._asks(1), again=self._session_again
        )
        await self._until(f"{at}, first answer", self._taps(self.ana, str(scores[0])), self._asks(2))
        await self._until(f"{at}, second answer", self._taps(self.ana, str(scores[1])), self._asks(3))
        await self._until(
            f"{at}, third answer", self._taps(self.ana, str(scores[2])), lambda: "Listo" in labels(self.ana)
        )
        if scores[2] >= 7:
            before = self.ana.last().text
            await self._until(
                f"{at}, what is pending", self._types(self.ana, PENDING), lambda: self.ana.last().text != before
            )
        finish = self._types(self.ana, words) if words else self._taps(self.ana, "Listo")
        await self._until(f"{at}, last words", finish, lambda: "Corregir" in labels(self.ana))
        await self._until(f"{at}, grace", self._wait(timedelta(minutes=20)), self._judged(day))

    def _judged(self, day: int) -> Sees:
        fallen = day == len(WEEK) - 1
        return lambda: not fallen or any("caída de la alianza percibida" in text for text in said(self.ruiz))

    async def _alert(self) -> None:
        ruiz = self.ruiz
        await self._until("alert opened", self._taps(ruiz, "Ver"), self._opened)
        await self._until("alert seen", self._taps(ruiz, "Visto"), self._says(ruiz, "Visto."))
        await self._until("talked about", self._taps(ruiz, "Lo hablamos"), self._talked)
        if self._talked():  # else the question about a note was refused, and nobody knows of it
            await self._until("note", self._types(ruiz, NOTE), self._says(ruiz, "la nota está guardada"))

    def _opened(self) -> bool:
        return any("Visto" in m.labels() for m in self.ruiz.messages) and self._pictures() > 0

    def _talked(self) -> bool:
        return self._says(self.ruiz, "Anotado: ya se habló.")() and self._says(self.ruiz, "Si quiere, escriba ahora")()

    def _pictures(self) -> int:
        return sum(m.photo is not None and not m.text for m in self.ruiz.messages)

    async def _digest_and_export(self) -> None:
        async def sunday() -> None:
            await self.practice.go_to(max(DIGEST, self.practice.clock.now()))

        pictures = self._pictures()
        await self._until(
            "digest",
            sunday,
            lambda: self._says(self.ruiz, "Semana del 16 al 22")() and self._pictures() > pictures,
            again=self._types(self.ruiz, "/resumen"),
        )
        await self._until("export", self._types(self.ruiz, "/exportar P-07"), lambda: len(self.files()) == 4)
        await self._remember()

    def files(self) -> set[str]:
        """Return the names of the files that the therapist has got."""
        return {str(message.file_name) for message in self.ruiz.messages if message.document}

    async def _remember(self) -> None:
        """Look at what is stored and what was handed over while it is still there."""
        practice = self.practice
        exported = {m.file_name: m.document for m in self.ruiz.messages if m.document}
        self.kept |= {
            "scores": await practice.scores(),
            "words": await practice.words(),
            "check_ins": await practice.check_ins(),
            "consents": await practice.rows("SELECT * FROM consents"),
            "export": json.loads((exported["microchequeo-P-07.json"] or b"").decode()),
        }

    async def _leaving(self) -> None:
        await self._until(
            "leaving offered", self._types(self.ana, "/baja"), self._offers("Sí, darme de baja", self.ana)
        )
        await self._until("leaves", self._taps(self.ana, "Sí, darme de baja"), self._left)
        self.kept["files"] = sum(m.document is not None for m in self.ruiz.messages)
        await self._until(
            "takes over",
            self._taps(self.ruiz, "Exportar antes de borrar"),
            lambda: sum(m.document is not None for m in self.ruiz.messages) >= self.kept["files"] + 4,
        )
        await self._until("erased", self._erasing, lambda: self.kept.get("erased", False))

    def _left(self) -> bool:
        """See the goodbye alone: everything else that the bot knows of is gone, or says nothing."""
        unheard = {one.message_id for one in self.arrived if one.unheard and one.chat_id == ANA}
        mine = [m.text for m in self.ana.messages if m.from_bot and m.text != "·" and m.message_id not in unheard]
        told = self._says(self.ruiz, "P-07 se ha dado de baja")()
        return told and (self._refused() or (len(mine) == 1 and mine[0].startswith("Hecho.")))

    def _refused(self) -> bool:
        """Say whether Telegram has said in this step that a chat is gone."""
        return any(one.step == self.course.step and fault is FORBIDDEN for one, fault in self.course.struck.items())

    async def _erasing(self) -> None:
        for _ in range(4):
            await self.practice.pass_time(timedelta(hours=1))
        rows = await self.practice.rows("SELECT id FROM words UNION ALL SELECT patient_id FROM erasures")
        self.kept["erased"] = not rows

    # What people do

    async def _start(self) -> None:
        try:
            await self.practice.start()
        except* StoreUnavailableError:
            self.practice._bot = None

    async def _invite(self) -> None:
        try:
            token = await self.practice.bot.services.enrolment.invite(Role.THERAPIST, "Dra. Ruiz")
        except StoreUnavailableError:
            return
        self.kept["token"] = token

    def _types(self, phone: Phone, words: str) -> Does:
        return lambda: self._writes(phone, words)

    async def _writes(self, phone: Phone, words: str) -> None:
        self.by.add(phone.chat_id)
        await self.practice.says(phone, words)

    def _taps(self, phone: Phone, label: str) -> Does:
        async def tap() -> None:
            self.by.add(phone.chat_id)
            if any(label in message.labels() for message in phone.messages):
                await self.practice.taps(phone, label)
            else:  # somebody who finds no button writes
                await self.practice.says(phone, "/start")

        return tap

    def _wait(self, span: timedelta) -> Does:
        until: list[datetime] = []

        async def wait() -> None:
            until[:] = until or [self.practice.clock.now() + span]
            await self.practice.go_to(max(until[0], self.practice.clock.now()))

        return wait

    async def _session_again(self) -> None:
        """Come back, meet again, be asked again: a question that was refused as to somebody gone is over."""
        practice = self.practice
        await self._writes(self.ana, "/start")
        await practice.pass_time(timedelta(hours=1))
        await self._writes(self.ruiz, "/sesion P-07 ahora")
        await practice.pass_time(timedelta(minutes=15))

    # What people see

    def _says(self, phone: Phone, words: str) -> Sees:
        return lambda: any(words in text for text in said(phone))

    def _offers(self, label: str, phone: Phone | None = None) -> Sees:
        return lambda: any(label in message.labels() for message in (phone or self.ruiz).messages)

    def _asks(self, question: int) -> Sees:
        return lambda: f"{question} de 3" in self.ana.last().text

    async def _until(self, name: str, does: Does, sees: Sees, *, again: Does | None = None) -> None:
        """Do it, wait until it is seen, do it once more; then until nothing is on its way any more."""
        self.course.step = name
        self.by.clear()
        began_at, asked, signs = self.practice.clock.now(), 0, 0
        acts = [does, *[again or does] * ((STARTS if name == "start" else TRIES) - 1)]
        for act in acts:
            signs = self._signs()
            await act()
            asked += 1
            if await self._waits(sees, LONG if asked == len(acts) else LOOKS):
                break
        self.steps.append(Step(name, self.practice.clock.now() - began_at, asked, frozenset(self.by)))
        if not sees() and not (self._refused() and self._signs() > signs):
            raise NobodyAnsweredError(f"{name}: nothing came")
        await self._calm()
        await self._pauses()  # nothing on its way was held back, but the next step begins at once

    @property
    def _runs(self) -> bool:
        return self.practice._bot is not None

    def _signs(self) -> int:
        return sum(call.method in SIGNS and call.status == HTTPStatus.OK for call in self.practice.telegram.calls)

    async def _waits(self, sees: Sees, looks: Sequence[timedelta]) -> bool:
        for span in looks:
            if sees() or not self._runs:
                return sees()
            await self._pauses()
            await self.practice.pass_time(span)
        return sees()

    async def _pauses(self) -> None:
        """Let pass the time for which Telegram asked to wait in this step: that is the machine's own."""
        if any(one.step == self.course.step and fault is TOO_MANY for one, fault in self.course.struck.items()):
            await asyncio.sleep(SHORT)

    async def _calm(self) -> None:
        """Wait until nothing that is due is on its way."""
        for span in LONG:
            if not await self._on_its_way():
                return
            await self._pauses()
            await self.practice.pass_time(span)
        left = await self._on_its_way()
        assert not left, f"{self.course.step}: still on its way: {left}"

    async def _on_its_way(self) -> list[dict[str, Any]]:
        return await self.practice.rows(
            "SELECT 'outbox ' || kind AS what, attempts, last_error FROM outbox "
            "WHERE sent_at IS NULL AND gave_up_at IS NULL AND attempts > 0 "
            "UNION ALL SELECT 'inbox', attempts, last_error FROM inbox WHERE done_at IS NULL AND parked_at IS NULL "
            "UNION ALL SELECT 'face', id, state FROM check_ins WHERE lag_at IS NOT NULL AND message_id IS NOT NULL"
        )

    def story(self) -> str:
        """Tell what happened, for whoever has to find out why."""
        struck = [f"{operation}: {fault.name}" for operation, fault in self.course.struck.items()]
        steps = [f"{step.name}: waited {step.waited}, asked {step.asked} times" for step in self.steps]
        return "\n".join(
            [*struck, *steps, "--- therapist", self.ruiz.transcript(), "--- patient", self.ana.transcript()]
        )


def made(folder: Path) -> Path:
    """Make a folder."""
    folder.mkdir()
    return folder


@asynccontextmanager
async def life(folder: Path, course: Course[Any]) -> AsyncIterator[Life]:
    """Open the world of a life whose bot has not been started yet."""
    clock, line = VirtualClock(TUESDAY), Line(course)
    with broken_disk(course):
        async with LocalTelegram(now=clock.now) as telegram:
            practice = Practice(made(folder), clock, telegram)
            telegram.fault = line.befalls
            try:
                yield Life(practice, course, line)
            finally:
                course.step = "stop"
                await practice.stop()
