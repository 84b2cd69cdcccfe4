"""The composition root: configuration → store → services → Telegram → schedule, in one stack.

The only module that sees all three packages.  Read it from top to bottom; there is no cleverness in it.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from bot.checks import Finding
from bot.checks import exit_code as code_of
from bot.clock import Clock, SystemClock
from bot.config import Config
from bot.domain import safety, timing
from bot.domain.errors import MicrochequeoError
from bot.domain.holdings import Holdings
from bot.domain.model import FileForm, Role
from bot.health import Health, listening
from bot.keys import Keys
from bot.scheduler import Scheduler
from bot.services.agenda import Agenda
from bot.services.alerts import Alerts
from bot.services.asking import Asking
from bot.services.checkins import CheckIns
from bot.services.chores import Chore, Chores
from bot.services.concerns import Concerns
from bot.services.consents import Consents
from bot.services.crisis import Crisis
from bot.services.data_requests import DataRequests
from bot.services.delivery import Delivery, QuietTimes
from bot.services.digests import Digests
from bot.services.disclosures import Disclosures
from bot.services.enrolment import Enrolment, EnrolmentSettings
from bot.services.escalation import Escalation
from bot.services.leaving import Leaving, LeavingTerms
from bot.services.people import People
from bot.services.ports_rights import CHECKPOINT
from bot.services.reach import Reach
from bot.services.retention import Keeping, Retention
from bot.services.rights import Rights
from bot.services.tick import Tick
from bot.texts import TextProblemError, Texts
from bot.vault import ErasureList, daily_backup, expect_database, ring
from handlers import House, files, register
from handlers.access import Door, Rooms
from handlers.agenda import Agenda as AgendaRoom
from handlers.arrival import Arrival
from handlers.connection import connected, hello, met
from handlers.danger import Danger
from handlers.failures import LastResort
from handlers.first_aid import FirstAid
from handlers.flood import Flood
from handlers.handovers import Handovers
from handlers.help import Help
from handlers.intake import Intake
from handlers.messenger import TelegramMessenger
from handlers.notices import Notices
from handlers.notices_urgent import UrgentNotices
from handlers.pacing import Pace, Pacer
from handlers.patient import Patient
from handlers.request import AiohttpRequest
from handlers.rights import Rights as RightsRoom
from handlers.screens_arrival import CONSENT_VERSION, ConsentTerms
from handlers.screens_rights import PrivacyTerms
from handlers.therapist import Therapist
from handlers.urgent import Urgent
from storage.database import Database
from storage.emptying import emptied
from storage.engine import make_engine
from storage.locks import in_use, sole_owner
from storage.opening import head, prepare, schema_of

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
    crisis: Crisis
    escalation: Escalation
    concerns: Concerns
    disclosures: Disclosures
    digests: Digests
    rights: Rights
    reach: Reach
    consents: Consents
    leaving: Leaving
    data_requests: DataRequests
    retention: Retention


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

    async def settled(self) -> None:
        """Work everything that was kept, then do everything that is due at this instant."""
        while True:
            await self.intake.idle()
            await self.scheduler.look()
            if not (self.delivery.busy or self.chores.busy):
                return await self.intake.idle()
            await self.delivery.idle()
            await self.chores.idle()


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
    config.practice.help_card()
    async with AsyncExitStack() as stack:
        expect_database(config)
        stack.enter_context(in_use(config.database.path))
        await asyncio.to_thread(prepare, config.database.path, ring(keys))
        stack.enter_context(sole_owner(config.database.path))
        store = await stack.enter_async_context(_store(config, keys, clock))
        polling = AiohttpRequest(connections=2)
        rooms = await stack.enter_async_context(connected(config.telegram.api_url, token, polling))
        if not await met(rooms, stop):
            raise StoppedEarlyError
        await _remember_name(store, rooms)
        yield await _assembled(stack, config, keys, clock, pace, store, rooms, polling)


class StoppedEarlyError(MicrochequeoError):
    """The process was told to stop before Telegram could be reached."""


async def _assembled(
    stack: AsyncExitStack,
    config: Config,
    keys: Keys,
    clock: Clock,
    pace: Pace,
    store: Database,
    rooms: Rooms,
    polling: AiohttpRequest,
) -> Running:
    services = _services(config, store, clock)
    texts = Texts.load(_report)
    card = config.practice.help_card()
    await asyncio.to_thread(safety.read_lists)
    notices = _notices(config, services, texts, clock, _links(rooms.bot.username))
    messenger = TelegramMessenger(rooms.bot, texts, notices, Pacer(pace), clock)
    first_aid = FirstAid(messenger, texts, config.default_voice(), card)
    intake = Intake(rooms.bot, polling, rooms, store, clock, first_aid)
    quiet = QuietTimes(config.check_in_times().quiet, config.therapist_quiet())
    delivery = Delivery(store, clock, messenger, services.reach.lost, services.escalation, quiet)
    chores = Chores(store, clock, [*daily_backup(config, keys, clock), *_forgetting(config, services.retention)])
    scheduler = Scheduler(clock, _tick(store, clock, messenger, services, delivery, chores, intake).run)
    delivery.chat_done = chores.one_done = scheduler.nudge
    flood = Flood(clock, pace.replied_to)
    note = services.reach.note_message
    door = Door(services.people, services.reach, messenger, flood, texts, config.default_voice(), note)
    register(rooms, _house(config, services, texts, notices, door, clock, scheduler, intake))
    health = Health(store, clock, lambda: scheduler.last_tick_at, lambda: intake.trouble)
    if config.health.listen:
        await stack.enter_async_context(listening(config.health.listen, health))
    await messenger.show_general_menu(config.default_voice())
    await stack.enter_async_context(_polling(intake))
    await stack.enter_async_context(delivery)
    await stack.enter_async_context(chores)
    await stack.enter_async_context(scheduler)
    return Running(services, store, intake, scheduler, health, delivery, chores)


def _notices(config: Config, services: Services, texts: Texts, clock: Clock, link: Callable[[str], str]) -> Notices:
    card = config.practice.help_card()
    return Notices(
        texts,
        services.people,
        services.alerts,
        services.digests,
        clock,
        link,
        UrgentNotices(texts, services.people, services.concerns, services.disclosures, clock, card),
        Handovers(services.data_requests, services.people, texts, clock),
        _consent_terms(config),
        _privacy_terms(config),
    )


def _services(config: Config, store: Database, clock: Clock) -> Services:
    times, quiet = config.check_in_times(), config.therapist_quiet()
    weekday, hour = config.digest.weekday, config.digest.hour
    return Services(
        people=People(store),
        enrolment=Enrolment(store, clock, EnrolmentSettings(config.default_voice(), weekday, hour, quiet)),
        agenda=Agenda(store, clock, times, config.items()),
        check_ins=CheckIns(store, clock, times, quiet),
        asking=Asking(store, clock, times, CONSENT_VERSION),
        alerts=Alerts(store, clock, config.alliance.drop_points, quiet, config.therapist.working_from),
        crisis=Crisis(store, clock),
        escalation=Escalation(store, clock),
        concerns=Concerns(store, clock, second_reads=config.practice.second_contact_reads),
        disclosures=Disclosures(store, clock),
        digests=Digests(store, clock, weekday, hour),
        rights=Rights(store, clock, weekday, hour),
        reach=Reach(store, clock, quiet),
        consents=Consents(store, clock, times, quiet),
        leaving=Leaving(store, clock, ErasureList(config), _leaving_terms(config), times.quiet, quiet),
        data_requests=DataRequests(store, clock),
        retention=Retention(store, clock, _keeping(config), quiet, lambda: emptied(config.database.path)),
    )


def _tick(
    store: Database,
    clock: Clock,
    messenger: TelegramMessenger,
    services: Services,
    delivery: Delivery,
    chores: Chores,
    intake: Intake,
) -> Tick:
    work = [
        services.asking.run_due,
        services.alerts.settle_due,
        services.alerts.repeat_due,
        services.escalation.run_due,
        services.digests.run_due,
        services.leaving.run_due,
        delivery.run_due,
        chores.run_due,
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
    nudge, card = scheduler.nudge, config.practice.help_card()
    last_resort = LastResort()
    last_resort.listener = intake.note_failure
    hours = timing.starts(config.therapist.working_from, config.therapist.working_until)
    danger = Danger(services.crisis, services.disclosures, texts, card, nudge)
    urgent = Urgent(services.concerns, services.disclosures, texts, clock, nudge)
    terms, privacy = _consent_terms(config), _privacy_terms(config)
    return House(
        door=door,
        danger=danger,
        urgent=urgent,
        arrival=Arrival(services.enrolment, services.rights, services.reach, texts, terms, nudge),
        patient=Patient(services.check_ins, services.enrolment, notices, texts, danger.hears, urgent.takes_note, nudge),
        therapist=Therapist(
            services.alerts, services.concerns, services.digests, services.agenda, services.people, texts, clock, nudge
        ),
        agenda=AgendaRoom(services.agenda, hours, texts, clock, nudge),
        rights=RightsRoom(services.leaving, services.data_requests, services.consents, texts, terms, privacy, nudge),
        help=Help(services.rights, services.check_ins, texts, clock, card, nudge),
        last_resort=last_resort,
    )


def _consent_terms(config: Config) -> ConsentTerms:
    quiet, practice = config.check_in_times().quiet, config.practice
    return ConsentTerms(
        delay=config.check_in.delay,
        contact=practice.name or None,
        waits_for_morning=quiet.starts != quiet.ends,
        other_contact=practice.other_contact or None,
        second_reads=practice.second_contact_reads,
        backups=config.backup.keep,
    )


def _privacy_terms(config: Config) -> PrivacyTerms:
    privacy = config.privacy
    return PrivacyTerms(
        config.practice.country,
        privacy.keep_scores,
        privacy.legal_reason,
        privacy.export_within,
        privacy.words,
        privacy.scores,
        config.backup.keep,
        privacy.digital_consent_age,
        config.practice.name or None,
    )


def _leaving_terms(config: Config) -> LeavingTerms:
    return LeavingTerms(config.privacy.keep_scores, config.privacy.export_within)


def _keeping(config: Config) -> Keeping:
    privacy = config.privacy
    return Keeping(
        words=privacy.words,
        scores=privacy.scores,
        audit=privacy.audit,
        outbox=privacy.outbox_rows,
        inbox=privacy.inbox_rows,
        failed_starts=privacy.failed_starts,
        sent_messages=privacy.sent_messages,
    )


FORGETTING_AT: Final = 5
"""The hour of the practice at which what was kept long enough is deleted: after the backup."""


def _forgetting(config: Config, retention: Retention) -> list[Chore]:
    """Return the chores of deleting: the daily look, and emptying the database's log whenever something was erased."""

    def next_at(after: datetime) -> datetime:
        return timing.next_daily(after, FORGETTING_AT, config.practice.timezone)

    async def look() -> None:
        await retention.run()

    return [Chore("retention", next_at, look), Chore(CHECKPOINT, next_at, retention.checkpoint)]


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
        await asyncio.to_thread(prepare, path, ring(keys))
    return f"{path} (schema {revision}{'' if revision == head() else f', {head()} at the next start'})"


