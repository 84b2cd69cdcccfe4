"""The weekly digest: when it is due, and what a therapist's week looked like."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.domain import guessing, timing, weeks
from bot.domain.alliance import Entry, Outcome, Rules
from bot.domain.guessing import Gap
from bot.domain.model import (
    CheckInId,
    CheckInLine,
    CheckInState,
    Patient,
    PatientState,
    Points,
    Score,
    Therapist,
    TreatmentId,
    Urgency,
    Visitor,
)
from bot.domain.notices import WeeklyDigest
from bot.domain.post import Receipt
from bot.domain.weeks import DigestView
from bot.services.ports import Store

CHARTED: Final = timedelta(weeks=26)
"""How far back the chart marks falls and repairs, and shows patients at all."""

JOINS_WITHIN: Final = 2 * timing.WEEK
"""A change of day or zone moves the next digest by less than a week; more than that was an outage."""

ASKED_GOOD_FOR: Final = timedelta(hours=12)

IN_TREATMENT: Final = frozenset({PatientState.ACTIVE, PatientState.PAUSED, PatientState.UNREACHABLE})
"""Whom the digest counts: who has accepted, and has not left since."""


class Digests:
    """The verbs of the digest."""

    def __init__(self, store: Store, clock: Clock, weekday: int, hour: int, rules: Rules) -> None:
        self._store = store
        self._clock = clock
        self._weekday = weekday
        self._hour = hour
        self._rules = rules

    async def run_due(self) -> int:
        """Write the digests that are due; after an outage, one for the newest missed week, out of quiet hours."""
        now = self._clock.now()
        async with self._store.reading() as tx:
            due = await tx.people.therapists_due(now)
        for therapist in due:
            await self._write(therapist, now)
        return len(due)

    async def _write(self, therapist: Therapist, now: datetime) -> None:
        next_at = timing.next_weekly(now, self._weekday, self._hour, therapist.zone)
        until = max(therapist.digest_at, timing.week_before(next_at, therapist.zone))
        since = _since(therapist.digested_at, until) or timing.week_before(until, therapist.zone)
        async with self._store.transaction() as tx:
            notice = WeeklyDigest(since, until)
            key = f"digest:{therapist.id}:{until.isoformat()}"
            await tx.outbox.put(notice, therapist.person_id, Urgency.BULK, until, key)
            await tx.people.set_digested_at(therapist.id, until)
            await tx.people.set_digest_at(therapist.id, next_at)

    async def ask(self, visitor: Visitor, receipt: Receipt) -> bool:
        """Send the last seven days now; False if the visitor is no therapist."""
        therapist, now = visitor.therapist, self._clock.now()
        if therapist is None:
            return False
        async with self._store.transaction(receipt) as tx:
            notice = WeeklyDigest(timing.week_before(now, therapist.zone), now)
            not_after = now + ASKED_GOOD_FOR
            await tx.outbox.put(notice, therapist.person_id, Urgency.REPLY, now, f"summary:{receipt}", not_after)
        return True

    async def view(self, therapist: Therapist, since: datetime, until: datetime) -> DigestView:
        """Return the facts of the sessions that ended after `since` and until `until`.

        The day of `since` belongs to the digest before: the days shown begin with the next one.
        """
        first_on = since.astimezone(therapist.zone).date() + timedelta(days=1)
        async with self._store.reading() as tx:
            to_guess = guessing.withheld(await tx.guesses.unseen_of(therapist.id), self._clock.now())
            history = [_blind(line, to_guess) for line in await tx.check_ins.lines(therapist.id, until)]
            lines = [line for line in history if _belongs(line, since, until)]
            courses = _blind_courses(weeks.by_code(await tx.courses.of_therapist(therapist.id), history), to_guess)
            patients = await tx.people.patients_of(therapist.id)
            unasked = await tx.check_ins.unasked(therapist.id, since, until)
            this_week, codes = {line.id for line in lines}, {line.code for line in lines}
            return DigestView(
                first_on=first_on,
                last_on=until.astimezone(therapist.zone).date(),
                zone=therapist.zone,
                lines=lines,
                history=history,
                episodes=[one for one in await tx.alerts.episodes(therapist.id, since) if one.followed or not one.live],
                urgent=await tx.concerns.unfinished(therapist.id),
                sessions=await tx.sessions.count(therapist.id, since, until),
                patients=sum(one.state in IN_TREATMENT for one in patients),
                invited=sum(one.state is PatientState.INVITED for one in patients),
                courses=courses,
                noted=weeks.noted(courses, this_week, first_on, therapist.zone, self._rules),
                charted_since=until - CHARTED,
                charted=await tx.alerts.episodes(therapist.id, until - CHARTED),
                precision=await tx.alerts.precision(therapist.id),
                rules=self._rules,
                late=unasked.get(CheckInState.LATE, 0),
                unreachable=unasked.get(CheckInState.UNREACHABLE, 0),
                to_guess=to_guess,
                gaps=_gaps(patients, await tx.guesses.pairs(therapist.id)),
                agreements=[one for one in await tx.records.standing(therapist.id) if one.code in codes],
            )


def _blind(line: CheckInLine, to_guess: Collection[CheckInId]) -> CheckInLine:
    """Take the numbers out of a line that is guessed first: nothing that is made of it can show them."""
    return replace(line, alliance=None, pending=None) if line.id in to_guess else line


def _blind_courses(
    courses: Mapping[str, Sequence[Entry]], to_guess: Collection[CheckInId]
) -> Mapping[str, Sequence[Entry]]:
    """Take out of the courses what is guessed first: neither a rule nor a chart can tell it."""
    return {
        code: [_passed(one) if one.check_in_id in to_guess else one for one in course]
        for code, course in courses.items()
    }


def _passed(entry: Entry) -> Entry:
    return replace(entry, outcome=Outcome.PASSED, scores={}, left_words=False)


def _gaps(patients: Sequence[Patient], pairs: Mapping[TreatmentId, Sequence[tuple[Score, Points]]]) -> dict[str, Gap]:
    """Return by code how the guesses differ from the scores, of patients of whom enough is known."""
    made = {one.code: guessing.gap(pairs.get(one.treatment_id, ())) for one in patients}
    return {code: gap for code, gap in made.items() if gap is not None}


def _since(digested_at: datetime | None, until: datetime) -> datetime | None:
    """Begin where the digest before ended, though its day, hour or zone has changed since; not after an outage."""
    joins = digested_at is not None and timedelta(0) < until - digested_at < JOINS_WITHIN
    return digested_at if joins else None


def _belongs(line: CheckInLine, since: datetime, until: datetime) -> bool:
    """Say whether the session was in the period, or what became of an earlier one's question was settled in it."""
    settled = any(at is not None and since < at <= until for at in (line.touched_at, line.ended_at))
    return line.session_ends_at > since or settled
