"""What is seen of agreements and notes: by the therapist who wrote them, and of the agreement, by the patient."""

from collections.abc import Sequence
from typing import Final

from bot.domain.model import Called, Patient, PatientId, Voice
from bot.domain.records import NOTES, Record, RecordKind
from bot.services.records import Held, Noted, Written
from bot.texts import Texts, shortened
from handlers.actions import Action
from handlers.actions_records import (
    AskRecord,
    NoteKind,
    OpenAgreement,
    OpenNotes,
    RetireAgreement,
    SeeAgreement,
    ShowWritten,
    StrikeRecord,
)
from handlers.actions_reports import PickHistory
from handlers.keyboards import encode
from handlers.parts import about, row
from handlers.screen import TOAST_AT_MOST, Button, Screen, cut, in_rows
from handlers.screens_therapist import PATIENTS_AT_MOST, PATIENTS_IN_A_ROW, WORD_AT_MOST, code_unknown

_EXAMPLE: Final = "P-07"


def pick_patient(texts: Texts, voice: Voice, choices: Sequence[Patient], kind: RecordKind) -> Screen:
    """Ask about whom (`/acuerdo` or `/nota` alone)."""
    if not choices:
        return Screen(texts.say(voice, "patients-none"))
    opens = OpenAgreement if kind is RecordKind.AGREEMENT else OpenNotes
    buttons = [Button(patient.code, encode(opens(patient.id))) for patient in choices[:PATIENTS_AT_MOST]]
    return Screen(texts.say(voice, "record-pick-patient"), in_rows(buttons, PATIENTS_IN_A_ROW))


def no_such_patient(texts: Texts, voice: Voice, word: str, known: Sequence[Patient], kind: RecordKind) -> Screen:
    """Say that the first word of a line is no patient's code."""
    if any(character.isdigit() for character in word):
        return code_unknown(texts, voice, word)
    key = "record-code-first-agreement" if kind is RecordKind.AGREEMENT else "record-code-first-note"
    code = known[0].code if known else _EXAMPLE
    return Screen(cut(texts.say(voice, key, word=shortened(word, WORD_AT_MOST), code=code)))


def too_long(texts: Texts, voice: Voice) -> Screen:
    """Say how long a record may be."""
    return Screen(texts.say(voice, "record-too-long"))


def which_kind(texts: Texts, voice: Voice, patient: Patient, message_id: int) -> Screen:
    """Ask which kind of note a line is."""
    buttons = [(f"button-record-{kind}", NoteKind(patient.id, kind, message_id)) for kind in NOTES]
    return Screen(cut(texts.say(voice, "record-which-kind", code=patient.code)), (row(texts, voice, *buttons),))


def asked(texts: Texts, voice: Voice, code: str, kind: RecordKind) -> Screen:
    """Ask for the line."""
    return about(texts, voice, f"record-asked-{kind}", code)


def nothing_written(texts: Texts, voice: Voice) -> Screen:
    """Say that nothing was written down."""
    return Screen(texts.say(voice, "record-nothing"))


def noted(texts: Texts, voice: Voice, one: Noted) -> Screen:
    """Say what was written down."""
    record = one.record
    lines = [texts.say(voice, f"record-noted-{record.kind}", code=record.code, number=one.number), record.text or ""]
    lines += ["", texts.say(voice, "record-told", code=record.code)] if one.told else []
    return Screen(cut("\n".join(lines)), (row(texts, voice, ("button-undo", StrikeRecord(record.id))),))


def struck(texts: Texts, voice: Voice, record: Record) -> Screen:
    """Say that it was struck out."""
    return about(texts, voice, "record-struck", record.code)


def too_late_toast(texts: Texts, voice: Voice) -> str:
    """Say that it is part of the record by now."""
    return cut(texts.say(voice, "toast-record-stays"), TOAST_AT_MOST)


def agreements(texts: Texts, voice: Voice, found: Written) -> Screen:
    """Show the agreement that stands, then the former ones."""
    code, parts = found.patient.code, []
    if found.page == 0:
        parts.append(_current(texts, voice, found))
    if found.records:
        parts.append(texts.say(voice, "agreement-former", code=code))
    parts += [_former(texts, voice, found, one) for one in found.records]
    pages = _pages(texts, voice, found, OpenAgreement)
    return Screen(cut("\n\n".join(parts)), (*_agreement_rows(texts, voice, found), *pages))


