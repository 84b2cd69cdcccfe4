"""What browsers see of a scene: told when something has changed, a few times a second at most.

The bot is asked for its rows whenever something has happened, and every few seconds; while it is killed, what it said
last stands.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, time, timedelta
from secrets import token_hex
from typing import Final
from zoneinfo import ZoneInfo

from bot.demo.server import Call
from bot.demo.state import Json, Tap
from bot.demo.web import views
from bot.demo.web.bot_process import BotGoneError, State
from bot.demo.web.programme import Programme
from bot.demo.web.scene import Scene

ZONE: Final = ZoneInfo("Europe/Madrid")

RUN: Final = token_hex(8)
"""Tells this run of the demo from one before it, of which a page may still be open or remembered."""

BREATH: Final = 0.05
"""Seconds between two tellings, and between two looks at the rows."""

LOOK_EVERY: Final = 5.0
TYPES_FOR: Final = 5.0
"""Seconds for which "typing…" is shown, unless a message comes."""

MORNING: Final = time(9, 0)
MOMENTS: Final = ("session", "question", "digest")
"""What the bot's rows say the time of: a session's end, a question, the digest."""


class Window:
    """One scene, told to a programme."""

    def __init__(self, scene: Scene, programme: Programme) -> None:
        self._scene = scene
        self._programme = programme
        self._told, self._looked = asyncio.Event(), asyncio.Event()
        self._typing: dict[int, asyncio.TimerHandle] = {}
        self._taps: dict[str, int] = {}
        self._since: tuple[State, datetime] = (scene.bot.state, scene.clock.now())

    def stir(self) -> None:
        """Tell again soon: something may have changed."""
        self._told.set()
        self._looked.set()

    def tapped(self, tap: Tap, chat: int) -> None:
        """Remember on whose phone a tap was made: its answer is shown there."""
        self._taps[tap.id] = chat

    async def run(self) -> None:
        """Tell and look until cancelled."""
        self._scene.telegram.on_call(self._called)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._repeat(self._told, self._tell))
            group.create_task(self._repeat(self._looked, self._look))

    async def _repeat(self, wanted: asyncio.Event, do: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                async with asyncio.timeout(LOOK_EVERY):
                    await wanted.wait()
            except TimeoutError:
                pass
            wanted.clear()
            await do()
            await asyncio.sleep(BREATH)

    async def _tell(self) -> None:
        scene = self._scene
        self._programme.state("world", self.world())
        for number, phone in scene.cast.phones.items():
            shown = views.chat(scene.telegram, phone, scene.number, typing=number in self._typing)
            self._programme.state("chat", shown, number)

    async def _look(self) -> None:
        scene = self._scene
        try:
            inside = await scene.bot.ask("look", chats=list(scene.cast.phones))
        except BotGoneError:
            return
        del inside["number"]
        is_news = inside != scene.inside
        scene.inside = inside
        scene.cast.learn(inside["people"])
        if is_news:
            self._told.set()
            self._programme.state("inside", {name: inside[name] for name in ("due", "outbox", "rules")})

    def _called(self, call: Call) -> None:
        if call.method.lower() == "getupdates" and not call.response.get("result"):
            return
        self._programme.call(views.call(call))
        self._follow(call)
        self.stir()

    def _follow(self, call: Call) -> None:
        chat = call.params.integer("chat_id")
        match call.method.lower():
            case "sendchataction":
                self._types(chat)
            case "answercallbackquery":
                self._answered(call)
            case method if method.startswith("send"):
                self._stops_typing(chat)

    def _types(self, chat: int) -> None:
        self._stops_typing(chat)
        self._typing[chat] = asyncio.get_running_loop().call_later(TYPES_FOR, self._stops_typing, chat)

    def _stops_typing(self, chat: int) -> None:
        if timer := self._typing.pop(chat, None):
            timer.cancel()
            self._told.set()

    def _answered(self, call: Call) -> None:
        chat = self._taps.pop(call.params.text("callback_query_id"), None)
        if chat is not None and call.response.get("ok") and (text := call.params.text("text")):
            self._programme.passing("answer", {"chat": chat, "text": text, "alert": call.params.flag("show_alert")})

    def world(self) -> Json:
        """Write down how the stage stands."""
        scene = self._scene
        if self._since[0] is not scene.bot.state:
            self._since = (scene.bot.state, scene.clock.now())
        playing = scene.playing
        return {
            "story": scene.story,
            "language": str(scene.language),
            "playing": playing and {"label": playing.label, "step": playing.step, "of": playing.of},
            "stopped": scene.stopped,
            "people": scene.cast.to_json(),
            "clock": {
                "now": scene.clock.now().isoformat(),
                "zone": ZONE.key,
                "jumps": [
                    {"jump": name, "at": at and at.isoformat(), "to": self._reached(name, at)}
                    for name, at in self.jumps().items()
                ],
            },
            "bot": {"state": str(scene.bot.state), "since": self._since[1].isoformat()},
            "faults": scene.weather.to_json(),
            "folder": str(scene.folder),
            "run": RUN,
            "counts": self._counts(),
        }

    def jumps(self) -> dict[str, datetime | None]:
        """Say where the clock can jump to; None: there is no such moment in sight.

        A session that is over leads to its question: the next end of a session, or the next question, what comes first.
        """
        now = self._scene.clock.now()
        ahead = {kind: next((at for at in self._moments(kind) if at > now), None) for kind in MOMENTS}
        session = min(filter(None, (ahead["session"], ahead["question"])), default=None)
        return {"session": session, "morning": _next_morning(now), "digest": ahead["digest"]}

    def _reached(self, jump: str, at: datetime | None) -> str:
        """Say what a jump leads to: where no session ends then, to a question."""
        return "question" if jump == "session" and at and at not in self._moments("session") else jump

    def _moments(self, kind: str) -> list[datetime]:
        return [datetime.fromisoformat(at) for at in self._scene.inside.get("moments", {}).get(kind, ())]

    def _counts(self) -> Json:
        scene, inside = self._scene, self._scene.inside
        now = scene.clock.now()
        overdue = sum(datetime.fromisoformat(at) <= now for at in inside.get("awaited", ()))
        waiting = scene.telegram.pending_updates() + inside.get("waiting", 0) + overdue
        return {"answers_given": len(scene.tally), "answers_stored": inside.get("stored", 0), "waiting": waiting}


@asynccontextmanager
async def shown(scene: Scene, programme: Programme) -> AsyncIterator[Window]:
    """Show a scene while the context is open."""
    window = Window(scene, programme)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(window.run())
        yield window
        task.cancel()


def _next_morning(now: datetime) -> datetime:
    local = now.astimezone(ZONE)
    return datetime.combine(local.date() + timedelta(days=1), MORNING, ZONE)
