"""The words of a line that say it repeats: "cada dos semanas", "los martes y jueves", "hasta el 20/12", "10 times".

They are taken out one kind after the other; what nobody took stays in the line, and the caller refuses it.  So "el
primer martes de cada mes" is not read as every Tuesday.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from bot.when.clock_time import HOUR_NAMES
from bot.when.day import MONTHS, WEEKDAYS
from bot.when.problems import Reason, UnreadableLineError, without

_NUMBERS: Final = {**HOUR_NAMES, "quince": 15, "fifteen": 15, "veinte": 20, "twenty": 20}
_NUMBER: Final = rf"\d{{1,3}}|{'|'.join(_NUMBERS)}"
_WEEKS_OF_DAYS: Final = {
    "es": {7: 1, 8: 1, 14: 2, 15: 2, 21: 3, 28: 4},  # "ocho días" are a week, "quince días" two
    "en": {7: 1, 14: 2, 21: 3, 28: 4},
}
_WEEKDAY: Final = {
    language: "|".join(name if name.endswith("s") else rf"{name}s?" for name in names)
    for language, names in WEEKDAYS.items()
}
_LISTED: Final = {
    "es": re.compile(
        rf"\b(?:(?P<mark>cada|todos los|los)(?: dias?)? )?(?P<list>(?:{_WEEKDAY['es']})"
        rf"(?:(?: [ye])?(?: los| el| cada)? (?:{_WEEKDAY['es']}))*)\b"
    ),
    "en": re.compile(
        rf"\b(?:(?:on )?(?P<mark>every|each) )?(?:on )?(?P<list>(?:{_WEEKDAY['en']})"
        rf"(?:(?: and)?(?: on| every| each)? (?:{_WEEKDAY['en']}))*)\b"
    ),
}
_INTERVAL: Final = {
    "es": re.compile(
        rf"\bcada (?:(?P<weeks>{_NUMBER}) (?:semanas?\b|(?=(?:{_WEEKDAY['es']})\b))|(?P<days>{_NUMBER}) dias\b)"
        r"|\b(?P<one>(?:cada|una vez (?:por|a la|cada)) semana|todas las semanas|semanal(?:es|mente)?)\b"
        r"|\b(?P<two>cada quincena|quincenal(?:es|mente)?|(?:en )?semanas alternas|alternos)\b"
    ),
    "en": re.compile(
        rf"\bevery (?:(?P<weeks>{_NUMBER}) (?:weeks?\b|(?=(?:{_WEEKDAY['en']})\b))|(?P<days>{_NUMBER}) days\b)"
        r"|\b(?P<one>(?:every|each|once (?:a|per|every)) week|weekly)\b"
        r"|\b(?P<two>every (?:other|second) week|bi[ -]?weekly|fortnightly"
        r"|(?:every|each|once (?:a|per|every)) fortnight|(?:on )?alternate weeks)\b"
        rf"|\b(?P<two_of>every (?:other|second|alternate)|alternate) (?=(?:{_WEEKDAY['en']})\b)"
    ),
}
_NEAR: Final = {"es": "hoy|manana|pasado manana", "en": "today|tomorrow|(?:the )?day after tomorrow"}


def _day(language: str) -> str:
    """Give the pattern of a day that bounds a series: a date, a weekday, both, or one near by; never a whole month."""
    month, weekday = MONTHS[language], _WEEKDAY[language]
    date = (
        r"\d{4}-\d\d?-\d\d?|\d\d?[/.-]\d\d?(?:[/.-]\d{2,4})?"
        rf"|\d\d?(?:st|nd|rd|th)?(?: de| of)? (?:{month})(?:(?: del?)? \d{{4}})?"
        rf"|(?:{month}) \d\d?(?:st|nd|rd|th)?(?: \d{{4}})?"
    )
    return rf"(?P<day>(?:(?:{weekday}) )?(?:{date})|{weekday}|{_NEAR[language]})(?![\w:/-]|\.\d)"


_SINCE: Final = {
    "es": re.compile(rf"\b(?:a partir de|a partir|desde|empezando|comenzando)l?(?: el| dia| proximo)* {_day('es')}"),
    "en": re.compile(rf"\b(?:starting|beginning|from|as of)(?: on| from| the| next)* {_day('en')}"),
}
_UNTIL: Final = {
    "es": re.compile(rf"\bhasta(?: el| dia| proximo)* {_day('es')}(?: inclusive)?"),
    "en": re.compile(rf"\b(?:until|till?|through|up to)(?: on| the| next)* {_day('en')}(?: inclusive)?"),
}
_TIMES: Final = re.compile(
    rf"\b(?:(?:durante|por|for) )?(?P<number>{_NUMBER}) (?:veces|sesiones|citas|times|sessions)\b"
    r"(?! (?:por|al?|a la|per)\b)"
)
_WEEKS: Final = re.compile(
    rf"\b(?:durante|por|for)(?: las| the)?(?: proximas| next)? (?P<number>{_NUMBER}) (?:semanas|weeks)\b"
)
_DAYS: Final = {language: "|".join(names) for language, names in WEEKDAYS.items()}
_HINT: Final = re.compile(
    r"\b(?:cada|(?:bi)?seman\w*l(?:es|mente)?|quincenal\w*|mensual\w*|diari[oa]s?|tod[oa]s l[oa]s|alternos|alternas"
    r"|(?:una vez|once) \w+(?: la)? (?:semana|week|fortnight)"
    r"|los (?:dias? )?(?:lunes|martes|miercoles|jueves|viernes|sabados|domingos)|sabados|domingos"
    r"|every|each|weekly|bi-?weekly|fortnight\w*|monthly|daily|alternate|\w+days"
    rf"|(?:{_DAYS['es']}) ?(?:a|al|hasta|-) ?(?:el )?(?:{_DAYS['es']})"
    rf"|(?:{_DAYS['en']}) ?(?:to|through|until|-) ?(?:{_DAYS['en']}))\b"
)


@dataclass(frozen=True, slots=True)
class Repetition:
    """What a line says of the repeating, with the days that bound it as they were written ("" when they were not).

    `said` is false where several weekdays are named and nothing says whether they repeat ("martes y jueves").
    """

    weekdays: tuple[int, ...]
    every: int
    since: str = field(repr=False)
    until: str = field(repr=False)
    count: int | None
    weeks: int | None
    said: bool = True


def repeats(line: str, language: str) -> bool:
    """Say whether anything in a line speaks of more than one session, readable or not, in whatever language."""
    patterns = (_HINT, _TIMES, _WEEKS, _SINCE[language], _UNTIL[language])
    listed = _LISTED[language].search(line)
    return any(pattern.search(line) for pattern in patterns) or bool(listed and len(_names(listed, language)) > 1)


def take_repetition(line: str, language: str) -> tuple[Repetition, str]:
    """Take out everything that says how it repeats; raises UnreadableLineError when the line leaves that open."""
    since, line = _take(_SINCE[language], "day", line)
    until, line = _take(_UNTIL[language], "day", line)
    every, line = _take_interval(line, language)
    weekdays, marked, line = _take_weekdays(line, language)
    count, line = _take(_TIMES, "number", line)
    weeks, line = _take(_WEEKS, "number", line)
    ends = len(weekdays) > 1 and bool(until or count or weeks)
    said = every is not None or marked or ends
    if (len(weekdays) <= 1 and not said) or (until and weeks) or _HINT.search(line):
        raise UnreadableLineError(Reason.RECURRENCE)
    every = 1 if every is None else every
    return Repetition(weekdays, every, since, until, _number(count), _number(weeks), said), line


def _take(pattern: re.Pattern[str], group: str, line: str) -> tuple[str, str]:
    match = pattern.search(line)
    return (match[group], without(line, match)) if match else ("", line)


def _number(word: str) -> int | None:
    return (_NUMBERS.get(word) or int(word)) if word else None


def _take_interval(line: str, language: str) -> tuple[int | None, str]:
    match = _INTERVAL[language].search(line)
    if match is None:
        return None, line
    said = match.groupdict()
    days = _number(said["days"] or "")
    if days is not None and days not in _WEEKS_OF_DAYS[language]:
        raise UnreadableLineError(Reason.RECURRENCE)
    weeks = _number(said["weeks"] or "") if days is None else _WEEKS_OF_DAYS[language][days]
    if weeks is None:
        weeks = 1 if said["one"] else 2
    return weeks, without(line, match)


def _take_weekdays(line: str, language: str) -> tuple[tuple[int, ...], bool, str]:
    """Take out the weekdays, and whether their words alone say that they repeat ("los martes", "Tuesdays")."""
    match = _LISTED[language].search(line)
    if match is None:
        return (), False, line
    names = _names(match, language)
    plural = any(name not in WEEKDAYS[language] for name in names)
    numbers = {WEEKDAYS[language].index(name if name in WEEKDAYS[language] else name[:-1]) for name in names}
    return tuple(sorted(numbers)), bool(match["mark"]) or plural, without(line, match)


def _names(match: re.Match[str], language: str) -> list[str]:
    return re.findall(rf"\b(?:{_WEEKDAY[language]})\b", match["list"])
