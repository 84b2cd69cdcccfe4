"""Connections that are held for long: whoever holds one hears within seconds that it is gone, or that nobody answers.

A server that is frozen keeps its connections, and its machine goes on saying that it is there: neither the system nor
the client's library ever gives up.  So whoever asks on a line gives up by itself.
"""

from typing import Any, Final

import psycopg
from psycopg.abc import RV, PQGen

from storage.postgres.address import Address

ANSWERS_WITHIN: Final = 4.0
"""Seconds; the server itself gives up what is asked on a line before that, where it can (`_THERE`)."""

_HERE: Final = {"keepalives_idle": 2, "keepalives_interval": 1, "keepalives_count": 3, "tcp_user_timeout": 4000}
"""A connection over a network that is gone is noticed within five seconds: here,"""

_THERE: Final = """
SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 5000;
SET statement_timeout = '3s'; SET idle_session_timeout = 0
"""
"""and there, where the lock of a machine that has lost its power is freed by nothing else."""


class SilentError(psycopg.OperationalError):
    """Nobody answers on a line; it is closed."""


class Line(psycopg.Connection[Any]):
    """A connection on which each statement stands alone, and has an answer soon or none."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Wait for an answer.  Raises SilentError, and psycopg.Error."""
        try:
            return super().wait(gen, interval, ANSWERS_WITHIN if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.closed:
                raise
            self.close()
            raise SilentError("the server does not answer") from None


def opened(address: Address) -> Line:
    """Open a line.  Raises psycopg.Error."""
    line = Line.connect(address.conninfo(**_HERE), autocommit=True)
    try:
        line.execute(_THERE)
    except BaseException:
        line.close()
        raise
    return line
