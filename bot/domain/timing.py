"""When things fall due: session end → question, quiet hours, reminder, closing, grace, weekly digest.

Pure functions of instants (aware, UTC) and zones.  Local wall time is what repeats; an hour that does not exist moves
forward, an hour that exists twice means its first occurrence, so every rule yields exactly one instant.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.hours import QuietHours

EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Before anything here: what is asked since then is asked of all time."""

SHORTEST_OPEN: Final = timedelta(minutes=30)
"""However soon the next session is, a question stays open this long (DESIGN §5)."""

BEFORE_NEXT_SESSION: Final = timedelta(hours=1)
INACTIVITY: Final = timedelta(hours=1)
LATER: Final = timedelta(hours=3)
CORRECTABLE: Final = timedelta(minutes=15)
GRACE_AT_MOST: Final = timedelta(minutes=15)
HIDE_WORDS_AFTER: Final = timedelta(minutes=10)
PASSED_OVER: Final = timedelta(minutes=10)
"""When what could not move for its own sake is looked at again."""

LAG: Final = timedelta(seconds=10)
"""How long a reply may take before its check-in counts as lagging behind what the person was shown."""

KEPT_BY_TELEGRAM: Final = timedelta(hours=24)
"""Updates reach us within a day or never: an older date is not when a message was sent."""

HALF_HOUR: Final = 30
"""Minutes."""

_MOMENT: Final = timedelta(seconds=1)
WEEK: Final = timedelta(days=7)
FIRST_WORD: Final = timedelta(days=28)
SECOND_WORD: Final = timedelta(days=14)
"""How long before something of the clinical record is deleted its therapist has been told, at least."""


@dataclass(frozen=True, slots=True)
class CheckInTimes:
    """The practice's spans for a check-in (config `[check_in]`, `[alliance] grace`)."""

    delay: timedelta
    quiet: QuietHours
    reminder_after: timedelta
    expires_after: timedelta
    grace: timedelta

    def resting(self, own: QuietHours | None) -> "CheckInTimes":
        """Return the times for a patient who has quiet hours of their own, or has not."""
        return self if own is None else replace(self, quiet=own)


def to_utc(wall: datetime, zone: ZoneInfo) -> datetime:
    """Turn naive local wall time into its one instant (UTC): gaps move forward, doubles take the first."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def out_of_quiet(instant: datetime, zone: ZoneInfo, quiet: QuietHours) -> datetime:
    """Return `instant`, or the end of the quiet hours it falls into on the local clock."""
    local = instant.astimezone(zone)
    if local.time() not in quiet:
        return instant
    day = local.date() if local.time() < quiet.ends else local.date() + timedelta(days=1)
    end = datetime.combine(day, quiet.ends, zone).replace(fold=local.fold)  # in an hour that comes twice: this one's
    return out_of_quiet(end.astimezone(UTC), zone, quiet)


def rested_otherwise(
    leaves_at: datetime, now: datetime, before: tuple[ZoneInfo, QuietHours], after: tuple[ZoneInfo, QuietHours]
) -> datetime:
    """Return when a notice leaves whose person rests otherwise from now on.

    What waits for the end of the quiet hours of before waits for that of the new ones, or not at all.
    """
    zone, quiet = before
    waits = (leaves_at - _MOMENT).astimezone(zone).time() in quiet
    return out_of_quiet(now, *after) if waits else leaves_at


def due(session_ends_at: datetime, times: CheckInTimes, zone: ZoneInfo) -> datetime:
    """Return when the check-in of a session is asked: its end plus the delay, out of the patient's quiet hours."""
    return out_of_quiet(session_ends_at + times.delay, zone, times.quiet)


def closing(asked_at: datetime, next_session_at: datetime | None, times: CheckInTimes) -> datetime:
    """Return when an untouched check-in closes: `max(asked + 30 min, min(asked + 72 h, next session - 1 h))`."""
    latest = asked_at + times.expires_after
    if next_session_at is not None:
        latest = min(latest, next_session_at - BEFORE_NEXT_SESSION)
    return max(asked_at + min(SHORTEST_OPEN, times.expires_after), latest)


