"""The table of what was wrong with the bot itself; see `storage.schema`.  Nothing in it is about people."""

from sqlalchemy import Index, Table, text

from bot.domain.alarms import Alarm
from storage.schema_parts import at as _at
from storage.schema_parts import key as _key
from storage.schema_parts import metadata
from storage.schema_parts import one_of as _one_of
from storage.schema_parts import word as _word

alarms = Table(
    "alarms",
    metadata,
    _key(),
    _word("kind"),
    _at("since_at", nullable=False),
    _at("told_at", nullable=False),
    _at("over_at"),
    _one_of("kind", Alarm),
    sqlite_autoincrement=True,
)

_LASTS = text("over_at IS NULL")
Index("uq_alarms_lasting", alarms.c.kind, unique=True, sqlite_where=_LASTS)
