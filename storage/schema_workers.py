"""The tables of several processes on one server; see `storage.schema`.  In a file nothing is ever in them."""

from sqlalchemy import Column, Integer, LargeBinary, Table

from storage.schema_parts import key as _key
from storage.schema_parts import metadata

workers = Table(
    "workers",
    metadata,
    _key(),
    Column("ends_at", Integer, nullable=False),  # milliseconds since 1970, by the clock of the database alone
    Column("wants", Integer),  # messages in the last second; NULL of the owner, which takes what the others leave
    sqlite_autoincrement=True,
)

lanes = Table(
    "lanes",
    metadata,
    Column("lane_ref", LargeBinary, primary_key=True),
    Column("worker_id", Integer, nullable=False, index=True),
)
"""Who works the updates of a chat.

`worker_id`, here and of what waits to leave (`outbox`), is no foreign key: for each row the server would lock the one
row of a process for all that it does.  Who buries a process takes what it held away in the same transaction.
"""
