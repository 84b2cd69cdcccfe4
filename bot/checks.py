"""What `microchequeo check` can find out without leaving the machine: settings, keys, texts, time zones, clock.

Token and database are looked at by `bot.app`, which alone knows how to reach them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata, resources
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from fluent.syntax import FluentParser
from fluent.syntax.ast import Junk, Message

from bot.clock import Clock
from bot.config import Config, load
from bot.domain.errors import ConfigurationError, MicrochequeoError, StoreRefusedError
from bot.domain.model import Language
from bot.keys import Keys, carried_keys, load_keys

DATA_ERROR: Final = 65
UNAVAILABLE: Final = 69
SOFTWARE: Final = 70
CONFIGURATION: Final = 78

EARLIEST: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""This program is younger than that: an earlier clock is wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the screen; `exit_code` is what the command returns if this is the first thing that is not fine."""

    what: str
    fine: bool
    says: str
    exit_code: int = 0


def exit_code(error: MicrochequeoError) -> int:
    """Return the exit code of a failure."""
    match error:
        case ConfigurationError():
            return CONFIGURATION
        case StoreRefusedError():
            return DATA_ERROR
        case _:
            return UNAVAILABLE


def configuration(path: Path) -> tuple[Finding, Config | None]:
    """Try to load the settings."""
    try:
        config = load(path)
    except ConfigurationError as error:
        return Finding("configuration", fine=False, says=str(error), exit_code=CONFIGURATION), None
    return Finding("configuration", fine=True, says=str(path)), config


def keys(config: Config) -> tuple[Finding, Keys | None]:
    """Try to load the keys."""
    try:
        found, carried = load_keys(config), carried_keys()
    except ConfigurationError as error:
        return Finding("keys", fine=False, says=str(error), exit_code=CONFIGURATION), None
    where = f"from {carried.place}" if carried else f"{config.privacy.key_file}, which only you can read"
    return Finding("keys", fine=True, says=where), found


def surroundings(clock: Clock) -> Iterator[Finding]:
    """Look at what comes with the program and the machine."""
    yield _tried("texts", _texts)
    yield _tried("time zones", _zones)
    yield _tried("clock", lambda: _time(clock.now()))


def _tried(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, fine=True, says=look())
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        return Finding(what, fine=False, says=str(error), exit_code=SOFTWARE)


def _texts() -> str:
    return ", ".join(f"{_count(language)} in {language}" for language in Language)


def _count(language: Language) -> int:
    text = resources.files("bot").joinpath("texts", f"{language}.ftl").read_text("utf-8")
    body = FluentParser().parse(text).body
    broken = [entry for entry in body if isinstance(entry, Junk)]
    if broken:
        raise ValueError(f"{language}.ftl cannot be read near: {(broken[0].content or '').strip()[:60]}")
    return sum(isinstance(entry, Message) for entry in body)


def _zones() -> str:
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)
    if summer.astimezone(ZoneInfo("Europe/Madrid")).hour != 14:  # noqa: PLR2004 - two hours ahead in summer
        raise ValueError("the time zone data is wrong about Europe/Madrid; install tzdata again")
    return f"{len(available_timezones())} zones, tzdata {metadata.version('tzdata')}"


def _time(now: datetime) -> str:
    if now < EARLIEST:
        raise ValueError(f"the machine's clock says {now:%Y-%m-%d %H:%M} UTC, which cannot be; set it")
    return f"{now:%Y-%m-%d %H:%M} UTC"
