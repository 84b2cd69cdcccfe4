"""The store of one practice: transactions, next due instant, opening and closing."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any, Final, Self

from sqlalchemy import RowMapping, Select, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.alarms import Vitals
from bot.domain.errors import StoreUnavailableError
from bot.domain.figures import Figures, Upcoming
from bot.domain.post import Due, Receipt
from storage.alarms import AlarmRows
from storage.alerts import AlertRows
from storage.calendars import CalendarRows
from storage.check_ins import CheckInRows
from storage.chores import ChoreRows
from storage.columns import KeyRing
from storage.concerns import ConcernRows
from storage.courses import CourseRows
from storage.engine import WRITES
from storage.facts import FactRows
from storage.guesses import GuessRows
from storage.holdings import HoldingRows
from storage.leaving import LeavingRows
from storage.pauses import PauseRows
from storage.people import PeopleRows
from storage.post import InboxRows, OutboxRows
from storage.records import RecordRows
from storage.retention import RetentionRows
from storage.schema import check_ins, chores, concerns, episodes, erasures, inbox, outbox, people, sessions, therapists
from storage.schema_guesses import guesses, pauses
from storage.series import SeriesRows
from storage.sessions import SessionRows
from storage.upcoming import upcoming
from storage.vitals import FIGURES, VITALS, figures, instants, vitals


class Rooms:
    """One transaction: the groups of tables on one connection.  Implements `bot.services.ports.Tx`."""

    def __init__(self, connection: AsyncConnection, ring: KeyRing) -> None:
        self.people = PeopleRows(connection, ring)
        self.sessions = SessionRows(connection, ring)
        self.series = SeriesRows(connection, ring)
        self.calendars = CalendarRows(connection, ring)
        self.check_ins = CheckInRows(connection, ring)
        self.courses = CourseRows(connection, ring)
        self.alarms = AlarmRows(connection, ring)
        self.alerts = AlertRows(connection, ring)
        self.records = RecordRows(connection, ring)
        self.concerns = ConcernRows(connection, ring)
        self.outbox = OutboxRows(connection, ring)
        self.inbox = InboxRows(connection, ring)
        self.audit = HoldingRows(connection, ring)
        self.facts = FactRows(connection, ring)
        self.chores = ChoreRows(connection, ring)
        self.leaving = LeavingRows(connection, ring)
        self.retention = RetentionRows(connection, ring)
        self.guesses = GuessRows(connection, ring)
        self.pauses = PauseRows(connection, ring)


class Database:
    """Implements `bot.services.ports.Store`.

    One writer at a time waits here, on the event loop, where waiting is fair; SQLite's own busy timeout is kept for
    other processes (the command line).
    """

    def __init__(self, engine: AsyncEngine, ring: KeyRing, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._to_write, self._to_read = (engine.execution_options(**{WRITES: writes}) for writes in (True, False))
        self._ring = ring
        self._now = now
        self._writer = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._engine.dispose()

    @asynccontextmanager
    async def transaction(self, receipt: Receipt | None = None) -> AsyncIterator[Rooms]:
        """Write: all together or not at all, and with a receipt the update that caused it is done."""
        with _our_errors():
            async with self._writer, self._to_write.begin() as connection:
                rooms = Rooms(connection, self._ring)
                yield rooms
                if receipt is not None:
                    await rooms.inbox.finish(receipt, self._now())

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Rooms]:
        """Read one consistent view."""
        with _our_errors():
            async with self._to_read.begin() as connection:
                yield Rooms(connection, self._ring)

    async def _row(self, alone: Select[Any], **values: Any) -> RowMapping:
        """Ask for one row; a statement that stands alone needs no transaction around it."""
        with _our_errors():
            async with self._engine.connect() as connection:
                row: RowMapping = (await connection.execute(alone, values or None)).mappings().one()
                return row

    async def waiting(self) -> Mapping[str, int]:
        """Count what waits."""
        unsent = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)
        undone = inbox.c.done_at.is_(None)
        counts = select(
            select(func.count()).where(undone, inbox.c.parked_at.is_(None)).scalar_subquery().label("inbox"),
            select(func.count()).where(undone, inbox.c.parked_at.is_not(None)).scalar_subquery().label("parked"),
            select(func.count()).where(unsent).scalar_subquery().label("outbox"),
            select(func.count()).where(outbox.c.parked_at.is_not(None)).scalar_subquery().label("parked_notices"),
        )
        return dict(await self._row(counts))

    async def vitals(self, now: datetime) -> Vitals:
        """Say how the rows are."""
        return vitals(await self._row(VITALS, **instants(now)))

    async def figures(self) -> Figures:
        """Count what waits and what is open."""
        return figures(await self._row(FIGURES))

    async def upcoming(self, limit: int) -> Sequence[Upcoming]:
        """Return what falls due next."""
        with _our_errors():
            async with self._engine.connect() as connection:
                return await upcoming(connection, limit)

    async def dues(self) -> Mapping[Due, datetime]:
        """Return the earliest instant at which a row of each kind falls due: one look at the head of each index."""
        found = await self._row(_DUES)
        return {due: at for due in _HEADS if (at := found[due]) is not None}


_LAGGING: Final = check_ins.c.lag_at.is_not(None) & check_ins.c.message_id.is_not(None)
_WAITING: Final = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)
_UNWORKED: Final = inbox.c.done_at.is_(None) & inbox.c.parked_at.is_(None) & inbox.c.again_at.is_not(None)
_HEADS: Final = {
    Due.CHECK_IN: select(func.min(check_ins.c.next_at)),
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
"""Trap: NULLs stand first in an index, and `min` with another condition walks through them all."""

_DUES: Final = select(*(head.scalar_subquery().label(due) for due, head in _HEADS.items()))


@contextmanager
def _our_errors() -> Iterator[None]:
    """Say in our words that the database is away."""
    try:
        yield
    except PoolTimeoutError:
        raise StoreUnavailableError("The database is too busy now.") from None
    except DBAPIError as error:
        if error.connection_invalidated or isinstance(error.orig, OSError) or _is_operational(error):
            raise StoreUnavailableError(f"The database cannot be used now: {error.orig}.") from error
        raise


def _is_operational(error: DBAPIError) -> bool:
    return type(error).__name__ in {"OperationalError", "InterfaceError"}
