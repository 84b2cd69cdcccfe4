"""What the child of `apart` answers, as JSON: a calendar or a refusal."""

from datetime import datetime
from typing import Any

from bot.ical.events import Calendar, CalendarRefusedError, Occurrence, Refusal


def dumped(calendar: Calendar) -> dict[str, Any]:
    """Return a calendar as `loaded` reads it."""
    return {
        "occurrences": [
            [each.key, each.title, each.starts_at.isoformat(), each.ends_at.isoformat(), each.cancelled]
            for each in calendar.occurrences
        ],
        "uids": sorted(calendar.uids),
        "ignored": calendar.ignored,
        "unreadable": calendar.unreadable,
        "unread_uids": sorted(calendar.unread_uids),
    }


def loaded(answer: dict[str, Any]) -> Calendar:
    """Read the child's answer.  Raises CalendarRefusedError if it refused the file."""
    if "refused" in answer:
        raise CalendarRefusedError(Refusal(answer["refused"]), answer["line"])
    return Calendar(
        occurrences=tuple(
            Occurrence(key, title, datetime.fromisoformat(starts), datetime.fromisoformat(ends), cancelled=cancelled)
            for key, title, starts, ends, cancelled in answer["occurrences"]
        ),
        uids=frozenset(answer["uids"]),
        ignored=answer["ignored"],
        unreadable=answer["unreadable"],
        unread_uids=frozenset(answer["unread_uids"]),
    )


def refused(error: CalendarRefusedError) -> dict[str, Any]:
    """Return a refusal as `loaded` reads it."""
    return {"refused": error.reason, "line": error.line}
