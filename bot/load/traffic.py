"""One bot's messages on a clock that jumps from one thing that happens to the next.

A message is wanted (something is due, or a person did something), waits for its turn, and leaves; what then follows is
planned from the instant at which it left.  A call takes no time here, and Telegram refuses nothing.  There are as many
calls as the real bot makes (`tests/load/test_calls.py`), without those that answer a tap and need no turn.
"""

import heapq
import math
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain import timing
from bot.domain.instrument import THREE_ITEMS
from bot.domain.model import Urgency
from bot.domain.turns import Chat, Turns
from bot.load.agenda import Instant, since, zone_of
from bot.load.figures import HOUR, Figures, Seconds, Waits
from bot.load.network import BEGINS, Network, Rules
from bot.services.delivery import HANDS, LATE

_BULK: Final = int(Urgency.BULK)
_LATE: Final = LATE.total_seconds()
_CORRECTABLE: Final = timing.CORRECTABLE.total_seconds()


class Case:
    """One check-in, or whatever else a message is about: who it goes to, and what is left to be done."""

    __slots__ = ("answers", "chat", "closes_at", "next_at", "taps", "therapist", "words", "zone")

    def __init__(self, chat: int, therapist: int, zone: ZoneInfo, next_at: float = math.inf) -> None:
        self.chat = chat
        self.therapist = therapist
        self.zone = zone
        self.next_at = next_at
        self.closes_at = math.inf
        self.answers = False
        self.taps = 0
        self.words = 0


Then = Callable[[Case], None]

_Planned = tuple[float, int, Callable[..., None], object]
"""When what happens to whom; the number keeps apart what happens at one instant."""


class Message:
    """A message that waits; `wanted_at`: since when."""

    __slots__ = ("case", "number", "then", "turn", "urgency", "waits", "wanted_at")
    gone = False
    turn: Chat["Message"]

    def __init__(
        self, urgency: int, number: int, wanted_at: float, waits: Waits, case: Case, then: Then | None
    ) -> None:
        self.urgency = urgency
        self.number = number
        self.wanted_at = wanted_at
        self.waits = waits
        self.case = case
        self.then = then


