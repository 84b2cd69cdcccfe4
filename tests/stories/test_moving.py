"""A practice that has been at work for weeks moves to the clinic's server, and one day back into a file.

Nobody who writes to the bot notices: the question that was due comes, what was written is read, who left stays away.
"""

import asyncio
import contextlib
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.demo.phone import Phone
from bot.domain.post import Incoming
from bot.keys import save_keys, write_keys
from storage.columns import KeyRing
from storage.places import SQLITE
from tests.commands import Finished, done, run
from tests.practice import WITH_BACKUPS, Practice, labels, opened, said
from tests.server import Server
from tests.storage.records import NOW, open_database
from tests.storage.test_moving import dump

pytestmark = pytest.mark.file

MANY = 1500
"""Updates of which a move says in between how far it is."""

ERASED = "\x1b[1A\x1b[2K"
"""What takes the last line away again at the end."""

WORDS, LEFT = "me quedé pensando en mi padre", "kolibriwort"


@pytest.fixture
async def practice(tmp_path: Path) -> AsyncIterator[Practice]:
    """Open a practice whose keys are in their file."""
    async with opened(tmp_path) as running:
        key_file = running.folder / "data" / "microchequeo.key"
        write_keys(key_file)
        save_keys(key_file, running.keys)
        yield running


@pytest.fixture
def url(postgresql: Server) -> Iterator[str]:
    yield postgresql.make("clinic")
    postgresql.forget()


async def move(practice: Practice, to: object, *options: str) -> Finished:
    return await run("move-database", "--to", str(to), *options, folder=practice.folder)


async def begins_on(practice: Practice, url: str) -> None:
    """Do what the command says: write the address into the settings, and start."""
    practice.settings = f'[database]\nurl = "{url}"\n'
    await practice.start()
    await practice.settle()


async def lived_in(practice: Practice) -> tuple[Phone, Phone, Phone]:
    """Let weeks pass: answers, a fall and its alert, words, a message in an hour of need, somebody who leaves."""
    ruiz = await practice.therapist()
    ana, luz = await practice.patient(ruiz), await practice.patient(ruiz, "P-08", 201)
    await practice.week(ruiz, ana, 9, 9, 2, words=WORDS)
    await practice.week(ruiz, ana, 3, 4, 2)
    await practice.week(ruiz, luz, 8, 8, 1, code="P-08", words=LEFT)
    await practice.says(ana, "no quiero vivir más")
    await practice.says(luz, "/baja")
    await practice.taps(luz, "Sí, darme de baja")
    return ruiz, ana, luz


async def test_nobody_notices_that_the_practice_has_moved_and_moved_back(practice: Practice, url: str) -> None:
    ruiz, ana, luz = await lived_in(practice)
    await practice.session_ends(ruiz, ask=False)
    await practice.says(ana, "He soñado con el mar")
    await practice.taps(ana, "Dejárselo")
    silent = len(luz.messages)
    await practice.stop()
    before = dump(practice.database)

    there = await move(practice, url)
    await begins_on(practice, url)
    await practice.pass_time(timedelta(minutes=15))
    asked = ana.last().text
    await practice.taps(ana, "7")
    await practice.taps(ruiz, "Leer")
    read = said(ruiz)
    await practice.stop()
    back = practice.folder / "back.db"
    here = await move(practice, back)
    await begins_on(practice, f"{SQLITE}{back}")
    await practice.taps(ana, "8", "2")

    assert (there.code, there.err, here.code, here.err) == (0, "", 0, "")
    assert dump(practice.database) == before
    assert f"from {practice.folder}/data/erasures.log to {practice.folder}/erasures.log" in here.out
    assert "nobody makes or deletes backups" not in there.out + here.out
    assert "1 de 3" in asked
    assert any("He soñado con el mar" in text for text in read)
    assert "Listo" in labels(ana)
    assert len(luz.messages) == silent