def _current(texts: Texts, voice: Voice, found: Written) -> str:
    one, code = found.current, found.patient.code
    if one is None:
        return texts.say(voice, "agreement-none", code=code)
    since = texts.full_day(voice, one.recorded_at)
    title = texts.say(voice, "agreement-current", code=code, number=found.numbers[one.id], since=since)
    return f"{title}\n{one.text}"


def _former(texts: Texts, voice: Voice, found: Written, one: Record) -> str:
    since = texts.short_day(voice, one.recorded_at)
    until = texts.short_day(voice, one.ended_at or one.recorded_at)
    title = texts.say(voice, "agreement-was", number=found.numbers[one.id], since=since, until=until)
    return f"{title}\n{one.text}"


def _agreement_rows(texts: Texts, voice: Voice, found: Written) -> tuple[tuple[Button, ...], ...]:
    patient, current = found.patient.id, found.current
    revise: tuple[str, Action] = (
        "button-revise" if current else "button-write-agreement",
        AskRecord(patient, RecordKind.AGREEMENT),
    )
    retire: list[tuple[str, Action]] = [("button-retire", RetireAgreement(current.id))] if current else []
    return (row(texts, voice, revise, *retire),)


def notes(texts: Texts, voice: Voice, found: Written) -> Screen:
    """Show a page of notes, and offer to write one."""
    code, patient = found.patient.code, found.patient.id
    said = [_note(texts, voice, one) for one in found.records]
    title = texts.say(voice, "notes-title" if said else "notes-none", code=code)
    offered = row(texts, voice, *((f"button-write-{kind}", AskRecord(patient, kind)) for kind in NOTES))
    return Screen(cut("\n\n".join([title, *said])), (offered, *_pages(texts, voice, found, OpenNotes)))


def _note(texts: Texts, voice: Voice, one: Record) -> str:
    kind = texts.say(voice, f"record-{one.kind}")
    return f"{texts.short_day(voice, one.recorded_at)} · {kind}\n{one.text}"


def _pages(
    texts: Texts, voice: Voice, found: Written, turn: type[OpenAgreement | OpenNotes]
) -> tuple[tuple[Button, ...], ...]:
    to: list[tuple[str, PatientId, int]] = []
    if found.page + 1 < found.pages:
        to.append(("button-older", found.patient.id, found.page + 1))
    if found.page:
        to.append(("button-newer", found.patient.id, found.page - 1))
    buttons = row(texts, voice, *((key, turn(patient, page)) for key, patient, page in to))
    return (buttons,) if buttons else ()


def followed(patient: PatientId) -> tuple[tuple[str, Action], ...]:
    """Return the buttons that lead to what was answered and written down, shown below what they stand under."""
    return (
        ("button-history", PickHistory(patient)),
        ("button-agreement", ShowWritten(patient, RecordKind.AGREEMENT)),
        ("button-notes", ShowWritten(patient, RecordKind.MARKER)),
    )


# The patient


def agreement_told(texts: Texts, voice: Voice, called: Called, patient: PatientId) -> Screen:
    """Let the patient know that there is an agreement; its text on tap, for somebody may be looking."""
    text = texts.say(voice, "agreement-told", **texts.named(voice, called))
    return Screen(cut(text), (row(texts, voice, ("button-see", SeeAgreement(patient))),))


def held(texts: Texts, voice: Voice, found: Sequence[Held]) -> Screen:
    """Show the agreement with each therapist, or say that there is none yet."""
    parts = [_held(texts, voice, one) for one in found]
    if any(one.agreement for one in found):
        parts.append(texts.say(voice, "agreement-yours-ends"))
    return Screen(cut("\n\n".join(parts)))


def _held(texts: Texts, voice: Voice, one: Held) -> str:
    named = texts.named(voice, one.patient.therapist)
    if one.agreement is None:
        return texts.say(voice, "agreement-yours-none", **named)
    since = texts.full_day(voice, one.agreement.recorded_at)
    return f"{texts.say(voice, 'agreement-yours', since=since, **named)}\n{one.agreement.text}"
