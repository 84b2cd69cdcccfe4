"""What people are told about their data: what is held, leaving, taking the record over, deletions ahead, minors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.domain.model import CONTACT_ROLES, FileForm, Patient, Role, Voice
from bot.domain.notices import DeletionAhead, Goodbye, GuardianAsked, PatientLeft
from bot.texts import Texts
from handlers.actions import ExportTap, LeaveTap
from handlers.keyboards import encode
from handlers.parts import about, row
from handlers.screen import Button, File, Screen, cut, in_rows
from handlers.screens_agenda import PATIENTS_AT_MOST, PATIENTS_IN_A_ROW

YEAR: Final = timedelta(days=365)
CODES_AT_MOST: Final = 30
REASON_AT_MOST: Final = 300
SPAIN: Final = "ES"


@dataclass(frozen=True, slots=True)
class PrivacyTerms:
    """How this practice keeps data (config `[privacy]`, `[backup]`), as its texts say it."""

    country: str
    keep_scores: bool
    legal_reason: str
    export_within: timedelta
    words: timedelta
    scores: timedelta
    backups: int
    consent_age: int
    contact: str | None = None


def privacy(texts: Texts, voice: Voice, terms: PrivacyTerms, role: Role | None) -> Screen:
    """Say what is held, where, how long, who sees it and how to leave."""
    values: dict[str, str | int] = {
        "words": span(texts, voice, terms.words),
        "scores": span(texts, voice, terms.scores),
        "days": terms.backups,
    }
    parts = [texts.say(voice, f"privacy-{part}", **values) for part in ("held", "where", "who", "how-long")]
    kind = "contact" if role in CONTACT_ROLES else role or "stranger"
    parts.append(texts.say(voice, f"privacy-rights-{kind}"))
    if terms.contact:
        contact = cut(" ".join(terms.contact.split()), REASON_AT_MOST)
        parts.append(texts.say(voice, "consent-contact", contact=contact))
    return Screen(cut("\n\n".join(parts)))


def leave_offer(texts: Texts, voice: Voice, patient: Patient, terms: PrivacyTerms, *, words_wait: bool) -> Screen:
    """Explain what leaving means, before it is done."""
    named = texts.named(voice, patient.therapist)
    wait = {"span": span(texts, voice, terms.export_within), **named}
    parts = [
        texts.say(voice, "leave-stop"),
        texts.say(voice, "leave-words-wait", **wait) if words_wait else texts.say(voice, "leave-words"),
        _scores(texts, voice, "leave-scores", terms, code=patient.code),
        texts.say(voice, "leave-backups", days=terms.backups),
    ]
    listed = "\n".join([texts.say(voice, "leave-title"), *(f"· {part}" for part in parts)])
    text = "\n\n".join([listed, texts.say(voice, "leave-sure", **named)])
    buttons = row(texts, voice, ("button-leave", LeaveTap(sure=True)), ("button-no", LeaveTap(sure=False)))
    return Screen(cut(text), (buttons,))


def stayed(texts: Texts, voice: Voice) -> Screen:
    """Say that nothing has changed."""
    return Screen(texts.say(voice, "leave-not"))


def goodbye(texts: Texts, voice: Voice, notice: Goodbye, terms: PrivacyTerms) -> Screen:
    """Say what was done, and what still waits."""
    waits = notice.words_until
    words = (
        texts.say(voice, "goodbye-words-wait", until=texts.full_day_and_time(voice, waits))
        if waits
        else texts.say(voice, "goodbye-words")
    )
    key = "goodbye-scores" if notice.keep_scores else "goodbye-scores-too"
    parts = [texts.say(voice, "goodbye"), words, texts.say(voice, key, scores=span(texts, voice, terms.scores))]
    return Screen(cut("\n".join([*parts, texts.say(voice, "goodbye-help")])))


def patient_left(texts: Texts, voice: Voice, notice: PatientLeft) -> Screen:
    """Tell the therapist, and offer the record while it is there."""
    if notice.export_until is None:
        return about(texts, voice, "patient-left", notice.code)
    until = texts.full_day_and_time(voice, notice.export_until)
    text = texts.say(voice, "patient-left-export", code=notice.code, until=until)
    return Screen(cut(text), (row(texts, voice, ("button-export", ExportTap(notice.patient_id))),))


def export_whom(texts: Texts, voice: Voice, patients: Sequence[Patient]) -> Screen:
    """Ask whose record is wanted (`/exportar` alone)."""
    if not patients:
        return Screen(texts.say(voice, "patients-none"))
    lines = [texts.say(voice, "export-whom")]
    lines += [texts.say(voice, "export-more")] if len(patients) > PATIENTS_AT_MOST else []
    codes = [Button(one.code, encode(ExportTap(one.id))) for one in patients[:PATIENTS_AT_MOST]]
    everybody = [row(texts, voice, ("button-export-all", ExportTap()))] if len(patients) > 1 else []
    return Screen("\n".join(lines), (*in_rows(codes, PATIENTS_IN_A_ROW), *everybody))


def own_file(texts: Texts, voice: Voice, form: FileForm, file: File) -> Screen:
    """Hand a person a file with everything held about them."""
    return Screen(texts.say(voice, f"own-data-{form}"), file=file)


def export_file(texts: Texts, voice: Voice, form: FileForm, code: str | None, file: File) -> Screen:
    """Hand the therapist a file with everything held about a patient; without a code, about all of them."""
    text = texts.say(voice, f"export-{form}", code=code) if code else texts.say(voice, f"export-all-{form}")
    return Screen(text, file=file)


def deletion_ahead(texts: Texts, voice: Voice, notice: DeletionAhead) -> Screen:
    """Announce to whoever may read it what is going to be deleted; therapists, how to take it over before."""
    codes = ", ".join(notice.codes[:CODES_AT_MOST]) + ("…" if len(notice.codes) > CODES_AT_MOST else "")
    day = texts.full_day(voice, notice.delete_at)
    first = notice.codes[0] if notice.codes else ""
    return Screen(
        cut(texts.say(voice, f"deletion-{notice.what}", count=notice.count, codes=codes, day=day, code=first))
    )


def guardian_asked(texts: Texts, voice: Voice, notice: GuardianAsked, terms: PrivacyTerms) -> Screen:
    """Ask for the reference of a guardian's consent before a minor's link."""
    return Screen(cut(texts.say(voice, "guardian-asked", code=notice.code, age=terms.consent_age)))


def guardian_too_long(texts: Texts, voice: Voice) -> Screen:
    """Say how long a reference may be."""
    return Screen(texts.say(voice, "guardian-too-long"))


def span(texts: Texts, voice: Voice, length: timedelta) -> str:
    """Say how long something is kept: «5 años», «30 días», «72 horas»."""
    if length >= YEAR:
        return texts.say(voice, "years", years=length // YEAR)
    whole_days = length >= timedelta(days=4) and not length % timedelta(days=1)
    return texts.days(voice, length) if whole_days else texts.say(voice, "hours", hours=length // timedelta(hours=1))


def _scores(texts: Texts, voice: Voice, key: str, terms: PrivacyTerms, code: str) -> str:
    if not terms.keep_scores:
        return texts.say(voice, f"{key}-too")
    reason = cut(" ".join(terms.legal_reason.split()), REASON_AT_MOST) or texts.say(
        voice, "legal-reason-spain" if terms.country == SPAIN else "legal-reason"
    )
    return texts.say(voice, key, scores=span(texts, voice, terms.scores), code=code, reason=reason)
