"""A TZID → a time zone: IANA names, Windows names (Outlook), names with a maker's prefix, definitions in the file.

Names go before definitions: a definition often holds this year's rules only.  A zone nobody knows is never guessed.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from functools import cache
from io import StringIO
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.tz import tzical
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from bot.ical.chances import happens
from bot.ical.lines import Block
from bot.ical.rules import read_rule

_NAME: Final = re.compile(r"[A-Za-z0-9_+-]{1,32}(?:/[A-Za-z0-9_+-]{1,32}){0,2}")
_ONSET: Final = re.compile(r"(\d{4})(\d{4}T\d{6})Z?")
_COPIED: Final = frozenset({"TZOFFSETFROM", "TZOFFSETTO", "RDATE"})


class UnknownZoneError(Exception):
    """A TZID that is neither a known name nor defined in the file.  Never leaves this package."""


@cache
def zone_named(name: str) -> ZoneInfo | None:
    """Return the zone of a name that is known without the file."""
    cleaned = name.strip(" /")
    parts = cleaned.split("/")
    shorter = ["/".join(parts[start:]) for start in range(1, len(parts))][-3:] if name.startswith("/") else []
    windows = WINDOWS_TO_OLSON.get(cleaned, "")
    return next((zone for each in (cleaned, windows, *shorter) if (zone := _iana(each))), None)


def _iana(name: str) -> ZoneInfo | None:
    if not _NAME.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not there, not a zone, a folder of zones
        return None


class Zones:
    """The zones of one file.  Definitions are read when they are asked for."""

    def __init__(self, definitions: Iterable[Block], now: datetime) -> None:
        self._blocks = {block.named("TZID")[0].value: block for block in definitions if block.named("TZID")}
        self._read: dict[str, tzinfo | None] = {}
        self._now = now

    def named(self, name: str) -> tzinfo:
        """Return a zone.  Raises UnknownZoneError."""
        zone = zone_named(name) or self._defined(name)
        if zone is None:
            raise UnknownZoneError
        return zone

    def _defined(self, name: str) -> tzinfo | None:
        if name not in self._read:
            block = self._blocks.get(name)
            self._read[name] = None if block is None else self._definition(block)
        return self._read[name]

    def _definition(self, block: Block) -> tzinfo | None:
        try:
            zone: tzinfo = tzical(StringIO(self._written(block))).get()
            self._now.astimezone(zone)
        except Exception:  # noqa: BLE001 - dateutil raises whatever it meets in a definition that it cannot read
            return None
        return zone

    def _written(self, block: Block) -> str:
        """Write a definition anew with what dateutil knows, and nothing that could keep it busy."""
        lines = ["BEGIN:VTIMEZONE", "TZID:defined here"]
        for part in block.blocks:
            lines += [f"BEGIN:{part.name}", *self._part(part), f"END:{part.name}"]
        return "\n".join([*lines, "END:VTIMEZONE"])

    def _part(self, part: Block) -> list[str]:
        lines = [f"{line.name}:{line.value}" for line in part.lines if line.name in _COPIED]
        rules = [read_rule(line.value) for line in part.named("RRULE")]
        onset = _ONSET.fullmatch(part.named("DTSTART")[0].value)
        if onset is None:
            raise UnknownZoneError
        year = onset[1]
        for rule in rules:
            day = datetime.strptime(onset[0].rstrip("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - local to the zone defined
            if rule.frequency != "YEARLY" or rule.interval > 1 or rule.count or not happens(rule, day):
                raise UnknownZoneError
            if not rule.until:  # Outlook begins in 1601, and dateutil counts from there each time it is asked
                year = str(max(int(year), self._now.year - 2))
            lines.append(f"RRULE:{rule.text(UTC)}")
        return [f"DTSTART:{year}{onset[2]}", *lines]
