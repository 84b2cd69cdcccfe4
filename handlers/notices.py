"""What each notice looks like when it leaves: facts are read now, not when the notice was written."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from bot.clock import Clock
from bot.domain.model import (
    Called,
    CheckIn,
    CheckInState,
    Person,
    Role,
)
from bot.domain.notices import (
    AbuseTold,
    ChatEmptied,
    ConsentAgain,
    ConsentDeclined,
    Consented,
    CrisisDelivered,
    CrisisElsewhere,
    CrisisKept,
    CrisisNote,
    CrisisNoted,
    CrisisOperator,
    CrisisRaised,
    CrisisSecond,
    CrisisSeen,
    CrisisUndelivered,
    DeletionAhead,
    Disclosed,
    Enrolled,
    Goodbye,
    GuardianAsked,
    HelpFirst,
    InvitationReady,
    InvitationRefused,
    MemberUnreachable,
    NoSessionClaimed,
    Notice,
    OwnData,
    PatientDecided,
    PatientExport,
    PatientLeft,
    PatientUnreachable,
    Question,
    SeriesNoted,
    SessionNoted,
    ToldReached,
    WeeklyDigest,
    WordsHidden,
    WordsKept,
    WordsLeft,
)
from bot.domain.notices_alarms import AlarmOver, AlarmRaised
from bot.domain.notices_alerts import AlertRaised, AlertWithdrawn, EpisodeNote, EpisodeNoted
from bot.domain.notices_guesses import GuessAsked, GuessSettled, PauseShown
from bot.domain.notices_parked import Unshown
from bot.domain.notices_records import AgreementTold, RecordAsked, RecordNoted, SessionAhead
from bot.domain.notices_reports import SupervisionReading
from bot.services.alerts import Alerts
from bot.services.charts import draw_qr
from bot.services.people import People
from bot.texts import Texts
from handlers import screens_agenda as agenda
from handlers import screens_alerts as alerts
from handlers import screens_appointments as appointments
from handlers import screens_arrival as arrival
from handlers import screens_following as following
from handlers import screens_help as help_
from handlers import screens_patient as patient
from handlers import screens_rights as rights
from handlers import screens_therapist as therapist
from handlers import screens_urgent as urgent_screens
from handlers.handovers import Handovers
from handlers.notices_alarms import AlarmNotices
from handlers.notices_guesses import GuessNotices
from handlers.notices_records import RecordNotices
from handlers.notices_reports import ReportNotices
from handlers.notices_urgent import UrgentNotices
from handlers.screen import Screen
from handlers.screens_arrival import ConsentTerms
from handlers.screens_patient import CheckInView
from handlers.screens_rights import PrivacyTerms

Render = Callable[[Person, Any], Awaitable[Sequence[Screen]]]
ToPatient = ConsentDeclined | WordsKept | CrisisKept | CrisisDelivered


class Notices:
    """Turns notices into screens."""

    def __init__(
        self,
        texts: Texts,
        people: People,
        alerts_: Alerts,
        clock: Clock,
        link: Callable[[str], str],
        urgent: UrgentNotices,
        records: RecordNotices,
        reports: ReportNotices,
        handovers: Handovers,
        consent: ConsentTerms,
        privacy: PrivacyTerms,
        guesses: GuessNotices,
        *,
        alarms: AlarmNotices,
    ) -> None:
        self._guesses = guesses
        self._urgent = urgent
        self._consent = consent
        self._privacy = privacy
        self._texts = texts
        self._people = people
        self._alerts = alerts_
        self._clock = clock
        self._link = link
        self._renders: Final[dict[type[Any], Render]] = {
            Enrolled: self._enrolled,
            Consented: self._consented,
            ConsentDeclined: self._to_patient(arrival.consent_declined),
            WordsKept: self._to_patient(patient.words_kept),
            HelpFirst: urgent.help_first,
            CrisisKept: self._to_patient(help_.crisis_kept),
            CrisisDelivered: self._to_patient(help_.crisis_delivered),
            CrisisElsewhere: urgent.elsewhere,
            CrisisUndelivered: urgent.undelivered,
            PatientDecided: self._plain(therapist.patient_decided),
            InvitationRefused: self._plain(therapist.invitation_refused),
            PatientUnreachable: self._plain(therapist.patient_unreachable),
            NoSessionClaimed: self._plain(therapist.no_session_claimed),
            InvitationReady: self._invitation,
            SessionNoted: self._session,
            SeriesNoted: self._series,
            AlertRaised: self._alert,
            AlertWithdrawn: self._withdrawn,
            EpisodeNote: self._note_asked,
            EpisodeNoted: self._noted,
            CrisisRaised: urgent.raised,
            CrisisSecond: urgent.second,
            CrisisOperator: urgent.operator,
            CrisisSeen: urgent.seen,
            CrisisNote: urgent.note_asked,
            CrisisNoted: urgent.noted,
            AbuseTold: urgent.abuse_told,
            Disclosed: urgent.disclosed,
            ToldReached: urgent.told_reached,
            MemberUnreachable: self._plain(urgent_screens.member_unreachable),
            Unshown: self._plain(urgent_screens.unshown),
            WordsLeft: self._left,
            WordsHidden: self._hidden,
            WeeklyDigest: reports.digest,
            SupervisionReading: reports.reading,
            ConsentAgain: self._consent_again,
            GuardianAsked: self._guardian,
            Goodbye: self._goodbye,
            PatientLeft: self._plain(rights.patient_left),
            DeletionAhead: self._plain(rights.deletion_ahead),
            OwnData: handovers.own,
            PatientExport: handovers.patient,
            RecordNoted: records.noted,
            RecordAsked: records.asked,
            AgreementTold: records.told,
            SessionAhead: records.ahead,
            GuessAsked: guesses.asked,
            GuessSettled: guesses.settled,
            PauseShown: guesses.paused,
            AlarmRaised: alarms.raised,
            AlarmOver: alarms.over,
        }

    async def render(self, to: Person, notice: Notice) -> Sequence[Screen]:
        """Return what to send, in order; nothing when the notice has lost its object."""
        return await self._renders[type(notice)](to, notice)

    async def roles(self, to: Person) -> Sequence[Role]:
        """Return what this person is here, therapist first."""
        return (await self._people.visitor(to.chat_id)).roles

    async def question(self, to: Person, notice: Question) -> CheckInView | None:
        """Return the check-in of a question as it stands."""
        found = await self._people.check_in(notice.check_in_id)
        if found is None:
            return None
        check_in, called = found
        if check_in.shown is None and check_in.state is not CheckInState.OPEN:
            return None  # over before it was ever seen: there is nothing to ask any more
        view = await self.view(to, check_in, called)
        return replace(view, reminder=notice.reminder, kept=notice.kept)

    async def view(self, to: Person, check_in: CheckIn, called: Called | None = None) -> CheckInView:
        """Return everything needed to show a check-in to its person; `called`: how its therapist is, where known."""
        called = called or await self._people.therapist_of(check_in.patient_id)
        offers_pause = await self._guesses.offers_pause(check_in)
        return CheckInView(check_in, to.voice, called, self._clock.now(), offers_pause=offers_pause)

    def _plain(self, screen: Callable[..., Screen]) -> Render:
        async def render(to: Person, notice: Notice) -> Sequence[Screen]:
            return [screen(self._texts, to.voice, notice)]

        return render

    def _to_patient(self, screen: Callable[..., Screen]) -> Render:
        """Make the render of a screen that names the patient's therapist."""

        async def render(to: Person, notice: ToPatient) -> Sequence[Screen]:
            return [screen(self._texts, to.voice, await self._people.therapist_of(notice.patient_id))]

        return render

    async def _consented(self, to: Person, notice: Consented) -> Sequence[Screen]:
        called = await self._people.therapist_of(notice.patient_id)
        return [arrival.consented(self._texts, to.voice, called, notice.patient_id)]

    async def messages_of(self, to: Person, notice: ChatEmptied) -> Sequence[int]:
        """Return the bot's messages in the chat of somebody who has left."""
        return await self._people.messages_of(to.id, notice.until_at)

    async def _consent_again(self, to: Person, notice: ConsentAgain) -> Sequence[Screen]:
        called = await self._people.therapist_of(notice.patient_id)
        return [arrival.consent_again(self._texts, to.voice, called, notice.patient_id, self._consent)]

    async def _guardian(self, to: Person, notice: GuardianAsked) -> Sequence[Screen]:
        return [rights.guardian_asked(self._texts, to.voice, notice, self._privacy)]

    async def _goodbye(self, to: Person, notice: Goodbye) -> Sequence[Screen]:
        return [rights.goodbye(self._texts, to.voice, notice, self._privacy)]

    async def _enrolled(self, to: Person, notice: Enrolled) -> Sequence[Screen]:
        visitor = await self._people.visitor(to.chat_id)
        if notice.role is not Role.THERAPIST:
            new = [contact for contact in visitor.contacts if contact.role is notice.role]
            return [arrival.contact_enrolled(self._texts, to.voice, new)] if new else []
        called = visitor.therapist.called if visitor.therapist else None
        return [arrival.enrolled(self._texts, to.voice, called)] if called else []

    async def _invitation(self, to: Person, notice: InvitationReady) -> Sequence[Screen]:
        link = self._link(notice.token)
        return [therapist.invitation_ready(self._texts, to.voice, notice, link, await draw_qr(link))]

    async def _series(self, to: Person, notice: SeriesNoted) -> Sequence[Screen]:
        return [appointments.series_noted(self._texts, to.voice, notice)]

    async def _session(self, to: Person, notice: SessionNoted) -> Sequence[Screen]:
        return [agenda.session_noted(self._texts, to.voice, notice, self._clock.now())]

    async def _alert(self, to: Person, notice: AlertRaised) -> Sequence[Screen]:
        """Tell of an alert, unless it was seen while it waited for the end of the quiet hours."""
        detail = await self._alerts.detail(await self._people.visitor(to.chat_id), notice.episode_id)
        seen = detail is not None and detail.view.episode.acknowledged_at is not None
        return [] if seen else [alerts.alert(self._texts, to.voice, notice)]

    async def _withdrawn(self, to: Person, notice: AlertWithdrawn) -> Sequence[Screen]:
        return [alerts.alert_withdrawn(self._texts, to.voice, notice)]

    async def _note_asked(self, to: Person, notice: EpisodeNote) -> Sequence[Screen]:
        """Ask for a note about a talk."""
        detail = await self._alerts.detail(await self._people.visitor(to.chat_id), notice.episode_id)
        return [following.note_asked(self._texts, to.voice, detail.view.episode)] if detail else []

    async def _noted(self, to: Person, notice: EpisodeNoted) -> Sequence[Screen]:
        """Say what became of the note."""
        detail = await self._alerts.detail(await self._people.visitor(to.chat_id), notice.episode_id)
        return [following.noted(self._texts, to.voice, detail.view.episode)] if detail else []

    async def _left(self, to: Person, notice: WordsLeft) -> Sequence[Screen]:
        return [alerts.words_left(self._texts, to.voice, notice.code, notice.words_id)]

    async def _hidden(self, to: Person, notice: WordsHidden) -> Sequence[Screen]:
        """Show again what stood there before the words were opened."""
        if notice.concern_id is not None or notice.disclosure_id is not None:
            return await self._urgent.hidden(to, notice)
        if notice.check_in_id is not None:
            written = await self._alerts.written(await self._people.visitor(to.chat_id), notice.check_in_id)
            return [alerts.written_hidden(self._texts, to.voice, written)] if written else []
        if notice.episode_id is None:
            words = await self._people.left_words(notice.words_id) if notice.words_id else None
            return [alerts.words_left(self._texts, to.voice, words.code, words.id)] if words else []
        visitor = await self._people.visitor(to.chat_id)
        detail = await self._alerts.detail(visitor, notice.episode_id)
        first = await self._guesses.gate.before_alert(visitor, to.voice, detail) if detail else None
        return [first or alerts.alert_detail(self._texts, to.voice, detail.view)] if detail else []
