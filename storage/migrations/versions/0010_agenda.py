"""Series of sessions, what a therapist notes about a session, and calendars that were sent."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.tables import rebuild

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NEW = """
    series_id INTEGER CONSTRAINT fk_sessions_series_id REFERENCES series (id),
    occurs_on VARCHAR(10),
    place VARCHAR(20),
    cut INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_sessions_cut CHECK (cut IN (0, 1)),
    calendar_ref BLOB,
    calendar_starts_at VARCHAR(27),
    calendar_ends_at VARCHAR(27),
    CONSTRAINT ck_sessions_occurrence CHECK ((series_id IS NULL) = (occurs_on IS NULL)),
    CONSTRAINT ck_sessions_place CHECK (place IN ('online', 'in_person')),
"""


def upgrade() -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("treatment_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.String(length=10), nullable=False),
        sa.Column("at_wall", sa.String(length=5), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.String(length=13), nullable=False),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("until_on", sa.String(length=10), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("made_until", sa.String(length=10), nullable=True),
        sa.Column("ended_at", sa.String(length=27), nullable=True),
        sa.Column("noted_at", sa.String(length=27), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_series_minutes")),
        sa.CheckConstraint("every_weeks BETWEEN 1 AND 12", name=op.f("ck_series_every")),
        sa.CheckConstraint("count BETWEEN 1 AND 1000", name=op.f("ck_series_count")),
        sa.ForeignKeyConstraint(["treatment_id"], ["treatments.id"], name=op.f("fk_series_treatment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_series_treatment_id"), "series", ["treatment_id"], unique=False)
    goes_on = sa.text("ended_at IS NULL")
    op.create_index("ix_series_to_make", "series", ["made_until"], sqlite_where=goes_on, postgresql_where=goes_on)
    rebuild("sessions", _with_more)
    op.create_index("uq_sessions_occurrence", "sessions", ["series_id", "occurs_on"], unique=True)
    op.create_index("uq_sessions_calendar", "sessions", ["treatment_id", "calendar_ref"], unique=True)
    _calendars()


def _with_more(built: str) -> str:
    states = "state IN ('planned', 'cancelled'"
    place = built.index("CONSTRAINT", built.index("noted_at"))
    return f"{built[:place]}{NEW}{built[place:]}".replace(states, f"{states}, 'missed'")


def _calendars() -> None:
    op.create_table(
        "calendar_titles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("therapist_id", sa.Integer(), nullable=False),
        sa.Column("title_ref", sa.LargeBinary(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("chosen_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], name=op.f("fk_calendar_titles_patient_id")),
        sa.ForeignKeyConstraint(["therapist_id"], ["therapists.id"], name=op.f("fk_calendar_titles_therapist_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_titles")),
        sa.UniqueConstraint("therapist_id", "title_ref", name=op.f("uq_calendar_titles_therapist_id_title_ref")),
    )
    op.create_index(op.f("ix_calendar_titles_patient_id"), "calendar_titles", ["patient_id"], unique=False)
    op.create_table(
        "calendar_waiting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("therapist_id", sa.Integer(), nullable=False),
        sa.Column("title_ref", sa.LargeBinary(), nullable=False),
        sa.Column("calendar_ref", sa.LargeBinary(), nullable=False),
        sa.Column("starts_at", sa.String(length=27), nullable=False),
        sa.Column("ends_at", sa.String(length=27), nullable=False),
        sa.Column("asked_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["therapist_id"], ["therapists.id"], name=op.f("fk_calendar_waiting_therapist_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_waiting")),
        sa.UniqueConstraint("therapist_id", "calendar_ref", name=op.f("uq_calendar_waiting_therapist_id_calendar_ref")),
    )
    op.create_index(op.f("ix_calendar_waiting_asked_at"), "calendar_waiting", ["asked_at"], unique=False)
    op.create_index(
        op.f("ix_calendar_waiting_therapist_id_title_ref"), "calendar_waiting", ["therapist_id", "title_ref"]
    )
