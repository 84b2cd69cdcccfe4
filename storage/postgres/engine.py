"""The engines for one database on a server: the store's, on the event loop, and one for work in a thread."""

from sqlalchemy import Engine, NullPool, create_engine

from storage.postgres import driver
from storage.postgres.address import Address
from storage.postgres.dialect import OFFLINE, STORE
from storage.session import CONNECTIONS


def make_engine(url: str) -> Engine:
    """Return the engine, whose calls are awaited by `greenlet_spawn`; nothing is opened yet."""
    address = Address(url).spoken(STORE)
    return create_engine(
        address, module=driver.module(), hide_parameters=True, pool_size=CONNECTIONS, max_overflow=0, pool_timeout=30
    )


def offline_engine(address: Address) -> Engine:
    """Return an engine for work in a thread: plain transactions."""
    return create_engine(address.spoken(OFFLINE), hide_parameters=True, poolclass=NullPool)
