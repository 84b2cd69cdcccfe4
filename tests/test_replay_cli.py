"""`microchequeo replay`, as a practice uses it before it goes live: nothing is installed yet, no token, no keys."""

import os
import re
import shlex
from pathlib import Path

import pytest
from PIL import Image

from bot.evidence.reading import read
from tests.commands import done as microchequeo
from tests.test_readme import commands

RATINGS = """\
paciente;fecha;comprendido;sentido;pendiente;notas
P-01;06/10/2025;9;9;2;
P-01;13/10/2025;9;9;8;hola
P-01;20/10/2025;6;6;;
P-01;27/10/2025;;;;
P-01;06/10/2026;9;8;0;
P-02;06/10/2025;10;10;0;
P-02;13/10/2025;10,0;10;0;
P-02;20/10/2025;10;10;0;
P-02;06/10/2026;9;;;
"""
TABLE = """\
2 patients, 9 sessions, 2.0 patient-years; alerts and their 95 % intervals
rule                 when                                   alerts  per 100 sessions  per patient-year  patients
drop                 mean falls ≥ 2                         1       11.1 (2.0–43.5)   0.5 (0.0–2.8)     1 of 2
item drop            one item falls ≥ 3, no drop            0       0.0 (0.0–29.9)    0.0 (0.0–1.8)     0 of 2
slide                ≥ 2 below the start, or 3 falls ≥ 1.5  0       0.0 (0.0–29.9)    0.0 (0.0–1.8)     0 of 2
silence              2 unanswered, or 1 after a drop        1       11.1 (2.0–43.5)   0.5 (0.0–2.8)     1 of 2
low start            first mean < 7                         0       0.0 (0.0–29.9)    0.0 (0.0–1.8)     0 of 2
pending              pending ≥ 7                            1       11.1 (2.0–43.5)   0.5 (0.0–2.8)     1 of 2
ceiling              3 times all tens                       1       11.1 (1.6–49.6)   0.5 (0.0–2.8)     1 of 2
all pushes together  written to at once                     2       22.2 (4.0–66.3)   1.0 (0.0–5.6)     1 of 2
not looked at: notas
fewer than 20 patients: take the intervals as a hint only
wrote ratings.png
"""


@pytest.fixture(autouse=True)
def _empty_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("MICROCHEQUEO_")]:
        monkeypatch.delenv(name)
    Path("ratings.csv").write_text(RATINGS, "utf-8")


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def test_a_file_becomes_a_table_and_a_chart() -> None:
    done = microchequeo("replay", "ratings.csv")

    assert (done.code, done.err) == (0, "")
    assert lines(done.out) == TABLE.splitlines()
    with Image.open("ratings.png") as chart:
        assert chart.size[0] >= 1200
    assert sorted(path.name for path in Path().iterdir()) == ["ratings.csv", "ratings.png"]


def test_the_file_in_the_documentation_can_be_read() -> None:
    documented = (Path(__file__).parent.parent / "docs" / "evidence.md").read_text("utf-8").split("```\n")[2]

    assert [course.days for course in read(documented.encode()).courses] == [14]


def test_thresholds_can_be_tried_before_they_are_set() -> None:
    first = microchequeo("replay", "ratings.csv", "--drop", "3.5", "--silence", "1")

    assert "mean falls ≥ 3.5" in first.out
    assert "1 unanswered" in first.out
    assert row(first.out, "drop") == "0"
    assert row(first.out, "silence") == "1"


def row(text: str, rule: str) -> str:
    """Return the number of alerts in the row of a rule."""
    line = next(line for line in text.splitlines() if line.startswith(f"{rule}  "))
    return [cell for cell in line.split("  ") if cell.strip()][2].strip()


def test_the_thresholds_are_those_of_the_settings_where_there_are_any() -> None:
    Path("config.toml").write_text('[alliance]\ndrop = 3.5\nrules = ["drop", "slide"]\n')
    done = microchequeo("replay", "ratings.csv")

    assert row(done.out, "drop") == "0"
    assert re.search(r"^ceiling +off +—", done.out, re.MULTILINE)
    other = microchequeo("replay", "ratings.csv", "--drop", "2")
    assert row(other.out, "drop") == "1"


def test_a_chart_that_is_there_is_left_as_it_is() -> None:
    Path("ratings.png").write_text("mine")
    done = microchequeo("replay", "ratings.csv")

    assert done.code == 0
    assert "ratings.png was there; left as it is" in done.out
    assert Path("ratings.png").read_text() == "mine"
    named = microchequeo("replay", "ratings.csv", "--chart", "ratings.png")
    assert (named.code, named.out) == (2, "")
    microchequeo("replay", "ratings.csv", "--force")
    assert Path("ratings.png").read_bytes().startswith(b"\x89PNG")


def test_a_bad_file_is_refused_with_its_lines_and_nothing_is_counted() -> None:
    Path("ratings.csv").write_text(RATINGS.replace("6;6;;", "6;66;;").replace("27/10", "27/13"))
    done = microchequeo("replay", "ratings.csv")

    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "ratings.csv, line 4, column 4 (sense): write a whole number from 0 to 10, "
        "or nothing where it was not answered\nNothing was counted.\n"
    )
    assert not Path("ratings.png").exists()


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ([], "either a file or --simulate"),
        (["ratings.csv", "--simulate"], "either a file or --simulate"),
        (["ratings.csv", "--chart", "./ratings.csv", "--force"], "cannot take the place of the ratings"),
        (["nowhere.csv"], "nowhere.csv cannot be read: No such file"),
        (["ratings.csv", "--drop", "1.7"], "steps of 0.5"),
        (["ratings.csv", "--item-drop", "0"], "whole points from 1 to 10"),
    ],
)
def test_what_cannot_be_meant_is_answered_kindly(words: list[str], hint: str) -> None:
    done = microchequeo("replay", *words)

    assert (done.code, done.out) == (2, "")
    assert hint in done.err


def test_settings_that_were_named_and_are_not_there_are_missed() -> None:
    done = microchequeo("replay", "ratings.csv", "--config", "other.toml")

    assert done.code == 78
    assert "other.toml does not exist" in done.err


def test_the_readmes_second_command_works_as_written() -> None:
    _, command = commands("How often would it alert?")

    assert microchequeo(*shlex.split(command)[1:]).code == 0


def test_the_simulation_says_what_the_thresholds_would_do_and_what_field_says() -> None:
    done = microchequeo("replay", "--simulate", "--patients", "200", "--chart", "alarms.png")

    assert (done.code, done.err) == (0, "")
    assert "200 made-up patients in each scenario, 12 sessions each, seed 2" in done.out
    for part in (
        "False alarms",
        "abrupt fall of 3",
        "sessions, %: mean ≥ 2",
        "slide of 4 × 0.75: baseline",
        "of 60 agree",
    ):
        assert part in done.out
    assert Path("alarms.png").stat().st_size > 10_000


def test_another_length_of_treatment_is_not_compared_with_field() -> None:
    done = microchequeo("replay", "--simulate", "--patients", "200", "--sessions", "8")

    assert done.code == 0
    assert "Not compared with FIELD 3.4, which is about 12 sessions." in done.out
