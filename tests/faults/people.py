"""People who answer whatever stands on their phone, once, and remember what they said: the truth to compare with."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from bot.clock import SystemClock, VirtualClock
from bot.demo.phone import Phone
from bot.demo.state import Message
from bot.domain.errors import StoreUnavailableError
from bot.domain.instrument import MUCH_PENDING
from bot.domain.model import CheckInId, InboxId, Person, Step, Therapist, WordsKind
from bot.domain.post import Receipt
from bot.keys import Keys, load_keys
from bot.services.agenda import Agenda, NotNoted, PerhapsTheSame
from bot.services.planning import Planner, Span
from handlers import actions, keyboards
from storage.columns import KeyRing
from storage.database import Database
from storage.engine import make_engine
from tests.practice import Practice
from tests.process import BotProcess

THERAPIST = 100
FIRST_PATIENT = 200
FIRST_SESSION_AGO = timedelta(hours=70)
BETWEEN_SESSIONS = timedelta(minutes=12)
"""So that there are enough of them within three days for a thousand lives of the bot: 350 for each patient."""

LENGTH = timedelta(minutes=10)
AGAIN_AFTER = 0.2
PATIENCE = 400.0
"""Seconds after which a patient gives up, and the run has failed: on a busy machine, killing and all, this is long."""

STEADY = ((9, 9), (9, 10), (8, 9), (10, 9))
FALLEN = ((4, 5), (3, 4), (5, 4), (3, 5))
"""Alliance answers: within each group no fall of four, nor of three in one item, between them always one that stays."""

ONES = ("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez")


@dataclass
class Said:
    """What people told the bot through Telegram, and what must therefore be in its database."""

    scores: dict[tuple[int, str], int] = field(default_factory=dict)
    words: Counter[tuple[int, str, str]] = field(default_factory=Counter)
    fallen: set[str] = field(default_factory=set)
    sessions: int = 0


@asynccontextmanager
async def within(bot: BotProcess, ago: timedelta = timedelta()) -> AsyncIterator[Practice]:
    """Let a bot work on the same folder inside this process, on a clock that is behind; it is gone afterwards."""
    clock = VirtualClock(SystemClock().now() - ago)
    practice = Practice(bot.folder, clock, bot.telegram, load_keys(bot.config), settings=bot.settings)
    await practice.start()
    try:
        yield practice
    finally:
        await practice.stop()


async def enrol(bot: BotProcess, patients: int, *, therapists: int = 1) -> tuple[Phone, list[Phone]]:
    """Let therapists come in, and their patients in turn; return the phone of the first, and of each patient."""
    async with within(bot) as practice:
        theirs = [await practice.therapist(THERAPIST + number) for number in range(therapists)]
        ruiz, numbers = theirs[0], range(1, patients + 1)
        phones = [await practice.patient(theirs[n % therapists], code(n), FIRST_PATIENT + n) for n in numbers]
    return ruiz, phones


def code(number: int) -> str:
    """Return the code of the patient with that number."""
    return f"P-{number:02}"


def number_of(patient: str) -> int:
    """Return the number of the patient with that code."""
    return int(patient.removeprefix("P-"))


class Calendar:
    """Notes sessions through the real service from a second process, as the command line would."""

    def __init__(self, agenda: Agenda, therapists: Sequence[tuple[Therapist, Person]], said: Said) -> None:
        self._agenda = agenda
        self._therapists = therapists
        self._said = said
        self._began_at = SystemClock().now() - FIRST_SESSION_AGO
        self._noted: Counter[str] = Counter()
        self._receipt = 0

    async def note(self, patient: str) -> None:
        """Note the patient's next session: soon after the one before, all of them in the last three days.

        AssertionError when there is no time left in these: whoever waited for the question would wait in vain.
        """
        self._noted[patient] += 1
        self._said.sessions += 1
        ends_at = self._began_at + BETWEEN_SESSIONS * self._noted[patient]
        assert ends_at < SystemClock().now(), f"{patient} has had {self._noted[patient]} sessions"
        span = Span(ends_at - LENGTH, ends_at)
        self._receipt -= 1  # belongs to no update
        assert await self._refused(patient, span, Receipt(InboxId(self._receipt))) is None

    async def _refused(self, patient: str, span: Span, receipt: Receipt) -> NotNoted | PerhapsTheSame | None:
        """Note a session; again when the database went away over it, which may have been after it was noted."""
        therapist, person = self._therapists[number_of(patient) % len(self._therapists)]
        is_again = False
        while True:
            try:
                refused = await self._agenda.note(therapist.id, patient, span, person, receipt)
            except StoreUnavailableError:
                is_again = True
                await asyncio.sleep(AGAIN_AFTER)
            else:
                return None if is_again and refused is NotNoted.OVERLAP else refused


@asynccontextmanager
async def calendar(bot: BotProcess, said: Said, *, therapists: int = 1) -> AsyncIterator[Calendar]:
    """Open the database beside the running bot."""
    config, clock = bot.config, SystemClock()
    async with Database(make_engine(config.database.url), ring(load_keys(config)), clock.now) as store:
        async with store.reading() as tx:
            visitors = [await tx.people.visitor(THERAPIST + number) for number in range(therapists)]
        theirs = [(one.therapist, one.person) for one in visitors if one.therapist and one.person]
        assert len(theirs) == therapists
        agenda = Agenda(store, clock, Planner(config.check_in_times(), config.items()))
        yield Calendar(agenda, theirs, said)


def ring(keys: Keys) -> KeyRing:
    """Return the keys as the store wants them."""
    return KeyRing(keys.seal, keys.index)


def stands_at(message: Message) -> tuple[CheckInId, Step] | None:
    """Say which question of which check-in a message asks, by its buttons."""
    for data in (button.data for row in message.keyboard for button in row):
        match keyboards.decode(data or ""):
            case actions.ScoreTap(check_in=check_in, step=step) | actions.Done(check_in=check_in, step=step):
                return check_in, step
            case actions.Correct(check_in=check_in):
                return check_in, Step.SUMMARY
    return None


class Patient:
    """Answers each question once, by tapping or typing, and never again: what Telegram took, the bot must keep."""

    def __init__(self, phone: Phone, name: str, rng: random.Random, said: Said) -> None:
        self._phone = phone
        self._rng = rng
        self._said = said
        self._known: set[CheckInId] = set()
        self._comments = 0
        self.name = name

    async def answers(self, scores: tuple[int, int]) -> None:
        """Go through the next check-in to its summary."""
        check_in = await self._next_check_in()
        values = (*scores, self._rng.randint(0, 10))
        for step, value in zip((Step.UNDERSTOOD, Step.SENSE, Step.PENDING), values, strict=True):
            await self._score(check_in, step, value)
        if values[-1] >= MUCH_PENDING:
            await self._write(check_in, Step.PENDING_WORDS, WordsKind.PENDING)
        await self._write(check_in, Step.REFLECTION, WordsKind.REFLECTION)
        await self._sees(lambda message: stands_at(message) == (check_in, Step.SUMMARY))

    async def _next_check_in(self) -> CheckInId:
        def is_new(message: Message) -> bool:
            at = stands_at(message)
            return at is not None and at[1] is Step.UNDERSTOOD and at[0] not in self._known

        at = stands_at(await self._sees(is_new))
        assert at is not None
        self._known.add(at[0])
        return at[0]

    async def _score(self, check_in: CheckInId, step: Step, value: int) -> None:
        message = await self._sees(lambda shown: stands_at(shown) == (check_in, step))
        self._said.scores[check_in, step.value] = value
        match self._rng.randrange(8):
            case 0 | 1:
                await self._phone.send(self._rng.choice((str(value), f"{value}/10", ONES[value])))
            case 2:
                await self._phone.tap(str(value), message=message)
                await self._phone.tap(str((value + 5) % 11), message=message)  # too late: the first tap counts
            case 3:
                message = await self._comment(check_in, step)
                await self._phone.tap(str(value), message=message)
            case _:
                await self._phone.tap(str(value), message=message)

    async def _comment(self, check_in: CheckInId, step: Step) -> Message:
        """Write words where a number is asked; the question comes again below them."""
        written = await self._phone.send(self._new_words(check_in, WordsKind.REFLECTION))
        return await self._sees(
            lambda shown: stands_at(shown) == (check_in, step) and shown.message_id > written.message_id
        )

    async def _write(self, check_in: CheckInId, step: Step, kind: WordsKind) -> None:
        message = await self._sees(lambda shown: stands_at(shown) == (check_in, step))
        if self._rng.random() < 0.5:
            await self._phone.send(self._new_words(check_in, kind))
        else:
            await self._phone.tap("Listo", message=message)

    def _new_words(self, check_in: CheckInId, kind: WordsKind) -> str:
        self._comments += 1
        words = f"{self.name}: me quedé pensando en lo que hablamos ({self._comments})"
        self._said.words[check_in, kind.value, words] += 1
        return words

    async def _sees(self, predicate: Callable[[Message], bool]) -> Message:
        return await self._phone.wait_for(predicate, PATIENCE)
