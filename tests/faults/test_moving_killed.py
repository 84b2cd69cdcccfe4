"""Moving to a server and back, killed wherever it hurts: no bot starts on half a practice, and the next try works."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.cli_move import INTERRUPTED
from bot.domain.errors import StoreRefusedError
from bot.keys import load_key_file
from storage.columns import KeyRing
from storage.opening import prepare
from storage.places import SQLITE, place_of
from storage.postgres.address import Address
from tests.commands import Finished, begin, cut_off, done
from tests.faults.people import ring
from tests.faults.points import MOVING
from tests.process import START_WITHIN, STOP_WITHIN, BotProcess, housed, until
from tests.server import Server
from tests.storage.records import answer, furnish, open_database
from tests.storage.test_moving import dump

pytestmark = pytest.mark.file


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[BotProcess]:
    """Furnish a practice in which a patient has answered; nothing runs."""
    async with housed(tmp_path) as furnished:
        keys = keys_of(furnished)
        prepare(furnished.database, keys)
        async with open_database(furnished.database, keys) as store, store.transaction() as tx:
            await answer(tx, await furnish(tx), 7, 8, 2)
        yield furnished


@pytest.fixture
def url(postgresql: Server) -> Iterator[str]:
    yield postgresql.make("moved")
    postgresql.forget()


def keys_of(bot: BotProcess) -> KeyRing:
    return ring(load_key_file(bot.config.privacy.key_file))


def words(bot: BotProcess, to: str) -> tuple[str, ...]:
    return "move-database", "--to", to, "--config", str(bot.config_file)


def begun_on(bot: BotProcess, url: str) -> Finished:
    return done("run", "--config", str(bot.config_file), MICROCHEQUEO_DATABASE__URL=url)


def killed_at_every_turn(bot: BotProcess, to: str, url: str) -> None:
    """Be killed at one point after the other, each time on what the last left; then move."""
    for point in MOVING.values():
        cut_off(point, *words(bot, to))
        with pytest.raises(StoreRefusedError, match="not all of it is there"):
            place_of(url).prepare(keys_of(bot))
    started = begun_on(bot, url)
    moved = done(*words(bot, to))

    assert (started.code, "not all of it is there" in started.err) == (65, True)
    assert (moved.code, moved.err) == (0, "")
    assert "cut short is begun anew" in moved.out


@contextmanager
def held(url: str) -> Iterator["psycopg.Connection[Any]"]:
    """Hold a table of a database on the server, so that a move waits there; yield who does."""
    with psycopg.connect(Address(url).conninfo(), autocommit=True) as db:
        db.execute("BEGIN; LOCK TABLE answers")
        yield db
        db.execute("ROLLBACK")


async def interrupted(bot: BotProcess, to: str, server: str) -> Finished:
    """Begin to move, and press Ctrl-C while the server lets it wait."""
    out, err = bot.folder / "out", bot.folder / "err"
    for said in (out, err):
        said.unlink(missing_ok=True)
    with held(server) as db:
        begun = begin(*words(bot, to), out=out, err=err)
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'answers'::regclass"
        await until(lambda: db.execute(waits).fetchall() == [(1,)], "it waits for a table", START_WITHIN)
        begun.send(signal.SIGINT)
        code = await asyncio.wait_for(begun.ended(), STOP_WITHIN)
    return Finished(code, out.read_text("utf-8"), err.read_text("utf-8"))


async def test_after_ctrl_c_no_bot_starts_on_half_a_practice_and_the_next_try_moves_all_of_it(
    bot: BotProcess, url: str, tmp_path: Path
) -> None:
    before, back = dump(bot.database), tmp_path / "back.db"

    async def stopped_and_moved(to: str, target: str) -> None:
        cut_off(MOVING["tables laid out, empty"], *words(bot, to))
        stopped = await interrupted(bot, to, url)
        assert (stopped.code, stopped.out) == (INTERRUPTED, "")
        assert len(stopped.err.splitlines()) == 1
        assert "Stopped before the end." in stopped.err
        with pytest.raises(StoreRefusedError, match="not all of it is there"):
            place_of(target).prepare(keys_of(bot))
        moved = done(*words(bot, to))
        assert (moved.code, moved.err) == (0, "")

    await stopped_and_moved(url, url)
    bot.settings += f'[database]\nurl = "{url}"\n'
    bot.furnish()
    await stopped_and_moved(str(back), f"{SQLITE}{back}")

    assert dump(back) == dump(bot.database) == before


async def test_no_bot_starts_on_half_a_practice_and_the_next_try_moves_all_of_it(
    bot: BotProcess, url: str, tmp_path: Path
) -> None:
    before, back = dump(bot.database), tmp_path / "back.db"

    killed_at_every_turn(bot, url, url)
    bot.settings += f'[database]\nurl = "{url}"\n'
    bot.furnish()
    killed_at_every_turn(bot, str(back), f"{SQLITE}{back}")

    assert dump(back) == dump(bot.database) == before
