"""One RRULE: read, or refused.  Only what calendar programs write is allowed, and every number is bounded.

RFC 5545 §3.3.10 allows far more, most of it a way to keep a computer busy: "FREQ=SECONDLY" is fifteen characters long.
Whether a rule ever comes true is asked in `chances`.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Final

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
TOO_FREQUENT: Final = ("SECONDLY", "MINUTELY", "HOURLY")
LONGEST_RULE: Final = 500
"""Characters."""

_UNTIL: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?")
_BOUNDS: Final = {
    "INTERVAL": range(1, 400),
    "COUNT": range(1, 10_000),
    "BYMONTH": range(1, 13),
    "BYMONTHDAY": range(-31, 32),
    "BYSETPOS": range(-366, 367),
}
_WEEKS_OF_A_MONTH: Final = 5
_WEEKS_OF_A_YEAR: Final = 52
_WEEKDAY: Final = re.compile(rf"([+-]?\d{{1,2}})?({'|'.join(WEEKDAYS)})")
_PARTS: Final = {"FREQ", "UNTIL", "BYDAY", "WKST", *_BOUNDS}


class RefusedRuleError(Exception):
    """A rule that is not read.  Never leaves this package, and quotes nothing."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule within bounds.  `weekdays` are pairs of an ordinal (0: every one) and a weekday (0: Monday)."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: str = ""
    weekdays: tuple[tuple[int, int], ...] = ()
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: str = ""

    @property
    def until_on(self) -> date | None:
        """The date in UNTIL, in whatever zone it was meant."""
        match = _UNTIL.fullmatch(self.until)
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None

    def ended(self, before: date) -> bool:
        """Whether it ended for certain before this date, whatever the zone."""
        return self.until_on is not None and (before - self.until_on).days > 1

    def text(self, zone: tzinfo) -> str:
        """Write it for dateutil, UNTIL by the clock of `zone`.  A date there is meant up to its last second."""
        parts = {
            "FREQ": self.frequency,
            "INTERVAL": str(self.interval),
            "COUNT": str(self.count or ""),
            "BYMONTH": _joined(self.months),
            "BYMONTHDAY": _joined(self.month_days),
            "BYDAY": ",".join(f"{ordinal or ''}{WEEKDAYS[day]}" for ordinal, day in self.weekdays),
            "BYSETPOS": _joined(self.positions),
            "WKST": self.week_start,
            "UNTIL": self._until(zone),
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value)

    def _until(self, zone: tzinfo) -> str:
        match, day = _UNTIL.fullmatch(self.until), self.until_on
        if match is None or day is None:
            return ""
        at = time(int(match[4]), int(match[5]), min(int(match[6]), 59)) if match[4] else time(23, 59, 59)
        until = datetime.combine(day, at)
        if match[7]:
            until = until.replace(tzinfo=UTC).astimezone(zone)
        return f"{until.year:04}{until:%m%dT%H%M%S}"


def read_rule(text: str) -> Rule:
    """Read the value of an RRULE.  Raises RefusedRuleError for what is unknown, unbounded or said twice."""
    parts = _parts(text.upper())
    frequency = parts.get("FREQ", "")
    if frequency not in FREQUENCIES or ("COUNT" in parts and "UNTIL" in parts):
        raise RefusedRuleError
    rule = Rule(
        frequency,
        interval=_single(parts, "INTERVAL") or 1,
        count=_single(parts, "COUNT"),
        until=parts.get("UNTIL", ""),
        weekdays=_weekdays(parts.get("BYDAY", ""), _highest_ordinal(frequency, within_months="BYMONTH" in parts)),
        months=_numbers(parts, "BYMONTH"),
        month_days=_numbers(parts, "BYMONTHDAY"),
        positions=_numbers(parts, "BYSETPOS"),
        week_start=parts.get("WKST", ""),
    )
    if rule.week_start not in ("", *WEEKDAYS) or not _until_is_read(rule):
        raise RefusedRuleError
    return rule


def _parts(text: str) -> dict[str, str]:
    if len(text) > LONGEST_RULE:
        raise RefusedRuleError
    pairs = [part.strip().partition("=") for part in text.split(";") if part.strip()]
    parts = {name.strip(): value.strip() for name, _, value in pairs}
    if len(parts) < len(pairs) or not _PARTS.issuperset(parts) or not all(parts.values()):
        raise RefusedRuleError
    return parts


def _numbers(parts: dict[str, str], name: str) -> tuple[int, ...]:
    numbers = [_number(text, name) for text in parts[name].split(",")] if name in parts else []
    return tuple(sorted(set(numbers)))


def _number(text: str, name: str) -> int:
    number = int(text) if re.fullmatch(r"[+-]?[0-9]{1,4}", text.strip()) else 0
    if number == 0 or number not in _BOUNDS[name]:
        raise RefusedRuleError
    return number


def _single(parts: dict[str, str], name: str) -> int | None:
    return _number(parts[name], name) if name in parts else None


def _highest_ordinal(frequency: str, *, within_months: bool) -> int:
    if frequency == "YEARLY" and not within_months:
        return _WEEKS_OF_A_YEAR
    return _WEEKS_OF_A_MONTH if frequency in {"MONTHLY", "YEARLY"} else 0


def _weekdays(text: str, highest: int) -> tuple[tuple[int, int], ...]:
    """Read BYDAY.  "MO,2TU" is refused: dateutil looks for ever for a Monday that is the second Tuesday."""
    matches = [_WEEKDAY.fullmatch(each.strip()) for each in text.split(",")] if text else []
    found = {(int(match[1] or 0), WEEKDAYS.index(match[2])) for match in matches if match}
    if None in matches or any(abs(ordinal) > highest for ordinal, _ in found) or len({not o for o, _ in found}) > 1:
        raise RefusedRuleError
    return tuple(sorted(found))


def _until_is_read(rule: Rule) -> bool:
    try:
        return not rule.until or bool(rule.text(UTC) and rule.until_on)
    except (ValueError, OverflowError):
        return False


def _joined(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))
