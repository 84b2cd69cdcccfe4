"""The settings of one practice: `config.toml`, over which the environment wins, as frozen values.

A wrong setting becomes one sentence with the file (or variable), the key, the value and the remedy, and several wrong
settings become several lines.  Secrets appear in none of them.  Sealing keys never live here (see `bot.keys`).
"""

import os
import tomllib
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from bot import config_problems as problems
from bot import config_values as values
from bot.domain import safety
from bot.domain.alliance import Rule, Rules
from bot.domain.errors import ConfigurationError
from bot.domain.hours import QuietHours, WorkingHours
from bot.domain.instrument import ALLIANCE, THREE_ITEMS, TWO_ITEMS
from bot.domain.model import Form, Item, Language, Points, Region, Register, Voice
from bot.domain.places import AMERICAN
from bot.domain.server_urls import POSTGRES
from bot.domain.timing import CheckInTimes

PUBLIC_API: Final = "https://api.telegram.org"
BOTFATHER: Final = (
    "write /newbot to @BotFather in Telegram, put the token it answers into a file that only you can read, "
    'and name that file: [telegram] token_file = "data/telegram.token"'
)
_SPAN: Final = 'write a duration like "15m", "20h", "1h30m" or "0s"'
_KEPT: Final = 'write how long it is kept, like "5y", "6m" or "30d"'
_HALF_POINTS: Final = "write points from 0.5 to 10 in steps of 0.5"
_CLOCK: Final = 'write a time of day like "21:30"'
COUNTRY: Final = 'write the two letters of a country, like "ES"'
_TOKENS: Final = {("telegram", "token"), ("telegram", "token_file")}
_HELP_LINES: Final = (
    "each [[practice.help_lines]] needs number, says_es, says_en (texts of one line) and checked_on (a day like "
    '2026-11-01), and may have always_open and kind ("crisis", "emergency" or "violence")'
)


class _Section(BaseModel):
    """A section of the file; a setting's `description` is the remedy that a wrong value is answered with."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Telegram(_Section):
    """How to reach Telegram."""

    token: values.Token = Field(None, description="a token is digits, a colon and letters, as @BotFather gave it")
    token_file: values.OptionalFile = Field(None, description="write the path of a file that holds the token")
    api_url: values.ApiRoot = Field(
        PUBLIC_API, description=f'write the root of a Bot API server, http or https, like "{PUBLIC_API}"'
    )
    mode: values.Mode = Field("polling", description='write "polling" or "webhook"')
    webhook_url: values.WebhookUrl = Field(
        "", description='write the address that your web server passes on, like "https://bot.example.org/telegram"'
    )
    webhook_listen: values.Address = Field(
        "127.0.0.1:8080", min_length=1, description='write an address like "127.0.0.1:8080"'
    )
    _written_in: Path = PrivateAttr(default=Path("config.toml"))

    @model_validator(mode="after")
    def _one_token(self) -> Self:
        if self.token and self.token_file:
            raise ValueError("token and token_file are both set; keep one")
        return self

    @model_validator(mode="after")
    def _webhook_has_an_address(self) -> Self:
        if self.mode == "webhook" and not self.webhook_url:
            raise ValueError('mode = "webhook" needs webhook_url, the address that your web server passes on')
        return self

    def secret(self) -> str:
        """Return the token, from its file if it has one.  Raises ConfigurationError, in which it never appears."""
        if self.token_file:
            return _token_in(self.token_file, f"{self._written_in}, [telegram] token_file")
        if self.token:
            return self.token.get_secret_value()
        raise ConfigurationError(f"{self._written_in}, [telegram] token is missing; {BOTFATHER}.")

    def written_in(self, file: Path) -> Self:
        """Return the same settings, knowing their file and with paths that start at its folder."""
        token_file = self.token_file and file.absolute().parent / self.token_file.expanduser()
        settings = self.model_copy(update={"token_file": token_file})
        settings._written_in = file  # noqa: SLF001 - our own copy
        return settings


class Database(_Section):
    """Where the practice's data lives."""

    url: values.DatabaseUrl = Field(
        f"{values.SQLITE}data/microchequeo.db",
        description=f'write "{values.SQLITE}" and the path of a file, or "{POSTGRES}", a server and a database',
    )
    _beside: Path = PrivateAttr(default=Path())

    @property
    def is_file(self) -> bool:
        """Say whether it is a file, and not on a server."""
        return self.url.startswith(values.SQLITE)

    @property
    def path(self) -> Path:
        """Return the database file.  LookupError where there is none."""
        if not self.is_file:
            raise LookupError("a database on a server has no file")
        return Path(self.url.removeprefix(values.SQLITE))

    @property
    def folder(self) -> Path:
        """Return the folder for what belongs to the database: that of its file, or `data` beside the settings."""
        return self.path.parent if self.is_file else self._beside

    @property
    def name(self) -> str:
        """Return what it is called where people read it."""
        return str(self.path) if self.is_file else self.shown

    @property
    def shown(self) -> str:
        """Return the URL as it may be shown."""
        return self.url.shown if isinstance(self.url, values.ServerUrl) else self.url

    def secrets(self) -> tuple[str, ...]:
        """Return what must be struck out of logs."""
        return self.url.secrets() if isinstance(self.url, values.ServerUrl) else ()

    def written_in(self, folder: Path) -> Self:
        """Return the same settings, with paths that start at the configuration's own folder."""
        if self.is_file:
            return self.model_copy(update={"url": f"{values.SQLITE}{folder / self.path}"})
        settings = self.model_copy()
        settings._beside = folder / "data"  # noqa: SLF001 - our own copy
        return settings


