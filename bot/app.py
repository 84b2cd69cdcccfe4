"""The composition root: configuration → store → services → Telegram → schedule, in one stack.

The only module that sees all three packages.  Read it from top to bottom; there is no cleverness in it.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

import structlog

from bot.checks import Finding
from bot.checks import exit_code as code_of
from bot.clock import Clock, SystemClock
from bot.config import Config
from bot.domain import safety, timing
from bot.domain.errors import MicrochequeoError
from bot.health import Health, listening
from bot.keys import Keys
from bot.scheduler import Scheduler
from bot.services.agenda import Agenda
from bot.services.alerts import Alerts
from bot.services.asking import Asking
from bot.services.checkins import CheckIns
from bot.services.delivery import Delivery, QuietTimes
from bot.services.digests import Digests
from bot.services.enrolment import Enrolment, EnrolmentSettings
from bot.services.people import People
from bot.services.reach import Reach
from bot.services.rights import Rights
from bot.services.tick import Tick
from bot.texts import TextProblemError, Texts
from handlers import House, register
from handlers.access import Door, Rooms
from handlers.agenda import Agenda as AgendaRoom
from handlers.arrival import Arrival, ConsentTerms
from handlers.connection import connected, hello, met
from handlers.failures import LastResort
from handlers.first_aid import FirstAid
from handlers.flood import Flood
from handlers.help import Help
from handlers.intake import Intake
from handlers.messenger import TelegramMessenger
from handlers.notices import Notices
from handlers.pacing import Pace, Pacer
from handlers.patient import Patient
from handlers.request import AiohttpRequest
from handlers.therapist import Therapist
from storage.columns import KeyRing
from storage.database import Database
from storage.engine import make_engine
from storage.opening import head, prepare, schema_of, sole_owner

log = structlog.get_logger()

LINK: Final = "https://t.me/{username}?start={token}"


@dataclass(frozen=True, slots=True)
class Services:
    """The verbs of the practice."""

    people: People
    enrolment: Enrolment
    agenda: Agenda
    check_ins: CheckIns
    asking: Asking
    alerts: Alerts
    digests: Digests
    rights: Rights
    reach: Reach


@dataclass(frozen=True, slots=True)
class Running:
    """The bot at work, for whoever started it: `settled` is for those who move the clock themselves."""

    services: Services
    store: Database
    intake: Intake
    scheduler: Scheduler
    health: Health
    delivery: Delivery

    async def settled(self) -> None:
        """Work everything that was kept, then do everything that is due at this instant."""
        while True:
            await self.intake.idle()
            await self.scheduler.look()
            if not self.delivery.busy:
                return await self.intake.idle()
            await self.delivery.idle()


async def run(config: Config, keys: Keys) -> None:
    """Run until SIGTERM or SIGINT; what is in hand is finished."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(_serve(config, keys, stop))
        waiting = group.create_task(stop.wait())
        serving.add_done_callback(lambda _: waiting.cancel())
        await asyncio.wait([waiting])
        if not serving.done() and not await _finishes(serving, STOP_WITHIN):
            while not serving.done():  # one cancellation ends one wait; closing has several
                serving.cancel()
                await _finishes(serving, CUT_OFF_EVERY)


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
    except StoppedEarlyError:
        log.info("stopped before Telegram could be reached")


@asynccontextmanager
async def started(
    config: Config, keys: Keys, clock: Clock, pace: Pace, stop: asyncio.Event | None = None
) -> AsyncIterator[Running]:
    """Put everything together and keep it running while the context is open.

    Raises ConfigurationError, StoreRefusedError, StoreUnavailableError, TelegramRefusedTokenError.  Without network
    it keeps trying, visibly, until `stop`.
    """
    token = config.telegram.secret()
    async with AsyncExitStack() as stack:
        await asyncio.to_thread(prepare, config.database.path, _ring(keys))
        stack.enter_context(sole_owner(config.database.path))
        store = await stack.enter_async_context(_store(config, keys, clock))
        polling = AiohttpRequest(connections=2)
        rooms = await stack.enter_async_context(connected(config.telegram.api_url, token, polling))
        if not await met(rooms, stop):
            raise StoppedEarlyError
        await _remember_name(store, rooms)
        yield await _assembled(stack, config, clock, pace, store, rooms, polling)


class StoppedEarlyError(MicrochequeoError):
    """The process was told to stop before Telegram could be reached."""


async def _assembled(
    stack: AsyncExitStack,
    config: Config,
    clock: Clock,
    pace: Pace,
    store: Database,
    rooms: Rooms,
    polling: AiohttpRequest,
) -> Running:
    services = _services(config, store, clock)
    texts = Texts.load(_report)
    card = safety.help_card(config.practice.country)
    notices = Notices(
        texts, services.people, services.alerts, services.digests, clock, _links(rooms.bot.username), card
    )
    messenger = TelegramMessenger(rooms.bot, texts, notices, Pacer(pace), clock)
    first_aid = FirstAid(messenger, texts, config.default_voice(), config.practice.country)
    intake = Intake(rooms.bot, polling, rooms, store, clock, first_aid)
    quiet = QuietTimes(config.check_in_times().quiet, config.therapist_quiet())
    delivery = Delivery(store, clock, messenger, services.reach.lost, quiet)
    scheduler = Scheduler(clock, _tick(store, clock, messenger, services, delivery, intake).run)
    delivery.chat_done = scheduler.nudge
    door = Door(
        services.people, services.reach, messenger, Flood(clock, pace.replied_to), texts, config.default_voice()
    )
    register(rooms, _house(config, services, texts, notices, door, clock, scheduler, intake))
    health = Health(store, clock, lambda: scheduler.last_tick_at, lambda: intake.trouble)
    if config.health.listen:
        await stack.enter_async_context(listening(config.health.listen, health))
    await messenger.show_general_menu(config.default_voice())
    await stack.enter_async_context(_polling(intake))
    await stack.enter_async_context(delivery)
    await stack.enter_async_context(scheduler)
    return Running(services, store, intake, scheduler, health, delivery)


