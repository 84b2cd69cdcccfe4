"""`microchequeo simulate-load` as somebody asks it who plans: nothing is installed yet, no token, no keys."""

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.commands import done as microchequeo

DOCUMENT = (Path(__file__).parents[2] / "docs" / "scale.md").read_text("utf-8")
SMALL = ("--patients", "200", "--patients", "1000", "--patients", "10000")


@pytest.fixture(autouse=True)
def _empty_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def cells(line: str) -> str:
    return " ".join(line.split())


def test_the_small_rows_of_the_document_are_what_the_command_prints_and_it_writes_nothing() -> None:
    done = microchequeo("simulate-load", *SMALL)
    printed = [cells(line) for line in done.out.splitlines() if line.strip()]

    assert (done.code, done.err) == (0, "")
    assert len(printed) == 5
    assert [line for line in printed if line not in {cells(one) for one in DOCUMENT.splitlines()}] == []
    assert list(Path.cwd().iterdir()) == []


def test_the_document_names_the_command_that_printed_its_table() -> None:
    commands = re.findall(r"^microchequeo (simulate-load .*--patients 200 .*)$", DOCUMENT, re.MULTILINE)

    assert commands
    assert all(set(SMALL) <= set(shlex.split(command)) for command in commands)


def test_json_says_the_same() -> None:
    (row,) = json.loads(microchequeo("simulate-load", "--patients", "1000", "--json").out)["rows"]

    line = next(cells(one) for one in DOCUMENT.splitlines() if cells(one).startswith("1,000 1 "))
    assert line.startswith(f"{row['patients']:,} {row['bots']} {row['check_ins']:,} {row['messages']:,} ")
    assert f"{row['questions']['p99_s']:.1f} s" in line
    assert row["questions"]["left"] == row["check_ins"]


def test_it_says_for_how_many_a_bot_has_room() -> None:
    few = microchequeo("simulate-load", "--patients", "100", "--rate", "2", "--within", "10")
    none = microchequeo("simulate-load", "--patients", "100", "--rate", "1", "--sessions", "7", "--within", "0.1")

    found = re.search(r"room for about ([\d,]+) of them, if 99 of 100 questions are to leave within 10 s\.", few.out)
    assert found
    assert 300 < int(found[1].replace(",", "")) < 3000
    assert "not even for 100 of them" in none.out


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("--patients 0", "greater than or equal to 1"),
        ("--patients 9000000", "less than or equal to 5000000"),
        ("--patients 4000000 --days 14", "more than 5,000,000 check-ins"),
        ("--patients 10 --bots 11", "more bots than patients"),
        ("--rate 0", "greater than or equal to 1"),
        ("--rate 2000", "less than or equal to 1000"),
        ("--rate nan", "less than or equal to 1000"),
        ("--within inf", "less than or equal to 86400"),
        ("--sessions 8", "less than or equal to 7"),
        ("--answered 1.5", "less than or equal to 1"),
        ("--days 0", "greater than or equal to 1"),
        ("--zone Europe/Nowhere", "IANA"),
        ("--zone ../passwd", "IANA"),
        ("--patients many", "valid integer"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_counted(words: str, why: str) -> None:
    done = microchequeo("simulate-load", *words.split())

    assert (done.code, done.out) == (2, "")
    assert why in " ".join(re.sub(r"[│╭╰─╮╯]", " ", done.err).split())
