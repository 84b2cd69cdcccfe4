"""A term of Tuesdays at five, with the autumn change of the clocks, a holiday and a session on another day in it.

And what an outage of days, or a clock that jumps, does to the questions: each one once, or never and said so.
"""

from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.demo.phone import Phone
from bot.domain.timing import to_utc
from handlers.actions_agenda import CallOff, MoveHour
from handlers.keyboards import encode
from tests.practice import Practice, opened, said

MADRID = ZoneInfo("Europe/Madrid")
FIRST = date(2026, 9, 15)
"""A Tuesday; the clocks go back on Sunday 25 October."""

WEEK = timedelta(days=7)


def madrid(on: date, at: str) -> datetime:
    """Return an instant by Madrid's clock."""
    return to_utc(datetime.combine(on, time.fromisoformat(at)), MADRID)


@pytest.fixture
async def september(tmp_path: Path) -> AsyncIterator[Practice]:
    """Open a practice in September, in the morning before the first session."""
    async with opened(tmp_path, start=madrid(FIRST, "10:00")) as practice:
        yield practice


def asked(phone: Phone) -> list[datetime]:
    """Return when each message of the bot came that was sent after the first day's morning, on Madrid's clock."""
    dates = [message.date.astimezone(MADRID) for message in phone.messages if message.from_bot]
    return [date for date in dates if date > madrid(FIRST, "10:00")]


async def session_on(practice: Practice, on: date) -> int:
    """Return the session of the series on a day."""
    found = await practice.rows("SELECT id FROM sessions WHERE occurs_on = :on", on=on.isoformat())
    return int(found[0]["id"])


async def test_sixteen_tuesdays_are_asked_about_at_five_past_six_whatever_the_clocks_do(september: Practice) -> None:
    ruiz = await september.therapist()
    ana = await september.patient(ruiz)
    await september.says(ruiz, "/sesion P-07 cada martes 17:00")
    tuesdays = [FIRST + number * WEEK for number in range(16)]

    for tuesday in tuesdays:
        await september.go_to(madrid(tuesday, "18:04"))
        await september.go_to(madrid(tuesday, "18:05"))

    assert [f"{at:%Y-%m-%d %H:%M}" for at in asked(ana)] == [f"{tuesday} 18:05" for tuesday in tuesdays]
    assert {at.utcoffset() for at in asked(ana)} == {timedelta(hours=1), timedelta(hours=2)}


async def test_a_cancelled_session_asks_nothing_and_a_moved_one_once_at_its_new_time(september: Practice) -> None:
    ruiz = await september.therapist()
    ana = await september.patient(ruiz)
    await september.says(ruiz, "/sesion P-07 cada martes 17:00")
    holiday, moved, thursday = FIRST + 4 * WEEK, FIRST + 6 * WEEK, FIRST + 6 * WEEK + timedelta(days=2)

    await september.go_to(madrid(FIRST + 3 * WEEK, "09:00"))
    await september.taps_data(ruiz, encode(CallOff(await session_on(september, holiday), missed=False)))  # type: ignore[arg-type]
    await september.go_to(madrid(moved, "09:00"))
    move = MoveHour(await session_on(september, moved), whole=False, on=thursday, at=time(12))  # type: ignore[arg-type]
    await september.taps_data(ruiz, encode(move))
    before = len(asked(ana))
    for day in (moved, thursday):
        for hour in ("13:04", "13:05", "18:05", "20:00"):
            await september.go_to(madrid(day, hour))

    assert [f"{at:%Y-%m-%d %H:%M}" for at in asked(ana)[before:]] == [f"{thursday} 13:05"]
    states = "SELECT check_ins.state FROM check_ins JOIN sessions ON sessions.id = session_id WHERE occurs_on = :on"
    assert await september.rows(states, on=holiday.isoformat()) == [{"state": "cancelled"}]


