"""What the variables of the texts may be, so that a text that is reviewed reads as somebody will read it.

Taken from no practice: Dra. Ruiz and P-07 live in these pages alone.
"""

from collections.abc import Mapping
from itertools import chain
from types import MappingProxyType
from typing import Final

from bot.domain.model import Language

Example = str | int | tuple[str, str]
"""One value, or how it is said in Spanish and in English."""

_EXAMPLES: Final[Mapping[str, Example]] = {
    "Therapist": ("La Dra. Ruiz", "Dr. Ruiz"),
    "a": ("a la Dra. Ruiz", "Dr. Ruiz"),
    "act": "…",
    "after": "6",
    "age": 14,
    "answered": 9,
    "answers": 9,
    "arrow": " ↓",
    "article": "la",
    "asked": 5,
    "at": "24/11/2026 17:05",
    "before": "9",
    "changes": ("2 sesiones nuevas, una movida", "2 new sessions, 1 moved"),
    "choice": ("De tú", "Tú"),
    "city": "Madrid",
    "closed": 12,
    "code": "P-07",
    "codes": "P-07, P-11",
    "con": ("con la Dra. Ruiz", "Dr. Ruiz"),
    "contact": "Dra. Soto, 600 000 000",
    "count": 3,
    "current": ("6,5", "6.5"),
    "current_day": ("24 nov", "24 Nov"),
    "dates": ("mar 24 nov y jue 26 nov", "Tue 24 Nov and Thu 26 Nov"),
    "day": ("el martes 24 de noviembre", "Tuesday 24 November"),
    "days": 7,
    "de": ("de la Dra. Ruiz", "Dr. Ruiz"),
    "declined": 1,
    "delay": ("15 minutos", "15 minutes"),
    "direction": "higher",
    "ends": "17:50",
    "example": "15/12/2026",
    "family": "fall",
    "first": "1",
    "first_day": "16",
    "first_month": ("noviembre", "November"),
    "form": "comprendido",
    "gap": ("estima 1,5 más alto, en promedio (4 sesiones)", "1.5 higher, on average (4 sessions)"),
    "guess": "7",
    "hash": "7283edd1ed07",
    "hour": 17,
    "hours": 2,
    "item": ("¿Lo que hicimos tuvo sentido?", "Did what we did make sense?"),
    "kind": ("acuerdo", "agreement"),
    "language": ("español", "English"),
    "last": "12",
    "last_day": "22",
    "last_month": ("noviembre", "November"),
    "length": ("50 minutos", "50 minutes"),
    "level": ("8,5", "8.5"),
    "line": 12,
    "link": "https://t.me/…?start=…",
    "longest": 8,
    "manner": ("De usted · Comprendida · España", "Usted · Comprendida · Spain"),
    "mean": ("6,5", "6.5"),
    "messages": 24,
    "minutes": 15,
    "month": ("noviembre", "November"),
    "name": ("Dra. Ruiz", "Dr. Ruiz"),
    "note": ("acordamos ir más despacio", "we agreed to go more slowly"),
    "number": "024",
    "opened": "17/11/2026 17:20",
    "page": 1,
    "pages": 2,
    "part": 1,
    "parts": 2,
    "patients": 9,
    "place": "1",
    "places": "3",
    "points": 2,
    "previous": ("9,0", "9.0"),
    "previous_day": ("17 nov", "17 Nov"),
    "reason": (
        "la Ley 41/2002, art. 17.1, obliga a conservar la historia clínica al menos cinco años",
        "Spanish law (Ley 41/2002, art. 17.1) requires clinical records to be kept for at least five years",
    ),
    "reasons": ("caída sin hablar todavía", "drop not talked about yet"),
    "received": 2,
    "reference": ("archivo 14", "file 14"),
    "rule": "drop",
    "says": ("24 horas, gratuito", "24 hours, free"),
    "score": "7",
    "scores": ("5 años", "5 years"),
    "section": "silent",
    "seen": "17/11/2026 18:00",
    "sessions": 11,
    "share": 82,
    "shortest": 15,
    "since": ("hoy a las 16:40", "today at 16:40"),
    "span": ("2 horas", "2 hours"),
    "starts": "17:00",
    "state": ("en marcha", "under way"),
    "step": ("los pies en el suelo", "feet on the floor"),
    "subject": "…",
    "talked": "24/11/2026 17:10",
    "text": ("una pausa cuando suba la tensión", "a pause when the tension rises"),
    "therapist": ("la Dra. Ruiz", "Dr. Ruiz"),
    "therapists": 3,
    "time": "17:00",
    "title": "Ana G.",
    "unanswered": 1,
    "until": "17:50",
    "version": "3-code-14d-900s-morning",
    "waiting": 1,
    "week": ("del 16 al 22 de noviembre", "16–22 November"),
    "weekday": ("martes", "Tuesday"),
    "weeks": 2,
    "what": ("caída", "drop"),
    "when": ("mañana a las 17:00", "tomorrow at 17:00"),
    "why": ("Ese archivo no es un calendario, o no está entero.", "That file is not a calendar, or not a whole one."),
    "word": "mañana",
    "words": ("1 año", "1 year"),
    "wrong": 2,
    "year": "2026",
    "years": 5,
    "zone": ("hora de Madrid", "Madrid time"),
}

