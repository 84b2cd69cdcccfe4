"""The patient's room: answering a check-in by tap or by typing, and whatever else is written there."""

import structlog

from bot.clock import Clock
from bot.domain import safety
from bot.domain.errors import UndeliverableError
from bot.domain.model import PatientState, Score, Urgency
from bot.services.checkins import CheckIns, Kept, NothingOpen, Taken, Tap
from bot.services.enrolment import LONGEST_NAME, Enrolment
from bot.texts import Texts
from handlers import screens_arrival, screens_help
from handlers import screens_patient as screens
from handlers.access import Visit
from handlers.actions import AnswerNow, Back, Correct, Done, KeepMessage, Later, NoSession, NotThisTime, ScoreTap
from handlers.flood import HeldBackError
from handlers.notices import Notices
from handlers.nudge import Nudge
from handlers.screens_patient import Media

log = structlog.get_logger()

_IN_CONTACT = (PatientState.ACTIVE, PatientState.PAUSED)


class Patient:
    """What a patient does."""

    def __init__(
        self,
        check_ins: CheckIns,
        enrolment: Enrolment,
        notices: Notices,
        texts: Texts,
        clock: Clock,
        country: str,
        nudge: Nudge,
    ) -> None:
        self._check_ins = check_ins
        self._enrolment = enrolment
        self._notices = notices
        self._texts = texts
        self._clock = clock
        self._card = safety.help_card(country)
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
        view = await self._notices.view(person, taken.check_in)
        try:
            if taken.tap is Tap.KEPT or tapped == current:
                sent = await visit.messenger.show(person, view, tapped, Urgency.REPLY)
                await self._check_ins.shown(taken.check_in, sent)
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
        """Take what was typed: crisis words first, then the open question, then a name being chosen."""
        if safety.scan(visit.text) is not None:
            await self.crisis(visit)
            return
        sent_at = visit.message.date
        typed = await self._check_ins.typed(
            visit.visitor, visit.text, visit.source, visit.receipt, sent_at, silently=visit.held
        )
        match typed:
            case Kept():
                self._nudge()
            case NothingOpen():
                if not await self._chooses_name(visit):
                    await self._outside(visit)
            case refused:
                await visit.reply(screens.number_refused(self._texts, visit.voice, refused))
                await self._check_ins.show_again(visit.visitor, visit.receipt)
                self._nudge()

    async def _chooses_name(self, visit: Visit) -> bool:
        """Take what a therapist types while enrolling as the name to be called by."""
        offer = await self._enrolment.offered(visit.visitor.person)
        if offer is None or len(visit.text) > LONGEST_NAME:
            return False
        renamed = await self._enrolment.rename(offer, visit.text)
        await visit.reply(screens_arrival.enrol_offer(self._texts, visit.voice, renamed.name, renamed.invitation_id))
        return True

    async def _outside(self, visit: Visit) -> None:
        """Words while nothing is open: say that nobody reads, and offer to keep them."""
        patient = visit.visitor.patient
        if patient is not None and patient.state in _IN_CONTACT:
            message_id = visit.message_id
            offer = screens.words_offer(self._texts, visit.voice, patient.therapist, message_id)
            await visit.reply(offer, quoting=True)
        elif visit.visitor.therapist is not None:
            await visit.reply(screens_help.unknown_command(self._texts, visit.voice))
        else:
            await visit.reply(screens_arrival.stranger(self._texts, visit.voice))

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
        """Let an edited message change the words it became; crisis words count here too."""
        if safety.scan(visit.text) is not None:
            await self.crisis(visit)
            return
        changed = await self._check_ins.edited(visit.visitor, visit.text, visit.source, visit.receipt)
        if not changed and visit.visitor.patient is not None:
            await visit.reply(screens.edited_too_late(self._texts, visit.voice))

    async def media(self, visit: Visit) -> None:
        """Refuse what is not text kindly, store none of it; a caption may still need help."""
        if safety.scan(visit.text) is not None:
            await self.crisis(visit)
            return
        await visit.reply(screens.media_refused(self._texts, visit.voice, _kind(visit)))

    async def crisis(self, visit: Visit) -> None:
        """Send the card first, whatever else fails; then stop the questions, keep the words, tell the therapist."""
        patient = visit.visitor.patient
        if patient is None or patient.state is not PatientState.ACTIVE:
            called = patient.therapist if patient is not None else None
            await visit.reply(screens_help.crisis_untold(self._texts, visit.voice, self._card, called))
            return
        card_left = await self._card_leaves(visit)
        if await self._check_ins.crisis(visit.visitor, visit.text, visit.source, visit.receipt, card_left=card_left):
            self._nudge()

    async def _card_leaves(self, visit: Visit) -> bool:
        try:
            await visit.reply(screens_help.help_card(self._texts, visit.voice, self._card))
        except UndeliverableError as error:
            log.error("the help card did not leave", reason=error.reason)
            return False
        return True


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
