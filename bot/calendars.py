"""What a practice does with calendar files at the command line, beside the running bot or without it.

Titles are shown on the terminal of whoever holds the file, and kept nowhere.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from bot import errands
from bot.clock import SystemClock
from bot.config import Config
from bot.domain.appointments import Appointment
from bot.domain.calendars import Unknown
from bot.domain.errors import MicrochequeoError
from bot.domain.model import Patient, Therapist
from bot.ical.apart import read_apart
from bot.ical.events import CalendarRefusedError, Refusal
from bot.ical.writing import ComingSession, write_calendar
from bot.keys import Keys
from bot.services.calendars import Summary
from bot.wiring import Services

Ask = Callable[[str, Sequence[str]], str | None]
"""Asks whose a title is, given the codes to choose from: a code, an empty string for nobody, None for another time."""

UID: Final = "session-{id}@microchequeo"

WHY: Final = {
    Refusal.TOO_LARGE: "it is too large (1 MiB at most)",
    Refusal.TOO_MANY_EVENTS: "it has too many events (1,000 at most)",
    Refusal.NOT_A_CALENDAR: "it is no calendar, or not a whole one",
    Refusal.RECURRENCE: "something in it repeats too often, or never comes true",
    Refusal.TOO_SLOW: "there was no time to read it; try again later",
}


class NotDoneError(MicrochequeoError):
    """There is no such therapist, or the file was refused: nothing was done."""


async def take(config: Config, keys: Keys, content: bytes, who: str, ask: Ask | None) -> list[str]:
    """Take a file over and return what to say about it; `ask` is there when somebody sits at the terminal."""
    async with errands.without_telegram(config, keys) as services:
        therapist = await _therapist(services, who)
        try:
            read = await read_apart(content, now=SystemClock().now(), zone=config.practice.timezone)
        except CalendarRefusedError as refused:
            line = f" (line {refused.line})" if refused.line else ""
            why = f"{WHY[refused.reason]}{line}"
            raise NotDoneError(f"The file was not read: {why}. Nothing changed.") from None
        summary = await services.calendars.take(therapist, read.as_file())
        patients = await services.calendars.patients(therapist.id)
        named = [await _named(services, therapist, unknown, patients, ask) for unknown in summary.unknown]
    how = [] if ask or not named else ["Run this at a terminal, or send the file to the bot."]
    return [*_sentences(summary), *named, *how]


async def _therapist(services: Services, who: str) -> Therapist:
    """Find a therapist by name or number.  Raises NotDoneError, which names everybody there is."""
    everybody = await services.people.therapists()
    wanted = who.strip().casefold()
    found = [one for one in everybody if wanted in {str(one.id), one.called.name.casefold()}]
    if len(found) != 1:
        listed = ", ".join(f"{one.id} {one.called.name}" for one in everybody) or "nobody yet"
        why = "is several therapists" if found else "is no therapist here"
        raise NotDoneError(f"{who} {why}. Enrolled: {listed}.")
    return found[0]


def _sentences(summary: Summary) -> Iterator[str]:
    changes = summary.changes
    yield f"{changes.added} added, {changes.moved} moved, {changes.cancelled} cancelled, {changes.kept} as they were"
    if changes.asked:
        yield f"{changes.asked} moved in the calendar after they had been asked about: left as they were"
    yield f"{summary.ignored} ignored, {summary.unreadable} unreadable"
    if summary.missing:
        yield f"{summary.missing} sessions came from a calendar and are not in this file: left as they were"


async def _named(
    services: Services, therapist: Therapist, unknown: Unknown, patients: Sequence[Patient], ask: Ask | None
) -> str:
    line = f"{unknown.title} ({unknown.count}): whose it is was left open"
    code = ask(unknown.title, [one.code for one in patients]) if ask else None
    if code is None:
        return line
    patient = next((one for one in patients if one.code == code), None)
    chosen = await services.calendars.choose(therapist, unknown.ref, patient.id if patient else None)
    if chosen is None:
        return line
    count = chosen.changes.added + chosen.changes.kept
    return f"{unknown.title}: {chosen.code}, {count} sessions" if chosen.code else f"{unknown.title}: nobody's"


async def written(config: Config, keys: Keys, who: str) -> bytes:
    """Return the coming sessions of a therapist as a calendar."""
    async with errands.without_telegram(config, keys) as services:
        therapist = await _therapist(services, who)
        coming = await services.calendars.coming(therapist)
    return write_calendar([_coming(one, therapist) for one in coming], name="Microchequeo", now=SystemClock().now())


def _coming(one: Appointment, therapist: Therapist) -> ComingSession:
    return ComingSession(UID.format(id=one.id), one.code, one.starts_at, one.ends_at, therapist.zone)
