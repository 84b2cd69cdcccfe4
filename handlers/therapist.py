"""The therapist's room: alerts, left messages, patients, the digest."""

from bot.clock import Clock
from bot.domain.episodes import Event
from bot.domain.model import CheckInState, Urgency
from bot.domain.notices import NoSessionClaimed
from bot.services.agenda import Agenda
from bot.services.alerts import AlertDetail, Alerts
from bot.services.digests import Digests
from bot.services.episodes import Episodes
from bot.services.people import People
from bot.texts import Texts
from handlers import screens_alerts as screens
from handlers import screens_arrival, screens_following, screens_therapist
from handlers.access import Visit
from handlers.actions import NoSessionConfirm, ReadLeft, ReadWritten
from handlers.actions_alerts import (
    BackToAlert,
    FalseAlarm,
    OpenFollowing,
    ReadWords,
    RepairGuide,
    SaidRepaired,
    See,
    Seen,
    Talked,
)
from handlers.gate import Gate
from handlers.nudge import Nudge
from handlers.panels import alert_picture
from handlers.screen import Screen
from handlers.screens_patient import not_yours_toast


class Therapist:
    """What a therapist does about patients."""

    def __init__(
        self,
        alerts: Alerts,
        episodes: Episodes,
        digests: Digests,
        agenda: Agenda,
        people: People,
        texts: Texts,
        clock: Clock,
        nudge: Nudge,
        gate: Gate,
    ) -> None:
        self._alerts = alerts
        self._episodes = episodes
        self._digests = digests
        self._agenda = agenda
        self._people = people
        self._texts = texts
        self._clock = clock
        self._nudge = nudge
        self._gate = gate

    async def summary(self, visit: Visit) -> None:
        """Send the last seven days now."""
        if await self._digests.ask(visit.visitor, visit.receipt):
            self._nudge()
        else:
            await visit.reply(screens_arrival.not_here(self._texts, visit.voice, visit.visitor))

    # Alerts

    async def following(self, visit: Visit) -> None:
        """List what is open, most urgent first."""
        screen = await self._following(visit)
        await visit.reply(screen or screens_arrival.not_here(self._texts, visit.voice, visit.visitor))

    async def turn_following(self, visit: Visit, tap: OpenFollowing) -> None:
        """Turn to a page of that list."""
        await self._answer(visit, await self._following(visit, tap.page))

    async def _following(self, visit: Visit, page: int = 0) -> Screen | None:
        if visit.visitor.therapist is None:
            return None
        urgent, live = await self._episodes.following(visit.visitor.therapist)
        return screens_following.following(self._texts, visit.voice, urgent, live, self._clock.now(), page)

    async def see(self, visit: Visit, tap: See) -> None:
        """Open an alert: numbers in place, the chart below; a guess that is still to come is asked for first."""
        detail = await self._alerts.detail(visit.visitor, tap.episode)
        first = await self._gate.before_alert(visit.visitor, visit.voice, detail) if detail else None
        if first is not None:
            await self._answer(visit, first)
        elif await self._answer(visit, self._shown(visit, detail)) and detail is not None:
            await visit.reply(await alert_picture(self._texts, visit.voice, detail))

    async def back_to_alert(self, visit: Visit, tap: BackToAlert) -> None:
        """Return from the words or the guide."""
        await self._answer(visit, await self._detail(visit, await self._alerts.detail(visit.visitor, tap.episode)))

    async def guide(self, visit: Visit, tap: RepairGuide) -> None:
        """Show the repair card."""
        detail = await self._alerts.detail(visit.visitor, tap.episode)
        code = detail.view.episode.code if detail else None
        await self._answer(visit, screens.repair_guide(self._texts, visit.voice, code, tap.episode) if code else None)

    async def seen(self, visit: Visit, tap: Seen) -> None:
        """Keep *Visto*."""
        await self._say(visit, tap, Event.SEEN)

    async def talked(self, visit: Visit, tap: Talked) -> None:
        """Keep *Lo hablamos*, which asks for a note."""
        await self._say(visit, tap, Event.TALKED)
        self._nudge()

    async def false_alarm(self, visit: Visit, tap: FalseAlarm) -> None:
        """Keep *No era eso*."""
        await self._say(visit, tap, Event.NOT_THAT)

    async def said_repaired(self, visit: Visit, tap: SaidRepaired) -> None:
        """Keep *Reparada*."""
        await self._say(visit, tap, Event.SAID_REPAIRED)

    async def _say(self, visit: Visit, tap: Seen | Talked | FalseAlarm | SaidRepaired, word: Event) -> None:
        episode = await self._episodes.say(visit.visitor, tap.episode, word, visit.receipt)
        detail = await self._alerts.detail(visit.visitor, tap.episode) if episode else None
        await self._answer(visit, await self._detail(visit, detail))

    async def words(self, visit: Visit, tap: ReadWords) -> None:
        """Show the words behind an alert, under a spoiler, for ten minutes."""
        found = await self._alerts.read_words(visit.visitor, tap.episode, visit.message_id)
        if found:
            screen: Screen | None = screens.alert_words(self._texts, visit.voice, tap.episode, found, tap.page)
        else:
            detail = await self._alerts.detail(visit.visitor, tap.episode)
            code = detail.view.episode.code if detail else ""
            screen = screens.alert_without_words(self._texts, visit.voice, code, tap.episode) if detail else None
        await self._answer(visit, screen)

    async def _detail(self, visit: Visit, detail: AlertDetail | None) -> Screen | None:
        first = await self._gate.before_alert(visit.visitor, visit.voice, detail) if detail else None
        return first or self._shown(visit, detail)

    def _shown(self, visit: Visit, detail: AlertDetail | None) -> Screen | None:
        return screens.alert_detail(self._texts, visit.voice, detail.view) if detail else None

    # Left messages

    async def read_left(self, visit: Visit, tap: ReadLeft) -> None:
        """Show a message that a patient left, for ten minutes."""
        words = await self._alerts.read_left(visit.visitor, tap.words, visit.message_id)
        await self._answer(visit, screens.left_words(self._texts, visit.voice, words, tap.page) if words else None)

    async def written(self, visit: Visit, tap: ReadWritten) -> None:
        """Show the words of a check-in for ten minutes, in a message of its own: the digest stays.

        The message is there, still without the words, before they are read: so it is known what to hide again.
        """
        found = await self._alerts.written(visit.visitor, tap.check_in)
        if found is None:
            await self._answer(visit, None)
            return
        await visit.toast()
        message_id = visit.message_id
        if not tap.page:
            hidden = screens.written_hidden(self._texts, visit.voice, found)
            message_id = await visit.messenger.send(visit.chat_id, hidden, Urgency.REPLY)
        words = await self._alerts.read_written(visit.visitor, tap.check_in, message_id)
        shown = screens.written(self._texts, visit.voice, found, words or [], tap.page or 1)
        await visit.messenger.edit(visit.chat_id, message_id, shown, Urgency.REPLY)

    async def no_session(self, visit: Visit, tap: NoSessionConfirm) -> None:
        """Keep the therapist's word on a patient's *No hubo sesión*."""
        found = await self._people.check_in(tap.check_in)
        therapist = visit.visitor.therapist
        if found is None or therapist is None or visit.visitor.person is None:
            await self._answer(visit, None)
            return
        check_in, _ = found
        code = await self._agenda.confirm_no_session(
            therapist.id, check_in.session_id, visit.visitor.person, visit.receipt, confirmed=tap.confirmed
        )
        claimed = NoSessionClaimed(check_in.id, code, check_in.session_ends_at) if code else None
        screen = (
            screens_therapist.no_session_answered(self._texts, visit.voice, claimed, confirmed=tap.confirmed)
            if claimed and check_in.state in (CheckInState.NO_SESSION, CheckInState.DECLINED)
            else None
        )
        await self._answer(visit, screen)

    async def _answer(self, visit: Visit, screen: Screen | None) -> bool:
        return await visit.answer(screen, otherwise=not_yours_toast(self._texts, visit.voice))
