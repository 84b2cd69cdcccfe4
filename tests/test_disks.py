"""How much space is left, and how much there should be."""

from pathlib import Path

from bot.disks import COPIES, Folders

MEGABYTE = 1_000_000


async def test_both_file_systems_are_looked_at_also_where_the_folder_is_not_made_yet(tmp_path: Path) -> None:
    space = await Folders(tmp_path / "practice.db", tmp_path, tmp_path / "not" / "yet", MEGABYTE).look()

    assert set(space.free) == {"data", "backup"}
    assert all(free > 0 for free in space.free.values())
    assert space.least == MEGABYTE


async def test_there_should_be_room_for_copies_of_a_large_database(tmp_path: Path) -> None:
    database = tmp_path / "practice.db"
    with database.open("wb") as file:
        file.truncate(5 * MEGABYTE)

    assert (await Folders(database, database.parent, None, MEGABYTE).look()).least == COPIES * 5 * MEGABYTE
    assert (await Folders(database, database.parent, None, 0).look()).least == 0, "the disks are not looked at"
