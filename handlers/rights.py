"""The room where a person decides about their data: deciding again, taking a copy, leaving; and the record's export."""

from bot.domain.model import Patient, Role, Voice
from bot.services.consents import Consents
from bot.services.data_requests import DataRequests
from bot.services.enrolment import clean_code
from bot.services.leaving import Leaving
from bot.texts import Texts
from handlers import screens_arrival, screens_patient, screens_therapist
from handlers import screens_rights as screens
from handlers.access import Visit
from handlers.actions import ConsentAgainTap, ExportTap, LeaveTap
from handlers.consent import shown
from handlers.nudge import Nudge
from handlers.screens_arrival import ConsentTerms
from handlers.screens_rights import PrivacyTerms


class Rights:
    """What a person may do about what is held."""

    def __init__(
        self,
        leaving: Leaving,
        data_requests: DataRequests,
        consents: Consents,
        texts: Texts,
        consent: ConsentTerms,
        terms: PrivacyTerms,
        nudge: Nudge,
    ) -> None:
        self._leaving = leaving
        self._data_requests = data_requests
        self._consents = consents
        self._texts = texts
        self._consent = consent
        self._terms = terms
        self._nudge = nudge

    async def privacy(self, visit: Visit) -> None:
        """Say what is held, where, how long, who sees it, how to leave."""
        roles = visit.visitor.roles
        role = Role.PATIENT if Role.PATIENT in roles else next(iter(roles), None)
        await visit.reply(screens.privacy(self._texts, visit.voice, self._terms, role))

    async def own_data(self, visit: Visit) -> None:
        """Send a person everything that is held about them."""
        if await self._data_requests.ask(visit.visitor, visit.receipt):
            self._nudge()
        else:
            await visit.reply(screens_arrival.not_here(self._texts, visit.voice, visit.visitor))

    # Leaving

    async def leave(self, visit: Visit) -> None:
        """Explain what leaving means, and ask whether it is meant."""
        parting, patient = await self._leaving.offer(visit.visitor), visit.visitor.patient
        if parting is None or patient is None:
            await visit.reply(screens_arrival.not_here(self._texts, visit.voice, visit.visitor))
            return
        offer = screens.leave_offer(self._texts, visit.voice, patient, self._terms, words_wait=parting.words_wait)
        await visit.reply(offer)

    async def leaves(self, visit: Visit, tap: LeaveTap) -> None:
        """Do it, or leave everything as it was."""
        if not visit.visitor.patients:
            await visit.toast(screens_patient.not_yours_toast(self._texts, visit.voice))
        elif not tap.sure:
            await visit.toast()
            await visit.edit(screens.stayed(self._texts, visit.voice))
        elif await self._leaving.leave(visit.visitor, visit.receipt):
            await visit.toast()
            self._nudge()

    # Deciding again

    async def decide_again(self, visit: Visit, tap: ConsentAgainTap) -> None:
        """Keep the decision about the new text, with the hash of the one that was read."""
        mine = next((one for one in visit.visitor.patients if one.id == tap.patient), None)
        decided = False
        if mine is not None:
            about = shown(visit, self._consent.version, lambda voice: self._asked_again(voice, mine))
            decided = await self._consents.decide(
                visit.visitor, tap.patient, about, visit.receipt, accepted=tap.accepted
            )
        await visit.toast(None if decided else screens_patient.not_yours_toast(self._texts, visit.voice))
        await visit.messenger.retire(visit.chat_id, visit.message_id)
        if decided:
            self._nudge()

    def _asked_again(self, voice: Voice, patient: Patient) -> str:
        return screens_arrival.consent_again(self._texts, voice, patient.therapist, patient.id, self._consent).text

    # The record

    async def export(self, visit: Visit) -> None:
        """Send a therapist everything held about a patient: `/exportar P-07`; alone, ask about whom."""
        if visit.visitor.therapist is None:
            await visit.reply(screens_arrival.not_here(self._texts, visit.voice, visit.visitor))
            return
        _, _, written = visit.text.partition(" ")
        code = clean_code(written)
        if not written.strip():
            mine = await self._data_requests.offered(visit.visitor)
            await visit.reply(screens.export_whom(self._texts, visit.voice, mine))
        elif code is None:
            await visit.reply(screens_therapist.code_bad(self._texts, visit.voice))
        elif await self._data_requests.export(visit.visitor, code, visit.receipt):
            self._nudge()
        else:
            await visit.reply(screens_therapist.code_unknown(self._texts, visit.voice, code))

    async def hand_over(self, visit: Visit, tap: ExportTap) -> None:
        """Send the record of a patient, perhaps of one who has left, before it is erased; or those of all."""
        if tap.patient is None:
            sent = await self._data_requests.export_all(visit.visitor, visit.receipt)
        else:
            sent = await self._data_requests.export_one(visit.visitor, tap.patient, visit.receipt)
        await visit.toast(None if sent else screens_patient.not_yours_toast(self._texts, visit.voice))
        if sent:
            self._nudge()
