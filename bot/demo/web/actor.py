"""The bot's process: the real bot with a clock that it shares with the demo, which asks it things over a line.

It ends when the line does: nothing of a demo that was killed is left over.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Final

from bot import logs
from bot.app import Running, started
from bot.demo.web.backstage import Backstage
from bot.demo.web.lines import Lines, Message
from bot.demo.web.part import Part, leave_the_terminal
from bot.demo.web.shared_clock import SharedClock
from bot.domain.errors import MicrochequeoError
from bot.domain.model import Role
from bot.keys import load_keys
from bot.texts import Texts
from handlers.pacing import UNLIMITED

Texts.load()  # what is read here, before there is a bot, is not read again by any that is started

READY: Final = {"ready": True}


def act(end: socket.socket, part: Part) -> None:
    """Run the bot until the line ends or it is killed."""
    leave_the_terminal()
    asyncio.run(_act(end, part))


async def _act(end: socket.socket, part: Part) -> None:
    config = part.settings()
    keys = load_keys(config)
    logs.set_up("CRITICAL", [part.token, *keys.secrets()])
    line = await Lines.over(end)
    with SharedClock(part.clock_file) as clock:
        async with started(config, keys, clock, UNLIMITED) as bot:
            await line.write(READY)
            await _Actor(bot, Backstage(bot, config, clock), line).run()


class _Actor:
    """Answers what the demo asks, each question by itself: a look at the rows does not wait for the bot to rest."""

    def __init__(self, bot: Running, backstage: Backstage, line: Lines) -> None:
        self._bot = bot
        self._line = line
        self._questions: dict[str, Callable[[Message], Awaitable[Message]]] = {
            "settle": self._settle,
            "nudge": self._nudge,
            "invite": self._invite,
            "look": backstage.look,
        }

    async def run(self) -> None:
        """Answer until there is nobody to answer to."""
        async with asyncio.TaskGroup() as group:
            while (message := await self._line.read()) is not None:
                group.create_task(self._answer(message))

    async def _answer(self, message: Message) -> None:
        try:
            answer = await self._questions[message["ask"]](message)
        except MicrochequeoError as error:
            answer = {"error": str(error)}
        await self._line.write(answer | {"number": message["number"]})

    async def _settle(self, _: Message) -> Message:
        await self._bot.settled()
        due = min((await self._bot.store.dues()).values(), default=None)
        return {"due": due and due.isoformat()}

    async def _nudge(self, _: Message) -> Message:
        self._bot.scheduler.nudge()
        return {}

    async def _invite(self, message: Message) -> Message:
        return {"token": await self._bot.services.enrolment.invite(Role(message["role"]), message["name"])}
