"""The microchequeo about one session, from the side of the person: tapping, typing, correcting, writing.

When it is asked, reminded and closed: `bot.services.asking`.

Each verb is one transaction that changes the check-in and writes what it causes; what the person then sees is the
business of whoever called.  Answers to taps come back as `Taken`, so that the same message can be edited in place;
what needs a new message (typed words, *Más tarde*, a reminder) goes through the outbox.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain import carried, timing, typed
from bot.domain import check_in as transitions
from bot.domain.carried import TakenUp
from bot.domain.errors import StoreDamagedError, StoreUnavailableError
from bot.domain.hours import QuietHours
from bot.domain.manner import sounds_alike
from bot.domain.model import (
    CheckIn,
    CheckInId,
    CheckInState,
    Patient,
    PatientState,
    Person,
    PersonId,
    Score,
    Step,
    Urgency,
    Visitor,
    WordsKind,
)
from bot.domain.notices import NoSessionClaimed, Question, WordsKept, WordsLeft
from bot.domain.post import Receipt, Sent, Source
from bot.domain.timing import CheckInTimes
from bot.services.carrying import LeftPending, left_pending
from bot.services.ports import Store, Tx
from bot.services.ports_metrics import NOBODY, Recorder

AT_ONCE: Final = 100
"""Rows per look; the tick looks again while there are more."""

CLOCKS_APART: Final = timedelta(seconds=5)
"""How far Telegram's clock and ours may be apart."""

Change = Callable[[CheckIn, datetime], CheckIn | None]

log = structlog.get_logger()


class Tap(StrEnum):
    """What became of a tap."""

    KEPT = "kept"
    STALE = "stale"
    OVER = "over"
    NOT_YOURS = "not_yours"


@dataclass(frozen=True, slots=True)
class Taken:
    """A tap and the check-in as it stands now; None when it is not the person's."""

    tap: Tap
    check_in: CheckIn | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """Typed input that was taken; the next question is on its way."""


@dataclass(frozen=True, slots=True)
class NothingOpen:
    """Typed input while no question is open."""


Typed = Kept | NothingOpen | typed.OutOfRange | typed.NotWhole | typed.Unclear
Refused = typed.OutOfRange | typed.NotWhole | typed.Unclear


