"""Updates as Telegram writes them, and the same with something wrong in them."""

import copy
import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final

from bot.domain.appointments import Place
from bot.domain.carried import ANSWERS
from bot.domain.model import HIGHEST, Article, Form, Language, Region, Register, Step
from bot.domain.places import PLACES, ZONES
from bot.domain.records import RecordKind
from handlers import actions, actions_manner, actions_settings, keyboards
from handlers import actions_agenda as agenda
from handlers import actions_alerts as alerts
from handlers import actions_guesses as guesses
from handlers import actions_records as records
from handlers import actions_reports as reports

Json = dict[str, Any]

NOW = 1_794_000_000
BOT = {"id": 1000000001, "is_bot": True, "first_name": "Microchequeo", "username": "microchequeo_demo_bot"}
GROUP = -1001

COMMANDS = (
    *("/start", "/start x", "/nuevo", "/nuevo P-99", "/pacientes", "/sesion", "/sesion P-01", "/sesion P-01 ahora"),
    *("/sesion P-01 mañana 17:00 50m", "/resumen", "/pausa", "/reanudar", "/ajustes", "/ayuda", "/help", "/nada"),
    *("/misdatos", "/privacidad", "/baja", "/exportar", "/exportar P-01", "/nuevo P-98 menor", "/nuevo P-98 menor x"),
    *("/start@microchequeo_demo_bot", "/sesion P-01 30/2 25:61 9h", "/"),
    *("/acuerdo", "/acuerdo P-01", "/acuerdo P-01 Una pauta de sueño", "/nota", "/nota P-01", "/nota P-01 objetivo"),
    *("/nota P-01 Aprieta las manos", "/nota P-01 marcador quiero morirme"),
    *("/historial", "/historial P-01"),
    *("/agenda", "/sesion P-01 cada martes 17:00 50m", "/sesion P-01 cada 0 semanas 17:00"),
    "/sesion P-01 los lunes y jueves a las 5 hasta el 31/12",
    *("/sesion P-01 terminó a las 11", "/sesion P-01 hace una hora", "/sesion P-01 martes y jueves de 8 a 9"),
    *("/sesion P-01 lunes 24 a las 8", "/sesion P-01 ayer 17:00", "/sesion P-01 cada martes a las 8"),
)
TYPED = (
    "7",
    "007",
    "7/10",
    "siete",
    "11",
    "-1",
    "7,5",
    "٧",
    "7-8",
    "x" * 4096,
    "🌱" * 2048,
    "quiero morirme",
    "mi pareja me pega",
    ".",
    "\u202e7",
    "el jueves a las 17:15",
    "lunes 24 a las 8",
)
LETTERS = "".join(chr(code) for block in ((0, 384), (0x590, 0x700), (0x1F300, 0x1F700)) for code in range(*block))
SCALARS: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**53, 2**63, -(2**63) - 1, 10**30, 1.5, "", "0"),
    *("\ud800", "\x00", "a" * 5000, "s:1:u:7"),
)
STEPS, ARTICLES, LANGUAGES = tuple(Step), tuple(Article), tuple(Language)
MANNERS = (*Register, *Form, *Region)
WHERE = tuple(Place)
RECORDS = tuple(RecordKind)
PLACES_OF_GUESSES = tuple(guesses.ShownIn)
FORGED = ("s:1:u:11", "s:1:u:-1", "s:1:u:007", "s:1:u:٧", "s:99999999999999999999:u:1", "", ":", "s")
STANDINGS: tuple[Json, ...] = ({"status": "member"}, {"status": "left"}, {"status": "kicked", "until_date": 0})
_STILL: Final = {"is_animated": False, "is_video": False}
_FILE: Final = {"file_id": "f", "file_unique_id": "u", "file_size": 1}
_ONE_SESSION: Final = (
    *(agenda.OpenSession, agenda.OpenSeries, agenda.RestoreSession, agenda.EndSeries, agenda.UndoSeries),
    agenda.ResumeSeries,
)
_ONE_ROW: Final = (
    *(records.ShowPending, records.OpenAgreement, records.OpenNotes, records.RetireAgreement, records.StrikeRecord),
    *(records.SeeAgreement, records.SeeBefore),
    *(actions.NotThisTime, actions.NoSession, actions.AnswerNow, actions.Correct, alerts.See, alerts.ReadWords),
    *(alerts.RepairGuide, alerts.Talked, alerts.FalseAlarm, alerts.Seen, alerts.BackToAlert, alerts.SaidRepaired),
    *(alerts.ReadNote, alerts.NoNote, alerts.DropNote),
    *(actions.ConcernSeen, actions.ConcernWords, actions.ReadLeft, actions.ReadWritten),
    *(actions.ConcernContacted, actions.ReadDisclosure, actions.TellNobody, actions.ForgetHere),
    *(actions.UndoSession, actions.PickPatient, guesses.OpenPatient, guesses.StartPause, guesses.StopPause),
    *(reports.OpenAlert, reports.PickHistory),
)


