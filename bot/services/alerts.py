"""From a fall of the alliance to the therapist's word on it: episodes and the alerts about them.

The rules are pure (`bot.domain.alliance`); here they meet the rows, once the grace after the last touch is over.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import structlog

from bot.clock import Clock
from bot.domain import alliance, timing
from bot.domain.errors import MicrochequeoError
from bot.domain.hours import QuietHours, WorkingHours
from bot.domain.model import (
    CheckIn,
    CheckInId,
    Episode,
    EpisodeId,
    EpisodeState,
    Patient,
    Points,
    Rating,
    TherapistId,
    Urgency,
    Visitor,
    Words,
    WordsId,
)
from bot.domain.notices import AlertRaised, AlertWithdrawn, WordsHidden
from bot.domain.post import Receipt
from bot.domain.views import AlertView, Written
from bot.services.ports import Store, Tx

AT_ONCE = 100

log = structlog.get_logger()


class Word(StrEnum):
    """What a therapist says about an alert."""

    SEEN = "seen"
    TALKED = "talked"
    FALSE_ALARM = "false_alarm"


_STATE_AFTER = {Word.TALKED: EpisodeState.TALKED, Word.FALSE_ALARM: EpisodeState.FALSE_ALARM}


@dataclass(frozen=True, slots=True)
class AlertDetail:
    """An alert with the patient's whole history, for the chart."""

    view: AlertView
    history: tuple[Rating, ...]


