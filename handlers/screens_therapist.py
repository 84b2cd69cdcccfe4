"""What a therapist sees of patients; sessions, alerts and the digest have modules of their own."""

from collections.abc import Sequence
from typing import Final

from bot.domain.model import Patient, Voice
from bot.domain.notices import (
    InvitationReady,
    InvitationRefused,
    NoSessionClaimed,
    PatientDecided,
    PatientUnreachable,
)
from bot.texts import Texts, shortened
from handlers.actions import NoSessionConfirm
from handlers.parts import about, row
from handlers.screen import CAPTION_AT_MOST, Screen, cut

PATIENTS_IN_A_ROW: Final = 3
WORD_AT_MOST: Final = 20
PATIENTS_AT_MOST: Final = 90
"""Telegram shows at most 100 buttons under a message."""


def invitation_ready(texts: Texts, voice: Voice, ready: InvitationReady, link: str, qr: bytes | None = None) -> Screen:
    """Hand over a patient's one-time link; with `qr` (PNG) it is the caption of that picture."""
    until = texts.full_day_and_time(voice, ready.expires_at)
    lines = [texts.say(voice, "invitation-moves", code=ready.code)] if ready.moves else []
    lines.append(texts.say(voice, "invitation-ready", code=ready.code, link=link, until=until))
    return Screen(cut("\n\n".join(lines), CAPTION_AT_MOST), photo=qr)


def patient_decided(texts: Texts, voice: Voice, decided: PatientDecided) -> Screen:
    """Tell whether the patient accepted."""
    return about(texts, voice, "patient-accepted" if decided.accepted else "patient-declined", decided.code)


def invitation_refused(texts: Texts, voice: Voice, refused: InvitationRefused) -> Screen:
    """Tell that somebody else tried a link that was already opened."""
    return Screen(cut(texts.say(voice, "invitation-refused", name=refused.name)))


def patient_unreachable(texts: Texts, voice: Voice, unreachable: PatientUnreachable) -> Screen:
    """Tell that messages no longer reach a patient."""
    return about(texts, voice, "patient-unreachable", unreachable.code)


def code_missing(texts: Texts, voice: Voice) -> Screen:
    """Answer `/nuevo` alone."""
    return Screen(texts.say(voice, "code-missing"))


def code_bad(texts: Texts, voice: Voice) -> Screen:
    """Say what a code looks like."""
    return Screen(texts.say(voice, "code-bad"))


def code_taken(texts: Texts, voice: Voice, code: str) -> Screen:
    """Say that a code exists already."""
    return about(texts, voice, "code-taken", code)


def code_unknown(texts: Texts, voice: Voice, code: str) -> Screen:
    """Say that no patient has this code."""
    return about(texts, voice, "code-unknown", code)


def no_such_patient(texts: Texts, voice: Voice, word: str, known: Sequence[Patient]) -> Screen:
    """Say that the first word of a line is no patient's code; a word like "mañana" is not called a patient."""
    if any(character.isdigit() for character in word):
        return code_unknown(texts, voice, word)
    code = known[0].code if known else "P-07"
    return Screen(cut(texts.say(voice, "code-not-first", word=shortened(word, WORD_AT_MOST), code=code)))


def no_session_claimed(texts: Texts, voice: Voice, claimed: NoSessionClaimed) -> Screen:
    """Ask the therapist to confirm that there was no session."""
    buttons = row(
        texts,
        voice,
        ("button-indeed", NoSessionConfirm(claimed.check_in_id, confirmed=True)),
        ("button-there-was", NoSessionConfirm(claimed.check_in_id, confirmed=False)),
    )
    return Screen(_on_day(texts, voice, "no-session-claimed", claimed), (buttons,))


def no_session_answered(texts: Texts, voice: Voice, claimed: NoSessionClaimed, *, confirmed: bool) -> Screen:
    """Show what the therapist said about it."""
    return Screen(_on_day(texts, voice, "no-session-confirmed" if confirmed else "no-session-denied", claimed))


def _on_day(texts: Texts, voice: Voice, key: str, claimed: NoSessionClaimed) -> str:
    return cut(texts.say(voice, key, code=claimed.code, day=texts.day(voice, claimed.session_ends_at)))
