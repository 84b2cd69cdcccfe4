"""What `docs/exports.md` says of the files is so: nothing is in them that it does not name."""

from dataclasses import fields
from pathlib import Path

import pytest

from bot.domain.carried import TakenUp
from bot.domain.episodes import FAMILIES, EpisodeState
from bot.domain.holdings import (
    Act,
    Decision,
    HeldCheckIn,
    HeldEpisode,
    HeldRecord,
    HeldSession,
    HeldWords,
    Holdings,
    Reading,
)
from bot.domain.model import CheckInState
from bot.domain.records import RecordKind
from bot.exporting import long_table, records_table
from bot.exporting.fhir import bundle
from tests.exporting import NOW, answered, held, session

DOCUMENT = (Path(__file__).parent.parent.parent / "docs" / "exports.md").read_text("utf-8")


@pytest.mark.parametrize(
    "kind", [Holdings, Decision, HeldSession, HeldCheckIn, HeldWords, Reading, HeldEpisode, HeldRecord, Act]
)
def test_every_field_of_the_json_is_named(kind: type) -> None:
    assert [field.name for field in fields(kind) if f"`{field.name}`" not in DOCUMENT] == []


def test_every_column_and_every_value_is_named() -> None:
    columns = [*long_table.COLUMNS, *records_table.COLUMNS]
    names = [*columns, *CheckInState, *TakenUp, *RecordKind, *EpisodeState, *FAMILIES]

    assert [name for name in names if f"`{name}`" not in DOCUMENT] == []


def test_every_kind_of_resource_is_named() -> None:
    made = bundle([held(session(1, answered()))], lambda *_: None, NOW)

    kinds = {entry["resource"]["resourceType"] for entry in made["entry"]}
    assert [kind for kind in kinds if f"`{kind}`" not in DOCUMENT] == []
