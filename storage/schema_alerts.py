"""The tables of concerns about the alliance and of the alerts inside them; see `storage.schema`."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, Table, UniqueConstraint, text

from bot.domain.episodes import FAMILIES, LIVE_EPISODE, EpisodeState, Family
from storage.schema_parts import at as _at
from storage.schema_parts import key as _key
from storage.schema_parts import metadata
from storage.schema_parts import one_of as _one_of
from storage.schema_parts import to as _to
from storage.schema_parts import word as _word

episodes = Table(
    "episodes",
    metadata,
    _key(),
    _to("treatments", "treatment_id", index=True),
    _word("rule"),
    _word("family"),
    _word("state"),
    _to("check_ins", "previous_id", nullable=True),
    _to("check_ins", "current_id"),
    Column("level_before", Integer, CheckConstraint("level_before BETWEEN 0 AND 20", name="level")),
    _at("opened_at", nullable=False),
    _at("next_at", index=True),
    _at("repeated_at"),
    _at("acknowledged_at"),
    _at("talked_at"),
    _at("closed_at"),
    Column("note", LargeBinary),
    _at("note_until"),
    _one_of("rule", FAMILIES),
    _one_of("family", Family),
    _one_of("state", EpisodeState),
    CheckConstraint("(family = 'silence') = (level_before IS NULL)", name="measured"),
    sqlite_autoincrement=True,
)

_LIVE = text(f"state IN ({', '.join(repr(str(state)) for state in LIVE_EPISODE)})")
Index(
    "uq_episodes_live",
    episodes.c.treatment_id,
    episodes.c.family,
    unique=True,
    sqlite_where=_LIVE,
)

alerts = Table(
    "alerts",
    metadata,
    _key(),
    _to("episodes", "episode_id", index=True),
    _word("rule"),
    _word("family"),
    _to("check_ins", "previous_id", nullable=True),
    _to("check_ins", "check_in_id"),
    Column("lost", Integer, CheckConstraint("lost BETWEEN 0 AND 20", name="lost")),
    Column("count", Integer, CheckConstraint("count >= 1", name="count"), nullable=False),
    _at("raised_at", nullable=False),
    _at("withdrawn_at"),
    _one_of("rule", FAMILIES),
    _one_of("family", Family),
    UniqueConstraint("check_in_id", "family"),
)
