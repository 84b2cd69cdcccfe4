"""A practice in which every kind of row is there, and everybody who might try a door: what the door tests share."""

import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiosqlite

from bot.demo.phone import Phone
from bot.demo.state import Message
from bot.domain.model import Role
from handlers.actions import ConcernContacted
from handlers.keyboards import encode
from tests.ical.calendars import calendar, event
from tests.practice import Practice

GROUP = -1007
ITS_WORKINGS = {"inbox", "sent_messages", "alembic_version", "sqlite_sequence"}
"""Tables that say nothing about anybody: what came in is not what was let in, and a refusal is a message too."""

Preparation = Callable[[Practice, Phone], Awaitable[None]]


def everything(practice: Practice) -> dict[str, list[tuple[Any, ...]]]:
    """Return the content of the whole database, by table."""
    with closing(sqlite3.connect(f"file:{practice.database}?mode=ro", uri=True)) as db:
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")} - ITS_WORKINGS
        return {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in sorted(tables)}  # noqa: S608


def differing(before: dict[str, list[tuple[Any, ...]]], after: dict[str, list[tuple[Any, ...]]]) -> set[str]:
    """Return the tables that are not what they were."""
    return {table for table in before | after if before.get(table) != after.get(table)}


async def _nothing(_: Practice, __: Phone) -> None:
    """Leave the first question open."""


def _taps(*labels: str) -> Preparation:
    async def tapped(practice: Practice, phone: Phone) -> None:
        await practice.taps(phone, *labels)

    return tapped


HURT = "mi pareja me pega"
URGENT = "quiero morirme"


async def _confides(practice: Practice, phone: Phone) -> None:
    """Write about abuse once for each choice, and once more to have something told already."""
    for _ in range(4):
        await practice.says(phone, HURT)
    await practice.taps(phone, "Contárselo a otra persona de la consulta")


async def _leaves(practice: Practice, phone: Phone) -> None:
    await practice.says(phone, "/baja")
    await practice.taps(phone, "Sí, darme de baja")


async def _left_words(practice: Practice, phone: Phone) -> None:
    await practice.taps(phone, "Esta vez no")
    await practice.says(phone, "Quería contarle algo")


PATIENTS: Mapping[str, Preparation] = {
    "score": _nothing,
    "back": _taps("8"),
    "later": _nothing,
    "decline": _nothing,
    "no session": _nothing,
    "answer now": _taps("Más tarde"),
    "done": _taps("8", "8", "2"),
    "correct": _taps("8", "8", "2", "Listo"),
    "keep message": _left_words,
    "claim": _taps("No hubo sesión"),
    "words": _taps("8"),
    "neighbour": _nothing,
    "decides again": _nothing,
    "confides": _confides,
    "left": _leaves,
    "withdrawn": _nothing,
    "takes up": _taps("8", "8", "1"),
    "carries": _taps("8", "8", "1"),
    "planned": _nothing,
}
"""The patients of the first therapist, each in a place of their own: one is let in, and the others' rows stay."""


@dataclass
class Doors:
    """The practice and everybody around it."""

    practice: Practice
    ruiz: Phone
    gil: Phone
    soto: Phone
    supervisor: Phone
    operator: Phone
    stranger: Phone
    candidate: Phone
    invitee: Phone
    patients: Mapping[str, Phone]

    @property
    def codes(self) -> dict[str, str]:
        """Return each patient's code."""
        return {name: f"P-{number}" for number, name in enumerate(self.patients, 10)}

    async def number(self, sql: str, **values: Any) -> Any:
        """Return the id that is asked for."""
        (row,) = await self.practice.rows(sql, **values)
        return next(iter(row.values()))

    async def check_in(self, name: str) -> Any:
        """Return the check-in of a patient."""
        return await self.number(_CHECK_IN, code=self.codes[name])

    async def patient(self, name: str) -> Any:
        """Return the row of a patient."""
        return await self.number("SELECT id FROM patients WHERE code = :code", code=self.codes[name])

    async def in_group(self, person: Phone, what: dict[str, Any], message: Message | None = None) -> None:
        """Let somebody tap (`data`) or write (`text`) in a group, as themselves."""
        chat = {"id": GROUP, "type": "supergroup", "title": "Familia"}
        written = {"message_id": 1 + self.practice.telegram.next_update_id, "date": 0, "chat": chat}
        if "data" in what:
            number = f"group{self.practice.telegram.next_update_id}"
            shown = written | {"text": message.text if message else "¿?"}
            tap = {"id": number, "from": person.person(), "chat_instance": "1", "message": shown}
            self.practice.telegram.push_raw({"callback_query": tap | what})
        else:
            length = len(what["text"].split(maxsplit=1)[0])
            command = {"entities": [{"type": "bot_command", "offset": 0, "length": length}]}
            self.practice.telegram.push_raw({"message": written | {"from": person.person()} | what | command})


_CHECK_IN = """SELECT check_ins.id FROM check_ins JOIN sessions ON sessions.id = check_ins.session_id
    JOIN treatments ON treatments.id = sessions.treatment_id JOIN patients ON patients.id = treatments.patient_id
    WHERE patients.code = :code ORDER BY check_ins.id DESC LIMIT 1"""


