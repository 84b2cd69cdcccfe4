"""Where a database on a server is: how it is reached, and what it is called where people read it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import pq
from psycopg.conninfo import make_conninfo
from sqlalchemy.exc import DBAPIError

from bot.domain.errors import ConfigurationError, StoreRefusedError, StoreUnavailableError
from bot.domain.server_urls import parameters_of
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

_OF_SEVERAL: Final = {"target_session_attrs": "read-write"}
"""Where several servers are named, those that only follow another are passed over; the URL may say otherwise."""


class Address:
    """An address whose password is shown nowhere."""

    def __init__(self, url: str) -> None:
        """Read an address of the settings.  Raises ConfigurationError where it asks for what libpq does not have."""
        asked = parameters_of(url)
        several = _OF_SEVERAL if "," in asked.get("host", "") else {}
        self._parameters = {**_DEFAULTS, **several, **asked}
        self._expect_known(asked)

    def __str__(self) -> str:
        said = self._parameters
        who = f"{said['user']}@" if "user" in said else ""
        hosts, ports = said.get("host", "localhost").split(","), said.get("port", "").split(",")
        each = zip(hosts, ports if len(ports) == len(hosts) else ports[:1] * len(hosts), strict=True)
        servers = ",".join(f"{host}:{port}" if port else host for host, port in each)
        return f"postgresql://{who}{servers}/{said['dbname']}"

    def __repr__(self) -> str:
        return f"Address({str(self)!r})"

    def parameters(self) -> Mapping[str, str]:
        """Return what psycopg takes, with the password."""
        return self._parameters

    def connected(self) -> "psycopg.Connection[Any]":
        """Return a plain connection on which each statement stands alone.  Raises psycopg.Error."""
        return psycopg.connect(self.conninfo(), autocommit=True)

    def conninfo(self, **ways: int) -> str:
        """Return what PostgreSQL's own tools take, with the password; `ways` are libpq's."""
        return make_conninfo("", **self._parameters | ways)

    def _expect_known(self, asked: Iterable[str]) -> None:
        """Refuse what the client's library of this machine does not know: it would quote what it was told."""
        known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
        for name in asked:
            if name not in known:
                raise ConfigurationError(
                    f"{self} is asked for with {name}, which PostgreSQL's client library does not know; "
                    "write its own names, like sslmode or connect_timeout (docs/postgresql.md)."
                )

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
