"""From a fall of the alliance to the therapist's word on it: episodes and the alerts about them.

The rules are pure (`bot.domain.alliance`); here they meet the rows, once the grace after the last touch is over.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

import structlog

from bot.clock import Clock
from bot.domain import timing
from bot.domain.alliance import Entry, Rule, Rules, follows_drop
from bot.domain.episodes import FAMILIES, Episode, EpisodeState, Event, Raised, after, raised_by
from bot.domain.errors import StoreDamagedError, StoreUnavailableError
from bot.domain.hours import QuietHours, WorkingHours
from bot.domain.model import (
    CheckIn,
    CheckInId,
    EpisodeId,
    Patient,
    PatientId,
    TherapistId,
    Urgency,
    Visitor,
    Words,
    WordsId,
)
from bot.domain.notices import WordsHidden
from bot.domain.notices_alerts import AlertRaised, AlertWithdrawn
from bot.domain.verdicts import judge, judged_after, recalled, unfounded
from bot.domain.views import AlertView, Written
from bot.services.ports import Store, Tx

AT_ONCE = 100

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class AlertDetail:
    """An alert with the whole course of the treatment, for the chart."""

    view: AlertView
    course: tuple[Entry, ...]


class Alerts:
    """The verbs around a fall."""

    def __init__(
        self, store: Store, clock: Clock, rules: Rules, therapist_quiet: QuietHours, working: WorkingHours
    ) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._therapist_quiet = therapist_quiet
        self._working = working

    # What falls due

    async def settle_due(self) -> int:
        """Look at every check-in whose grace is over or that closed; return how many there were."""
        async with self._store.reading() as tx:
            due = await tx.check_ins.settling(self._clock.now(), AT_ONCE)
        return sum([await self._guarded(check_in_id) for check_in_id in due])

    async def _guarded(self, check_in_id: CheckInId) -> bool:
        try:
            await self._settle(check_in_id)
        except StoreUnavailableError:
            raise
        except Exception as fault:  # noqa: BLE001 - the guard of one row; the others go on
            log.error("a check-in cannot be judged", check_in=check_in_id, error=type(fault).__name__)
            with suppress(StoreDamagedError):  # so that it never stands before what can move
                async with self._store.transaction() as tx:
                    await tx.check_ins.put_off(check_in_id, self._clock.now() + timing.PASSED_OVER)
            return False
        return True

    async def _settle(self, check_in_id: CheckInId) -> None:
        now = self._clock.now()
        async with self._store.transaction() as tx:
            check_in = await tx.check_ins.get(check_in_id)
            if check_in is None or check_in.settles_at is None or check_in.settles_at > now:
                return
            await tx.check_ins.settled(check_in.id)
            course = await tx.courses.of_treatment(check_in.treatment_id)
            if any(entry.check_in_id == check_in.id for entry in course):
                await self._withdraw_unfounded(tx, check_in, course, now)
                for raised in await self._judge(tx, check_in, course, now):
                    await self._push(tx, check_in, raised, now)
                await self._look_on(tx, check_in, course, now)

    async def _withdraw_unfounded(self, tx: Tx, check_in: CheckIn, course: Sequence[Entry], now: datetime) -> None:
        live = await tx.alerts.live(check_in.treatment_id)
        raised = await tx.alerts.raised_in(check_in.treatment_id)
        for which, family in unfounded(course, check_in.id, live, raised, self._rules):
            await self._withdraw(tx, raised[which][family], which, check_in.patient_id, now)

    async def _look_on(self, tx: Tx, check_in: CheckIn, course: Sequence[Entry], now: datetime) -> None:
        """Judge again what came later and was judged before: it may be compared with this one from now on.

        What is over by the newest of them is not told any more.
        """
        told = [
            (later, raised)
            for later in [await tx.check_ins.get(number) for number in judged_after(course, check_in.id)]
            if later is not None and later.settles_at is None
            for raised in await self._judge(tx, later, course, now)
        ]
        for later, raised in told:
            episode = await tx.alerts.episode(raised.episode_id)
            if episode is not None and episode.live and episode.current_id == later.id:
                await self._push(tx, later, raised, now)

    async def _judge(self, tx: Tx, check_in: CheckIn, course: Sequence[Entry], now: datetime) -> Sequence[AlertRaised]:
        """Let a check-in change the episodes as it must; return what the therapist is to be told at once."""
        told: list[AlertRaised] = []
        live = await tx.alerts.live(check_in.treatment_id)
        raised = await tx.alerts.raised_in(check_in.treatment_id)
        verdict = judge(course, check_in.id, live, raised, self._rules)
        for family, event in verdict.events.items():
            await _move(tx, live[family], event, now)
        for finding in verdict.opened:
            episode_id = await tx.alerts.open_episode(check_in.treatment_id, finding, now)
            await tx.alerts.add_alert(episode_id, finding, now)
            if finding.rule is not Rule.SILENCE or follows_drop(course, check_in.id, self._rules):
                told.append(AlertRaised(episode_id, "", again=False, rule=finding.rule))
        for finding in verdict.deepened:
            episode = live[FAMILIES[finding.rule]]
            await tx.alerts.add_alert(episode.id, finding, now)
            await tx.alerts.deepen_episode(episode.id, raised_by(finding), after(episode.state, Event.FELL_AGAIN))
            told.append(AlertRaised(episode.id, "", again=True, rule=finding.rule))
        for finding in verdict.restated:
            episode = live[FAMILIES[finding.rule]]
            await tx.alerts.add_alert(episode.id, finding, now)
            await tx.alerts.look_back(episode.id, raised_by(finding))
        return told

    async def _push(self, tx: Tx, check_in: CheckIn, raised: AlertRaised, now: datetime) -> None:
        """Tell the therapist, and plan to tell once more as working hours begin if nobody has seen it by then."""
        patient = await tx.people.patient(check_in.patient_id)
        key = f"alert:{raised.episode_id}:{check_in.id}:{now.isoformat()}"
        pushed_at = await self._tell_therapist(tx, patient, replace(raised, code=patient.code), key, now)
        therapist = await tx.people.therapist(patient.therapist_id)
        opens = therapist.works(self._working).opens
        await tx.alerts.repeat_at(raised.episode_id, timing.next_opening(pushed_at, opens, therapist.zone))

    async def repeat_due(self) -> int:
        """Push once more, as working hours begin, what nobody has seen; after that it stands in the digest.

        Of what an outage still holds back the first push is to come: once more is another morning.
        """
        now = self._clock.now()
        async with self._store.reading() as tx:
            due = await tx.alerts.unseen_due(now)
        for episode in due:
            async with self._store.transaction() as tx:
                therapist = await tx.people.therapist(episode.therapist_id)
                if await tx.outbox.waits(therapist.person_id, f"alert:{episode.id}:"):
                    opens = therapist.works(self._working).opens
                    await tx.alerts.repeat_at(episode.id, timing.next_opening(now, opens, therapist.zone))
                    continue
                notice = AlertRaised(episode.id, episode.code, again=False, rule=episode.rule)
                key = f"alert-once-more:{episode.id}:{episode.current_id}"
                at = timing.out_of_quiet(now, therapist.zone, therapist.rests(self._therapist_quiet))
                await tx.outbox.put(notice, therapist.person_id, Urgency.ALERT, at, key)
                await tx.alerts.repeated(episode.id, now)
        return len(due)

    async def _withdraw(
        self, tx: Tx, episode_id: EpisodeId, check_in_id: CheckInId, patient_id: PatientId, now: datetime
    ) -> None:
        episode = await tx.alerts.episode(episode_id)
        if episode is None:
            return
        newest = await tx.alerts.standing_alert(episode_id)
        await tx.alerts.withdraw_alert(check_in_id, episode.family, now)
        standing = await tx.alerts.standing_alert(episode_id)
        await _move(tx, episode, Event.FALL_WITHDRAWN if standing else Event.WITHDRAWN, now)
        if standing is not None:
            await tx.alerts.look_back(episode_id, standing)
        if standing is not None and newest is not None and newest.current_id == check_in_id:
            await _settle_back(tx, episode)
        if newest is None or newest.rule is not Rule.SILENCE or newest.count == 1:
            patient = await tx.people.patient(patient_id)
            notice = AlertWithdrawn(episode_id, patient.code, newest.rule if newest else episode.rule)
            await self._tell_therapist(tx, patient, notice, f"withdrawn:{check_in_id}:{now.isoformat()}", now)

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
        course = await tx.courses.of_treatment(episode.treatment_id)
        raised = await tx.alerts.standing_alert(episode.id)
        raised = raised or Raised(episode.rule, episode.previous_id, episode.current_id)
        level = None if episode.level_before is None else Fraction(episode.level_before)
        finding = recalled(course, raised, level, self._rules)
        if finding is None:
            return None
        has_words = bool(await tx.check_ins.words_of(finding.current.check_in_id))
        view = AlertView(episode, finding, has_words, self._rules)
        return AlertDetail(view, tuple(course))

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


async def _move(tx: Tx, episode: Episode, event: Event, now: datetime) -> None:
    state = after(episode.state, event)
    if state is not episode.state:
        await tx.alerts.set_episode_state(episode.id, state, now)


async def _settle_back(tx: Tx, episode: Episode) -> None:
    """Let what was said about the fall before count again: the further one, which wanted to be seen, is withdrawn."""
    if episode.state is not EpisodeState.OPEN:
        return
    await tx.alerts.repeat_at(episode.id, None)  # the one before was pushed, and once more, in its own time
    if episode.talked_at is not None:
        await tx.alerts.acknowledge(episode.id, episode.talked_at)
        await _move(tx, episode, Event.TALKED, episode.talked_at)


def _owns(visitor: Visitor, therapist_id: TherapistId) -> bool:
    return visitor.therapist is not None and visitor.therapist.id == therapist_id
