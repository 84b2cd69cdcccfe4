"""A calendar file taken over, and the coming sessions written, from the command line beside the running bot."""

import asyncio
import os
import re
import shlex
import stat
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from bot.clock import SystemClock
from tests.ical.calendars import MADRID, calendar, event, read_bytes
from tests.practice import NO_QUIET, Practice, opened
from tests.test_readme import commands
from tests.test_requests_on_paper import command, microchequeo

SETTINGS = NO_QUIET + '[backup]\nfolder = ""\n'


def tomorrow(uid: str, summary: str = "P-07", hours: int = 0) -> str:
    """Write an event of fifty minutes a day and some hours from now."""
    begins = SystemClock().now().astimezone(UTC) + timedelta(days=1, hours=hours)
    return event(f"DTSTART:{begins:%Y%m%dT%H%M%SZ}", "DURATION:PT50M", uid=uid, summary=summary)


async def test_a_calendar_goes_in_and_the_sessions_come_out(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=SETTINGS, start=SystemClock().now()) as practice:
        ruiz = await practice.therapist()
        await practice.patient(ruiz)
        file, out = tmp_path / "in.ics", tmp_path / "out.ics"
        file.write_bytes(calendar(tomorrow("a"), tomorrow("b", hours=2), tomorrow("c", "Dentista", 4)))

        code, said, err = await microchequeo(practice, "agenda", "import", str(file), "--therapist", "dra. ruiz")
        assert (code, err) == (0, "")
        assert said.splitlines() == [
            "2 added, 0 moved, 0 cancelled, 0 as they were",
            "0 ignored, 0 unreadable",
            "Dentista (1): whose it is was left open",
            "Run this at a terminal, or send the file to the bot.",
        ]
        code, said, _ = await microchequeo(practice, "agenda", "import", str(file), "--therapist", "1")
        assert (code, said.splitlines()[0]) == (0, "0 added, 0 moved, 0 cancelled, 2 as they were")

        code, said, _ = await microchequeo(practice, "agenda", "export", str(out), "--therapist", "1")
        assert (code, said) == (0, f"wrote {out}\n")
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        found = read_bytes(out.read_bytes(), now=SystemClock().now())
        assert [one.title for one in found.occurrences] == ["P-07", "P-07"]
        code, said, _ = await microchequeo(practice, "agenda", "export", "--therapist", "1")
        assert (code, said.count("SUMMARY:P-07")) == (0, 2)


async def test_times_without_a_zone_are_those_of_the_practice(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=SETTINGS, start=SystemClock().now()) as practice:
        ruiz = await practice.therapist()
        await practice.patient(ruiz)
        await practice.says(ruiz, "/ajustes America/Bogota")
        day = (SystemClock().now() + timedelta(days=2)).date()
        file = tmp_path / "in.ics"
        file.write_bytes(calendar(event(f"DTSTART:{day:%Y%m%d}T170000", "DURATION:PT50M")))

        await microchequeo(practice, "agenda", "import", str(file), "--therapist", "1")

        (session,) = await practice.rows("SELECT starts_at FROM sessions")
        five = datetime.combine(day, time(17), MADRID).astimezone(UTC)
        assert datetime.fromisoformat(session["starts_at"]) == five


async def at_a_terminal(practice: Practice, *words: str, types: Sequence[str]) -> tuple[int, str]:
    """Run a command at a terminal of its own, typing a line at each question; return exit code and what was shown.

    The questions end in a colon and nothing after it: that is when somebody would type.
    """
    ours, theirs = os.openpty()
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *command(practice, *words)),
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
    finally:
        os.close(theirs)
    shown = await asyncio.to_thread(_typed, ours, list(types))
    return await process.wait(), shown.replace("\r\n", "\n")


def _typed(terminal: int, lines: list[str]) -> str:
    """Read a terminal until its program ends, typing the next line whenever it waits for one."""
    shown, answered = "", 0
    with open(terminal, "rb+", buffering=0) as typing:
        while True:
            try:
                read = typing.read(4096)
            except OSError:  # Linux says so when the program has closed its end
                return shown
            if not read:
                return shown
            shown += read.decode()
            if lines and shown[answered:].endswith("): "):
                answered = len(shown)
                typing.write(f"{lines.pop(0)}\n".encode())


