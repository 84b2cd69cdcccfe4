"""How each kind of setting may be written, and what it becomes.  What cannot be read raises ValueError.

The error's text, if any, is the reason; the remedy stands with the setting, in `bot.config`.
"""

import difflib
import math
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import time, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import SplitResult, unquote, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, SecretStr

from bot.domain.alliance import Rule
from bot.domain.server_urls import POSTGRES, parameters_of, password_in, without_password

SQLITE: Final = "sqlite+aiosqlite:///"
LONGEST_LINE: Final = 200
"""Characters."""

LONGEST_SPAN: Final = timedelta(days=365)
LONGEST_KEPT: Final = timedelta(days=36_525)
MOST_POINTS: Final = 10
HTTPS: Final = 443
WEBHOOK_PORTS: Final = (HTTPS, 80, 88, 8443)
"""As Telegram documents setWebhook."""

_TOKEN: Final = re.compile(r"\d+:[\w-]+", re.ASCII)
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.ASCII | re.IGNORECASE)
_LOGIN: Final = re.compile(r"://.*@", re.DOTALL)
_SPAN: Final = re.compile(r"(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?", re.ASCII)
_KEPT: Final = re.compile(r"(?:(\d{1,3})y)?(?:(\d{1,4})m)?(?:(\d{1,5})d)?", re.ASCII)
_COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)
_WEEKDAYS: Final = (
    ("monday", "lunes"),
    ("tuesday", "martes"),
    ("wednesday", "miércoles", "miercoles"),
    ("thursday", "jueves"),
    ("friday", "viernes"),
    ("saturday", "sábado", "sabado"),
    ("sunday", "domingo"),
)


def is_token(text: str) -> bool:
    """Say whether `text` has the shape of a bot token: digits, a colon, letters."""
    return _TOKEN.fullmatch(text) is not None


def is_loopback(address: str) -> bool:
    """Say whether only this machine can reach `host:port`; of names, "localhost" alone is known to be one."""
    host = urlsplit(f"//{address}").hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def did_you_mean(wrong: str, right: Iterable[str]) -> str:
    """Say which of `right` was probably meant, or nothing."""
    folded = {name.lower(): name for name in right}
    close = difflib.get_close_matches(wrong.lower(), folded, n=1, cutoff=0.7)
    return f"did you mean {folded[close[0]]}?" if close else ""


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError  # noqa: TRY004 - pydantic turns only ValueError into a problem of the setting
    return value.strip()


def _span(value: object) -> timedelta:
    found = _SPAN.fullmatch(_text(value))
    if found is None or not any(found.groups()):
        raise ValueError
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if span > LONGEST_SPAN:
        raise ValueError(f"it is longer than {LONGEST_SPAN.days} days")
    return span


def _kept_for(value: object) -> timedelta:
    """Read "5y", "30d" or "1y6m": years count 365.25 days, months a twelfth of that, rounded up to whole days."""
    found = _KEPT.fullmatch(_text(value))
    if found is None or not any(found.groups()):
        raise ValueError
    years, months, days = (int(part or 0) for part in found.groups())
    span = timedelta(days=math.ceil(365.25 * (years + months / 12)) + days)
    if not timedelta(days=1) <= span <= LONGEST_KEPT:
        raise ValueError(f"it is not between 1 day and {LONGEST_KEPT.days} days")
    return span


def _clock_time(value: object) -> time:
    if isinstance(value, time):
        return value
    found = _CLOCK.fullmatch(_text(value))
    if found is None:
        raise ValueError
    return time(int(found[1]), int(found[2]))


def _zone(value: object) -> ZoneInfo:
    name = _text(value)
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(did_you_mean(name, available_timezones())) from None


def _weekday(value: object) -> int:
    name = _text(value).lower()
    for number, names in enumerate(_WEEKDAYS):
        if name in names:
            return number
    raise ValueError(did_you_mean(name, [name for names in _WEEKDAYS for name in names]))


def _country(value: object) -> str:
    country = _text(value).upper()
    if not _COUNTRY.fullmatch(country):
        raise ValueError
    return country


def _one_line(value: object) -> str:
    line = " ".join(_text(value).split())
    if len(line) > LONGEST_LINE:
        raise ValueError(f"it is longer than {LONGEST_LINE} characters")
    return line


def _points(value: object) -> float:
    points = float(value) if isinstance(value, str | int | float) else 0.0
    if not 0 < points <= MOST_POINTS or not (points * 2).is_integer() or isinstance(value, bool):
        raise ValueError
    return points


