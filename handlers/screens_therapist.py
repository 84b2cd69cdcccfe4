"""What a therapist sees of patients and sessions; alerts and the digest have modules of their own."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.domain.alliance import mean
from bot.domain.model import Patient, PatientId, Voice
from bot.domain.notices import (
    InvitationReady,
    InvitationRefused,
    NoSessionClaimed,
    PatientDecided,
    PatientUnreachable,
    SessionNoted,
)
from bot.domain.views import PatientLine
from bot.texts import Texts
from handlers.actions import Action, NoSessionConfirm, PickPatient, PickWhen, UndoSession, When
from handlers.keyboards import encode
from handlers.screen import CAPTION_AT_MOST, Button, Screen, cut, in_rows

PATIENTS_IN_A_ROW: Final = 3
PATIENTS_AT_MOST: Final = 90
"""Telegram shows at most 100 buttons under a message."""


def invitation_ready(texts: Texts, voice: Voice, ready: InvitationReady, link: str, qr: bytes | None = None) -> Screen:
    """Hand over a patient's one-time link; with `qr` (PNG) it is the caption of that picture."""
    until = texts.full_day_and_time(voice, ready.expires_at)
    text = texts.say(voice, "invitation-ready", code=ready.code, link=link, until=until)
    return Screen(cut(text, CAPTION_AT_MOST), photo=qr)


def patient_decided(texts: Texts, voice: Voice, decided: PatientDecided) -> Screen:
    """Tell whether the patient accepted."""
    return _about(texts, voice, "patient-accepted" if decided.accepted else "patient-declined", decided.code)


def invitation_refused(texts: Texts, voice: Voice, refused: InvitationRefused) -> Screen:
    """Tell that somebody else tried a link that was already opened."""
    return Screen(cut(texts.say(voice, "invitation-refused", name=refused.name)))


def patient_unreachable(texts: Texts, voice: Voice, unreachable: PatientUnreachable) -> Screen:
    """Tell that messages no longer reach a patient."""
    return _about(texts, voice, "patient-unreachable", unreachable.code)


def code_missing(texts: Texts, voice: Voice) -> Screen:
    """Answer `/nuevo` alone."""
    return Screen(texts.say(voice, "code-missing"))


def code_bad(texts: Texts, voice: Voice) -> Screen:
    """Say what a code looks like."""
    return Screen(texts.say(voice, "code-bad"))


def code_taken(texts: Texts, voice: Voice, code: str) -> Screen:
    """Say that a code exists already."""
    return _about(texts, voice, "code-taken", code)


def code_unknown(texts: Texts, voice: Voice, code: str) -> Screen:
    """Say that no patient has this code."""
    return _about(texts, voice, "code-unknown", code)


def patients(texts: Texts, voice: Voice, lines: Sequence[PatientLine]) -> Screen:
    """List the patients: code, state, last alliance with its day; an empty list says how to begin."""
    if not lines:
        return Screen(texts.say(voice, "patients-none"))
    title = texts.say(voice, "patients-title", count=len(lines))
    return Screen(cut("\n".join([title, *(_patient_line(texts, voice, line) for line in lines)])))


def _patient_line(texts: Texts, voice: Voice, line: PatientLine) -> str:
    state = texts.say(voice, f"patient-state-{line.patient.state}")
    if line.last is None:
        return texts.say(voice, "patient-line", code=line.patient.code, state=state)
    value = texts.number(voice, mean(line.last.alliance))
    day = texts.short_day(voice, line.last.session_at)
    return texts.say(voice, "patient-line-rated", code=line.patient.code, state=state, mean=value, day=day)


def session_noted(texts: Texts, voice: Voice, noted: SessionNoted, now: datetime) -> Screen:
    """Repeat what was understood, and say when the patient will be asked."""
    key = "session-asks" if noted.patient_ready else "session-waits"
    values = {"when": texts.soon(voice, noted.ask_at, now)} if noted.patient_ready else {}
    text = f"{_session(texts, voice, noted, now)}\n{texts.say(voice, key, **values)}"
    return Screen(cut(text), (_row(texts, voice, ("button-undo", UndoSession(noted.session_id))),))


def _session(texts: Texts, voice: Voice, noted: SessionNoted, now: datetime) -> str:
    if noted.ended_now:
        return texts.say(voice, "session-ended", code=noted.code, ends=texts.soon(voice, noted.ends_at, now))
    day, starts = texts.full_day(voice, noted.starts_at), texts.moment(voice, noted.starts_at)["time"]
    until = texts.moment(voice, noted.ends_at)["time"]
    zone = texts.say(voice, "zone-of", city=texts.zone(voice, voice.zone))
    return texts.say(voice, "session-planned", code=noted.code, day=day, starts=starts, until=until, zone=zone)


