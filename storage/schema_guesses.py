"""The tables of therapists' guesses and of patients' pauses; see `storage.schema`."""

from sqlalchemy import CheckConstraint, Column, Integer, Table

from bot.domain.grounding import STEPS
from bot.domain.guessing import GuessState
from storage.schema_parts import at as _at
from storage.schema_parts import key as _key
from storage.schema_parts import metadata
from storage.schema_parts import one_of as _one_of
from storage.schema_parts import to as _to
from storage.schema_parts import word as _word

guesses = Table(
    "guesses",
    metadata,
    _key(),
    _to("check_ins", "check_in_id", unique=True),
    _word("state"),
    _at("asked_at", nullable=False),
    _at("lapses_at", nullable=False),
    _at("next_at", index=True),
    Column("guessed", Integer, CheckConstraint("guessed BETWEEN 0 AND 10", name="guessed")),
    _at("guessed_at"),
    _at("shown_at"),
    _at("ended_at"),
    CheckConstraint("(guessed IS NULL) = (guessed_at IS NULL)", name="given"),
    _one_of("state", GuessState),
    sqlite_autoincrement=True,
)

pauses = Table(
    "pauses",
    metadata,
    _key(),
    _to("check_ins", "check_in_id", unique=True),
    _at("started_at", nullable=False),
    Column("step", Integer, CheckConstraint(f"step BETWEEN 0 AND {STEPS - 1}", name="step"), nullable=False),
    _at("next_at", index=True),
    _at("ended_at"),
    sqlite_autoincrement=True,
)
