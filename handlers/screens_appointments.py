"""What a therapist sees of the calendar: the coming two weeks, one session, the series it belongs to."""

from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.appointments import Appointment, Place, Series
from bot.domain.model import SessionState, Voice
from bot.domain.notices import SeriesNoted
from bot.domain.recurrence import Recurrence
from bot.services.series import SeriesEnded, SeriesResumed
from bot.texts import Texts
from handlers.actions_agenda import (
    CallOff,
    EndSeries,
    MoveDay,
    MoveHour,
    MoveSession,
    OpenAgenda,
    OpenSeries,
    OpenSession,
    RestoreSession,
    ResumeSeries,
    SetCut,
    SetPlace,
    UndoSeries,
)
from handlers.keyboards import encode
from handlers.parts import listed_weekdays, row, stretch, zone_of
from handlers.screen import Button, Screen, cut, in_rows
from handlers.screens_agenda import DAYS_IN_A_ROW, HOURS_IN_A_ROW

SESSIONS_IN_A_ROW: Final = 2
SESSIONS_AT_MOST: Final = 90
"""Telegram shows at most 100 buttons under a message."""


def agenda(texts: Texts, voice: Voice, sessions: Sequence[Appointment]) -> Screen:
    """Show the sessions day by day, each with a button; its day stands above with the weekday."""
    if not sessions:
        return Screen(texts.say(voice, "agenda-empty"))
    days = groupby(sessions, key=lambda one: one.starts_at.astimezone(voice.zone).date())
    parts = [texts.say(voice, "agenda-heading", zone=zone_of(texts, voice))]
    parts += [
        "\n".join([_capital(texts.weekday_and_date(voice, day)), *(_line(texts, voice, one) for one in those)])
        for day, those in days
    ]
    if len(sessions) > SESSIONS_AT_MOST:
        parts.append(texts.say(voice, "agenda-more", count=len(sessions) - SESSIONS_AT_MOST))
    buttons = [_button(texts, voice, one) for one in sessions[:SESSIONS_AT_MOST]]
    return Screen(cut("\n\n".join(parts)), in_rows(buttons, SESSIONS_IN_A_ROW))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _clock(texts: Texts, voice: Voice, instant: datetime) -> str:
    return str(texts.moment(voice, instant)["time"])


def _line(texts: Texts, voice: Voice, one: Appointment) -> str:
    hours = f"{_clock(texts, voice, one.starts_at)}–{_clock(texts, voice, one.ends_at)}"
    return " · ".join([hours, one.code, *(texts.say(voice, key) for key in _marks(one))])


def _marks(one: Appointment) -> list[str]:
    """Return the keys of what is remarkable about a session."""
    marks = [] if one.state is SessionState.PLANNED else [f"agenda-{one.state}"]
    marks += ["agenda-silent"] if one.silent else []
    marks += [f"agenda-{one.place}"] if one.place else []
    return [*marks, "agenda-cut"] if one.cut else marks


def _button(texts: Texts, voice: Voice, one: Appointment) -> Button:
    day = texts.short_day(voice, one.starts_at)
    return Button(f"{day} · {_clock(texts, voice, one.starts_at)} · {one.code}", encode(OpenSession(one.id)))


def session(texts: Texts, voice: Voice, one: Appointment, now: datetime) -> Screen:
    """Show one session and what can be done with it."""
    when = stretch(texts, voice, one.starts_at, one.ends_at)
    lines = [texts.say(voice, "agenda-session", code=one.code, **when)]
    lines += [texts.say(voice, "agenda-of-series")] if one.goes_on else []
    lines += [texts.say(voice, f"{key}-means") for key in _marks(one)]
    return Screen(cut("\n".join(lines)), tuple(_choices(texts, voice, one, now)))


def _choices(texts: Texts, voice: Voice, one: Appointment, now: datetime) -> list[tuple[Button, ...]]:
    rows: list[tuple[Button, ...]] = []
    if one.state is not SessionState.PLANNED:
        key = "button-takes-place" if one.ends_at > now else "button-took-place"
        rows.append(row(texts, voice, (key, RestoreSession(one.id))))
    elif not one.answered:
        off = ("button-cancel-session", CallOff(one.id, missed=False))
        missed = ("button-missed", CallOff(one.id, missed=True))
        move = ("button-move", MoveSession(one.id, whole=False))
        rows.append(
            row(texts, voice, *([move, off] if not one.asked else [off]), *([missed] if _begun(one, now) else []))
        )
    if one.state is SessionState.PLANNED:
        places = [Place.ONLINE, Place.IN_PERSON]
        rows.append(
            row(texts, voice, *((f"button-{at}", SetPlace(one.id, at)) for at in places if at is not one.place))
        )
        if _begun(one, now):
            key = "button-not-cut" if one.cut else "button-cut"
            rows.append(row(texts, voice, (key, SetCut(one.id, cut=not one.cut))))
    if one.goes_on and one.ends_at > now:
        rows.append(row(texts, voice, ("button-series", OpenSeries(one.id))))
    return [*rows, row(texts, voice, ("button-agenda", OpenAgenda()))]


