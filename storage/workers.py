"""What the processes on one server tell each other about themselves.  Who lives: `storage.postgres.workers`."""

from collections.abc import Mapping

from sqlalchemy import select, update

from storage.columns import KeyRing
from storage.rows import Rows
from storage.schema_workers import workers
from storage.session import Session


class WorkerRows(Rows):
    """Implements `bot.services.ports.Workers`.  `worker`: of this process."""

    def __init__(self, session: Session, ring: KeyRing, worker: int | None) -> None:
        super().__init__(session, ring)
        self._worker = worker

    async def want(self, messages: int | None) -> Mapping[int, int]:
        """Say how much this process wants to send; return what the others want."""
        mine = workers.c.id == self._worker
        await self._do(update(workers).where(mine, workers.c.wants.is_distinct_from(messages)).values(wants=messages))
        others = select(workers.c.id, workers.c.wants).where(~mine, workers.c.wants.is_not(None))
        return {row["id"]: row["wants"] for row in await self._all(others)}
