"""Who may do what: every command and every button, tried by everybody who might try.

The table says who is let in; everybody else is refused in words that tell nothing, and not one row changes.
`FUZZ_FORGERIES` (`make fuzz`) says how many forged buttons are tried besides.
"""

import json
import os
import random
import typing
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import pytest
import pytest_asyncio

from bot.demo.phone import Phone
from bot.demo.state import Message
from bot.domain.appointments import Place
from bot.domain.carried import TakenUp
from bot.domain.model import Article, Language, Register, Step
from bot.domain.records import RecordKind
from handlers import commands
from handlers.actions import (
    Action,
    AnswerNow,
    Back,
    ConcernContacted,
    ConcernSeen,
    ConcernWords,
    ConsentAgainTap,
    ConsentTap,
    Correct,
    Done,
    EnrolTap,
    ExportTap,
    ForgetHere,
    KeepMessage,
    Later,
    LeaveTap,
    NoSession,
    NoSessionConfirm,
    NotThisTime,
    PickDay,
    PickHour,
    PickPatient,
    PickWhen,
    ReadDisclosure,
    ReadLeft,
    ReadWritten,
    ScoreTap,
    TellNobody,
    TellOther,
    TellTherapist,
    UndoSession,
    When,
)
from handlers.actions_agenda import (
    CallOff,
    CallOffMissing,
    EndSeries,
    ItWasThen,
    JustEnded,
    MoveDay,
    MoveHour,
    MoveSession,
    NameTitle,
    NobodysTitles,
    OpenAgenda,
    OpenSeries,
    OpenSession,
    PickSeries,
    RestoreSession,
    ResumeSeries,
    SetCut,
    SetPlace,
    UndoSeries,
    WeeklyDay,
    WeeklyHour,
)
from handlers.actions_alerts import (
    BackToAlert,
    DropNote,
    FalseAlarm,
    NoNote,
    OpenFollowing,
    ReadNote,
    ReadWords,
    RepairGuide,
    SaidRepaired,
    See,
    Seen,
    Talked,
)
from handlers.actions_guesses import (
    Guessed,
    GuessedBefore,
    OfferPause,
    OpenGuess,
    OpenPatient,
    OpenPatients,
    SeeNow,
    ShownIn,
    StartPause,
    StopPause,
)
from handlers.actions_manner import OfferManner, SetManner
from handlers.actions_records import (
    AskRecord,
    NoteKind,
    OpenAgreement,
    OpenNotes,
    RetireAgreement,
    SeeAgreement,
    SeeBefore,
    ShowPending,
    ShowWritten,
    StrikeRecord,
    TakenUpTap,
)
from handlers.actions_reports import HistoryPage, OpenAlert, OpenHistory, PickHistory
from handlers.actions_settings import OpenSettings, OpenZones, SetLanguage, SetQuiet, SetWorking, SetZone
from handlers.keyboards import decode, encode
from handlers.pacing import Pace
from tests.doors import Doors, differing, everything, furnished
from tests.listening import listened
from tests.practice import data_of, opened, said

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASKS: Final = "[check_in]\nask_pending = true\n[therapist]\nblind_guess = true\n"
USELESS: Final = "Este botón ya no sirve."
INTRODUCTION: Final = "Este chat pregunta, después de cada sesión"
"""What whoever is nobody here is told, whatever they ask for."""

ELSEWHERE: Final = "Eso no se puede hacer desde este chat."
"""What everybody else is told who asks for what is not theirs."""

WHO: Final = (
    *("stranger", "patient", "other patient", "withdrawn patient", "left patient", "therapist", "other therapist"),
    *("second contact", "supervisor", "operator", "group"),
)
"""Everybody who might try.  `patient` and `therapist` are those whose row it is; in the group writes whoever is let in
elsewhere."""

