"""Words that cannot wait: the help card leaves first, whatever else fails.

Words about dying or self-harm are kept and told at once.  Words about abuse, alone or beside those, are neither kept
nor told before the patient has tapped whom to tell: the message is quoted, and its words come back from Telegram with
the tap.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

import structlog

from bot.domain import safety
from bot.domain.errors import StoreTroubleError, UndeliverableError
from bot.domain.model import Patient, PatientId, PatientState, Urgency, Visitor
from bot.domain.notices import Choice, ToldReached
from bot.domain.post import Receipt, Source
from bot.services.crisis import Crisis
from bot.services.disclosures import IN_CONTACT, Disclosures
from bot.texts import Texts
from handlers import screens_abuse as screens
from handlers import screens_help
from handlers.access import Visit
from handlers.actions import ForgetHere, TellNobody, TellOther, TellTherapist
from handlers.cards import Card, Cards, Wording
from handlers.messenger import MessageGoneError
from handlers.nudge import Nudge
from handlers.screen import Screen
from handlers.screens_patient import not_yours_toast

log = structlog.get_logger()

EDITABLE: Final = timedelta(hours=47)
"""How long after it was sent the answer may change by itself: until Telegram no longer lets it be deleted.

What was emptied then stays empty.
"""

_Tell = Callable[[Visitor, PatientId, str, Source, Choice, Receipt], Awaitable[Patient | None]]

CARD_WITHIN: Final = 2.5
"""Seconds that the card has for itself before the therapist is told."""

NOT_YET: Final = "\0"
"""What tells the print of "nobody has been told yet" from that of the card about the same words."""

TRACE_LEFT = "·"
"""What an old message says once it can no longer be deleted."""


class Danger:
    """Listens to everything that is written, before anything else is done with it."""

    def __init__(
        self,
        crisis: Crisis,
        disclosures: Disclosures,
        texts: Texts,
        card: safety.HelpCard,
        cards: Cards,
        nudge: Nudge,
    ) -> None:
        self._crisis = crisis
        self._disclosures = disclosures
        self._texts = texts
        self._card = card
        self._cards = cards
        self._nudge = nudge

    async def hears(self, visit: Visit) -> bool:
        """Answer words that cannot wait; False when there are none.

        Where both kinds are written, the patient chooses: whoever hurts may be the one who would be alerted.
        """
        hit = safety.scan(visit.text)
        if safety.scan_abuse(visit.text) is not None:
            await self._hears_abuse(visit, dying=hit is not None)
        elif hit is not None:
            await self._hears_crisis(visit, hit)
        else:
            return False
        return True

    async def _hears_crisis(self, visit: Visit, hit: safety.Hit) -> None:
        """Send the card first; then stop the questions, keep the words, tell the therapist.

        The card has a few seconds for itself.  If it has not left by then the outbox goes on trying, and the
        therapist hears of it all the same.
        """
        patient = visit.visitor.patient
        if patient is None or patient.state is not PatientState.ACTIVE:
            called = patient.therapist if patient is not None else None
            untold = screens_help.crisis_untold(self._texts, visit.voice, self._card, called)
            await visit.sent(await self._once(visit, untold))
            return
        card = await self._card_leaves(visit)
        if await self._is_heard(visit, hit, card_left=card is not None):
            self._nudge()
        if card is not None:
            await visit.sent(card)

    async def _is_heard(self, visit: Visit, hit: safety.Hit, *, card_left: bool) -> bool:
        """Keep the words and tell; while the database refuses them, say once that nobody has been told."""
        try:
            words = visit.text, visit.source, visit.receipt
            return await self._crisis.heard(visit.visitor, *words, card_left=card_left, negated=hit.negated)
        except StoreTroubleError:
            await self._says_not_yet(visit)
            raise

    async def _says_not_yet(self, visit: Visit) -> None:
        patient = visit.visitor.patient
        said = Wording.of(visit.chat_id, visit.message_id, f"{NOT_YET}{visit.text}")
        if patient is None or self._cards.left(said) is not None:
            return
        screen = screens_help.crisis_not_yet(self._texts, visit.voice, patient.therapist)
        try:
            message_id = await visit.messenger.send(visit.chat_id, screen, Urgency.REPLY)
        except UndeliverableError as error:
            log.warning("the truth did not leave", reason=error.reason)
            return
        self._cards.note(said, Card(message_id))
        await visit.sent(message_id)

    async def _card_leaves(self, visit: Visit) -> int | None:
        """Send the card; None when it has not left in time."""
        try:
            async with asyncio.timeout(CARD_WITHIN):
                return await self._once(visit, screens_help.help_card(self._texts, visit.voice, self._card))
        except TimeoutError:
            log.error("the help card did not leave", reason="in time")
        except UndeliverableError as error:
            log.error("the help card did not leave", reason=error.reason)
        return None

    async def _hears_abuse(self, visit: Visit, *, dying: bool) -> None:
        """Show whom to call and ask whom to tell.  An open question stays where it is, untouched."""
        choices = await self._disclosures.choices(visit.visitor)
        offer = screens.offer(self._texts, visit.voice, self._card, choices, visit.message_id, dying=dying)
        known = self._cards.left(_wording(visit))
        if known is not None and known.is_bare and await self._completed(visit, known.message_id, offer):
            return
        if known is None or known.is_bare:
            known = await self._sends(visit, offer, quoting=True)
        await visit.sent(known.message_id)

    async def _completed(self, visit: Visit, message_id: int, offer: Screen) -> bool:
        """Add what was not known while the database was away; False if the card is gone."""
        try:
            await visit.messenger.edit(visit.chat_id, message_id, offer, Urgency.REPLY)
        except MessageGoneError:
            return False
        self._cards.note(_wording(visit), Card(message_id))
        return True

    async def _once(self, visit: Visit, screen: Screen) -> int:
        """Send a card unless it has left for these words before: when an update is worked again, or was edited back."""
        known = self._cards.left(_wording(visit)) or await self._sends(visit, screen)
        return known.message_id

    async def _sends(self, visit: Visit, screen: Screen, *, quoting: bool = False) -> Card:
        quoted = visit.message_id if quoting else None
        card = Card(await visit.messenger.send(visit.chat_id, screen, Urgency.REPLY, reply_to=quoted))
        self._cards.note(_wording(visit), card)
        return card

    # What the patient chooses

    async def tell_therapist(self, visit: Visit, tap: TellTherapist) -> None:
        """Leave the quoted words for the therapist."""
        await self._tell(visit, tap, self._to_therapist(visit))

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

    def _to_therapist(self, visit: Visit) -> _Tell:
        """Leave the words; those about dying, too, raise the alert of such words, with this therapist alone."""

        async def tell(
            visitor: Visitor, patient_id: PatientId, text: str, source: Source, choice: Choice, receipt: Receipt
        ) -> Patient | None:
            mine = next((one for one in visitor.patients if one.id == patient_id), None)
            hit = safety.scan(text)
            if mine is not None and hit is not None:
                alone = replace(visitor, patients=(mine,))
                if await self._crisis.heard(alone, text, source, receipt, negated=hit.negated):
                    on_its_way = ToldReached(mine.id, choice.message_id, choice.quoted_id, other=False)
                    await visit.edit(screens.told(self._texts, visit.voice, mine.therapist, on_its_way))
                    return mine
            return await self._disclosures.tell_therapist(visitor, patient_id, text, source, choice, receipt)

        return tell

    async def tell_nobody(self, visit: Visit, tap: TellNobody) -> None:
        """Keep nothing, send nothing."""
        await visit.toast()
        await visit.edit(screens.told_nobody(self._texts, visit.voice, tap.message_id))

    async def forget(self, visit: Visit, tap: ForgetHere) -> None:
        """Take the exchange out of this chat, every card in it; what Telegram no longer lets us delete is emptied."""
        about = self._cards.about(visit.chat_id, tap.message_id)
        cards = dict.fromkeys((visit.message_id, *about, *await self._told_about(visit, tap.message_id)))
        if await visit.messenger.delete(visit.chat_id, (tap.message_id, *cards)):
            await visit.confirm(screens.forgotten_toast(self._texts, visit.voice))
            return
        for card in cards:
            with contextlib.suppress(MessageGoneError):
                await visit.messenger.edit(visit.chat_id, card, Screen(TRACE_LEFT), Urgency.REPLY)
        await visit.confirm(screens.stays_toast(self._texts, visit.voice))

    async def _told_about(self, visit: Visit, message_id: int) -> Sequence[int]:
        """Return the messages about what became of the words; none while the database is away."""
        try:
            said = Source(visit.chat_id, message_id)
            return await self._crisis.told_about(visit.visitor, _quoted(visit, message_id) or "", said)
        except StoreTroubleError:
            return ()


def _wording(visit: Visit) -> Wording:
    return Wording.of(visit.chat_id, visit.message_id, visit.text)


def _quoted(visit: Visit, message_id: int) -> str | None:
    """Return the words of the person's own message under the buttons; None when it was deleted meanwhile."""
    tapped = visit.update.effective_message
    quoted = tapped.reply_to_message if tapped is not None else None
    if quoted is None or quoted.message_id != message_id:
        return None
    return quoted.text or quoted.caption
