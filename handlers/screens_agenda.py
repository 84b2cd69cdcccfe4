"""What a therapist sees of sessions: noting one by a line or by buttons, and taking it back."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.domain.model import Patient, PatientId, PatientState, Voice
from bot.domain.notices import SessionNoted
from bot.services.agenda import NotNoted, PerhapsTheSame, TheSame
from bot.texts import Texts
from handlers.actions import PickDay, PickHour, PickPatient, PickWhen, UndoSession, When
from handlers.actions_agenda import JustEnded, WeeklyDay, WeeklyHour
from handlers.keyboards import MINUTE, encode
from handlers.parts import about, row, stretch, typed_date, zone_of
from handlers.screen import Button, Screen, cut, in_rows

PATIENTS_IN_A_ROW: Final = 3
PATIENTS_AT_MOST: Final = 90
"""Telegram shows at most 100 buttons under a message."""

DAYS_IN_A_ROW: Final = 3
HOURS_IN_A_ROW: Final = 4
LATER_EXAMPLE: Final = timedelta(weeks=3)
"""How far ahead the example lies that is typed for days without a button."""


def session_noted(texts: Texts, voice: Voice, noted: SessionNoted, now: datetime) -> Screen:
    """Repeat what was understood, and say when the patient will be asked."""
    if noted.ended_now:
        ended = texts.full_day_and_time(voice, noted.ends_at)
        what = texts.say(voice, "session-ended", code=noted.code, ends=ended, zone=zone_of(texts, voice))
    else:
        what = texts.say(
            voice, "session-planned", code=noted.code, **stretch(texts, voice, noted.starts_at, noted.ends_at)
        )
    text = f"{what}\n{_asks(texts, voice, noted, now)}"
    return Screen(cut(text), (row(texts, voice, ("button-undo", UndoSession(noted.session_id))),))


def _asks(texts: Texts, voice: Voice, noted: SessionNoted, now: datetime) -> str:
    if noted.ask_at is None:
        return texts.say(voice, "session-asks-never")
    if not noted.patient_ready:
        return texts.say(voice, f"session-waits-{noted.patient_state}")
    if noted.ask_at <= now:
        return texts.say(voice, "session-asks-now")
    return texts.say(voice, "session-asks", when=texts.soon(voice, noted.ask_at, now))


def session_perhaps_the_same(texts: Texts, voice: Voice, perhaps: PerhapsTheSame) -> Screen:
    """Ask whether a session that has ended is the one that was planned for about then."""
    planned, ended_at = perhaps.planned, perhaps.ended_at
    when = stretch(texts, voice, planned.starts_at, planned.ends_at)
    text = texts.say(voice, "session-perhaps-same", code=planned.code, **when)
    buttons = (
        ("button-same", JustEnded(planned.id, ended_at, same=True)),
        ("button-another", JustEnded(planned.id, ended_at, same=False)),
    )
    return Screen(cut(text), (row(texts, voice, *buttons),))


def session_the_same(texts: Texts, voice: Voice, same: TheSame) -> Screen:
    """Say that it was the planned one, and whether its question has left."""
    waits = "session-same-asks" if same.patient is PatientState.ACTIVE else f"session-waits-{same.patient}"
    key = "agenda-not-asked" if same.planned.asked else waits
    return Screen(cut(f"{texts.say(voice, 'session-same', code=same.planned.code)}\n{texts.say(voice, key)}"))


def session_not_another(texts: Texts, voice: Voice, why: NotNoted) -> Screen:
    """Say why no other session was noted."""
    key = "agenda-not-overlap" if why is NotNoted.OVERLAP else "toast-not-yours"
    return Screen(texts.say(voice, key))


def session_undone(texts: Texts, voice: Voice, code: str) -> Screen:
    """Say that the session was taken back."""
    return about(texts, voice, "session-undone", code)


def session_undo_too_late(texts: Texts, voice: Voice, code: str) -> Screen:
    """Say that the patient has answered already."""
    return about(texts, voice, "session-undo-late", code)


def session_overlap(texts: Texts, voice: Voice, code: str) -> Screen:
    """Say that another session of this patient covers that time."""
    return about(texts, voice, "session-overlap", code)


def pick_patient(texts: Texts, voice: Voice, choices: Sequence[Patient]) -> Screen:
    """Ask whose session it is (`/sesion` alone)."""
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
    example = typed_date(days[0] + LATER_EXAMPLE)
    buttons = [Button(texts.weekday_and_date(voice, day), encode(PickDay(patient, day))) for day in days]
    text = texts.say(voice, "session-pick-day", code=code, example=example)
    return Screen(cut(text), (*in_rows(buttons, DAYS_IN_A_ROW), _back(texts, voice, patient)))


def weekly_day(texts: Texts, voice: Voice, code: str, patient: PatientId, days: Sequence[date]) -> Screen:
    """Ask on which day the first of the sessions that repeat every week is; other rhythms are typed."""
    buttons = [Button(texts.weekday_and_date(voice, day), encode(WeeklyDay(patient, day))) for day in days]
    text = texts.say(voice, "session-weekly-day", code=code)
    return Screen(cut(text), (*in_rows(buttons, DAYS_IN_A_ROW), _back(texts, voice, patient)))


def weekly_hour(texts: Texts, voice: Voice, code: str, patient: PatientId, on: date, hours: Sequence[time]) -> Screen:
    """Ask at what time the sessions of every week begin."""
    text = texts.say(voice, "session-weekly-hour", code=code, day=texts.full_date(voice, on))
    buttons = [Button(f"{hour.hour}:{hour:%M}", encode(WeeklyHour(patient, on, hour))) for hour in hours]
    return Screen(cut(text), (*in_rows(buttons, HOURS_IN_A_ROW), _back(texts, voice, patient)))


def pick_hour(
    texts: Texts,
    voice: Voice,
    code: str,
    patient: PatientId,
    on: date,
    hours: Sequence[time],
    length: timedelta,
    *,
    today: bool,
) -> Screen:
    """Ask at what time it begins; without hours, say that none is left on that day.  Others are typed.

    `today`: say also how one that is over is noted.
    """
    day = texts.full_date(voice, on)
    minutes = texts.say(voice, "minutes", minutes=length // MINUTE)
    key = "session-pick-hour" if hours else "session-no-hours"
    lines = [texts.say(voice, key, code=code, day=day, length=minutes, example=typed_date(on))]
    lines += [texts.say(voice, "session-over-today", code=code)] if today else []
    buttons = [Button(f"{hour.hour}:{hour:%M}", encode(PickHour(patient, on, hour))) for hour in hours]
    return Screen(cut("\n".join(lines)), (*in_rows(buttons, HOURS_IN_A_ROW), _back(texts, voice, patient)))


def day_gone(texts: Texts, voice: Voice, code: str, patient: PatientId, on: date) -> Screen:
    """Say that a day of an older page is over, and how a session of that day is noted."""
    text = texts.say(voice, "session-day-gone", code=code, day=texts.full_date(voice, on), example=typed_date(on))
    return Screen(cut(text), (_back(texts, voice, patient),))


def _back(texts: Texts, voice: Voice, patient: PatientId) -> tuple[Button, ...]:
    return row(texts, voice, ("button-return", PickPatient(patient)))
