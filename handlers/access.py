"""Who is at the door: every update becomes a `Visit`, with the person, their roles and the ways to answer.

What a visitor may do is checked by the services against ownership; here only the room is chosen.
"""

import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from telegram import Chat, Message, Update
from telegram.ext import Application, ApplicationHandlerStop, CallbackContext

from bot.domain import safety
from bot.domain.errors import StoreTroubleError, UndeliverableError
from bot.domain.hours import WorkingHours
from bot.domain.model import Language, PersonId, Urgency, Visitor, Voice
from bot.domain.post import Receipt, Source
from bot.services.people import People
from bot.services.reach import Reach
from bot.texts import Texts
from handlers.actions import URGENT
from handlers.cards import Cards
from handlers.flood import Flood, HeldBackError, Verdict
from handlers.knock import INBOX_ID, Knock
from handlers.messenger import MessageGoneError, TelegramMessenger
from handlers.screen import Screen
from handlers.screens_help import too_fast

log = structlog.get_logger()

Rooms = Application[Any, Any, Any, Any, Any, Any]
Callback = Callable[[Update, CallbackContext[Any, Any, Any, Any]], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Visit:
    """One update from one person, and the ways to answer it."""

    knock: Knock = field(repr=False)
    visitor: Visitor
    voice: Voice
    messenger: TelegramMessenger
    keep: Callable[[int], Awaitable[None]]
    """Called with a message of ours that is to be deleted if this person leaves."""

    forgiven: Callable[[], None]
    """Called when the update was an answer that had been asked for: it does not count as too much."""

    held: bool = False
    """Whether replies are held back; what is changed is shown by the tick."""

    @property
    def chat_id(self) -> int:
        """Return the private chat."""
        return self.visitor.chat_id

    @property
    def receipt(self) -> Receipt:
        """Return the row of the update."""
        return self.knock.receipt

    @property
    def update(self) -> Update:
        """Return the update as PTB has it."""
        return self.knock.update

    @property
    def message(self) -> Message:
        """Return the message that was written, or the one whose button was tapped."""
        message = self.update.effective_message
        if message is None:
            raise LookupError("an update without a message reached a room that needs one")
        return message

    @property
    def message_id(self) -> int:
        """Return the id of that message; of a tapped one also when Telegram no longer shows its content."""
        tapped = self.knock.tapped
        return tapped.message_id if tapped is not None else self.message.message_id

    def works(self, practice: WorkingHours) -> WorkingHours:
        """Return the working hours of the therapist who is here, or those of the practice."""
        therapist = self.visitor.therapist
        return therapist.works(practice) if therapist is not None else practice

    @property
    def text(self) -> str:
        """Return what was written, also under a picture."""
        return self.message.text or self.message.caption or ""

    @property
    def source(self) -> Source:
        """Return where the words came from."""
        return Source(self.chat_id, self.message_id)

    async def reply(self, screen: Screen, *, quoting: bool = False) -> None:
        """Send a screen as the answer."""
        quoted = self.message_id if quoting else None
        await self.sent(await self.messenger.send(self.chat_id, screen, Urgency.REPLY, reply_to=quoted))

    async def sent(self, message_id: int) -> None:
        """Remember what was sent where it is to be deleted one day: to a patient, or to whom nobody knows just now."""
        if self.visitor.person is None or (self.visitor.patients and self.visitor.therapist is None):
            await self.note(message_id)

    async def note(self, message_id: int) -> None:
        """Remember a message in a patient's chat, so that it can be deleted there if they leave."""
        await self.keep(message_id)

    async def edit(self, screen: Screen) -> None:
        """Show a screen in place of the message that was tapped, below it if it was deleted meanwhile."""
        try:
            await self.messenger.edit(self.chat_id, self.message_id, screen, Urgency.REPLY)
        except MessageGoneError:
            await self.reply(screen)

    async def answer(self, screen: Screen | None, *, otherwise: str) -> bool:
        """Answer a tap and show the screen in place; without a screen give the notice `otherwise`, and return False."""
        await self.toast(None if screen else otherwise)
        if screen is not None:
            await self.edit(screen)
        return screen is not None

    async def toast(self, refusal: str | None = None) -> None:
        """Answer a tap; a notice says that it changed nothing, and is logged."""
        if refusal is not None:
            log.info("a tap was refused", inbox=self.receipt)
        await self.confirm(refusal)

    async def confirm(self, text: str | None) -> None:
        """Answer a tap with a short notice that it was obeyed."""
        if self.knock.tapped is not None:
            await self.messenger.toast(self.chat_id, self.knock.tapped.callback_id, text)


Room = Callable[[Visit], Awaitable[None]]


class Door:
    """Turns updates into visits, and sees to it that nobody is answered too often."""

    def __init__(
        self,
        people: People,
        reach: Reach,
        messenger: TelegramMessenger,
        flood: Flood,
        texts: Texts,
        default_voice: Voice,
        keep: Callable[[PersonId, int], Awaitable[bool]],
        cards: Cards,
    ) -> None:
        self._people = people
        self._reach = reach
        self._messenger = messenger
        self._silent = messenger.silent()
        self._flood = flood
        self._texts = texts
        self._default_voice = default_voice
        self._keep = keep
        self._cards = cards

    def to(self, room: Room, *, open_always: bool = False, only_tells: bool = False) -> Callback:
        """Return the PTB callback that leads to a room.

        `open_always` is for help: it lets people in while the database is away, and once a minute in a flood.
        `only_tells` is for rooms that change nothing: in a flood they are not even entered.
        """

        async def callback(update: Update, _: CallbackContext[Any, Any, Any, Any]) -> None:
            knock = Knock.of(update)
            verdict = self._verdict(knock, asks_for_help=open_always)
            await self._enter(knock, verdict, room, open_always=open_always, only_tells=only_tells)

        return callback

    async def tap(self, knock: Knock, room: Room, *, only_tells: bool) -> None:
        """Lead a tap to a room, see `to`."""
        await self._enter(knock, self._verdict(knock), room, only_tells=only_tells)

    async def _enter(
        self, knock: Knock, verdict: Verdict, room: Room, *, open_always: bool = False, only_tells: bool = False
    ) -> None:
        stays_out = verdict.held and only_tells
        if stays_out:
            log.info("held back", inbox=knock.receipt)
        if stays_out and not verdict.tell:
            return
        visit = await self._visit(knock, held=verdict.held, open_always=open_always)
        if verdict.tell:
            await self._tell(visit)
        if not stays_out:
            with contextlib.suppress(HeldBackError):
                await room(visit)

    def _verdict(self, knock: Knock, *, asks_for_help: bool = False) -> Verdict:
        if knock.tapped is not None:
            urgent = knock.tapped.data if isinstance(knock.tapped.action, URGENT) else None
            return self._flood.look(
                knock.chat_id, knock.receipt, asks_for_help=False, in_danger=False, urgent_tap=urgent
            )
        if knock.update.my_chat_member is not None:
            return Verdict()
        in_danger = _is_danger(knock.update)
        return self._flood.look(
            knock.chat_id, knock.receipt, asks_for_help=asks_for_help, in_danger=in_danger, urgent_tap=None
        )

    async def _tell(self, visit: Visit) -> None:
        """Say once that replies stay away for a minute; if that does not leave, the rest goes on all the same."""
        log.info("a chat writes too fast", inbox=visit.receipt)
        try:
            await visit.sent(
                await self._messenger.send(visit.chat_id, too_fast(self._texts, visit.voice), Urgency.REPLY)
            )
        except UndeliverableError as error:
            log.info("a notice did not leave", reason=error.reason)

    async def only_private(self, update: Update, _: CallbackContext[Any, Any, Any, Any]) -> None:
        """Leave every group, and let nothing from there come further, nor what belongs to no chat at all."""
        chat = update.effective_chat
        if chat is None:
            raise ApplicationHandlerStop
        if chat.type != Chat.PRIVATE:
            log.info("left a group", inbox=update.api_kwargs.get(INBOX_ID))
            try:
                await self._messenger.leave(chat.id)
            except UndeliverableError as error:
                log.info("a group could not be left", reason=error.reason)
            raise ApplicationHandlerStop

    async def _visit(self, knock: Knock, *, held: bool, open_always: bool) -> Visit:
        writes = knock.tapped is not None or knock.update.my_chat_member is None
        visitor = await self._visitor(knock.chat_id, writes=writes, open_always=open_always)
        voice = visitor.person.voice if visitor.person else stranger_voice(self._default_voice, knock.language)
        messenger = self._silent if held else self._messenger

        def forgiven() -> None:
            self._flood.forgive(visitor.chat_id)

        async def keep(message_id: int) -> None:
            await self._note(visitor, message_id)

        visit = Visit(knock, visitor, voice, messenger, keep, forgiven, held)
        for message_id in self._cards.owed(visitor.chat_id) if visitor.person is not None else ():
            await visit.sent(message_id)
        return visit

    async def _note(self, visitor: Visitor, message_id: int) -> None:
        """Remember a message of ours, in memory until the database is there again."""
        if visitor.person is None or not await self._keep(visitor.person.id, message_id):
            self._cards.owe(visitor.chat_id, message_id)

    async def _visitor(self, chat_id: int, *, writes: bool, open_always: bool) -> Visitor:
        """Say who it is; who writes or taps can be reached again, whatever we thought."""
        try:
            visitor = await self._people.visitor(chat_id)
            if writes and visitor.person is not None and not visitor.person.reachable:
                await self._reach.back(visitor)
                visitor = await self._people.visitor(chat_id)
        except StoreTroubleError:
            if open_always:
                return Visitor(chat_id)
            raise
        else:
            return visitor


def _is_danger(update: Update) -> bool:
    """Say whether these are words that cannot wait: they are never held back."""
    message = update.message or update.edited_message
    written = (message.text or message.caption or "") if message is not None else ""
    return safety.scan(written) is not None or safety.scan_abuse(written) is not None


def stranger_voice(default: Voice, language_code: str) -> Voice:
    """Speak to a stranger in the phone's language if we have it."""
    code = language_code.split("-", maxsplit=1)[0]
    known = next((language for language in Language if language == code), default.language)
    return replace(default, language=known)
