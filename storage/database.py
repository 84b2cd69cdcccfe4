"""The store of one practice: transactions, next due instant, opening and closing."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Self

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.errors import StoreUnavailableError
from bot.domain.post import Due, Receipt
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


class Rooms:
    """One transaction: the groups of tables on one connection.  Implements `bot.services.ports.Tx`."""

    def __init__(self, connection: AsyncConnection, ring: KeyRing) -> None:
        self.people = PeopleRows(connection, ring)
        self.sessions = SessionRows(connection, ring)
        self.series = SeriesRows(connection, ring)
        self.calendars = CalendarRows(connection, ring)
        self.check_ins = CheckInRows(connection, ring)
        self.courses = CourseRows(connection, ring)
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
        async with self._writer, self._connection(writes=True) as connection:
            rooms = Rooms(connection, self._ring)
            yield rooms
            if receipt is not None:
                await rooms.inbox.finish(receipt, self._now())

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Rooms]:
        """Read one consistent view."""
        async with self._connection(writes=False) as connection:
            yield Rooms(connection, self._ring)

    @asynccontextmanager
    async def _connection(self, *, writes: bool) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.connect() as connection:
                await connection.execution_options(**{WRITES: writes})
                async with connection.begin():
                    yield connection
        except PoolTimeoutError:
            raise StoreUnavailableError("The database is too busy now.") from None
        except DBAPIError as error:
            if error.connection_invalidated or isinstance(error.orig, OSError) or _is_operational(error):
                raise StoreUnavailableError(f"The database cannot be used now: {error.orig}.") from error
            raise

    async def waiting(self) -> Mapping[str, int]:
        """Count what waits."""
        unsent = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)
        undone = inbox.c.done_at.is_(None)
        counts = select(
            select(func.count()).where(undone, inbox.c.parked_at.is_(None)).scalar_subquery().label("inbox"),
            select(func.count()).where(undone, inbox.c.parked_at.is_not(None)).scalar_subquery().label("parked"),
            select(func.count()).where(unsent).scalar_subquery().label("outbox"),
        )
        async with self._connection(writes=False) as connection:
            return dict((await connection.execute(counts)).mappings().one())

    async def dues(self) -> Mapping[Due, datetime]:
        """Return the earliest instant at which a row of each kind falls due: one look at the head of each index.

        Trap: NULLs stand first in an index, and `min` with another condition walks through them all.
        """
        lagging = check_ins.c.lag_at.is_not(None) & check_ins.c.message_id.is_not(None)
        waiting = outbox.c.sent_at.is_(None) & outbox.c.gave_up_at.is_(None)
        unworked = inbox.c.done_at.is_(None) & inbox.c.parked_at.is_(None) & inbox.c.again_at.is_not(None)
        heads = {
            Due.CHECK_IN: select(func.min(check_ins.c.next_at)),
            Due.FACE: select(func.min(check_ins.c.lag_at)).where(lagging),
            Due.DIGEST: select(func.min(therapists.c.digest_at)),
            Due.EPISODE: select(func.min(episodes.c.next_at)),
            Due.CONCERN: select(func.min(concerns.c.next_at)),
            Due.SESSION: select(func.min(sessions.c.note_at)),
            Due.NOTICE: select(func.min(outbox.c.due_at)).where(waiting),
            Due.UPDATE: select(func.min(inbox.c.again_at)).where(unworked),
            Due.CHORE: select(func.min(chores.c.next_at)),
            Due.ACCOUNT: select(func.min(people.c.forget_at)),
            Due.ERASURE: select(func.min(erasures.c.next_at)),
            Due.GUESS: select(func.min(guesses.c.next_at)),
            Due.PAUSE: select(func.min(pauses.c.next_at)),
        }
        row = select(*(head.scalar_subquery().label(due) for due, head in heads.items()))
        async with self._connection(writes=False) as connection:
            found = (await connection.execute(row)).mappings().one()
        return {due: at for due in heads if (at := found[due]) is not None}


def _is_operational(error: DBAPIError) -> bool:
    return type(error).__name__ in {"OperationalError", "InterfaceError"}