_NEAR: Final[Example] = ("martes 24", "Tuesday 24")
_THAT_DAY: Final[Example] = ("el martes 24", "Tuesday 24")
_SHORT: Final[Example] = ("24 nov", "24 Nov")
_FULL: Final[Example] = ("el martes 24 de noviembre a las 17:00", "Tuesday 24 November at 17:00")
_WEEKLY: Final[Example] = ("cada martes a las 17:00", "every Tuesday at 17:00")

_ELSEWHERE: Final[Mapping[tuple[str, str], Example]] = {
    ("agreement-", "since"): ("el martes 17 de noviembre", "Tuesday 17 November"),
    ("agreement-was", "since"): ("17 nov", "17 Nov"),
    ("agreement-", "until"): _SHORT,
    ("agreement-", "number"): 2,
    ("alert-", "day"): _SHORT,
    ("before-", "day"): _SHORT,
    ("calendar-unknown-many", "count"): 12,
    ("history-title-page", "count"): 24,
    ("before-title", "when"): ("hoy a las 17:00", "today at 17:00"),
    ("button-", "day"): _SHORT,
    ("check-in-header", "day"): _NEAR,
    ("concern-", "when"): ("hoy a las 17:10", "today at 17:10"),
    ("consent-asked", "when"): (
        "Llegan 15 minutos después de cada sesión. Si para entonces ya es de noche, llegan por la mañana.",
        "They arrive 15 minutes after each session. If it is night by then, they arrive in the morning.",
    ),
    ("consent-rights", "days"): 14,
    ("data-", "name"): ("la Dra. Ruiz", "Dr. Ruiz"),
    ("data-asked", "asked"): "24/11/2026 17:05",
    ("data-asked", "answered"): "24/11/2026 17:20",
    ("data-episode", "closed"): "1/12/2026 17:20",
    ("data-episode", "state"): ("reparado", "repaired"),
    ("data-quiet", "hours"): "22:00-9:00",
    ("data-record", "until"): "—",
    ("data-session", "state"): ("contestada", "answered"),
    ("day", "day"): _NEAR,
    ("deletion-", "count"): 3,
    ("digest-", "day"): _SHORT,
    ("digest-back-to", "mean"): ("9,0", "9.0"),
    ("digest-gap", "gap"): ("estima 1,5 más alto, en promedio (4 sesiones)", "1.5 higher, on average (4 sessions)"),
    ("following-", "day"): ("17 nov", "17 Nov"),
    ("following-urgent", "when"): ("hoy a las 16:40", "today at 16:40"),
    ("full-day", "day"): _NEAR,
    ("goodbye-words-wait", "until"): _FULL,
    ("guess-", "day"): _SHORT,
    ("guess-asked", "day"): _NEAR,
    ("guess-gap", "points"): ("1,5", "1.5"),
    ("history-open", "what"): ("caída", "drop"),
    ("invitation-ready", "until"): _FULL,
    ("invitation-refused", "name"): "P-07",
    ("leave-backups", "days"): 14,
    ("leave-words-wait", "span"): ("72 horas", "72 hours"),
    ("line-examples-until", "example"): ("15 de diciembre", "15 December"),
    ("no-session", "day"): _THAT_DAY,
    ("patient-left-export", "until"): _FULL,
    ("patient-line", "day"): _SHORT,
    ("patient-page", "day"): _SHORT,
    ("pause-step", "places"): "5",
    ("privacy-where", "days"): 14,
    ("record-noted-agreement", "number"): 2,
    ("series-", "days"): ("martes", "Tuesday"),
    ("series-", "rule"): _WEEKLY,
    ("series-first", "when"): _FULL,
    ("series-once-or-weekly", "days"): ("martes y jueves", "Tuesday and Thursday"),
    ("agenda-series", "rule"): _WEEKLY,
    ("session-ended", "ends"): ("hoy a las 17:50", "today at 17:50"),
    ("session-day-gone", "example"): "24/11/2026",
    ("session-no-hours", "example"): "24/11/2026",
    ("session-pick-hour", "example"): "24/11/2026",
    ("session-mismatch", "weekday"): ("lunes", "Monday"),
    ("settings", "starts"): "21:30",
    ("settings", "ends"): "8:30",
    ("settings-work", "starts"): "9:00",
    ("settings-work", "ends"): "20:00",
    ("supervision-", "count"): 52,
    ("supervision-", "month"): ("noviembre de 2026", "November 2026"),
    ("supervision-", "number"): "4",
    ("supervision-", "patients"): 21,
    ("supervision-", "sessions"): 64,
    ("supervision-until", "days"): "14",
    ("supervision-until", "sessions"): "2",
    ("voz-", "hour"): 17,
    ("week-across-months", "first_day"): "30",
    ("week-across-months", "last_day"): "6",
    ("week-across-months", "last_month"): ("diciembre", "December"),
    ("weekday-names", "day"): _NEAR,
    ("words-", "day"): _SHORT,
    ("and", "first"): ("martes", "Tuesday"),
    ("and", "last"): ("jueves", "Thursday"),
}
"""Where a variable is said in another way: by how the key begins, the longest beginning first."""


