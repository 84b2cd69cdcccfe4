"""What the Bot API's methods work on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.demo.params import Params
from bot.demo.state import Json, World
from bot.demo.updates import Updates

ANSWERABLE_FOR = timedelta(seconds=15)
"""How long a tap can be answered, by the injected clock."""


@dataclass(slots=True)
class Backend:
    """One bot's Telegram behind the HTTP; `me` is the bot's User."""

    world: World
    updates: Updates
    now: Callable[[], datetime]
    me: Json
    answer_within: timedelta
    settings: Json = field(default_factory=dict)


Method = Callable[[Backend, Params], Any]
