"""The store of one practice: transactions, next due instant, opening and closing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from datetime import datetime
from typing import Any, Final, Self, cast

from sqlalchemy import Engine, RowMapping, Select, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.domain.alarms import Vitals
from bot.domain.errors import StoreDamagedError, StoreTroubleError, StoreUnavailableError
from bot.domain.figures import Figures, Sending, Upcoming
from bot.domain.model import InboxId, PersonId
from bot.domain.post import Due, Receipt
from storage.alarms import AlarmRows
from storage.alerts import AlertRows
from storage.calendars import CalendarRows
from storage.check_ins import CheckInRows
from storage.chores import ChoreRows
from storage.columns import KeyRing
from storage.concerns import ConcernRows
from storage.courses import CourseRows
from storage.facts import FactRows
from storage.guesses import GuessRows
from storage.holdings import HoldingRows
from storage.leaving import LeavingRows
from storage.pauses import PauseRows
from storage.people import PeopleRows
from storage.post import InboxRows, OutboxRows
from storage.prepared import Prepared
from storage.records import RecordRows
from storage.retention import RetentionRows
from storage.schema import check_ins, chores, concerns, episodes, erasures, inbox, outbox, people, sessions, therapists
from storage.schema_guesses import guesses, pauses
from storage.sendings import answers_kept, sendings, unsent
from storage.series import SeriesRows
from storage.session import Session, Sessions
from storage.sessions import SessionRows
from storage.speaking import Concerning, Driver, Kind, Transaction
from storage.upcoming import upcoming
from storage.vitals import FIGURES, VITALS, figures, instants, vitals
from storage.workers import WorkerRows

REMEMBERED: Final = 1000
"""Updates of which it is remembered that they are done."""


class Rooms:
    """One transaction: the groups of tables on one connection.  Implements `bot.services.ports.Tx`."""

    def __init__(self, session: Session, ring: KeyRing, worker: int | None) -> None:
        self.people = PeopleRows(session, ring)
        self.sessions = SessionRows(session, ring)
        self.series = SeriesRows(session, ring)
        self.calendars = CalendarRows(session, ring)
        self.check_ins = CheckInRows(session, ring)
        self.courses = CourseRows(session, ring)
        self.alarms = AlarmRows(session, ring)
        self.alerts = AlertRows(session, ring)
        self.records = RecordRows(session, ring)
        self.concerns = ConcernRows(session, ring)
        self.outbox = OutboxRows(session, ring, worker)
        self.inbox = InboxRows(session, ring, worker)
        self.audit = HoldingRows(session, ring)
        self.facts = FactRows(session, ring)
        self.chores = ChoreRows(session, ring)
        self.leaving = LeavingRows(session, ring)
        self.retention = RetentionRows(session, ring)
        self.guesses = GuessRows(session, ring)
        self.pauses = PauseRows(session, ring)
        self.workers = WorkerRows(session, ring, worker)


class Database:
    """Implements `bot.services.ports.Store`.

    One writer at a time waits here, on the event loop, where waiting is fair; SQLite's own busy timeout is kept for
    other processes (the command line).  `worker`: the number of this process among several that work on a server;
    there, what concerns one person waits for nobody who writes about another.
    """

    def __init__(self, engine: Engine, ring: KeyRing, now: Callable[[], datetime], worker: int | None = None) -> None:
        self._sessions = Sessions(engine)
        self._driver = cast("Driver", engine.dialect.dbapi)
        self._ring = ring
        self._now = now
        self._writer = asyncio.Lock()
        self._done: dict[InboxId, None] = {}
        self._worker = worker
        self._along: list[tuple[PersonId, Callable[[Rooms], Awaitable[None]]]] = []
        self.damaged: Callable[[], None] = lambda: None
        """Called whenever a damaged part of the file is met, whoever needed it."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            with suppress(StoreTroubleError):
                await self.catch_up()
        finally:
            await self._sessions.close()

    @asynccontextmanager
    async def transaction(self, receipt: Receipt | None = None, of: PersonId | None = None) -> AsyncIterator[Rooms]:
        """Write: all together or not at all, and with a receipt the update that caused it is done."""
        async with self._writing(Transaction.WRITING if of is None else Concerning(of), receipt) as rooms:
            yield rooms

    @property
    def is_shared(self) -> bool:
        """Say whether other processes may work on it at the same time."""
        return self._worker is not None

    @asynccontextmanager
    async def keeping(self) -> AsyncIterator[Rooms]:
        """Write what came in, or what became of it: rows that are nobody's yet, or any more."""
        async with self._writing(Concerning(None), None) as rooms:
            yield rooms

    @asynccontextmanager
    async def taking(self) -> AsyncIterator[Rooms]:
        """Look for what is to be done, and take it in hand: where nobody else could, looking is enough."""
        async with self.keeping() if self.is_shared else self.glancing() as rooms:
            yield rooms

    @asynccontextmanager
    async def _writing(self, kind: Kind, receipt: Receipt | None) -> AsyncIterator[Rooms]:
        beside = isinstance(kind, Concerning) and self.is_shared
        turn = nullcontext() if beside else self._writer
        with self._our_errors():
            async with turn, self._sessions.transaction(kind if beside else Transaction.WRITING) as session:
                rooms = Rooms(session, self._ring, self._worker)
                for write in self._going_along(kind if beside else Transaction.WRITING):
                    await write(rooms)
                yield rooms
                if receipt is not None:
                    await rooms.inbox.finish(receipt, self._now())
            self._note_done(rooms.inbox.finished)

    def along(self, write: Callable[[Rooms], Awaitable[None]], of: PersonId) -> None:
        """Let this be written along with the next transaction about that person; with one that fails it is lost."""
        self._along.append((of, write))

    def _going_along(self, kind: Kind) -> Sequence[Callable[[Rooms], Awaitable[None]]]:
        """Return what may go along with a transaction, which no longer waits then."""
        going = [(of, write) for of, write in self._along if not isinstance(kind, Concerning) or of == kind.person]
        if going:
            self._along = [one for one in self._along if one not in going]
        return [write for _, write in going]

    async def catch_up(self) -> None:
        """Write what waits to go along."""
        if self._along:
            async with self.transaction():
                pass

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Rooms]:
        """Read one consistent view."""
        with self._our_errors():
            async with self._sessions.transaction(Transaction.READING) as session:
                yield Rooms(session, self._ring, self._worker)

    @contextmanager
    def _our_errors(self) -> Iterator[None]:
        """Say in our words that the database is away."""
        try:
            yield
        except PoolTimeoutError:
            raise StoreUnavailableError("The database is too busy now.") from None
        except DBAPIError as error:
            trouble = self._driver.trouble(error)
            if trouble is None:
                raise
            if isinstance(trouble, StoreDamagedError):
                self.damaged()
            raise trouble from error

    def _note_done(self, receipts: Iterable[InboxId]) -> None:
        self._done.update(dict.fromkeys(receipts))
        while len(self._done) > REMEMBERED:
            self._done.pop(next(iter(self._done)))

    def is_done(self, receipt: InboxId) -> bool:
        """Say whether a transaction of this store has marked an update done, the last thousand remembered."""
        return receipt in self._done

    @asynccontextmanager
    async def glancing(self) -> AsyncIterator[Rooms]:
        """Read, each question by itself."""
        with self._our_errors():
            async with self._sessions.transaction(None) as session:
                yield Rooms(session, self._ring, self._worker)

    async def _row(self, alone: Prepared) -> Mapping[str, Any]:
        """Ask for one row; a statement that stands alone needs no transaction around it."""
        with self._our_errors():
            async with self._sessions.transaction(None) as session:
                ((row,),) = await session.ask((alone, {}))
                return row

    async def _executed(self, alone: Select[Any], **values: Any) -> RowMapping:
        """Ask for one row, as `_row` does, where that is seldom."""
        with self._our_errors():
            async with self._sessions.transaction(None) as session:
                return (await session.execute(alone, values or None)).mappings().one()

    async def waiting(self) -> Mapping[str, int]:
        """Count what waits."""
        return dict(await self._row(_COUNTS))

    async def vitals(self, now: datetime) -> Vitals:
        """Say how the rows are."""
        return vitals(await self._executed(VITALS, **instants(now)))

    async def figures(self) -> Figures:
        """Count what waits and what is open."""
        return figures(await self._executed(FIGURES))

    async def upcoming(self, limit: int) -> Sequence[Upcoming]:
        """Return what falls due next."""
        with self._our_errors():
            async with self._sessions.transaction(None) as session:
                return await upcoming(session, limit)

    async def sendings(self, limit: int) -> Sequence[Sending]:
        """Return the newest messages and what became of them."""
        with self._our_errors():
            async with self._sessions.transaction(None) as session:
                return await sendings(session, limit)

    async def unsent(self, limit: int) -> Sequence[datetime]:
        """Return when what has not left should leave, or should have left."""
        with self._our_errors():
            async with self._sessions.transaction(None) as session:
                return await unsent(session, limit)

    async def answers_kept(self) -> int:
        """Count the numbers that patients gave."""
        with self._our_errors():
            async with self._sessions.transaction(None) as session:
                return await answers_kept(session)

    async def dues(self) -> Mapping[Due, datetime]:
        """Return the earliest instant at which a row of each kind falls due: one look at the head of each index."""
        found = await self._row(_DUES)
        return {due: at for due in _HEADS if (at := found[due]) is not None}