class HelpLine(_Section):
    """A number of the practice's own; it takes the place of the built-in ones of its kind."""

    number: values.OneLine = Field(min_length=1)
    says_es: values.OneLine = Field(min_length=1)
    says_en: values.OneLine = Field(min_length=1)
    checked_on: date
    always_open: bool | None = None
    kind: safety.LineKind = safety.LineKind.CRISIS


class Practice(_Section):
    """What holds for everyone until they choose otherwise."""

    name: str = Field("", description="write a text")
    timezone: values.Zone = Field(ZoneInfo("Europe/Madrid"), description='write an IANA name like "Europe/Madrid"')
    country: values.Country = Field("", description=COUNTRY)
    language: Language = Field(Language.ES, description='write "es" or "en"')
    address: Register = Field(Register.USTED, alias="register", description='write "usted", "tu" or "vos"')
    form: Form = Field(Form.COMPRENDIDO, description='write "comprendido", "comprendida" or "neutral"')
    region: Region | None = Field(None, description='write "spain" or "americas", or leave it out')
    other_contact: values.OneLine = Field("", description="write a name and how to reach it, at most 200 characters")
    second_contact_reads: bool = Field(default=False, description="write true or false")
    supervisor: bool = Field(default=False, description="write true or false")
    help_lines: tuple[HelpLine, ...] = Field((), description=_HELP_LINES)
    _written_in: Path = PrivateAttr(default=Path("config.toml"))

    def help_card(self) -> safety.HelpCard:
        """Return whom people are told to call.  Raises ConfigurationError where no country was written."""
        if not self.country:
            raise ConfigurationError(
                f"{self._written_in}, [practice] country is missing; {COUNTRY}: it decides which help lines people see."
            )
        lines = [safety.HelpLine(**line.model_dump(), source=f"{self._written_in}") for line in self.help_lines]
        return safety.overridden(safety.help_card(self.country), lines, self.other_contact or None)

    def spoken_in(self) -> Region:
        """Return whose Spanish is spoken; left out, it follows from the country."""
        return self.region or (Region.AMERICAS if self.country in AMERICAN else Region.SPAIN)

    def written_in(self, file: Path) -> Self:
        """Return the same settings, knowing their file."""
        settings = self.model_copy()
        settings._written_in = file  # noqa: SLF001 - our own copy
        return settings


class CheckIn(_Section):
    """When patients are asked, and what."""

    delay: values.Span = Field(timedelta(minutes=15), description=_SPAN)
    quiet_from: values.ClockTime = Field(time(21, 30), description=_CLOCK)
    quiet_until: values.ClockTime = Field(time(8, 30), description=_CLOCK)
    reminder_after: values.Span = Field(timedelta(hours=20), description=_SPAN)
    expires_after: values.Span = Field(timedelta(hours=72), description=_SPAN)
    items: int = Field(
        len(THREE_ITEMS),
        ge=len(TWO_ITEMS),
        le=len(THREE_ITEMS),
        description="write 3, or 2 to leave out what was left pending",
    )
    ask_pending: bool = Field(default=False, description="write true or false")


