"""The composition root: configuration → store → services → Telegram → schedule, in one stack.

The only module that sees all three packages.  Read it from top to bottom; there is no cleverness in it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

import structlog

from bot import notify
from bot.clock import Clock, SystemClock
from bot.config import Config
from bot.disks import folders_of
from bot.domain import safety, supervision, timing
from bot.domain.errors import StoreTroubleError, StoreUnavailableError
from bot.domain.post import Due
from bot.ending import TOLD_TO_STOP
from bot.health import Health, Parts, instance_of, listening
from bot.keys import Keys, load_keys
from bot.metrics import Metrics
from bot.ownership import Owner, StoppedEarlyError, owned, reigning, told_to_stop
from bot.scheduler import Scheduler
from bot.services.alarms import Alarms
from bot.services.chores import Chore, Chores
from bot.services.delivery import UNCERTAIN, Delivery, QuietTimes
from bot.services.faces import Faces
from bot.services.in_hand import InHand
from bot.services.ports_rights import CHECKPOINT
from bot.services.retention import Retention
from bot.services.tick import Task, Tick
from bot.standing_by import StandingBy, letterbox
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
from handlers.webhook import Letterbox, Webhook
from storage.database import Database
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
        place = place_of(config.database.url)
        box = letterbox(config)
        beside = StandingBy(stack, config, clock, place, box, partial(_first_aid, config, clock, pace))
        await beside.begin()
        owner = await stack.enter_async_context(owned(place, stop, beside.look))
        if owner.waited:
            keys = load_keys(config)
        expect_database(config)
        await asyncio.to_thread(place.prepare, ring(keys))
        reign = await reigning(place, stop)
        store = await stack.enter_async_context(open_store(config, keys, clock, reign))
        polling = AiohttpRequest(connections=2)
        rooms = await stack.enter_async_context(connected(config.telegram.api_url, token, polling))
        if not await met(rooms, partial(told_to_stop, stop), notify.status):
            raise StoppedEarlyError
        await remember_name(store, rooms)
        ground = await _ground(config, keys, clock, pace, store, rooms)
        parts = _parts(ground, owner)
        _joined(ground, parts)
        health = await _answering(stack, ground, parts)
        await _set_going(stack, parts, _fetching(ground, parts, box, polling, pauses or Pauses()), beside)
        await parts.messenger.show_general_menu(config.default_voice())
        services, scheduler = ground.services, parts.scheduler
        yield Running(services, store, parts.intake, scheduler, health, parts.delivery, parts.chores, parts.faces)


@dataclass(frozen=True, slots=True, repr=False)
class _Ground:
    """What everything stands on."""

    config: Config
    keys: Keys
    clock: Clock
    pace: Pace
    store: Database
    rooms: Rooms
    metrics: Metrics
    services: Services
    texts: Texts


async def _ground(config: Config, keys: Keys, clock: Clock, pace: Pace, store: Database, rooms: Rooms) -> _Ground:
    """Make the services, and read what nobody may wait for: the words of crisis, the sessions to be prepared.

    The texts come first: what they let go of makes room for the lists of words.
    """
    metrics, texts = Metrics(), Texts.load(report)
    services = make_services(config, store, clock, metrics)
    await asyncio.to_thread(safety.read_lists)
    await services.preparing.plan_anew()
    return _Ground(config, keys, clock, pace, store, rooms, metrics, services, texts)


@dataclass(frozen=True, slots=True, repr=False)
class _Parts:
    """What moves, once it is set going."""

    messenger: TelegramMessenger
    notices: Notices
    cards: Cards
    intake: Intake
    delivery: Delivery
    chores: Chores
    faces: Faces
    alarms: Alarms
    rivals: Rivals
    scheduler: Scheduler


def _parts(ground: _Ground, owner: Owner) -> _Parts:
    """Make what fetches, sends and looks at what is due."""
    config, services, store, clock = ground.config, ground.services, ground.store, ground.clock
    notices = _notices(config, services, store, ground.texts, clock, links(ground.rooms.bot.username))
    messenger = TelegramMessenger(ground.rooms.bot, ground.texts, notices, Pacer(ground.pace), clock, ground.metrics)
    cards, rivals = Cards(), Rivals()
    first_aid = FirstAid(messenger, ground.texts, config.default_voice(), config.practice.help_card(), cards)
    intake = Intake(ground.rooms.bot, ground.rooms, store, clock, first_aid, ground.metrics)
    quiet = QuietTimes(config.check_in_times().quiet, config.therapist_quiet())
    posts = (services.escalation, services.disclosures)
    delivery = Delivery(store, clock, messenger, services.reach.lost, posts, quiet, ground.metrics)
    chores = Chores(store, clock, _daily(ground))
    disks = folders_of(config)
    alarms = Alarms(store, clock, messenger, intake, disks, config.therapist_quiet(), lambda: rivals.is_guest)
    store.damaged = alarms.damaged
    faces = Faces(clock, messenger, services.check_ins.lagging, services.check_ins.shown)
    tick = _tick(store, clock, services, delivery, chores, faces, intake)
    delivery.is_ours = owner.is_certain
    scheduler = Scheduler(clock, alarms.before(_unless_guest(rivals, owner, tick)))
    tick.turned = scheduler.turned
    return _Parts(messenger, notices, cards, intake, delivery, chores, faces, alarms, rivals, scheduler)


def _daily(ground: _Ground) -> list[Chore]:
    config, services = ground.config, ground.services
    return [
        *daily_backup(config, ground.keys, ground.clock),
        *_forgetting(config, services.retention),
        _agenda(config, services),
        *_supervision(config, services),
    ]


def _joined(ground: _Ground, parts: _Parts) -> None:
    """Let the parts wake each other, and open the rooms to what people tap and write."""
    scheduler, services = parts.scheduler, ground.services
    parts.delivery.hand_free = parts.faces.hand_free = scheduler.soon
    parts.delivery.chat_done = parts.chores.one_done = scheduler.nudge
    door = Door(
        services.people,
        services.reach,
        parts.messenger,
        Flood(ground.clock, ground.pace.replied_to),
        ground.texts,
        ground.config.default_voice(),
        services.reach.note_message,
        parts.cards,
    )
    parts.intake.tapped = register(ground.rooms, _house(ground, parts, door))


async def _answering(stack: AsyncExitStack, ground: _Ground, parts: _Parts) -> Health:
    """Say how it goes to whoever asks."""
    address, scheduler = ground.config.health.listen, parts.scheduler
    instance = instance_of(ground.config.database.name)
    looked_at = Parts(parts.intake, lambda: scheduler.last_tick_at, parts.alarms, instance)
    health = Health(ground.store, ground.clock, looked_at, ground.metrics)
    if address:
        await stack.enter_async_context(listening(address, health))
    return health


async def _set_going(stack: AsyncExitStack, parts: _Parts, fetching: Polling | Webhook, beside: StandingBy) -> None:
    """Let everything move: what comes in first, then what goes out, the clock that wakes it, and who watches both."""
    intake, scheduler = parts.intake, parts.scheduler
    await stack.enter_async_context(intake.open())
    await stack.enter_async_context(beside.heard_by(intake))
    await stack.enter_async_context(fetching.open())
    for part in (parts.delivery, parts.faces, parts.chores, scheduler):
        await stack.enter_async_context(part)
    await stack.enter_async_context(watched(lambda: intake.turned_at, lambda: scheduler.last_tick_at))


def _fetching(
    ground: _Ground, parts: _Parts, box: Letterbox | None, polling: AiohttpRequest, pauses: Pauses
) -> Polling | Webhook:
    bot = ground.rooms.bot
    if box is None:
        return Polling(bot, polling, parts.intake, pauses, parts.rivals)
    return Webhook(bot, parts.intake, box, pauses)


def _first_aid(config: Config, clock: Clock, pace: Pace, store: Database, rooms: Rooms) -> FirstAid:
    """Return the help of a process that stands by: what it says leads nowhere."""
    texts, services = Texts.load(report), make_services(config, store, clock)
    notices = _notices(config, services, store, texts, clock, links(""))
    messenger = TelegramMessenger(rooms.bot, texts, notices, Pacer(pace), clock)
    return FirstAid(messenger, texts, config.default_voice(), config.practice.help_card(), Cards())


def _unless_guest(rivals: Rivals, owner: Owner, tick: Tick) -> Callable[[], Awaitable[datetime | None]]:
    """Do nothing of what is due while another program works with the same token, or may: it would be done twice."""

    async def look() -> datetime | None:
        if not owner.is_certain():
            raise StoreUnavailableError(UNCERTAIN)
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


def _house(ground: _Ground, parts: _Parts, door: Door) -> House:
    config, services, texts, clock = ground.config, ground.services, ground.texts, ground.clock
    notices, cards = parts.notices, parts.cards
    nudge, card = parts.scheduler.nudge, config.practice.help_card()
    last_resort = LastResort()
    last_resort.listener = parts.intake.note_failure
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
