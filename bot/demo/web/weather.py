"""What goes wrong between the bot and Telegram while the visitor wants it to."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bot.demo.changes import Signal
from bot.demo.faults import Armed, Fault, Rule
from bot.demo.server import LocalTelegram
from bot.demo.state import Json

RETRY_AFTER: Final = 2
"""Seconds that Telegram asks the bot to wait, each time."""

UNHURRIED: Final = ("getUpdates", "getMe", "answerCallbackQuery", "setMyCommands", "deleteWebhook", "download")
"""What Telegram does not count."""


class Trouble(StrEnum):
    """What can go wrong."""

    SLOW_DOWN = "slow_down"
    NO_NETWORK = "no_network"


@dataclass(slots=True)
class _Spell:
    """One trouble while it lasts."""

    until: float
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Weather:
    """The troubles there are; `changed` is called when there are others."""

    def __init__(self, telegram: LocalTelegram, group: asyncio.TaskGroup, changed: Callable[[], None]) -> None:
        self._telegram = telegram
        self._group = group
        self._changed = changed
        self._spells: dict[Trouble, _Spell] = {}
        self._over = Signal()

    @property
    def is_fair(self) -> bool:
        """Whether nothing goes wrong."""
        return not self._spells

    @property
    def has_network(self) -> bool:
        """Whether the bot can reach Telegram."""
        return Trouble.NO_NETWORK not in self._spells

    async def begin(self, trouble: Trouble, seconds: float) -> None:
        """Let it go wrong from when this returns, for so many seconds of real time; again: for so long from now on."""
        until = asyncio.get_running_loop().time() + seconds
        if spell := self._spells.get(trouble):
            spell.until = until
        else:
            self._spells[trouble] = _Spell(until)
            self._group.create_task(self._last(trouble))
            await self._spells[trouble].begun.wait()
        self._changed()

    async def lift(self, trouble: Trouble | None = None) -> None:
        """End it, or all of it, and return when it is over."""
        lifted = [spell for one, spell in self._spells.items() if trouble in {None, one}]
        for spell in lifted:
            spell.until = 0
            spell.over.set()
        await self._over.until(lambda: not any(spell in lifted for spell in self._spells.values()), None)

    async def _last(self, trouble: Trouble) -> None:
        spell = self._spells[trouble]
        if trouble is Trouble.NO_NETWORK:
            async with self._telegram.outage():
                spell.begun.set()
                await _end_of(spell)
        else:
            armed = self._slow_down()
            spell.begun.set()
            await _end_of(spell)
            armed.lift()
        del self._spells[trouble]
        self._over.changed()
        self._changed()

    def _slow_down(self) -> Armed:
        return self._telegram.faults.add(Rule(Fault.too_many_requests(RETRY_AFTER), but=UNHURRIED))

    def to_json(self) -> list[Json]:
        """Write down what goes wrong and how many seconds are left of it."""
        now = asyncio.get_running_loop().time()
        return [
            {"fault": str(trouble), "left": max(0, math.ceil(spell.until - now))}
            for trouble, spell in self._spells.items()
        ]


async def _end_of(spell: _Spell) -> None:
    """Wait until it is over; it may be made longer meanwhile."""
    while (left := spell.until - asyncio.get_running_loop().time()) > 0:
        try:
            async with asyncio.timeout(left):
                await spell.over.wait()
        except TimeoutError:
            continue
