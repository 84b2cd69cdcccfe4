"""The patient's room: answering a check-in by tap or by typing, and whatever else is written there."""

from collections.abc import Awaitable, Callable

import structlog

from bot.domain import safety
from bot.domain.errors import UndeliverableError
from bot.domain.model import PatientState, Score, Urgency, Visitor
from bot.services.checkins import CheckIns, Kept, NothingOpen, Taken, Tap
from bot.services.enrolment import LONGEST_NAME, LONGEST_REFERENCE, Enrolment, Minority
from bot.texts import Texts
from handlers import screens_arrival, screens_help, screens_rights
from handlers import screens_patient as screens
from handlers.access import Visit
from handlers.actions import AnswerNow, Back, Correct, Done, KeepMessage, Later, NoSession, NotThisTime, ScoreTap
from handlers.actions_records import ShowPending, TakenUpTap
from handlers.flood import HeldBackError
from handlers.notes import Notes
from handlers.notices import Notices
from handlers.nudge import Nudge
from handlers.screens_patient import Media

log = structlog.get_logger()

Listener = Callable[[Visit], Awaitable[bool]]
"""Takes what was written, if it is what it listens for."""

_IN_CONTACT = (PatientState.ACTIVE, PatientState.PAUSED)


class Patient:
    """What a patient does."""

    def __init__(
        self,
        check_ins: CheckIns,
        enrolment: Enrolment,
        notices: Notices,
        texts: Texts,
        hears: Listener,
        notes: Notes,
        nudge: Nudge,
    ) -> None:
        self._check_ins = check_ins
        self._enrolment = enrolment
        self._notices = notices
        self._texts = texts
        self._hears = hears
        self._notes = notes
        self._nudge = nudge

    # Taps

    async def score(self, visit: Visit, tap: ScoreTap) -> None:
        """Record a tapped number."""
        taken = await self._check_ins.score(visit.visitor, tap.check_in, tap.step, Score(tap.value), visit.receipt)
        await self._show(visit, taken)

    async def back(self, visit: Visit, tap: Back) -> None:
        """Go back one question."""
        await self._show(visit, await self._check_ins.back(visit.visitor, tap.check_in, tap.step, visit.receipt))

    async def later(self, visit: Visit, tap: Later) -> None:
        """Put the question off."""
        await self._show(visit, await self._check_ins.later(visit.visitor, tap.check_in, tap.step, visit.receipt))

    async def answer_now(self, visit: Visit, tap: AnswerNow) -> None:
        """Take it up again."""
        await self._show(visit, await self._check_ins.answer_now(visit.visitor, tap.check_in, visit.receipt))

    async def decline(self, visit: Visit, tap: NotThisTime) -> None:
        """Leave it this time."""
        await self._show(visit, await self._check_ins.decline(visit.visitor, tap.check_in, visit.receipt))

    async def no_session(self, visit: Visit, tap: NoSession) -> None:
        """Say that there was no session."""
        await self._show(visit, await self._check_ins.no_session(visit.visitor, tap.check_in, visit.receipt))
        self._nudge()

    async def done(self, visit: Visit, tap: Done) -> None:
        """Pass over an invitation to write."""
        await self._show(visit, await self._check_ins.done(visit.visitor, tap.check_in, tap.step, visit.receipt))

    async def taken_up(self, visit: Visit, tap: TakenUpTap) -> None:
        """Record whether what was left pending was taken up."""
        taken = await self._check_ins.taken_up(visit.visitor, tap.check_in, tap.answer, visit.receipt)
        await self._show(visit, taken)

    async def show_pending(self, visit: Visit, tap: ShowPending) -> None:
        """Say in a passing notice what was left pending: nothing of it stays on the screen."""
        found = await self._check_ins.left_pending(visit.visitor, tap.check_in)
        if found is None:
            await visit.toast(screens.not_yours_toast(self._texts, visit.voice))
        else:
            await visit.confirm(screens.pending_toast(self._texts, visit.voice, found))

    async def correct(self, visit: Visit, tap: Correct) -> None:
        """Begin again."""
        await self._show(visit, await self._check_ins.correct(visit.visitor, tap.check_in, visit.receipt))

    async def _show(self, visit: Visit, taken: Taken) -> None:
        """Answer the tap and bring the message up to date; if that fails, the tick will (the answer stands)."""
        if taken.tap is Tap.KEPT:
            visit.forgiven()
        await visit.toast(self._toast(visit, taken.tap))
        if taken.check_in is None or visit.visitor.person is None:
            return
        person, tapped, current = visit.visitor.person, visit.message_id, taken.check_in.message_id
        called = next((one.therapist for one in visit.visitor.patients if one.id == taken.check_in.patient_id), None)
        view = await self._notices.view(person, taken.check_in, called)
        try:
            if taken.tap is Tap.KEPT or tapped == current:
                sent = await visit.messenger.show(person, view, tapped, Urgency.REPLY)
                await self._check_ins.replied(taken.check_in, sent)
            other = tapped if taken.tap is not Tap.KEPT else current
            if other is not None and tapped != current:
                await visit.messenger.retire(visit.chat_id, other)
        except HeldBackError:
            raise
        except UndeliverableError as error:
            log.warning("shown later", check_in=taken.check_in.id, reason=error.reason)

    def _toast(self, visit: Visit, tap: Tap) -> str | None:
        match tap:
            case Tap.KEPT:
                return None
            case Tap.STALE:
                return screens.already_answered_toast(self._texts, visit.voice)
            case Tap.OVER:
                return screens.closed_toast(self._texts, visit.voice)
            case Tap.NOT_YOURS:
                return screens.not_yours_toast(self._texts, visit.voice)

    # Words

    async def words(self, visit: Visit) -> None:
        """Take what was typed: words that cannot wait first, then the open question, then a name being chosen.

        A note about urgent words repeats them as a rule: whoever was asked for one is heard as who was asked.  Only
        who is in treatment with somebody else may mean themselves: they are heard as both.
        """
        may_mean_themselves = treated_by_another(visit.visitor) and _cannot_wait(visit.text)
        if not may_mean_themselves and await self._notes.takes(visit):
            return
        if await self._hears(visit):
            if may_mean_themselves:
                await self._notes.overhears(visit)
            return
        sent_at = visit.message.date
        typed = await self._check_ins.typed(
            visit.visitor, visit.text, visit.source, visit.receipt, sent_at, silently=visit.held
        )
        match typed:
            case Kept():
                self._nudge()
            case NothingOpen():
                if not (await self._chooses_name(visit) or await self._gives_guardian(visit)):
                    await self._outside(visit)
            case refused:
                await visit.reply(screens.number_refused(self._texts, visit.voice, refused))
                await self._check_ins.show_again(visit.visitor, visit.receipt)
                self._nudge()

    async def _chooses_name(self, visit: Visit) -> bool:
        """Take what somebody types while enrolling as the name to be called by."""
        offer = await self._enrolment.offered(visit.visitor.person)
        if offer is None or len(visit.text) > LONGEST_NAME:
            return False
        renamed = await self._enrolment.rename(offer, visit.text)
        name, invitation_id, role = renamed.name, renamed.invitation_id, renamed.role
        await visit.reply(screens_arrival.enrol_offer(self._texts, visit.voice, name, invitation_id, role))
        return True

    async def _gives_guardian(self, visit: Visit) -> bool:
        """Take what a therapist types after inviting a minor as the reference of the guardian's consent."""
        code = await self._enrolment.asked_guardian(visit.visitor)
        therapist, person = visit.visitor.therapist, visit.visitor.person
        if code is None or therapist is None or person is None:
            return False
        reference = " ".join(visit.text.split())
        if len(reference) > LONGEST_REFERENCE:
            await visit.reply(screens_rights.guardian_too_long(self._texts, visit.voice))
        else:
            minority = Minority(minor=True, guardian=reference)
            await self._enrolment.invite_patient(therapist.id, code, person, visit.receipt, minority)
            self._nudge()
        return True

    async def _outside(self, visit: Visit) -> None:
        """Words while nothing is open: say that nobody reads, and offer to keep them."""
        patient = visit.visitor.patient
        if patient is not None and patient.state in _IN_CONTACT:
            message_id = visit.message_id
            offer = screens.words_offer(self._texts, visit.voice, patient.therapist, message_id)
            await visit.reply(offer, quoting=True)
        elif patient is not None:
            await visit.reply(screens_arrival.consent_declined(self._texts, visit.voice, patient.therapist))
        elif visit.visitor.therapist is not None or visit.visitor.contacts:
            await visit.reply(screens_help.not_carried(self._texts, visit.voice))
        else:
            await visit.reply(screens_arrival.not_here(self._texts, visit.voice, visit.visitor))

    async def keep_message(self, visit: Visit, tap: KeepMessage) -> None:
        """Keep the quoted message for the therapist, or not; the words come back from Telegram, we held none."""
        tapped = visit.update.effective_message
        quoted = tapped.reply_to_message if tapped is not None else None
        words = quoted.text if quoted is not None and quoted.message_id == tap.message_id else None
        await visit.toast(None if words else screens.not_yours_toast(self._texts, visit.voice))
        if tap.keep and words and await self._leave(visit, words, tap.message_id):
            await visit.messenger.retire(visit.chat_id, visit.message_id)
            self._nudge()
            return
        await visit.edit(screens.words_not_kept(self._texts, visit.voice))

    async def _leave(self, visit: Visit, words: str, message_id: int) -> bool:
        source = type(visit.source)(visit.chat_id, message_id)
        return await self._check_ins.leave_words(visit.visitor, words, source, visit.receipt)

    async def edited(self, visit: Visit) -> None:
        """Let an edited message change the words it became; words that cannot wait count here too."""
        if await self._hears(visit):
            return
        changed = await self._check_ins.edited(visit.visitor, visit.text, visit.source, visit.receipt)
        if not changed and visit.visitor.patient is not None:
            await visit.reply(screens.edited_too_late(self._texts, visit.voice))

    async def media(self, visit: Visit) -> None:
        """Refuse what is not text kindly, store none of it; a caption may still need help."""
        if await self._hears(visit):
            return
        is_patient = bool(visit.visitor.patients)
        await visit.reply(screens.media_refused(self._texts, visit.voice, _kind(visit), patient=is_patient))


def _cannot_wait(text: str) -> bool:
    return safety.scan(text) is not None or safety.scan_abuse(text) is not None


def treated_by_another(visitor: Visitor) -> bool:
    """Say whether the person is in treatment here, other than as a therapist who tries a link of their own."""
    own = visitor.therapist.id if visitor.therapist else None
    return any(one.state is PatientState.ACTIVE and one.therapist_id != own for one in visitor.patients)


def _kind(visit: Visit) -> Media:
    message = visit.message
    kinds: dict[Media, object] = {
        "voice": message.voice or message.audio or message.video_note,
        "photo": message.photo,
        "video": message.video or message.animation,
        "sticker": message.sticker,
        "document": message.document,
    }
    return next((kind for kind, present in kinds.items() if present), "other")
