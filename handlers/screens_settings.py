"""The pages of `/ajustes`: what is chosen now, and what can be chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.hours import QuietHours, WorkingHours
from bot.domain.model import Language, Voice
from bot.domain.places import PLACES
from bot.texts import Texts
from handlers.actions_settings import (
    QUIET,
    WORKING,
    OpenSettings,
    OpenZones,
    SetLanguage,
    SetQuiet,
    SetWorking,
    SetZone,
)
from handlers.keyboards import encode
from handlers.screen import Button, Screen, cut, in_rows

IN_A_ROW: Final = 3
HOURS_IN_A_ROW: Final = 2
_IN_WORDS: Final = 2
"""Quiet hours whose labels are too long for half a row: those of the practice, and none."""

MOST_NAMED: Final = 3
"""Zones that are named when a city is not enough to tell which is meant."""


@dataclass(frozen=True, slots=True)
class Rest:
    """The quiet hours that hold for a person, and whether they are their own."""

    quiet: QuietHours
    own: bool


@dataclass(frozen=True, slots=True)
class Work:
    """The working hours that hold for a therapist, and whether they are their own."""

    working: WorkingHours
    own: bool


def settings(texts: Texts, voice: Voice, now: datetime, rest: Rest | None = None, work: Work | None = None) -> Screen:
    """Show language and zone, with the time there, so that a wrong zone is seen at once, and the hours."""
    clock = texts.moment(voice, now)["time"]
    lines = [texts.say(voice, "settings", city=texts.zone(voice, voice.zone), time=clock)]
    pages = [OpenSettings("language"), OpenSettings("zone")]
    if voice.language is Language.ES:
        lines.append(texts.say(voice, "settings-manner"))
        pages.insert(1, OpenSettings("manner"))
    if rest is not None:
        lines.append(_rest(texts, voice, rest))
        pages.append(OpenSettings("quiet"))
    if work is not None:
        key = "settings-work-own" if work.own else "settings-work"
        lines.append(texts.say(voice, key, **_hours(work.working)))
        pages.append(OpenSettings("working"))
    buttons = [Button(texts.say(voice, f"button-{page.what}"), encode(page)) for page in pages]
    return Screen(cut("\n".join(lines)), in_rows(buttons, HOURS_IN_A_ROW))


def settings_language(texts: Texts, voice: Voice) -> Screen:
    """Offer the languages, each in its own name."""
    choices = tuple(
        Button(texts.say(voice, f"language-{language}"), encode(SetLanguage(language))) for language in Language
    )
    return Screen(texts.say(voice, "settings-language"), (choices, _return_row(texts, voice)))


def settings_country(texts: Texts, voice: Voice) -> Screen:
    """Offer the countries; one that has a single time zone needs no further page."""
    choices = [
        Button(texts.country(voice, country), encode(OpenZones(country) if len(zones) > 1 else SetZone(zones[0])))
        for country, zones in PLACES.items()
    ]
    return Screen(texts.say(voice, "settings-country"), (*in_rows(choices, IN_A_ROW), _return_row(texts, voice)))


def settings_zone(texts: Texts, voice: Voice, country: str) -> Screen:
    """Offer the time zones of a country by city."""
    choices = [Button(texts.zone(voice, ZoneInfo(zone)), encode(SetZone(zone))) for zone in PLACES[country]]
    back = Button(texts.say(voice, "button-settings-back"), encode(OpenSettings("zone")))
    return Screen(texts.say(voice, "settings-zone"), (*in_rows(choices, IN_A_ROW), (back,)))


def settings_quiet(texts: Texts, voice: Voice, practice: QuietHours) -> Screen:
    """Offer quiet hours: some spans, those of the practice, and none."""
    choices = [Button(_choice(texts, voice, quiet, practice), encode(SetQuiet(quiet))) for quiet in QUIET]
    spans, words = choices[:-_IN_WORDS], choices[-_IN_WORDS:]
    rows = (*in_rows(spans, HOURS_IN_A_ROW), *in_rows(words, 1))
    return Screen(texts.say(voice, "settings-quiet"), (*rows, _return_row(texts, voice)))


def settings_working(texts: Texts, voice: Voice, practice: WorkingHours) -> Screen:
    """Offer working hours: some spans, and those of the practice."""
    choices = [
        Button(
            texts.say(voice, "button-quiet-hours" if own else "button-work-practice", **_hours(own or practice)),
            encode(SetWorking(own)),
        )
        for own in WORKING
    ]
    rows = in_rows(choices, HOURS_IN_A_ROW)
    return Screen(texts.say(voice, "settings-working"), (*rows, _return_row(texts, voice)))


def settings_unclear(texts: Texts, voice: Voice, found: Sequence[ZoneInfo]) -> Screen:
    """Say kindly that a typed line is neither hours nor a zone, or which zones it may mean, with three examples."""
    if len(found) > 1:
        names = "\n".join(f"/{texts.say(voice, 'settings-command')} {zone.key}" for zone in found[:MOST_NAMED])
        return Screen(cut(f"{texts.say(voice, 'settings-several')}\n{names}"))
    return Screen(texts.say(voice, "settings-unclear"))


def _rest(texts: Texts, voice: Voice, rest: Rest) -> str:
    if rest.quiet.starts == rest.quiet.ends:
        return texts.say(voice, "settings-rest-none")
    return texts.say(voice, "settings-rest-own" if rest.own else "settings-rest", **_hours(rest.quiet))


def _choice(texts: Texts, voice: Voice, quiet: QuietHours | None, practice: QuietHours) -> str:
    if quiet is None:
        usual = practice.starts != practice.ends
        return texts.say(
            voice,
            "button-quiet-practice" if usual else "button-quiet-practice-none",
            **_hours(practice),
        )
    if quiet.starts == quiet.ends:
        return texts.say(voice, "button-quiet-none")
    return texts.say(voice, "button-quiet-hours", **_hours(quiet))


def _hours(daily: QuietHours | WorkingHours) -> dict[str, str]:
    starts, ends = daily.span
    return {"starts": f"{starts.hour}:{starts:%M}", "ends": f"{ends.hour}:{ends:%M}"}


def _return_row(texts: Texts, voice: Voice) -> tuple[Button, ...]:
    return (Button(texts.say(voice, "button-settings-back"), encode(OpenSettings("menu"))),)
