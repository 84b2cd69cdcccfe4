"""What the bot's process is told when it starts."""

import multiprocessing
import os
import shutil
import signal
from dataclasses import dataclass, field
from pathlib import Path

from bot.config import Config
from bot.demo.furnishing import settings
from bot.domain.model import Language


@dataclass(frozen=True, slots=True)
class Part:
    """Where the bot finds its Telegram and its files; it is the same each time it starts in one story."""

    token: str = field(repr=False)
    api_url: str
    folder: Path
    language: Language

    @property
    def clock_file(self) -> Path:
        """Where the offset of the clock lies."""
        return self.folder / "clock"

    def settings(self) -> Config:
        """Return the bot's settings."""
        return settings(self.token, self.api_url, self.folder, self.language)


def leave_the_terminal() -> None:
    """Belong to no terminal: Ctrl-C is for the demo, which then ends the bot."""
    os.setsid()


def end_with_parent(folder: Path) -> None:
    """Wait until the demo is gone, however it ended, and go as well: no bot is left over, and no folder."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        shutil.rmtree(folder, ignore_errors=True)
        os.killpg(0, signal.SIGKILL)