async def test_another_zone_of_the_therapist_leaves_a_series_where_it_was(september: Practice) -> None:
    ruiz = await september.therapist()
    await september.patient(ruiz)
    await september.says(ruiz, "/sesion P-07 cada martes 17:00")

    await september.says(ruiz, "/ajustes America/Bogota")
    await september.go_to(madrid(FIRST + 10 * WEEK, "04:00"))

    starts = await september.rows("SELECT starts_at, occurs_on FROM sessions ORDER BY starts_at")
    local = {datetime.fromisoformat(row["starts_at"]).astimezone(MADRID).strftime("%a %H:%M") for row in starts}
    assert local == {"Tue 17:00"}
    assert len(starts) > 16


async def test_after_two_days_of_outage_what_is_in_its_window_is_asked_once_and_the_rest_is_said(
    september: Practice,
) -> None:
    """Ana's next session is in a week, Eva's was during the outage: only Ana's question still makes sense."""
    ruiz = await september.therapist()
    ana, eva = await september.patient(ruiz), await september.patient(ruiz, "P-08", 201)
    await september.says(ruiz, "/sesion P-07 hoy 17:00 50m")
    await september.says(ruiz, "/sesion P-08 hoy 17:00 50m")
    await september.says(ruiz, "/sesion P-08 mañana 17:00 50m")

    for _ in range(2):
        await september.stop()
        september.clock.advance(timedelta(days=1, hours=1))
        assert asked(ana) == []
    await september.start()
    await september.settle()
    await september.pass_time(timedelta(minutes=1))

    assert len(asked(ana)) == 1
    assert len(asked(eva)) == 1
    assert "Sesión del miércoles 16" in said(eva)[-1]
    assert await september.check_ins() == ["open", "late", "open"]
    await september.says(ruiz, "/resumen")
    assert any("1 pregunta no salió a tiempo" in text for text in said(ruiz))


async def test_a_bot_that_starts_again_and_again_asks_nothing_twice(september: Practice) -> None:
    ruiz = await september.therapist()
    ana = await september.patient(ruiz)
    await september.says(ruiz, "/sesion P-07 hoy 17:00 50m")
    await september.go_to(madrid(FIRST, "18:05"))

    for _ in range(3):
        await september.stop()
        await september.start()
        await september.pass_time(timedelta(minutes=10))

    assert len(asked(ana)) == 1


@pytest.mark.parametrize("jump", [-timedelta(days=1), -timedelta(minutes=1), timedelta(days=1)], ids=str)
async def test_a_clock_that_jumps_sends_nothing_twice(september: Practice, jump: timedelta) -> None:
    ruiz = await september.therapist()
    ana = await september.patient(ruiz)
    await september.says(ruiz, "/sesion P-07 hoy 17:00 50m")
    await september.go_to(madrid(FIRST, "18:05"))
    await september.go_to(madrid(FIRST + timedelta(days=1), "14:10"))
    assert ana.last().text.startswith("Sigue aquí la pregunta")

    await september.stop()
    september.clock.advance(jump)
    await september.start()
    for _ in range(2):
        await september.pass_time(timedelta(hours=13))

    assert len(asked(ana)) == 2, "one question, one reminder"


async def test_two_sessions_on_one_day_say_which_one_is_meant(september: Practice) -> None:
    """A session at ten and one at five: neither question can be taken for the other's."""
    ruiz = await september.therapist()
    ana = await september.patient(ruiz)
    await september.says(ruiz, "/sesion P-07 hoy 11:00 50m")
    await september.says(ruiz, "/sesion P-07 hoy 17:00 50m")

    await september.go_to(madrid(FIRST, "12:05"))
    assert "Sesión de hoy a las 11:00 con la Dra. Ruiz · 1 de 3" in ana.last().text
    await september.answers(ana, 8, 8, 2)
    await september.go_to(madrid(FIRST, "18:05"))
    assert "Sesión de hoy a las 17:00 con la Dra. Ruiz · 1 de 3" in ana.last().text
    await september.go_to(madrid(FIRST + timedelta(days=1), "14:05"))

    assert "la sesión del martes a las 17:00, por si quiere" in ana.last().text
    assert {number for number, _, _ in await september.scores()} == {1}
