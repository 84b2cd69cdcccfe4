"""The typed lines of `data/lines_es.toml` and `lines_en.toml`, each with what it should be read as."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.domain.recurrence import Recurrence
from bot.when.line import read_session
from bot.when.problems import Reason
from bot.when.readings import (
    Ambiguous,
    AmbiguousRepeating,
    Ended,
    InPast,
    Mismatch,
    OnceOrWeekly,
    Planned,
    Reading,
    Repeating,
    Unreadable,
)

LANGUAGES: Final = ("es", "en")
NOW: Final = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)
"""Tuesday, 17:00 in Madrid."""

MADRID: Final = "Europe/Madrid"
WORKING: Final = (time(9), time(20))


@dataclass(frozen=True)
class Line:
    """One row: what was typed, where, and what it is; `kind` is the section of the file."""

    number: int
    language: str
    kind: str
    row: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.language}-{self.kind}-{self.number:03}-{self.typed[:60]}"

    @property
    def typed(self) -> str:
        """What the therapist wrote after the code."""
        line: str = self.row["line"]
        return line

    @property
    def zone(self) -> ZoneInfo:
        """Where it was written."""
        return ZoneInfo(self.row.get("zone", MADRID))

    @property
    def working(self) -> tuple[time, time]:
        """The working hours there."""
        opens, closes = self.row.get("working", WORKING)
        return opens, closes

    def read(self, line: str | None = None) -> Reading:
        """Read it, or another line in the same place."""
        typed = self.typed if line is None else line
        return read_session(typed, now=NOW, zone=self.zone, language=self.language, working=self.working)

    @property
    def expected(self) -> Reading:
        """What the row says it is."""
        row, length = self.row, timedelta(minutes=self.row.get("minutes", 50))
        match self.kind:
            case "repeats":
                return Repeating(_rule(row, length))
            case "either_repeating":
                return AmbiguousRepeating(*self._rules(length))
            case "once_or_weekly":
                return OnceOrWeekly(tuple(self._rules(length)))
            case "refused":
                return Unreadable(Reason(row["refused"]), row.get("on"))
            case _:
                return self._single(length)

    def _rules(self, length: timedelta) -> list[Recurrence]:
        """Return a rule for each time that may be meant, each with its own first session."""
        times = zip(self.row["times"], self.row["firsts"], strict=True)
        return [_rule({"weekdays": [1], **self.row, "at": at, "first": first}, length) for at, first in times]

    def _single(self, length: timedelta) -> Reading:
        """Say what a row about one session is."""
        row = self.row
        match self.kind:
            case "ended":
                ends_at = self._span(row["ends"], length)[0] if "ends" in row else NOW
                return Ended(ends_at - length, ends_at)
            case "either":
                return Ambiguous(*self._plans(row["starts"], length))
            case "mismatch":
                return Mismatch(row["on"], tuple(self._plans(row["starts"], length)))
            case kind:
                return (Planned if kind == "planned" else InPast)(*self._span(row["starts"], length))

    def _plans(self, starts: list[datetime], length: timedelta) -> list[Planned | InPast]:
        spans = [self._span(one, length) for one in starts]
        return [Planned(*span) if span[1] > NOW else InPast(*span) for span in spans]

    def _span(self, starts: datetime, length: timedelta) -> tuple[datetime, datetime]:
        """Read wall time in the row's zone; an offset says the instant itself."""
        starts_at = (starts if starts.tzinfo else starts.replace(tzinfo=self.zone)).astimezone(UTC)
        return starts_at, starts_at + length


def _rule(row: Mapping[str, Any], length: timedelta) -> Recurrence:
    first: date = row["first"]
    weekdays = tuple(row["weekdays"])
    return Recurrence(first, row["at"], length, weekdays, row.get("every", 1), row.get("until"), row.get("count"))


@cache
def lines() -> tuple[Line, ...]:
    """Read both files."""
    return tuple(line for language in LANGUAGES for line in _of(language))


def _of(language: str) -> list[Line]:
    file = Path(__file__).parent / "data" / f"lines_{language}.toml"
    sections = tomllib.loads(file.read_text(encoding="utf-8"))
    rows = [(kind, row) for kind, section in sections.items() for row in section]
    return [Line(number, language, kind, row) for number, (kind, row) in enumerate(rows, start=1)]