class Alliance(_Section):
    """Which rules are on and from when each of them tells; spans of the alliance in points of ten."""

    rules: values.RuleNames = Field(tuple(Rule), description=f'write some of {", ".join(Rule)}, as ["drop"]')
    drop: values.HalfPoints = Field(2.0, description=_HALF_POINTS)
    item_drop: int = Field(3, ge=1, le=10, description="write whole points from 1 to 10")
    slide: values.HalfPoints = Field(2.0, description=_HALF_POINTS)
    falls: values.HalfPoints = Field(1.5, description=_HALF_POINTS)
    silence: int = Field(2, ge=1, le=10, description="write how many check-ins in a row, from 1 to 10")
    low_start: values.HalfPoints = Field(7.0, description=_HALF_POINTS)
    pending: int = Field(7, ge=1, le=10, description="write whole points from 1 to 10")
    ceiling: int = Field(3, ge=2, le=20, description="write how many check-ins in a row, from 2 to 20")
    repair_margin: values.HalfPoints = Field(0.5, description=_HALF_POINTS)
    unrepaired_after: int = Field(2, ge=1, le=10, description="write how many sessions, from 1 to 10")
    grace: values.Span = Field(timedelta(minutes=5), description=_SPAN)

    def thresholds(self) -> Rules:
        """Return the settings as the rules count: sums of the alliance items, 0–20."""
        return Rules(
            on=frozenset(self.rules),
            drop=_sum(self.drop),
            item_drop=self.item_drop,
            slide=_sum(self.slide),
            falls=_sum(self.falls),
            silence=self.silence,
            low_start=_sum(self.low_start),
            pending=self.pending,
            ceiling=self.ceiling,
            repair_margin=_sum(self.repair_margin),
            unrepaired_after=self.unrepaired_after,
        )


def _sum(points: float) -> Points:
    return Points(round(points * len(ALLIANCE)))


class Digest(_Section):
    """When the weekly digest leaves; once loaded, `weekday` is a number (Monday = 0)."""

    weekday: values.Weekday = Field(6, description='write a day like "sunday" or "domingo"')
    hour: int = Field(19, ge=0, le=23, description="write a full hour from 0 to 23")


class Therapist(_Section):
    """The therapists' own hours."""

    quiet_from: values.ClockTime = Field(time(21), description=_CLOCK)
    quiet_until: values.ClockTime = Field(time(8), description=_CLOCK)
    working_from: values.ClockTime = Field(time(9), description=_CLOCK)
    working_until: values.ClockTime = Field(time(20), description=_CLOCK)
    blind_guess: bool = Field(default=False, description="write true or false")
    pre_session_note: bool = Field(default=True, description="write true or false")
    note_before: values.Span = Field(timedelta(minutes=30), description=_SPAN)


class Privacy(_Section):
    """Where the keys of the sealed fields are, how long what is kept, and what stays of a patient who leaves."""

    key_file: Path = Field(Path("data/microchequeo.key"), description="write the path of the key file")
    digital_consent_age: int = Field(14, ge=0, le=21, description="write an age in years, from 0 to 21")
    keep_scores: bool = Field(default=True, description="write true or false")
    legal_reason: str = Field("", max_length=300, description="write a text of at most 300 characters")
    export_within: values.Span = Field(timedelta(hours=72), description=_SPAN)
    words: values.KeptFor = Field(timedelta(days=366), description=_KEPT)
    scores: values.KeptFor = Field(timedelta(days=1827), description=_KEPT)
    audit: values.KeptFor = Field(timedelta(days=1827), description=_KEPT)
    outbox_rows: values.KeptFor = Field(timedelta(days=30), description=_KEPT)
    inbox_rows: values.KeptFor = Field(timedelta(days=7), description=_KEPT)
    failed_starts: values.KeptFor = Field(timedelta(days=7), description=_KEPT)
    sent_messages: values.KeptFor = Field(timedelta(days=366), description=_KEPT)

    @model_validator(mode="after")
    def _words_go_first(self) -> Self:
        if self.words > self.scores:
            raise ValueError("words are kept longer than scores; write at most the same for words")
        return self


class Backup(_Section):
    """Where encrypted copies of the database go every day, and how many are kept."""

    folder: values.OptionalFile = Field(Path("data/backups"), description='write the path of a folder, or "" for none')
    keep: int = Field(14, ge=1, le=1000, description="write how many backups are kept, from 1 to 1000")
    hour: int = Field(4, ge=0, le=23, description="write a full hour from 0 to 23")


class Health(_Section):
    """Where the bot says how it is; empty is nowhere."""

    listen: values.Address = Field(
        "127.0.0.1:9477", description='write an address like "127.0.0.1:9477", or "" for none'
    )
    exposed: bool = Field(default=False, description="write true or false")

    @model_validator(mode="after")
    def _at_home(self) -> Self:
        if self.listen and not self.exposed and not values.is_loopback(self.listen):
            raise ValueError(
                f'listen = "{self.listen}" can be reached from other machines, without a password; write '
                '"127.0.0.1:9477", or exposed = true beside it if a firewall or a container keeps others away'
            )
        return self


class Operator(_Section):
    """When whoever looks after the bot is told about the machine."""

    least_free: int = Field(500, ge=0, le=1_000_000, description="write megabytes, from 0 (never told) to 1000000")

    @property
    def least_free_bytes(self) -> int:
        """Return it in bytes."""
        return self.least_free * 10**6


