"""Getting in: one-time links, people enrolling, patients consenting.  Nothing is asked before consent."""

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain import guesses, timing
from bot.domain.hours import QuietHours
from bot.domain.model import (
    CONTACT_ROLES,
    Article,
    Called,
    ConsentShown,
    Invitation,
    InvitationId,
    Patient,
    PatientState,
    Person,
    PersonId,
    Role,
    TherapistId,
    Urgency,
    Visitor,
    Voice,
)
from bot.domain.notices import (
    ConsentDeclined,
    Consented,
    Enrolled,
    GuardianAsked,
    InvitationReady,
    InvitationRefused,
    PatientDecided,
)
from bot.domain.post import Receipt
from bot.services.ports import Store, Tx

LINK_LIFE: Final = timedelta(days=7)
TOKEN_BYTES: Final = 24
"""192 random bits: 48 hexadecimal digits of the 64 characters that a start payload may have.

Trap: with `-` and `_` a token falls into words, and about one in 200,000 had a word that cannot wait ("kys") in it;
whoever opened that link got the help card and no way in.
"""

LONGEST_NAME: Final = 60
STAFF: Final = (Role.THERAPIST, *CONTACT_ROLES)
LONGEST_REFERENCE: Final = 60
GUARDIAN_WITHIN: Final = timedelta(hours=1)
"""What a therapist types so soon after being asked is the reference of the guardian's consent."""
log = structlog.get_logger()

_IN_CONTACT: Final = (PatientState.ACTIVE, PatientState.PAUSED)

_CODE: Final = re.compile(r"[A-ZÑ0-9](?:[A-ZÑ0-9-]{0,14}[A-ZÑ0-9])?", re.ASCII)


class LinkRefused(StrEnum):
    """Why a link does not open."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class RoleOffer:
    """Somebody of the practice may enrol; the name is the one the practice wrote."""

    invitation_id: InvitationId
    name: str = field(repr=False)
    role: Role


@dataclass(frozen=True, slots=True)
class ConsentOffer:
    """A patient may read the consent text and decide."""

    invitation_id: InvitationId
    therapist: Called


@dataclass(frozen=True, slots=True)
class AlreadyIn:
    """The person opened a link that they have used before."""


class CodeRefused(StrEnum):
    """Why a patient cannot have this code."""

    MALFORMED = "malformed"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Minority:
    """Whether the patient is under the age of digital consent, and where a guardian's consent is kept."""

    minor: bool
    guardian: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class EnrolmentSettings:
    """What a new person starts with, and when therapists rest and read."""

    voice: Voice
    digest_weekday: int
    digest_hour: int
    therapist_quiet: QuietHours


def clean_code(text: str) -> str | None:
    """Return a patient code as it is kept (capitals, letters, digits and inner hyphens, at most 16), or None."""
    code = text.strip().upper()
    return code if _CODE.fullmatch(code) else None


