"""What the buttons say back: callback data is written and read here and nowhere else.

Data is a short code and a few numbers, ASCII, at most 64 bytes.  What comes back is hostile until it is read: anything
malformed reads as None.  Whether the person may do it is decided elsewhere.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from bot.domain.appointments import Place
from bot.domain.carried import TakenUp
from bot.domain.hours import QuietHours, WorkingHours
from bot.domain.model import HIGHEST, LOWEST, Article, Form, Language, Region, Register, Step
from bot.domain.places import PLACES, ZONES
from bot.domain.records import RecordKind
from bot.domain.recurrence import MOST_OCCURRENCES, MOST_WEEKS
from bot.when.length import LONGEST, SHORTEST
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

DATA_AT_MOST: Final = 64
MINUTE: Final = timedelta(minutes=1)
_ID_BELOW: Final = 2**63
_PAGES: Final = 10_000


_PLAIN: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Field:
    """How one value is written, and read back strictly (ValueError or KeyError when it is not one).

    What is not `required` stands last and is left out when it is None: buttons sent before it existed are still read.
    """

    write: Callable[[Any], str]
    read: Callable[[str], Any]
    required: bool = True


def _number(lowest: int, below: int) -> _Field:
    def read(text: str) -> int:
        if not _PLAIN.fullmatch(text):
            raise ValueError("not a plain number")
        if not lowest <= int(text) < below:
            raise ValueError("out of range")
        return int(text)

    return _Field(lambda value: str(int(value)), read)


def _choice(codes: dict[Any, str]) -> _Field:
    values = {code: value for value, code in codes.items()}
    return _Field(codes.__getitem__, values.__getitem__)


def _hash(text: str) -> bytes:
    if not re.fullmatch(r"[0-9a-f]{32}", text, re.ASCII):
        raise ValueError("not a hash")
    return bytes.fromhex(text)


_ID: Final = _number(1, _ID_BELOW)
_WHOSE: Final = replace(_ID, required=False)
_SCORE: Final = _number(LOWEST, HIGHEST + 1)
_PAGE: Final = _number(0, _PAGES)
_DAYS: Final = _number(date(2000, 1, 1).toordinal(), date(2200, 1, 1).toordinal())
_MINUTES: Final = _number(0, 24 * 60)
_SECONDS: Final = _number(0, int(datetime(2200, 1, 1, tzinfo=UTC).timestamp()))
_DAY: Final = _Field(lambda on: str(on.toordinal()), lambda text: date.fromordinal(_DAYS.read(text)))
_CLOCK: Final = _Field(lambda at: str(at.hour * 60 + at.minute), lambda text: time(*divmod(_MINUTES.read(text), 60)))
_INSTANT: Final = _Field(
    lambda at: str(int(at.timestamp())), lambda text: datetime.fromtimestamp(_SECONDS.read(text), UTC)
)
_LASTING: Final = _number(SHORTEST // MINUTE, LONGEST // MINUTE + 1)
_LENGTH: Final = replace(_LASTING, required=False)
_SOME_DAYS: Final = _number(1, 1 << 7)
_WEEKDAYS: Final = _Field(
    lambda days: str(sum(1 << day for day in days)),
    lambda text: tuple(day for day in range(7) if _SOME_DAYS.read(text) >> day & 1),
)
_EVERY: Final = _number(1, MOST_WEEKS + 1)
_UNTIL: Final = _Field(lambda on: "" if on is None else _DAY.write(on), lambda text: _DAY.read(text) if text else None)
_COUNT: Final = replace(_number(1, MOST_OCCURRENCES + 1), required=False)
_REF: Final = _Field(bytes.hex, _hash)
_YES_NO: Final = _choice({True: "1", False: "0"})
_STEP: Final = _choice(
    {
        Step.UNDERSTOOD: "u",
        Step.SENSE: "s",
        Step.PENDING: "p",
        Step.PENDING_WORDS: "w",
        Step.TAKEN_UP: "t",
        Step.REFLECTION: "r",
        Step.SUMMARY: "m",
    }
)
_ARTICLE: Final = _choice({Article.LA: "la", Article.EL: "el", Article.NONE: "-"})
_LANGUAGE: Final = _choice({Language.ES: "es", Language.EN: "en"})
_WHEN: Final = _choice({When.NOW: "n", When.TODAY: "t", When.OTHER: "o", When.WEEKLY: "w"})
_PLACE: Final = _choice({Place.ONLINE: "o", Place.IN_PERSON: "p"})
_ANSWER: Final = _choice({TakenUp.YES: "y", TakenUp.NO: "n", TakenUp.NOT_NEEDED: "x"})
_RECORD: Final = _choice(
    {RecordKind.AGREEMENT: "a", RecordKind.OBJECTIVE: "o", RecordKind.MARKER: "m", RecordKind.REVIEW: "r"}
)
_GUESS_PLACE: Final = _choice(
    {
        ShownIn.ALERT: "a",
        ShownIn.PAGE: "p",
        ShownIn.LINE: "l",
        ShownIn.SESSION: "s",
        ShownIn.HISTORY: "h",
    }
)
_ZONE: Final = _choice({zone: zone for zone in ZONES})
_SETTINGS: Final = _choice({"menu": "m", "language": "l", "manner": "t", "zone": "z", "quiet": "q", "working": "w"})
_REGISTERS: Final = {Register.USTED: "u", Register.TU: "t", Register.VOS: "v"}
_FORMS: Final = {Form.COMPRENDIDO: "m", Form.COMPRENDIDA: "f", Form.NEUTRAL: "n"}
_REGISTER: Final = _choice(_REGISTERS)
_MANNER: Final = _choice({**_REGISTERS, **_FORMS, Region.SPAIN: "e", Region.AMERICAS: "a"})
_COUNTRY: Final = _choice({country: country for country in PLACES})
_QUIET: Final = _choice(
    {
        None: "practice",
        QuietHours(time(0), time(0)): "none",
        QuietHours(time(21), time(9)): "21-9",
        QuietHours(time(22), time(8)): "22-8",
        QuietHours(time(22), time(10)): "22-10",
        QuietHours(time(23), time(9)): "23-9",
    }
)
_WORKING: Final = _choice(
    {
        None: "practice",
        WorkingHours(time(8), time(15)): "8-15",
        WorkingHours(time(9), time(14)): "9-14",
        WorkingHours(time(9), time(21)): "9-21",
        WorkingHours(time(10), time(19)): "10-19",
        WorkingHours(time(15), time(22)): "15-22",
    }
)

_SHAPES: Final[dict[str, tuple[type[Any], tuple[_Field, ...]]]] = {
    "s": (ScoreTap, (_ID, _STEP, _SCORE)),
    "b": (Back, (_ID, _STEP)),
    "l": (Later, (_ID, _STEP)),
    "n": (NotThisTime, (_ID,)),
    "ns": (NoSession, (_ID,)),
    "an": (AnswerNow, (_ID,)),
    "d": (Done, (_ID, _STEP)),
    "c": (Correct, (_ID,)),
    "co": (ConsentTap, (_ID, _YES_NO)),
    "ca": (ConsentAgainTap, (_ID, _YES_NO)),
    "lv": (LeaveTap, (_YES_NO,)),
    "ex": (ExportTap, (_WHOSE,)),
    "en": (EnrolTap, (_ID, _ARTICLE)),
    "k": (KeepMessage, (_YES_NO, _ID)),
    "e": (See, (_ID,)),
    "ew": (ReadWords, (_ID, _PAGE)),
    "eg": (RepairGuide, (_ID,)),
    "et": (Talked, (_ID,)),
    "ef": (FalseAlarm, (_ID,)),
    "es": (Seen, (_ID,)),
    "eb": (BackToAlert, (_ID,)),
    "er": (SaidRepaired, (_ID,)),
    "eo": (ReadNote, (_ID, _PAGE)),
    "ek": (NoNote, (_ID,)),
    "ed": (DropNote, (_ID,)),
    "el": (OpenFollowing, (_PAGE,)),
    "us": (ConcernSeen, (_ID,)),
    "uw": (ConcernWords, (_ID, _PAGE)),
    "uc": (ConcernContacted, (_ID,)),
    "vt": (TellTherapist, (_ID, _ID)),
    "vo": (TellOther, (_ID, _ID)),
    "vn": (TellNobody, (_ID,)),
    "vf": (ForgetHere, (_ID,)),
    "vr": (ReadDisclosure, (_ID, _PAGE)),
    "wl": (ReadLeft, (_ID, _PAGE)),
    "wc": (ReadWritten, (_ID, _PAGE)),
    "nc": (NoSessionConfirm, (_ID, _YES_NO)),
    "su": (UndoSession, (_ID,)),
    "pp": (PickPatient, (_ID,)),
    "pw": (PickWhen, (_ID, _WHEN)),
    "pd": (PickDay, (_ID, _DAY)),
    "ph": (PickHour, (_ID, _DAY, _CLOCK, _LENGTH)),
    "wd": (WeeklyDay, (_ID, _DAY)),
    "wh": (WeeklyHour, (_ID, _DAY, _CLOCK)),
    "we": (ItWasThen, (_ID, _DAY, _CLOCK, _LASTING)),
    "wr": (PickSeries, (_ID, _DAY, _CLOCK, _LASTING, _WEEKDAYS, _EVERY, _UNTIL, _COUNT)),
    "sm": (JustEnded, (_ID, _INSTANT, _YES_NO)),
    "sr": (UndoSeries, (_ID,)),
    "ao": (OpenAgenda, ()),
    "as": (OpenSession, (_ID,)),
    "ar": (OpenSeries, (_ID,)),
    "am": (MoveSession, (_ID, _YES_NO)),
    "ad": (MoveDay, (_ID, _YES_NO, _DAY)),
    "ah": (MoveHour, (_ID, _YES_NO, _DAY, _CLOCK)),
    "ac": (CallOff, (_ID, _YES_NO)),
    "ay": (RestoreSession, (_ID,)),
    "ap": (SetPlace, (_ID, _PLACE)),
    "af": (SetCut, (_ID, _YES_NO)),
    "ae": (EndSeries, (_ID,)),
    "ag": (ResumeSeries, (_ID,)),
    "cn": (NameTitle, (_REF, _WHOSE)),
    "cy": (NobodysTitles, ()),
    "cm": (CallOffMissing, (_REF,)),
    "tu": (TakenUpTap, (_ID, _ANSWER)),
    "tp": (ShowPending, (_ID,)),
    "ra": (OpenAgreement, (_ID, _PAGE)),
    "rn": (OpenNotes, (_ID, _PAGE)),
    "rw": (ShowWritten, (_ID, _RECORD)),
    "rl": (AskRecord, (_ID, _RECORD)),
    "rk": (NoteKind, (_ID, _RECORD, _ID)),
    "re": (RetireAgreement, (_ID,)),
    "ru": (StrikeRecord, (_ID,)),
    "rs": (SeeAgreement, (_ID,)),
    "rb": (SeeBefore, (_ID,)),
    "ro": (OpenAlert, (_ID,)),
    "rh": (OpenHistory, ()),
    "rp": (PickHistory, (_ID,)),
    "rg": (HistoryPage, (_ID, _PAGE)),
    "sl": (SetLanguage, (_LANGUAGE,)),
    "sz": (SetZone, (_ZONE,)),
    "so": (OpenSettings, (_SETTINGS,)),
    "sk": (OpenZones, (_COUNTRY,)),
    "sq": (SetQuiet, (_QUIET,)),
    "sw": (SetWorking, (_WORKING,)),
    "st": (SetManner, (_MANNER, _WHOSE)),
    "om": (OfferManner, (_ID, _REGISTER)),
    "g": (Guessed, (_ID, _SCORE)),
    "gb": (GuessedBefore, (_ID, _SCORE, _GUESS_PLACE, _ID)),
    "gn": (SeeNow, (_ID, _GUESS_PLACE, _ID)),
    "go": (OpenGuess, (_ID, _GUESS_PLACE, _ID)),
    "pl": (OpenPatients, (_PAGE,)),
    "po": (OpenPatient, (_ID,)),
    "pb": (OfferPause, (_ID, _YES_NO)),
    "ps": (StartPause, (_ID,)),
    "pe": (StopPause, (_ID,)),
}
"""Fixed for good: a button that was sent stays on somebody's phone."""

_WRITERS: Final = {
    kind: (code, [(part, field.name) for part, field in zip(shape, fields(kind), strict=True)])
    for code, (kind, shape) in _SHAPES.items()
}


def encode(action: Action) -> str:
    """Write an action as callback data."""
    code, shape = _WRITERS[type(action)]
    values = [(part, getattr(action, name)) for part, name in shape]
    written = [part.write(value) for part, value in values if part.required or value is not None]
    return ":".join((code, *written))


def decode(data: str) -> Action | None:
    """Read callback data; None for anything that `encode` could not have written."""
    code, *parts = data.split(":")
    kind, shape = _SHAPES.get(code, (None, ()))
    least = sum(part.required for part in shape)
    if kind is None or len(data) > DATA_AT_MOST or not least <= len(parts) <= len(shape):
        return None
    try:
        action: Action = kind(*(part.read(text) for part, text in zip(shape, parts, strict=False)))
    except (ValueError, KeyError):
        return None
    return action