class Traffic:
    """All that leaves one bot."""

    def __init__(
        self,
        network: Network,
        rules: Rules,
        agenda: Sequence[tuple[float, Instant]],
        random: Random,
        figures: Figures,
    ) -> None:
        self._network = network
        self._habits = network.habits
        self._rules = rules
        self._random = random
        self._figures = figures
        self._seconds = Seconds(figures)
        self._now = agenda[0][0] if agenda else 0.0
        self._agenda = deque(agenda)
        self._turns: Turns[Message] = Turns(network.pace(), self._now)
        self._outbox: deque[Message] = deque()
        self._in_hand = 0
        self._coming: list[_Planned] = []
        self._near_until = -math.inf
        self._later: defaultdict[int, list[_Planned]] = defaultdict(list)
        self._numbers = count()
        self._look_at = math.inf

    def run(self) -> None:
        """Let everything happen, and count it; what happens at one instant, one after the other, as people write."""
        while (at := self._next_at()) < math.inf:
            self._now = at
            if self._agenda and self._agenda[0][0] <= at:
                self._falls_due(self._agenda.popleft()[1])
            while self._coming and self._coming[0][0] <= at:
                _, _, happens, what = heapq.heappop(self._coming)
                happens(what)
                self._send()
            self._send()

    def _next_at(self) -> float:
        if self._later and not self._coming:
            self._comes_near()
        due = self._agenda[0][0] if self._agenda else math.inf
        return min(due, self._coming[0][0] if self._coming else math.inf, self._look_at)

    def _falls_due(self, instant: Instant) -> None:
        of_one = self._habits.of_one_therapist
        self._figures.due += len(instant.asked)
        for patient, next_at in zip(instant.asked, instant.next_at, strict=True):
            case = self._case(patient, patient // of_one, next_at)
            self._put(self._figures.questions, case, self._asked)
        for therapist in instant.noted:
            self._write(Urgency.ALERT, self._figures.alerts, self._of_therapist(therapist))
        for therapist in instant.digests:
            self._put(self._figures.others, self._of_therapist(therapist), self._charted)

    def _case(self, chat: int, therapist: int, next_at: float = math.inf) -> Case:
        return Case(chat, therapist, zone_of(self._network, therapist), next_at)

    def _of_therapist(self, therapist: int) -> Case:
        return self._case(-1 - therapist, therapist)

    # What happens in a check-in

    def _asked(self, case: Case) -> None:
        asked_at, next_at = self._instant(self._now), self._instant(case.next_at)
        closes_at = timing.closing(asked_at, next_at, self._rules.times)
        case.closes_at = since(closes_at)
        luck = self._random.random()
        case.answers = luck < self._habits.answered
        reminded_at = timing.reminder(asked_at, closes_at, self._rules.times, case.zone)
        if reminded_at is None or luck < self._habits.answered * self._habits.at_once:
            self._answers_or_not(case)
        else:
            self._at(since(reminded_at), self._reminds, case)

    def _reminds(self, case: Case) -> None:
        self._put(self._figures.others, case, self._reminded)

    def _reminded(self, case: Case) -> None:
        """Take the keyboard off the message before."""
        self._write(Urgency.BULK, self._figures.others, case)
        self._answers_or_not(case)

    def _answers_or_not(self, case: Case) -> None:
        begins_at = self._now + self._drawn(self._habits.takes)
        if case.answers and begins_at < case.closes_at:
            self._at(begins_at, self._begins, case)
        else:
            self._at(case.closes_at, self._shown, case)

    def _begins(self, case: Case) -> None:
        invitations = 1 + (self._random.random() < self._habits.pending)
        case.words = sum(self._random.random() < self._habits.writes for _ in range(invitations))
        case.taps = len(THREE_ITEMS) + invitations - case.words
        self._goes_on(case)

    def _goes_on(self, case: Case) -> None:
        """Plan what comes next; when all is said, the buttons to correct it go, and the rules look at it."""
        if case.taps:
            case.taps -= 1
            self._after(self._drawn(self._habits.thinks), self._taps, case)
        elif case.words:
            case.words -= 1
            self._after(self._drawn(self._habits.types), self._says, case)
        else:
            self._after(_CORRECTABLE, self._shown, case)
            if self._random.random() < self._habits.alerts:
                self._after(self._rules.times.grace.total_seconds(), self._alerts, case)

    def _taps(self, case: Case) -> None:
        self._write(Urgency.REPLY, self._figures.replies, case, self._goes_on)

    def _says(self, case: Case) -> None:
        """Answer words by a new message; the one before loses its keyboard."""
        self._write(Urgency.REPLY, self._figures.replies, case, self._goes_on)
        self._write(Urgency.REPLY, self._figures.replies, case)

    def _shown(self, case: Case) -> None:
        """Show as it stands what is over."""
        self._write(Urgency.REPLY, self._figures.replies, case)

    # What therapists see

    def _alerts(self, case: Case) -> None:
        self._write(Urgency.ALERT, self._figures.alerts, self._of_therapist(case.therapist), self._alerted)

    def _alerted(self, case: Case) -> None:
        self._after(self._drawn(self._habits.looks), self._looks, case)

    def _looks(self, case: Case) -> None:
        """Say more of an alert where it stands, and send a chart; then it is marked as seen, or pushed once more."""
        self._write(Urgency.REPLY, self._figures.replies, case, self._looked)

    def _looked(self, case: Case) -> None:
        self._shown(case)
        self._after(self._drawn(self._habits.types), self._shown, case)

    def _charted(self, case: Case) -> None:
        self._write(Urgency.BULK, self._figures.others, case)

    # How it leaves

    def _put(self, waits: Waits, case: Case, then: Then) -> None:
        """Let something that goes to many wait for a hand."""
        self._outbox.append(self._message(Urgency.BULK, waits, case, then))

    def _write(self, urgency: Urgency, waits: Waits, case: Case, then: Then | None = None) -> None:
        self._join(self._message(urgency, waits, case, then))

    def _message(self, urgency: Urgency, waits: Waits, case: Case, then: Then | None) -> Message:
        return Message(int(urgency), next(self._numbers), self._now, waits, case, then)

    def _join(self, message: Message) -> None:
        self._in_hand += message.urgency == _BULK
        message.turn = self._turns.enter(message.case.chat, self._now)
        self._turns.join(message.turn, message, self._now)

    def _send(self) -> None:
        self._take_up()
        admitted, wait = self._turns.leaving(self._now)
        while admitted:
            for message in admitted:
                self._left(message)
            self._take_up()
            admitted, wait = self._turns.leaving(self._now)
        self._look_at = self._now + wait

    def _take_up(self) -> None:
        while self._in_hand < HANDS and self._outbox:
            message = self._outbox.popleft()
            if not self._waits_longer(message):
                self._join(message)

    def _waits_longer(self, message: Message) -> bool:
        """Hold back until the morning what is late; ask no more what would be over by now."""
        if self._now - message.wanted_at < _LATE:
            return False
        case, now = message.case, self._instant(self._now)
        if message.waits is self._figures.questions:
            wanted_at = self._instant(message.wanted_at)
            if timing.too_late(wanted_at, self._instant(case.next_at), self._rules.times, now):
                self._figures.not_asked += 1
                return True
        later = timing.out_of_quiet(now, case.zone, self._rules.times.quiet)
        if later > now:
            self._at(since(later), self._outbox.append, message)
        return later > now

    def _left(self, message: Message) -> None:
        self._turns.arrived(message.turn, self._now)
        self._turns.end(message.turn, self._now)
        self._in_hand -= message.urgency == _BULK
        message.waits.add(self._now - message.wanted_at)
        self._seconds.left(self._now)
        if message.then is not None:
            message.then(message.case)

    # Time

    def _at(self, at: float, happens: Callable[..., None], what: object) -> None:
        planned = (at, next(self._numbers), happens, what)
        if at < self._near_until:
            heapq.heappush(self._coming, planned)
        else:
            self._later[int(at // HOUR)].append(planned)

    def _comes_near(self) -> None:
        """Put the next hour in order: to keep a million things in order that happen next week takes longer."""
        hour = min(self._later)
        self._coming, self._near_until = self._later.pop(hour), (hour + 1) * HOUR
        heapq.heapify(self._coming)

    def _after(self, seconds: float, happens: Then, case: Case) -> None:
        self._at(self._now + seconds, happens, case)

    def _drawn(self, mean: timedelta) -> float:
        return self._random.expovariate(1.0) * mean.total_seconds()

    def _instant(self, seconds: float) -> datetime:
        return BEGINS + timedelta(seconds=seconds)