def _begun(one: Appointment, now: datetime) -> bool:
    return one.starts_at <= now


def series(texts: Texts, voice: Voice, one: Appointment, series: Series) -> Screen:
    """Show what can be done with a series from one of its sessions on."""
    day = texts.full_day(voice, one.starts_at)
    text = texts.say(voice, "agenda-series", code=one.code, day=day, **_rule(texts, voice, series.rule, series.zone))
    buttons = (
        ("button-move-series", MoveSession(one.id, whole=True)),
        ("button-end-series", EndSeries(one.id)),
        ("button-back-to-session", OpenSession(one.id)),
    )
    return Screen(cut(text), tuple(row(texts, voice, button) for button in buttons))


def move_day(texts: Texts, voice: Voice, one: Appointment, days: Sequence[date], *, whole: bool) -> Screen:
    """Ask to which day a session, or its series from there on, is moved."""
    key = "agenda-move-series-day" if whole else "agenda-move-day"
    text = texts.say(voice, key, code=one.code, day=texts.full_day(voice, one.starts_at))
    buttons = [Button(texts.weekday_and_date(voice, on), encode(MoveDay(one.id, whole, on))) for on in days]
    back = row(texts, voice, ("button-back-to-session", OpenSession(one.id)))
    return Screen(cut(text), (*in_rows(buttons, DAYS_IN_A_ROW), back))


def move_hour(texts: Texts, voice: Voice, one: Appointment, on: date, hours: Sequence[time], *, whole: bool) -> Screen:
    """Ask to which hour of that day."""
    text = texts.say(voice, "agenda-move-hour", code=one.code, day=texts.full_date(voice, on))
    buttons = [Button(f"{at.hour}:{at:%M}", encode(MoveHour(one.id, whole, on, at))) for at in hours]
    back = row(texts, voice, ("button-back-to-session", OpenSession(one.id)))
    return Screen(cut(text), (*in_rows(buttons, HOURS_IN_A_ROW), back))


def rule_in_words(texts: Texts, voice: Voice, rule: Recurrence) -> str:
    """Say a rule as one would: every Tuesday at 17:00, every two weeks."""
    days, time = listed_weekdays(texts, voice, rule), f"{rule.at.hour}:{rule.at:%M}"
    words = texts.say(voice, "series-rule", weeks=rule.every, days=days, time=time, hour=rule.at.hour)
    if rule.until:
        words = texts.say(voice, "series-until", rule=words, day=texts.full_date(voice, rule.until))
    if rule.count:
        words = texts.say(voice, "series-count", rule=words, count=rule.count)
    return words


def _rule(texts: Texts, voice: Voice, rule: Recurrence, zone: ZoneInfo) -> dict[str, str]:
    """Return a rule in words, and the clock it goes by."""
    return {
        "rule": rule_in_words(texts, voice, rule),
        "zone": texts.say(voice, "zone-of", city=texts.zone(voice, zone)),
    }


def series_noted(texts: Texts, voice: Voice, noted: SeriesNoted) -> Screen:
    """Repeat what was understood of a series, with its first session."""
    lines = [texts.say(voice, "series-noted", code=noted.code, **_rule(texts, voice, noted.rule, voice.zone))]
    if noted.starts_at:
        lines.append(texts.say(voice, "series-first", when=texts.full_day_and_time(voice, noted.starts_at)))
    if noted.left_out:
        lines.append(texts.say(voice, "series-left-out", count=noted.left_out))
    if noted.others and noted.others_zone:
        lines.append(
            texts.say(voice, "series-others", **_rule(texts, voice, noted.others, ZoneInfo(noted.others_zone)))
        )
    lines.append(texts.say(voice, "series-asks" if noted.patient_ready else f"session-waits-{noted.patient_state}"))
    return Screen(cut("\n".join(lines)), (row(texts, voice, ("button-undo", UndoSeries(noted.series_id))),))


def series_ended(texts: Texts, voice: Voice, ended: SeriesEnded) -> Screen:
    """Say that a series goes on no more."""
    text = texts.say(voice, "series-ended", code=ended.code, count=ended.cancelled)
    undo = (row(texts, voice, ("button-undo", ResumeSeries(ended.again))),) if ended.again else ()
    return Screen(cut(text), undo)


def series_resumed(texts: Texts, voice: Voice, resumed: SeriesResumed) -> Screen:
    """Say that a series is again as it was."""
    rule = _rule(texts, voice, resumed.series.rule, resumed.series.zone)
    lines = [texts.say(voice, "series-resumed", code=resumed.code, **rule)]
    if resumed.left_out:
        lines.append(texts.say(voice, "series-left-out", count=resumed.left_out))
    return Screen(cut("\n".join(lines)))


def not_moved(texts: Texts, voice: Voice, key: str) -> str:
    """Say why nothing was changed."""
    return texts.say(voice, f"agenda-not-{key}")
