"""`microchequeo texts`, as a practice uses it to have every text read by a clinician before anybody else reads it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import done as microchequeo


@pytest.fixture(autouse=True)
def _empty_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_variants_stand_side_by_side_as_wide_as_the_terminal() -> None:
    done = microchequeo("texts", "reminder-today", COLUMNS="130")

    assert (done.code, done.err) == (0, "")
    assert max(len(line) for line in done.out.splitlines()) <= 130
    (heads, *_) = [line.split() for line in done.out.splitlines() if line.startswith("usted")]
    assert heads == ["usted", "tú", "vos", "English"]
    assert "reminder-today patient" in done.out
    assert "hour: 1" not in done.out


def test_on_a_narrow_terminal_they_stand_below_each_other() -> None:
    done = microchequeo("texts", "help-card", COLUMNS="40")

    assert max(len(line) for line in done.out.splitlines()) <= 40
    heads = [line.strip() for line in done.out.splitlines() if line.strip() in {"usted", "tú", "vos", "usted · tú"}]
    assert heads == ["usted", "tú", "vos", "usted · tú", "vos"]


def test_only_what_one_kind_of_reader_sees() -> None:
    patients = microchequeo("texts", "pause", "--for", "patient", COLUMNS="200").out
    therapists = microchequeo("texts", "pause", "--for", "therapist", COLUMNS="200").out

    assert "Una pausa de 45 segundos" in patients
    assert "Ofrecer la pausa" not in patients
    assert "Ofrecer la pausa" in therapists
    assert "Una pausa de 45 segundos" not in therapists


def test_one_page_is_written_and_never_over_something_else() -> None:
    done = microchequeo("texts", "--html", "textos.html")

    assert done.code == 0
    assert done.out.startswith("wrote textos.html: ")
    written = Path("textos.html").read_text("utf-8")
    assert "¿Te sentiste comprendida hoy?" in written
    again = microchequeo("texts", "question", "--html", "textos.html")
    assert again.code == 2
    assert "textos.html is there already" in again.err
    assert Path("textos.html").read_text("utf-8") == written
    assert microchequeo("texts", "question", "--html", "textos.html", "--force").code == 0
    assert len(Path("textos.html").read_text("utf-8")) < len(written)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nothing-is-called-so",), "no text has nothing-is-called-so in its key"),
        (("--for", "everybody"), "write patient, therapist or operator"),
        (("--html", "nowhere/textos.html"), "nowhere/textos.html cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(words: tuple[str, ...], sentence: str) -> None:
    done = microchequeo("texts", *words, COLUMNS="200")

    assert done.code == 2
    assert sentence in done.err


def test_nothing_of_it_is_loaded_where_the_bot_is_run() -> None:
    asked = "import sys, bot.cli; print([name for name in sys.modules if name.startswith('bot.texts')])"

    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)  # noqa: S603 - ours

    assert "bot.texts_review" not in found.stdout
    assert "bot.texts_page" not in found.stdout
