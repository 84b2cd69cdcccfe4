"""What a therapist sees of sessions: noting one by a line or by buttons, and taking it back."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.domain.model import Patient, PatientId, Voice
from bot.domain.notices import SessionNoted
from bot.services.agenda import NotNoted, PerhapsTheSame, TheSame
from bot.texts import Texts
from handlers.actions import PickDay, PickHour, PickPatient, PickWhen, UndoSession, When
from handlers.actions_agenda import JustEnded, WeeklyDay, WeeklyHour
from handlers.keyboards import MINUTE, encode
from handlers.parts import about, row
from handlers.screen import Button, Screen, cut, in_rows

PATIENTS_IN_A_ROW: Final = 3
PATIENTS_AT_MOST: Final = 90
"""Telegram shows at most 100 buttons under a message."""

DAYS_IN_A_ROW: Final = 3
HOURS_IN_A_ROW: Final = 4
LATER_EXAMPLE: Final = timedelta(weeks=3)
"""How far ahead the example lies that is typed for days without a button."""

SERIES_EXAMPLE: Final = timedelta(weeks=12)
"""How far ahead the end of the example lies that is typed for a series."""


def session_noted(texts: Texts, voice: Voice, noted: SessionNoted, now: datetime) -> Screen:
    """Repeat what was understood, and say when the patient will be asked."""
    key = "session-asks" if noted.patient_ready else "session-waits"
    values = {"when": texts.soon(voice, noted.ask_at, now)} if noted.patient_ready else {}
    text = f"{_session(texts, voice, noted, now)}\n{texts.say(voice, key, **values)}"
    return Screen(cut(text), (row(texts, voice, ("button-undo", UndoSession(noted.session_id))),))


def _session(texts: Texts, voice: Voice, noted: SessionNoted, now: datetime) -> str:
    if noted.ended_now:
        return texts.say(voice, "session-ended", code=noted.code, ends=texts.soon(voice, noted.ends_at, now))
    day, starts = texts.full_day(voice, noted.starts_at), texts.moment(voice, noted.starts_at)["time"]
    until = texts.moment(voice, noted.ends_at)["time"]
    zone = texts.say(voice, "zone-of", city=texts.zone(voice, voice.zone))
    return texts.say(voice, "session-planned", code=noted.code, day=day, starts=starts, until=until, zone=zone)


def session_perhaps_the_same(texts: Texts, voice: Voice, perhaps: PerhapsTheSame, now: datetime) -> Screen:
    """Ask whether a session that has just ended is the one that was to end a while ago."""
    planned, ended_at = perhaps.planned, perhaps.ended_at
    text = texts.say(voice, "session-perhaps-same", code=planned.code, ends=texts.soon(voice, planned.ends_at, now))
    buttons = (
        ("button-same", JustEnded(planned.id, ended_at, same=True)),
        ("button-another", JustEnded(planned.id, ended_at, same=False)),
    )
    return Screen(cut(text), (row(texts, voice, *buttons),))


def session_the_same(texts: Texts, voice: Voice, same: TheSame) -> Screen:
    """Say that it was the planned one, and whether its question has left."""
    key = "agenda-not-asked" if same.planned.asked else "session-same-asks" if same.ready else "session-waits"
    return Screen(cut(f"{texts.say(voice, 'session-same', code=same.planned.code)}\n{texts.say(voice, key)}"))


def session_not_another(texts: Texts, voice: Voice, why: NotNoted) -> Screen:
    """Say why no other session was noted."""
    key = "agenda-not-overlap" if why is NotNoted.OVERLAP else "toast-not-yours"
    return Screen(texts.say(voice, key))


def session_undone(texts: Texts, voice: Voice, code: str) -> Screen:
    """Say that the session was taken back."""
    return about(texts, voice, "session-undone", code)


def session_undo_too_late(texts: Texts, voice: Voice, code: str) -> Screen:
    """Say that the patient has been asked already."""
    return about(texts, voice, "session-undo-late", code)


def session_unreadable(texts: Texts, voice: Voice) -> Screen:
    """Say that the date was not understood, with three examples."""
    return Screen(texts.say(voice, "session-unreadable"))


def session_in_past(texts: Texts, voice: Voice, code: str, patient: PatientId, ends_at: datetime) -> Screen:
    """Ask back about a plan that falls in the past; nothing is assumed."""
    text = texts.say(voice, "session-in-past", code=code, when=texts.full_day_and_time(voice, ends_at))
    now = ("button-yes-ended", PickWhen(patient, When.NOW))
    return Screen(cut(text), (row(texts, voice, now, ("button-other-date", PickWhen(patient, When.OTHER))),))


def session_no_time(texts: Texts, voice: Voice, code: str) -> Screen:
    """Ask for the time of day."""
    return about(texts, voice, "session-no-time", code)


def session_ambiguous_hour(
    texts: Texts, voice: Voice, code: str, patient: PatientId, begins: Sequence[datetime], length: timedelta
) -> Screen:
    """Ask which of two times was meant, each with its day: the halves of a weekday may lie a week apart."""
    walls = [instant.astimezone(voice.zone) for instant in begins]
    buttons = tuple(
        Button(
            f"{texts.weekday_and_day(voice, wall.date())} · {wall.hour}:{wall:%M}",
            encode(PickHour(patient, wall.date(), wall.time(), length // MINUTE)),
        )
        for wall in walls
    )
    minutes = texts.say(voice, "minutes", minutes=length // MINUTE)
    return Screen(cut(texts.say(voice, "session-ambiguous-hour", code=code, length=minutes)), (buttons,))


def session_ambiguous_series(texts: Texts, voice: Voice, code: str, morning: time, evening: time) -> Screen:
    """Ask for a time that is repeated to be written with four digits, which leave no doubt."""
    times = {"morning": f"{morning:%H:%M}", "evening": f"{evening:%H:%M}"}
    return Screen(cut(texts.say(voice, "session-ambiguous-series", code=code, **times)))


def session_recurrence(texts: Texts, voice: Voice, code: str) -> Screen:
    """Say how sessions repeat that can be read, with examples."""
    return about(texts, voice, "session-recurrence", code)


def session_no_weekday(texts: Texts, voice: Voice, code: str) -> Screen:
    """Ask for the weekday of sessions that repeat."""
    return about(texts, voice, "session-no-weekday", code)


def session_ends_first(texts: Texts, voice: Voice, code: str, today: date) -> Screen:
    """Say that no session would be left before the last day that was written."""
    example = today + SERIES_EXAMPLE
    return Screen(cut(texts.say(voice, "session-ends-first", code=code, example=f"{example:%d/%m/%Y}")))


def session_overlap(texts: Texts, voice: Voice, code: str) -> Screen:
    """Say that another session of this patient covers that time."""
    return about(texts, voice, "session-overlap", code)


def session_length(texts: Texts, voice: Voice, shortest: timedelta, longest: timedelta) -> Screen:
    """Say how long a session may last."""
    minutes, hours = shortest // MINUTE, longest // timedelta(hours=1)
    return Screen(texts.say(voice, "session-too-long", shortest=str(minutes), longest=str(hours)))


def pick_patient(texts: Texts, voice: Voice, choices: Sequence[Patient]) -> Screen:
    """Ask whose session it was (`/sesion` alone)."""
    if not choices:
        return Screen(texts.say(voice, "patients-none"))
    buttons = [Button(patient.code, encode(PickPatient(patient.id))) for patient in choices[:PATIENTS_AT_MOST]]
    return Screen(texts.say(voice, "session-pick-patient"), in_rows(buttons, PATIENTS_IN_A_ROW))


def pick_when(texts: Texts, voice: Voice, code: str, patient: PatientId) -> Screen:
    """Ask when the session was or will be."""
    rows = (
        ("button-now", When.NOW),
        ("button-today", When.TODAY),
        ("button-other", When.OTHER),
        ("button-weekly", When.WEEKLY),
    )
    text = texts.say(voice, "session-pick-when", code=code)
    return Screen(cut(text), tuple(row(texts, voice, (key, PickWhen(patient, when))) for key, when in rows))


def pick_day(texts: Texts, voice: Voice, code: str, patient: PatientId, days: Sequence[date]) -> Screen:
    """Ask on which of the coming days it will be; farther ones are typed."""
    example = (days[0] + LATER_EXAMPLE).isoformat()
    buttons = [Button(texts.weekday_and_day(voice, day), encode(PickDay(patient, day))) for day in days]
    text = texts.say(voice, "session-pick-day", code=code, example=example)
    return Screen(cut(text), (*in_rows(buttons, DAYS_IN_A_ROW), _back(texts, voice, patient)))


def weekly_day(texts: Texts, voice: Voice, code: str, patient: PatientId, days: Sequence[date]) -> Screen:
    """Ask on which day the first of the sessions that repeat every week is; other rhythms are typed."""
    buttons = [Button(texts.weekday_and_day(voice, day), encode(WeeklyDay(patient, day))) for day in days]
    text = texts.say(voice, "session-weekly-day", code=code)
    return Screen(cut(text), (*in_rows(buttons, DAYS_IN_A_ROW), _back(texts, voice, patient)))


def weekly_hour(texts: Texts, voice: Voice, code: str, patient: PatientId, on: date, hours: Sequence[time]) -> Screen:
    """Ask at what time the sessions of every week begin."""
    text = texts.say(voice, "session-weekly-hour", code=code, day=texts.weekday_and_day(voice, on))
    buttons = [Button(f"{hour.hour}:{hour:%M}", encode(WeeklyHour(patient, on, hour))) for hour in hours]
    return Screen(cut(text), (*in_rows(buttons, HOURS_IN_A_ROW), _back(texts, voice, patient)))


def pick_hour(
    texts: Texts, voice: Voice, code: str, patient: PatientId, on: date, hours: Sequence[time], length: timedelta
) -> Screen:
    """Ask at what time it begins; without hours, say that none is left on that day.  Others are typed."""
    day = texts.full_date(voice, on)
    minutes = texts.say(voice, "minutes", minutes=length // MINUTE)
    key = "session-pick-hour" if hours else "session-no-hours"
    text = texts.say(voice, key, code=code, day=day, length=minutes, example=on.isoformat())
    buttons = [Button(f"{hour.hour}:{hour:%M}", encode(PickHour(patient, on, hour))) for hour in hours]
    return Screen(cut(text), (*in_rows(buttons, HOURS_IN_A_ROW), _back(texts, voice, patient)))


def _back(texts: Texts, voice: Voice, patient: PatientId) -> tuple[Button, ...]:
    return row(texts, voice, ("button-return", PickPatient(patient)))
