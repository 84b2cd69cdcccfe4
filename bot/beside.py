"""What one process does beside others on the same database: it hears of what is for it, and tells what is for them.

Nothing depends on what is heard: everybody looks every second in any case.  Whoever has a file is alone with it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from typing import Final

from bot.domain.errors import StoreTroubleError
from storage.places import Life, News

LOOK_EVERY: Final = 1.0
"""Seconds between two looks, whatever is heard."""

Look = Callable[[], Awaitable[None]]


class Told(StrEnum):
    """What processes tell each other."""

    INBOX = "inbox"
    """Something was kept that is for whoever has its chat in hand."""

    DUE = "due"
    """Something was written that may be due: for whoever owns the database."""


class Others:
    """The other processes, as one of them knows them; None: there are none."""

    def __init__(self, news: News | None) -> None:
        self._news = news

    def tell(self, what: Told) -> None:
        """Tell them, soon."""
        if self._news is not None:
            self._news.tell(what)

    @asynccontextmanager
    async def heard(self, looks: Mapping[Told, Look], always: Look) -> AsyncIterator[None]:
        """Look at once at what they tell, and every second at all of it and `always`, while the context is open."""
        async with asyncio.TaskGroup() as group:
            looking = group.create_task(_go_on(self._news, looks, always)) if self._news is not None else None
            try:
                yield
            finally:
                if looking is not None:
                    looking.cancel()


@asynccontextmanager
async def beside_others(life: Life | None) -> AsyncIterator[Others]:
    """Be beside the others while the context is open; `life`: of this process, if there are any."""
    if life is None:
        yield Others(None)
        return
    async with life.news() as news:
        yield Others(news)


async def _go_on(news: News, looks: Mapping[Told, Look], always: Look) -> None:
    look_at = time.monotonic() + LOOK_EVERY
    while True:
        heard = await news.heard(max(0.0, look_at - time.monotonic()))
        is_time = time.monotonic() >= look_at
        wanted = [look for told, look in looks.items() if is_time or told in heard]
        for look in [always, *wanted] if is_time else wanted:
            with suppress(StoreTroubleError):  # said by whoever else needs the database
                await look()
        if is_time:
            look_at = time.monotonic() + LOOK_EVERY
