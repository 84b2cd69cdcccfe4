"""Everyday wordings → the forms that the readers know: "vie" is "viernes", "half past nine" is "at 9:30".

Works on a folded line (lower case, no accents) and changes nothing else; each rule is one wording.
"""

import re
from collections.abc import Callable
from typing import Final

from bot.when.clock_time import HOUR_NAMES
from bot.when.day import WEEKDAYS

_HOUR: Final = rf"(\d\d?|{'|'.join(HOUR_NAMES)})\b"
_FEW: Final = {"un": 1, "una": 1, "a": 1, "one": 1, "dos": 2, "two": 2, "tres": 3, "three": 3, "cuatro": 4, "four": 4}
_SHORT: Final = {
    "es": {"lun": "lunes", "mie": "miercoles", "jue": "jueves", "vie": "viernes", "sab": "sabado", "dom": "domingo"},
    "en": {
        "mon": "monday",
        "tue": "tuesday",
        "tues": "tuesday",
        "wed": "wednesday",
        "weds": "wednesday",
        "thu": "thursday",
        "thur": "thursday",
        "thurs": "thursday",
        "fri": "friday",
        "sat": "saturday",
        "sun": "sunday",
    },
}

_DAY: Final = rf"today|tomorrow|yesterday|(?:{'|'.join(WEEKDAYS['en'])})s?"

_Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def _weekday(language: str) -> _Rule:
    names = _SHORT[language]
    return re.compile(rf"\b({'|'.join(names)})\b\.?"), lambda match: names[match[1]]


def _days(match: re.Match[str]) -> str:
    days, unit = _UNITS[match["unit"][:2]]
    return f"{days * (_FEW.get(match['number']) or int(match['number']))} {unit}"


def _half(match: re.Match[str]) -> str:
    return f"at {_number(match[1])}:30"


def _quarter(match: re.Match[str]) -> str:
    hour = _number(match[2])
    return f"at {hour}:15" if match[1] == "past" else f"at {(hour - 1) or 12}:45"


def _number(hour: str) -> int:
    return HOUR_NAMES.get(hour) or int(hour)


_UNITS: Final = {"di": (1, "dias"), "se": (7, "dias"), "da": (1, "days"), "we": (7, "days")}
_SPAN: Final = rf"(?P<number>{'|'.join(_FEW)}|\d\d?) (?P<unit>dias?|semanas?|days?|weeks?)\b"
_RULES: Final[dict[str, tuple[_Rule, ...]]] = {
    "es": (
        _weekday("es"),
        (re.compile(r"(?<!\d )(?<!\bde )\bmar\b\.?(?! ?\d{4}\b)"), "martes"),  # "23 mar" is in March
        (re.compile(r"\bmedio dia\b"), "mediodia"),
        (re.compile(r"\b(?:antier|antes de ayer)\b"), "anteayer"),
        (re.compile(r"\bhasta (?:la )?navidad(?:es)?\b"), "hasta el 25 de diciembre"),
        (re.compile(r"\bhasta (?:el )?(?:fin|final) de(?:l)? ano\b"), "hasta el 31 de diciembre"),
        (re.compile(r"\btipo (?:a )?(?:las )?(?=\d)"), "a las "),  # "about five", on the River Plate
        (re.compile(r"\bcomo (?=a las? )"), ""),
        (re.compile(r"(?<=\d) (?:hs? )?en punto\b"), ""),
        (re.compile(r"\b(?:sobre|hacia|a eso de) (?=las? )"), "a "),
        (re.compile(r"\banoche\b"), "ayer por la noche"),
        (re.compile(r"\b(?:1(?:o|er|ro)|primero) (?=de )"), "1 "),
        (re.compile(r"(?<=\d) de este mes\b"), ""),
        (re.compile(rf"(?:(?<=\ben )|(?<=\bdentro de )|(?<=\bhace )){_SPAN}"), _days),
        (re.compile(r"(?<!dentro )\bde (?=\d{1,3} ?min)"), ""),
    ),
    "en": (
        _weekday("en"),
        (re.compile(r"\bmidday\b"), "noon"),
        (re.compile(r"\b(?:tmrw|tmr)\b"), "tomorrow"),
        (re.compile(r"\buntil christmas\b"), "until 25 december"),
        (re.compile(r"\buntil (?:the )?end of the year\b"), "until 31 december"),
        (re.compile(rf"\b({_DAY}) (morning|afternoon|evening)\b"), r"\1 in the \2"),
        (re.compile(rf"\b({_DAY}) night\b"), r"\1 at night"),
        (re.compile(r"\baround (?=\d)"), "at "),
        (re.compile(r"\blast night\b"), "yesterday at night"),
        (re.compile(r"(?<=\d)((?:st|nd|rd|th)?) of this month\b"), r"\1"),
        (re.compile(rf"(?<=\bin ){_SPAN}"), _days),
        (re.compile(rf"\b{_SPAN}(?= ago\b)"), _days),
        (re.compile(r"\ba week from (?:today|now)\b"), "in 7 days"),
        (re.compile(rf"\b(?:at )?half (?:past )?{_HOUR}(?!:)"), _half),
        (re.compile(rf"\b(?:at )?(?:a )?quarter (past|to) {_HOUR}(?!:)"), _quarter),
        (re.compile(rf"\b(?:at )?{_HOUR} o'?clock\b"), r"at \1"),
    ),
}


def plainer(line: str, language: str) -> str:
    """Put the everyday wordings of a folded line into the forms that are read."""
    for pattern, instead in _RULES[language]:
        line = pattern.sub(instead, line)
    return " ".join(line.split())
