"""What `microchequeo status` knows, beside a running bot or without one: the rows, the machine, and what the bot says.

It changes nothing: a database of an older schema is not looked into.  Whether fetching and the schedule move, only the
running bot knows; it is asked where `[health] listen` says.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout

from bot import errands, vault
from bot.checks import Finding
from bot.clock import SystemClock
from bot.config import Config
from bot.disks import folders_of
from bot.domain.alarms import AlarmRow, Vitals
from bot.domain.figures import Figures, Upcoming
from bot.domain.model import Role
from bot.health import instance_of
from bot.keys import Keys
from bot.services.ports import Store
from bot.services.ports_alarms import Space

NEXT: Final = 8
"""Things that fall due are named."""

ASKED_WITHIN: Final = 3.0


@dataclass(frozen=True, slots=True)
class Rows:
    """What stands in the database; `waiting` counts updates (`inbox`, `parked`) and messages (`outbox`)."""

    vitals: Vitals
    figures: Figures
    waiting: Mapping[str, int]
    failing: Mapping[str, str]
    alarms: Sequence[AlarmRow]
    operators: int
    upcoming: Sequence[Upcoming] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Status:
    """One look; `says` is the running bot's own answer, None where it could not be asked.

    `since`: since when it runs; None while it is stopped.  `nobody`: at the address of its health nobody listens.
    """

    since: datetime | None
    says: Mapping[str, Any] | None
    nobody: bool
    backups: Finding
    space: Space
    rows: Rows | None


async def look(config: Config, keys: Keys) -> Status:
    """Look at everything.  Raises StoreRefusedError and StoreUnavailableError."""
    since = errands.runs_since(config)
    says, nobody = await _asked(config) if since is not None else (None, False)
    disks = folders_of(config)
    return Status(
        since,
        says,
        nobody,
        await asyncio.to_thread(vault.inspect, config, SystemClock()),
        await disks.look(),
        await _rows(config, keys),
    )


async def _rows(config: Config, keys: Keys) -> Rows | None:
    async with errands.as_it_is(config, keys) as store:
        return await _read(store) if store is not None else None


async def _read(store: Store) -> Rows:
    vitals, figures = await store.vitals(SystemClock().now()), await store.figures()
    waiting, upcoming = await store.waiting(), await store.upcoming(NEXT)
    async with store.reading() as tx:
        operators = len(await tx.people.contacts(Role.OPERATOR))
        return Rows(vitals, figures, waiting, await tx.chores.failing(), await tx.alarms.open(), operators, upcoming)


async def _asked(config: Config) -> tuple[Mapping[str, Any] | None, bool]:
    """Ask the running bot how it is, and say whether nobody listens there; whoever else answers is not believed."""
    if not config.health.listen:
        return None, False
    url = f"http://{_here(config.health.listen)}/healthz"
    try:
        async with ClientSession(timeout=ClientTimeout(total=ASKED_WITHIN)) as session, session.get(url) as response:
            says = json.loads(await response.text())
    except ClientConnectorError:
        return None, True
    except (ClientError, OSError, TimeoutError, ValueError):
        return None, False
    mine = isinstance(says, dict) and says.get("instance") == instance_of(config.database.name)
    return (says if mine else None), False


def _here(listen: str) -> str:
    """Return where this machine asks: an address that stands for all of them is not one to ask."""
    parts = urlsplit(f"//{listen}")
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(parts.hostname or "", "")  # noqa: S104 - asked, not listened at
    return f"{host}:{parts.port}" if host else listen
