"""Meeting Telegram: the application object, and the first hello, which may have to wait for the network."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ExtBot

from bot.domain.errors import TelegramAwayError, TelegramRefusedTokenError
from handlers import failures
from handlers.access import Rooms
from handlers.request import AiohttpRequest

log = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0


class _DiscreetBot(ExtBot[None]):
    """PTB shows the token in a bot's repr, and so in everything that holds one."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Bot(…)"


@asynccontextmanager
async def connected(api_url: str, token: str, polling: AiohttpRequest | None = None) -> AsyncIterator[Rooms]:
    """Build PTB without its updater and job queue: updates are rows here, and so is everything due.

    Trap: PTB closes the connections of a bot only if it ever reached Telegram.
    """
    requests = (AiohttpRequest(), polling or AiohttpRequest(connections=1))
    bot = _DiscreetBot(
        token,
        f"{api_url}/bot",
        f"{api_url}/file/bot",
        request=requests[0],
        get_updates_request=requests[1],
    )
    rooms: Rooms = Application.builder().bot(bot).updater(None).job_queue(None).build()
    try:
        yield rooms
    finally:
        await rooms.shutdown()
        for request in requests:
            await request.shutdown()


async def hello(rooms: Rooms) -> None:
    """Learn the bot's name.  Raises TelegramRefusedTokenError, or TelegramAwayError without network."""
    try:
        await rooms.initialize()
    except InvalidToken:
        raise TelegramRefusedTokenError(
            "Telegram does not know the token. Compare it with what @BotFather shows; [telegram] api_url must be "
            "the root of a Bot API server."
        ) from None
    except TelegramError as error:
        raise TelegramAwayError(f"Telegram cannot be reached now ({failures.absence(error)}).") from None


async def met(rooms: Rooms, told_to_stop: Callable[[float], Awaitable[bool]], away: Callable[[str], None]) -> bool:
    """Say hello until Telegram answers; False when told to stop meanwhile.  `away` hears why it does not."""
    pause = FIRST_PAUSE
    while True:
        try:
            await hello(rooms)
        except TelegramAwayError as error:
            log.warning("Telegram cannot be reached; trying again", why=str(error), seconds=pause)
            away(str(error))
            if await told_to_stop(pause):
                return False
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            return True
