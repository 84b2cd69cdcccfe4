"""The bot's process: the real bot with a clock that it shares with the demo, which asks it things over a line.

It ends when the line does: nothing of a demo that was killed is left over.
"""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from bot import logs
from bot.app import Running, started
from bot.demo.web.backstage import Backstage
from bot.demo.web.lines import Lines, Message
from bot.demo.web.part import Part, end_with_parent, leave_the_terminal
from bot.demo.web.shared_clock import SharedClock
from bot.domain.errors import MicrochequeoError
from bot.domain.model import Role
from bot.keys import load_keys
from bot.ownership import StoppedEarlyError
from bot.texts import Texts
from handlers.pacing import UNLIMITED

Texts.load()  # what is read here, before there is a bot, is not read again by any that is started

READY: Final = {"ready": True}


def act(end: socket.socket, part: Part) -> None:
    """Run the bot until the line ends or it is killed."""
    leave_the_terminal()
    threading.Thread(target=end_with_parent, args=(part.folder,), daemon=True).start()
    asyncio.run(_act(end, part))


async def _act(end: socket.socket, part: Part) -> None:
    config = part.settings()
    keys = load_keys(config)
    logs.set_up("CRITICAL", [part.token, *keys.secrets()])
    actor = _Actor(await Lines.over(end))
    with SharedClock(part.clock_file) as clock:
        async with asyncio.TaskGroup() as group:
            group.create_task(actor.listen())
            with suppress(StoppedEarlyError):
                async with started(config, keys, clock, UNLIMITED, actor.stop) as bot:
                    await actor.enter(bot)
                    await actor.stop.wait()


class _Actor:
    """Answers what the demo asks, each question by itself: a look at the rows does not wait for the bot to rest."""

    def __init__(self, line: Lines) -> None:
        self._line = line
        self._questions: dict[str, Callable[[Message], Awaitable[Message]]] = {}
        self.stop = asyncio.Event()

    async def enter(self, bot: Running) -> None:
        """Say that the bot works; from now on it can be asked."""

        async def settle(_: Message) -> Message:
            await bot.settled()
            due = min((await bot.store.dues()).values(), default=None)
            return {"due": due and due.isoformat()}

        async def nudge(_: Message) -> Message:
            bot.scheduler.nudge()
            return {}

        async def invite(message: Message) -> Message:
            return {"token": await bot.services.enrolment.invite(Role(message["role"]), message["name"])}

        self._questions = {"settle": settle, "nudge": nudge, "invite": invite, "look": Backstage(bot).look}
        await self._line.write(READY)

    async def listen(self) -> None:
        """Hear questions until there is nobody to answer to: then it is time to stop, and no answer is worth a wait."""
        async with asyncio.TaskGroup() as group:
            answers: set[asyncio.Task[None]] = set()
            while (message := await self._line.read()) is not None:
                answer = group.create_task(self._answer(message))
                answers.add(answer)
                answer.add_done_callback(answers.discard)
            for answer in answers:
                answer.cancel()
        self.stop.set()

    async def _answer(self, message: Message) -> None:
        try:
            answer = await self._questions[message["ask"]](message)
        except MicrochequeoError as error:
            answer = {"error": str(error)}
        await self._line.write(answer | {"number": message["number"]})
