"""What is asked for on paper is done at the command line, beside the running bot, which does the rest."""

import json
import shlex
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.domain.model import Role
from bot.keys import save_keys
from tests.commands import run
from tests.practice import NO_QUIET, Practice, labels, opened, said
from tests.test_readme import commands

SETTINGS = NO_QUIET + '[backup]\nfolder = ""\n'


def command(practice: Practice, *words: str) -> tuple[str, ...]:
    """Return the words of a command on a practice's files, to which its keys are laid out."""
    key = practice.folder / "data" / "microchequeo.key"
    if not key.exists():
        key.parent.mkdir(exist_ok=True)  # where the database is on a server, nothing has made it
        key.touch(0o600)
        save_keys(key, practice.keys)
    return (*words, "--config", str(practice.folder / "config.toml"))


async def microchequeo(practice: Practice, *words: str) -> tuple[int, str, str]:
    """Run a command on a practice's files; return exit code, output and errors."""
    finished = await run(*command(practice, *words))
    return finished.code, finished.out, finished.err


async def test_a_request_on_paper_is_done_beside_the_running_bot(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=SETTINGS, start=SystemClock().now() - timedelta(hours=1)) as practice:
        ruiz = await practice.therapist()
        ana = await practice.patient(ruiz)
        await practice.session_ends(ruiz)
        await practice.answers(ana, 9, 8, 2, words="kolibriwort")

        code, audit, _ = await microchequeo(practice, "audit", "p-07")
        assert (code, "P-07  consented  patient" in audit) == (0, True)
        code, out, _ = await microchequeo(practice, "export", "P-07", "--to", str(tmp_path / "record"))
        assert (code, out.count("wrote ")) == (0, 4)
        file = tmp_path / "record" / "microchequeo-P-07.json"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert (
            json.loads(file.read_text())["patients"][0]["sessions"][0]["check_in"]["words"][0]["text"] == "kolibriwort"
        )

        code, out, _ = await microchequeo(practice, "erase", "P-07", "--yes")
        assert (code, "P-07 has left" in out) == (0, True)
        await practice.pass_time(timedelta(hours=1))

        assert [text for text in said(ana) if text != "·"] == [ana.last().text]
        assert ana.last().text.startswith("Hecho.")
        assert labels(ruiz) == ["Exportar antes de borrar"]
        await practice.pass_time(timedelta(hours=73))
        assert await practice.words() == []


async def test_the_records_of_all_patients_are_written_together_and_nothing_is_overwritten(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=SETTINGS) as practice:
        ruiz, gil = await practice.therapist(), await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
        ana = await practice.patient(ruiz)
        await practice.patient(gil, "G-01", 201)
        await practice.session_ends(ruiz)
        await practice.answers(ana, 9, 8, 2)
        await practice.says(ruiz, "/acuerdo P-07 Una pauta de sueño")
        record = tmp_path / "record"

        code, out, _ = await microchequeo(practice, "export", "--all", "--to", str(record))
        again = await microchequeo(practice, "export", "--all", "--to", str(record))
        wrong = [await microchequeo(practice, "export", *words) for words in ((), ("P-07", "--all"))]

        names = ["G-01.txt", "P-07.txt", "all.csv", "all.fhir.json", "all.json", "all.records.csv"]
        assert (code, sorted(file.name for file in record.iterdir())) == (0, [f"microchequeo-{name}" for name in names])
        assert [stat.S_IMODE(file.stat().st_mode) for file in record.iterdir()] == [0o600] * 6
        assert out.count("wrote ") == 6
        assert b"P-07,1," in (record / "microchequeo-all.csv").read_bytes()
        assert "P-07,agreement,1,Una pauta de sueño," in (record / "microchequeo-all.records.csv").read_text(
            "utf-8-sig"
        )
        assert (again[0], "is there already; nothing was written" in again[2]) == (2, True)
        assert [(code, "name one patient, or write --all" in err) for code, _, err in wrong] == [(2, True)] * 2
        taken = "SELECT DISTINCT code FROM audit JOIN patients ON patients.id = patient_id WHERE act = 'exported'"
        assert sorted(row["code"] for row in await practice.rows(taken)) == ["G-01", "P-07"]


async def test_wrong_requests_are_answered_with_a_sentence(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=SETTINGS) as practice:
        ruiz = await practice.therapist()
        await practice.patient(ruiz)

        code, _, err = await microchequeo(practice, "erase", "P-99", "--yes")
        assert (code, "there is no patient P-99" in err) == (2, True)
        code, _, _ = await microchequeo(practice, "erase", "P-07")

        assert code == 1, "nobody said yes"
        assert await practice.rows("SELECT state FROM patients") == [{"state": "active"}]


async def test_what_is_due_is_counted_before_it_is_deleted(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=SETTINGS, start=SystemClock().now() - timedelta(days=40)) as practice:
        ruiz = await practice.therapist()
        await practice.patient(ruiz)
        await practice.says(practice.telegram.phone(300, "Desconocida"), "/start falsch")
        await practice.stop()

        counted = await microchequeo(practice, "retention", "--dry-run")
        deleted = await microchequeo(practice, "retention")
        nothing = await microchequeo(practice, "retention")

        assert "would be deleted: 1 wrong links" in counted[1]
        assert deleted[1] == counted[1].replace("would be deleted", "deleted")
        assert nothing == (0, "Nothing is due.\n", "")
        await practice.start()


async def test_what_was_confided_is_counted_and_nobody_of_the_practice_is_an_account_to_forget(tmp_path: Path) -> None:
    settings, start = f'{SETTINGS}[privacy]\nwords = "60d"\n', SystemClock().now() - timedelta(days=62)
    async with opened(tmp_path, settings=settings, start=start) as practice:
        ana = await practice.patient(await practice.therapist())
        soto = await practice.enrolled(Role.SECOND_CONTACT, 110, "Dra. Soto", "la Dra. Soto")
        await practice.says(ana, "mi pareja me pega")
        await practice.taps(ana, "Contárselo a otra persona de la consulta")
        await soto.block()
        await practice.settle()
        await practice.stop()

        counted = await microchequeo(practice, "retention", "--dry-run")
        assert len(await practice.rows("SELECT id FROM disclosures")) == 1
        deleted = await microchequeo(practice, "retention")

        assert "would be deleted: 1 texts confided to a second contact" in counted[1]
        assert "accounts" not in counted[1]
        assert deleted[1] == counted[1].replace("would be deleted", "deleted")
        assert await practice.rows("SELECT id FROM disclosures") == []
        await practice.start()


@pytest.mark.file
async def test_without_a_database_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=SETTINGS) as practice:
        await practice.stop()
        for file in (tmp_path / "data").iterdir():
            file.unlink()

        code, _, err = await microchequeo(practice, "audit", "P-07")

        assert (code, "There is no database" in err) == (69, True)
        assert not practice.database.exists()
        await practice.start()


async def test_the_readmes_commands_do_what_they_say(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=SETTINGS) as practice:
        ruiz = await practice.therapist()
        await practice.patient(ruiz)

        for command in commands("When somebody asks about their data"):
            program, *words = shlex.split(command.replace("--to record", f"--to {tmp_path / 'record'}"))
            code, _, err = await microchequeo(practice, *words)
            assert (program, code, err) == ("microchequeo", 0, "")

        assert await practice.rows("SELECT state FROM patients") == [{"state": "left"}]
