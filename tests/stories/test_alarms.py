"""A machine in a cupboard answers for a practice; Iker, who looks after it, hears when it breaks and when it is mended.

He is told kinds and counts, never of whom: what is wrong, what to do, and where more is written.  Nobody else hears.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiosqlite
import pytest

from bot.demo.faults import Fault, Rule
from bot.demo.phone import Phone
from bot.domain.model import Role
from bot.domain.trouble import TroubleKind
from tests.practice import WITH_BACKUPS, Practice, opened, said

MINUTE = timedelta(minutes=1)
NIGHT = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
"""Wednesday 18 November, 4:00 in Madrid: the hour of the backup."""

MORNING = datetime(2026, 11, 18, 7, 0, tzinfo=UTC)
"""8:00: the end of the quiet hours."""


@pytest.fixture
async def iker(practice: Practice) -> Phone:
    return await operator(practice)


async def operator(practice: Practice) -> Phone:
    return await practice.enrolled(Role.OPERATOR, 120, "Iker")


BEGINNINGS = (
    *("No me llega", "Telegram no acepta", "No puedo guardar", "Hay ", "He apartado", "La copia", "Una tarea"),
    *("Queda poco", "Sigue igual", "Vuelve a estar bien", "Del último día"),
)


def told(phone: Phone) -> list[str]:
    """Return the alarms that a phone got, oldest first."""
    return [text for text in said(phone) if text.startswith(BEGINNINGS)]


async def looks(practice: Practice, span: timedelta = MINUTE) -> None:
    """Let time pass for a bot that fetches nothing: what is due is done, nobody waits for updates."""
    practice.clock.advance(span)
    await practice.bot.settled()


async def alarms(practice: Practice) -> list[tuple[str, bool]]:
    """Return every alarm as (kind, over)."""
    rows = await practice.rows("SELECT kind, over_at FROM alarms ORDER BY id")
    return [(row["kind"], row["over_at"] is not None) for row in rows]


@asynccontextmanager
async def nothing_comes_in(practice: Practice, fault: Fault) -> AsyncIterator[None]:
    """Let fetching fail, from the end of the present long poll on, while messages still leave."""
    rule = practice.telegram.faults.add(Rule(fault, method="getUpdates"))
    await practice.telegram.phone(999, "Nadie").send("hola")
    await until(practice, trouble=True)
    yield
    rule.lift()
    await back(practice)


async def back(practice: Practice) -> None:
    """Let somebody write, so that the first long poll which succeeds ends at once."""
    await practice.telegram.phone(999, "Nadie").send("hola")
    await until(practice, trouble=False)


async def until(practice: Practice, *, trouble: bool) -> None:
    async with asyncio.timeout(20):
        while (practice.bot.intake.trouble is not None) is not trouble:  # noqa: ASYNC110 - nothing else tells of it
            await asyncio.sleep(0.01)


@asynccontextmanager
async def database(practice: Practice) -> AsyncIterator[aiosqlite.Connection]:
    async with aiosqlite.connect(practice.database) as db:
        yield db
        await db.commit()


# Telegram


async def test_five_silent_minutes_are_told_once_and_so_is_their_end(practice: Practice, iker: Phone) -> None:
    async with nothing_comes_in(practice, Fault.server_error()):
        await looks(practice, timedelta(seconds=1))
        await looks(practice, 4 * MINUTE)
        assert told(iker) == []
        for _ in range(4):
            await looks(practice)
        [begun] = told(iker)
    await looks(practice, 2 * MINUTE)
    await looks(practice, 10 * MINUTE)

    assert begun.startswith("No me llega nada de Telegram desde hoy a las 17:0")
    assert "«Telegram is silent»" in begun
    assert [text.partition(":")[0] for text in told(iker)[1:]] == ["Vuelve a estar bien"]
    assert "durante 10 minutos" in told(iker)[1]
    assert await alarms(practice) == [("silent", True)]


async def test_with_no_network_it_is_told_afterwards_in_one_message(practice: Practice, iker: Phone) -> None:
    async with practice.telegram.outage():
        await until(practice, trouble=True)
        await looks(practice, timedelta(seconds=1))
        for _ in range(4):
            await looks(practice, timedelta(minutes=30))
    await back(practice)
    for _ in range(3):
        await looks(practice, 10 * MINUTE)

    [only] = told(iker)
    assert only.startswith("Vuelve a estar bien: ya llega lo que se escribe en Telegram. No llegó nada durante 2 horas")


async def test_a_bot_that_stands_by_says_so_to_its_operator_once(practice: Practice, iker: Phone) -> None:
    """It never was alone with its token, and sends nothing that is due (`test_two_bots`): nobody else would hear."""
    conflict = Fault.answer(409, {"ok": False, "error_code": 409, "description": "Conflict: terminated"})
    practice.telegram.faults.add(Rule(conflict, method="getUpdates"))
    await practice.telegram.phone(999, "Nadie").send("hola")
    await until(practice, trouble=True)
    await looks(practice, timedelta(seconds=1))
    for _ in range(20):
        await looks(practice)

    [begun] = told(iker)
    assert begun.startswith("No me llega nada de Telegram desde hoy a las 17:0")
    assert "ningún otro programa usa el mismo token" in begun


async def test_a_silence_that_has_just_ended_wakes_nobody(practice: Practice, iker: Phone) -> None:
    """The network is back half a minute after the last look, when what waited is about to be tried again."""
    async with practice.telegram.outage():
        await until(practice, trouble=True)
        await looks(practice, timedelta(seconds=1))
        await looks(practice, 6 * MINUTE)
        for _ in range(20):
            await looks(practice, timedelta(seconds=58))
    await back(practice)
    await looks(practice, timedelta(seconds=58))

    assert [text.partition(":")[0] for text in told(iker)] == ["Vuelve a estar bien"]


@pytest.mark.both
async def test_a_refused_token_is_told_within_minutes(practice: Practice, iker: Phone) -> None:
    async with nothing_comes_in(practice, Fault.unauthorized()):
        await looks(practice, timedelta(seconds=1))
        await looks(practice, 2 * MINUTE)
        await looks(practice, 10 * MINUTE)
        [begun] = told(iker)
    await looks(practice, 2 * MINUTE)

    assert begun.startswith("Telegram no acepta la conexión desde hoy a las 17:00: el token ya no sirve")
    assert told(iker)[1].startswith("Vuelve a estar bien: Telegram acepta la conexión.")
    assert await alarms(practice) == [("refused", True)]


async def test_a_short_silence_is_nobodys_business(practice: Practice, iker: Phone) -> None:
    async with nothing_comes_in(practice, Fault.html()):
        await looks(practice, 4 * MINUTE)
    await looks(practice, 10 * MINUTE)

    assert told(iker) == []
    assert await alarms(practice) == []


# What does not leave


async def test_an_alert_that_does_not_leave_is_told_without_a_code(practice: Practice, iker: Phone) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    rule = practice.telegram.faults.add(Rule(Fault.server_error(), method="sendMessage", chat=100))

    await practice.says(ana, "quiero morir")
    for _ in range(14):
        await practice.pass_time(MINUTE)
    [begun] = told(iker)
    rule.lift()
    for _ in range(14):
        await practice.pass_time(MINUTE)

    assert begun.startswith("Hay ")
    assert "aviso sin salir, que tenía que llegar" in begun or "avisos sin salir; el primero tenía que" in begun
    assert told(iker)[1:] == ["Vuelve a estar bien: ya no queda ningún aviso sin salir."]
    assert "P-07" not in "".join(said(iker))
    assert ("unsent", True) in await alarms(practice)


@pytest.mark.file
async def test_an_update_that_is_put_aside_is_told_the_next_morning_and_over_a_day_later(practice: Practice) -> None:
    iker, stranger = await operator(practice), practice.telegram.phone(300, "Desconocida")
    async with database(practice) as db:
        await db.execute(
            "CREATE TRIGGER no_more BEFORE INSERT ON failed_starts BEGIN SELECT RAISE(ABORT, 'no more'); END"
        )
    await practice.go_to(NIGHT - timedelta(minutes=30))
    await practice.says(stranger, "/start wrong")
    for _ in range(5):
        await practice.pass_time(6 * MINUTE)
    during = told(iker)

    await practice.go_to(MORNING)
    [begun] = told(iker)
    for _ in range(2):
        await practice.pass_time(timedelta(days=1))

    assert during == []
    assert begun.startswith("Hay un mensaje apartado después de cinco intentos")
    assert told(iker)[1:] == ["Del último día ya no hay ningún mensaje apartado."]
    assert await alarms(practice) == [("parked", True)]


# What the bot does for itself


@pytest.mark.file
async def test_a_backup_that_fails_lets_the_operator_sleep(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=WITH_BACKUPS) as practice:
        iker, obstacle = await operator(practice), tmp_path / "data" / "backups"
        shutil.rmtree(obstacle, ignore_errors=True)
        obstacle.write_text("a file where the folder should be")
        await practice.go_to(NIGHT)
        await practice.pass_time(MINUTE)
        assert (told(iker), await alarms(practice)) == ([], [("backup", False)])

        await practice.go_to(MORNING)
        [begun] = told(iker)
        await practice.pass_time(timedelta(hours=6))
        again = told(iker)
        obstacle.unlink()
        await practice.pass_time(timedelta(hours=5))
        await practice.pass_time(MINUTE)

    assert begun.startswith("La copia de seguridad falla")
    assert again == [begun]
    assert told(iker)[1:] == ["Vuelve a estar bien: la copia de seguridad está hecha."]


@pytest.mark.file
async def test_what_is_mended_before_the_morning_is_not_told(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=WITH_BACKUPS) as practice:
        iker, obstacle = await operator(practice), tmp_path / "data" / "backups"
        obstacle.write_text("a file where the folder should be")
        await practice.go_to(NIGHT)
        await practice.pass_time(MINUTE)
        obstacle.unlink()
        await practice.pass_time(timedelta(minutes=30))
        await practice.pass_time(MINUTE)
        await practice.go_to(MORNING)

        assert await alarms(practice) == [("backup", True)]
        assert told(iker) == []


@pytest.mark.file
async def test_of_two_operators_whoever_heard_of_it_at_night_hears_that_it_is_over(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=WITH_BACKUPS) as practice:
        iker, obstacle = await operator(practice), tmp_path / "data" / "backups"
        noa = await practice.enrolled(Role.OPERATOR, 121, "Noa")
        await practice.says(noa, "/ajustes 12:00-15:00")
        obstacle.write_text("a file where the folder should be")
        await practice.go_to(NIGHT)
        await practice.pass_time(MINUTE)
        begun = told(noa)
        obstacle.unlink()
        await practice.pass_time(timedelta(minutes=30))
        await practice.pass_time(MINUTE)
        await practice.go_to(MORNING)

        assert [text.partition(";")[0] for text in begun] == ["La copia de seguridad falla"]
        assert told(noa)[1:] == ["Vuelve a estar bien: la copia de seguridad está hecha."]
        assert told(iker) == [], "it was mended before his morning"


async def test_little_space_is_told_again_each_day_until_there_is_some(tmp_path: Path) -> None:
    async with opened(tmp_path, settings="[operator]\nleast_free = 1000000\n") as practice:
        iker = await operator(practice)
        await practice.pass_time(2 * MINUTE)
        for _ in range(5):
            await practice.pass_time(timedelta(hours=12))
        await practice.stop()
        practice.settings = "[operator]\nleast_free = 1\n"
        await practice.start()
        await practice.pass_time(2 * MINUTE)
        await practice.go_to(datetime(2026, 11, 20, 8, 0, tzinfo=UTC))

    kinds = [text.split(".")[0].partition(" del disco")[0] for text in told(iker)]
    assert kinds[0].startswith("Queda poco espacio")
    assert [kind[:5] for kind in kinds[1:]] == ["Sigue", "Sigue", "Vuelv"]


@pytest.mark.file
async def test_when_nothing_can_be_written_the_operator_hears_of_it_all_the_same(
    practice: Practice, iker: Phone
) -> None:
    await practice.bot.settled()
    async with database(practice) as db:
        await db.execute("ALTER TABLE facts RENAME TO facts_away")
        await db.execute("ALTER TABLE inbox RENAME TO inbox_away")
    await iker.send("¿Hola?")
    await until(practice, trouble=True)
    for _ in range(5):
        await looks(practice)
    [begun] = told(iker)
    async with database(practice) as db:
        await db.execute("ALTER TABLE facts_away RENAME TO facts")
        await db.execute("ALTER TABLE inbox_away RENAME TO inbox")
    await until(practice, trouble=False)
    await practice.pass_time(MINUTE)
    await practice.pass_time(MINUTE)

    assert begun.startswith("No puedo guardar nada desde hoy a las 17:0")
    assert [text[:32] for text in told(iker)[1:]] == ["Vuelve a estar bien: puedo guard"]
    assert await alarms(practice) == [("database", True)]


@pytest.mark.file
async def test_a_file_that_was_overwritten_is_no_trouble_of_telegrams(practice: Practice, iker: Phone) -> None:
    await practice.pass_time(2 * MINUTE)
    async with database(practice) as db:
        await db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with practice.database.open("r+b") as file:
        file.truncate(4096)
        file.write(b"nonsense" * 4096)
    await iker.send("¿Hola?")
    await until(practice, trouble=True)
    for _ in range(4):
        await looks(practice)

    trouble = practice.bot.intake.trouble
    assert trouble is not None
    assert trouble.kind is TroubleKind.DATABASE_AWAY
    assert [text[:20] for text in told(iker)] == ["No puedo guardar nad"]


async def test_a_restart_in_the_middle_neither_ends_nor_repeats_an_alarm(tmp_path: Path) -> None:
    async with opened(tmp_path, settings="[operator]\nleast_free = 1000000\n") as practice:
        iker = await operator(practice)
        await practice.pass_time(MINUTE)
        await practice.stop()
        await practice.start()
        await practice.pass_time(2 * MINUTE)

        assert await alarms(practice) == [("disk", False)]
        assert len(told(iker)) == 1


async def test_where_nobody_looks_after_the_bot_the_alarm_is_a_row_for_status(tmp_path: Path) -> None:
    async with opened(tmp_path, settings="[operator]\nleast_free = 1000000\n") as practice:
        ruiz = await practice.therapist()
        await practice.pass_time(MINUTE)

        assert await alarms(practice) == [("disk", False)]
        assert told(ruiz) == []
