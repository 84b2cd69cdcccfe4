"""The engines for one database on a server: the store's, on the event loop, and one for work in a thread."""

from sqlalchemy import Engine, NullPool, create_engine
from sqlalchemy.engine.interfaces import CoreExecuteOptionsParameter

from storage.postgres import driver
from storage.postgres.address import Address
from storage.postgres.dialect import OFFLINE, STORE
from storage.session import CONNECTIONS
from storage.speaking import Seat


def make_engine(url: str, seat: Seat) -> Engine:
    """Return the engine, whose calls are awaited by `greenlet_spawn`; nothing is opened yet."""
    counted: CoreExecuteOptionsParameter = {"preserve_rowcount": True}  # also what an INSERT has added
    return create_engine(
        f"{STORE}://",
        connect_args=dict(Address(url).parameters()),
        module=driver.module(seat),
        hide_parameters=True,
        pool_size=CONNECTIONS,
        max_overflow=0,
        execution_options=counted,
    )


def offline_engine(address: Address) -> Engine:
    """Return an engine for work in a thread: plain transactions."""
    asked = dict(address.parameters())
    return create_engine(f"{OFFLINE}://", connect_args=asked, hide_parameters=True, poolclass=NullPool)
