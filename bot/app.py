"""The composition root: configuration → store → services → Telegram → schedule, in one stack.

The only module that sees all three packages.  Read it from top to bottom; there is no cleverness in it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

import structlog

from bot import notify
from bot.clock import Clock, SystemClock
from bot.config import Config
from bot.disks import Folders
from bot.domain import safety, supervision, timing
from bot.domain.post import Due
from bot.ending import TOLD_TO_STOP
from bot.health import Health, Parts, instance_of, listening
from bot.keys import Keys, load_keys
from bot.metrics import Metrics
from bot.ownership import StoppedEarlyError, owned, told_to_stop
from bot.scheduler import Scheduler
from bot.services.alarms import Alarms
from bot.services.chores import Chore, Chores
from bot.services.delivery import Delivery, QuietTimes
from bot.services.faces import Faces
from bot.services.ports_rights import CHECKPOINT
from bot.services.retention import Retention
from bot.services.tick import Task, Tick
from bot.terms import consent_terms, privacy_terms, rules_in_force
from bot.texts import Texts
from bot.vault import daily_backup, expect_database, ring
from bot.watchdog import watched
from bot.wiring import Services, links, make_services, open_store, remember_name, report
from handlers import House, register
from handlers.access import Door, Rooms
from handlers.agenda import Agenda as AgendaRoom
from handlers.appointments import Appointments as AppointmentsRoom
from handlers.arrival import Arrival
from handlers.calendars import Calendars as CalendarsRoom
from handlers.cards import Cards
from handlers.connection import connected, met
from handlers.danger import Danger
from handlers.failures import LastResort
from handlers.first_aid import FirstAid
from handlers.flood import Flood
from handlers.gate import Gate
from handlers.guessing import Guessing
from handlers.handovers import Handovers
from handlers.help import Help
from handlers.intake import Intake
from handlers.messenger import TelegramMessenger
from handlers.moves import Moves
from handlers.notes import Notes
from handlers.notices import Notices
from handlers.notices_alarms import AlarmNotices
from handlers.notices_guesses import GuessNotices
from handlers.notices_records import RecordNotices
from handlers.notices_reports import ReportNotices
from handlers.notices_urgent import UrgentNotices
from handlers.pacing import Pace, Pacer
from handlers.patient import Patient
from handlers.patient_pages import PatientPages
from handlers.pauses import Pauses as PausesRoom
from handlers.polling import Pauses, Polling
from handlers.records import Records as RecordsRoom
from handlers.reports import Reports
from handlers.request import AiohttpRequest
from handlers.rights import Rights as RightsRoom
from handlers.rivals import Rivals
from handlers.settings import Settings
from handlers.therapist import Therapist
from handlers.urgent import Urgent
from handlers.webhook import Webhook, WebhookAddress, secret_of
from storage.database import Database
from storage.opening import prepare

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
        """Work everything that was kept, then do everything that is due at this instant."""
        while True:
            await self.intake.idle()
            await self.scheduler.look()
            if not (self.delivery.busy or self.faces.busy or self.chores.busy):
                return await self.intake.idle()
            await self.delivery.idle()
            await self.faces.idle()
            await self.chores.idle()


async def run(config: Config, keys: Keys) -> None:
    """Run until SIGTERM or SIGINT; what is in hand is finished."""
    stop = asyncio.Event()
    for number in TOLD_TO_STOP:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
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
    it keeps trying, and beside another bot on the same database it stands by, visibly, until `stop`.
    """
    token = config.telegram.secret()
    config.practice.help_card()
    async with AsyncExitStack() as stack:
        if await stack.enter_async_context(owned(config.database.path, stop)):
            keys = load_keys(config)
        expect_database(config)
        await asyncio.to_thread(prepare, config.database.path, ring(keys))
        store = await stack.enter_async_context(open_store(config, keys, clock))
        polling = AiohttpRequest(connections=2)
        rooms = await stack.enter_async_context(connected(config.telegram.api_url, token, polling))
        if not await met(rooms, partial(told_to_stop, stop), notify.status):
            raise StoppedEarlyError
        await remember_name(store, rooms)
        yield await _assembled(stack, config, keys, clock, pace, store, rooms, polling, pauses or Pauses())


