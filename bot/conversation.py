"""Everything with which one process talks with people: what it stands on, its way out, what comes in, its rooms.

The owner of a database has a schedule beside it (`bot.app`); what works beside the owner has this alone
(`bot.standing_by`).
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.config import Config
from bot.domain import safety
from bot.keys import Keys
from bot.metrics import Metrics
from bot.terms import consent_terms, privacy_terms, rules_in_force
from bot.texts import Texts
from bot.wiring import Services, links, make_services, report
from handlers import House, register
from handlers.access import Door, Rooms
from handlers.agenda import Agenda as AgendaRoom
from handlers.appointments import Appointments as AppointmentsRoom
from handlers.arrival import Arrival
from handlers.calendars import Calendars as CalendarsRoom
from handlers.cards import Cards
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
from handlers.records import Records as RecordsRoom
from handlers.reports import Reports
from handlers.rights import Rights as RightsRoom
from handlers.settings import Settings
from handlers.therapist import Therapist
from handlers.urgent import Urgent
from storage.database import Database


@dataclass(frozen=True, slots=True, repr=False)
class Ground:
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


async def prepared(
    config: Config, keys: Keys, clock: Clock, pace: Pace, store: Database, rooms: Rooms, metrics: Metrics
) -> Ground:
    """Make the services, and read what nobody may wait for: the words of crisis.

    The texts come first: what they let go of makes room for the lists of words.
    """
    texts = Texts.load(report)
    services = make_services(config, store, clock, metrics)
    await asyncio.to_thread(safety.read_lists)
    return Ground(config, keys, clock, pace, store, rooms, metrics, services, texts)


@dataclass(frozen=True, slots=True, repr=False)
class Conversation:
    """What speaks and what listens."""

    messenger: TelegramMessenger
    notices: Notices
    cards: Cards
    pacer: Pacer
    intake: Intake


def conversation(ground: Ground) -> Conversation:
    """Make what sends and what takes in; nobody is at home yet."""
    config, services, store, clock = ground.config, ground.services, ground.store, ground.clock
    notices = _notices(config, services, store, ground.texts, clock, links(ground.rooms.bot.username))
    pacer, cards = Pacer(ground.pace), Cards()
    messenger = TelegramMessenger(ground.rooms.bot, ground.texts, notices, pacer, clock, ground.metrics)
    first_aid = FirstAid(messenger, ground.texts, config.default_voice(), config.practice.help_card(), cards)
    intake = Intake(ground.rooms.bot, ground.rooms, store, clock, first_aid, ground.metrics)
    return Conversation(messenger, notices, cards, pacer, intake)


def open_rooms(ground: Ground, talk: Conversation, nudge: Callable[[], None]) -> None:
    """Open the rooms to what people tap and write; `nudge` is called when something was written that may be due."""
    door = Door(
        ground.services.people,
        ground.services.reach,
        talk.messenger,
        Flood(ground.clock, ground.pace.replied_to),
        ground.texts,
        ground.config.default_voice(),
        ground.services.reach.note_message,
        talk.cards,
    )
    talk.intake.tapped = register(ground.rooms, _house(ground, talk, door, nudge))


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


def _house(ground: Ground, talk: Conversation, door: Door, nudge: Callable[[], None]) -> House:
    config, services, texts, clock = ground.config, ground.services, ground.texts, ground.clock
    notices, cards, card = talk.notices, talk.cards, config.practice.help_card()
    last_resort = LastResort()
    last_resort.listener = talk.intake.note_failure
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