_LAGGING: Final = check_ins.c.lag_at.is_not(None) & check_ins.c.message_id.is_not(None)
_WAITING: Final = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)
_UNWORKED: Final = inbox.c.done_at.is_(None) & inbox.c.parked_at.is_(None) & inbox.c.again_at.is_not(None)
_HEADS: Final = {
    Due.CHECK_IN: select(func.min(check_ins.c.next_at)).where(check_ins.c.next_at.is_not(None)),
    Due.FACE: select(func.min(check_ins.c.lag_at)).where(_LAGGING),
    Due.DIGEST: select(func.min(therapists.c.digest_at)),
    Due.EPISODE: select(func.min(episodes.c.next_at)),
    Due.CONCERN: select(func.min(concerns.c.next_at)),
    Due.SESSION: select(func.min(sessions.c.note_at)),
    Due.NOTICE: select(func.min(outbox.c.due_at)).where(_WAITING),
    Due.UPDATE: select(func.min(inbox.c.again_at)).where(_UNWORKED),
    Due.CHORE: select(func.min(chores.c.next_at)),
    Due.ACCOUNT: select(func.min(people.c.forget_at)),
    Due.ERASURE: select(func.min(erasures.c.next_at)),
    Due.GUESS: select(func.min(guesses.c.next_at)),
    Due.PAUSE: select(func.min(pauses.c.next_at)),
}
"""Traps: NULLs stand first in an index, and `min` with another condition walks through them all; an index that has no
NULLs is used where it is said that there are none."""

_DUES: Final = Prepared(select(*(head.scalar_subquery().label(due) for due, head in _HEADS.items())))

_UNDONE: Final = inbox.c.done_at.is_(None)
_COUNTS: Final = Prepared(
    select(
        select(func.count()).where(_UNDONE, inbox.c.parked_at.is_(None)).scalar_subquery().label("inbox"),
        select(func.count()).where(_UNDONE, inbox.c.parked_at.is_not(None)).scalar_subquery().label("parked"),
        select(func.count()).where(_WAITING).scalar_subquery().label("outbox"),
        select(func.count()).where(outbox.c.parked_at.is_not(None)).scalar_subquery().label("parked_notices"),
    )
)
