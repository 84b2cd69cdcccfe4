"""What the bot says, in each person's voice: Fluent texts under `texts/`, dates and numbers as people say them.

Chooses no words itself: every form of every sentence lies in the `.ftl` files, for a clinician to review.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, cached_property, lru_cache
from importlib import resources
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, get_timezone_location
from fluent.runtime import FluentBundle
from fluent.syntax import FluentParser

from bot.domain.instrument import WORDING
from bot.domain.model import Article, Called, Form, Language, Register, Voice

NAME_AT_MOST: Final = 48
"""Characters of a name that are shown: it has to fit on a button."""

DAYS_OF_A_WEEK: Final = 7

REMEMBERED: Final = 2000
REMEMBERED_AT_MOST: Final = 400
"""Texts that are remembered, and characters of each."""

_JOINER: Final = "\u200d"
_PART_AT_MOST: Final = 900
"""Characters of one value inside a sentence; fluent.runtime refuses 1,000.  Longer things are joined outside."""

_ENTRY: Final = re.compile(r"^([a-zA-Z][\w-]*) *=", re.MULTILINE)
_REFERENCE: Final = re.compile(r"\{ *([a-zA-Z][\w-]*)")

_LOCALES: Final = {Language.ES: "es", Language.EN: "en_GB"}


class TextProblemError(LookupError):
    """A text or one of its variables is missing: an error for tests, never for the person who is reading."""


class Book:
    """The texts of one language.  Each is parsed when it is first said: parsing all of them is a tenth of a start."""

    def __init__(self, language: str, written: Mapping[str, str]) -> None:
        """Take the texts as they are written in Fluent, by their keys."""
        self.written = written
        self._language = language
        self._parser = FluentParser(with_spans=False)  # where in the file a text stands is of no use here

    @cached_property
    def _bundle(self) -> FluentBundle:
        return FluentBundle([self._language], use_isolating=False)

    def said(self, key: str, values: Mapping[str, str | int]) -> tuple[str, list[Exception]]:
        """Say a text (`message` or `message.attribute`); return what went wrong with it, too.

        KeyError where there is none, or none that can be parsed.
        """
        name, _, attribute = key.partition(".")
        if not self._bundle.has_message(name):
            self._read(name)
        message = self._bundle.get_message(name)
        pattern = message.attributes[attribute] if attribute else message.value
        if pattern is None:
            raise KeyError(key)
        text, errors = self._bundle.format_pattern(pattern, dict(values))
        return str(text), errors

    def _read(self, name: str) -> None:
        """Parse a text with every other that it mentions; itself last, so that who finds it finds all of it."""
        wanted = [name] if name in self.written else []
        for one in wanted:
            mentioned = set(_REFERENCE.findall(self.written[one])) & self.written.keys()
            wanted += mentioned.difference(wanted)
        entries = "".join(self.written[one] for one in reversed(wanted))
        self._bundle.add_resource(self._parser.parse(entries))


_FORMS: Final = {
    "therapist": "called",
    "Therapist": "called-start",
    "de": "called-de",
    "con": "called-con",
    "a": "called-a",
}
_CALLED: Final = frozenset(_FORMS.values())
_OFTEN: Final = frozenset({*_FORMS, "article", "weekday", "day", "month", "time"})
"""What the same texts are filled with again and again: how a therapist is called, a day, a time."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Every text of the bot.  `report` hears of a missing text (in tests it raises); the person still gets words.

    A text that fails falls back to Spanish, then to its key.
    """

    books: Mapping[Language, Book]
    report: Callable[[TextProblemError], None]
    _remembered: dict[tuple[object, ...], str] = field(default_factory=dict, repr=False, compare=False)
    """The newest texts, by voice, key and values: what is asked again and again is put together once."""

    @classmethod
    def load(cls, report: Callable[[TextProblemError], None] = lambda _: None) -> "Texts":
        """Read the texts that come with the package."""
        return cls({language: _book(language) for language in Language}, report)

    def say(self, voice: Voice, key: str, **values: str | int) -> str:
        """Return the text `key` (or `message.attribute`); `$register`, `$form` and `$region` are always there."""
        if not _is_asked_often(key, values):
            return self._said(voice, key, values)
        place = (voice.language, voice.register, voice.form, voice.spoken_in, key, *values.items())
        found = self._remembered.get(place)
        if found is not None:
            return found
        said = self._said(voice, key, values)
        if said != key and len(said) <= REMEMBERED_AT_MOST:
            if len(self._remembered) >= REMEMBERED:
                self._remembered.clear()
            self._remembered[place] = said
        return said

    def _said(self, voice: Voice, key: str, given: dict[str, str | int]) -> str:
        person = {"register": voice.register.value, "form": voice.form.value, "region": voice.spoken_in.value}
        values = {**person, **_bounded(given)}
        for language in dict.fromkeys((voice.language, Language.ES)):
            text = self._formatted(language, key, values)
            if text is not None:
                return text
        return key

    def _formatted(self, language: Language, key: str, values: dict[str, str | int]) -> str | None:
        try:
            text, errors = self.books[language].said(key, values)
        except KeyError:
            self.report(TextProblemError(f"{language}: no text {key!r}"))
            return None
        if errors:
            self.report(TextProblemError(f"{language}: {key!r}: {'; '.join(map(str, errors))}"))
            return None
        return text

    def number(self, voice: Voice, mean: float) -> str:
        """Say a 0–10 mean with one decimal: «6,5», "6.5"."""
        text = f"{mean:.1f}"
        return text.replace(".", ",") if voice.language is Language.ES else text

    def brief_number(self, voice: Voice, mean: float) -> str:
        """Say a number without a decimal that is zero: «2», «2,5»."""
        return self.number(voice, mean).removesuffix(",0").removesuffix(".0")

    def named(self, voice: Voice, called: Called) -> dict[str, str]:
        """Return the forms of a therapist's name as variables: therapist, Therapist, de, con, a."""
        name = shortened(called.name)
        return {to: self.say(voice, key, name=name, article=called.article.value) for to, key in _FORMS.items()}

    def with_article(self, voice: Voice, name: str, article: Article) -> str:
        """Say a name with its article: «la Dra. Ruiz»."""
        return self.say(voice, "called", name=shortened(name), article=article.value)

    def moment(self, voice: Voice, instant: datetime) -> dict[str, str | int]:
        """Return an instant on the person's clock as variables: weekday, day («martes 24»), time, hour."""
        local = instant.astimezone(voice.zone)
        weekday = self._dated(voice, local.date(), "EEEE")
        return {
            "weekday": weekday,
            "day": f"{weekday} {local.day}",
            "time": f"{local.hour}:{local:%M}",
            "hour": local.hour,
        }

    def day(self, voice: Voice, instant: datetime) -> str:
        """Say a day near by: «el martes 24»."""
        return self.say(voice, "day", day=self.moment(voice, instant)["day"])

    def full_day(self, voice: Voice, instant: datetime) -> str:
        """Say a day with its month: «el martes 24 de noviembre»."""
        return self.full_date(voice, instant.astimezone(voice.zone).date())

    def full_date(self, voice: Voice, on: date) -> str:
        """Say a date with its month: «el martes 24 de noviembre»."""
        day = f"{self._dated(voice, on, 'EEEE')} {on.day}"
        return self.say(voice, "full-day", month=self._dated(voice, on, "MMMM"), day=day)

    def full_day_and_time(self, voice: Voice, instant: datetime) -> str:
        """Say an instant with its month: «el martes 24 de noviembre a las 17:00»."""
        month = self._dated(voice, instant.astimezone(voice.zone).date(), "MMMM")
        return self.say(voice, "full-day-and-time", month=month, **self.moment(voice, instant))

    def soon(self, voice: Voice, instant: datetime, now: datetime) -> str:
        """Say an instant as seen from `now`: «hoy a las 20:30», «mañana a las 8:30», «el jueves 26 a las 8:30».

        A week away or more, with its month.
        """
        days = (instant.astimezone(voice.zone).date() - now.astimezone(voice.zone).date()).days
        if abs(days) >= DAYS_OF_A_WEEK:
            return self.full_day_and_time(voice, instant)
        key = {0: "today-at", 1: "tomorrow-at"}.get(days, "day-and-time")
        values = self.moment(voice, instant)
        if key != "day-and-time":
            values = {name: values[name] for name in ("time", "hour")}
        return self.say(voice, key, **values)

    def short_day(self, voice: Voice, instant: datetime) -> str:
        """Say a day in a table: «24 nov»."""
        return self.short_date(voice, instant.astimezone(voice.zone).date())

    def short_date(self, voice: Voice, on: date) -> str:
        """Say a date in a table or a chart: «24 nov»."""
        return self._dated(voice, on, "d MMM")

    def weekday_and_date(self, voice: Voice, on: date) -> str:
        """Say a day in a list or on a button: «mar 24 nov»; «mar 1» alone could be the first of March."""
        return self._dated(voice, on, "EEE d MMM")

    def week(self, voice: Voice, first_on: date, last_on: date) -> str:
        """Say a span of days: «del 16 al 22 de noviembre», «del 30 de noviembre al 6 de diciembre»."""
        first, last = self._dated(voice, first_on, "MMMM"), self._dated(voice, last_on, "MMMM")
        days = {"first_day": str(first_on.day), "last_day": str(last_on.day)}
        if first == last:
            return self.say(voice, "week-in-month", last_month=last, **days)
        return self.say(voice, "week-across-months", first_month=first, last_month=last, **days)

    def month(self, voice: Voice, on: date) -> str:
        """Say a month with its year: «noviembre de 2026»."""
        return self.say(voice, "month", month=self._dated(voice, on, "MMMM"), year=str(on.year))

    def days(self, voice: Voice, span: timedelta) -> str:
        """Say a span in whole days, rounded: «7 días», «1 día»."""
        return self.say(voice, "days", days=round(span / timedelta(days=1)))

    def zone(self, voice: Voice, zone: ZoneInfo) -> str:
        """Say a time zone by its city: «Madrid», «Ciudad de México»."""
        place = get_timezone_location(zone, locale=_LOCALES[voice.language], return_city=True)
        return place.rpartition("/")[2]

    def country(self, voice: Voice, country: str) -> str:
        """Say a country (ISO 3166): «España»."""
        return str(Locale.parse(_LOCALES[voice.language]).territories[country])

    def _dated(self, voice: Voice, day: date, pattern: str) -> str:
        return _dated(voice.language, day, pattern)