async def _assembled(
    stack: AsyncExitStack,
    config: Config,
    keys: Keys,
    clock: Clock,
    pace: Pace,
    store: Database,
    rooms: Rooms,
    polling: AiohttpRequest,
    pauses: Pauses,
) -> Running:
    metrics = Metrics()
    services = make_services(config, store, clock, metrics)
    texts = Texts.load(report)
    card = config.practice.help_card()
    await asyncio.to_thread(safety.read_lists)
    await services.preparing.plan_anew()
    notices = _notices(config, services, store, texts, clock, links(rooms.bot.username))
    messenger = TelegramMessenger(rooms.bot, texts, notices, Pacer(pace), clock, metrics)
    cards = Cards()
    first_aid = FirstAid(messenger, texts, config.default_voice(), card, cards)
    intake = Intake(rooms.bot, rooms, store, clock, first_aid, metrics)
    quiet = QuietTimes(config.check_in_times().quiet, config.therapist_quiet())
    posts = (services.escalation, services.disclosures)
    delivery = Delivery(store, clock, messenger, services.reach.lost, posts, quiet, metrics)
    daily = [*daily_backup(config, keys, clock), *_forgetting(config, services.retention), _agenda(config, services)]
    daily += _supervision(config, services)
    chores = Chores(store, clock, daily)
    disks = Folders(config.database.path, config.backup.folder, config.operator.least_free_bytes)
    rivals = Rivals()
    alarms = Alarms(store, clock, messenger, intake, disks, config.therapist_quiet(), lambda: rivals.is_guest)
    faces = Faces(clock, messenger, services.check_ins.lagging, services.check_ins.shown)
    tick = _tick(store, clock, services, delivery, chores, faces, intake)
    scheduler = Scheduler(clock, alarms.before(_unless_guest(rivals, tick)))
    tick.turned = scheduler.turned
    delivery.hand_free = faces.hand_free = scheduler.soon
    delivery.chat_done = chores.one_done = scheduler.nudge
    flood = Flood(clock, pace.replied_to)
    note = services.reach.note_message
    door = Door(services.people, services.reach, messenger, flood, texts, config.default_voice(), note, cards)
    intake.tapped = register(rooms, _house(config, services, texts, notices, door, cards, clock, scheduler, intake))
    parts = Parts(intake, lambda: scheduler.last_tick_at, alarms, instance_of(config.database.path))
    health = Health(store, clock, parts, metrics)
    if config.health.listen:
        await stack.enter_async_context(listening(config.health.listen, health))
    await messenger.show_general_menu(config.default_voice())
    await stack.enter_async_context(intake.open())
    await stack.enter_async_context(_fetching(config, rooms, polling, intake, pauses, rivals).open())
    await stack.enter_async_context(delivery)
    await stack.enter_async_context(faces)
    await stack.enter_async_context(chores)
    await stack.enter_async_context(scheduler)
    await stack.enter_async_context(watched(lambda: intake.turned_at, lambda: scheduler.last_tick_at))
    return Running(services, store, intake, scheduler, health, delivery, chores, faces)


def _fetching(
    config: Config, rooms: Rooms, polling: AiohttpRequest, intake: Intake, pauses: Pauses, rivals: Rivals
) -> Polling | Webhook:
    telegram = config.telegram
    if telegram.mode == "polling":
        return Polling(rooms.bot, polling, intake, pauses, rivals)
    host, _, port = telegram.webhook_listen.rpartition(":")
    address = WebhookAddress(telegram.webhook_url, host.strip("[]"), int(port), secret_of(telegram.secret()))
    return Webhook(rooms.bot, intake, address, pauses)


def _unless_guest(rivals: Rivals, tick: Tick) -> Callable[[], Awaitable[datetime | None]]:
    """Do nothing of what is due while another program works with the same token: it would be done twice."""

    async def look() -> datetime | None:
        return None if rivals.is_guest else await tick.run()

    return look


def _notices(
    config: Config, services: Services, store: Database, texts: Texts, clock: Clock, link: Callable[[str], str]
) -> Notices:
    card, gate = config.practice.help_card(), Gate(services.guesses, texts)
    return Notices(
        texts,
        services.people,
        services.alerts,
        clock,
        link,
        UrgentNotices(texts, services.people, services.concerns, services.disclosures, clock, card),
        RecordNotices(texts, services.people, services.records, services.preparing),
        ReportNotices(services.people, services.digests, services.supervision, gate, texts),
        Handovers(services.data_requests, services.people, texts, rules_in_force(config), clock),
        consent_terms(config),
        privacy_terms(config),
        GuessNotices(services.guesses, services.pauses, gate, texts, clock),
        alarms=AlarmNotices(store, texts, clock),
    )


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


def _house(
    config: Config,
    services: Services,
    texts: Texts,
    notices: Notices,
    door: Door,
    cards: Cards,
    clock: Clock,
    scheduler: Scheduler,
    intake: Intake,
) -> House:
    nudge, card = scheduler.nudge, config.practice.help_card()
    last_resort = LastResort()
    last_resort.listener = intake.note_failure
    working = config.working_hours()
    danger = Danger(services.crisis, services.disclosures, texts, card, cards, nudge)
    urgent = Urgent(services.concerns, services.disclosures, texts, clock, nudge)
    gate = Gate(services.guesses, texts)
    records = RecordsRoom(services.records, services.preparing, gate, texts, clock, nudge)
    reports = Reports(services.histories, services.alerts, gate, texts)
    notes = Notes(services.concerns, services.episodes, records, texts, nudge)
    terms, privacy, times = consent_terms(config), privacy_terms(config), config.check_in_times()
    therapist = Therapist(
        services.alerts,
        services.episodes,
        services.digests,
        services.agenda,
        services.people,
        texts,
        clock,
        nudge,
        gate,
    )
    pages = PatientPages(services.patient_pages, services.concerns, gate, texts)
    return House(
        door=door,
        danger=danger,
        urgent=urgent,
        arrival=Arrival(services.enrolment, services.rights, services.reach, texts, terms, nudge),
        patient=Patient(services.check_ins, services.enrolment, notices, texts, danger.hears, notes, nudge),
        therapist=therapist,
        pages=pages,
        guessing=Guessing(
            services.guesses, therapist.see, pages.open, records.see_before, reports.show, texts, clock, nudge
        ),
        pauses=PausesRoom(services.pauses, notices, texts, nudge),
        notes=notes,
        agenda=AgendaRoom(services.agenda, services.series, working, texts, clock, nudge),
        appointments=AppointmentsRoom(services.appointments, services.series, working, texts, clock, nudge),
        moves=Moves(services.appointments, services.series, working, texts, clock, nudge),
        calendars=CalendarsRoom(services.calendars, config.practice.timezone, texts, clock, nudge),
        records=records,
        reports=reports,
        rights=RightsRoom(services.leaving, services.data_requests, services.consents, texts, terms, privacy, nudge),
        settings=Settings(services.rights, texts, clock, times.quiet, config.therapist_quiet(), working, nudge),
        help=Help(services.check_ins, texts, card, nudge),
        last_resort=last_resort,
    )


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
