"""Several processes to which Telegram brings updates: each keeps what it is brought, and the owner works all of it.

Only with a webhook, and only on a server: elsewhere what stands by does nothing, and the owner hears of nobody.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import structlog

from bot.clock import Clock
from bot.config import Config
from bot.domain import safety
from bot.domain.errors import StoreTroubleError, StoreUnavailableError
from bot.keys import load_keys
from bot.ownership import LOOK_EVERY
from bot.vault import ring
from bot.wiring import open_store
from handlers.access import Rooms
from handlers.connection import connected
from handlers.first_aid import FirstAid
from handlers.intake import Intake
from handlers.keeping import Keeping
from handlers.webhook import Letterbox, WebhookAddress, secret_of
from storage.database import Database
from storage.locks import OwnedElsewhereError
from storage.migrations import head
from storage.places import Heard, Held, Place

log = structlog.get_logger()


def letterbox(config: Config) -> Letterbox | None:
    """Return where Telegram is to bring updates; None: it is asked for them."""
    telegram = config.telegram
    if telegram.mode == "polling":
        return None
    host, _, port = telegram.webhook_listen.rpartition(":")
    return Letterbox(WebhookAddress(telegram.webhook_url, host.strip("[]"), int(port), secret_of(telegram.secret())))


class StandingBy:
    """One process beside others; what it opens is closed with the stack."""

    def __init__(
        self,
        stack: AsyncExitStack,
        config: Config,
        clock: Clock,
        place: Place,
        box: Letterbox | None,
        first_aid: Callable[[Database, Rooms], FirstAid],
    ) -> None:
        self._stack = stack
        self._config = config
        self._clock = clock
        self._place = place
        self._box = box if place.is_served else None
        self._first_aid = first_aid
        self._keeps = False
        self._in_use: Held | None = None

    async def begin(self) -> None:
        """Open the letterbox, which stays open whoever is the owner.  ConfigurationError."""
        if self._box is not None:
            await self._stack.enter_async_context(self._box.open())

    async def look(self) -> None:
        """Keep what comes in once the database has our schema.

        Raises StoreRefusedError (newer by now, other keys) and OwnedElsewhereError (it is getting new keys or content).
        """
        if self._box is None:
            return
        try:
            is_ours = await asyncio.to_thread(self._place.schema) == head()
            if self._in_use is not None:
                await asyncio.to_thread(self._in_use)
            if is_ours and not self._keeps:
                await self._keep(self._box)
        except OwnedElsewhereError:
            raise
        except StoreUnavailableError:
            pass  # it comes back, and nothing is kept meanwhile

    async def _keep(self, box: Letterbox) -> None:
        config, stack = self._config, self._stack
        keys = load_keys(config)
        await asyncio.to_thread(self._place.check_keys, ring(keys))
        self._in_use = await asyncio.to_thread(stack.enter_context, self._place.in_use())
        await asyncio.to_thread(safety.read_lists)
        store = await stack.enter_async_context(open_store(config, keys, self._clock))
        rooms = await stack.enter_async_context(connected(config.telegram.api_url, config.telegram.secret()))
        stack.enter_context(box.leads_to(Keeping(store, self._clock, self._first_aid(store, rooms))))
        self._keeps = True
        log.info("keeping what Telegram brings, for whoever works it")

    @asynccontextmanager
    async def heard_by(self, intake: Intake) -> AsyncIterator[None]:
        """Let the owner work also what others keep, while the context is open."""
        news = self._place.news() if self._box is not None else None
        if news is None:
            yield
            return
        async with news as heard, asyncio.TaskGroup() as group:
            looking = group.create_task(_look_around(heard, intake))
            try:
                yield
            finally:
                looking.cancel()


async def _look_around(heard: Heard, intake: Intake) -> None:
    while True:
        await heard(LOOK_EVERY)
        with suppress(StoreTroubleError):  # said by whoever else needs the database
            await intake.look_around()