_BESIDE: Final[Mapping[tuple[str, str], Mapping[str, Example]]] = {
    ("called", "article: none"): {"name": "Marta"},
    ("called", "article: el"): {"name": "Dr. Gil"},
    ("alert-", "days: one"): {"previous_day": ("23 nov", "23 Nov")},
    ("deletion-", "count: one"): {"codes": "P-07"},
}
"""What goes with one choice alone, a name with its article: by how the key begins, and by the choice."""


def example(language: Language, key: str, variable: str, chosen: Mapping[str, str] = MappingProxyType({})) -> str | int:
    """Return what a variable of a text may be where others are as `chosen`.  KeyError where none was written yet."""
    beside = (
        goes_with[variable]
        for (begins, choice), goes_with in _BESIDE.items()
        if key.startswith(begins) and variable in goes_with and choice in {": ".join(one) for one in chosen.items()}
    )
    beginnings = sorted(((begins, name) for begins, name in _ELSEWHERE if name == variable), reverse=True)
    elsewhere = (_ELSEWHERE[one] for one in beginnings if key.startswith(one[0]))
    value = next(chain(beside, elsewhere), None)
    value = _EXAMPLES[variable] if value is None else value
    if isinstance(value, tuple):
        return value[0] if language is Language.ES else value[1]
    return value
