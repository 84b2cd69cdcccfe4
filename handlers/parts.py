"""What several screens have in common: a row of buttons, a sentence about one patient, when something is."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.model import Patient, Points, Voice
from bot.domain.recurrence import Recurrence
from bot.services.enrolment import clean_code
from bot.texts import Texts
from handlers.actions import Action
from handlers.keyboards import encode
from handlers.screen import Button, Screen, cut


def row(texts: Texts, voice: Voice, *buttons: tuple[str, Action]) -> tuple[Button, ...]:
    """Return one row of buttons, each given as the key of its label and what it means."""
    return tuple(Button(texts.say(voice, key), encode(action)) for key, action in buttons)


def about(texts: Texts, voice: Voice, key: str, code: str) -> Screen:
    """Say one sentence about a patient."""
    return Screen(cut(texts.say(voice, key, code=code)))


def stretch(texts: Texts, voice: Voice, starts_at: datetime, ends_at: datetime) -> dict[str, str]:
    """Return from when to when something is, as variables: day with its weekday and month, starts, until, zone."""
    return {
        "day": texts.full_day(voice, starts_at),
        "starts": str(texts.moment(voice, starts_at)["time"]),
        "until": str(texts.moment(voice, ends_at)["time"]),
        "zone": zone_of(texts, voice),
    }


def typed_date(day: date) -> str:
    """Write a date as it can be typed in a line, in either language: 24/11/2026."""
    return f"{day:%d/%m/%Y}"


def called(patients: Sequence[Patient], word: str) -> Patient | None:
    """Find whose code a word of a line is; "P07," is P-07 where no other is meant."""
    code = clean_code(word.rstrip(",.;:"))
    alike = [one for one in patients if code and one.code.replace("-", "") == code.replace("-", "")]
    exact = [one for one in alike if one.code == code]
    (one,) = exact or alike if len(exact or alike) == 1 else [None]
    return one


def zone_of(texts: Texts, voice: Voice) -> str:
    """Say whose clock it is: «hora de Madrid»."""
    return texts.say(voice, "zone-of", city=texts.zone(voice, voice.zone))


def arrow(before: Points | None, now: Points) -> str:
    """Say whether an alliance rose, fell or held, behind its number; nothing where none was before."""
    if before is None:
        return ""
    return " →" if before == now else " ↑" if now > before else " ↓"


def listed(texts: Texts, voice: Voice, names: Sequence[str]) -> str:
    """Say several things in a row: «lunes, martes y jueves»."""
    return names[0] if len(names) == 1 else texts.say(voice, "and", first=", ".join(names[:-1]), last=names[-1])


def listed_weekdays(texts: Texts, voice: Voice, rule: Recurrence) -> str:
    """Say on which weekdays a series is: «martes y jueves»."""
    names = texts.say(voice, "weekday-names").split(", ")
    return listed(texts, voice, [names[day] for day in rule.weekdays])
