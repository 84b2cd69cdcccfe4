"""Coming in and going away: `/start`, consent, enrolment, invitations, blocking, pausing."""

from collections.abc import Callable
from typing import Final

import structlog
from telegram import ChatMember

from bot.domain.model import PatientState, Voice
from bot.services.enrolment import (
    LONGEST_REFERENCE,
    AlreadyIn,
    CodeRefused,
    ConsentOffer,
    Enrolment,
    LinkRefused,
    Minority,
    RoleOffer,
    clean_code,
)
from bot.services.reach import Reach
from bot.services.rights import Rights
from bot.texts import Texts
from handlers import screens_arrival as screens
from handlers import screens_patient, screens_rights, screens_therapist
from handlers.access import Visit
from handlers.actions import ConsentTap, EnrolTap
from handlers.actions_manner import OfferManner
from handlers.consent import shown
from handlers.nudge import Nudge
from handlers.screen import Screen
from handlers.screens_arrival import ConsentTerms

log = structlog.get_logger()


_REFUSED: Final = {
    LinkRefused.UNKNOWN: screens.link_invalid,
    LinkRefused.USED: screens.link_used,
    LinkRefused.EXPIRED: screens.link_expired,
    LinkRefused.TOO_MANY: screens.link_too_many_tries,
}


