"""A practice in plain Python: what DESIGN §5 and §6 promise about every question, written without the bot's code.

`Life` is told what people do and what the clock says; it knows where every check-in must stand and what must have
been sent.  The machine in `tests/faults/test_life_machine.py` holds the real bot against it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

DELAY = timedelta(minutes=15)
REMINDER_AFTER = timedelta(hours=20)
EXPIRES_AFTER = timedelta(hours=72)
SHORTEST_OPEN = timedelta(minutes=30)
BEFORE_NEXT_SESSION = timedelta(hours=1)
INACTIVITY = timedelta(hours=1)
LATER = timedelta(hours=3)
CORRECTABLE = timedelta(minutes=15)
GRACE = timedelta(minutes=5)
GRACE_AT_MOST = timedelta(minutes=15)
QUIET_FROM, QUIET_UNTIL = time(21, 30), time(8, 30)
THERAPIST_QUIET_FROM, THERAPIST_QUIET_UNTIL = time(21), time(8)
MUCH_PENDING = 7
DROP = 4
"""Points of 20."""

ITEMS = ("understood", "sense", "pending")
WRITING = ("pending_words", "reflection")


class State(StrEnum):
    """Where a check-in stands; `UNASKED` is late or skipped."""

    PLANNED = "planned"
    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"
    NO_SESSION = "no_session"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    UNASKED = "unasked"


LEADS_TO = {
    State.PLANNED: {State.OPEN, State.CANCELLED, State.UNASKED},
    State.OPEN: {State.DONE, State.DECLINED, State.NO_SESSION, State.CLOSED, State.CANCELLED, State.UNASKED},
    State.CANCELLED: {State.PLANNED},
    State.UNASKED: {State.PLANNED, State.CANCELLED},
}
"""What may follow what; the other states are ends."""

NOT_COMPARED = (State.NO_SESSION, State.CANCELLED)


def reachable(before: State) -> set[State]:
    """Return every state that lawful steps lead to, `before` among them."""
    found, new = {before}, {before}
    while new:
        new = {after for one in new for after in LEADS_TO.get(one, ())} - found
        found |= new
    return found


def is_quiet(at: datetime, zone: ZoneInfo, since: time = QUIET_FROM, until: time = QUIET_UNTIL) -> bool:
    """Say whether nobody is written to at this instant."""
    local = at.astimezone(zone).time()
    return local >= since or local < until


def out_of_quiet(at: datetime, zone: ZoneInfo) -> datetime:
    """Return `at`, or the end of the quiet hours around it."""
    if not is_quiet(at, zone):
        return at
    local = at.astimezone(zone)
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_UNTIL, zone).astimezone(UTC)


def closing(asked_at: datetime, next_session_at: datetime | None) -> datetime:
    """Return `max(asked + 30 min, min(asked + 72 h, next session - 1 h))`."""
    latest = asked_at + EXPIRES_AFTER
    if next_session_at is not None:
        latest = min(latest, next_session_at - BEFORE_NEXT_SESSION)
    return max(asked_at + SHORTEST_OPEN, latest)


@dataclass
class Patient:
    """Who is asked."""

    code: str
    zone: ZoneInfo
    standing: str = "invited"
    left_at: datetime | None = None
    words: list[str] = field(default_factory=list)

    def due(self, ends_at: datetime) -> datetime:
        """Return when a session is asked about; while nobody has accepted, nobody has quiet hours."""
        return ends_at + DELAY if self.standing == "invited" else out_of_quiet(ends_at + DELAY, self.zone)


@dataclass
class CheckIn:
    """One session and its question."""

    id: int
    patient: Patient
    starts_at: datetime
    ends_at: datetime
    due_at: datetime
    state: State = State.PLANNED
    step: str = "understood"
    scores: dict[str, int] = field(default_factory=dict)
    takes_place: bool = True
    is_shown: bool = False
    was_put_off: bool = False
    asked_at: datetime | None = None
    touched_at: datetime | None = None
    answered_at: datetime | None = None
    closes_at: datetime | None = None
    remind_at: datetime | None = None
    again_at: datetime | None = None
    judged_at: datetime | None = None

    @property
    def alliance(self) -> int:
        """Return the sum of the two items."""
        return self.scores["understood"] + self.scores["sense"]

    def is_open(self, now: datetime) -> bool:
        """Say whether it takes an answer."""
        return self.state is State.OPEN and self.closes_at is not None and self.closes_at > now

    def falls_due(self) -> list[datetime]:
        """Return when something is to happen to it."""
        if self.state is State.PLANNED:
            return [self.due_at]
        return [at for at in (self.again_at, self.remind_at, self.closes_at, self.judged_at) if at is not None]

    def touch(self, now: datetime) -> None:
        """Note that the person is here."""
        self.closes_at = max(self.closes_at or now, now + INACTIVITY)
        self.touched_at, self.again_at, self.remind_at = now, None, None
        if self.answered_at is not None:
            latest = self.answered_at + GRACE_AT_MOST
            self.judged_at = now + GRACE if now >= latest else min(now + GRACE, latest)

    def end(self, state: State) -> None:
        """Leave it for good."""
        self.state, self.again_at, self.remind_at, self.closes_at = state, None, None, None
        if state in NOT_COMPARED and self.answered_at is not None:
            self.judged_at = self.judged_at or self.touched_at


@dataclass(frozen=True)
class Push:
    """Something a patient is sent unasked."""

    check_in: int
    kind: str
    at: datetime


class Life:
    """Everybody's questions."""

    def __init__(self, patients: list[Patient]) -> None:
        self.patients = {one.code: one for one in patients}
        self.check_ins: list[CheckIn] = []
        self.pushes: list[Push] = []
        self._delivered: set[Push] = set()

    def of(self, code: str) -> list[CheckIn]:
        """Return the check-ins of one patient."""
        return [one for one in self.check_ins if one.patient.code == code]

    def open_of(self, code: str) -> CheckIn | None:
        """Return the one that waits for an answer."""
        return next((one for one in self.of(code) if one.state is State.OPEN), None)

    # The agenda

    def next_start(self, code: str, after: datetime) -> datetime | None:
        """Return when the next session begins that takes place."""
        return min((one.starts_at for one in self.of(code) if one.takes_place and one.starts_at > after), default=None)

    def crosses(self, code: str, starts_at: datetime, ends_at: datetime, but: CheckIn | None = None) -> bool:
        """Say whether another session is in the way."""
        there = [one for one in self.of(code) if one.takes_place and one is not but]
        return any(one.starts_at < ends_at and one.ends_at > starts_at for one in there)

    def add(self, code: str, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
        """Note a session."""
        patient = self.patients[code]
        self.check_ins.append(CheckIn(len(self.check_ins) + 1, patient, starts_at, ends_at, patient.due(ends_at)))
        self._replan_closings(code, now)

    def move(self, one: CheckIn, starts_at: datetime, now: datetime) -> bool:
        """Put a session elsewhere, unless its question has left or another one is there."""
        ends_at = starts_at + (one.ends_at - one.starts_at)
        if one.asked_at is not None or self.crosses(one.patient.code, starts_at, ends_at, one):
            return False
        one.starts_at, one.ends_at, one.takes_place = starts_at, ends_at, True
        one.due_at = one.patient.due(ends_at)
        one.state = State.PLANNED
        self._replan_closings(one.patient.code, now)
        return True

    def call_off(self, one: CheckIn, now: datetime) -> bool:
        """Cancel a session, unless it was answered."""
        if one.answered_at is not None:
            return False
        one.takes_place = False
        if one.state in (State.PLANNED, State.OPEN):
            one.end(State.CANCELLED)
        self._replan_closings(one.patient.code, now)
        return True

    def restore(self, one: CheckIn, now: datetime) -> bool:
        """Let a session take place after all; it asks, unless it is too late for that."""
        if self.crosses(one.patient.code, one.starts_at, one.ends_at, one):
            return False
        if one.takes_place:
            return True
        one.takes_place = True
        due_at = one.patient.due(one.ends_at)
        if one.state is State.CANCELLED and not self._is_too_late(one, due_at, now):
            one.state, one.due_at, one.asked_at, one.touched_at = State.PLANNED, due_at, None, None
            one.was_put_off = False
        self._replan_closings(one.patient.code, now)
        return True

    def _is_too_late(self, one: CheckIn, due_at: datetime, now: datetime) -> bool:
        return now > due_at and closing(due_at, self.next_start(one.patient.code, one.ends_at)) <= now

    def _replan_closings(self, code: str, now: datetime) -> None:
        """Let a question that nobody has touched close as the next session wants it."""
        for one in self.of(code):
            if one.state is State.OPEN and one.touched_at is None and one.asked_at is not None:
                one.closes_at = closing(one.asked_at, self.next_start(code, one.ends_at))
                reminder = out_of_quiet(one.asked_at + REMINDER_AFTER, one.patient.zone)
                if not one.was_put_off and now < reminder < one.closes_at:
                    one.remind_at = reminder

    # Time

    def next_due(self, after: datetime) -> datetime | None:
        """Return when the next thing is to happen."""
        return min((at for one in self.check_ins for at in one.falls_due() if at > after), default=None)

    def look(self, now: datetime) -> None:
        """Do whatever is due at this instant, as often as it takes."""
        while due := sorted((min(one.falls_due()), one.id) for one in self.check_ins if self._is_due(one, now)):
            for _, number in due:
                self._advance(self.check_ins[number - 1], now)
            self._deliver(now)

    def _is_due(self, one: CheckIn, now: datetime) -> bool:
        return any(at <= now for at in one.falls_due())

    def _advance(self, one: CheckIn, now: datetime) -> None:
        if one.state is State.PLANNED:
            self._ask(one, now)
        elif one.state is State.OPEN and one.closes_at is not None and one.closes_at <= now:
            self._close(one, now)
        elif one.state is State.OPEN and one.again_at is not None and one.again_at <= now:
            one.again_at = self._write_again(one, "again", now)
        elif one.state is State.OPEN and one.remind_at is not None and one.remind_at <= now:
            one.remind_at = self._write_again(one, "reminder", now)
        if one.judged_at is not None and one.judged_at <= now:
            one.judged_at = None

    def _ask(self, one: CheckIn, now: datetime) -> None:
        if one.patient.standing != "active" or self._is_too_late(one, one.due_at, now):
            one.end(State.UNASKED)
            return
        at = out_of_quiet(now, one.patient.zone)
        if at > now:
            one.due_at = at
            return
        for earlier in self.of(one.patient.code):
            if earlier.state is State.OPEN:
                self._close(earlier, now)
        one.state, one.asked_at, one.is_shown = State.OPEN, now, False
        one.closes_at = closing(now, self.next_start(one.patient.code, one.ends_at))
        reminder = out_of_quiet(now + REMINDER_AFTER, one.patient.zone)
        one.remind_at = reminder if reminder < one.closes_at else None
        self.pushes.append(Push(one.id, "question", now))

    def _write_again(self, one: CheckIn, kind: str, now: datetime) -> datetime | None:
        """Ask again or remind; return when, if it cannot be now."""
        if one.patient.standing != "active":
            one.again_at = one.remind_at = None
            return None
        at = out_of_quiet(now, one.patient.zone)
        if at > now:
            return at
        self.pushes.append(Push(one.id, kind, now))
        return None

    def _close(self, one: CheckIn, now: datetime) -> None:
        if one.answered_at is not None:
            one.end(State.DONE)
        else:
            one.end(State.CLOSED if one.is_shown else State.UNASKED)
        about_to = [push for push in self.pushes if push.check_in == one.id and push.at == now]
        self.pushes = [push for push in self.pushes if push not in about_to or push in self._delivered]

    def _deliver(self, now: datetime) -> None:
        for push in self.pushes:
            if push.at == now:
                self.check_ins[push.check_in - 1].is_shown = True
                self._delivered.add(push)

    # The patient

    def scores(self, one: CheckIn, step: str, value: int, now: datetime) -> bool:
        """Take a number for the item at `step`; False when it does not stand there."""
        if not self._answers(one, now) or one.step != step or step not in ITEMS:
            return False
        one.scores[step] = value
        if one.answered_at is None and {"understood", "sense"} <= one.scores.keys():
            one.answered_at = now
        order = (*ITEMS, "reflection")
        much = step == "pending" and value >= MUCH_PENDING
        one.step = "pending_words" if much else order[order.index(step) + 1]
        one.touch(now)
        return True

    def goes_back(self, one: CheckIn, step: str, now: datetime) -> None:
        """*Atrás*."""
        if self._answers(one, now) and one.step == step and step != ITEMS[0]:
            one.step = ITEMS[ITEMS.index(step) - 1] if step in ITEMS else ITEMS[-1]
            one.touch(now)

    def goes_on(self, one: CheckIn, step: str, now: datetime) -> None:
        """*Listo*."""
        if self._answers(one, now) and one.step == step and step in WRITING:
            one.touch(now)
            self._after_writing(one, now)

    def _after_writing(self, one: CheckIn, now: datetime) -> None:
        if one.step == "pending_words":
            one.step = "reflection"
        else:
            one.step, one.closes_at = "summary", now + CORRECTABLE

    def puts_off(self, one: CheckIn, step: str, now: datetime) -> None:
        """*Más tarde*: again after three hours if that is in time, else it waits until it closes."""
        if self._answers(one, now) and one.step == step and one.closes_at is not None:
            at = out_of_quiet(now + LATER, one.patient.zone)
            one.again_at, one.remind_at, one.was_put_off = min(at, one.closes_at), None, True

    def takes_up(self, one: CheckIn, now: datetime) -> None:
        """*Contestar ahora*."""
        if self._answers(one, now):
            one.touch(now)

    def ends(self, one: CheckIn, state: State, now: datetime) -> None:
        """*Esta vez no*, *No hubo sesión*."""
        if self._answers(one, now):
            one.end(state)

    def corrects(self, one: CheckIn, now: datetime) -> None:
        """*Corregir*."""
        if self._answers(one, now) and one.step == "summary":
            one.step = ITEMS[0]
            one.touch(now)

    def writes(self, code: str, text: str, now: datetime) -> bool:
        """Take what was typed; False when no question is there to take it.

        It stands below the question, and was written after it whatever the clock says.
        """
        one = self.open_of(code)
        if one is None or not self._answers(one, now):
            return False
        if one.step in ITEMS and text.isdecimal():
            return int(text) > 10 or self.scores(one, one.step, int(text), now)
        one.patient.words.append(text)
        one.touch(now)
        if one.step not in ITEMS:
            self._after_writing(one, now)
        return True

    def _answers(self, one: CheckIn, now: datetime) -> bool:
        return one.is_open(now) and one.patient.standing in ("active", "paused")

    def leaves(self, code: str, now: datetime) -> None:
        """*Darme de baja*: everything stops at once."""
        patient = self.patients[code]
        patient.standing, patient.left_at, patient.words = "left", now, []
        for one in self.of(code):
            if one.state is State.OPEN:
                one.end(State.DONE if one.answered_at is not None else State.DECLINED)
            elif one.state is State.PLANNED:
                one.end(State.UNASKED)

    # The rules

    def drops(self, code: str) -> set[int]:
        """Return the check-ins whose alliance lies two points or more below the one answered before."""
        answered = [
            one
            for one in sorted(self.of(code), key=lambda one: (one.ends_at, one.id))
            if one.answered_at is not None and one.asked_at is not None and one.state not in NOT_COMPARED
        ]
        return {later.id for before, later in pairwise(answered) if before.alliance - later.alliance >= DROP}

    def is_judged(self, code: str) -> bool:
        """Say whether the rules have looked at everything."""
        return all(one.judged_at is None for one in self.of(code))

    def faces(self) -> Iterator[tuple[CheckIn, str]]:
        """Yield every open check-in with the step that its person must be looking at."""
        for one in self.check_ins:
            if one.state is State.OPEN:
                yield one, "later" if one.again_at is not None else one.step
