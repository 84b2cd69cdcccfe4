"""What is wrong with the bot itself: which alarms there are, when each begins and ends, and whom it wakes.

Pure rules over what one look found.  An alarm begins once, is told again at most daily while it lasts, and ends once.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

AlarmId = NewType("AlarmId", int)


class Alarm(StrEnum):
    """What an operator is told about; the words are in docs/alarms.md."""

    SILENT = "silent"
    """Nothing comes in: Telegram cannot be reached, or another program takes the updates."""
    REFUSED = "refused"
    """Telegram refuses the token, or shows a certificate that is not accepted."""
    DATABASE = "database"
    """Nothing can be written, or read; or a part of the file is damaged."""
    UNSENT = "unsent"
    """An alert or an urgent message has not left."""
    PARKED = "parked"
    """An update or a message failed too often and was put aside."""
    BACKUP = "backup"
    CHORE = "chore"
    """Something else that the bot does for itself fails again and again."""
    DISK = "disk"


WAKES: Final = frozenset({Alarm.SILENT, Alarm.REFUSED, Alarm.DATABASE, Alarm.UNSENT})
"""What is told at night too: meanwhile somebody may call for help in vain.  The rest waits for the morning."""

_OF_TELEGRAM: Final = frozenset({Alarm.SILENT, Alarm.REFUSED, Alarm.UNSENT})
"""What nothing can be said about while nothing comes in, but that it goes on."""

SILENT_FOR: Final = timedelta(minutes=5)
REFUSED_FOR: Final = timedelta(minutes=1)
"""One odd answer on the way is no refusal."""

AWAY_FOR: Final = timedelta(minutes=2)
DAMAGED_UNTIL: Final = timedelta(hours=1)
"""So long after it was met last, damage is taken for mended."""

HINDERED_UNTIL: Final = timedelta(seconds=90)
UNSENT_FOR: Final = timedelta(minutes=10)
PARKED_WITHIN: Final = timedelta(days=1)
CHORE_TRIES: Final = 3
"""Failures in a row, about a quarter of an hour: a chore may be in the way of something for once."""

AGAIN_AFTER: Final = timedelta(days=1)
ROOM_TO_RECOVER: Final = 1.1
"""Little space is over when there is a tenth more than too little: an alarm must not flicker."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the rows say about how the bot is: counts, and since when (UTC; None: nothing of the kind).

    `unsent` are alerts and urgent messages that should have left `UNSENT_FOR` ago, `unsent_at` is when the oldest of
    all that wait should have left.  `words_at` and `alert_at`: the oldest urgent words that nobody has seen, and the
    oldest alert that its therapist has not.
    """

    unsent: int = 0
    unsent_at: datetime | None = None
    words_at: datetime | None = None
    alert_at: datetime | None = None
    parked: int = 0
    parked_at: datetime | None = None
    backup_failures: int = 0
    chores_failing: int = 0

    @property
    def unacknowledged_at(self) -> datetime | None:
        """Return since when the oldest alert or urgent words wait to be seen."""
        return min((at for at in (self.words_at, self.alert_at) if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class Line:
    """How Telegram's line is: `since` when nothing comes in; None while all is well."""

    since: datetime | None = None
    refused: bool = False
    unknown: bool = False
    """Nothing was fetched yet in this life of the bot."""

    @property
    def down(self) -> bool:
        """Say whether nothing is known to come in."""
        return self.since is not None or self.unknown


@dataclass(frozen=True, slots=True)
class Sign:
    """What is wrong, since when, and how much of it there is, where that can be counted."""

    since_at: datetime
    count: int = 0


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """An alarm: `told_at` is when it was told last, or will be in the morning; `over_at` is None while it lasts."""

    id: AlarmId
    alarm: Alarm
    since_at: datetime
    told_at: datetime
    over_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Something of the database cannot be used while the rest can: since when, and when that was met last.

    Damage does not pass by itself, but may be met seldom; what is no damage passes when it is met no more.
    """

    since: datetime
    met_at: datetime
    damaged: bool

    def met(self, now: datetime, *, damaged: bool) -> "Hindrance":
        """Note that it was met once more."""
        return Hindrance(self.since, now, damaged or self.damaged)

    def lasts(self, now: datetime) -> bool:
        """Say whether it was met lately enough to be still there."""
        return now - self.met_at <= (DAMAGED_UNTIL if self.damaged else HINDERED_UNTIL)

    def is_told(self, now: datetime) -> bool:
        """Say whether it is there for so long that operators hear of it."""
        return now - self.since >= AWAY_FOR


@dataclass(frozen=True, slots=True)
class Steps:
    """What one look changes."""

    begins: Mapping[Alarm, Sign]
    again: Mapping[AlarmId, tuple[Alarm, Sign]]
    ends: Sequence[AlarmRow]

    def __bool__(self) -> bool:
        return bool(self.begins or self.again or self.ends)


def signs(vitals: Vitals, line: Line, well_since: datetime, now: datetime, *, disk_low: bool) -> Mapping[Alarm, Sign]:
    """Return what is wrong now; `well_since`: since when messages could leave, so that a backlog is no alarm yet."""
    found: dict[Alarm, Sign] = {}
    if line.since is not None and line.refused and now - line.since >= REFUSED_FOR:
        found[Alarm.REFUSED] = Sign(line.since)
    elif line.since is not None and now - line.since >= SILENT_FOR:
        found[Alarm.SILENT] = Sign(line.since)
    if vitals.unsent and vitals.unsent_at is not None and not line.down and now - well_since >= UNSENT_FOR:
        found[Alarm.UNSENT] = Sign(vitals.unsent_at, vitals.unsent)
    if vitals.parked:
        found[Alarm.PARKED] = Sign(vitals.parked_at or now, vitals.parked)
    rest = {Alarm.BACKUP: vitals.backup_failures, Alarm.CHORE: vitals.chores_failing, Alarm.DISK: int(disk_low)}
    return found | {alarm: Sign(now, count) for alarm, count in rest.items() if count}


def steps(found: Mapping[Alarm, Sign], open_: Collection[AlarmRow], line: Line, now: datetime) -> Steps:
    """Compare what is wrong with what was: what begins, what is told again, what is over."""
    known = {row.alarm: row for row in open_}
    begins = {alarm: sign for alarm, sign in found.items() if alarm not in known}
    if Alarm.REFUSED in known or Alarm.REFUSED in found:
        begins.pop(Alarm.SILENT, None)
    again = {
        row.id: (row.alarm, Sign(row.since_at, found[row.alarm].count))
        for row in open_
        if row.alarm in found and now - row.told_at >= AGAIN_AFTER
    }
    ends = [row for row in open_ if row.alarm not in found and not (line.down and row.alarm in _OF_TELEGRAM)]
    return Steps(begins, again, ends)


def is_low(free: int, least: int, *, was_low: bool) -> bool:
    """Say whether there is too little space, in bytes; once too little, a tenth more is needed to be enough."""
    return free < (least * ROOM_TO_RECOVER if was_low else least)
