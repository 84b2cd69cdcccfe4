"""How many answers a second, and what each costs: in a file, on a server, and with several processes on it.

Everybody is brought their updates by webhook, several through nginx; nobody keeps to Telegram's limits.  Near, the
server is on this machine, and everything together has two cores.  Away, each word to it and back takes five
milliseconds, as to another machine in a busy network, or twenty, as to another city: there processes wait more than
they work, and the two cores are not what they are bound by.
"""

import asyncio
import os
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Final

from rich.table import Table

from bot.demo.phone import Phone
from bot.demo.state import Message
from bot.standing_by import WORKS
from tests.benchmarks import line
from tests.benchmarks.findings import ROUNDS, Findings
from tests.benchmarks.taps import all_tap, cpu_of
from tests.faults.nginx import PROGRAM, balancing
from tests.faults.people import Said, calendar, code, enrol
from tests.process import free_address, housed, until
from tests.server import Server, programs, running

PEOPLE: Final = 64
WARM_UP, TAPS = 64, 512
AWAY: Final = (0.005, 0.020)
"""Seconds there and back."""

START_WITHIN: Final = 120.0
UNBUFFERED: Final = {"PYTHONUNBUFFERED": "1"}
"""What a process says is looked for in a file, as soon as it has said it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a practice is, and how many processes work on it.  `away`: seconds to the server and back."""

    name: str
    processes: int
    served: bool = True
    away: float = 0.0


PLACES: Final = (
    Place("a file", 1, served=False),
    *(Place("a server on this machine", number) for number in (1, 2, 3)),
    *(Place(f"{round(away * 1000)} ms away", number, away=away) for away in AWAY for number in (1, 2, 3)),
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Answers a second, and CPU per answer in µs: of the bot's processes, and of the server's."""

    rate: float
    bots: float
    server: float


@dataclass(frozen=True, slots=True)
class Subject:
    """A practice that is measured."""

    processes: Sequence[Process]
    phones: Sequence[Phone]
    shown: Sequence[Message]


Rounds = Mapping[Place, Sequence[Cost]]


async def measured(folder: Path) -> Findings:
    """Measure every place in turn, in each round anew."""
    found = programs()
    if found is None or PROGRAM is None:
        return Findings("PostgreSQL or nginx is not installed (Debian: apt install postgresql nginx-light).", {})
    rounds: dict[Place, list[Cost]] = {place: [] for place in PLACES}
    with running(found, connections=200) as server, ExitStack() as lines:
        ways = {0.0: server.folder} | {away: lines.enter_context(line.beyond(server.folder, away)) for away in AWAY}
        async with AsyncExitStack() as stack:
            subjects = [
                await stack.enter_async_context(_subject(folder, server, ways[place.away], place)) for place in PLACES
            ]
            for _ in range(ROUNDS):
                for place, subject in zip(PLACES, subjects, strict=True):
                    rounds[place].append(await _measured(subject, server))
    return Findings(_table(rounds), {"per": "answer; rate 1/s, CPU µs", "places": _figures(rounds)})


def _figures(rounds: Rounds) -> list[dict[str, object]]:
    return [
        {**asdict(place), "x_one": _ratio(rounds, place), "rounds": [*map(asdict, costs)]}
        for place, costs in rounds.items()
    ]


def _ratio(rounds: Rounds, place: Place) -> float:
    """Return the answers a second beside those of one process at the same place: the median of each round's ratio."""
    [one] = [other for other in rounds if (other.name, other.processes) == (place.name, 1)]
    return median(cost.rate / alone.rate for cost, alone in zip(rounds[place], rounds[one], strict=True))


def _table(rounds: Rounds) -> Table:
    table = Table(title=f"Answers by webhook, {PEOPLE} people at a time: tap → kept → answered → message edited")
    for heading in ("", "processes", "a second", "× one", "CPU µs", "of the server µs"):
        table.add_column(heading, justify="left" if not heading else "right")
    for place, costs in rounds.items():
        rate, bots, server = (median(getattr(cost, name) for cost in costs) for name in Cost.__slots__)
        shown = (f"{rate:,.0f}", f"{_ratio(rounds, place):.2f}", f"{bots:,.0f}", f"{server:,.0f}")
        table.add_row(place.name, str(place.processes), *shown, end_section=place.processes == 3)
    return table


@asynccontextmanager
async def _subject(folder: Path, server: Server, way: Path, place: Place) -> AsyncIterator[Subject]:
    house = folder / f"{place.name} {place.processes}".replace(" ", "-")
    house.mkdir()
    async with housed(house) as bot, AsyncExitStack() as stack:
        _, phones = await enrol(bot, PEOPLE)
        async with calendar(bot, Said()) as book:
            for number in range(1, PEOPLE + 1):
                await book.note(code(number))
        around = {}
        if place.served:
            url = server.make(f"answers_{place.processes}_{round(place.away * 1000)}")
            moved = await bot.command("move-database", "--to", url)
            assert moved.code == 0, moved.err
            around = {"MICROCHEQUEO_DATABASE__URL": url.replace(str(server.folder), str(way))}
        addresses = [free_address() for _ in range(place.processes)]
        nginx = await stack.enter_async_context(balancing(house / "nginx", addresses))
        processes: list[Process] = []
        shown: list[Message] = []
        for number, address in enumerate(addresses):
            ways = around | webhook_of(nginx.url, address)
            processes.append(await stack.enter_async_context(_process(bot.config_file, ways, house / f"said-{number}")))
            if not number:
                shown = [await phone.wait_for(_is_asked, timeout=START_WITHIN) for phone in phones]
        for number in range(1, place.processes):
            said = house / f"said-{number}"
            await until(lambda: WORKS in said.read_text("utf-8"), "it works beside the owner", START_WITHIN)  # noqa: B023
        yield Subject(processes, phones, shown)


def webhook_of(url: str, address: str) -> dict[str, str]:
    """Write the settings of one process behind a balancer as variables."""
    said = {"MODE": "webhook", "WEBHOOK_URL": url, "WEBHOOK_LISTEN": address}
    return {f"MICROCHEQUEO_TELEGRAM__{name}": value for name, value in said.items()}


def _is_asked(message: Message) -> bool:
    return "10" in message.labels()


@asynccontextmanager
async def _process(config_file: Path, around: Mapping[str, str], said: Path) -> AsyncIterator[Process]:
    with said.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.benchmarks.bots",
            "ours",
            str(config_file),
            env=os.environ | around | UNBUFFERED,
            stdout=out,
        )
    try:
        yield process
    finally:
        process.terminate()
        await process.wait()


async def _measured(subject: Subject, server: Server) -> Cost:
    await all_tap(subject.phones, subject.shown, WARM_UP)
    bots, served, began = _cpu(subject.processes), server.cpu(), time.perf_counter()
    waits = await all_tap(subject.phones, subject.shown, TAPS)
    seconds = time.perf_counter() - began
    costs = (_cpu(subject.processes) - bots, server.cpu() - served)
    return Cost(len(waits) / seconds, *(cost / len(waits) * 1e6 for cost in costs))


def _cpu(processes: Sequence[Process]) -> float:
    return sum(cpu_of(process.pid) for process in processes)
