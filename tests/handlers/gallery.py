"""Every screen that can be shown, by name: what the limits and the voice are checked on, and what is read aloud."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from bot.domain import timing
from bot.domain.alarms import Alarm, AlarmId
from bot.domain.alliance import Entry, Outcome, Rule, Rules, evaluate
from bot.domain.appointments import Appointment, Occurrence, Place, Series
from bot.domain.calendars import Unknown
from bot.domain.carried import ANSWERS, TakenUp
from bot.domain.check_in import CLOSING_STATES
from bot.domain.episodes import FAMILIES, LIVE_EPISODE, Episode, EpisodeState, Family
from bot.domain.grounding import STEP, STEPS, Pause, PauseId
from bot.domain.guessing import Gap, Guess, GuessId, GuessState
from bot.domain.hours import QuietHours, WorkingHours
from bot.domain.instrument import ALLIANCE, THREE_ITEMS
from bot.domain.model import (
    CONTACT_ROLES,
    Article,
    Called,
    CheckIn,
    CheckInId,
    CheckInState,
    Concern,
    ConcernId,
    Contact,
    DeletionId,
    Disclosure,
    DisclosureId,
    EpisodeId,
    FileForm,
    Form,
    InvitationId,
    Item,
    Kept,
    Language,
    Patient,
    PatientId,
    PatientState,
    Person,
    PersonId,
    Points,
    Rating,
    Region,
    Register,
    Role,
    Score,
    SeriesId,
    SessionId,
    SessionState,
    Step,
    TherapistId,
    TreatmentId,
    Visitor,
    Voice,
    Words,
    WordsId,
    WordsKind,
)
from bot.domain.notices import (
    CrisisElsewhere,
    DeletionAhead,
    Goodbye,
    GuardianAsked,
    InvitationReady,
    InvitationRefused,
    MemberUnreachable,
    NoSessionClaimed,
    PatientDecided,
    PatientLeft,
    PatientUnreachable,
    SeriesNoted,
    SessionNoted,
    ToldReached,
)
from bot.domain.notices_alarms import AlarmOver, AlarmRaised
from bot.domain.notices_alerts import AlertRaised, AlertWithdrawn
from bot.domain.notices_parked import Unshown
from bot.domain.notices_records import SessionAhead
from bot.domain.records import LONGEST as LONGEST_RECORD
from bot.domain.records import Record, RecordId, RecordKind
from bot.domain.recurrence import Recurrence
from bot.domain.safety import HelpCard, help_card, overridden
from bot.domain.typed import NotWhole, OutOfRange, Unclear
from bot.domain.views import AlertView, Case, PatientLine, PatientPage, Written
from bot.domain.weeks import DigestView
from bot.ical.events import Refusal
from bot.services.agenda import NotNoted, PerhapsTheSame, TheSame
from bot.services.calendars import Chosen, Summary
from bot.services.data_requests import FORMS_OF_ALL
from bot.services.preparing import Before
from bot.services.reconciling import Changes
from bot.services.records import Held, Noted
from bot.services.records import Written as WrittenDown
from bot.services.series import SeriesEnded, SeriesResumed
from bot.texts import TextProblemError, Texts
from bot.when.length import LONGEST, USUAL_LENGTH
from bot.when.problems import Reason
from bot.when.readings import Ambiguous, AmbiguousRepeating, InPast, Mismatch, OnceOrWeekly, Planned, Unreadable
from handlers import screens_abuse as abuse
from handlers import screens_agenda as agenda
from handlers import screens_alarms as alarms
from handlers import screens_alerts as alerts
from handlers import screens_appointments as appointments
from handlers import screens_arrival as arrival
from handlers import screens_before as before
from handlers import screens_calendars as calendars
from handlers import screens_digest as digests
from handlers import screens_following as following
from handlers import screens_guesses as guesses
from handlers import screens_help as helps
from handlers import screens_history as histories
from handlers import screens_lines as lines
from handlers import screens_manner as manners
from handlers import screens_patient as patients
from handlers import screens_patient_page as pages
from handlers import screens_pause as pause
from handlers import screens_records as records
from handlers import screens_rights as rights
from handlers import screens_settings as settings
from handlers import screens_supervision as supervisions
from handlers import screens_therapist as therapists
from handlers import screens_urgent as urgent
from handlers.actions_agenda import MoveHour
from handlers.actions_guesses import ShownIn
from handlers.screen import File, Screen
from handlers.screens_arrival import ConsentTerms
from handlers.screens_rights import PrivacyTerms
from handlers.screens_settings import Rest
from tests.handlers.weeks import A_MONTH, A_SMALL_MONTH, FULL_WEEK, NO_WEEK, QUIET_WEEK, RICH, RICH_WEEK, history, on

MADRID = ZoneInfo("Europe/Madrid")
USTED = Voice(Language.ES, Register.USTED, Form.COMPRENDIDA, MADRID)
ENGLISH = replace(USTED, language=Language.EN)
RUIZ = Called("Dra. Ruiz", Article.LA)
GIL = Called("Dr. Gil", Article.EL)
MARTA = Called("Marta", Article.NONE)
ENDED = datetime(2026, 11, 24, 16, 50, tzinfo=UTC)
NOW = ENDED + timedelta(minutes=15)
DAYS = [date(2026, 11, 25) + timedelta(days=ahead) for ahead in range(14)]
HOURS = timing.starts(time(0), time(0))
NEXT_MORNING = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def fail(problem: TextProblemError) -> None:
    """Make a missing text an error."""
    raise problem


TEXTS = Texts.load(fail)


def voices() -> Iterator[Voice]:
    """Give every register and form as in Spain, both registers of the Americas that differ from it, and English."""
    for register in Register:
        for form in Form:
            yield Voice(Language.ES, register, form, MADRID)
    for register in (Register.USTED, Register.TU):
        yield Voice(Language.ES, register, Form.NEUTRAL, MADRID, Region.AMERICAS)
    yield ENGLISH


def labels(screen: Screen) -> list[list[str]]:
    """Give what stands on the buttons."""
    return [[button.label for button in row] for row in screen.rows]


def scores(understood: int, sense: int, pending: int | None = None) -> dict[Item, Score]:
    """Give some answers."""
    given = {Item.UNDERSTOOD: Score(understood), Item.SENSE: Score(sense)}
    return given if pending is None else given | {Item.PENDING: Score(pending)}


ASKED = CheckIn(
    id=CheckInId(1),
    session_id=SessionId(2),
    treatment_id=TreatmentId(3),
    patient_id=PatientId(4),
    person_id=PersonId(5),
    state=CheckInState.OPEN,
    step=Step.UNDERSTOOD,
    items=THREE_ITEMS,
    scores={},
    session_ends_at=ENDED,
    asked_at=NOW,
    closes_at=NOW + timedelta(hours=72),
)
TWO_ON_ONE_DAY = replace(
    ASKED,
    session_starts_at=ENDED - timedelta(minutes=50),
    beside=(ENDED - timedelta(hours=8), ENDED + timedelta(days=7)),
)
ANSWERED = replace(ASKED, step=Step.SUMMARY, scores=scores(7, 6, 8), has_words=True)


def view(check_in: CheckIn = ASKED, voice: Voice = USTED, called: Called = RUIZ, **more: bool) -> patients.CheckInView:
    """Show a check-in a quarter of an hour after the session."""
    return patients.CheckInView(check_in, voice, called, NOW, **more)


def rating(check_in: int, day: int, understood: int, sense: int) -> Rating:
    """Give an answered check-in of November 2026."""
    on = datetime(2026, 11, day, 16, 50, tzinfo=UTC)
    return Rating(CheckInId(check_in), on, scores(understood, sense))


def entry(check_in: int, day: int, *given: int) -> Entry:
    """Give a check-in of November 2026; without scores it closed unanswered, with one it was answered in part."""
    on = datetime(2026, 11, day, 16, 50, tzinfo=UTC)
    outcome = (Outcome.UNANSWERED, Outcome.PARTLY, Outcome.ANSWERED)[len(given)]
    return Entry(CheckInId(check_in), on, outcome, dict(zip(ALLIANCE, map(Score, given), strict=False)))


EPISODE = Episode(
    id=EpisodeId(7),
    treatment_id=TreatmentId(3),
    therapist_id=TherapistId(6),
    code="P-07",
    rule=Rule.DROP,
    family=Family.FALL,
    state=EpisodeState.OPEN,
    previous_id=CheckInId(8),
    current_id=CheckInId(9),
    level_before=Points(18),
    opened_at=NOW,
)


def found(rule: Rule, *entries: Entry) -> AlertView:
    """Give an alert that a rule raised about the last of these check-ins."""
    findings = evaluate(entries, entries[-1].check_in_id, Rules(on=frozenset({Rule.DROP, rule})))
    (finding,) = (one for one in findings if one.rule is rule)
    level = None if finding.level is None else EPISODE.level_before
    episode = replace(EPISODE, rule=rule, family=FAMILIES[rule], level_before=level)
    return AlertView(episode, finding, has_words=True)


FALL = found(Rule.DROP, entry(8, 17, 9, 9), entry(9, 24, 7, 6))
START = (entry(3, 3, 9, 9), entry(4, 4, 9, 8), entry(5, 5, 8, 8))
RAISED = {
    "drop": FALL,
    "item drop": found(Rule.ITEM_DROP, entry(8, 17, 9, 9), entry(9, 24, 10, 6)),
    "item drop in part": found(Rule.ITEM_DROP, entry(8, 17, 9, 9), entry(9, 24, 5)),
    "slide": found(Rule.SLIDE, *START, entry(8, 17, 8, 7), entry(9, 24, 6, 6)),
    "falls": found(Rule.SLIDE, entry(5, 3, 9, 9), entry(6, 10, 9, 8), entry(7, 17, 8, 8), entry(8, 24, 8, 7)),
    "silence": found(Rule.SILENCE, entry(7, 10, 9, 9), entry(8, 17), entry(9, 24)),
    "silence after a drop": found(Rule.SILENCE, entry(6, 3, 9, 9), entry(8, 17, 6, 6), entry(9, 24)),
    "silence from the start": found(Rule.SILENCE, entry(8, 17), entry(9, 24)),
}
"""What each rule that opens an episode tells."""

CONCERN = Concern(
    id=ConcernId(11),
    patient_id=PatientId(4),
    therapist_id=TherapistId(6),
    therapist_person_id=PersonId(7),
    therapist=RUIZ,
    zone=MADRID,
    code="P-07",
    words_id=WordsId(12),
    opened_at=NOW,
)


def words(text: str, kind: WordsKind = WordsKind.REFLECTION, code: str = "P-07") -> Words:
    """Give what a patient wrote."""
    return Words(WordsId(12), PatientId(4), code, TherapistId(6), kind, text, NOW)


PRIVACY = PrivacyTerms(
    country="ES",
    keep_scores=True,
    legal_reason="",
    export_within=timedelta(hours=72),
    words=timedelta(days=366),
    scores=timedelta(days=1827),
    backups=14,
    consent_age=14,
    contact="consulta@example.org",
)
NOTHING_KEPT = replace(PRIVACY, country="MX", keep_scores=False)


def guess(code: str) -> Guess:
    """Give a guess that is asked for."""
    ids = CheckInId(1), TreatmentId(3), TherapistId(6), PersonId(9)
    return Guess(GuessId(2**62), *ids, code, GuessState.OPEN, ENDED, NOW, NOW + timedelta(hours=24), rated=True)


Shown = Callable[[Voice, Called, str], Screen]


def patient(state: PatientState, code: str) -> Patient:
    """Give a patient."""
    return Patient(PatientId(4), code, state, TreatmentId(3), TherapistId(6), RUIZ, None)


def record(kind: RecordKind, code: str, text: str = "Una pauta de sueño.") -> Record:
    """Give a record."""
    return Record(RecordId(5), TreatmentId(3), PatientId(4), TherapistId(6), code, kind, text, ENDED)


@dataclass(frozen=True, slots=True)
class Gallery:
    """All screens for one voice, one therapist's name and one patient's code."""

    voice: Voice
    called: Called = RUIZ
    code: str = "P-07"

    def patients(self) -> Mapping[str, Screen]:
        """Show what patients and strangers may see."""
        voice, called = self.voice, self.called
        return {
            **{f"check-in {name}": self._face(one) for name, one in _faces().items()},
            **{f"check-in {name}, next day": self._face(one, NEXT_MORNING) for name, one in _faces().items()},
            "reminder": self._face(ASKED, NEXT_MORNING, reminder=True),
            "reminder, same day": self._face(ASKED, reminder=True),
            "two sessions on one day": self._face(TWO_ON_ONE_DAY),
            "two sessions on one day, reminder": self._face(TWO_ON_ONE_DAY, reminder=True),
            "two sessions on one day, next day": self._face(TWO_ON_ONE_DAY, NEXT_MORNING),
            "two sessions on one day, reminder next day": self._face(TWO_ON_ONE_DAY, NEXT_MORNING, reminder=True),
            "question after words": self._face(ASKED, kept=True),
            "out of range": patients.number_refused(TEXTS, voice, OutOfRange()),
            "not whole": patients.number_refused(TEXTS, voice, NotWhole()),
            "unclear": patients.number_refused(TEXTS, voice, Unclear()),
            "words offer": patients.words_offer(TEXTS, voice, called, 2**62),
            "words kept": patients.words_kept(TEXTS, voice, called),
            "words not kept": patients.words_not_kept(TEXTS, voice),
            "media refused": patients.media_refused(TEXTS, voice, "voice", patient=True),
            "edited too late": patients.edited_too_late(TEXTS, voice),
            "paused": patients.paused(TEXTS, voice),
            "resumed": patients.resumed(TEXTS, voice),
            **self._pauses(),
            **self._arrival(),
            **self._help(),
            **self._rights(),
            **self._agreements(),
        }

    def _face(self, one: CheckIn, now: datetime = NOW, **more: bool) -> Screen:
        return patients.check_in(TEXTS, patients.CheckInView(one, self.voice, self.called, now, **more))

    def _arrival(self) -> Mapping[str, Screen]:
        voice, called = self.voice, self.called
        contact = f"consulta@example.org, {called.name}"
        much = ConsentTerms(timedelta(minutes=15), contact, other_contact=contact, second_reads=True)
        return {
            "consent": arrival.consent(TEXTS, voice, called, InvitationId(1), much),
            "consent, at once": arrival.consent(TEXTS, voice, called, InvitationId(1), ConsentTerms(timedelta(0))),
            "consent again": arrival.consent_again(TEXTS, voice, called, PatientId(4), much),
            "consented": arrival.consented(TEXTS, voice, called, PatientId(2**62)),
            "consent declined": arrival.consent_declined(TEXTS, voice, called),
            "welcome back": arrival.welcome_back(TEXTS, voice, called),
            "stranger": arrival.not_here(TEXTS, voice, Visitor(1)),
            "not started": arrival.not_here(TEXTS, voice, Visitor(1, Person(PersonId(2), 1, voice))),
            "not here": arrival.not_here(TEXTS, voice, Visitor(1, patients=(patient(PatientState.ACTIVE, "P-07"),))),
            "link invalid": arrival.link_invalid(TEXTS, voice),
            "link used": arrival.link_used(TEXTS, voice),
            "link expired": arrival.link_expired(TEXTS, voice),
            "link, too many tries": arrival.link_too_many_tries(TEXTS, voice),
        }

    def _help(self) -> Mapping[str, Screen]:
        voice, called, card = self.voice, self.called, help_card("ES")
        named = overridden(card, (), "Dra. Soto, 600 000 000")
        return {
            "help card": helps.help_card(TEXTS, voice, card),
            "help, stranger": helps.help_page(TEXTS, voice, card),
            "help, patient": helps.help_page(TEXTS, voice, card, {Role.PATIENT}),
            "crisis kept": helps.crisis_kept(TEXTS, voice, called),
            "crisis not yet": helps.crisis_not_yet(TEXTS, voice, called),
            "crisis delivered": helps.crisis_delivered(TEXTS, voice, called),
            "help card, abuse too": helps.help_card(TEXTS, voice, named, abuse=True),
            "help, other contact": helps.help_page(TEXTS, voice, named, {Role.PATIENT}),
            **{
                f"crisis elsewhere, {instead}, {operator}": helps.crisis_elsewhere(
                    TEXTS, voice, called, CrisisElsewhere(PatientId(4), instead, operator)
                )
                for instead, operator in ((False, False), (True, False), (True, True))
            },
            "crisis undelivered": helps.crisis_undelivered(TEXTS, voice, card, called),
            "crisis untold": helps.crisis_untold(TEXTS, voice, card, called),
            "crisis untold, stranger": helps.crisis_untold(TEXTS, voice, card),
            "unknown command": helps.unknown_command(TEXTS, voice),
            "nothing waits": helps.nothing_waits(TEXTS, voice),
            "not carried": helps.not_carried(TEXTS, voice),
            **self._abuse(named),
            **self._settings(),
        }

    def _settings(self) -> Mapping[str, Screen]:
        voice, night = self.voice, QuietHours(time(21, 30), time(8, 30))
        never = QuietHours(time(0), time(0))
        return {
            "settings": settings.settings(TEXTS, voice, NOW),
            "settings, quiet as the practice": settings.settings(TEXTS, voice, NOW, Rest(night, own=False)),
            "settings, quiet of one's own": settings.settings(TEXTS, voice, NOW, Rest(night, own=True)),
            "settings, never quiet": settings.settings(TEXTS, voice, NOW, Rest(never, own=True)),
            "settings, language": settings.settings_language(TEXTS, voice),
            "settings, manner": manners.manner(TEXTS, voice, is_patient=True),
            "settings, manner of a therapist": manners.manner(TEXTS, voice, is_patient=False),
            "settings, country": settings.settings_country(TEXTS, voice),
            **{f"settings, zone, {one}": settings.settings_zone(TEXTS, voice, one) for one in ("ES", "MX", "US")},
            "settings, quiet hours": settings.settings_quiet(TEXTS, voice, night),
            "settings, quiet hours, practice without": settings.settings_quiet(TEXTS, voice, never),
            "settings, working hours": settings.settings_working(TEXTS, voice, WorkingHours(time(9), time(20))),
            "settings, therapist": settings.settings(
                TEXTS, voice, NOW, work=settings.Work(WorkingHours(time(15), time(22)), own=True)
            ),
            "settings, unclear": settings.settings_unclear(TEXTS, voice, ()),
            "settings, several": settings.settings_unclear(TEXTS, voice, (MADRID, ZoneInfo("America/Lima"))),
        }

    def _abuse(self, card: HelpCard) -> Mapping[str, Screen]:
        voice, called = self.voice, self.called
        mine = replace(patient(PatientState.ACTIVE, self.code), therapist=called)
        told = ToldReached(mine.id, 8, 7, other=False)
        return {
            "abuse offer": abuse.offer(TEXTS, voice, card, [(mine, True)], 2**62),
            "abuse offer, two therapists": abuse.offer(TEXTS, voice, help_card("EC"), [(mine, False)] * 2, 7),
            "abuse offer, stranger": abuse.offer(TEXTS, voice, card, [], 7),
            "abuse offer, dying too": abuse.offer(TEXTS, voice, card, [(mine, True)], 2**62, dying=True),
            "abuse offer, dying too, stranger": abuse.offer(TEXTS, voice, card, [], 7, dying=True),
            **{
                f"abuse told, {other}, {reached}": abuse.told(
                    TEXTS, voice, called, replace(told, other=other, reached=reached)
                )
                for other in (False, True)
                for reached in (None, True)
            },
            **{
                f"abuse missed, {other}": abuse.missed(TEXTS, voice, card, (mine, True), replace(told, other=other))
                for other in (False, True)
            },
            "abuse, other gone": abuse.other_gone(TEXTS, voice, card, [(mine, False)], 7),
            "abuse, nobody left": abuse.other_gone(TEXTS, voice, card, [], 7),
            "abuse told, nobody": abuse.told_nobody(TEXTS, voice, 7),
        }

    def _rights(self) -> Mapping[str, Screen]:
        voice, one = self.voice, replace(patient(PatientState.ACTIVE, self.code), therapist=self.called)
        file = File("microchequeo.txt", b"text")
        return {
            **{f"privacy, {role}": rights.privacy(TEXTS, voice, PRIVACY, role) for role in (None, *Role)},
            "leave": rights.leave_offer(TEXTS, voice, one, PRIVACY, words_wait=True),
            "leave, nothing kept": rights.leave_offer(TEXTS, voice, one, NOTHING_KEPT, words_wait=False),
            "stayed": rights.stayed(TEXTS, voice),
            "goodbye": rights.goodbye(TEXTS, voice, Goodbye(keep_scores=True, words_until=ENDED), PRIVACY),
            "goodbye, nothing kept": rights.goodbye(
                TEXTS, voice, Goodbye(keep_scores=False, words_until=None), NOTHING_KEPT
            ),
            "own data": rights.own_file(TEXTS, voice, FileForm.TEXT, file),
            "own data, json": rights.own_file(TEXTS, voice, FileForm.JSON, file),
        }

    def _record(self) -> Mapping[str, Screen]:
        voice, code, file = self.voice, self.code, File("microchequeo.txt", b"text")
        ahead = DeletionAhead(DeletionId(1), Kept.WORDS, 12, (code,) * 40, ENDED)
        return {
            "patient left": rights.patient_left(TEXTS, voice, PatientLeft(PatientId(4), code, None)),
            "patient left, record": rights.patient_left(TEXTS, voice, PatientLeft(PatientId(4), code, ENDED)),
            "export, whose": rights.export_whom(TEXTS, voice, [patient(PatientState.ACTIVE, code)] * 100),
            **{f"export, {form}": rights.export_file(TEXTS, voice, form, code, file) for form in FileForm},
            **{f"export of all, {form}": rights.export_file(TEXTS, voice, form, None, file) for form in FORMS_OF_ALL},
            "deletion of words": rights.deletion_ahead(TEXTS, voice, ahead),
            "deletion of one text": rights.deletion_ahead(TEXTS, voice, replace(ahead, count=1, codes=(code,))),
            "deletion of scores": rights.deletion_ahead(TEXTS, voice, replace(ahead, what=Kept.SCORES)),
            "guardian asked": rights.guardian_asked(TEXTS, voice, GuardianAsked(code), PRIVACY),
            "guardian, too long": rights.guardian_too_long(TEXTS, voice),
        }

    def therapists(self) -> Mapping[str, Screen]:
        """Show what therapists may see."""
        return {
            **self._practice(),
            **self._record(),
            **self._contacts(),
            **self._guesses(),
            **self._sessions(),
            **self._calendars(),
            **self._alerts(),
            **self._urgent(),
            **self._words(),
            **self._records(),
            **self._before(),
            **self._reports(),
        }

    def _contacts(self) -> Mapping[str, Screen]:
        voice, name = self.voice, self.called.name
        every = [Contact(PersonId(8), role, self.called) for role in CONTACT_ROLES]
        offers = {f"enrol offer, {role}": role for role in CONTACT_ROLES}
        return {
            "contact enrolled": arrival.contact_enrolled(TEXTS, voice, every),
            **{title: arrival.enrol_offer(TEXTS, voice, name, InvitationId(1), role) for title, role in offers.items()},
            **{f"help, {role}": helps.help_page(TEXTS, voice, help_card("ES"), {role}) for role in CONTACT_ROLES},
        }

    def _urgent(self) -> Mapping[str, Screen]:
        voice = self.voice
        unseen = Case(replace(CONCERN, code=self.code, therapist=self.called))
        seen = replace(unseen, concern=replace(unseen.concern, seen_at=NOW))
        done = replace(seen, concern=replace(seen.concern, contacted_at=NOW))
        second = replace(unseen, own=False, reads=False)
        negated = replace(unseen, concern=replace(unseen.concern, negated=True))
        unreached = replace(second, therapist_reached=False)
        said = words("…", WordsKind.CRISIS, self.code)
        told = Disclosure(DisclosureId(13), PatientId(4), self.code, "…", NOW)
        ahead = DeletionAhead(DeletionId(1), Kept.CONFIDED, 12, (self.code,) * 40, ENDED)
        states = {"unseen": unseen, "seen": seen, "contacted": done, "second": second}
        others = {f"{name} by another": replace(one, by=self.called) for name, one in states.items()}
        return {
            "concern": urgent.alert(TEXTS, voice, unseen, NOW),
            "concern again": urgent.alert(TEXTS, voice, unseen, NEXT_MORNING, again=True),
            "concern, several": urgent.alert(TEXTS, voice, replace(unseen, unseen=3), NEXT_MORNING, again=True),
            "concern, second, several": urgent.second(TEXTS, voice, replace(second, unseen=3), NOW),
            "concern words, negated": urgent.words(TEXTS, voice, negated, said),
            "concern, second": urgent.second(TEXTS, voice, second, NOW),
            "concern, second, unreached": urgent.second(TEXTS, voice, unreached, NOW),
            "concern, second again": urgent.second(TEXTS, voice, second, NEXT_MORNING, again=True),
            "concern, operator": urgent.operator(TEXTS, voice, unseen),
            "concern, operator, unreached": urgent.operator(TEXTS, voice, unreached),
            "unshown": urgent.unshown(TEXTS, voice, Unshown()),
            "unshown, listed": urgent.unshown(TEXTS, voice, Unshown("P-07", listed=True)),
            "unshown, urgent": urgent.unshown(TEXTS, voice, Unshown("P-07", urgent=True)),
            "unshown, urgent, nobody's": urgent.unshown(TEXTS, voice, Unshown(urgent=True)),
            "member unreachable": urgent.member_unreachable(TEXTS, voice, MemberUnreachable(self.called)),
            "concern, operator, seen": urgent.operator_seen(TEXTS, voice, seen),
            **{f"concern {name}": urgent.state(TEXTS, voice, one, NOW) for name, one in {**states, **others}.items()},
            "concern words": urgent.words(TEXTS, voice, unseen, said),
            "concern words, note": urgent.words(TEXTS, voice, done, said, "Hablamos por teléfono."),
            "note asked": urgent.note_asked(TEXTS, voice, done),
            "noted": urgent.noted(TEXTS, voice, done, kept=True),
            "not noted": urgent.noted(TEXTS, voice, done, kept=False),
            "abuse told": urgent.abuse_told(TEXTS, voice, self.code, WordsId(12)),
            "disclosed": urgent.disclosed(TEXTS, voice, self.code, told.id),
            "deletion of what was confided": rights.deletion_ahead(TEXTS, voice, ahead),
            "deletion of one confidence": rights.deletion_ahead(
                TEXTS, voice, replace(ahead, count=1, codes=(self.code,))
            ),
            "disclosed, urgent": urgent.disclosed(TEXTS, voice, self.code, told.id, urgent=True),
            "disclosure": urgent.disclosure(TEXTS, voice, told),
        }

    def _practice(self) -> Mapping[str, Screen]:
        voice, code = self.voice, self.code
        every = [PatientLine(patient(state, code), Rating(CheckInId(1), ENDED, scores(9, 8))) for state in PatientState]
        link = "https://t.me/microchequeo_bot?start=" + "x" * 43
        return {
            "help, therapist": helps.help_page(TEXTS, voice, help_card("ES"), {Role.THERAPIST}),
            "help, both": helps.help_page(TEXTS, voice, help_card("ES"), set(Role)),
            "enrol offer": arrival.enrol_offer(TEXTS, voice, self.called.name, InvitationId(1)),
            "enrolled": arrival.enrolled(TEXTS, voice, self.called),
            "invitation": therapists.invitation_ready(TEXTS, voice, InvitationReady(code, "t", ENDED), link, b"png"),
            "invitation, moves": therapists.invitation_ready(
                TEXTS, voice, InvitationReady(code, "t", ENDED, moves=True), link, b"png"
            ),
            "patient accepted": therapists.patient_decided(TEXTS, voice, PatientDecided(code, accepted=True)),
            "patient declined": therapists.patient_decided(TEXTS, voice, PatientDecided(code, accepted=False)),
            "invitation refused": therapists.invitation_refused(TEXTS, voice, InvitationRefused(code)),
            "unreachable": therapists.patient_unreachable(TEXTS, voice, PatientUnreachable(code)),
            "code missing": therapists.code_missing(TEXTS, voice),
            "code bad": therapists.code_bad(TEXTS, voice),
            "code taken": therapists.code_taken(TEXTS, voice, code),
            "code unknown": therapists.code_unknown(TEXTS, voice, code),
            "code not first": therapists.no_such_patient(TEXTS, voice, "mañana" * 9, [one.patient for one in every]),
            **self._pages(every),
        }

    def _pages(self, every: list[PatientLine]) -> Mapping[str, Screen]:
        voice, code = self.voice, self.code
        gaps = {"higher": Gap(Fraction(6, 5), 3), "lower": Gap(Fraction(-6, 5), 12), "close": Gap(Fraction(0), 5)}
        new = PatientLine(every[0].patient, None)
        blind = replace(every[0], last=None, to_guess=GuessId(2**62), gap=gaps["higher"])
        return {
            "patients": pages.patients(TEXTS, voice, [*every, new, blind]),
            "patients, urgent": pages.patients(TEXTS, voice, every, {code}),
            "many patients": pages.patients(TEXTS, voice, every * 100),
            "many patients, second page": pages.patients(TEXTS, voice, [blind] * 100, (), 1),
            "no patients": pages.patients(TEXTS, voice, []),
            "patient page": pages.patient_page(TEXTS, voice, PatientPage(new, offers_pause=False)),
            "patient page, to guess": pages.patient_page(TEXTS, voice, PatientPage(blind, offers_pause=True)),
            **{
                f"patient page, {name}": pages.patient_page(
                    TEXTS, voice, PatientPage(replace(every[0], gap=gap), offers_pause=True)
                )
                for name, gap in gaps.items()
            },
        }

    def _guesses(self) -> Mapping[str, Screen]:
        voice = self.voice
        open_ = guess(self.code)
        given = replace(open_, state=GuessState.GIVEN, value=Score(7), guessed_at=NOW)
        over = {state: replace(open_, state=state) for state in GuessState}
        return {
            "guess asked": guesses.question(TEXTS, voice, open_, NOW),
            "guess asked, next day": guesses.question(TEXTS, voice, open_, NEXT_MORNING),
            "guess given": guesses.question(TEXTS, voice, given, NOW),
            "guess given, seen": guesses.question(TEXTS, voice, replace(given, shown_at=NOW), NOW),
            **{
                f"guess {state}": guesses.question(TEXTS, voice, one, NOW + timedelta(days=2))
                for state, one in over.items()
            },
            **{f"guess before, {place}": guesses.before(TEXTS, voice, open_, place, 2**62) for place in ShownIn},
            "guess compared": guesses.compared(TEXTS, voice, given, Points(13)),
            "guess skipped, score": guesses.compared(TEXTS, voice, over[GuessState.SKIPPED], Points(13)),
            "guess skipped, no score": guesses.compared(TEXTS, voice, over[GuessState.SKIPPED], None),
        }

    def _pauses(self) -> Mapping[str, Screen]:
        begun = Pause(PauseId(2**62), CheckInId(1), PersonId(8), NOW)
        hard = replace(_faces()["summary"], scores={**_faces()["summary"].scores, Item.SENSE: Score(4)})
        done = replace(hard, state=CheckInState.DONE)
        return {
            **{
                f"pause, step {step}": pause.pause(TEXTS, self.voice, replace(begun, step=step))
                for step in range(STEPS)
            },
            "pause, done": pause.pause(TEXTS, self.voice, replace(begun, ended_at=NOW + STEPS * STEP)),
            "pause, stopped": pause.pause(TEXTS, self.voice, replace(begun, ended_at=NOW)),
            "check-in summary, pause": self._face(hard, offers_pause=True),
            "check-in final, pause": self._face(done, offers_pause=True),
        }

    def _sessions(self) -> Mapping[str, Screen]:
        voice, code = self.voice, self.code
        noted = SessionNoted(SessionId(2), code, ENDED - timedelta(minutes=50), ENDED, NOW, True, True)  # noqa: FBT003
        waiting = replace(noted, ended_now=False, patient_ready=False)
        claimed = NoSessionClaimed(CheckInId(1), code, ENDED)
        before = Appointment(
            SessionId(7), TreatmentId(3), PatientId(4), code, ENDED - USUAL_LENGTH, ENDED, SessionState.PLANNED
        )
        return {
            "session ended": agenda.session_noted(TEXTS, voice, noted, ENDED),
            "session planned": agenda.session_noted(TEXTS, voice, replace(noted, ended_now=False), NOW),
            "session ended, asked now": agenda.session_noted(TEXTS, voice, noted, NOW),
            "session ended long ago": agenda.session_noted(TEXTS, voice, replace(noted, ask_at=None), NOW),
            **{
                f"session planned, {state}": agenda.session_noted(
                    TEXTS, voice, replace(waiting, patient_state=state), NOW
                )
                for state in PatientState
                if state is not PatientState.ACTIVE
            },
            "session undone": agenda.session_undone(TEXTS, voice, code),
            "session undo too late": agenda.session_undo_too_late(TEXTS, voice, code),
            "session overlap": agenda.session_overlap(TEXTS, voice, code),
            **self._lines(),
            "session, perhaps the same": agenda.session_perhaps_the_same(
                TEXTS, voice, PerhapsTheSame(before, ENDED + timedelta(hours=1))
            ),
            "session, the same": agenda.session_the_same(TEXTS, voice, TheSame(before, PatientState.ACTIVE)),
            "session, the same, asked": agenda.session_the_same(
                TEXTS, voice, TheSame(replace(before, asked=True), PatientState.PAUSED)
            ),
            "session, not another": agenda.session_not_another(TEXTS, voice, NotNoted.OVERLAP),
            "pick patient": agenda.pick_patient(TEXTS, voice, [patient(PatientState.ACTIVE, code)] * 200),
            "pick patient, none": agenda.pick_patient(TEXTS, voice, []),
            "weekly day": agenda.weekly_day(TEXTS, voice, code, PatientId(4), DAYS),
            "weekly hour": agenda.weekly_hour(TEXTS, voice, code, PatientId(4), DAYS[0], HOURS),
            **self._appointments(),
            "pick when": agenda.pick_when(TEXTS, voice, code, PatientId(4)),
            "pick day": agenda.pick_day(TEXTS, voice, code, PatientId(4), DAYS),
            "pick hour": agenda.pick_hour(TEXTS, voice, code, PatientId(4), DAYS[0], HOURS, USUAL_LENGTH, today=False),
            "pick hour, day gone": agenda.day_gone(TEXTS, voice, code, PatientId(4), DAYS[0]),
            "pick hour, none left": agenda.pick_hour(
                TEXTS, voice, code, PatientId(4), DAYS[0], [], USUAL_LENGTH, today=True
            ),
            "no session claimed": therapists.no_session_claimed(TEXTS, voice, claimed),
            "no session, yes": therapists.no_session_answered(TEXTS, voice, claimed, confirmed=True),
            "no session, no": therapists.no_session_answered(TEXTS, voice, claimed, confirmed=False),
        }

    def _lines(self) -> Mapping[str, Screen]:
        voice, code, patient_id = self.voice, self.code, PatientId(4)
        morning = Recurrence(DAYS[0], time(8), LONGEST, tuple(range(7)), 12, DAYS[-1] + timedelta(days=366), 1000)
        evening = replace(morning, at=time(20))
        early, late = Planned(NOW, NOW + USUAL_LENGTH), InPast(ENDED, ENDED + USUAL_LENGTH)
        unclear: dict[str, lines.Asked] = {
            "in past": late,
            "ambiguous": Ambiguous(early, late),
            "mismatch": Mismatch(DAYS[0], (early, late, early, late)),
            "series ambiguous": AmbiguousRepeating(morning, evening),
            "once or weekly": OnceOrWeekly((replace(morning, count=None),)),
            "once or weekly, ambiguous": OnceOrWeekly((replace(morning, until=None), evening)),
        }
        for reason in Reason:
            unclear[reason] = Unreadable(reason, DAYS[0] if reason is Reason.WEEKDAY_MISMATCH else None)
        return {
            **{
                f"line, {name}": lines.asked_back(TEXTS, voice, code, patient_id, reading, NOW.date())
                for name, reading in unclear.items()
            },
            "move, no time": lines.move_refused(TEXTS, voice, Unreadable(Reason.NO_TIME)),
            "move, past": lines.move_past(TEXTS, voice),
            "move, which week": lines.which_week(
                TEXTS,
                voice,
                code,
                [early, late, early, late],
                lambda on, at, _: MoveHour(SessionId(4), whole=False, on=on, at=at),
            ),
            "move, series not there": lines.series_not_there(TEXTS, voice),
            "move, series rhythm": lines.series_rhythm(TEXTS, voice),
        }

    def _appointments(self) -> Mapping[str, Screen]:
        voice, code = self.voice, self.code
        one = Appointment(
            SessionId(7), TreatmentId(3), PatientId(4), code, ENDED, ENDED + USUAL_LENGTH, SessionState.PLANNED
        )
        repeated = replace(one, occurrence=Occurrence(SeriesId(2), DAYS[0]), goes_on=True)
        standings = {
            "to come": repeated,
            "cancelled": replace(one, state=SessionState.CANCELLED),
            "missed": replace(one, state=SessionState.MISSED, asked=True),
            "online": replace(one, place=Place.ONLINE),
            "too late to ask": replace(one, silent=True),
            "cut, in person": replace(one, place=Place.IN_PERSON, cut=True, asked=True, answered=True),
        }
        rule = Recurrence(DAYS[0], time(13), USUAL_LENGTH, (0, 3), every=2, until=DAYS[-1], count=10)
        weekly = Recurrence(DAYS[0], time(17), USUAL_LENGTH, (1,))
        noted = SeriesNoted(SeriesId(2), code, ENDED, ENDED + USUAL_LENGTH, rule, 8, 2, patient_ready=True)
        of_rule = Series(SeriesId(2), TreatmentId(3), rule, ZoneInfo("America/Argentina/Buenos_Aires"))
        return {
            "agenda, empty": appointments.agenda(TEXTS, voice, []),
            "agenda": appointments.agenda(TEXTS, voice, list(standings.values())),
            "agenda, many": appointments.agenda(TEXTS, voice, [one] * 200),
            **{
                f"session, {name}, {when}": appointments.session(TEXTS, voice, standing, now)
                for name, standing in standings.items()
                for when, now in (("before", ENDED - timedelta(hours=1)), ("after", ENDED + timedelta(hours=2)))
            },
            "series": appointments.series(TEXTS, voice, repeated, of_rule),
            **{
                f"move to a day, {whole}": appointments.move_day(TEXTS, voice, one, DAYS, whole=whole)
                for whole in (False, True)
            },
            "move to an hour": appointments.move_hour(TEXTS, voice, one, DAYS[0], HOURS, whole=False),
            "series noted": appointments.series_noted(TEXTS, voice, noted),
            "series noted, weekly, not ready": appointments.series_noted(
                TEXTS, voice, replace(noted, rule=weekly, left_out=0, patient_ready=False, starts_at=None)
            ),
            "series changed, others go on": appointments.series_noted(
                TEXTS, voice, replace(noted, others=weekly, others_zone="America/Mexico_City")
            ),
            "series ended": appointments.series_ended(TEXTS, voice, SeriesEnded(code, 3, SeriesId(2))),
            "series resumed": appointments.series_resumed(TEXTS, voice, SeriesResumed(code, of_rule, 2)),
            "series ended, none left": appointments.series_ended(TEXTS, voice, SeriesEnded(code, 0)),
        }

    def _calendars(self) -> Mapping[str, Screen]:
        voice, code, ref = self.voice, self.code, bytes(16)
        every, none = Changes(12, 3, 2, 7, 1, 1), Changes()
        titles = [Unknown("Ana, martes " * 50, ref, 12, NOW), Unknown("\u202e\n", ref, 1, NOW)]
        some = Summary(every, 4, 1, titles, 2, ref)
        mine = [patient(PatientState.ACTIVE, code)] * 200
        return {
            "calendar": calendars.summary(TEXTS, voice, some),
            "calendar, one of each": calendars.summary(
                TEXTS, voice, Summary(Changes(1, 1, 1, 1, 1, 1), 1, 1, titles[:1], 1, ref)
            ),
            "calendar, many titles": calendars.summary(TEXTS, voice, replace(some, unknown=titles * 10)),
            "calendar, the same": calendars.summary(TEXTS, voice, Summary(none, 0, 0, [])),
            "calendar, again": calendars.summary(TEXTS, voice, Summary(none, 0, 0, [], again=True)),
            "title": calendars.whose(TEXTS, voice, titles[0], mine),
            "title, strange": calendars.whose(TEXTS, voice, titles[1], []),
            "title, chosen": calendars.chosen(TEXTS, voice, "«Ana»", Chosen(code, every, 12), ref, mine),
            "title, chosen late": calendars.chosen(TEXTS, voice, None, Chosen(code, none, 12), ref, mine),
            "title, chosen again": calendars.chosen(TEXTS, voice, "«Ana»", Chosen(code, none, 0), ref, mine),
            "title, nobody's": calendars.chosen(TEXTS, voice, "«Ana»", Chosen(None, none, 12), ref, mine),
            "title, nobody's again": calendars.chosen(TEXTS, voice, "«Ana»", Chosen(None, none, 0), ref, mine),
            **{f"titles, nobody's, {count}": calendars.nobodys(TEXTS, voice, count) for count in (0, 1, 5)},
            **{f"called off, {count}": calendars.called_off(TEXTS, voice, count) for count in (0, 1, 5)},
            **{f"calendar refused, {reason}": calendars.refused(TEXTS, voice, reason, 12) for reason in Refusal},
            "calendar withheld": calendars.withheld(TEXTS, voice),
            "calendar refused": calendars.refused(TEXTS, voice, Refusal.NOT_A_CALENDAR, None),
        }

    def _alerts(self) -> Mapping[str, Screen]:
        voice, code, episode = self.voice, self.code, replace(EPISODE, code=self.code)
        fall = replace(FALL, episode=episode, finding=replace(FALL.finding, unanswered=2))
        raised = {rule: AlertRaised(EPISODE.id, code, again=False, rule=rule) for rule in FAMILIES}
        return {
            **{f"alert, {rule}": alerts.alert(TEXTS, voice, one) for rule, one in raised.items()},
            **{
                f"alert again, {rule}": alerts.alert(TEXTS, voice, replace(one, again=True))
                for rule, one in raised.items()
                if FAMILIES[rule] is Family.FALL
            },
            **{
                f"alert withdrawn, {rule}": alerts.alert_withdrawn(TEXTS, voice, AlertWithdrawn(EPISODE.id, code, rule))
                for rule in FAMILIES
            },
            **{
                f"alert detail, {state}": alerts.alert_detail(
                    TEXTS, voice, replace(fall, episode=replace(episode, state=state, noted=True))
                )
                for state in EpisodeState
            },
            **{
                f"alert detail, {name}, {state}": alerts.alert_detail(
                    TEXTS, voice, replace(view, episode=replace(view.episode, code=code, state=state))
                )
                for name, view in RAISED.items()
                for state in EpisodeState
            },
            "alert detail, no words": alerts.alert_detail(TEXTS, voice, replace(fall, has_words=False), b"png"),
            "repair guide": alerts.repair_guide(TEXTS, voice, code, EPISODE.id),
            "no words": alerts.alert_without_words(TEXTS, voice, code, EPISODE.id),
            "words left": alerts.words_left(TEXTS, voice, code, WordsId(12)),
            **self._followed(episode),
        }

    def _followed(self, episode: Episode) -> Mapping[str, Screen]:
        voice, concern = self.voice, replace(CONCERN, code=self.code)
        live = [
            replace(episode, rule=rule, family=FAMILIES[rule], state=state, acknowledged_at=NOW, talked_at=NOW)
            for rule in FAMILIES
            for state in LIVE_EPISODE
        ]
        urgent_ones, noted = (concern, replace(concern, seen_at=NOW)), replace(episode, noted=True)
        return {
            **{f"following, page {n}": following.following(TEXTS, voice, urgent_ones, live, NOW, n) for n in range(3)},
            "following, one": following.following(TEXTS, voice, (), live[:1], NOW),
            "following, nobody": following.following(TEXTS, voice, (), (), NOW),
            "note asked": following.note_asked(TEXTS, voice, episode),
            "noted": following.noted(TEXTS, voice, noted),
            "not noted": following.noted(TEXTS, voice, episode),
            "note": following.note(TEXTS, voice, noted, "Iba deprisa; quedamos en ir más lento."),
            "note, long": following.note(TEXTS, voice, noted, "ir más lento " * 700, 1),
            "note, gone": following.note(TEXTS, voice, episode, None),
        }

    def _words(self) -> Mapping[str, Screen]:
        voice = self.voice
        long = words("\N{WAVING WHITE FLAG}\N{VARIATION SELECTOR-16}\u200d\N{RAINBOW}" * 1024, code=self.code)
        said = [words("Me costó hablar.", WordsKind.PENDING, self.code), words("Prisa.", code=self.code)]
        session = Written(CheckInId(9), self.code, ENDED)
        return {
            "words hidden": alerts.written_hidden(TEXTS, voice, session),
            "written": alerts.written(TEXTS, voice, session, said),
            "written, long": alerts.written(TEXTS, voice, session, [long], 2),
            "written, nothing": alerts.written(TEXTS, voice, session, []),
            "words": alerts.alert_words(TEXTS, voice, EPISODE.id, said),
            **{f"long words {page}": alerts.alert_words(TEXTS, voice, EPISODE.id, [long], page) for page in range(4)},
            "left words": alerts.left_words(TEXTS, voice, words("Hola", WordsKind.MESSAGE, self.code)),
        }

    def _agreements(self) -> Mapping[str, Screen]:
        voice = self.voice
        mine = replace(patient(PatientState.ACTIVE, self.code), therapist=self.called)
        held, none = Held(mine, record(RecordKind.AGREEMENT, self.code)), Held(mine, None)
        return {
            "agreement told": records.agreement_told(TEXTS, voice, self.called, mine.id),
            "agreement of the patient": records.held(TEXTS, voice, [held]),
            "no agreement of the patient": records.held(TEXTS, voice, [none]),
            "agreements with two": records.held(TEXTS, voice, [held, none]),
        }

    def _records(self) -> Mapping[str, Screen]:
        voice, code = self.voice, self.code
        mine = patient(PatientState.ACTIVE, code)
        one = record(RecordKind.AGREEMENT, code, "á" * LONGEST_RECORD)
        was = replace(one, ended_at=NOW)
        long = WrittenDown(mine, [replace(one, kind=RecordKind.REVIEW)] * 5, 1, 3)
        former = WrittenDown(mine, [was] * 5, 0, 2, one, {one.id: 7})
        return {
            "record, whose": records.pick_patient(TEXTS, voice, [mine] * 100, RecordKind.AGREEMENT),
            "record, nobody": records.pick_patient(TEXTS, voice, [], RecordKind.MARKER),
            **{f"record, no code, {kind}": self._no_code(kind) for kind in (RecordKind.AGREEMENT, RecordKind.MARKER)},
            "record too long": records.too_long(TEXTS, voice),
            "which kind": records.which_kind(TEXTS, voice, mine, 2**62),
            **{f"record asked, {kind}": records.asked(TEXTS, voice, code, kind) for kind in RecordKind},
            "nothing written": records.nothing_written(TEXTS, voice),
            **{f"noted, {kind}": self._noted(kind) for kind in RecordKind},
            "long agreement of a patient": records.held(TEXTS, voice, [Held(mine, one)]),
            "struck": records.struck(TEXTS, voice, one),
            "agreements": records.agreements(TEXTS, voice, former),
            "agreements, none": records.agreements(TEXTS, voice, WrittenDown(mine, [], 0, 1)),
            "notes": records.notes(TEXTS, voice, long),
            "notes, none": records.notes(TEXTS, voice, WrittenDown(mine, [], 0, 1)),
        }

    def _no_code(self, kind: RecordKind) -> Screen:
        mine = [patient(PatientState.ACTIVE, self.code)]
        return records.no_such_patient(TEXTS, self.voice, "mañana", mine, kind)

    def _noted(self, kind: RecordKind) -> Screen:
        told = kind is RecordKind.AGREEMENT
        return records.noted(TEXTS, self.voice, Noted(record(kind, self.code), 2, told=told))

    def _before(self) -> Mapping[str, Screen]:
        voice, code = self.voice, self.code
        starts_at, planned = NOW + timedelta(minutes=30), SessionState.PLANNED
        session = Appointment(
            SessionId(7), TreatmentId(3), PatientId(4), code, starts_at, NOW + timedelta(hours=1), planned
        )
        agreed, marked = record(RecordKind.AGREEMENT, code), record(RecordKind.MARKER, code)
        full = Before(session, rating(2, 24, 5, 6), rating(1, 17, 9, 9), EPISODE, Score(8), TakenUp.NO, CheckInId(2))
        full = replace(full, agreement=agreed, marker=marked, urgent=True)
        return {
            "session ahead": before.ahead(TEXTS, voice, SessionAhead(session.id, code, session.starts_at)),
            "before": before.detail(TEXTS, voice, full, NOW),
            "before, talked": before.detail(
                TEXTS, voice, replace(full, episode=replace(EPISODE, state=EpisodeState.TALKED), previous=None), NOW
            ),
            "before, nothing": before.detail(TEXTS, voice, Before(session), NOW),
            **{
                f"before, {answer}": before.detail(TEXTS, voice, replace(full, taken_up=answer), NOW)
                for answer in ANSWERS
            },
        }

    def _reports(self) -> Mapping[str, Screen]:
        voice = self.voice
        rich = replace(RICH_WEEK, urgent=[replace(CONCERN, code=self.code)], late=2, unreachable=1)
        renamed = [replace(one, code=self.code) for one in RICH_WEEK.episodes]
        long = history({self.code: [on(day, 9, 9, words=True) for day in range(-200, 0, 7)]}, self.code)
        some = replace(history(RICH, "P-01", *RICH_WEEK.episodes), code=self.code, episodes=renamed)
        mine = [patient(PatientState.ACTIVE, self.code)] * 200
        sums = supervisions.reading
        return {
            **{f"digest {page}": one for page, one in enumerate(digests.digest(TEXTS, voice, rich))},
            **{f"full digest {page}": one for page, one in enumerate(digests.digest(TEXTS, voice, FULL_WEEK))},
            **{
                f"digest, guesses {page}": one
                for page, one in enumerate(digests.digest(TEXTS, voice, self._guessed_week()))
            },
            "quiet digest": digests.digest(TEXTS, voice, QUIET_WEEK)[0],
            "empty digest": digests.digest(TEXTS, voice, NO_WEEK)[0],
            "digest, renamed": digests.digest(TEXTS, voice, replace(RICH_WEEK, episodes=renamed))[0],
            "history": histories.history(TEXTS, voice, some),
            "history, first page": histories.history(TEXTS, voice, long),
            "history, last page": histories.history(TEXTS, voice, long, 2),
            "history, none": histories.history(TEXTS, voice, history({self.code: []}, self.code)),
            "history, whose": histories.pick(TEXTS, voice, mine),
            "history, nobody's": histories.pick(TEXTS, voice, []),
            **self._alarms(),
            "supervision": sums(TEXTS, voice, A_MONTH),
            "supervision, few": sums(TEXTS, voice, A_SMALL_MONTH),
            "supervision, too small": sums(TEXTS, voice, replace(A_MONTH, therapists=1)),
            "supervision, empty": sums(TEXTS, voice, replace(A_MONTH, patients=0)),
        }

    def _alarms(self) -> Mapping[str, Screen]:
        """Show what operators read about the bot."""
        raised = {
            f"alarm {alarm}, {count}": AlarmRaised(AlarmId(1), alarm, NOW, count) for alarm in Alarm for count in (1, 2)
        }
        told = {name: alarms.raised(TEXTS, self.voice, one, NEXT_MORNING) for name, one in raised.items()}
        again = replace(raised[f"alarm {Alarm.DISK}, 1"], again=True)
        damaged = replace(raised[f"alarm {Alarm.DATABASE}, 1"], damaged=True)
        told["alarm damaged"] = alarms.raised(TEXTS, self.voice, damaged, NEXT_MORNING)
        spans = (timedelta(minutes=7), timedelta(hours=5), timedelta(days=3))
        over = {
            f"alarm {alarm} over, {span}": alarms.over(TEXTS, self.voice, AlarmOver(alarm, NOW, NOW + span), NOW + span)
            for alarm in Alarm
            for span in spans
        }
        return {**told, "alarm again": alarms.raised(TEXTS, self.voice, again, NEXT_MORNING), **over}

    def _guessed_week(self) -> DigestView:
        """Give a week in which some scores are still to be guessed, and guesses are known of everybody."""
        lines = [replace(one, code=f"{self.code}-{n}") for n, one in enumerate(RICH_WEEK.lines)]
        first = next(one for one in lines if one.alliance is not None)
        blind = [replace(one, alliance=None, pending=None) if one is first else one for one in lines]
        gaps = {one.code: Gap(Fraction(6, 5), 3) for one in lines}
        return replace(RICH_WEEK, lines=blind, to_guess={first.id: GuessId(2**62)}, gaps=gaps)


def _faces() -> Mapping[str, CheckIn]:
    steps = {step.value: replace(ASKED, step=step, scores=scores(7, 6)) for step in Step}
    ended = {state.value: replace(ASKED, state=state) for state in CheckInState if state in CLOSING_STATES}
    return {
        **steps,
        **ended,
        "summary+words": ANSWERED,
        **{f"final, {answer}": replace(ANSWERED, state=CheckInState.DONE, taken_up=answer) for answer in ANSWERS},
        "final": replace(ANSWERED, state=CheckInState.DONE),
        "later": replace(ASKED, ask_again_at=NOW + timedelta(hours=3)),
        "later, tomorrow": replace(ASKED, ask_again_at=NEXT_MORNING),
    }
