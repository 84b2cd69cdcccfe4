"""What stands by while another process owns the database: by webhook, on a server, it works what it is brought.

The owner has the schedule and everything that is to be sent because of it; who stands by has conversations alone, each
chat in the hands of one process at a time.  Elsewhere it does nothing but wait.
"""

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from typing import Final

import structlog

from bot import notify
from bot.beside import Told, beside_others
from bot.clock import Clock
from bot.config import Config
from bot.conversation import conversation, open_rooms, prepared
from bot.domain.errors import StoreTroubleError, StoreUnavailableError, TelegramAwayError
from bot.keys import load_keys
from bot.ownership import at_work
from bot.sharing import Sharing
from bot.vault import ring
from bot.wiring import open_store
from handlers.connection import connected, hello
from handlers.intake import Intake
from handlers.pacing import Pace
from handlers.polling import trouble_of
from handlers.webhook import Letterbox, WebhookAddress, secret_of
from storage.locks import OwnedElsewhereError
from storage.migrations import head
from storage.places import Held, Place
from storage.speaking import Seat

WORKS: Final = "working what Telegram brings, beside the owner"
HELLO_WITHIN: Final = 5.0

log = structlog.get_logger()


def letterbox(config: Config) -> Letterbox | None:
    """Return where Telegram is to bring updates; None: it is asked for them."""
    telegram = config.telegram
    if telegram.mode == "polling":
        return None
    host, _, port = telegram.webhook_listen.rpartition(":")
    return Letterbox(WebhookAddress(telegram.webhook_url, host.strip("[]"), int(port), secret_of(telegram.secret())))


class StandingBy:
    """One process beside the owner; what it opens is closed with the stack, or when it becomes the owner."""

    def __init__(
        self,
        stack: AsyncExitStack,
        config: Config,
        clock: Clock,
        pace: Pace,
        place: Place,
        box: Letterbox | None,
        stop: asyncio.Event | None,
    ) -> None:
        self._stack = stack
        self._config = config
        self._clock = clock
        self._pace = pace
        self._place = place
        self._box = box if place.is_served else None
        self._stop = stop
        self._work: AsyncExitStack | None = None
        self._in_use: Held | None = None
        self._intake: Intake | None = None
        self.looks = 0
        """How many times this process has looked whether it may work."""

    async def begin(self) -> None:
        """Open the letterbox, which stays open whoever is the owner.  ConfigurationError."""
        if self._box is not None:
            await self._stack.enter_async_context(self._box.open())

    @property
    def moved(self) -> object:
        """Return what changes with each look of those who work; before that, with each look whether it may."""
        return self._intake.turned_at if self._intake is not None else self.looks

    async def look(self) -> None:
        """Work once the database has our schema.

        Raises StoreRefusedError (newer by now, other keys) and OwnedElsewhereError (it is getting new keys or content).
        """
        if self._box is not None:
            await self._look(self._box)
        self.looks += 1

    async def _look(self, box: Letterbox) -> None:
        try:
            is_ours = await asyncio.to_thread(self._place.schema) == head()
            if self._in_use is not None:
                await asyncio.to_thread(self._in_use)
            if is_ours and self._work is None:
                await self._begin(box)
        except OwnedElsewhereError:
            raise
        except (StoreUnavailableError, TelegramAwayError, TimeoutError) as away:
            log.info("not yet working beside the owner", why=str(away))  # it comes back, and nothing is kept meanwhile

    async def end(self) -> None:
        """Finish what is in hand, and leave the rest to whoever comes next: this process is the owner now."""
        if self._work is not None:
            await self._work.aclose()

    async def _begin(self, box: Letterbox) -> None:
        config, place = self._config, self._place
        async with AsyncExitStack() as mine:
            keys = load_keys(config)
            await asyncio.to_thread(place.check_keys, ring(keys))
            in_use = await asyncio.to_thread(mine.enter_context, place.in_use())
            worker = await mine.enter_async_context(at_work(place, self._stop))
            store = await mine.enter_async_context(open_store(config, keys, self._clock, Seat(worker.number)))
            rooms = await mine.enter_async_context(connected(config.telegram.api_url, config.telegram.secret()))
            async with asyncio.timeout(HELLO_WITHIN):
                await hello(rooms)
            ground = await prepared(config, keys, self._clock, self._pace, store, rooms)
            talk = conversation(ground)
            others = await mine.enter_async_context(beside_others(worker.life))
            open_rooms(ground, talk, partial(others.tell, Told.DUE))
            talk.intake.heralds = partial(others.tell, Told.INBOX)
            await mine.enter_async_context(talk.intake.open())

            async def look() -> None:
                try:
                    await talk.intake.look_around()
                    await store.catch_up()
                except StoreTroubleError as error:
                    talk.intake.turned(trouble_of(error))
                    raise
                talk.intake.turned()

            sharing = Sharing(store, talk.pacer, self._pace, owns=False)
            await mine.enter_async_context(others.heard({Told.INBOX: look}, sharing.look))
            await mine.enter_async_context(box.leads_to(talk.intake))
            self._work, self._in_use = await self._stack.enter_async_context(mine.pop_all()), in_use
        self._intake = talk.intake
        log.info(WORKS)
        notify.status(WORKS)