class Arrival:
    """What people do at the door."""

    def __init__(
        self, enrolment: Enrolment, rights: Rights, reach: Reach, texts: Texts, terms: ConsentTerms, nudge: Nudge
    ) -> None:
        self._enrolment = enrolment
        self._rights = rights
        self._reach = reach
        self._texts = texts
        self._terms = terms
        self._nudge = nudge

    async def start(self, visit: Visit) -> None:
        """Open a link, or greet who comes without one."""
        await self._reach.back(visit.visitor)
        _, _, token = visit.text.partition(" ")
        if not token.strip():
            await visit.reply(self._greeting(visit))
            return
        offer = await self._enrolment.open(visit.chat_id, token.strip(), visit.voice)
        self._nudge()
        await visit.reply(self._opened(visit, offer))

    def _greeting(self, visit: Visit) -> Screen:
        visitor = visit.visitor
        if visitor.therapist is not None:
            return screens.enrolled(self._texts, visit.voice, visitor.therapist.called)
        if visitor.contacts:
            return screens.contact_enrolled(self._texts, visit.voice, visitor.contacts)
        if visitor.patient is not None and visitor.patient.state is PatientState.ACTIVE:
            return screens.welcome_back(self._texts, visit.voice, visitor.patient.therapist)
        return self._standing(visit, screens_patient.paused)

    def _opened(self, visit: Visit, offer: RoleOffer | ConsentOffer | AlreadyIn | LinkRefused) -> Screen:
        match offer:
            case AlreadyIn():
                return self._greeting(visit)
            case LinkRefused():
                return _REFUSED[offer](self._texts, visit.voice)
            case _:
                return self._offered(visit.voice, offer)

    def _offered(self, voice: Voice, offer: RoleOffer | ConsentOffer) -> Screen:
        match offer:
            case RoleOffer(invitation_id=invitation_id, name=name, role=role):
                return screens.enrol_offer(self._texts, voice, name, invitation_id, role)
            case ConsentOffer(invitation_id=invitation_id, therapist=called):
                return screens.consent(self._texts, voice, called, invitation_id, self._terms)

    async def offer_manner(self, visit: Visit, tap: OfferManner) -> None:
        """Say what is offered in another register, before anything is decided."""
        offer = await self._enrolment.standing(visit.visitor, tap.invitation)
        person = (
            await self._rights.speak(visit.visitor, visit.receipt, manner=tap.register) if offer is not None else None
        )
        await visit.toast(None if person else screens_patient.not_yours_toast(self._texts, visit.voice))
        if offer is not None and person is not None:
            await visit.edit(self._offered(person.voice, offer))

    async def enrol(self, visit: Visit, tap: EnrolTap) -> None:
        """Give the person the role of their invitation, called as they chose."""
        enrolled = await self._enrolment.enrol(visit.visitor, tap.invitation, tap.article, visit.receipt)
        await self._after(visit, done=enrolled)

    async def decide(self, visit: Visit, tap: ConsentTap) -> None:
        """Keep the decision, with the hash of the text that stood above the buttons."""
        called = await self._enrolment.inviting_therapist(visit.visitor, tap.invitation)
        decided = False
        if called is not None:
            await visit.note(visit.message_id)  # first: once the decision is kept, nobody comes back here
            about = shown(
                visit, self._terms.version, lambda voice: screens.consent_text(self._texts, voice, called, self._terms)
            )
            decided = await self._enrolment.decide(
                visit.visitor, tap.invitation, about, visit.receipt, accepted=tap.accepted
            )
        await self._after(visit, done=decided)
        is_forgotten = visit.visitor.person is None  # whoever only opened a link is, once its days are over
        if not decided and (is_forgotten or await self._enrolment.expired(visit.visitor, tap.invitation)):
            await visit.reply(screens.link_expired(self._texts, visit.voice))

    async def _after(self, visit: Visit, *, done: bool) -> None:
        await visit.toast(None if done else screens_patient.not_yours_toast(self._texts, visit.voice))
        await visit.messenger.retire(visit.chat_id, visit.message_id)
        if done:
            self._nudge()

    async def new_patient(self, visit: Visit) -> None:
        """Make the link of a patient: `/nuevo P-07`, or of a minor: `/nuevo P-07 menor`."""
        therapist, person = visit.visitor.therapist, visit.visitor.person
        if therapist is None or person is None:
            await visit.reply(screens.not_here(self._texts, visit.voice, visit.visitor))
            return
        _, _, words = visit.text.partition(" ")
        if not words.strip():
            await visit.reply(screens_therapist.code_missing(self._texts, visit.voice))
            return
        code, minority = _read_invitation(words)
        if minority is not None and len(minority.guardian or "") > LONGEST_REFERENCE:
            await visit.reply(screens_rights.guardian_too_long(self._texts, visit.voice))
            return
        match await self._enrolment.invite_patient(therapist.id, code, person, visit.receipt, minority):
            case None:
                self._nudge()
            case CodeRefused.MALFORMED:
                await visit.reply(screens_therapist.code_bad(self._texts, visit.voice))
            case CodeRefused.TAKEN:
                taken = clean_code(code) or ""
                await visit.reply(screens_therapist.code_taken(self._texts, visit.voice, taken))

    async def membership(self, visit: Visit) -> None:
        """Notice that somebody has blocked the bot, or let it in again."""
        change = visit.update.my_chat_member
        if change is None or visit.visitor.person is None:
            return
        if change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT):
            await self._reach.lost(visit.visitor.person)
            self._nudge()
        else:
            await self._reach.back(visit.visitor)

    async def pause(self, visit: Visit) -> None:
        """Ask nothing until further notice."""
        await self._rights.pause(visit.visitor)
        await visit.reply(self._standing(visit, screens_patient.paused))

    async def resume(self, visit: Visit) -> None:
        """Ask again."""
        await self._rights.resume(visit.visitor)
        await visit.reply(self._standing(visit, screens_patient.resumed))

    def _standing(self, visit: Visit, screen: Callable[[Texts, Voice], Screen]) -> Screen:
        """Show `screen` to a patient in contact; to anybody else say where they stand."""
        patient = visit.visitor.patient
        if patient is None:
            return screens.not_here(self._texts, visit.voice, visit.visitor)
        if patient.state is PatientState.DECLINED:
            return screens.consent_declined(self._texts, visit.voice, patient.therapist)
        return screen(self._texts, visit.voice)


def _read_invitation(words: str) -> tuple[str, Minority | None]:
    """Read a code, perhaps followed by *menor* and the reference of the guardian's consent, or by *mayor*."""
    code, _, more = words.strip().partition(" ")
    word, _, reference = more.strip().partition(" ")
    if word.lower() not in MINOR | ADULT:
        return words, None
    return code, Minority(minor=word.lower() in MINOR, guardian=" ".join(reference.split()) or None)


MINOR: Final = frozenset({"menor", "minor"})
ADULT: Final = frozenset({"mayor", "adult"})
