"""One look at everything that is due, in the order in which one thing causes the next."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

import structlog

from bot.clock import IDLE_LOOK, Clock
from bot.domain.check_in import face
from bot.domain.errors import StoreUnavailableError, UndeliverableError
from bot.domain.model import CheckIn, Person
from bot.domain.post import Due, Sent
from bot.services.ports import Messenger, Store

Work = Callable[[], Awaitable[int]]
"""Do one batch of what is due; return how many things moved."""

Task = tuple[frozenset[Due], Work]
"""A kind of work, and the kinds of rows on which it waits."""

log = structlog.get_logger()


class Tick:
    """Runs every kind of due work until nothing moves any more."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        messenger: Messenger,
        take_up: Callable[[bool], Awaitable[None]],
        tasks: Sequence[Task],
        lagging: Callable[[datetime], Awaitable[list[tuple[Person, CheckIn]]]],
        shown: Callable[[CheckIn, Sent], Awaitable[None]],
        set_right: Callable[[], Awaitable[None]],
    ) -> None:
        self._store = store
        self._clock = clock
        self._messenger = messenger
        self._take_up = take_up
        self._tasks = (*tasks, (frozenset({Due.FACE}), self._catch_up))
        self._lagging = lagging
        self._shown = shown
        self._set_right = set_right
        self._latest: datetime | None = None
        self.turned: Callable[[], None] = lambda: None
        """Called after each round, so that a long look is not taken for none."""

    async def run(self) -> datetime | None:
        """Do what is due; return when the next row falls due.  With nothing due it costs one look at indexes."""
        await self._notice_a_clock_set_back()
        dues, due = await self._look()
        await self._take_up(Due.UPDATE in due)
        while due:
            if not sum([await self._guarded(work) for kinds, work in self._tasks if kinds & due]):
                return self._clock.now() + IDLE_LOOK
            self.turned()
            dues, due = await self._look()
        return min(dues.values(), default=None)

    async def _notice_a_clock_set_back(self) -> None:
        """At the first look, and when the clock is earlier than at the last one: see to what cannot wait for it."""
        before, self._latest = self._latest, self._clock.now()
        if before is None or self._latest < before:
            await self._set_right()

    async def _look(self) -> tuple[Mapping[Due, datetime], frozenset[Due]]:
        """Return when each kind of row falls due, and which kinds are."""
        dues, now = await self._store.dues(), self._clock.now()
        return dues, frozenset(kind for kind, at in dues.items() if at <= now)

    async def _guarded(self, work: Work) -> int:
        """Do one kind of work; a fault in one kind never keeps the others from being done."""
        try:
            return await work()
        except StoreUnavailableError:
            raise
        except Exception as fault:  # noqa: BLE001 - the guard of one kind of work
            log.error("a kind of work failed", work=work.__qualname__, error=type(fault).__name__)
            return 0

    async def _catch_up(self) -> int:
        """Show people where their check-in stands when the reply to a tap was lost, or when it closed by itself."""
        shown = 0
        for person, check_in in await self._lagging(self._clock.now()):
            try:
                await self._shown(check_in, await self._messenger.refresh(person, check_in))
            except UndeliverableError as error:
                log.info("still shown later", check_in=check_in.id, reason=error.reason, ever=not error.permanent)
                if error.permanent:  # the chat is gone: nobody looks at it, and trying for ever would only cost
                    await self._shown(check_in, Sent(check_in.message_id, face(check_in)))
            else:
                shown += 1
        return shown