def _rule_names(value: object) -> tuple[Rule, ...]:
    """Read the names of rules; an empty list switches all of them off."""
    if not isinstance(value, list | tuple):
        raise ValueError  # noqa: TRY004 - what pydantic understands
    known = [str(rule) for rule in Rule]
    for name in value:
        if name not in known:
            raise ValueError(did_you_mean(str(name), known))
    return tuple(dict.fromkeys(Rule(name) for name in value))


def _token(value: object) -> SecretStr | None:
    token = _text(value)
    if token and not is_token(token):
        raise ValueError
    return SecretStr(token) if token else None


def _file(value: object) -> object:
    return value or None


def _split(address: str) -> SplitResult:
    """Take an address apart.  Trap: what the library says of one that it cannot read quotes pieces of it."""
    with suppress(ValueError):
        parts = urlsplit(address)
        _ = parts.port
        return parts
    raise ValueError


def _api_root(value: object) -> str:
    root = _text(value)
    parts = _split(root)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError
    return root.rstrip("/")


def _webhook_url(value: object) -> str:
    url = _text(value)
    parts = _split(url)
    if url and (not parts.hostname or parts.query or parts.fragment or parts.username):
        raise ValueError
    if url and parts.scheme != "https" and not (parts.scheme == "http" and _is_this_machine(parts.hostname or "")):
        raise ValueError("Telegram brings updates over https only")
    if url and not _is_this_machine(parts.hostname or "") and (parts.port or HTTPS) not in WEBHOOK_PORTS:
        raise ValueError(f"Telegram reaches no other ports than {', '.join(map(str, WEBHOOK_PORTS))}")
    return url


def _is_this_machine(host: str) -> bool:
    return host in {"localhost", "127.0.0.1", "::1"}


class ServerUrl(str):
    """The address of a database server; the password that may be in it is in no `repr`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(self.shown)

    @property
    def shown(self) -> str:
        """Return it without the password."""
        return without_password(self)

    def secrets(self) -> tuple[str, ...]:
        """Return the password as it is written in the address and as it is, for striking it out of logs."""
        written = password_in(self)
        return (written, unquote(written)) if written else ()


def shown_database(value: object) -> str:
    """Return what may be shown of something that is no address of a database: hardly anything, if it is no file's."""
    text = value if isinstance(value, str) else ""
    if text.startswith(SQLITE.partition("+")[0]):
        return text
    scheme = _SCHEME.match(text)
    return f"{scheme[0]}…" if scheme else "…"


def without_login(text: str) -> str:
    """Return a text in which nobody who logs in at an address is shown, nor with which password."""
    return _LOGIN.sub("://…@", text)


def _database_url(value: object) -> str:
    url = _text(value)
    if url.startswith(POSTGRES):
        parameters_of(url)
        return url
    if not url.startswith(SQLITE) or not url.removeprefix(SQLITE).strip("/") or "?" in url:
        raise ValueError("the data are in a file of SQLite or on a server with PostgreSQL")
    return url


def _shy(url: str) -> str:
    """Give an address its own `repr`: pydantic makes a plain text of whatever comes before this."""
    return ServerUrl(url) if url.startswith(POSTGRES) else url


def _address(value: object) -> str:
    address = _text(value)
    parts = _split(f"//{address}")
    if address and (not parts.hostname or parts.port is None or parts.path):
        raise ValueError
    return address


Span = Annotated[timedelta, BeforeValidator(_span)]
KeptFor = Annotated[timedelta, BeforeValidator(_kept_for)]
ClockTime = Annotated[time, BeforeValidator(_clock_time)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Weekday = Annotated[int, BeforeValidator(_weekday)]
Country = Annotated[str, BeforeValidator(_country)]
OneLine = Annotated[str, BeforeValidator(_one_line)]
RuleNames = Annotated[tuple[Rule, ...], BeforeValidator(_rule_names)]
HalfPoints = Annotated[float, BeforeValidator(_points)]
Token = Annotated[SecretStr | None, BeforeValidator(_token)]
OptionalFile = Annotated[Path | None, BeforeValidator(_file)]
ApiRoot = Annotated[str, BeforeValidator(_api_root)]
Mode = Literal["polling", "webhook"]
WebhookUrl = Annotated[str, BeforeValidator(_webhook_url)]
DatabaseUrl = Annotated[str, BeforeValidator(_database_url), AfterValidator(_shy)]
Address = Annotated[str, BeforeValidator(_address)]