def too_late(due_at: datetime, next_session_at: datetime | None, times: CheckInTimes, now: datetime) -> bool:
    """Say whether a check-in that was due before is not asked any more: asked in time, it would be closed by now."""
    return now > due_at and closing(due_at, next_session_at, times) <= now


def reminder(
    asked_at: datetime, closes_at: datetime, times: CheckInTimes, zone: ZoneInfo, earliest: datetime | None = None
) -> datetime | None:
    """Return when the one reminder goes out, never in quiet hours; None if the check-in would be closed by then.

    `earliest` is the present for a reminder that is planned anew.
    """
    if not times.reminder_after:
        return None
    wanted = asked_at + times.reminder_after
    at = out_of_quiet(max(wanted, earliest or wanted), zone, times.quiet)
    return at if at < closes_at else None


def asked_again(now: datetime, closes_at: datetime, times: CheckInTimes, zone: ZoneInfo) -> datetime | None:
    """Return when *Más tarde* asks again (3 h, out of quiet hours); None if that is after the closing."""
    at = out_of_quiet(now + LATER, zone, times.quiet)
    return at if at < closes_at else None


def settling(touched_at: datetime, second_score_at: datetime, times: CheckInTimes) -> datetime:
    """Return when the rules look at an answered check-in: a grace after the last touch, 15 min at most.

    A correction that begins after that has a grace of its own, so that it is judged whole and not tap by tap.
    """
    latest = second_score_at + max(GRACE_AT_MOST, times.grace)
    if touched_at >= latest:
        return touched_at + times.grace
    return min(touched_at + times.grace, latest)


def next_weekly(after: datetime, weekday: int, hour: int, zone: ZoneInfo) -> datetime:
    """Return the first instant after `after` that is `weekday` (Monday = 0) at `hour` o'clock on the local clock."""
    local = after.astimezone(zone)
    day = local.date() + timedelta(days=(weekday - local.weekday()) % 7)
    at = to_utc(datetime.combine(day, time(hour)), zone)
    return at if at > after else to_utc(datetime.combine(day + WEEK, time(hour)), zone)


def week_before(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant a week before, at the same hour on the local clock."""
    return to_utc(instant.astimezone(zone).replace(tzinfo=None, fold=0) - WEEK, zone)


def next_opening(after: datetime, opens: time, zone: ZoneInfo) -> datetime:
    """Return the first instant after `after` at which working hours begin on the local clock."""
    today = to_utc(datetime.combine(after.astimezone(zone).date(), opens), zone)
    if today > after:
        return today
    return to_utc(datetime.combine(after.astimezone(zone).date() + timedelta(days=1), opens), zone)


def at_work(at: time, opens: time, closes: time) -> bool:
    """Say whether a clock time lies in working hours, end excluded; they may span midnight, equal means always."""
    return opens <= at < closes if opens < closes else at >= opens or at < closes


def starts(opens: time, closes: time) -> tuple[time, ...]:
    """Return the half hours at which a session may begin in working hours, by the clock; they may span midnight."""
    slots = (time(minute // 60, minute % 60) for minute in range(0, 24 * 60, HALF_HOUR))
    return tuple(slot for slot in slots if at_work(slot, opens, closes))


def next_daily(after: datetime, hour: int, zone: ZoneInfo) -> datetime:
    """Return the first instant after `after` that is `hour` o'clock on the local clock."""
    return next_opening(after, time(hour), zone)


def sending(dated_at: datetime | None, now: datetime) -> datetime | None:
    """Return when a message was sent, now at the latest; None when its date cannot be true."""
    if dated_at is None or now - dated_at > KEPT_BY_TELEGRAM:
        return None
    return min(dated_at, now)


def same_local_day(one: datetime, other: datetime, zone: ZoneInfo) -> bool:
    """Say whether two instants fall on one calendar day of `zone`."""
    return one.astimezone(zone).date() == other.astimezone(zone).date()
