"""A while from now or ago: "dentro de dos horas", "in 90 minutes", "hace una hora", "half an hour ago"."""

import re
from datetime import timedelta
from typing import Final

from bot.when.clock_time import HOUR_NAMES
from bot.when.problems import without

_NUMBER: Final = rf"\d{{1,3}}|{'|'.join((*HOUR_NAMES, 'un', 'an', 'a'))}"
_WHILE: Final = (
    r"(?:(?P<half>media hora|half an hour)"
    rf"|(?P<number>{_NUMBER}) ?(?P<unit>h(?:ora|our)?s?|m(?:in(?:uto|ute)?s?)?)\b(?P<more> y media| and a half)?"
    r"|(?P<hour_and_half>hora y media))"
)
_AHEAD: Final = re.compile(rf"\b(?:dentro de|en|in) {_WHILE}(?! ?[:/-])")
_AGO: Final = {
    "es": re.compile(rf"\bhace (?:unos |unas |como )?{_WHILE}(?! ?[:/-])"),
    "en": re.compile(rf"\b(?:about )?{_WHILE} ago\b"),
}
_ONE: Final = frozenset({"un", "an", "a"})


def take_wait(line: str) -> tuple[timedelta | None, str]:
    """Take out how long it is until the session; None when the line does not say so."""
    return _taken(_AHEAD.search(line), line)


def take_ago(line: str, language: str) -> tuple[timedelta | None, str]:
    """Take out how long it is since the session; None when the line does not say so."""
    return _taken(_AGO[language].search(line), line)


def _taken(match: re.Match[str] | None, line: str) -> tuple[timedelta | None, str]:
    return (_while(match), without(line, match)) if match else (None, line)


def _while(match: re.Match[str]) -> timedelta:
    if match["half"]:
        return timedelta(minutes=30)
    if match["hour_and_half"]:
        return timedelta(minutes=90)
    word = match["number"]
    number = 1 if word in _ONE else HOUR_NAMES.get(word) or int(word)
    if match["unit"].startswith("m"):
        return timedelta(minutes=number)
    return timedelta(hours=number, minutes=30 if match["more"] else 0)