def private(user_id: int) -> Json:
    """Render a private chat."""
    return {"id": user_id, "type": "private", "first_name": "Ana"}


def user(user_id: int) -> Json:
    """Render a person."""
    return {"id": user_id, "is_bot": False, "first_name": "Ana", "language_code": "es"}


def written(text: str) -> Json:
    """Render a text, with the entity of a command."""
    if not text.startswith("/") or len(text) == 1:
        return {"text": text}
    length = len(text.split(maxsplit=1)[0])
    return {"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": length}]}


class Writer:
    """Writes updates of some people, as chance (with a seed) will have it; no two of them are the same one."""

    def __init__(self, people: Sequence[int], seed: int) -> None:
        self._people = people
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._last = 5_000_000

    def real(self) -> Json:
        """Write an update of the right shape."""
        kinds: tuple[Callable[[], Json], ...] = (
            lambda: {"message": self._message()},
            lambda: {"edited_message": self._message() | {"edit_date": NOW + self._chance.randrange(10)}},
            lambda: {"callback_query": self._tap()},
            lambda: {"my_chat_member": self._membership()},
        )
        write: Callable[[], Json] = self._one(kinds)
        return write()

    def mutated(self) -> Json:
        """Spoil an update in up to three places: something missing, of another kind, or far too large."""
        update = copy.deepcopy(self.real())  # parts of it are shared
        for _ in range(self._chance.randint(1, 3)):
            places = [place for place in _places(update) if place[1:]]
            if places:
                *path, last = self._one(places)
                inside = _at(update, path)
                if self._chance.random() < 0.5:
                    inside[last] = self._value()
                elif isinstance(inside, dict):
                    del inside[last]
        return update

    def _one(self, options: Sequence[Any]) -> Any:
        return self._chance.choice(options)

    def _number(self) -> int:
        self._last += 1
        return self._last

    def _value(self) -> Any:
        kind = self._chance.randrange(4)
        if kind == 0:
            return [self._one(SCALARS) for _ in range(self._chance.randrange(3))]
        return {self._one(("id", "type", "text")): self._one(SCALARS)} if kind == 1 else self._one(SCALARS)

    def _text(self) -> str:
        kind = self._chance.randrange(3)
        if kind == 2:
            return "".join(self._chance.choices(LETTERS, k=self._chance.randint(1, 200)))
        return str(self._one((COMMANDS, TYPED)[kind]))

    def _message(self) -> Json:
        """Write a person's message: mostly text, sometimes something else, sometimes in a group."""
        sender = self._one(self._people)
        chat = (
            private(sender) if self._chance.randrange(10) else {"id": GROUP, "type": "supergroup", "title": "Familia"}
        )
        message: Json = {"message_id": self._number(), "date": NOW, "chat": chat, "from": user(sender)}
        match self._chance.randrange(8):
            case 0:
                return message | {"photo": [_FILE | {"width": 9, "height": 9}], "caption": self._text()}
            case 1:
                return message | {"voice": _FILE | {"duration": 3}}
            case 2:
                return message | {"sticker": _FILE | {"width": 9, "height": 9, "type": "regular"} | _STILL}
            case 3:
                return message | {"pinned_message": message}
            case 4:
                button = {"text": "18:30", "callback_data": self._data()}
                asked = message | written("¿?") | {"from": BOT, "reply_markup": {"inline_keyboard": [[button]]}}
                return message | written(self._text()) | {"reply_to_message": asked}
            case _:
                return message | written(self._text())

    def _tap(self) -> Json:
        """Write a tap, on a message that Telegram still shows or on one that is too old."""
        person = self._one(self._people)
        message: Json = {"message_id": self._chance.randint(1, 60), "date": NOW, "chat": private(person)}
        shown = message | {"from": BOT, "text": "¿?"} if self._chance.random() < 0.5 else message | {"date": 0}
        tap = {"id": str(self._number()), "from": user(person), "chat_instance": "1", "message": shown}
        return tap | {"data": self._data()}

    def _data(self) -> str:
        data = keyboards.encode(self.action())
        match self._chance.randrange(6):
            case 0:
                return str(self._one(FORGED))
            case 1:
                return data + ":1"
            case 2:
                return self._text()[:16]
            case _:
                return data

    def action(self) -> Any:
        """Draw what a button may mean, of every kind."""
        number, step, chance = self._chance.randint(1, 12), self._one(STEPS), self._chance
        day = date.fromordinal(chance.randrange(date(2000, 1, 1).toordinal(), date(2199, 12, 31).toordinal()))

        def clock() -> time:
            return time(chance.randrange(24), chance.randrange(60))

        kinds: tuple[Callable[[], Any], ...] = (
            lambda: actions.ScoreTap(number, step, chance.randint(0, HIGHEST)),  # type: ignore[arg-type]
            lambda: self._one((actions.Back, actions.Later, actions.Done))(number, step),
            lambda: self._one(_ONE_ROW)(number),
            lambda: self._one(_ONE_ROW)(number),
            lambda: actions.ConsentTap(number, chance.random() < 0.5),  # type: ignore[arg-type]
            lambda: actions.EnrolTap(number, self._one(ARTICLES)),  # type: ignore[arg-type]
            lambda: actions.NoSessionConfirm(number, chance.random() < 0.5),  # type: ignore[arg-type]
            lambda: actions.KeepMessage(chance.random() < 0.5, number),
            lambda: actions.PickWhen(number, self._one(tuple(actions.When))),  # type: ignore[arg-type]
            lambda: actions.PickDay(number, day),  # type: ignore[arg-type]
            lambda: actions.PickHour(number, day, clock(), self._one((None, 5, 50, 480))),  # type: ignore[arg-type]
            lambda: self._one(_ONE_SESSION)(number),
            lambda: agenda.WeeklyDay(number, day),  # type: ignore[arg-type]
            lambda: agenda.JustEnded(number, datetime.combine(day, clock(), UTC), chance.random() < 0.5),  # type: ignore[arg-type]
            lambda: agenda.WeeklyHour(number, day, time(chance.randrange(24), 30)),  # type: ignore[arg-type]
            lambda: agenda.ItWasThen(number, day, clock(), self._one((5, 50, 480))),  # type: ignore[arg-type]
            lambda: agenda.PickSeries(
                *(number, day, clock(), 50, self._one(((0,), (1, 3), (0, 1, 2, 3, 4, 5, 6)))),  # type: ignore[arg-type]
                *(chance.randint(1, 12), self._one((None, day)), self._one((None, 1, 1000))),
            ),
            lambda: self._one((agenda.CallOff, agenda.SetCut, agenda.MoveSession))(number, chance.random() < 0.5),
            lambda: agenda.SetPlace(number, self._one(WHERE)),  # type: ignore[arg-type]
            lambda: agenda.MoveDay(number, chance.random() < 0.5, day),  # type: ignore[arg-type]
            lambda: agenda.MoveHour(number, chance.random() < 0.5, day, time(chance.randrange(24))),  # type: ignore[arg-type]
            agenda.OpenAgenda,
            lambda: alerts.OpenFollowing(chance.randrange(4)),
            reports.OpenHistory,
            lambda: reports.HistoryPage(number, chance.randrange(10_000)),  # type: ignore[arg-type]
            agenda.NobodysTitles,
            lambda: agenda.CallOffMissing(bytes(16)),
            lambda: agenda.NameTitle(bytes(16), self._one((None, number))),
            lambda: records.TakenUpTap(number, self._one(ANSWERS)),  # type: ignore[arg-type]
            lambda: self._one((records.AskRecord, records.ShowWritten))(number, self._one(RECORDS)),
            lambda: records.NoteKind(number, self._one(RECORDS), chance.randint(1, 60)),  # type: ignore[arg-type]
            lambda: actions_settings.SetLanguage(self._one(LANGUAGES)),
            lambda: actions_manner.SetManner(self._one(MANNERS), self._one((None, number))),
            lambda: actions_manner.OfferManner(number, self._one(tuple(Register))),  # type: ignore[arg-type]
            lambda: actions_settings.SetZone(self._one(ZONES)),
            lambda: actions_settings.OpenSettings(self._one(("menu", "language", "manner", "zone", "quiet"))),
            lambda: actions_settings.OpenZones(self._one(tuple(PLACES))),
            lambda: actions_settings.SetQuiet(self._one(actions_settings.QUIET)),
            lambda: actions_settings.SetWorking(self._one(actions_settings.WORKING)),
            lambda: actions.ConsentAgainTap(number, chance.random() < 0.5),  # type: ignore[arg-type]
            lambda: actions.ExportTap(self._one((None, number))),
            lambda: actions.LeaveTap(chance.random() < 0.1),
            lambda: guesses.Guessed(number, chance.randint(0, HIGHEST)),  # type: ignore[arg-type]
            lambda: guesses.GuessedBefore(number, chance.randint(0, HIGHEST), self._one(PLACES_OF_GUESSES), number),  # type: ignore[arg-type]
            lambda: self._one((guesses.SeeNow, guesses.OpenGuess))(number, self._one(PLACES_OF_GUESSES), number),
            lambda: guesses.OpenPatients(chance.randrange(3)),
            lambda: guesses.OfferPause(number, chance.random() < 0.5),  # type: ignore[arg-type]
            lambda: self._one((actions.TellTherapist, actions.TellOther))(number, chance.randint(1, 60)),
        )
        return self._one(kinds)()

    def _membership(self) -> Json:
        """Write a change of the bot's own standing."""
        person = self._one(self._people)
        chat = (
            private(person) if self._chance.random() < 0.5 else {"id": GROUP, "type": "supergroup", "title": "Familia"}
        )
        change = {side: self._one(STANDINGS) | {"user": BOT} for side in ("old_chat_member", "new_chat_member")}
        return {"chat": chat, "from": user(person), "date": NOW + self._number()} | change


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, held in inner for place in ((*path, key), *_places(held, (*path, key)))]


def _at(value: Any, path: Sequence[Any]) -> Any:
    for key in path:
        value = value[key]
    return value
