"""What a monitor reads about a practice: sums that agree with what happened, and nothing about anybody.

Whoever runs the machine sees that answers come in and alerts leave without seeing whose they are.
"""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import aiosqlite
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.demo.faults import Fault, Rule
from bot.health import POLL_LATE, Pulse
from storage.session import CONNECTIONS
from tests.practice import Practice, opened

Figures = dict[tuple[str, tuple[str, ...]], float]


def free_address() -> str:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


@pytest.fixture
async def practice(tmp_path: Path) -> AsyncIterator[Practice]:
    async with opened(tmp_path, settings=f'[health]\nlisten = "{free_address()}"\n') as running:
        yield running


async def page(practice: Practice, path: str) -> tuple[int, str]:
    address = practice.settings.split('"')[1]
    async with aiohttp.ClientSession() as web, web.get(f"http://{address}{path}") as response:
        return response.status, await response.text()


async def figures(practice: Practice) -> Figures:
    """Return every sample by name and values of its labels (sorted by label), as Prometheus' own parser reads them."""
    _, text = await page(practice, "/metrics")
    families = text_string_to_metric_families(text)
    return {
        (one.name, tuple(value for _, value in sorted(one.labels.items()))): one.value
        for family in families
        for one in family.samples
    }


async def healthz(practice: Practice) -> tuple[int, dict[str, Any]]:
    status, text = await page(practice, "/healthz")
    return status, json.loads(text)