async def test_at_a_terminal_it_asks_whose_each_title_is(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=SETTINGS, start=SystemClock().now()) as practice:
        ruiz = await practice.therapist()
        await practice.patient(ruiz)
        await practice.patient(ruiz, "P-08", 201)
        titles = ("Ana", "Dentista", "Luis", "Nadie sabe")
        file = tmp_path / "in.ics"
        file.write_bytes(calendar(*(tomorrow(title, title, 2 * n) for n, title in enumerate(titles))))
        importing = ("agenda", "import", str(file), "--therapist", "1")

        code, shown = await at_a_terminal(practice, *importing, types=("2", "0", "7", "p-07", ""))

        assert code == 0, shown
        assert (
            "\nAna\n  1. P-07\n  2. P-08\n  0. nobody's\nWhose is it? (Enter to leave it for another time): 2" in shown
        )
        assert "Error: write a number from 0 to 2, or a code\n" in shown
        for line in ("Ana: P-08, 1 sessions", "Dentista: nobody's", "Luis: P-07, 1 sessions"):
            assert f"\n{line}\n" in shown
        assert shown.endswith("Nadie sabe (1): whose it is was left open\n")
        rows = await practice.rows(
            "SELECT code FROM sessions JOIN treatments ON treatments.id = treatment_id"
            " JOIN patients ON patients.id = patient_id ORDER BY starts_at"
        )
        assert [row["code"] for row in rows] == ["P-08", "P-07"]

        code, shown = await at_a_terminal(practice, *importing, types=("",))

        assert (code, shown.count("Whose is it?")) == (0, 1), "only what was left open is asked about again"


async def test_a_file_is_replaced_only_when_told(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=SETTINGS, start=SystemClock().now()) as practice:
        await practice.therapist()
        out = tmp_path / "out.ics"
        out.write_text("mine")

        code, _, err = await microchequeo(practice, "agenda", "export", str(out), "--therapist", "1")
        assert (code, "--force replaces it" in err, out.read_text()) == (2, True, "mine")
        code, _, _ = await microchequeo(practice, "agenda", "export", str(out), "--therapist", "1", "--force")

        assert (code, out.read_text().startswith("BEGIN:VCALENDAR")) == (0, True)


async def test_wrong_requests_are_answered_with_a_sentence(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=SETTINGS, start=SystemClock().now()) as practice:
        await practice.therapist()
        file = tmp_path / "in.ics"
        file.write_bytes(b"hola")

        nobody = await microchequeo(practice, "agenda", "export", "--therapist", "Dr. Gil")
        refused = await microchequeo(practice, "agenda", "import", str(file), "--therapist", "1")
        missing = await microchequeo(practice, "agenda", "import", str(tmp_path / "no.ics"), "--therapist", "1")

        assert (nobody[0], "Dr. Gil is no therapist here. Enrolled: 1 Dra. Ruiz." in nobody[2]) == (2, True)
        assert (refused[0], "it is no calendar, or not a whole one" in refused[2]) == (2, True)
        assert (missing[0], "cannot be read" in missing[2]) == (2, True)


async def test_the_readmes_commands_do_what_they_say(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=SETTINGS, start=SystemClock().now()) as practice:
        ruiz = await practice.therapist()
        await practice.patient(ruiz)
        (tmp_path / "agenda.ics").write_bytes(calendar(tomorrow("a")))

        for command in commands("A therapist's calendar"):
            name, *words = shlex.split(re.sub(r"(\w+\.ics)", rf"{tmp_path}/\1", command))
            code, _, err = await microchequeo(practice, *words)
            assert (name, code, err) == ("microchequeo", 0, "")

        assert (tmp_path / "sesiones.ics").read_text().count("SUMMARY:P-07") == 1


async def test_what_waits_for_a_name_is_counted_and_dropped(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=SETTINGS, start=SystemClock().now()) as practice:
        await practice.therapist()
        file = tmp_path / "in.ics"
        file.write_bytes(calendar(tomorrow("c", "Dentista")))
        await microchequeo(practice, "agenda", "import", str(file), "--therapist", "1")

        assert (await microchequeo(practice, "retention", "--dry-run"))[1] == "Nothing is due.\n"
