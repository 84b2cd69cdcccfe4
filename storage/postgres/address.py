"""Where a database on a server is: how it is reached, and what it is called where people read it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, make_url
from sqlalchemy.exc import DBAPIError

from bot.domain.errors import StoreRefusedError, StoreUnavailableError
from storage.postgres.reasons import reason_of

_DEFAULTS: Final = {
    "application_name": "microchequeo",
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
}
"""A server that cannot be reached any more is noticed within half a minute; the URL may say otherwise."""


class Address:
    """An address whose password is shown nowhere."""

    def __init__(self, url: str) -> None:
        made = make_url(url)
        self._url = made.set(query={**_DEFAULTS, **made.query})

    def __str__(self) -> str:
        host = self._url.host or self._url.query.get("host") or "localhost"
        port = f":{self._url.port}" if self._url.port else ""
        return f"postgresql://{self._url.username or ''}@{host}{port}/{self._url.database or ''}"

    def __repr__(self) -> str:
        return f"Address({str(self)!r})"

    def spoken(self, drivername: str) -> URL:
        """Return what `create_engine` takes, with the password."""
        return self._url.set(drivername=drivername)

    def connected(self) -> "psycopg.Connection[Any]":
        """Return a plain connection on which each statement stands alone.  Raises psycopg.Error."""
        return psycopg.connect(self.conninfo(), autocommit=True)

    def conninfo(self, **ways: int) -> str:
        """Return what PostgreSQL's own tools take, with the password; `ways` are libpq's."""
        return make_conninfo(self.spoken("postgresql").render_as_string(hide_password=False), **ways)

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn what goes wrong with the database into StoreUnavailableError or StoreRefusedError."""
        try:
            yield
        except (psycopg.Error, DBAPIError) as error:
            reason = error.orig if isinstance(error, DBAPIError) else error
            said = f"The database {self} cannot be used: {reason_of(reason)}."
            if isinstance(reason, (psycopg.errors.DataCorrupted, psycopg.errors.IndexCorrupted)):
                raise StoreRefusedError(f"{said} It was left untouched.") from None
            raise StoreUnavailableError(f"{said} {_remedy(reason)}") from None


def _remedy(reason: BaseException | None) -> str:
    match reason:
        case psycopg.errors.InsufficientPrivilege():
            return "Let the role that Microchequeo uses own the database (docs/postgresql.md)."
        case psycopg.errors.LockNotAvailable():
            return "Another program is writing to it; it was left untouched."
        case _:
            return "Check that the server runs, and that the address, the role and its password are right."
