"""A database on a server, as a place."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from sqlalchemy import Engine

from storage import leavers
from storage.columns import KeyRing
from storage.contents import Destination, Moment
from storage.erasures import Erasure
from storage.places import Held
from storage.postgres import locks, opening, workers
from storage.postgres.address import Address
from storage.postgres.engine import offline_engine
from storage.resealing import seal_anew


class ServerPlace:
    """A database on a server.  Implements `storage.places.Place`."""

    def __init__(self, url: str) -> None:
        self._address = Address(url)
        self._owned: locks.Ownership | None = None

    def __str__(self) -> str:
        return str(self._address)

    @property
    def is_served(self) -> bool:
        """Say yes."""
        return True

    def is_there(self) -> bool:
        """Look for our schema."""
        return opening.schema_of(self._address) is not None

    def prepare(self, ring: KeyRing) -> None:
        """See `storage.postgres.opening`."""
        opening.prepare(self._address, ring)

    def schema(self) -> str | None:
        """See `storage.postgres.opening`."""
        return opening.schema_of(self._address)

    def check_keys(self, ring: KeyRing) -> None:
        """See `storage.postgres.opening`."""
        opening.check_keys(self._address, ring)

    @contextmanager
    def sole_owner(self, *, heir: bool = False) -> Iterator[Held]:
        """Hold an advisory lock, which goes with the connection: it can be lost, and be held again."""
        with locks.sole_owner(self._address, heir=heir) as self._owned:
            yield self._owned.is_held

    def reign(self) -> int:
        """Take the next number."""
        if self._owned is None:
            raise RuntimeError("who does not own a database has no time of its own")
        return self._owned.begin()

    def living(self) -> AbstractContextManager[workers.Life]:
        """See `storage.postgres.workers`."""
        return workers.living(self._address)

    @contextmanager
    def in_use(self) -> Iterator[Held]:
        """Hold an advisory lock."""
        with locks.in_use(self._address) as lock:
            yield lock.is_held

    def untouched(self) -> AbstractContextManager[None]:
        """Hold an advisory lock."""
        return locks.untouched(self._address)

    def held_since(self) -> datetime | None:
        """Look at the lock."""
        return locks.held_since(self._address)

    def reseal(self, ring: KeyRing) -> int:
        """Seal.  The former values stay in dead rows and in the server's log until it has them cleaned away."""
        with self._offline() as engine:
            return seal_anew(engine, ring)

    def erase_again(self, left: Sequence[Erasure]) -> int:
        """Erase.  What is erased stays as long as former values do."""
        with self._offline() as engine:
            return leavers.erase_again(engine, left)

    @contextmanager
    def _offline(self) -> Iterator[Engine]:
        engine = offline_engine(self._address)
        try:
            with self._address.translated():
                yield engine
        finally:
            engine.dispose()

    async def emptied(self) -> bool:
        """Do nothing: what was deleted is cleaned away by the server's own vacuum (docs/postgresql.md)."""
        return True

    def moment(self) -> AbstractContextManager[Moment]:
        """Read in one transaction."""
        from storage.postgres import copying  # noqa: PLC0415 - Alembic comes with it: only where something is moved

        return copying.moment(self._address)

    def destination(self) -> Destination:
        """See `storage.postgres.copying`."""
        from storage.postgres import copying  # noqa: PLC0415 - as above

        return copying.ServerDestination(self._address)