async def invite(config: Config, keys: Keys, role: Role, name: str) -> str:
    """Return a one-time link that enrols somebody.  Raises StoreUnavailableError without the bot's name."""
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        expect_database(config)
        stack.enter_context(in_use(config.database.path))
        await asyncio.to_thread(prepare, config.database.path, ring(keys))
        store = await stack.enter_async_context(_store(config, keys, clock))
        username = await _name_of_bot(config, store)
        return _links(username)(await _services(config, store, clock).enrolment.invite(role, name))


@asynccontextmanager
async def without_telegram(config: Config, keys: Keys) -> AsyncIterator[Services]:
    """Open the practice's database for one command, beside the running bot or without it."""
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        stack.enter_context(in_use(config.database.path))
        await asyncio.to_thread(prepare, config.database.path, ring(keys))
        yield _services(config, await stack.enter_async_context(_store(config, keys, clock)), clock)


def written(config: Config, held: Holdings) -> dict[str, bytes]:
    """Write everything held about a patient as files, in the practice's language."""
    texts, voice, now = Texts.load(_report), config.default_voice(), SystemClock().now()
    made = [files.patient(texts, voice, held, form, now) for form in FileForm]
    return {file.name: file.content for file in made}


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
    return Database(make_engine(config.database.url), ring(keys), clock.now)


def _report(problem: TextProblemError) -> None:
    log.error("a text is missing", problem=str(problem))
