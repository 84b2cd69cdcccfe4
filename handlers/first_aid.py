"""Help that needs nothing else to work: for whoever asks, or writes what cannot wait, while the database is away."""

from collections import deque
from typing import Any, Final

import structlog

from bot.domain import safety
from bot.domain.errors import UndeliverableError
from bot.domain.model import Urgency, Voice
from bot.texts import Texts
from handlers import screens_abuse
from handlers.access import stranger_voice
from handlers.messenger import TelegramMessenger
from handlers.screen import Screen
from handlers.screens_help import crisis_untold, help_card

log = structlog.get_logger()

REMEMBERED: Final = 1000


class FirstAid:
    """Answers from memory alone."""

    def __init__(self, messenger: TelegramMessenger, texts: Texts, voice: Voice, card: safety.HelpCard) -> None:
        self._messenger = messenger
        self._texts = texts
        self._voice = voice
        self._card = card
        self._answered: deque[int] = deque(maxlen=REMEMBERED)

    async def without_store(self, update: dict[str, Any]) -> None:
        """Answer what cannot wait; the update itself is not confirmed and will come again."""
        message = update.get("message") or {}
        text = str(message.get("text") or message.get("caption") or "")
        voice = stranger_voice(self._voice, str(message.get("from", {}).get("language_code") or ""))
        screen = self._screen(voice, text, message)
        if screen is None or update.get("update_id") in self._answered:
            return
        try:
            await self._messenger.send(int(message["chat"]["id"]), screen, Urgency.REPLY)
        except UndeliverableError as error:
            log.warning("the help card did not leave", reason=error.reason)
            return
        self._answered.append(int(update["update_id"]))

    def _screen(self, voice: Voice, text: str, message: dict[str, Any]) -> Screen | None:
        abuse = safety.scan_abuse(text) is not None
        if safety.scan(text) is not None:
            return crisis_untold(self._texts, voice, self._card, abuse=abuse)
        if abuse:
            return screens_abuse.offer(self._texts, voice, self._card, (), int(message["message_id"]))
        asks = text.split("@", maxsplit=1)[0].split(" ", maxsplit=1)[0].lower() in {"/ayuda", "/help"}
        return help_card(self._texts, voice, self._card) if asks else None
