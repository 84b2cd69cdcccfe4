"""What operators read about the bot itself: what is wrong, what to do next, where more is written.  Nobody is in it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.domain.alarms import Alarm
from bot.domain.model import Voice
from bot.domain.notices_alarms import AlarmOver, AlarmRaised
from bot.texts import Texts
from handlers.screen import Screen, cut

SECTIONS: Final[Mapping[Alarm, str]] = {
    Alarm.SILENT: "Telegram is silent",
    Alarm.REFUSED: "Telegram refuses",
    Alarm.DATABASE: "The database is away",
    Alarm.UNSENT: "A message does not leave",
    Alarm.PARKED: "Something was put aside",
    Alarm.BACKUP: "The backup failed",
    Alarm.CHORE: "A chore fails",
    Alarm.DISK: "Little space",
}
"""The sections of docs/alarms.md."""

DAMAGED: Final = "A part of the database is damaged"

IN_MINUTES: Final = timedelta(hours=2)
IN_HOURS: Final = timedelta(days=2)


def raised(texts: Texts, voice: Voice, notice: AlarmRaised, now: datetime) -> Screen:
    """Say what is wrong; when it is told again, that nothing has changed."""
    since = texts.soon(voice, notice.since_at, now)
    key, section = ("damaged", DAMAGED) if notice.damaged else (notice.alarm, SECTIONS[notice.alarm])
    said = texts.say(voice, f"alarm-{key}", since=since, count=notice.count, section=section)
    return Screen(cut(f"{texts.say(voice, 'alarm-still')}\n{said}" if notice.again else said))


def over(texts: Texts, voice: Voice, notice: AlarmOver, now: datetime) -> Screen:
    """Say that it is over."""
    since, span = texts.soon(voice, notice.since_at, now), _span(texts, voice, notice.over_at - notice.since_at)
    return Screen(cut(texts.say(voice, f"alarm-{notice.alarm}-over", since=since, span=span)))


def _span(texts: Texts, voice: Voice, span: timedelta) -> str:
    """Say how long: minutes up to two hours, hours up to two days, then days."""
    if span < IN_MINUTES:
        return texts.say(voice, "minutes", minutes=max(1, round(span / timedelta(minutes=1))))
    if span < IN_HOURS:
        return texts.say(voice, "hours", hours=round(span / timedelta(hours=1)))
    return texts.days(voice, span)
