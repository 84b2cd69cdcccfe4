"""What a button of `/ajustes` means; see `handlers.actions`."""

from dataclasses import dataclass
from datetime import time
from typing import Final, Literal

from bot.domain.hours import QuietHours, WorkingHours
from bot.domain.model import Language

QUIET: Final = (
    QuietHours(time(21), time(9)),
    QuietHours(time(22), time(8)),
    QuietHours(time(22), time(10)),
    QuietHours(time(23), time(9)),
    None,
    QuietHours(time(0), time(0)),
)
"""The quiet hours offered in `/ajustes`; None are those of the practice, equal ends are none at all."""


WORKING: Final = (
    WorkingHours(time(8), time(15)),
    WorkingHours(time(9), time(14)),
    WorkingHours(time(9), time(21)),
    WorkingHours(time(10), time(19)),
    WorkingHours(time(15), time(22)),
    None,
)
"""The working hours offered in `/ajustes`; None are those of the practice."""


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """A language in `/ajustes`."""

    language: Language


@dataclass(frozen=True, slots=True)
class SetZone:
    """A time zone in `/ajustes`, one of `bot.domain.places.ZONES`."""

    zone: str


@dataclass(frozen=True, slots=True)
class SetQuiet:
    """Quiet hours in `/ajustes`, one of `QUIET`."""

    quiet: QuietHours | None


@dataclass(frozen=True, slots=True)
class SetWorking:
    """Working hours in `/ajustes`, one of `WORKING`."""

    working: WorkingHours | None


@dataclass(frozen=True, slots=True)
class OpenSettings:
    """A page of `/ajustes`."""

    what: Literal["menu", "language", "manner", "zone", "quiet", "working"]


@dataclass(frozen=True, slots=True)
class OpenZones:
    """A country in `/ajustes`, one of `bot.domain.places.PLACES`."""

    country: str