async def test_it_says_what_was_done_and_what_is_to_be_done(practice: Practice, url: str) -> None:
    await practice.stop()
    practice.settings = WITH_BACKUPS
    await practice.start()
    await practice.therapist()
    await practice.stop()

    looked = await move(practice, url, "--dry-run")
    done = await move(practice, url)

    assert (looked.code, looked.err, done.code, done.err) == (0, "", 0, "")
    assert "Nothing was written." in looked.out
    assert looked.out.partition(" rows")[0] == done.out.partition(" rows")[0]
    assert f'[database]\nurl = "{url}"\n' in done.out
    assert "The keys stay where they are" in done.out
    assert f"The list of erasures stays where it is ({practice.folder}/data/backups/erasures.log)" in done.out
    assert f"nobody makes or deletes backups in {practice.folder}/data/backups" in done.out
    assert f"delete {practice.database}: whoever leaves from now on is still in it" in done.out


async def test_at_a_terminal_a_bar_shows_how_far_it_is_and_nothing_of_it_stays(practice: Practice, url: str) -> None:
    await practice.stop()
    ring = KeyRing(practice.keys.seal, practice.keys.index)
    async with open_database(practice.database, ring) as store, store.transaction() as tx:
        await tx.inbox.keep([Incoming(f"k{number}", number, "carta") for number in range(MANY)], NOW)

    shown, printed = await asyncio.to_thread(moved_at_a_terminal, practice.folder, url)

    percents = [int(found) for found in re.findall(r"(\d+)%", shown)]
    assert percents == sorted(percents)
    assert percents[-1] > 90
    assert re.search(r"comparing .*%", shown)
    assert shown.endswith(ERASED)
    assert "were copied to" in printed
    assert "\x1b" not in printed


def moved_at_a_terminal(folder: Path, url: str) -> tuple[str, str]:
    """Return what a terminal is sent on standard error, and what standard output says."""
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "bot", "move-database", "--to", url]
    around = os.environ | {"TERM": "xterm", "COLUMNS": "100"}
    process = subprocess.Popen(command, cwd=folder, env=around, stdout=subprocess.PIPE, stderr=theirs, text=True)  # noqa: S603 - our own words
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # it says so where the other end is closed
        while piece := os.read(ours, 4096):
            shown += piece
    os.close(ours)
    printed, _ = process.communicate()
    assert process.returncode == 0, shown
    return shown.decode(), printed


async def test_a_running_bot_keeps_its_database(practice: Practice, url: str) -> None:
    ruiz = await practice.therapist()

    refused = await move(practice, url)
    await practice.says(ruiz, "/nuevo P-09")

    assert (refused.code, refused.out) == (69, "")
    assert "Stop the bot first" in refused.err
    assert "P-09" in "".join(said(ruiz)[-2:])


@pytest.mark.parametrize(
    ("to", "code", "says"),
    [
        ("{url}&password=s3cr3t", 2, "the password stands before the @"),
        ("mysql://server/practice", 2, "the data are in a file of SQLite or on a server"),
        ("", 2, "--to"),
        ("other.db", 78, "`microchequeo backup` and `restore`"),
        ("{folder}/data/microchequeo.db", 78, "The practice is at {folder}/data/microchequeo.db already"),
        ("postgresql+psycopg://practice:s3cr3t@127.0.0.1:1/clinic", 69, "cannot be used"),
    ],
)
async def test_what_cannot_be_done_is_one_sentence_without_the_password(
    practice: Practice, url: str, to: str, code: int, says: str
) -> None:
    await practice.stop()

    refused = await move(practice, to.format(url=url, folder=practice.folder))

    assert (refused.code, refused.out) == (code, "")
    assert says.format(folder=practice.folder) in " ".join(refused.err.split())
    assert "s3cr3t" not in refused.err
    assert "Traceback" not in refused.err


async def test_the_password_is_not_shown_and_it_is_said_where_it_goes(practice: Practice, url: str) -> None:
    await practice.stop()
    with_password = url.replace("practice@", "practice:s3cr3t@")

    done = await move(practice, with_password)

    assert done.code == 0
    assert "practice:…@" in done.out
    assert "In place of … comes the password" in done.out
    assert "s3cr3t" not in done.out + done.err


def test_without_the_driver_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert done("init", "--yes").code == 0
    without = "import sys; sys.modules['psycopg'] = None; from bot.cli import main; main()"
    words = "move-database", "--to", "postgresql+psycopg://role@server/practice"

    refused = subprocess.run([sys.executable, "-c", without, *words], capture_output=True, check=False)  # noqa: S603 - our own words

    assert refused.returncode == 69
    assert b"pip install 'microchequeo[postgres]'" in refused.stderr
