"""Coming sessions → a calendar file that Google, Outlook and Apple read.  A session is called by its code alone.

Times are in UTC: each session is written by itself, so no rule has to be repeated across a change of the clocks, every
program shows UTC in its owner's zone, and a definition of a zone (VTIMEZONE) is where programs disagree most.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from icalendar.prop import vText

PRODUCT: Final = "-//Microchequeo//Agenda//ES"


@dataclass(frozen=True, slots=True)
class ComingSession:
    """One session to come; aware instants, `zone` is where it takes place, `uid` stays when it moves."""

    uid: str = field(repr=False)
    code: str = field(repr=False)
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo


def write_calendar(coming: Sequence[ComingSession], *, name: str, now: datetime) -> bytes:
    """Write the sessions in order of time; the same sessions at the same instant give the same bytes."""
    calendar = Calendar()
    calendar["VERSION"] = vText("2.0")
    calendar["PRODID"] = vText(PRODUCT)
    calendar["METHOD"] = vText("PUBLISH")
    calendar["X-WR-CALNAME"] = vText(name)
    zones = {each.zone.key for each in coming}
    if len(zones) == 1:  # how programs show a calendar that is subscribed to; the times do not depend on it
        calendar["X-WR-TIMEZONE"] = vText(zones.pop())
    for each in sorted(coming, key=lambda each: (each.starts_at, each.uid)):
        calendar.add_component(_event(each, now))
    written: bytes = calendar.to_ical()
    return written


def _event(session: ComingSession, now: datetime) -> Event:
    event = Event()
    event["UID"] = vText(session.uid)
    event["SUMMARY"] = vText(session.code)
    event["CLASS"] = vText("PRIVATE")
    event["STATUS"] = vText("CONFIRMED")
    for name, moment in (("DTSTAMP", now), ("DTSTART", session.starts_at), ("DTEND", session.ends_at)):
        event.add(name, moment.astimezone(UTC))
    return event
