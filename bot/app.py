"""The composition root: configuration → store → services → Telegram → schedule, in one stack.

The only module that sees all three packages.  Read it from top to bottom; there is no cleverness in it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

import structlog

from bot import notify
from bot.beside import Others, Told, beside_others
from bot.clock import Clock, SystemClock
from bot.config import Config
from bot.conversation import Conversation, Ground, conversation, open_rooms, prepared
from bot.disks import folders_of
from bot.domain import supervision, timing
from bot.domain.errors import StoreTroubleError, StoreUnavailableError
from bot.domain.post import Due
from bot.ending import TOLD_TO_STOP
from bot.health import Health, Parts, instance_of
from bot.inquiries import Inquiries
from bot.keys import Keys, load_keys
from bot.metrics import Metrics
from bot.ownership import DEPOSED, StoppedEarlyError, at_work, owned, seat_of, told_to_stop
from bot.scheduler import Scheduler
from bot.services.alarms import Alarms
from bot.services.chores import Chore, Chores
from bot.services.delivery import UNCERTAIN, Delivery, QuietTimes
from bot.services.faces import Faces
from bot.services.in_hand import InHand
from bot.services.ports_rights import CHECKPOINT
from bot.services.retention import Retention
from bot.services.tick import Task, Tick
from bot.sharing import Sharing
from bot.standing_by import StandingBy, Surroundings, letterbox
from bot.vault import daily_backup, expect_database, ring
from bot.watchdog import Watchdog
from bot.wiring import Services, open_store, remember_name
from handlers.connection import connected, met
from handlers.intake import Intake
from handlers.pacing import Pace
from handlers.polling import Pauses, Polling
from handlers.request import AiohttpRequest
from handlers.rivals import Rivals
from handlers.webhook import Letterbox, Webhook
from storage.database import Database
from storage.locks import OwnedElsewhereError
from storage.places import place_of

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Running:
    """The bot at work, for whoever started it: `settled` is for those who move the clock themselves."""

    services: Services
    store: Database
    intake: Intake
    scheduler: Scheduler
    health: Health
    delivery: Delivery
    chores: Chores
    faces: Faces

    async def settled(self) -> None:
        """Work everything that was kept, then do everything that is due at this instant.

        Trap: what a look has begun may be over before the look is, and then the next of that chat waits for another.
        """
        hands: Sequence[InHand[Any]] = (self.delivery, self.faces, self.chores)
        while True:
            await self.intake.idle()
            ended = [one.ended for one in hands]
            await self.scheduler.look()
            if not any(one.busy for one in hands) and ended == [one.ended for one in hands]:
                await self.intake.idle()
                return await self._written()
            for one in hands:
                await one.idle()

    async def _written(self) -> None:
        """Write what waits to go along with the next transaction; what cannot be written is shown again in time."""
        with suppress(StoreTroubleError):
            await self.store.catch_up()


async def run(config: Config, keys: Keys) -> None:
    """Run until SIGTERM or SIGINT; what is in hand is finished.

    Raises what `started` raises, and OwnedElsewhereError also if what was in hand then could not be finished.
    """
    stop, told = asyncio.Event(), asyncio.Event()

    def tell() -> None:
        notify.stopping()
        told.set()
        stop.set()

    for number in TOLD_TO_STOP:
        asyncio.get_running_loop().add_signal_handler(number, tell)
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(_serve(config, keys, stop))
        waiting = group.create_task(stop.wait())
        serving.add_done_callback(lambda _: waiting.cancel())
        await asyncio.wait([waiting])
        if not serving.done() and not await _finishes(serving, STOP_WITHIN):
            while not serving.done():  # one cancellation ends one wait; closing has several
                serving.cancel()
                await _finishes(serving, CUT_OFF_EVERY)
    if serving.cancelled() and not told.is_set():  # else a service manager would take it for an end in order
        raise OwnedElsewhereError(DEPOSED)


async def _finishes(serving: "asyncio.Task[None]", seconds: float) -> bool:
    done, _ = await asyncio.wait([serving], timeout=seconds)
    return bool(done)


STOP_WITHIN: Final = 8.0
"""Seconds for finishing what is in hand."""

CUT_OFF_EVERY: Final = 0.3


async def _serve(config: Config, keys: Keys, stop: asyncio.Event) -> None:
    try:
        async with started(config, keys, SystemClock(), Pace(), stop):
            log.info("running")
            await stop.wait()
            log.info("stopping")
    except* StoppedEarlyError:  # an open letterbox wraps it
        log.info("stopped before it began")


@asynccontextmanager
async def started(
    config: Config,
    keys: Keys,
    clock: Clock,
    pace: Pace,
    stop: asyncio.Event | None = None,
    pauses: Pauses | None = None,
) -> AsyncIterator[Running]:
    """Put everything together and keep it running while the context is open.

    Raises ConfigurationError, StoreRefusedError, StoreUnavailableError, TelegramRefusedTokenError.  Without network
    it keeps trying, and beside another bot on the same database it stands by, visibly, until `stop`: then
    StoppedEarlyError.  By webhook all of them come in a group.
    """
    token = config.telegram.secret()
    config.practice.help_card()
    watchdog = Watchdog()
    async with AsyncExitStack() as stack:
        stack.enter_context(watchdog.open())
        place = place_of(config.database.url)
        box = letterbox(config)
        metrics, inquiries = Metrics(), Inquiries(config.health.listen)
        beside = StandingBy(stack, Surroundings(config, clock, pace, place, metrics), box, inquiries, stop)
        await beside.begin()
        watchdog.sees(lambda: beside.looks, lambda: beside.moved)
        owner = await stack.enter_async_context(owned(place, stop, beside.look))
        watchdog.sees()
        beside.takes_over()
        if owner.waited:
            keys = load_keys(config)
        expect_database(config)
        await asyncio.to_thread(place.prepare, ring(keys))
        worker = await stack.enter_async_context(at_work(place, stop))
        store = await stack.enter_async_context(open_store(config, keys, clock, await seat_of(place, worker)))
        polling = AiohttpRequest(connections=2)
        rooms = await stack.enter_async_context(connected(config.telegram.api_url, token, polling))
        if not await met(rooms, partial(told_to_stop, stop), notify.status):
            raise StoppedEarlyError
        await remember_name(store, rooms)
        ground = await prepared(config, keys, clock, pace, store, rooms, metrics)
        await ground.services.preparing.plan_anew()
        talk = conversation(ground)
        parts = _parts(ground, talk, lambda: owner.is_certain() and worker.is_certain())
        open_rooms(ground, talk, parts.scheduler.nudge)
        health = await _answering(stack, ground, talk, parts, inquiries)
        await _set_going(stack, talk, parts, _fetching(ground, talk, parts, box, polling, pauses or Pauses()))
        services, scheduler = ground.services, parts.scheduler
        stack.enter_context(watchdog.at_work(lambda: talk.intake.turned_at, lambda: scheduler.last_tick_at))
        others = await stack.enter_async_context(beside_others(worker.life))
        await stack.enter_async_context(_heard(others, ground, talk, parts))
        await beside.end()
        await talk.messenger.show_general_menu(config.default_voice())
        yield Running(services, store, talk.intake, scheduler, health, parts.delivery, parts.chores, parts.faces)


@dataclass(frozen=True, slots=True, repr=False)
class _Parts:
    """What moves, once it is set going."""

    delivery: Delivery
    chores: Chores
    faces: Faces
    alarms: Alarms
    rivals: Rivals
    scheduler: Scheduler


def _parts(ground: Ground, talk: Conversation, is_ours: Callable[[], bool]) -> _Parts:
    """Make what sends and looks at what is due."""
    config, services, store, clock = ground.config, ground.services, ground.store, ground.clock
    rivals = Rivals()
    quiet = QuietTimes(config.check_in_times().quiet, config.therapist_quiet())
    posts = (services.escalation, services.disclosures)
    delivery = Delivery(store, clock, talk.messenger, services.reach.lost, posts, quiet, ground.metrics)
    chores = Chores(store, clock, _daily(ground))
    is_guest, disks = lambda: rivals.is_guest, folders_of(config)
    alarms = Alarms(store, clock, talk.messenger, talk.intake, disks, config.therapist_quiet(), is_guest)
    store.damaged = alarms.damaged
    faces = Faces(clock, talk.messenger, services.check_ins.lagging, services.check_ins.shown)
    tick = _tick(store, clock, services, delivery, chores, faces, talk.intake)
    delivery.is_ours = talk.messenger.is_ours = is_ours
    scheduler = Scheduler(clock, alarms.before(_unless_guest(rivals, is_ours, tick)))
    tick.turned = scheduler.turned
    delivery.hand_free = faces.hand_free = scheduler.soon
    delivery.chat_done = chores.one_done = scheduler.nudge
    return _Parts(delivery, chores, faces, alarms, rivals, scheduler)


def _daily(ground: Ground) -> list[Chore]:
    config, services = ground.config, ground.services
    return [
        *daily_backup(config, ground.keys, ground.clock),
        *_forgetting(config, services.retention),
        _agenda(config, services),
        *_supervision(config, services),
    ]


async def _answering(
    stack: AsyncExitStack, ground: Ground, talk: Conversation, parts: _Parts, inquiries: Inquiries
) -> Health:
    """Say how it goes to whoever asks."""
    scheduler = parts.scheduler
    instance = instance_of(ground.config.database.name)
    looked_at = Parts(talk.intake, lambda: scheduler.last_tick_at, parts.alarms, instance)
    health = Health(ground.store, ground.clock, looked_at, ground.metrics)
    await inquiries.open(stack)
    stack.enter_context(inquiries.answered_by(health))
    return health


def _heard(others: Others, ground: Ground, talk: Conversation, parts: _Parts) -> AbstractAsyncContextManager[None]:
    """See to what other processes have kept and written, and tell them what is for them."""
    talk.intake.heralds = partial(others.tell, Told.INBOX)

    async def due() -> None:
        parts.scheduler.nudge()

    sharing = Sharing(ground.store, talk.pacer, ground.pace, owns=True)
    return others.heard({Told.INBOX: talk.intake.look_around, Told.DUE: due}, sharing.look)


async def _set_going(stack: AsyncExitStack, talk: Conversation, parts: _Parts, fetching: Polling | Webhook) -> None:
    """Let everything move: what comes in first, then what goes out, and the clock that wakes it."""
    await stack.enter_async_context(talk.intake.open())
    await stack.enter_async_context(fetching.open())
    for part in (parts.delivery, parts.faces, parts.chores, parts.scheduler):
        await stack.enter_async_context(part)


def _fetching(
    ground: Ground, talk: Conversation, parts: _Parts, box: Letterbox | None, polling: AiohttpRequest, pauses: Pauses
) -> Polling | Webhook:
    bot = ground.rooms.bot
    if box is None:
        return Polling(bot, polling, talk.intake, pauses, parts.rivals)
    return Webhook(bot, talk.intake, box, pauses)


def _unless_guest(rivals: Rivals, is_ours: Callable[[], bool], tick: Tick) -> Callable[[], Awaitable[datetime | None]]:
    """Do nothing of what is due while another program works with the same token, or may: it would be done twice."""

    async def look() -> datetime | None:
        if not is_ours():
            raise StoreUnavailableError(UNCERTAIN)
        return None if rivals.is_guest else await tick.run()

    return look


def _tick(
    store: Database,
    clock: Clock,
    services: Services,
    delivery: Delivery,
    chores: Chores,
    faces: Faces,
    intake: Intake,
) -> Tick:
    tasks: list[Task] = [
        (frozenset({Due.CHECK_IN}), services.asking.run_due),
        (frozenset({Due.CHECK_IN}), services.alerts.settle_due),
        (frozenset({Due.EPISODE}), services.alerts.repeat_due),
        (frozenset({Due.CONCERN}), services.escalation.run_due),
        (frozenset({Due.SESSION}), services.preparing.run_due),
        (frozenset({Due.GUESS}), services.guesses.lapse_due),
        (frozenset({Due.PAUSE}), services.pauses.run_due),
        (frozenset({Due.DIGEST}), services.digests.run_due),
        (frozenset({Due.ACCOUNT, Due.ERASURE}), services.leaving.run_due),
        (frozenset({Due.NOTICE}), delivery.run_due),
        (frozenset({Due.CHORE}), chores.run_due),
        (frozenset({Due.FACE}), faces.run_due),
    ]
    return Tick(store, clock, intake.take_up, tasks, services.escalation.set_right)


PLANNING_AT: Final = 3
"""The hour of the practice at which the sessions of the week that comes into sight are made."""

FORGETTING_AT: Final = 5
"""The hour of the practice at which what was kept long enough is deleted: after the backup."""


def _agenda(config: Config, services: Services) -> Chore:
    """Return the chore that makes the sessions of every series up to the horizon."""

    def next_at(after: datetime) -> datetime:
        return timing.next_daily(after, PLANNING_AT, config.practice.timezone)

    async def look() -> None:
        await services.series.make_due()

    return Chore("agenda", next_at, look)


def _supervision(config: Config, services: Services) -> list[Chore]:
    """Return the chore of the monthly reading, if the practice has it on."""

    def next_at(after: datetime) -> datetime:
        return supervision.next_reading(after, config.digest.hour, config.practice.timezone)

    return [Chore("supervision", next_at, services.supervision.write)] if config.practice.supervisor else []


def _forgetting(config: Config, retention: Retention) -> list[Chore]:
    """Return the chores of deleting: the daily look, and emptying the database's log whenever something was erased."""

    def next_at(after: datetime) -> datetime:
        return timing.next_daily(after, FORGETTING_AT, config.practice.timezone)

    async def look() -> None:
        await retention.run()

    return [Chore("retention", next_at, look), Chore(CHECKPOINT, next_at, retention.checkpoint)]
