"""Moving to a server and back, killed wherever it hurts: no bot starts on half a practice, and the next try works."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.domain.errors import StoreRefusedError
from bot.keys import load_key_file
from storage.columns import KeyRing
from storage.opening import prepare
from storage.places import SQLITE, place_of
from tests.commands import Finished, cut_off, done
from tests.faults.people import ring
from tests.faults.points import MOVING
from tests.process import BotProcess, housed
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


async def test_no_bot_starts_on_half_a_practice_and_the_next_try_moves_all_of_it(
    bot: BotProcess, url: str, tmp_path: Path
) -> None:
    before, back = dump(bot.database), tmp_path / "back.db"

    killed_at_every_turn(bot, url, url)
    bot.settings += f'[database]\nurl = "{url}"\n'
    bot.furnish()
    killed_at_every_turn(bot, str(back), f"{SQLITE}{back}")

    assert dump(back) == dump(bot.database) == before