class CheckIns:
    """The verbs of the check-in."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        times: CheckInTimes,
        therapist_quiet: QuietHours,
        recorder: Recorder = NOBODY,
    ) -> None:
        self._recorder = recorder
        self._store = store
        self._clock = clock
        self._times = times
        self._therapist_quiet = therapist_quiet

    # What a person does with the buttons

    async def score(
        self, visitor: Visitor, check_in_id: CheckInId, step: Step, value: Score, receipt: Receipt
    ) -> Taken:
        """Record a score for the item at `step`."""
        taken = await self._tap(
            visitor, check_in_id, receipt, lambda open_, now: transitions.score(open_, step, value, now, self._times)
        )
        if taken.tap is Tap.KEPT:
            self._recorder.answer_kept()
        return taken

    async def back(self, visitor: Visitor, check_in_id: CheckInId, step: Step, receipt: Receipt) -> Taken:
        """Go back one question."""
        return await self._tap(
            visitor, check_in_id, receipt, lambda open_, now: transitions.back(open_, step, now, self._times)
        )

    async def done(self, visitor: Visitor, check_in_id: CheckInId, step: Step, receipt: Receipt) -> Taken:
        """Pass over an invitation to write."""
        return await self._tap(
            visitor, check_in_id, receipt, lambda open_, now: transitions.done(open_, step, now, self._times)
        )

    async def taken_up(self, visitor: Visitor, check_in_id: CheckInId, answer: TakenUp, receipt: Receipt) -> Taken:
        """Record whether what was left pending the time before was taken up."""
        return await self._tap(
            visitor, check_in_id, receipt, lambda open_, now: transitions.taken_up(open_, answer, now, self._times)
        )

    async def left_pending(self, visitor: Visitor, check_in_id: CheckInId) -> LeftPending | None:
        """Return what a person left pending the time before; None if the check-in is not theirs, or does not ask."""
        async with self._store.reading() as tx:
            current = await tx.check_ins.get(check_in_id)
            if current is None or not _answers(visitor, current) or current.taken_up is None:
                return None
            return await left_pending(tx, current)

    async def correct(self, visitor: Visitor, check_in_id: CheckInId, receipt: Receipt) -> Taken:
        """Start again from the summary."""
        return await self._tap(
            visitor, check_in_id, receipt, lambda open_, now: transitions.correct(open_, now, self._times)
        )

    async def answer_now(self, visitor: Visitor, check_in_id: CheckInId, receipt: Receipt) -> Taken:
        """Take up a question that was put off."""
        return await self._tap(
            visitor, check_in_id, receipt, lambda open_, now: transitions.touched(open_, now, self._times)
        )

    async def later(self, visitor: Visitor, check_in_id: CheckInId, step: Step, receipt: Receipt) -> Taken:
        """Put the question off."""

        def put_off(open_: CheckIn, now: datetime) -> CheckIn | None:
            if visitor.person is None:
                return None
            times = self._times.resting(visitor.person.quiet)
            return transitions.later(open_, step, now, times, visitor.person.voice.zone)

        return await self._tap(visitor, check_in_id, receipt, put_off)

    async def decline(self, visitor: Visitor, check_in_id: CheckInId, receipt: Receipt) -> Taken:
        """*Esta vez no*: recorded as such, never as silence."""
        return await self._tap(visitor, check_in_id, receipt, transitions.declined)

    async def no_session(self, visitor: Visitor, check_in_id: CheckInId, receipt: Receipt) -> Taken:
        """*No hubo sesión*: neither answered nor silent; the therapist is asked to confirm."""

        async def tell(tx: Tx, check_in: CheckIn, now: datetime) -> None:
            patient = await tx.people.patient(check_in.patient_id)
            claim = NoSessionClaimed(check_in.id, patient.code, check_in.session_ends_at)
            await self._tell_therapist(tx, patient, claim, now, f"no-session:{check_in.id}")

        return await self._tap(
            visitor,
            check_in_id,
            receipt,
            lambda open_, _: transitions.ended(open_, CheckInState.NO_SESSION),
            then=tell,
        )

    async def _tap(
        self,
        visitor: Visitor,
        check_in_id: CheckInId,
        receipt: Receipt,
        change: Change,
        then: Callable[[Tx, CheckIn, datetime], Awaitable[None]] | None = None,
    ) -> Taken:
        now = self._clock.now()
        async with self._store.transaction(receipt, of=_whose(visitor)) as tx:
            current = await tx.check_ins.get(check_in_id)
            if current is None or not _answers(visitor, current):
                return Taken(Tap.NOT_YOURS)
            if current.state is not CheckInState.OPEN:
                return Taken(Tap.OVER, current)
            if transitions.over(current, now):
                return Taken(Tap.OVER, transitions.closed(current))
            changed = change(current, now)
            if changed is None:
                return Taken(Tap.STALE, current)
            changed = transitions.opened(changed, now)
            await tx.check_ins.save(changed, now)
            if then is not None:
                await then(tx, changed, now)
            return Taken(Tap.KEPT, changed)

    # What a person types

    async def typed(
        self,
        visitor: Visitor,
        text: str,
        source: Source,
        receipt: Receipt,
        sent_at: datetime | None = None,
        *,
        silently: bool = False,
    ) -> Typed:
        """Take typed input: a number where one is asked, else words; the next question comes as a new message.

        `silently`, the tick brings the present message up to date instead.

        What was written (`sent_at`) before the question was asked, or before it arrived, is no answer to it.
        """
        if visitor.person is None:
            return NothingOpen()
        now = self._clock.now()
        async with self._store.transaction(of=visitor.person.id) as tx:
            current = await tx.check_ins.open_of(visitor.person.id)
            if (
                current is None
                or not _answers(visitor, current)
                or transitions.over(current, now)
                or await _not_meant(tx, current, source, timing.sending(sent_at, now))
            ):
                return NothingOpen()
            answer = carried.read(text) if current.step is Step.TAKEN_UP else None
            read = typed.read_score(text) if transitions.current_item(current) else answer or typed.Words()
            match read:
                case TakenUp():
                    answered = transitions.taken_up(current, read, now, self._times)
                    await tx.check_ins.save(answered or current, now)
                case typed.Number(value=value):
                    scored = transitions.score(current, current.step, Score(value), now, self._times)
                    await tx.check_ins.save(scored or current, now)
                case typed.Words():
                    await self._take_words(tx, current, text, source, now)
                case refused:
                    return refused
            if not silently:
                question = Question(current.id, kept=isinstance(read, typed.Words))
                await tx.outbox.put(question, visitor.person.id, Urgency.REPLY, now, f"typed:{receipt}")
            await tx.inbox.finish(receipt, now)
        if isinstance(read, typed.Number):
            self._recorder.answer_kept()
        return Kept()

    async def _take_words(self, tx: Tx, current: CheckIn, text: str, source: Source, now: datetime) -> None:
        taken = transitions.words(current, now, self._times)
        if taken is not None:
            changed, kind = taken
            await tx.check_ins.add_words(current.patient_id, current.id, kind, text, source, now)
            await tx.check_ins.save(changed, now)

    async def show_again(self, visitor: Visitor, receipt: Receipt) -> None:
        """Bring a question that is being answered below what was said meanwhile, in a new message."""
        now = self._clock.now()
        if visitor.person is None:
            return
        async with self._store.transaction(receipt, of=visitor.person.id) as tx:
            current = await tx.check_ins.open_of(visitor.person.id)
            waits = current is not None and current.ask_again_at is None and current.step is not Step.SUMMARY
            if current is not None and waits and _answers(visitor, current) and not transitions.over(current, now):
                await tx.outbox.put(Question(current.id), visitor.person.id, Urgency.REPLY, now, f"below:{receipt}")

    async def edited(self, visitor: Visitor, text: str, source: Source, receipt: Receipt) -> bool:
        """Let an edited message change the words it became; False when that is no longer possible."""
        if visitor.patient is None:
            return False
        now = self._clock.now()
        async with self._store.transaction(of=_whose(visitor)) as tx:
            changed = await tx.check_ins.change_words(source, text, now)
            if changed:
                await tx.inbox.finish(receipt, now)
            return changed

    async def leave_words(self, visitor: Visitor, text: str, source: Source, receipt: Receipt) -> bool:
        """Keep words written outside a check-in and tell the therapist that there are some."""
        now = self._clock.now()
        patient = visitor.patient
        if patient is None or visitor.person is None or patient.state not in _IN_CONTACT:
            return False
        async with self._store.transaction(receipt, of=visitor.person.id) as tx:
            words_id = await tx.check_ins.add_words(patient.id, None, WordsKind.MESSAGE, text, source, now)
            await self._tell_therapist(tx, patient, WordsLeft(words_id, patient.code), now, f"left:{words_id}")
            await tx.outbox.put(WordsKept(patient.id), visitor.person.id, Urgency.REPLY, now, f"kept:{words_id}")
        return True

    async def lagging(self, now: datetime) -> list[tuple[Person, CheckIn]]:
        """Return check-ins whose person was last shown something outdated, with the person to show it to."""
        await self._store.catch_up()
        async with self._store.reading() as tx:
            late = await tx.check_ins.lagging(now, AT_ONCE)
        return [found for check_in_id in late if (found := await self._guarded(check_in_id, now)) is not None]

    async def _guarded(self, check_in_id: CheckInId, now: datetime) -> tuple[Person, CheckIn] | None:
        try:
            return await self._whose(check_in_id)
        except StoreUnavailableError:
            raise
        except Exception as fault:  # noqa: BLE001 - the guard of one row; the others go on
            log.error("a check-in cannot be shown", check_in=check_in_id, error=type(fault).__name__)
            with suppress(StoreDamagedError):  # so that it never stands before what can be shown
                async with self._store.transaction() as tx:
                    await tx.check_ins.show_later(check_in_id, now + timing.PASSED_OVER)
            return None

    async def _whose(self, check_in_id: CheckInId) -> tuple[Person, CheckIn] | None:
        async with self._store.reading() as tx:
            check_in = await tx.check_ins.get(check_in_id)
            if check_in is None or check_in.person_id is None:
                return None
            return await tx.people.person(check_in.person_id), check_in

    async def shown(self, check_in: CheckIn, sent: Sent, to: Person | None = None) -> None:
        """Note what the person sees now; `to`: as they were when it left, who may have chosen other words since."""
        if sent.face is None or sent.message_id is None:
            return
        now = self._clock.now()
        async with self._store.transaction(of=check_in.person_id) as tx:
            await tx.check_ins.mark_shown(check_in.id, sent.face, sent.message_id, sent.text_version, now)
            if to is not None and not sounds_alike((await tx.people.person(to.id)).voice, to.voice):
                await tx.check_ins.show_later(check_in.id, now)

    async def replied(self, check_in: CheckIn, sent: Sent) -> None:
        """Note what the reply to a tap shows: a message that has only changed is noted along with whatever comes next.

        If that is lost, the tick changes the message once more to what it says already.
        """
        if sent.message_id is None or sent.message_id != check_in.message_id:
            await self.shown(check_in, sent)
            return
        now = self._clock.now()
        if check_in.person_id is not None:
            self._store.along(lambda tx: tx.check_ins.mark_face(check_in, sent, now), check_in.person_id)

    async def _tell_therapist(
        self, tx: Tx, patient: Patient, notice: NoSessionClaimed | WordsLeft, now: datetime, key: str
    ) -> None:
        therapist = await tx.people.therapist(patient.therapist_id)
        at = timing.out_of_quiet(now, therapist.zone, therapist.rests(self._therapist_quiet))
        await tx.outbox.put(notice, therapist.person_id, Urgency.ALERT, at, key)


_IN_CONTACT: Final = (PatientState.ACTIVE, PatientState.PAUSED)


def _whose(visitor: Visitor) -> PersonId | None:
    return visitor.person.id if visitor.person is not None else None


def _answers(visitor: Visitor, check_in: CheckIn) -> bool:
    """Say whether this account may answer: the patient's own, and they have not withdrawn their consent."""
    mine = [patient.state for patient in visitor.patients if patient.id == check_in.patient_id]
    return bool(mine) and mine[0] in _IN_CONTACT


async def _not_meant(tx: Tx, check_in: CheckIn, source: Source, sent_at: datetime | None) -> bool:
    """Say whether words cannot be meant for this question: it is known not to have arrived, or was asked after them.

    A question that was never marked as sent may have arrived all the same (a kill between sending and marking).  What
    stands below the question was written after it, whatever the machine's clock said when it was asked.
    """
    if check_in.message_id is None and await tx.outbox.is_held_up(check_in.id):
        return True
    if check_in.message_id is not None and source.message_id > check_in.message_id:
        return False
    if sent_at is None or check_in.asked_at is None:
        return False
    return sent_at < check_in.asked_at - CLOCKS_APART or await tx.outbox.came_late(check_in.id, sent_at + CLOCKS_APART)
