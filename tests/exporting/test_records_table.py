"""What a therapist wrote down is a row each, and what was struck out says that it was, and nothing else."""

from dataclasses import replace

from bot.domain.holdings import HeldRecord
from bot.domain.records import RecordKind
from bot.exporting.records_table import records_table
from tests.exporting import AT, WEEK, held

TABLE = """\
code,kind,version,text,recorded_at,ended_at,struck_at
P-07,agreement,1,Una pauta de sueño,2026-11-17T16:00:00Z,2026-11-24T16:00:00Z,
P-07,agreement,,,2026-11-17T16:00:00Z,,2026-11-24T16:00:00Z
P-07,agreement,2,"Parar, y respirar",2026-11-24T16:00:00Z,,
P-07,objective,,'=1+1,2026-11-17T16:00:00Z,,
Ñ-1,marker,,'-aprieta las manos,2026-11-17T16:00:00Z,,
Ñ-1,review,,"dijo ""no"", y calló",2026-11-17T16:00:00Z,,
"""


def written(kind: RecordKind, text: str | None, version: int | None = None) -> HeldRecord:
    """Return a record of the first day that stands."""
    return HeldRecord(kind, text, AT, None, None, version=version)


def test_the_records_of_a_small_practice() -> None:
    agreed = RecordKind.AGREEMENT
    ana = replace(
        held(),
        records=(
            replace(written(agreed, "Una pauta de sueño", 1), ended_at=AT + WEEK),
            replace(written(agreed, None), struck_at=AT + WEEK),
            replace(written(agreed, "Parar, y respirar", 2), recorded_at=AT + WEEK),
            written(RecordKind.OBJECTIVE, "=1+1"),
        ),
    )
    leo = replace(
        held(code="Ñ-1", number=8),
        records=(
            written(RecordKind.MARKER, "-aprieta las manos"),
            written(RecordKind.REVIEW, 'dijo "no", y calló'),
        ),
    )

    table = records_table([ana, leo]).decode("utf-8-sig")

    assert table == TABLE.replace("\n", "\r\n")