NOBODY: Final[frozenset[str]] = frozenset()
PATIENT: Final = frozenset({"patient"})
THERAPIST: Final = frozenset({"therapist"})
THERAPISTS: Final = frozenset({"therapist", "other therapist"})
SECOND: Final = frozenset({"second contact"})
PATIENTS: Final = frozenset({"patient", "other patient", "withdrawn patient"})
EVERYBODY: Final = frozenset(WHO) - {"group"}
KNOWN: Final = EVERYBODY - {"stranger", "left patient"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def doors(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Doors]:
    """Open one practice for the whole table: what is refused changes nothing, so nobody gets in another's way."""
    async with opened(tmp_path_factory.mktemp("doors"), settings=ASKS, pace=ANSWERED) as practice:
        yield await furnished(practice)


@dataclass(frozen=True)
class Tap:
    """A button: who is let in, whose account is the patient's or therapist's, and what it says back."""

    let_in: frozenset[str]
    action: Callable[[Doors], Awaitable[Any]]
    owner: str = "neighbour"
    label: str | None = None
    """The button whose message the owner taps; its data says more than the action can (a quoted message)."""
    notices: tuple[str, ...] = ("",)
    """What whoever is let in may be told in passing."""


def on_check_in(kind: Callable[[Any], Any], name: str) -> Tap:
    """Describe a patient's button on a check-in: theirs alone."""

    async def action(doors: Doors) -> Any:
        return kind(await doors.check_in(name))

    return Tap(PATIENT, action, name)


def on_row(kind: Callable[[Any], Any], sql: str, let_in: frozenset[str] = THERAPIST) -> Tap:
    """Describe a button of somebody of the practice on a row, as a rule the therapist's alone."""

    async def action(doors: Doors) -> Any:
        return kind(await doors.number(sql))

    return Tap(let_in, action)


def on_patient(kind: Callable[[Any], Any], name: str = "planned") -> Tap:
    """Describe a therapist's button about a patient of theirs."""

    async def action(doors: Doors) -> Any:
        return kind(await doors.patient(name))

    return Tap(THERAPIST, action)


def plain(let_in: frozenset[str], action: Any) -> Tap:
    """Describe a button that is about nobody but who taps it."""

    async def itself(_: Doors) -> Any:
        return action

    return Tap(let_in, itself)


def on_confided(kind: Callable[[Any, Any], Any], label: str) -> Tap:
    """Describe a choice of whom to tell about a message of one's own."""

    async def action(doors: Doors) -> Any:
        offer = shown_to(doors.patients["confides"], label)
        return kind(await doors.patient("confides"), offer.message_id - 1)

    return Tap(PATIENT, action, "confides", label)


async def the_decision(doors: Doors) -> Any:
    return ConsentAgainTap(await doors.patient("decides again"), accepted=True)


async def the_claim(doors: Doors) -> Any:
    return NoSessionConfirm(await doors.check_in("claim"), confirmed=True)


async def the_written(doors: Doors) -> Any:
    return ReadWritten(await doors.number("SELECT check_in_id FROM words WHERE kind = 'reflection'"))


async def the_overrun(doors: Doors) -> Any:
    (last,) = await doors.practice.rows(OVER, now=doors.practice.clock.now().isoformat())
    return JustEnded(last["id"], datetime.fromisoformat(last["ends_at"]), same=True)


async def the_consent(doors: Doors) -> Any:
    return ConsentTap(await doors.number(INVITATION, role="patient"), accepted=True)


async def the_wording(doors: Doors) -> Any:
    return OfferManner(await doors.number(INVITATION, role="patient"), Register.TU)


async def the_enrolment(doors: Doors) -> Any:
    return EnrolTap(await doors.number(INVITATION, role="therapist"), Article.LA)


async def the_quoted(doors: Doors) -> Any:
    return KeepMessage(keep=True, message_id=doors.patients["keep message"].messages[-1].message_id - 1)


def on_button(label: str) -> Tap:
    """Describe a therapist's button whose data only the message with it knows."""

    async def action(doors: Doors) -> Any:
        return decode(data_of(shown_to(doors.ruiz, label), label))

    return Tap(THERAPIST, action, label=label)


async def the_agreement(doors: Doors) -> Any:
    return SeeAgreement(await doors.patient("carries"))


async def the_forgotten(_: Doors) -> Any:
    return ForgetHere(1)  # in everybody's own chat


async def the_pause(doors: Doors) -> Any:
    sql = "SELECT id FROM pauses WHERE check_in_id = :check_in"
    return StopPause(await doors.number(sql, check_in=await doors.check_in("pausing")))


GUESS = "SELECT max(id) FROM guesses"
INVITATION = "SELECT max(id) FROM invitations WHERE role = :role AND used_at IS NULL"
EPISODE = "SELECT id FROM episodes"
CONCERN = "SELECT id FROM concerns WHERE second_at IS NULL AND contacted_at IS NULL"
PASSED_ON = "SELECT max(id) FROM concerns WHERE second_at IS NOT NULL"
CRISIS_WORDS = "SELECT words_id FROM concerns WHERE second_at IS NULL ORDER BY id LIMIT 1"
DISCLOSURE = "SELECT min(id) FROM disclosures"
SESSION = "SELECT id FROM sessions WHERE state = 'planned' ORDER BY starts_at DESC LIMIT 1"
OVER = "SELECT id, ends_at FROM sessions WHERE state = 'planned' AND ends_at < :now ORDER BY ends_at DESC LIMIT 1"
REPEATED = "SELECT min(id) FROM sessions WHERE series_id = (SELECT max(id) FROM series)"
ENDING = "SELECT min(id) FROM sessions WHERE series_id = (SELECT min(id) FROM series)"
UNDOING = "SELECT 1 + min(id) FROM series"
RESUMING = "SELECT min(id) FROM series"
AGREED = "SELECT id FROM records WHERE kind = 'agreement' AND ended_at IS NULL"
STRIKING = "SELECT min(id) FROM records WHERE kind = 'review'"
DAY, LATELY = date(2026, 12, 10), date(2026, 11, 2)

TAPS: Final[Mapping[type, Tap]] = {
    ScoreTap: on_check_in(lambda number: ScoreTap(number, Step.UNDERSTOOD, 7), "score"),
    Back: on_check_in(lambda number: Back(number, Step.SENSE), "back"),
    Later: on_check_in(lambda number: Later(number, Step.UNDERSTOOD), "later"),
    NotThisTime: on_check_in(NotThisTime, "decline"),
    NoSession: on_check_in(NoSession, "no session"),
    AnswerNow: on_check_in(AnswerNow, "answer now"),
    Done: on_check_in(lambda number: Done(number, Step.REFLECTION), "done"),
    Correct: on_check_in(Correct, "correct"),
    KeepMessage: Tap(PATIENT, the_quoted, "keep message", label="Dejárselo"),
    OfferManner: Tap(PATIENT, the_wording, "invitee"),  # before the link is used up
    ConsentTap: Tap(PATIENT, the_consent, "invitee"),
    ConsentAgainTap: Tap(PATIENT, the_decision, "decides again"),
    EnrolTap: Tap(THERAPIST, the_enrolment, "candidate"),
    LeaveTap: plain(PATIENTS, LeaveTap(sure=False)),
    ExportTap: on_patient(ExportTap, "left"),
    TellTherapist: on_confided(TellTherapist, "Contárselo a la Dra. Ruiz"),
    TellOther: on_confided(TellOther, "Contárselo a otra persona de la consulta"),
    ReadDisclosure: on_row(ReadDisclosure, DISCLOSURE, SECOND),
    See: on_row(See, EPISODE),
    ReadWords: on_row(ReadWords, EPISODE),
    RepairGuide: on_row(RepairGuide, EPISODE),
    BackToAlert: on_row(BackToAlert, EPISODE),
    Seen: on_row(Seen, EPISODE),
    Talked: on_row(Talked, EPISODE),
    SaidRepaired: on_row(SaidRepaired, EPISODE),
    ReadNote: on_row(ReadNote, EPISODE),
    NoNote: on_row(NoNote, EPISODE),
    DropNote: on_row(DropNote, EPISODE),
    OpenFollowing: plain(THERAPISTS, OpenFollowing()),
    FalseAlarm: on_row(FalseAlarm, EPISODE),
    ConcernWords: on_row(ConcernWords, CONCERN),
    ConcernSeen: on_row(ConcernSeen, CONCERN),
    ConcernContacted: on_row(ConcernContacted, PASSED_ON, THERAPIST | SECOND),
    ReadLeft: on_row(ReadLeft, CRISIS_WORDS),
    ReadWritten: Tap(THERAPIST, the_written),
    NoSessionConfirm: Tap(THERAPIST, the_claim),
    UndoSession: on_row(UndoSession, SESSION),
    JustEnded: Tap(THERAPIST, the_overrun),
    PickPatient: on_patient(PickPatient),
    PickWhen: on_patient(lambda number: PickWhen(number, When.TODAY)),
    PickDay: on_patient(lambda number: PickDay(number, DAY)),
    PickHour: on_patient(lambda number: PickHour(number, DAY, time(17))),
    ItWasThen: on_patient(lambda number: ItWasThen(number, LATELY, time(6), 50)),
    PickSeries: on_patient(lambda number: PickSeries(number, DAY, time(9), 50, (DAY.weekday(),), 1, None)),
    WeeklyDay: on_patient(lambda number: WeeklyDay(number, DAY)),
    WeeklyHour: on_patient(lambda number: WeeklyHour(number, DAY, time(17))),
    UndoSeries: on_row(UndoSeries, UNDOING),
    OpenAgenda: plain(THERAPISTS, OpenAgenda()),
    OpenAlert: on_row(OpenAlert, EPISODE),
    OpenHistory: plain(THERAPISTS, OpenHistory()),
    PickHistory: on_patient(PickHistory),
    HistoryPage: on_patient(lambda number: HistoryPage(number, 0)),
    OpenSession: on_row(OpenSession, REPEATED),
    OpenSeries: on_row(OpenSeries, REPEATED),
    MoveSession: on_row(lambda number: MoveSession(number, whole=False), REPEATED),
    MoveDay: on_row(lambda number: MoveDay(number, whole=False, on=DAY), REPEATED),
    MoveHour: on_row(lambda number: MoveHour(number, whole=False, on=DAY, at=time(12)), REPEATED),
    CallOff: on_row(lambda number: CallOff(number, missed=False), REPEATED),
    RestoreSession: on_row(RestoreSession, REPEATED),
    SetPlace: on_row(lambda number: SetPlace(number, Place.ONLINE), REPEATED),
    SetCut: on_row(lambda number: SetCut(number, cut=True), REPEATED),
    EndSeries: on_row(EndSeries, ENDING),
    ResumeSeries: on_row(ResumeSeries, RESUMING),
    NameTitle: on_button("De nadie"),
    NobodysTitles: on_button("Ninguno de los demás"),
    CallOffMissing: on_button("Anular la que ya no está"),
    TakenUpTap: on_check_in(lambda number: TakenUpTap(number, TakenUp.YES), "takes up"),
    ShowPending: replace(on_check_in(ShowPending, "carries"), notices=("Solo quedó el número: 8",)),
    OpenAgreement: on_patient(OpenAgreement),
    OpenNotes: on_patient(OpenNotes),
    ShowWritten: on_patient(lambda number: ShowWritten(number, RecordKind.MARKER)),
    AskRecord: on_patient(lambda number: AskRecord(number, RecordKind.MARKER)),
    NoteKind: on_button("Marcador"),
    RetireAgreement: on_row(RetireAgreement, AGREED),
    StrikeRecord: on_row(StrikeRecord, STRIKING),
    SeeAgreement: Tap(PATIENT, the_agreement, "carries"),
    SeeBefore: on_row(SeeBefore, REPEATED),
    Guessed: on_row(lambda number: Guessed(number, 7), GUESS),
    GuessedBefore: on_row(lambda number: GuessedBefore(number, 7, ShownIn.LINE, number), GUESS),
    SeeNow: on_row(lambda number: SeeNow(number, ShownIn.LINE, number), GUESS),
    OpenGuess: on_row(lambda number: OpenGuess(number, ShownIn.LINE, number), GUESS),
    OpenPatients: plain(THERAPISTS, OpenPatients(0)),
    OpenPatient: on_patient(OpenPatient),
    OfferPause: on_patient(lambda number: OfferPause(number, offered=True)),
    StartPause: on_check_in(StartPause, "hard"),
    StopPause: Tap(PATIENT, the_pause, "pausing"),
    SetManner: plain(KNOWN, SetManner(Register.TU)),
    SetLanguage: plain(KNOWN, SetLanguage(Language.ES)),
    SetZone: plain(KNOWN, SetZone("Europe/Madrid")),
    SetQuiet: plain(KNOWN - {"second contact", "supervisor"}, SetQuiet(None)),
    SetWorking: plain(THERAPISTS, SetWorking(None)),
    OpenSettings: plain(EVERYBODY, OpenSettings("menu")),  # shows a page and keeps nothing
    OpenZones: plain(EVERYBODY, OpenZones("MX")),  # as above
    TellNobody: plain(EVERYBODY, TellNobody(1)),  # as above
    ForgetHere: Tap(EVERYBODY, the_forgotten, notices=("Borrado de este chat.", "Telegram ya no me deja borrar")),
}


@dataclass(frozen=True)
class Said:
    """A command: who is let in, what the owner writes after it, and what the others are told instead."""

    let_in: frozenset[str]
    rest: str = ""
    told: str = ELSEWHERE
    other_therapist: str = ELSEWHERE
    withdrawn: str = ELSEWHERE
    nobody: str = INTRODUCTION


DECLINED = "De acuerdo"
NOTHING_WAITS = "De acuerdo: no hay nada por anotar."
UNKNOWN = "No hay ningún paciente"
COMMANDS: Final[Mapping[str, Said]] = {
    "nuevo": Said(THERAPIST, "P-11", other_therapist="P-11 ya existe"),  # gil may invite, but not take ruiz's patient
    "pacientes": Said(THERAPISTS),
    "agenda": Said(THERAPISTS),
    "sesion": Said(THERAPIST, "P-23", other_therapist=UNKNOWN),
    "alertas": Said(THERAPISTS),
    "resumen": Said(THERAPISTS),
    "historial": Said(THERAPIST, "P-23", other_therapist=UNKNOWN),
    "exportar": Said(THERAPIST, "P-23", other_therapist=UNKNOWN),
    "misdatos": Said(KNOWN),
    "privacidad": Said(EVERYBODY),
    "baja": Said(PATIENTS),
    "pausa": Said(PATIENT | {"other patient"}, withdrawn=DECLINED),
    "reanudar": Said(PATIENT | {"other patient"}, withdrawn=DECLINED),
    "acuerdo": Said(THERAPISTS | PATIENTS),
    "nota": Said(THERAPIST, "P-23 marcador Aprieta las manos", other_therapist=UNKNOWN),
    "ajustes": Said(EVERYBODY),
    "ayuda": Said(EVERYBODY),
    "nada": Said(THERAPIST | SECOND, "", NOTHING_WAITS, NOTHING_WAITS, NOTHING_WAITS, NOTHING_WAITS),
}
"""`/start` is everybody's: it greets, or opens a link (`test_links`)."""


def account(doors: Doors, who: str, owner: str) -> Phone:
    """Return the phone of one of `WHO`; `owner` names the patient, invitee or candidate whose row it is."""
    patients = {**doors.patients, "invitee": doors.invitee, "candidate": doors.patients["neighbour"]}
    return {
        "stranger": doors.stranger,
        "patient": patients[owner],
        "other patient": doors.patients["neighbour" if owner != "neighbour" else "words"],
        "therapist": doors.candidate if owner == "candidate" else doors.ruiz,
        "other therapist": doors.gil,
        "second contact": doors.soto,
        "supervisor": doors.supervisor,
        "operator": doors.operator,
        "left patient": doors.patients["left"],
        "withdrawn patient": doors.patients["withdrawn"],
    }[who]


async def test_the_table_names_every_button_and_every_command() -> None:
    assert set(TAPS) == set(typing.get_args(Action))
    assert set(COMMANDS) == set(commands.ENGLISH)


FORGERIES: Final = int(os.environ.get("FUZZ_FORGERIES", "10000"))
TOO_FAST: Final = "a chat writes too fast"
ANSWERED: Final = Pace(overall=1e6, chat=1e6, chat_burst=1000, kept_for_replies=0.0, replied_to=200)
"""Enough for the table; of the forgeries the first 200 of each chat are answered, and the others held back."""
ABROAD: Final = ("s", "b", "co", "e", "uw", "zz", "", "DROP TABLE people")


@pytest.mark.timeout(3600)
async def test_any_number_of_forged_and_replayed_buttons_change_nothing(doors: Doors) -> None:
    chance, practice = random.Random(7), doors.practice  # noqa: S311 - no secret
    theirs = [encode(await row.action(doors)) for row in TAPS.values() if row.let_in <= PATIENT | THERAPIST | SECOND]
    people = [account(doors, who, "claim") for who in sorted(EVERYBODY - THERAPIST - SECOND - {"other patient"})]
    answered = doors.patients["words"]
    replayed = encode(ScoreTap(await doors.check_in("words"), Step.UNDERSTOOD, 8))
    shown = {phone.chat_id: shown_to(phone, None) for phone in (*people, answered)}
    before = everything(practice)

    with listened([practice.telegram.token], "info") as log:
        for number in range(FORGERIES):
            phone = chance.choice([*people, answered])
            data = replayed if phone is answered else forged(chance, theirs)
            await phone.tap_data(data, shown[phone.chat_id])
            if number % 500 == 0:
                await practice.settle()
        await practice.settle()

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    noted = Counter(line["event"] for line in lines)
    about = Counter(line["inbox"] for line in lines if line["event"] != TOO_FAST)
    assert (len(about), max(about.values()), noted[TOO_FAST]) == (FORGERIES, 1, len(shown))
    assert noted.keys() - {"nobody was told"} == {"a tap was refused", "held back", TOO_FAST}
    assert {key for line in lines for key in line} == {"event", "inbox", "level", "logger", "timestamp"}
    assert differing(before, everything(practice)) == set()
    await practice.pass_time(timedelta(minutes=1))


def forged(chance: random.Random, theirs: list[str]) -> str:
    """Make callback data that is somebody else's, or nobody's: spoiled in one place, or made up."""
    data = chance.choice(theirs)
    match chance.randrange(4):
        case 0:
            return data
        case 1:
            _, _, rest = data.partition(":")
            return f"{chance.choice(ABROAD)}:{rest}"[:64]
        case 2:
            place = chance.randrange(len(data))
            return data[:place] + chance.choice("0123456789:-x٧\x00😀") + data[place + 1 :]
        case _:
            return "".join(chance.choices("abc:019\n '\"", k=chance.randrange(64)))


@pytest.mark.parametrize("kind", TAPS, ids=lambda kind: kind.__name__)
async def test_a_button_lets_in_whose_it_is_and_nobody_else(doors: Doors, kind: type) -> None:
    row = TAPS[kind]
    data, before = encode(await row.action(doors)), everything(doors.practice)

    refused = [who for who in WHO if who not in row.let_in and who != "group"]
    notices = [await doors.practice.taps_data(phone, data) for phone in accounts(doors, refused, row.owner)]
    await doors.in_group(account(doors, next(iter(row.let_in)), row.owner), {"data": data})
    await doors.practice.settle()

    assert dict(zip(refused, notices, strict=True)) == dict.fromkeys(refused, USELESS)
    assert differing(before, everything(doors.practice)) == set()
    assert no_word_in_the_group(doors)
    for who in sorted(row.let_in):
        phone = account(doors, who, row.owner)
        message = shown_to(phone, row.label)
        notice = await doors.practice.taps_data(phone, data_of(message, row.label) if row.label else data, message)
        assert notice == "" if row.notices == ("",) else notice.startswith(row.notices)


@pytest.mark.parametrize("name", [name for command in COMMANDS for name in commands.names(command)])
async def test_a_command_obeys_whose_it_is_and_nobody_else(doors: Doors, name: str) -> None:
    row = COMMANDS.get(name) or next(COMMANDS[spanish] for spanish, one in commands.ENGLISH.items() if one == name)
    line, before = f"/{name} {row.rest}".strip(), everything(doors.practice)

    refused = [who for who in WHO if who not in row.let_in and who != "group"]
    replies = [await reply(doors, phone, line) for phone in accounts(doors, refused, "score")]
    await doors.in_group(account(doors, next(iter(row.let_in)), "score"), {"text": line})
    await doors.practice.settle()

    told = {"other therapist": row.other_therapist, "withdrawn patient": row.withdrawn}
    told |= {"stranger": row.nobody, "left patient": row.nobody}
    assert [
        who for who, said in zip(refused, replies, strict=True) if not said.startswith(told.get(who, row.told))
    ] == []
    assert differing(before, everything(doors.practice)) == set()
    assert no_word_in_the_group(doors)
    for phone in accounts(doors, sorted(row.let_in), "score"):
        assert not (await reply(doors, phone, line)).startswith((row.told, row.nobody))


async def test_second_contacts_do_and_see_only_what_was_passed_on(doors: Doors) -> None:
    passed_on = await doors.number(PASSED_ON)
    before = everything(doors.practice)

    assert await doors.practice.taps_data(doors.soto, encode(ConcernWords(passed_on))) == USELESS
    for phone in (doors.operator, doors.supervisor):
        assert await doors.practice.taps_data(phone, encode(ConcernSeen(passed_on))) == USELESS
    assert differing(before, everything(doors.practice)) == set()
    assert await doors.practice.taps_data(doors.soto, encode(ConcernSeen(passed_on))) == ""


async def test_nobody_leaves_but_a_patient(doors: Doors) -> None:
    await doors.practice.pass_time(timedelta(minutes=1))  # what went before was as much as a chat is answered in one
    before, sure = everything(doors.practice), encode(LeaveTap(sure=True))

    refused = sorted(EVERYBODY - PATIENTS)
    notices = [await doors.practice.taps_data(phone, sure) for phone in accounts(doors, refused, "neighbour")]

    assert notices == [USELESS] * len(refused)
    assert differing(before, everything(doors.practice)) == set()


async def test_who_has_withdrawn_cannot_answer_what_was_still_open(doors: Doors) -> None:
    vera = doors.patients["withdrawn"]
    score = encode(ScoreTap(await doors.check_in("withdrawn"), Step.UNDERSTOOD, 7))
    before = everything(doors.practice)

    assert await doors.practice.taps_data(vera, score) == USELESS
    assert (await reply(doors, vera, "7")).startswith(DECLINED)
    assert differing(before, everything(doors.practice)) == set()


def accounts(doors: Doors, people: list[str], owner: str) -> list[Phone]:
    return [account(doors, who, owner) for who in people]


async def reply(doors: Doors, phone: Phone, line: str) -> str:
    before = len(said(phone))
    await doors.practice.says(phone, line)
    return said(phone)[before] if len(said(phone)) > before else ""


def shown_to(phone: Phone, label: str | None) -> Message:
    """Return the message that a person taps: the newest that has the button, else the newest of all."""
    shown = [message for message in reversed(phone.messages) if message.from_bot]
    return next((message for message in shown if label in message.labels()), shown[0])


def no_word_in_the_group(doors: Doors) -> bool:
    group = doors.practice.telegram.group(-1007, "Familia")
    return not any(message.from_bot for message in group.messages)