class Config(_Section):
    """All settings, made by `load`; its paths are absolute."""

    telegram: Telegram = Telegram()
    database: Database = Database()
    practice: Practice = Practice()
    check_in: CheckIn = CheckIn()
    alliance: Alliance = Alliance()
    digest: Digest = Digest()
    therapist: Therapist = Therapist()
    privacy: Privacy = Privacy()
    backup: Backup = Backup()
    health: Health = Health()
    operator: Operator = Operator()

    def check_in_times(self) -> CheckInTimes:
        """Return the spans of a check-in."""
        return CheckInTimes(
            delay=self.check_in.delay,
            quiet=QuietHours(self.check_in.quiet_from, self.check_in.quiet_until),
            reminder_after=self.check_in.reminder_after,
            expires_after=self.check_in.expires_after,
            grace=self.alliance.grace,
        )

    def items(self) -> tuple[Item, ...]:
        """Return what patients are asked, in order."""
        return THREE_ITEMS[: self.check_in.items]

    def default_voice(self) -> Voice:
        """Return how to speak to people who have not chosen."""
        practice = self.practice
        spoken = practice.language, practice.address, practice.form
        return Voice(*spoken, practice.timezone, practice.spoken_in())

    def working_hours(self) -> WorkingHours:
        """Return the hours in which sessions begin, of therapists who have not said otherwise."""
        return WorkingHours(self.therapist.working_from, self.therapist.working_until)

    def note_before(self) -> timedelta | None:
        """Return how long before a session its therapist is reminded of it; None: never."""
        return self.therapist.note_before if self.therapist.pre_session_note else None

    def therapist_quiet(self) -> QuietHours:
        """Return the hours in which therapists get nothing but urgent pushes."""
        return QuietHours(self.therapist.quiet_from, self.therapist.quiet_until)


def load(path: Path) -> Config:
    """Read the settings from `path` and the environment.  Raises ConfigurationError with one line per problem."""
    written = _read(path)
    sections = Config.model_fields
    unknown = list(problems.unknown_variables(sections))
    if unknown:
        raise ConfigurationError("\n".join(unknown))
    try:
        config = Config.model_validate(_overruled(written))
    except ValidationError as error:
        lines = (problems.sentence(path, sections, one) for one in error.errors())
        raise ConfigurationError("\n".join(dict.fromkeys(lines))) from None
    return _anchored(config, path)


def _read(path: Path) -> dict[str, Any]:
    text = ""
    try:
        text = path.read_text("utf-8-sig")
        return tomllib.loads(text)
    except FileNotFoundError:
        reason = "does not exist; `microchequeo init` writes one"
    except UnicodeDecodeError:
        reason = "is not UTF-8 text; save it as UTF-8"
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
    except tomllib.TOMLDecodeError as error:
        reason = f"is not valid TOML: {_with_position(str(error), text)}"
    raise ConfigurationError(f"{path} {reason}.")


def _with_position(message: str, text: str) -> str:
    lines = text.split("\n")
    return message.replace("at end of document", f"at line {len(lines)}, column {len(lines[-1]) + 1}")


def _overruled(written: dict[str, Any]) -> dict[str, Any]:
    """Let the environment win over the file; either form of the token takes the place of both."""
    given = {(section, key): os.environ[name] for name, section, key in problems.given_variables() if key is not None}
    found = {name: dict(section) if isinstance(section, dict) else section for name, section in written.items()}
    if given.keys() & _TOKENS and isinstance(found.get("telegram"), dict):
        found["telegram"] = {key: value for key, value in found["telegram"].items() if ("telegram", key) not in _TOKENS}
    for (section, key), text in given.items():
        if not isinstance(found.get(section), dict):
            found[section] = {}
        found[section][key] = problems.from_environment(Config.model_fields, section, key, text)
    return found


def _token_in(path: Path, where: str) -> str:
    try:
        token = path.read_text("utf-8").strip()
    except OSError as error:
        raise ConfigurationError(f"{where}: {path} cannot be read ({error.strerror}); {BOTFATHER}.") from None
    except UnicodeDecodeError:
        token = ""
    if not values.is_token(token):
        raise ConfigurationError(f"{where}: {path} holds no token; {BOTFATHER}.")
    return token


def _anchored(config: Config, file: Path) -> Config:
    """Make paths absolute: relative ones start at the configuration's own folder, wherever the bot is started."""
    folder, privacy, backup = file.absolute().parent, config.privacy, config.backup
    backups = backup.folder and folder / backup.folder.expanduser()
    return config.model_copy(
        update={
            "telegram": config.telegram.written_in(file),
            "practice": config.practice.written_in(file),
            "database": config.database.written_in(folder),
            "privacy": privacy.model_copy(update={"key_file": folder / privacy.key_file.expanduser()}),
            "backup": backup.model_copy(update={"folder": backups}),
        }
    )
