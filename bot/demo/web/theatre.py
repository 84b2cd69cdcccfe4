"""The running demo: one scene at a time, and one action at a time on it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from bot.demo.acting import StageError
from bot.demo.state import Json, StoredFile
from bot.demo.web import actions
from bot.demo.web.bot_process import BotGoneError
from bot.demo.web.company import company_of
from bot.demo.web.hands import Hands
from bot.demo.web.programme import Programme
from bot.demo.web.scene import Playing, Scene, set_up
from bot.demo.web.stories import MONDAY, STORIES
from bot.demo.web.window import Window, shown
from bot.demo.web.words import RefusedError, words
from bot.domain.errors import MicrochequeoError

FIRST: Final = actions.Tell(act="story", name="empty")


class Theatre:
    """Plays what is wanted, and lets the visitor act."""

    def __init__(self, first: actions.Tell = FIRST) -> None:
        self.programme = Programme()
        self._wanted = first
        self._next = asyncio.Event()
        self._ready = asyncio.Event()
        self._turn = asyncio.Lock()
        self.stopped: MicrochequeoError | None = None
        """Why the last story did not come to its end."""
        self._scene: Scene | None = None
        self._window: Window | None = None
        self._hands: Hands | None = None

    async def run(self) -> None:
        """Play one story after the other, until cancelled."""
        while True:
            wanted = self._wanted
            self._next.clear()
            async with (
                set_up(wanted.name, wanted.language, MONDAY, self._stir) as scene,
                shown(scene, self.programme) as window,
            ):
                self._scene, self._window = scene, window
                scene.watch = window.stir
                self.programme.begin_anew()
                self.stopped = None
                await self._play(scene)
                window.stir()
                self._hands = Hands(scene, window)
                self._ready.set()
                await self._next.wait()
                self._ready.clear()
                self._hands = None

    async def _play(self, scene: Scene) -> None:
        """Play a story to where the visitor takes over; where it stops before, the visitor goes on from there."""
        scene.playing = Playing(words(scene.language)["step-start"], 0, 0)
        self._stir()
        try:
            await scene.start_bot()
            await STORIES[scene.story](company_of(scene))
        except (StageError, BotGoneError) as error:
            self.stopped = error
            scene.stopped = True
        finally:
            scene.playing = None

    def _stir(self) -> None:
        if self._window:
            self._window.stir()

    async def ready(self) -> None:
        """Wait until the story has come to where the visitor takes over."""
        await self._ready.wait()

    @property
    def scene(self) -> Scene | None:
        """The world that is on; None between two."""
        return self._scene

    def file(self, file_id: str) -> StoredFile | None:
        """Find a file that was sent in this scene."""
        return self._scene.telegram.file(file_id) if self._scene else None

    async def do(self, action: actions.Action) -> Json:
        """Do what a visitor does, one thing at a time.  Raises RefusedError."""
        if self._hands is None:
            raise RefusedError("error-playing")
        async with self._turn:
            if self._hands is None:
                raise RefusedError("error-playing")
            if isinstance(action, actions.Tell):
                return self._tell(action)
            try:
                return await self._hands.do(action)
            except BotGoneError:
                raise RefusedError("error-killed") from None
            finally:
                self._stir()

    def _tell(self, wanted: actions.Tell) -> Json:
        self._wanted = wanted
        self._hands = None
        self._next.set()
        return {}


@asynccontextmanager
async def opened(theatre: Theatre) -> AsyncIterator[None]:
    """Open the theatre with the first story; all of it is gone when the context is left."""
    async with asyncio.TaskGroup() as group:
        running = group.create_task(theatre.run())
        try:
            yield
        finally:
            theatre.programme.close()
            running.cancel()
