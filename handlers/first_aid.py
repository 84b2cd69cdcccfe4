"""Help that needs nothing else to work: for whoever asks, or writes what cannot wait, while the database is away.

Only in private chats.  What left is remembered, so that it leaves once and can be deleted later.
"""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from telegram import Chat

from bot.domain import safety
from bot.domain.errors import StoreTroubleError, UndeliverableError
from bot.domain.model import Urgency, Voice
from bot.texts import Texts
from handlers import commands, screens_abuse
from handlers.access import stranger_voice
from handlers.cards import Card, Cards, Wording
from handlers.messenger import TelegramMessenger
from handlers.screen import Screen
from handlers.screens_help import crisis_untold, help_card

PATIENCE: Final = 3.0
"""Seconds for which whoever cannot wait waits for a database that neither keeps what they wrote nor says why."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Written:
    """A message of somebody in a private chat, as it reads now."""

    chat_id: int = field(repr=False)
    message_id: int
    text: str = field(repr=False)
    language: str = field(repr=False)

    @property
    def is_about_abuse(self) -> bool:
        return safety.scan_abuse(self.text) is not None

    @property
    def is_about_dying(self) -> bool:
        return safety.scan(self.text) is not None

    @property
    def asks_for_help(self) -> bool:
        command = self.text.split("@", maxsplit=1)[0].split(" ", maxsplit=1)[0].lower()
        return command.startswith("/") and command[1:] in commands.names("ayuda")

    @property
    def wording(self) -> Wording:
        return Wording.of(self.chat_id, self.message_id, self.text)


class FirstAid:
    """Answers from memory alone."""

    def __init__(
        self, messenger: TelegramMessenger, texts: Texts, voice: Voice, card: safety.HelpCard, cards: Cards
    ) -> None:
        self._messenger = messenger
        self._texts = texts
        self._voice = voice
        self._card = card
        self._cards = cards

    def is_for(self, update: dict[str, Any]) -> bool:
        """Say whether this cannot wait: words of danger, or somebody who asks whom to call."""
        written = _written(update)
        return written is not None and (written.is_about_dying or written.is_about_abuse or written.asks_for_help)

    @asynccontextmanager
    async def beside(self, updates: Collection[dict[str, Any]]) -> AsyncIterator[None]:
        """Answer what cannot wait when the database takes long to keep it, or does not (StoreTroubleError)."""
        loop = asyncio.get_running_loop()
        begun: list[asyncio.Task[None]] = []
        timer = loop.call_later(PATIENCE, lambda: begun.append(loop.create_task(self.without_store(updates))))
        try:
            yield
        except StoreTroubleError:
            timer.cancel()
            await asyncio.gather(*begun)
            await self.without_store(updates)
            raise
        finally:
            timer.cancel()
            await asyncio.gather(*begun)

    async def without_store(self, updates: Collection[dict[str, Any]]) -> None:
        """Answer beside each other: one chat that Telegram is slow to write to keeps nobody else from the card."""
        await asyncio.gather(*(self._answered(update) for update in updates))

    async def _answered(self, update: dict[str, Any]) -> None:
        """Answer what cannot wait, once; the update itself will be worked when the database is there again."""
        written = _written(update)
        screen = self._screen(written) if written is not None else None
        if written is None or screen is None or self._cards.left(written.wording) is not None:
            return
        quoted = written.message_id if written.is_about_abuse else None
        try:
            message_id = await self._messenger.send(written.chat_id, screen, Urgency.REPLY, reply_to=quoted)
        except UndeliverableError as error:
            log.warning("the help card did not leave", reason=error.reason)
            return
        self._cards.note(written.wording, Card(message_id, is_bare=written.is_about_abuse))
        self._cards.owe(written.chat_id, message_id)

    def _screen(self, written: _Written) -> Screen | None:
        voice = stranger_voice(self._voice, written.language)
        if written.is_about_abuse:
            return screens_abuse.offer(
                self._texts, voice, self._card, (), written.message_id, dying=written.is_about_dying
            )
        if written.is_about_dying:
            return crisis_untold(self._texts, voice, self._card)
        return help_card(self._texts, voice, self._card) if written.asks_for_help else None


def _written(update: dict[str, Any]) -> _Written | None:
    """Return what somebody wrote or edited in their own chat; None for everything else, and for every group."""
    message: Any = update.get("message") or update.get("edited_message")
    match message:
        case {"chat": {"id": int(chat_id), "type": Chat.PRIVATE}, "message_id": int(message_id)}:
            text = str(message.get("text") or message.get("caption") or "")
            return _Written(chat_id, message_id, text, _language(message))
    return None


def _language(message: Any) -> str:
    match message:
        case {"from": {"language_code": str(code)}}:
            return code
    return ""
