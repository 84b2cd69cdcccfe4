"""What a series took the place of or went on from, and which sessions were taken back, so that *Deshacer* can."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("replaces_id", "split_from_id"):
        op.execute(
            f"ALTER TABLE series ADD COLUMN {column} INTEGER CONSTRAINT fk_series_{column} REFERENCES series (id)"
        )
        op.create_index(f"ix_series_{column}", "series", [column])
    op.execute("ALTER TABLE sessions ADD COLUMN taken_back_at VARCHAR(27)")
    op.execute(
        "UPDATE sessions SET taken_back_at = (SELECT ended_at FROM series WHERE series.id = series_id)"
        " WHERE state = 'cancelled'"
    )