async def test_the_figures_are_what_happened(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    before = await figures(practice)
    await practice.session_ends(ruiz)
    await practice.says(ana, "5")
    await practice.taps(ana, "4", "3", "Listo")
    await practice.pass_time(timedelta(minutes=20))

    after = await figures(practice)
    grown = {key: value - before.get(key, 0.0) for key, value in after.items()}

    assert after["microchequeo_answers_total", ()] == 6 == len(await practice.scores())
    assert grown["microchequeo_answers_total", ()] == 3
    left = await practice.rows("SELECT urgency, count(*) AS n FROM outbox WHERE sent_at IS NOT NULL GROUP BY urgency")
    names = {0: "reply", 1: "urgent", 2: "alert", 3: "bulk"}
    for row in left:
        assert after["microchequeo_notice_wait_seconds_count", (names[row["urgency"]],)] == row["n"]
    assert grown["microchequeo_sends_total", ("sent", "alert")] == 1, "the fall"
    assert after["microchequeo_sends_total", ("gone", "alert")] == 0
    [worked] = await practice.rows("SELECT count(*) AS n FROM inbox WHERE done_at IS NOT NULL")
    assert after["microchequeo_update_wait_seconds_count", ()] == worked["n"]
    assert after["microchequeo_open_episodes", ()] == 1
    assert after["microchequeo_waiting", ("inbox",)] == after["microchequeo_waiting", ("outbox",)] == 0
    assert [after["microchequeo_up", (part,)] for part in ("poller", "scheduler", "database")] == [1, 1, 1]


async def test_what_waits_is_counted_by_class_and_by_age(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    practice.telegram.faults.add(Rule(Fault.server_error(), method="sendMessage", chat=100))
    await practice.says(ana, "quiero morir")
    for _ in range(12):
        await practice.pass_time(timedelta(minutes=1))

    seen = await figures(practice)
    status, health = await healthz(practice)

    assert seen["microchequeo_outbox_waiting", ("urgent",)] >= 1
    assert seen["microchequeo_oldest_seconds", ("unsent",)] == 12 * 60
    assert seen["microchequeo_oldest_seconds", ("urgent_words",)] == 12 * 60
    assert seen["microchequeo_alarm", ("unsent",)] == 1
    assert seen["microchequeo_sends_total", ("failed", "urgent")] >= 5
    assert status == 200, "a new start would mend nothing"
    assert "for more than 10 minutes" in health["warnings"]["unsent"]
    since = practice.clock.now() - timedelta(minutes=12)
    assert [datetime.fromisoformat(health[key]) for key in ("oldest_unsent", "oldest_unacknowledged")] == [since, since]


@pytest.mark.both
async def test_429s_are_counted(practice: Practice) -> None:
    ruiz = await practice.therapist()
    practice.telegram.faults.add(Rule(Fault.too_many_requests(1), method="sendMessage", times=1))

    await practice.says(ruiz, "/ayuda")
    await practice.settle()

    seen = await figures(practice)
    assert seen["microchequeo_limited_total", ()] == 1
    assert seen["microchequeo_sends_total", ("limited", "reply")] == 1


async def test_no_figure_is_about_anybody(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)

    _, text = await page(practice, "/metrics")
    labels = {
        (name, value)
        for family in text_string_to_metric_families(text)
        for one in family.samples
        for name, value in one.labels.items()
        if name != "le"
    }

    assert {name for name, _ in labels} == {"urgency", "outcome", "part", "box", "what", "alarm", "folder"}
    assert not [value for _, value in labels if any(sign in value for sign in ("P-", "Ruiz", "100", "200"))]


async def test_however_many_ask_the_figures_leave_connections_to_people(practice: Practice) -> None:
    free, fewest = practice.bot.store._sessions._free, CONNECTIONS

    async def watch() -> None:
        nonlocal fewest
        while True:
            fewest = min(fewest, free._value)
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        watching = group.create_task(watch())
        answers = await asyncio.gather(*(page(practice, path) for path in ("/metrics", "/healthz") * 20))
        watching.cancel()

    assert {status for status, _ in answers} == {200}
    assert 0 < fewest < CONNECTIONS


@pytest.mark.file
async def test_a_database_that_cannot_be_read_is_a_reason(practice: Practice) -> None:
    async with aiosqlite.connect(practice.database) as db:
        await db.execute("ALTER TABLE facts RENAME TO facts_away")
        await db.commit()
    status, health = await healthz(practice)
    up = (await figures(practice))["microchequeo_up", ("database",)]
    async with aiosqlite.connect(practice.database) as db:
        await db.execute("ALTER TABLE facts_away RENAME TO facts")
        await db.commit()

    assert (status, up) == (503, 0)
    assert "facts" in health["reasons"]["database"]
    assert (await healthz(practice))[0] == 200


@pytest.mark.file
async def test_a_database_that_fails_between_two_questions_is_a_figure_and_no_failure(practice: Practice) -> None:
    """What the first question asks is there, what a later one asks is not."""
    async with aiosqlite.connect(practice.database) as db:
        await db.execute("ALTER TABLE failed_starts RENAME TO failed_starts_away")
        await db.commit()
    status, _ = await page(practice, "/metrics")
    seen = await figures(practice)

    assert status == 200
    assert [seen["microchequeo_up", (part,)] for part in ("poller", "scheduler", "database")] == [1, 1, 0]


@pytest.mark.file
async def test_a_file_that_is_no_database_any_more_is_a_reason_and_a_figure(practice: Practice) -> None:
    await practice.settle()
    async with aiosqlite.connect(practice.database) as db:
        await db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with practice.database.open("r+b") as file:
        file.truncate(4096)
        file.write(b"nonsense" * 4096)
    async with aiosqlite.connect(practice.database) as db:
        with pytest.raises(aiosqlite.DatabaseError):
            await db.execute("SELECT * FROM facts")

    status, health = await healthz(practice)

    assert (status, list(health["reasons"])) == (503, ["database"])
    assert (await figures(practice))["microchequeo_up", ("database",)] == 0


async def test_a_part_that_stands_still_is_one_however_the_clock_jumps(practice: Practice) -> None:
    await practice.pass_time(timedelta(days=3))

    assert (await healthz(practice))[0] == 200

    moved, now = [practice.clock.now()], [0.0]
    pulse = Pulse(lambda: moved[0], lambda: now[0])
    now[0] = POLL_LATE
    assert pulse.still_for() == POLL_LATE
    moved[0] += timedelta(seconds=30)
    assert pulse.still_for() == 0


async def test_a_port_that_is_taken_keeps_no_bot_from_running(tmp_path: Path) -> None:
    address = free_address()
    host, port = address.split(":")
    with closing(socket.socket()) as taken:
        taken.bind((host, int(port)))
        taken.listen()
        async with opened(tmp_path, settings=f'[health]\nlisten = "{address}"\n') as practice:
            ruiz = await practice.therapist()
            await practice.says(ruiz, "/ayuda")

            assert ruiz.last().from_bot
