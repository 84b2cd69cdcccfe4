"""The record as JSON names its shape, holds what the long table does, and is the same each time it is written."""

import json
from dataclasses import replace
from typing import Any

from bot.domain.carried import TakenUp
from bot.domain.episodes import EpisodeState
from bot.domain.holdings import HeldEpisode, HeldRecord
from bot.domain.records import RecordKind
from bot.exporting.record import SCHEMA, dumped, record
from tests.exporting import AT, MINUTE, NOW, RULES, WEEK, answered, held, session


def written() -> dict[str, Any]:
    """Write the record of a patient and read it back."""
    whole: dict[str, Any] = json.loads(dumped(record([held(session(1, answered()))], RULES, NOW)))
    return whole


def test_it_says_what_it_is() -> None:
    whole = written()

    assert {name: whole[name] for name in ("format", "schema", "at", "rules")} == {
        "format": "microchequeo",
        "schema": SCHEMA,
        "at": "2027-06-05T16:00:00Z",
        "rules": RULES,
    }


def test_what_the_long_table_says_is_in_it() -> None:
    (patient,) = written()["patients"]
    (one,) = patient["sessions"]
    check_in = one["check_in"]

    assert (patient["id"], patient["code"]) == ("00000000-0000-0000-0000-000000000007", "P-07")
    assert (one["id"], one["state"], one["cut"], one["place"]) == (1, "planned", False, "in_person")
    assert (check_in["items"], check_in["state"]) == (["understood", "sense", "pending"], "done")
    assert check_in["scores"] == {"understood": 9, "sense": 8, "pending": 7}
    assert check_in["scored_at"]["sense"] == "2026-11-17T16:18:00Z"
    instants = [check_in[name] for name in ("planned_at", "sent_at", "opened_at")]
    assert instants == ["2026-11-17T16:15:00Z", "2026-11-17T16:15:00Z", "2026-11-17T16:17:00Z"]
    assert check_in["words"][0]["text"] == "lo de mi hermana"


def test_what_was_written_down_and_what_was_told_is_in_it() -> None:
    agreed = HeldRecord(RecordKind.AGREEMENT, "Una pauta de sueño", AT, None, None, version=1)
    fall = HeldEpisode("drop", EpisodeState.TALKED, 18, AT, AT + MINUTE, AT + WEEK, None, noted=True, note="va lento")
    guessed = replace(answered(), taken_up=TakenUp.YES, guess=8)
    one = replace(held(session(1, guessed)), records=[agreed], episodes=[fall])

    (patient,) = json.loads(dumped(record([one], RULES, NOW)))["patients"]

    check_in = patient["sessions"][0]["check_in"]
    assert (check_in["taken_up"], check_in["guess"]) == ("yes", 8)
    assert patient["records"] == [
        {
            "kind": "agreement",
            "text": "Una pauta de sueño",
            "recorded_at": "2026-11-17T16:00:00Z",
            "ended_at": None,
            "struck_at": None,
            "reserved": False,
            "version": 1,
        }
    ]
    assert patient["episodes"] == [
        {
            "rule": "drop",
            "state": "talked",
            "level_before": 18,
            "opened_at": "2026-11-17T16:00:00Z",
            "acknowledged_at": "2026-11-17T16:01:00Z",
            "talked_at": "2026-11-24T16:00:00Z",
            "closed_at": None,
            "noted": True,
            "note": "va lento",
        }
    ]


def test_written_twice_it_is_the_same_letter_by_letter() -> None:
    one = held(session(1, answered()))

    assert dumped(record([one], RULES, NOW)) == dumped(record([one], RULES, NOW))