def question_version(voice: Voice, *, today: bool) -> str:
    """Name the wording of the questions that `voice` is shown, as it is kept with each check-in."""
    day = "today" if today else "dated"
    return ".".join((voice.language, voice.register, voice.form, day, str(WORDING)))


def questions_of(version: str) -> tuple[Voice, str] | None:
    """Return the voice of a wording as it was kept, and the end of the first question's key ("-dated" or nothing).

    None when the wording has changed since: what it said then is not known any more.
    """
    language, register, form, day, wording = (*version.split("."), *[""] * 5)[:5]
    if wording != str(WORDING):
        return None
    voice = Voice(Language(language), Register(register), Form(form), ZoneInfo("UTC"))
    return voice, "-dated" if day == "dated" else ""


@lru_cache(REMEMBERED)
def _dated(language: Language, day: date, pattern: str) -> str:
    return format_date(day, pattern, locale=_LOCALES[language])


def _bounded(values: dict[str, str | int]) -> dict[str, str | int]:
    return {
        name: value[: _PART_AT_MOST - 1] + "…" if isinstance(value, str) and len(value) > _PART_AT_MOST else value
        for name, value in values.items()
    }


def _is_asked_often(key: str, values: dict[str, str | int]) -> bool:
    """Say whether a text may be remembered: words and names of people, but for a therapist's, are not kept."""
    return all(
        name in _OFTEN or (name == "name" and key in _CALLED)
        for name, value in values.items()
        if isinstance(value, str)
    )


def shortened(name: str, at_most: int = NAME_AT_MOST) -> str:
    """Make a name fit into a sentence or on a button: one line, at most `at_most` characters."""
    line = "".join(filter(_visible, " ".join(name.split()))) or "…"  # nothing that can be seen
    return line if len(line) <= at_most else line[: at_most - 1].rstrip(f" {_JOINER}") + "…"


def _visible(character: str) -> bool:
    """Say whether a character may stand in a name: what turns the rest of a sentence around may not."""
    return character == _JOINER or unicodedata.category(character) not in {"Cc", "Cf"}


@cache
def _book(language: Language) -> Book:
    """Read the texts of a language, once a process."""
    said = (resources.files("bot") / "texts" / f"{language}.ftl").read_text(encoding="utf-8")
    entries = list(_ENTRY.finditer(said))
    ends = [*(entry.start() for entry in entries[1:]), len(said)]
    return Book(
        language,
        {entry[1]: said[entry.start() : end] for entry, end in zip(entries, ends, strict=True)},
    )
