"""A TZID → a time zone: IANA names, Windows names (Outlook), names with a maker's prefix, definitions in the file.

Names go before definitions: a definition often holds this year's rules only.  A zone nobody knows is never guessed.
"""

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from bot.ical.defined import read_definition
from bot.ical.lines import Block

_NAME: Final = re.compile(r"[A-Za-z0-9_+-]{1,32}(?:/[A-Za-z0-9_+-]{1,32}){0,2}")


class UnknownZoneError(Exception):
    """A TZID that is neither a known name nor defined in the file.  Never leaves this package."""


def zone_named(name: str) -> ZoneInfo | None:
    """Return the zone of a name that is known without the file."""
    cleaned = name.strip(" /")
    parts = cleaned.split("/", 8)
    shorter = ["/".join(parts[start:]) for start in range(1, len(parts))] if name.startswith("/") else []
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
    """The zones of one file.  Each is looked up once, and a definition read only when it is asked for."""

    def __init__(self, definitions: Iterable[Block], now: datetime) -> None:
        self._blocks = {lines[0].value: block for block in definitions if (lines := block.named("TZID"))}
        self._now = now
        self._named = cache(self._look_up)

    def named(self, name: str) -> tzinfo:
        """Return a zone.  Raises UnknownZoneError."""
        zone = self._named(name)
        if zone is None:
            raise UnknownZoneError
        return zone

    def _look_up(self, name: str) -> tzinfo | None:
        if known := zone_named(name):
            return known
        try:
            return read_definition(self._blocks[name], self._now) if name in self._blocks else None
        except Exception:  # noqa: BLE001 - dateutil raises whatever it meets in a definition that it cannot read
            return None
