"""Where the rows of a practice are: in a file of SQLite, or in a database on a server with PostgreSQL.

What differs between the two as places is behind one port, chosen by the URL of the settings: how one is opened, whose
it is, what its new keys want.  How statements differ: `storage.dialects`; transactions: `storage.speaking`.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from bot.domain.errors import StoreUnavailableError
from storage import emptying, leavers, locks, opening, resealing
from storage.columns import KeyRing
from storage.contents import Destination, Moment
from storage.engine import offline_engine
from storage.erasures import Erasure

SQLITE: Final = "sqlite+aiosqlite:///"

Held = Callable[[], bool]
"""Says whether something is still held, which takes as long as asking for it."""


class News(Protocol):
    """What processes on one place tell each other.  Nothing may depend on it: it can be lost."""

    def tell(self, what: str) -> None:
        """Tell the others, soon."""

    async def heard(self, seconds: float) -> Collection[str]:
        """Return what the others told, as soon as there is anything; nothing after so many seconds."""


class Life(Protocol):
    """That of one process among several that use a place.  `number`: no other process ever has it."""

    number: int

    def look(self) -> bool:
        """Say that it lives.  OwnedElsewhereError if the others have given it up; StoreUnavailableError."""

    def news(self) -> AbstractAsyncContextManager[News]:
        """Yield what hears the others and tells them."""


class Place(Protocol):
    """One place.  Its text is what people are told; every verb may raise StoreUnavailableError."""

    @property
    def is_served(self) -> bool:
        """Say whether it is on a server, which several processes may use, and which may be away for a while."""

    def is_there(self) -> bool:
        """Say whether there is anything yet."""

    def prepare(self, ring: KeyRing) -> None:
        """Bring it to the present schema.  StoreRefusedError (newer, other keys, damaged): it was left untouched."""

    def schema(self) -> str | None:
        """Return its revision; None while it is empty.  StoreRefusedError if it is newer."""

    def check_keys(self, ring: KeyRing) -> None:
        """Compare the keys with its proof.  StoreRefusedError."""

    def sole_owner(self, *, heir: bool = False) -> AbstractContextManager[Held | None]:
        """Hold it for this process, freed by death; OwnedElsewhereError if another process does.

        `heir`: another had it before; where that may just have lost it, it has a few seconds to take it again.
        None: what is held so is held as long as the process lives.
        """

    def reign(self) -> int | None:
        """Let the owner's time begin, once the schema is the present one: what an earlier owner writes is refused.

        Returns its number; None: an owner cannot lose it.
        """

    def living(self) -> AbstractContextManager[Life] | None:
        """Be one of the processes that work there, once the schema is the present one.  None: there is only one."""

    def in_use(self) -> AbstractContextManager[Held | None]:
        """Keep its keys and its content from being exchanged meanwhile.

        None: nothing can be exchanged as long as the context is open.
        """

    def untouched(self) -> AbstractContextManager[None]:
        """Keep everybody else away from it."""

    def held_since(self) -> datetime | None:
        """Return since when a running bot holds it; None: none does."""

    def reseal(self, ring: KeyRing) -> int:
        """Seal with the newest key whatever is not; return how many values that were.  Nobody else may use it."""

    def erase_again(self, left: Sequence[Erasure]) -> int:
        """Erase those who left and are there (`storage.leavers`); return how many.  Nobody else may use it."""

    async def emptied(self) -> bool:
        """Take what was deleted out of what lies beside the rows; False: it is hindered, try again."""

    def moment(self) -> AbstractContextManager[Moment]:
        """See what is there now, for as long as the context is open; nothing is changed, not even by closing."""

    def destination(self) -> Destination:
        """Return it as what a practice is moved to (`storage.moving`)."""


def place_of(url: str) -> Place:
    """Return the place that a URL of the settings names.  StoreUnavailableError if its driver is not installed."""
    if url.startswith(SQLITE):
        return FilePlace(Path(url.removeprefix(SQLITE)))
    try:
        from storage.postgres.place import ServerPlace  # noqa: PLC0415 - psycopg: only where a URL asks for it
    except ImportError as missing:
        raise StoreUnavailableError(
            f"A database on a server needs psycopg ({missing}): pip install 'microchequeo[postgres]'."
        ) from None
    return ServerPlace(url)


class FilePlace:
    """A file of SQLite.  Implements `Place`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __str__(self) -> str:
        return str(self._path)

    @property
    def is_served(self) -> bool:
        """Say no."""
        return False

    def is_there(self) -> bool:
        """Look for the file."""
        return self._path.exists()

    def prepare(self, ring: KeyRing) -> None:
        """See `storage.opening`."""
        opening.prepare(self._path, ring)

    def schema(self) -> str | None:
        """See `storage.opening`."""
        return opening.schema_of(self._path)

    def check_keys(self, ring: KeyRing) -> None:
        """See `storage.opening`."""
        opening.check_keys(self._path, ring)

    def sole_owner(self, *, heir: bool = False) -> AbstractContextManager[None]:  # noqa: ARG002 - nobody just loses it
        """Lock a file beside it."""
        return locks.sole_owner(self._path)

    def reign(self) -> None:
        """Do nothing: whoever has a file has it for life."""

    def living(self) -> None:
        """Do nothing: as above."""

    def in_use(self) -> AbstractContextManager[None]:
        """Lock a file beside it."""
        return locks.in_use(self._path)

    def untouched(self) -> AbstractContextManager[None]:
        """Lock a file beside it."""
        return locks.untouched(self._path)

    def held_since(self) -> datetime | None:
        """Look at the lock."""
        return locks.held_since(self._path)

    def reseal(self, ring: KeyRing) -> int:
        """Seal, and empty the log in which the former values stand."""
        return resealing.reseal(self._path, ring)

    def erase_again(self, left: Sequence[Erasure]) -> int:
        """Erase: the log goes with the last connection, and with it what stood in it."""
        engine = offline_engine(self._path)
        try:
            with opening.translated(self._path):
                return leavers.erase_again(engine, left)
        finally:
            engine.dispose()

    async def emptied(self) -> bool:
        """Empty the write-ahead log."""
        return await emptying.emptied(self._path)

    def moment(self) -> AbstractContextManager[Moment]:
        """Open it so that it cannot be written."""
        from storage import copying  # noqa: PLC0415 - Alembic comes with it: only where something is moved

        return copying.moment(self._path)

    def destination(self) -> Destination:
        """See `storage.copying`."""
        from storage import copying  # noqa: PLC0415 - as above

        return copying.FileDestination(self._path)