class Alerts:
    """The verbs around a fall."""

    def __init__(
        self, store: Store, clock: Clock, threshold: Points, therapist_quiet: QuietHours, working: WorkingHours
    ) -> None:
        self._store = store
        self._clock = clock
        self._threshold = threshold
        self._therapist_quiet = therapist_quiet
        self._working = working

    # What falls due

    async def settle_due(self) -> int:
        """Look at every answered check-in whose grace is over; return how many there were."""
        async with self._store.reading() as tx:
            due = await tx.check_ins.settling(self._clock.now(), AT_ONCE)
        return sum([await self._guarded(row.id) for row in due])

    async def _guarded(self, check_in_id: CheckInId) -> bool:
        try:
            await self._settle(check_in_id)
        except MicrochequeoError:
            raise
        except Exception as fault:  # noqa: BLE001 - the guard of one row; the others go on
            log.error("a check-in cannot be judged", check_in=check_in_id, error=type(fault).__name__)
            return False
        return True

    async def _settle(self, check_in_id: CheckInId) -> None:
        now = self._clock.now()
        async with self._store.transaction() as tx:
            check_in = await tx.check_ins.get(check_in_id)
            if check_in is None or check_in.settles_at is None or check_in.settles_at > now:
                return
            await tx.check_ins.settled(check_in.id)
            history = await tx.check_ins.history(check_in.treatment_id)
            current = next((rating for rating in history if rating.check_in_id == check_in.id), None)
            if current is not None:
                await self._judge(tx, check_in, alliance.before(history, current), current, now)
            elif (session := await tx.sessions.get(check_in.session_id)) is not None and session.cut:
                await self._take_back(tx, check_in, now)

    async def _judge(self, tx: Tx, check_in: CheckIn, previous: Rating | None, current: Rating, now: datetime) -> None:
        """One check-in, one verdict: raised, raised again inside a live episode, withdrawn, repaired, or nothing."""
        raised = await tx.alerts.episode_raised_by(check_in.id)
        fall = alliance.drop(previous, current, threshold=self._threshold) if previous else None
        if fall is not None:
            await self._raise(tx, check_in, fall, raised, now)
            return
        if raised is not None:
            await self._withdraw(tx, raised, check_in, now)
        live = await tx.alerts.live_episode(check_in.treatment_id)
        if live is not None and live.current_id != check_in.id and alliance.repaired(live.level_before, current):
            await tx.alerts.set_episode_state(live.id, EpisodeState.REPAIRED, now)

    async def _take_back(self, tx: Tx, check_in: CheckIn, now: datetime) -> None:
        """Withdraw what a session raised whose connection, as was noted afterwards, had failed."""
        raised = await tx.alerts.episode_raised_by(check_in.id)
        if raised is not None:
            await self._withdraw(tx, raised, check_in, now)

    async def _raise(
        self, tx: Tx, check_in: CheckIn, fall: alliance.Drop, raised: Episode | None, now: datetime
    ) -> None:
        live = await tx.alerts.live_episode(check_in.treatment_id)
        if raised is not None:
            return
        if live is None:
            episode_id = await tx.alerts.open_episode(check_in.treatment_id, fall, now)
        else:
            episode_id = live.id
            await tx.alerts.deepen_episode(episode_id, fall)
        await tx.alerts.add_alert(episode_id, fall, now)
        patient = await tx.people.patient(check_in.patient_id)
        notice = AlertRaised(episode_id, patient.code, again=live is not None)
        key = f"alert:{episode_id}:{check_in.id}:{now.isoformat()}"
        pushed_at = await self._tell_therapist(tx, patient, notice, key, now)
        therapist = await tx.people.therapist(patient.therapist_id)
        opens = therapist.works(self._working).opens
        await tx.alerts.repeat_at(episode_id, timing.next_opening(pushed_at, opens, therapist.zone))

    async def repeat_due(self) -> int:
        """Push once more, as working hours begin, what nobody has seen; after that it stands in the digest."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            due = await tx.alerts.unseen_due(now)
        for episode in due:
            async with self._store.transaction() as tx:
                therapist = await tx.people.therapist(episode.therapist_id)
                notice = AlertRaised(episode.id, episode.code, again=False)
                key = f"alert-once-more:{episode.id}:{episode.current_id}"
                at = timing.out_of_quiet(now, therapist.zone, therapist.rests(self._therapist_quiet))
                await tx.outbox.put(notice, therapist.person_id, Urgency.ALERT, at, key)
                await tx.alerts.repeat_at(episode.id, None)
        return len(due)

    async def _withdraw(self, tx: Tx, episode: Episode, check_in: CheckIn, now: datetime) -> None:
        await tx.alerts.withdraw_alert(check_in.id, now)
        standing = await tx.alerts.standing_alert(episode.id)
        if standing is None:
            await tx.alerts.set_episode_state(episode.id, EpisodeState.WITHDRAWN, now)
        else:
            await tx.alerts.look_back(episode.id, *standing)
        patient = await tx.people.patient(check_in.patient_id)
        notice = AlertWithdrawn(episode.id, patient.code)
        await self._tell_therapist(tx, patient, notice, f"withdrawn:{check_in.id}:{now.isoformat()}", now)

    async def _tell_therapist(
        self, tx: Tx, patient: Patient, notice: AlertRaised | AlertWithdrawn, key: str, now: datetime
    ) -> datetime:
        therapist = await tx.people.therapist(patient.therapist_id)
        at = timing.out_of_quiet(now, therapist.zone, therapist.rests(self._therapist_quiet))
        await tx.outbox.put(notice, therapist.person_id, Urgency.ALERT, at, key)
        return at

    # What the therapist sees and says

    async def detail(self, visitor: Visitor, episode_id: EpisodeId) -> AlertDetail | None:
        """Return the numbers behind an alert; None if it is not this therapist's."""
        async with self._store.reading() as tx:
            episode = await tx.alerts.episode(episode_id)
            if episode is None or not _owns(visitor, episode.therapist_id):
                return None
            return await self._detail(tx, episode)

    async def _detail(self, tx: Tx, episode: Episode) -> AlertDetail | None:
        history = {rating.check_in_id: rating for rating in await tx.check_ins.history(episode.treatment_id)}
        previous, current = history.get(episode.previous_id), history.get(episode.current_id)
        if previous is None or current is None:
            return None
        lines = await tx.check_ins.lines(episode.therapist_id, current.session_at)
        between = [
            line
            for line in lines
            if line.code == episode.code and line.alliance is None and line.session_ends_at > previous.session_at
        ]
        has_words = bool(await tx.check_ins.words_of(current.check_in_id))
        view = AlertView(episode, previous, current, len(between), has_words, self._threshold)
        return AlertDetail(view, tuple(history.values()))

    async def say(self, visitor: Visitor, episode_id: EpisodeId, word: Word, receipt: Receipt) -> Episode | None:
        """Keep the therapist's word on an episode; None if it is not theirs.  Closed episodes stay closed."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            episode = await tx.alerts.episode(episode_id)
            if episode is None or visitor.person is None or not _owns(visitor, episode.therapist_id):
                return None
            if not await tx.inbox.takes_effect(receipt, now):
                return episode
            await tx.alerts.acknowledge(episode_id, now)
            if word in _STATE_AFTER:
                await tx.alerts.set_episode_state(episode_id, _STATE_AFTER[word], now)
            await tx.audit.note(now, visitor.person.id, word, "episode", episode_id)
            return await tx.alerts.episode(episode_id)

    async def read_words(self, visitor: Visitor, episode_id: EpisodeId, message_id: int) -> list[Words] | None:
        """Return the words of the alerted check-in, note that they were read, and plan to hide them again."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            episode = await tx.alerts.episode(episode_id)
            if episode is None or visitor.person is None or not _owns(visitor, episode.therapist_id):
                return None
            found = list(await tx.check_ins.words_of(episode.current_id))
            for words in found:
                await tx.audit.note(now, visitor.person.id, "read", "words", words.id)
            if found:
                await self._hide_later(tx, visitor, WordsHidden(message_id, episode_id), now)
            return found

    async def read_left(self, visitor: Visitor, words_id: WordsId, message_id: int) -> Words | None:
        """Return words that a patient left, noting the reading and planning to hide them again; None if not theirs."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            words = await tx.check_ins.words(words_id)
            if words is None or visitor.person is None or not _owns(visitor, words.therapist_id):
                return None
            await tx.audit.note(now, visitor.person.id, "read", "words", words_id)
            await self._hide_later(tx, visitor, WordsHidden(message_id, words_id=words_id), now)
            return words

    async def written(self, visitor: Visitor, check_in_id: CheckInId) -> Written | None:
        """Say whose check-in this is; None if it is not of this therapist's patient."""
        async with self._store.reading() as tx:
            return await self._written(tx, visitor, check_in_id)

    async def read_written(self, visitor: Visitor, check_in_id: CheckInId, message_id: int) -> list[Words] | None:
        """Return the words of a check-in, noting the reading and planning to hide them again; None if not theirs."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            if visitor.person is None or await self._written(tx, visitor, check_in_id) is None:
                return None
            found = list(await tx.check_ins.words_of(check_in_id))
            for words in found:
                await tx.audit.note(now, visitor.person.id, "read", "words", words.id)
            if found:
                await self._hide_later(tx, visitor, WordsHidden(message_id, check_in_id=check_in_id), now)
            return found

    async def _written(self, tx: Tx, visitor: Visitor, check_in_id: CheckInId) -> Written | None:
        check_in = await tx.check_ins.get(check_in_id)
        patient = await tx.people.patient(check_in.patient_id) if check_in else None
        if check_in is None or patient is None or not _owns(visitor, patient.therapist_id):
            return None
        return Written(check_in.id, patient.code, check_in.session_ends_at)

    async def _hide_later(self, tx: Tx, visitor: Visitor, notice: WordsHidden, now: datetime) -> None:
        if visitor.person is not None:
            due_at = now + timing.HIDE_WORDS_AFTER
            key = f"hide:{visitor.person.id}:{notice.message_id}:{due_at.isoformat()}"
            await tx.outbox.put(notice, visitor.person.id, Urgency.BULK, due_at, key)


def _owns(visitor: Visitor, therapist_id: TherapistId) -> bool:
    return visitor.therapist is not None and visitor.therapist.id == therapist_id
