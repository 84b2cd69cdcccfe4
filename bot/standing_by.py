"""What stands by while another process owns the database: by webhook, on a server, it works what it is brought.

The owner has the schedule and everything that is to be sent because of it; who stands by has conversations alone, each
chat in the hands of one process at a time.  Elsewhere it does nothing but wait.
"""

import asyncio
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog

from bot import notify
from bot.beside import Told, beside_others
from bot.clock import Clock
from bot.config import Config
from bot.conversation import conversation, open_rooms, prepared
from bot.domain.errors import StoreTroubleError, StoreUnavailableError, TelegramAwayError
from bot.health import instance_of
from bot.health_beside import HealthBeside
from bot.inquiries import Inquiries
from bot.keys import load_keys
from bot.metrics import Metrics
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
OTHER_SCHEMA: Final = "not working beside the owner, which is of another version: the database has another schema"
HELLO_WITHIN: Final = 5.0

log = structlog.get_logger()


def letterbox(config: Config) -> Letterbox | None:
    """Return where Telegram is to bring updates; None: it is asked for them."""
    telegram = config.telegram
    if telegram.mode == "polling":
        return None
    host, _, port = telegram.webhook_listen.rpartition(":")
    return Letterbox(WebhookAddress(telegram.webhook_url, host.strip("[]"), int(port), secret_of(telegram.secret())))


@dataclass(frozen=True, slots=True, repr=False)
class Surroundings:
    """What a process has from its start to its end, whatever it becomes."""

    config: Config
    clock: Clock
    pace: Pace
    place: Place
    metrics: Metrics


class StandingBy:
    """One process beside the owner; what it opens is closed with the stack, or when it becomes the owner."""

    def __init__(
        self,
        stack: AsyncExitStack,
        around: Surroundings,
        box: Letterbox | None,
        inquiries: Inquiries,
        stop: asyncio.Event | None,
    ) -> None:
        self._stack = stack
        self._around = around
        self._place = around.place
        self._box = box if around.place.is_served else None
        self._inquiries = inquiries
        self._stop = stop
        self.looks = 0
        """How many times this process has looked whether it may work."""
        instance = instance_of(around.config.database.name)
        self._health = HealthBeside(around.clock, around.metrics, instance, lambda: self.looks)
        self._answering: ExitStack | None = None
        self._work: AsyncExitStack | None = None
        self._in_use: Held | None = None
        self._intake: Intake | None = None

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
        if self._answering is None:
            self._answering = ExitStack()
            self._answering.enter_context(self._inquiries.answered_by(self._health))
            await self._inquiries.open(self._stack)
        if self._box is not None:
            await self._look(self._box)
        self.looks += 1

    async def _look(self, box: Letterbox) -> None:
        try:
            is_ours = await asyncio.to_thread(self._place.schema) == head()
            if self._in_use is not None:
                await asyncio.to_thread(self._in_use)
            if not is_ours:
                self._health.not_working = OTHER_SCHEMA
            elif self._work is None:
                await self._begin(box)
        except OwnedElsewhereError:
            raise
        except (StoreUnavailableError, TelegramAwayError, TimeoutError) as away:
            log.info("not yet working beside the owner", why=str(away))  # it comes back, and nothing is kept meanwhile
            self._health.not_working = f"not yet working beside the owner: {str(away) or type(away).__name__}"

    def takes_over(self) -> None:
        """Go on with what is in hand, and look no more: this process owns the database, and has yet to begin."""
        self._health.takes_over()

    async def end(self) -> None:
        """Finish what is in hand, and leave the rest to whoever comes next: this process is the owner now."""
        if self._answering is not None:
            self._answering.close()
        if self._work is not None:
            await self._work.aclose()

    async def _begin(self, box: Letterbox) -> None:
        config, clock, pace, place = self._around.config, self._around.clock, self._around.pace, self._place
        async with AsyncExitStack() as mine:
            keys = load_keys(config)
            await asyncio.to_thread(place.check_keys, ring(keys))
            in_use = await asyncio.to_thread(mine.enter_context, place.in_use())
            worker = await mine.enter_async_context(at_work(place, self._stop))
            store = await mine.enter_async_context(open_store(config, keys, clock, Seat(worker.number)))
            rooms = await mine.enter_async_context(connected(config.telegram.api_url, config.telegram.secret()))
            async with asyncio.timeout(HELLO_WITHIN):
                await hello(rooms)
            ground = await prepared(config, keys, clock, pace, store, rooms, self._around.metrics)
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

            sharing = Sharing(store, talk.pacer, pace, owns=False)
            await mine.enter_async_context(others.heard({Told.INBOX: look}, sharing.look))
            await mine.enter_async_context(box.leads_to(talk.intake))
            self._work, self._in_use = await self._stack.enter_async_context(mine.pop_all()), in_use
        self._intake = talk.intake
        self._health.begins(store, talk.intake)
        log.info(WORKS)
        notify.status(WORKS)