class Enrolment:
    """The verbs of getting in."""

    def __init__(self, store: Store, clock: Clock, settings: EnrolmentSettings) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._guesses = guesses.Guesses()

    async def invite(self, role: Role, name: str) -> str:
        """Make a one-time link for somebody of the practice and return its token; only a keyed hash of it is kept."""
        token = secrets.token_hex(TOKEN_BYTES)
        now = self._clock.now()
        async with self._store.transaction() as tx:
            await tx.people.add_invitation(role, token, name, None, now, now + LINK_LIFE)
        return token

    async def invite_patient(
        self, therapist_id: TherapistId, code: str, person: Person, receipt: Receipt, minority: Minority | None = None
    ) -> CodeRefused | None:
        """Make (or renew) the one-time link of a patient; it travels to the therapist through the outbox.

        For a minor, a guardian's consent comes first: as long as its reference is missing, that is what is asked for.
        """
        cleaned = clean_code(code)
        if cleaned is None:
            return CodeRefused.MALFORMED
        token, now = secrets.token_hex(TOKEN_BYTES), self._clock.now()
        async with self._store.transaction() as tx:
            patient = await tx.people.add_patient(cleaned, therapist_id, now)
            if patient is None:
                return CodeRefused.TAKEN
            if await self._guardian_is_missing(tx, patient, minority or Minority(minor=patient.minor)):
                asked = GuardianAsked(cleaned)
                await tx.outbox.put(asked, person.id, Urgency.REPLY, now, f"guardian:{receipt}", now + LINK_LIFE)
                return None
            await tx.people.add_invitation(Role.PATIENT, token, cleaned, patient.id, now, now + LINK_LIFE)
            ready = InvitationReady(cleaned, token, now + LINK_LIFE, moves=patient.state in _IN_CONTACT)
            await tx.outbox.put(ready, person.id, Urgency.REPLY, now, f"invited:{receipt}", now + LINK_LIFE)
            await tx.audit.note(now, person.id, "invited", "patient", patient.id)
            await tx.inbox.finish(receipt, now)
        return None

    async def _guardian_is_missing(self, tx: Tx, patient: Patient, minority: Minority) -> bool:
        """Mark the patient as the therapist says; a minor without a guardian's consent waits for it."""
        now = self._clock.now()
        if minority.guardian:
            await tx.people.set_minor(patient.id, None, minor=True)
            await tx.people.set_guardian(patient.id, minority.guardian)
            return False
        missing = minority.minor and not await tx.people.has_guardian(patient.id)
        await tx.people.set_minor(patient.id, now if missing else None, minor=minority.minor)
        return missing

    async def asked_guardian(self, visitor: Visitor) -> str | None:
        """Return the code of the patient whose guardian's consent this therapist is being asked for."""
        if visitor.therapist is None:
            return None
        async with self._store.reading() as tx:
            return await tx.people.asks_guardian(visitor.therapist.id, self._clock.now() - GUARDIAN_WITHIN)

    async def open(self, chat_id: int, token: str, voice: Voice) -> RoleOffer | ConsentOffer | AlreadyIn | LinkRefused:
        """Open a link.  Doing so again from the same account shows the same; another account is refused.

        `voice` is how the person is being spoken to: a newcomer keeps it, so that consent is kept in the language read.
        """
        now = self._clock.now()
        if self._guesses.too_many_of(chat_id, now):
            return LinkRefused.TOO_MANY
        async with self._store.reading() as tx:
            hour = now - guesses.WITHIN
            if await tx.people.failed_starts(chat_id, hour) >= guesses.OF_ONE_CHAT:
                return LinkRefused.TOO_MANY
            invitation = await tx.people.invitation_of(token)
            crowded = self._guesses.too_many(now) or await tx.people.wrong_links(hour) >= guesses.OF_ALL
        if invitation is None:
            return await self._wrong(chat_id, now, crowded=crowded)
        async with self._store.transaction() as tx:
            visitor = await tx.people.visitor(chat_id)
            current = await tx.people.invitation(invitation.id)
            return await self._open(tx, current or invitation, visitor, voice)

    async def _wrong(self, chat_id: int, now: datetime, *, crowded: bool) -> LinkRefused:
        """Count a wrong link; beyond the practice's hour in memory alone: a guess then writes nothing."""
        if self._guesses.note(chat_id, now):
            log.warning("many wrong links", within_hour=guesses.OF_ALL)
        if crowded:
            return LinkRefused.TOO_MANY
        async with self._store.transaction() as tx:
            await tx.people.note_failed_start(chat_id, now)
        return LinkRefused.UNKNOWN

    async def _open(
        self, tx: Tx, invitation: Invitation, visitor: Visitor, voice: Voice
    ) -> RoleOffer | ConsentOffer | AlreadyIn | LinkRefused:
        now = self._clock.now()
        opener = visitor.person.id if visitor.person else None
        if invitation.opened_by is not None and invitation.opened_by != opener:
            await self._tell_of_stranger(tx, invitation)
            return LinkRefused.USED
        if invitation.used_at is not None:
            return AlreadyIn()
        if invitation.expires_at <= now:
            return LinkRefused.EXPIRED
        opener = await tx.people.remember(visitor.chat_id, voice)
        await tx.people.open_invitation(invitation.id, opener, now)
        return await _offer(tx, invitation)

    async def _tell_of_stranger(self, tx: Tx, invitation: Invitation) -> None:
        if invitation.patient_id is None:
            return
        patient = await tx.people.patient(invitation.patient_id)
        notice = InvitationRefused(patient.code)
        await self._tell_therapist(tx, patient, notice, f"refused:{invitation.id}", Urgency.ALERT)

    async def offered(self, person: Person | None) -> RoleOffer | None:
        """Return the enrolment this person has opened and not yet finished: a typed name belongs there."""
        if person is None:
            return None
        async with self._store.reading() as tx:
            invitation = await tx.people.opened_invitation(person.id)
        waiting = invitation is not None and invitation.role is not Role.PATIENT
        if not waiting or invitation is None or invitation.expires_at <= self._clock.now():
            return None
        return RoleOffer(invitation.id, invitation.name, invitation.role)

    async def standing(self, visitor: Visitor, invitation_id: InvitationId) -> RoleOffer | ConsentOffer | None:
        """Return what this person has opened and not yet decided; None if it is not their invitation (any more)."""
        async with self._store.reading() as tx:
            invitation = await self._own(tx, visitor, invitation_id, tuple(Role))
            return await _offer(tx, invitation) if invitation is not None else None

    async def rename(self, offer: RoleOffer, name: str) -> RoleOffer:
        """Change the name somebody is going to be called by; doing so again changes nothing."""
        chosen = " ".join(name.split())[:LONGEST_NAME] or offer.name
        async with self._store.transaction() as tx:
            await tx.people.rename_invitation(offer.invitation_id, chosen)
        return RoleOffer(offer.invitation_id, chosen, offer.role)

    async def enrol(self, visitor: Visitor, invitation_id: InvitationId, article: Article, receipt: Receipt) -> bool:
        """Give the person the role of their invitation; False if this is not their invitation (any more)."""
        now = self._clock.now()
        async with self._store.transaction(receipt) as tx:
            invitation = await self._own(tx, visitor, invitation_id, STAFF)
            if invitation is None or invitation.opened_by is None:
                return False
            called = Called(invitation.name, article)
            if invitation.role is Role.THERAPIST:
                await self._add_therapist(tx, invitation.opened_by, called)
            else:
                await tx.people.add_contact(invitation.opened_by, invitation.role, called, now)
                await tx.audit.note(now, invitation.opened_by, "enrolled", invitation.role, invitation.opened_by)
            await tx.people.use_invitation(invitation_id, now)
            enrolled = Enrolled(invitation.role)
            await tx.outbox.put(enrolled, invitation.opened_by, Urgency.REPLY, now, f"enrolled:{invitation_id}")
        return True

    async def _add_therapist(self, tx: Tx, person_id: PersonId, called: Called) -> None:
        now, settings = self._clock.now(), self._settings
        weekday, hour = settings.digest_weekday, settings.digest_hour
        digest_at = timing.next_weekly(now, weekday, hour, settings.voice.zone)
        therapist_id = await tx.people.add_therapist(person_id, called, digest_at, now)
        await tx.audit.note(now, person_id, "enrolled", "therapist", therapist_id)

    async def inviting_therapist(self, visitor: Visitor, invitation_id: InvitationId) -> Called | None:
        """Return who invited this patient; None if it is not their invitation (any more)."""
        async with self._store.reading() as tx:
            invitation = await self._own(tx, visitor, invitation_id, (Role.PATIENT,))
            if invitation is None or invitation.patient_id is None:
                return None
            return (await tx.people.patient(invitation.patient_id)).therapist

    async def expired(self, visitor: Visitor, invitation_id: InvitationId) -> bool:
        """Say whether this is the person's own invitation, not used, whose days are over."""
        async with self._store.reading() as tx:
            invitation = await tx.people.invitation(invitation_id)
        if invitation is None or visitor.person is None or invitation.opened_by != visitor.person.id:
            return False
        return invitation.used_at is None and invitation.expires_at <= self._clock.now()

    async def decide(
        self, visitor: Visitor, invitation_id: InvitationId, shown: ConsentShown, receipt: Receipt, *, accepted: bool
    ) -> bool:
        """Keep a patient's decision about the consent text; False if this is not their invitation (any more)."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            invitation = await self._own(tx, visitor, invitation_id, (Role.PATIENT,))
            if invitation is None or invitation.patient_id is None or visitor.person is None:
                return False
            patient = await tx.people.patient(invitation.patient_id)
            language = visitor.person.voice.language
            await tx.people.add_consent(patient.id, shown.version, shown.text_hash, language, now, accepted=accepted)
            if accepted:
                await self._bind(tx, patient, invitation, visitor.person.id)
            elif patient.person_id in (None, visitor.person.id):
                await tx.people.set_patient_state(patient.id, PatientState.DECLINED, now)
            reply = Consented(patient.id) if accepted else ConsentDeclined(patient.id)
            await tx.outbox.put(reply, visitor.person.id, Urgency.REPLY, now, f"decided:{receipt}")
            decided = PatientDecided(patient.code, accepted)
            await self._tell_therapist(tx, patient, decided, f"decision:{receipt}", Urgency.BULK)
            await tx.inbox.finish(receipt, now)
        return True

    async def _bind(self, tx: Tx, patient: Patient, invitation: Invitation, person_id: PersonId) -> None:
        now = self._clock.now()
        await tx.people.bind_patient(patient.id, person_id)
        await tx.people.set_patient_state(patient.id, PatientState.ACTIVE, now)
        await tx.people.use_invitation(invitation.id, now)
        await tx.audit.note(now, person_id, "consented", "patient", patient.id)

    async def _own(
        self, tx: Tx, visitor: Visitor, invitation_id: InvitationId, roles: Collection[Role]
    ) -> Invitation | None:
        invitation = await tx.people.invitation(invitation_id)
        if invitation is None or visitor.person is None or invitation.role not in roles:
            return None
        mine = invitation.opened_by == visitor.person.id and invitation.used_at is None
        return invitation if mine and invitation.expires_at > self._clock.now() else None

    async def _tell_therapist(
        self, tx: Tx, patient: Patient, notice: PatientDecided | InvitationRefused, key: str, urgency: Urgency
    ) -> None:
        therapist = await tx.people.therapist(patient.therapist_id)
        quiet = therapist.rests(self._settings.therapist_quiet)
        at = timing.out_of_quiet(self._clock.now(), therapist.zone, quiet)
        await tx.outbox.put(notice, therapist.person_id, urgency, at, key)


async def _offer(tx: Tx, invitation: Invitation) -> RoleOffer | ConsentOffer:
    if invitation.patient_id is None:
        return RoleOffer(invitation.id, invitation.name, invitation.role)
    patient = await tx.people.patient(invitation.patient_id)
    return ConsentOffer(invitation.id, patient.therapist)
