"""An hour that stands alone behind its day: "mañana 17", "esta tarde 5", "tomorrow 10" → "a las 17", "at 10"."""

import re
from datetime import date, timedelta
from typing import Final

_DAYS: Final = {"hoy": 0, "today": 0, "manana": 1, "tomorrow": 1, "ayer": -1, "yesterday": -1, "anteayer": -2}
_PART: Final = {
    "es": r"(?:por|a|en) la (?:manana|tarde|noche)|esta (?:manana|tarde|noche)",
    "en": r"in the (?:morning|afternoon|evening)|at night|this (?:morning|afternoon|evening)|tonight",
}
_BARE: Final = {
    language: re.compile(
        rf"\b(?P<before>(?:pasado )?(?:{'|'.join(_DAYS)})|{part}) (?P<hour>\d\d?)"
        r"(?=$| \d{1,3} ?(?:m|min(?:uto|ute)?s?|')(?!\w)| (?:1|una|an|one|media) ?h)"
    )
    for language, part in _PART.items()
}
_AT: Final = {"es": "a las", "en": "at"}


def name_hour(line: str, today: date, language: str) -> str:
    """Say that such a number is an hour; one that is the day's own number ("mañana 18" on a 17th) says no hour."""

    def spoken(match: re.Match[str]) -> str:
        before, number = match["before"], int(match["hour"])
        words = before.split()
        day = today + timedelta(days=_DAYS.get(words[-1], 0) + (words[0] == "pasado"))
        if number > 23 or (words[-1] in _DAYS and number == day.day):  # noqa: PLR2004 - hours in a day
            return match[0]
        return f"{before} {_AT[language]} {match['hour']}"

    return _BARE[language].sub(spoken, line, count=1)