def _services(config: Config, store: Database, clock: Clock) -> Services:
    times, quiet = config.check_in_times(), config.therapist_quiet()
    weekday, hour = config.digest.weekday, config.digest.hour
    return Services(
        people=People(store),
        enrolment=Enrolment(store, clock, EnrolmentSettings(config.default_voice(), weekday, hour, quiet)),
        agenda=Agenda(store, clock, times, config.items()),
        check_ins=CheckIns(store, clock, times, quiet),
        asking=Asking(store, clock, times),
        alerts=Alerts(store, clock, config.alliance.drop_points, quiet, config.therapist.working_from),
        digests=Digests(store, clock, weekday, hour),
        rights=Rights(store, clock, weekday, hour),
        reach=Reach(store, clock, quiet),
    )


def _tick(
    store: Database,
    clock: Clock,
    messenger: TelegramMessenger,
    services: Services,
    delivery: Delivery,
    intake: Intake,
) -> Tick:
    work = [
        services.asking.run_due,
        services.alerts.settle_due,
        services.alerts.repeat_due,
        services.digests.run_due,
        delivery.run_due,
    ]
    return Tick(store, clock, messenger, intake.take_up, work, services.check_ins.lagging, services.check_ins.shown)


def _house(
    config: Config,
    services: Services,
    texts: Texts,
    notices: Notices,
    door: Door,
    clock: Clock,
    scheduler: Scheduler,
    intake: Intake,
) -> House:
    nudge, country = scheduler.nudge, config.practice.country
    last_resort = LastResort()
    last_resort.listener = intake.note_failure
    quiet = config.check_in_times().quiet
    hours = timing.starts(config.therapist.working_from, config.therapist.working_until)
    terms = ConsentTerms(config.check_in.delay, config.practice.name or None, quiet.starts != quiet.ends)
    return House(
        door=door,
        arrival=Arrival(services.enrolment, services.rights, services.reach, texts, terms, nudge),
        patient=Patient(services.check_ins, services.enrolment, notices, texts, clock, country, nudge),
        therapist=Therapist(services.alerts, services.digests, services.agenda, services.people, texts, clock, nudge),
        agenda=AgendaRoom(services.agenda, hours, texts, clock, nudge),
        help=Help(services.rights, services.check_ins, texts, clock, country, nudge),
        last_resort=last_resort,
    )


@asynccontextmanager
async def _polling(intake: Intake) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        group.create_task(intake.run())
        try:
            yield
        finally:
            intake.stop()


async def inspect(config: Config, keys: Keys) -> list[Finding]:
    """Look at the token (at Telegram) and at the database, changing neither."""
    return [await _inspected("token", _token_says(config)), await _inspected("database", _database_says(config, keys))]


async def _inspected(what: str, looking: Awaitable[str]) -> Finding:
    try:
        says = await looking
    except MicrochequeoError as error:
        return Finding(what, fine=False, says=str(error), exit_code=code_of(error))
    return Finding(what, fine=True, says=says)


async def _token_says(config: Config) -> str:
    async with connected(config.telegram.api_url, config.telegram.secret()) as rooms:
        await hello(rooms)
        return f"@{rooms.bot.username}"


async def _database_says(config: Config, keys: Keys) -> str:
    path = config.database.path
    if not path.exists():
        return f"{path} (will be made at the first start)"
    revision = await asyncio.to_thread(schema_of, path)
    if revision == head():
        await asyncio.to_thread(prepare, path, _ring(keys))
    return f"{path} (schema {revision}{'' if revision == head() else f', {head()} at the next start'})"


async def invite_therapist(config: Config, keys: Keys, name: str) -> str:
    """Return a one-time link that enrols a therapist.  Raises StoreUnavailableError without the bot's name."""
    clock = SystemClock()
    await asyncio.to_thread(prepare, config.database.path, _ring(keys))
    async with _store(config, keys, clock) as store:
        username = await _name_of_bot(config, store)
        return _links(username)(await _services(config, store, clock).enrolment.invite_therapist(name))


async def _name_of_bot(config: Config, store: Database) -> str:
    token = config.telegram.secret()
    async with store.reading() as tx:
        known = await tx.facts.recall(_name_key(token))
    if known is not None:
        return known
    async with connected(config.telegram.api_url, token) as rooms:
        await hello(rooms)
        await _remember_name(store, rooms)
        return str(rooms.bot.username)


async def _remember_name(store: Database, rooms: Rooms) -> None:
    async with store.transaction() as tx:
        await tx.facts.keep(_name_key(rooms.bot.token), rooms.bot.username)


def _name_key(token: str) -> str:
    """Return the key of the bot's name: by the bot's public id, which is the part before the colon."""
    return f"username:{token.partition(':')[0]}"


def _links(username: str) -> Callable[[str], str]:
    return lambda token: LINK.format(username=username, token=token)


def _store(config: Config, keys: Keys, clock: Clock) -> Database:
    return Database(make_engine(config.database.url), _ring(keys), clock.now)


def _ring(keys: Keys) -> KeyRing:
    return KeyRing(keys.seal, keys.index)


def _report(problem: TextProblemError) -> None:
    log.error("a text is missing", problem=str(problem))
