"""The tables of what repeats and of calendars that were sent; see `storage.schema`."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, Table, UniqueConstraint, text

from storage.schema_parts import at as _at
from storage.schema_parts import key as _key
from storage.schema_parts import metadata
from storage.schema_parts import to as _to
from storage.schema_parts import word as _word

series = Table(
    "series",
    metadata,
    _key(),
    _to("treatments", "treatment_id", index=True),
    _word("first_on", 10),
    _word("at_wall", 5),
    Column("minutes", Integer, CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"), nullable=False),
    _word("weekdays", 13),
    Column("every_weeks", Integer, CheckConstraint("every_weeks BETWEEN 1 AND 12", name="every"), nullable=False),
    _word("until_on", 10, nullable=True),
    Column("count", Integer, CheckConstraint("count BETWEEN 1 AND 1000", name="count")),
    _word("zone", 64),
    _word("made_until", 10, nullable=True),
    _at("ended_at"),
    _at("noted_at", nullable=False),
    _to("series", "replaces_id", nullable=True, index=True),
    _to("series", "split_from_id", nullable=True, index=True),
    sqlite_autoincrement=True,
)

_GOES_ON = text("ended_at IS NULL")
Index("ix_series_to_make", series.c.made_until, sqlite_where=_GOES_ON)

calendar_titles = Table(
    "calendar_titles",
    metadata,
    _key(),
    _to("therapists", "therapist_id"),
    Column("title_ref", LargeBinary, nullable=False),
    _to("patients", "patient_id", nullable=True, index=True),
    _at("chosen_at", nullable=False),
    UniqueConstraint("therapist_id", "title_ref"),
)

calendar_waiting = Table(
    "calendar_waiting",
    metadata,
    _key(),
    _to("therapists", "therapist_id"),
    Column("title_ref", LargeBinary, nullable=False),
    Column("calendar_ref", LargeBinary, nullable=False),
    _at("starts_at", nullable=False),
    _at("ends_at", nullable=False),
    _at("asked_at", nullable=False, index=True),
    UniqueConstraint("therapist_id", "calendar_ref"),
    Index(None, "therapist_id", "title_ref"),
)
