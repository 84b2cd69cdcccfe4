"""The verbs of a practice over its database, for the running bot and for one command beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from bot.clock import Clock
from bot.config import Config
from bot.keys import Keys
from bot.services.agenda import Agenda
from bot.services.alerts import Alerts
from bot.services.appointments import Appointments
from bot.services.asking import Asking
from bot.services.calendars import Calendars
from bot.services.checkins import CheckIns
from bot.services.concerns import Concerns
from bot.services.consents import Consents
from bot.services.crisis import Crisis
from bot.services.data_requests import DataRequests
from bot.services.digests import Digests
from bot.services.disclosures import Disclosures
from bot.services.enrolment import Enrolment, EnrolmentSettings
from bot.services.episodes import Episodes
from bot.services.escalation import Escalation
from bot.services.guess_questions import GuessQuestions
from bot.services.guesses import Guesses
from bot.services.histories import Histories
from bot.services.leaving import Leaving
from bot.services.parked import ParkedPost
from bot.services.patient_pages import PatientPages
from bot.services.pauses import Pauses
from bot.services.people import People
from bot.services.planning import Planner
from bot.services.ports_metrics import NOBODY, Recorder
from bot.services.preparing import Preparing
from bot.services.reach import Reach
from bot.services.records import Records
from bot.services.retention import Retention
from bot.services.rights import Rights
from bot.services.series import SeriesOfSessions
from bot.services.supervision import Supervision
from bot.terms import consent_terms, keeping, leaving_terms
from bot.texts import TextProblemError
from bot.vault import ErasureList, ring
from handlers.access import Rooms
from storage.database import Database
from storage.engine import make_engine
from storage.places import place_of
from storage.speaking import NOBODYS, Seat

log = structlog.get_logger()

LINK: Final = "https://t.me/{username}?start={token}"


@dataclass(frozen=True, slots=True)
class Services:
    """The verbs of the practice."""

    people: People
    enrolment: Enrolment
    agenda: Agenda
    series: SeriesOfSessions
    appointments: Appointments
    calendars: Calendars
    check_ins: CheckIns
    asking: Asking
    alerts: Alerts
    episodes: Episodes
    crisis: Crisis
    escalation: Escalation
    concerns: Concerns
    disclosures: Disclosures
    digests: Digests
    histories: Histories
    supervision: Supervision
    rights: Rights
    reach: Reach
    consents: Consents
    leaving: Leaving
    data_requests: DataRequests
    retention: Retention
    records: Records
    preparing: Preparing
    guesses: Guesses
    pauses: Pauses
    patient_pages: PatientPages
    parked: ParkedPost


def make_services(config: Config, store: Database, clock: Clock, recorder: Recorder = NOBODY) -> Services:
    """Put the verbs of the practice together, with its settings."""
    times, quiet = config.check_in_times(), config.therapist_quiet()
    planner = Planner(times, config.items(), config.note_before())
    weekday, hour = config.digest.weekday, config.digest.hour
    guesses = GuessQuestions(config.therapist.blind_guess, quiet)
    return Services(
        people=People(store),
        enrolment=Enrolment(store, clock, EnrolmentSettings(config.default_voice(), weekday, hour, quiet)),
        agenda=Agenda(store, clock, planner),
        series=SeriesOfSessions(store, clock, planner),
        appointments=Appointments(store, clock, planner),
        calendars=Calendars(store, clock, planner),
        check_ins=CheckIns(store, clock, times, quiet, recorder),
        asking=Asking(store, clock, times, consent_terms(config).version, guesses, carries=config.check_in.ask_pending),
        episodes=Episodes(store, clock),
        alerts=Alerts(store, clock, config.alliance.thresholds(), quiet, config.working_hours()),
        crisis=Crisis(store, clock),
        escalation=Escalation(store, clock),
        concerns=Concerns(store, clock, second_reads=config.practice.second_contact_reads),
        disclosures=Disclosures(store, clock),
        digests=Digests(store, clock, weekday, hour, config.alliance.thresholds()),
        histories=Histories(store, clock, config.alliance.thresholds()),
        supervision=Supervision(store, clock, config.practice.timezone, hour),
        rights=Rights(store, clock, planner, quiet, weekday, hour),
        reach=Reach(store, clock, quiet),
        consents=Consents(store, clock, times, quiet, consent_terms(config).version),
        leaving=Leaving(store, clock, ErasureList(config), leaving_terms(config), times.quiet, quiet),
        data_requests=DataRequests(store, clock),
        retention=Retention(store, clock, keeping(config), quiet, place_of(config.database.url).emptied),
        records=Records(store, clock, times.quiet),
        preparing=Preparing(store, clock, planner, quiet),
        guesses=Guesses(store, clock),
        pauses=Pauses(store, clock),
        patient_pages=PatientPages(store, clock),
        parked=ParkedPost(store, clock),
    )


async def remember_name(store: Database, rooms: Rooms) -> None:
    """Keep the bot's name, so that links can be made without Telegram."""
    async with store.transaction() as tx:
        await tx.facts.keep(name_key(rooms.bot.token), rooms.bot.username)


def name_key(token: str) -> str:
    """Return the key of the bot's name: by the bot's public id, which is the part before the colon."""
    return f"username:{token.partition(':')[0]}"


def links(username: str) -> Callable[[str], str]:
    """Return what makes a link of a token."""
    return lambda token: LINK.format(username=username, token=token)


def open_store(config: Config, keys: Keys, clock: Clock, seat: Seat = NOBODYS) -> Database:
    """Return the store; nothing is opened before its first use.  `seat`: of the process that it is for."""
    return Database(make_engine(config.database.url, seat), ring(keys), clock.now, seat.worker)


def report(problem: TextProblemError) -> None:
    """Log that a text is missing."""
    log.error("a text is missing", problem=str(problem))
