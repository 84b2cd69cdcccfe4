"""The command line of a practice on a server: what works as with a file, and what is refused in a sentence."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

from bot.keys import save_keys, write_keys
from storage.erasures import Erasure, append
from tests.commands import Finished, run
from tests.engines import POSTGRESQL, url_of
from tests.practice import Practice
from tests.server import Server

pytestmark = pytest.mark.parametrize("engine", [POSTGRESQL], indirect=True)

Command = Callable[..., Awaitable[Finished]]


@pytest.fixture
def microchequeo(practice: Practice) -> Command:
    """Return what runs a command beside the running bot, with the same settings and keys."""
    key_file = practice.folder / "data" / "microchequeo.key"
    key_file.parent.mkdir(exist_ok=True, mode=0o700)
    write_keys(key_file)
    save_keys(key_file, practice.keys)
    return partial(run, folder=practice.folder)


async def test_check_finds_everything_well(microchequeo: Command) -> None:
    done = await microchequeo("check")

    assert (done.code, done.err) == (0, "")
    assert "postgresql://practice@" in done.out
    assert "(schema 0022)" in done.out
    assert "PostgreSQL's own tools" in done.out


async def test_somebody_is_invited_beside_the_running_bot(practice: Practice, microchequeo: Command) -> None:
    done = await microchequeo("invite", "--therapist", "Dra. Gil")
    gil = practice.telegram.phone(101, "Dra. Gil")
    await practice.says(gil, f"/start {done.out.strip().partition('start=')[2]}")
    await practice.taps(gil, "la Dra. Gil")

    assert (done.code, done.err) == (0, "")
    assert len(await practice.rows("SELECT id FROM therapists")) == 1


async def test_status_knows_that_the_bot_runs(practice: Practice, microchequeo: Command) -> None:
    running = await microchequeo("status")
    await practice.stop()
    stopped = await microchequeo("status")

    assert "running" in running.out
    assert (stopped.code, "stopped; nobody is asked" in stopped.out) == (69, True)


async def test_a_patient_who_asked_on_paper_leaves(practice: Practice, microchequeo: Command) -> None:
    await practice.patient(await practice.therapist())

    done = await microchequeo("erase", "P-07", "--yes")

    assert (done.code, done.err) == (0, "")
    assert await practice.rows("SELECT state FROM patients") == [{"state": "left"}]


@pytest.mark.parametrize(
    ("words", "tool"), [(("backup",), "pg_dump"), (("restore", "any.backup", "--force"), "pg_restore")]
)
async def test_what_is_done_with_a_file_is_refused_and_names_the_tool(
    microchequeo: Command, words: tuple[str, ...], tool: str
) -> None:
    done = await microchequeo(*words)

    assert done.code == 78
    assert tool in done.err
    assert "Nothing was done." in done.err


async def test_keys_are_made_new_only_while_the_bot_is_stopped(practice: Practice, microchequeo: Command) -> None:
    await practice.patient(await practice.therapist())
    refused = await microchequeo("rotate-key")
    await practice.stop()

    done = await microchequeo("rotate-key")

    assert (refused.code, "Stop the bot first" in refused.err) == (69, True)
    assert (done.code, "The keys are new" in done.out) == (0, True)


async def test_who_left_is_erased_again_only_while_the_bot_is_stopped(
    practice: Practice, microchequeo: Command, tmp_path: Path
) -> None:
    """The list is another machine's: here nobody has left."""
    await practice.patient(await practice.therapist())
    append(tmp_path / "theirs.log", Erasure(practice.clock.now(), 1, keep_scores=False))
    words = "erase-again", "--list", str(tmp_path / "theirs.log")
    refused = await microchequeo(*words)
    there = await practice.rows("SELECT code FROM patients")
    await practice.stop()

    done = await microchequeo(*words)

    assert (refused.code, "Stop the bot first" in refused.err) == (69, True)
    assert there == [{"code": "P-07"}]
    assert (done.code, done.out) == (0, "Erased again, because they had left: 1.\n")
    assert await practice.rows("SELECT code FROM patients") == []
    assert await practice.rows("SELECT id FROM outbox WHERE sent_at IS NULL") == []


async def test_a_server_that_is_away_is_one_sentence_without_the_password(
    practice: Practice, microchequeo: Command, postgresql: Server
) -> None:
    await practice.stop()
    _with_password(practice.folder / "config.toml", url_of(practice.database))

    with postgresql.stopped():
        said = [await microchequeo(*words) for words in (["run"], ["check"], ["export", "P-07"], ["status"])]

    assert {done.code for done in said} == {69}
    assert all("cannot be used" in done.out + done.err for done in said)
    assert not [done for done in said if "s3cr3t" in done.out + done.err or "Traceback" in done.err]


@pytest.mark.parametrize(
    "address",
    [
        "bot:s3cr3t@localhost:/one",
        "bot:s3cr3t s3cr3t@localhost/one",
        "bot:x@s3cr3t@localhost/one",
        "bot:s3cr3t/x@localhost/one",
        "bot:s3cr3t@localhost/one?sslmod=require",
    ],
)
async def test_an_address_that_cannot_be_read_is_one_sentence_without_the_password(
    practice: Practice, microchequeo: Command, address: str
) -> None:
    await practice.stop()
    url, config = f"postgresql+psycopg://{address}", practice.folder / "config.toml"
    before = config.read_text()
    config.write_text(before.replace(url_of(practice.database), url))
    said = [await microchequeo(*words) for words in (["run"], ["check"], ["status"])]
    config.write_text(before)

    said.append(await microchequeo("move-database", "--to", url))

    assert [done.code for done in said[:3]] == [78, 78, 78]
    assert said[3].code in {2, 78}
    assert not [done for done in said if "s3cr3t" in done.out + done.err or "Traceback" in done.err]


def _with_password(config: Path, url: str) -> None:
    config.write_text(config.read_text().replace(url, url.replace("practice@", "practice:s3cr3t@")))