async def furnished(practice: Practice) -> Doors:
    """Let everything happen that leaves a row somebody might reach for."""
    telegram = practice.telegram
    telegram.group(GROUP, "Familia")
    ruiz, gil = await practice.therapist(), await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    soto = await practice.enrolled(Role.SECOND_CONTACT, 110, "Dra. Soto", "la Dra. Soto")
    supervisor = await practice.enrolled(Role.SUPERVISOR, 111, "Dra. Vidal", "la Dra. Vidal")
    operator = await practice.enrolled(Role.OPERATOR, 112, "Leo")
    stranger = telegram.phone(900, "Desconocida")
    await practice.says(stranger, "/start")
    await _alerted(practice, ruiz)
    names = list(PATIENTS)
    came_before = await _left_pending(practice, ruiz, [names.index(name) + 10 for name in ("takes up", "carries")])
    await _passed_on(practice, ruiz)
    await _in_danger(practice, ruiz)
    patients = {
        name: came_before.get(number) or await practice.patient(ruiz, f"P-{number}", 200 + number)
        for number, name in enumerate(names, 10)
    }
    await _agreed_to_an_older_text(practice, names.index("decides again") + 10)
    for number in range(10, 10 + len(names) - 1):
        await practice.says(ruiz, f"/sesion P-{number} ahora")
    code = f"P-{9 + len(names)}"
    await practice.says(ruiz, f"/sesion {code} mañana 17:00 50m")
    for hour in range(9, 12):
        await practice.says(ruiz, f"/sesion {code} cada miércoles {hour:02}:00 50m")
    await practice.pass_time(timedelta(minutes=15))
    for name, phone in patients.items():
        await PATIENTS[name](practice, phone)
    await _sent_calendars(practice, ruiz)
    for line in (
        "/acuerdo P-01 Dormir más",
        "/nota P-01 revisión Más despacio",
        "/nota P-01 Aprieta las manos",
    ):
        await practice.says(ruiz, line)
    await _withdraws(practice, ruiz, patients["withdrawn"], names.index("withdrawn") + 10)
    candidate = telegram.phone(902, "Dra. Nora")
    link = await practice.bot.services.enrolment.invite(Role.THERAPIST, "Dra. Nora")
    await practice.says(candidate, f"/start {link}")
    invitee = telegram.phone(903, "Inés")
    await practice.says(invitee, f"/start {await practice.invitation(ruiz, 'P-90')}")
    await _contacted(practice, ruiz, soto)
    return Doors(practice, ruiz, gil, soto, supervisor, operator, stranger, candidate, invitee, patients)


async def _sent_calendars(practice: Practice, ruiz: Phone) -> None:
    """Let a calendar be sent, then one in which an event is missing and two titles are nobody's that is known."""
    at = practice.clock.now() + timedelta(hours=16)
    events = [
        event(f"DTSTART:{at + timedelta(hours=n):%Y%m%dT%H%M%SZ}", "DURATION:PT50M", uid=f"u{n}", summary=title)
        for n, title in enumerate(("P-01", "P-01", "Ana", "Comida"))
    ]
    for file in (calendar(*events[:2]), calendar(events[0], *events[2:])):
        await ruiz.send_document(file, "agenda.ics", "text/calendar")
        await practice.settle()


async def _left_pending(practice: Practice, ruiz: Phone, numbers: list[int]) -> dict[int, Phone]:
    """Let patients leave something pending, a week before."""
    began_at = practice.clock.now()
    phones = {number: await practice.patient(ruiz, f"P-{number}", 200 + number) for number in numbers}
    for number in numbers:
        await practice.says(ruiz, f"/sesion P-{number} ahora")
    await practice.pass_time(timedelta(minutes=15))
    for phone in phones.values():
        await practice.answers(phone, 8, 8, 8)
    await practice.go_to(began_at + timedelta(days=7))
    return phones


async def _alerted(practice: Practice, ruiz: Phone) -> None:
    fallen = await practice.patient(ruiz, "P-01", 301)
    await practice.week(ruiz, fallen, 9, 9, 2, code="P-01")
    await practice.week(ruiz, fallen, 4, 4, 2, code="P-01", words="Fue muy deprisa")


async def _in_danger(practice: Practice, ruiz: Phone) -> None:
    in_danger = await practice.patient(ruiz, "P-02", 302)
    await practice.says(in_danger, URGENT)


async def _passed_on(practice: Practice, ruiz: Phone) -> None:
    """Let the urgent words of three patients be seen by nobody for so long that others are told."""
    for number in (3, 5, 6):
        await practice.says(await practice.patient(ruiz, f"P-0{number}", 300 + number), URGENT)
    await practice.pass_time(timedelta(minutes=30))


async def _contacted(practice: Practice, ruiz: Phone, soto: Phone) -> None:
    """Let both who may act be asked for a note twice, once for each name of `/nada`."""
    for row in await practice.rows("SELECT id FROM concerns WHERE second_at IS NOT NULL ORDER BY id LIMIT 2"):
        await practice.taps_data(soto, encode(ConcernContacted(row["id"])))
    settled = await practice.patient(ruiz, "P-04", 304)
    for _ in range(2):
        await practice.says(settled, URGENT)
        await practice.taps(ruiz, "Lo he visto", "He contactado")


async def _agreed_to_an_older_text(practice: Practice, number: int) -> None:
    older = "UPDATE consents SET version = '1' WHERE patient_id = (SELECT id FROM patients WHERE code = ?)"
    async with aiosqlite.connect(practice.database) as db:
        await db.execute(older, (f"P-{number}",))
        await db.commit()


async def _withdraws(practice: Practice, ruiz: Phone, phone: Phone, number: int) -> None:
    """Let a patient who is being asked open a new link and prefer not to any more."""
    await practice.says(phone, f"/start {await practice.invitation(ruiz, f'P-{number}')}")
    await practice.taps(phone, "Prefiero que no")