def session_undone(texts: Texts, voice: Voice, code: str) -> Screen:
    """Say that the session was taken back."""
    return _about(texts, voice, "session-undone", code)


def session_undo_too_late(texts: Texts, voice: Voice, code: str) -> Screen:
    """Say that the patient has been asked already."""
    return _about(texts, voice, "session-undo-late", code)


def session_unreadable(texts: Texts, voice: Voice) -> Screen:
    """Say that the date was not understood, with three examples."""
    return Screen(texts.say(voice, "session-unreadable"))


def session_in_past(texts: Texts, voice: Voice, code: str, patient: PatientId, ends_at: datetime) -> Screen:
    """Ask back about a plan that falls in the past; nothing is assumed."""
    text = texts.say(voice, "session-in-past", code=code, when=texts.full_day_and_time(voice, ends_at))
    now = ("button-yes-ended", PickWhen(patient, When.NOW))
    return Screen(cut(text), (_row(texts, voice, now, ("button-other-date", PickWhen(patient, When.OTHER))),))


def session_no_time(texts: Texts, voice: Voice, code: str) -> Screen:
    """Ask for the time of day."""
    return _about(texts, voice, "session-no-time", code)


def session_ambiguous_hour(texts: Texts, voice: Voice, morning: datetime, evening: datetime) -> Screen:
    """Refuse a time that the change of the clock makes double or skips; `time` as it was typed."""
    times = {"morning": texts.moment(voice, morning)["time"], "evening": texts.moment(voice, evening)["time"]}
    return Screen(cut(texts.say(voice, "session-ambiguous-hour", **times)))


def session_recurrence(texts: Texts, voice: Voice) -> Screen:
    """Say that repeating sessions cannot be noted yet."""
    return Screen(texts.say(voice, "session-recurrence"))


def session_overlap(texts: Texts, voice: Voice, code: str) -> Screen:
    """Say that another session of this patient covers that time."""
    return _about(texts, voice, "session-overlap", code)


def session_length(texts: Texts, voice: Voice, shortest: timedelta, longest: timedelta) -> Screen:
    """Say how long a session may last."""
    minutes, hours = shortest // timedelta(minutes=1), longest // timedelta(hours=1)
    return Screen(texts.say(voice, "session-too-long", shortest=str(minutes), longest=str(hours)))


def pick_patient(texts: Texts, voice: Voice, choices: Sequence[Patient]) -> Screen:
    """Ask whose session it was (`/sesion` alone)."""
    if not choices:
        return Screen(texts.say(voice, "patients-none"))
    buttons = [Button(patient.code, encode(PickPatient(patient.id))) for patient in choices[:PATIENTS_AT_MOST]]
    return Screen(texts.say(voice, "session-pick-patient"), in_rows(buttons, PATIENTS_IN_A_ROW))


def pick_when(texts: Texts, voice: Voice, code: str, patient: PatientId) -> Screen:
    """Ask when the session was or will be."""
    rows = (("button-now", When.NOW), ("button-today", When.TODAY), ("button-other", When.OTHER))
    text = texts.say(voice, "session-pick-when", code=code)
    return Screen(cut(text), tuple(_row(texts, voice, (key, PickWhen(patient, when))) for key, when in rows))


def type_when(texts: Texts, voice: Voice, code: str, when: When) -> Screen:
    """Show the line to type for a session today or on another day."""
    return _about(texts, voice, "session-type-today" if when is When.TODAY else "session-type-other", code)


def no_session_claimed(texts: Texts, voice: Voice, claimed: NoSessionClaimed) -> Screen:
    """Ask the therapist to confirm that there was no session."""
    row = _row(
        texts,
        voice,
        ("button-indeed", NoSessionConfirm(claimed.check_in_id, confirmed=True)),
        ("button-there-was", NoSessionConfirm(claimed.check_in_id, confirmed=False)),
    )
    return Screen(_on_day(texts, voice, "no-session-claimed", claimed), (row,))


def no_session_answered(texts: Texts, voice: Voice, claimed: NoSessionClaimed, *, confirmed: bool) -> Screen:
    """Show what the therapist said about it."""
    return Screen(_on_day(texts, voice, "no-session-confirmed" if confirmed else "no-session-denied", claimed))


def _on_day(texts: Texts, voice: Voice, key: str, claimed: NoSessionClaimed) -> str:
    return cut(texts.say(voice, key, code=claimed.code, day=texts.day(voice, claimed.session_ends_at)))


def _about(texts: Texts, voice: Voice, key: str, code: str) -> Screen:
    return Screen(cut(texts.say(voice, key, code=code)))


def _row(texts: Texts, voice: Voice, *keys: tuple[str, Action]) -> tuple[Button, ...]:
    return tuple(Button(texts.say(voice, key), encode(action)) for key, action in keys)
