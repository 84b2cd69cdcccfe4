"""Words that cannot wait: the help card leaves first, whatever else fails.

Words about dying or self-harm are kept and told at once.  Words about abuse are neither kept nor told before the
patient has tapped whom to tell: the message is quoted, and its words come back from Telegram with the tap.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import structlog

from bot.domain import safety
from bot.domain.errors import UndeliverableError
from bot.domain.model import Patient, PatientId, PatientState, Visitor
from bot.domain.notices import Choice
from bot.domain.post import Receipt, Source
from bot.services.crisis import Crisis
from bot.services.disclosures import IN_CONTACT, Disclosures
from bot.texts import Texts
from handlers import screens_abuse as screens
from handlers import screens_help
from handlers.access import Visit
from handlers.actions import ForgetHere, TellNobody, TellOther, TellTherapist
from handlers.nudge import Nudge
from handlers.screen import Screen
from handlers.screens_patient import not_yours_toast

log = structlog.get_logger()

EDITABLE: Final = timedelta(hours=47)
"""How long after it was sent the answer may change by itself: until Telegram no longer lets it be deleted.

What was emptied then stays empty.
"""

_Tell = Callable[[Visitor, PatientId, str, Source, Choice, Receipt], Awaitable[Patient | None]]

TRACE_LEFT = "·"
"""What an old message says once it can no longer be deleted."""


class Danger:
    """Listens to everything that is written, before anything else is done with it."""

    def __init__(
        self, crisis: Crisis, disclosures: Disclosures, texts: Texts, card: safety.HelpCard, nudge: Nudge
    ) -> None:
        self._crisis = crisis
        self._disclosures = disclosures
        self._texts = texts
        self._card = card
        self._nudge = nudge

    async def hears(self, visit: Visit) -> bool:
        """Answer words that cannot wait; False when there are none.  Words about dying come before all others."""
        abuse = safety.scan_abuse(visit.text) is not None
        hit = safety.scan(visit.text)
        if hit is not None:
            await self._hears_crisis(visit, hit, abuse=abuse)
        elif abuse:
            await self._hears_abuse(visit)
        else:
            return False
        return True

    async def _hears_crisis(self, visit: Visit, hit: safety.Hit, *, abuse: bool) -> None:
        """Send the card first; then stop the questions, keep the words, tell the therapist."""
        patient = visit.visitor.patient
        if patient is None or patient.state is not PatientState.ACTIVE:
            called = patient.therapist if patient is not None else None
            untold = screens_help.crisis_untold(self._texts, visit.voice, self._card, called, abuse=abuse)
            await visit.reply(untold)
            return
        card_left = await self._card_leaves(visit, abuse=abuse)
        words = visit.text, visit.source, visit.receipt
        if await self._crisis.heard(visit.visitor, *words, card_left=card_left, negated=hit.negated):
            self._nudge()

    async def _card_leaves(self, visit: Visit, *, abuse: bool) -> bool:
        try:
            await visit.reply(screens_help.help_card(self._texts, visit.voice, self._card, abuse=abuse))
        except UndeliverableError as error:
            log.error("the help card did not leave", reason=error.reason)
            return False
        return True

    async def _hears_abuse(self, visit: Visit) -> None:
        """Show whom to call and ask whom to tell.  An open question stays where it is, untouched."""
        choices = await self._disclosures.choices(visit.visitor)
        offer = screens.offer(self._texts, visit.voice, self._card, choices, visit.message_id)
        await visit.reply(offer, quoting=True)

    # What the patient chooses

    async def tell_therapist(self, visit: Visit, tap: TellTherapist) -> None:
        """Leave the quoted words for the therapist."""
        await self._tell(visit, tap, self._disclosures.tell_therapist)

    async def tell_other(self, visit: Visit, tap: TellOther) -> None:
        """Confide the quoted words to the other contact, and to nobody else."""
        await self._tell(visit, tap, self._disclosures.tell_other)

    async def _tell(self, visit: Visit, tap: TellTherapist | TellOther, tell: _Tell) -> None:
        """Tell, and leave the answer to the outbox: what is said about it later comes after it."""
        mine = [patient.id for patient in visit.visitor.patients if patient.state in IN_CONTACT]
        if tap.patient not in mine:
            await visit.toast(not_yours_toast(self._texts, visit.voice))
            return
        await visit.toast()
        words = _quoted(visit, tap.message_id)
        if words is None:
            log.info("nobody was told", inbox=visit.receipt)
            await visit.edit(screens.told_nobody(self._texts, visit.voice, tap.message_id))
            return
        source, until = Source(visit.chat_id, tap.message_id), visit.message.date + EDITABLE
        choice = Choice(visit.message_id, tap.message_id, until)
        told = await tell(visit.visitor, tap.patient, words, source, choice, visit.receipt)
        if told is None:
            await self._other_gone(visit, tap.message_id)
            return
        self._nudge()

    async def _other_gone(self, visit: Visit, quoted_id: int) -> None:
        """Say that whom the patient chose cannot be told any more, and offer again what is left."""
        log.info("nobody was left to tell", inbox=visit.receipt)
        choices = await self._disclosures.choices(visit.visitor)
        await visit.edit(screens.other_gone(self._texts, visit.voice, self._card, choices, quoted_id))

    async def tell_nobody(self, visit: Visit, tap: TellNobody) -> None:
        """Keep nothing, send nothing."""
        await visit.toast()
        await visit.edit(screens.told_nobody(self._texts, visit.voice, tap.message_id))

    async def forget(self, visit: Visit, tap: ForgetHere) -> None:
        """Take the exchange out of this chat; what Telegram no longer lets us delete is emptied."""
        if await visit.messenger.delete(visit.chat_id, (tap.message_id, visit.message_id)):
            await visit.confirm(screens.forgotten_toast(self._texts, visit.voice))
            return
        await visit.edit(Screen(TRACE_LEFT))
        await visit.confirm(screens.stays_toast(self._texts, visit.voice))


def _quoted(visit: Visit, message_id: int) -> str | None:
    """Return the words of the person's own message under the buttons; None when it was deleted meanwhile."""
    tapped = visit.update.effective_message
    quoted = tapped.reply_to_message if tapped is not None else None
    if quoted is None or quoted.message_id != message_id:
        return None
    return quoted.text or quoted.caption
