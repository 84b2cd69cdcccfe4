"""Where monitors ask how this process is: one address for its whole life, whoever in it answers."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Final, Protocol

import structlog
from aiohttp import web

from bot.entrance import Limits, opened

LIMITS: Final = Limits(within=30.0)
FINISH_WITHIN: Final = 3.0
"""Seconds: what is asked while the bot stops may not hold it up."""

log = structlog.get_logger()


class Answers(Protocol):
    """Whoever knows how the process is."""

    async def healthz(self) -> web.Response:
        """Say how the parts are."""

    async def metrics(self) -> web.Response:
        """Say what was counted."""


class Inquiries:
    """Passes questions on to whoever answers last; 503 while nobody does."""

    def __init__(self, listen: str) -> None:
        self._listen = listen
        self._answering: list[Answers] = []
        self._is_open = False

    async def open(self, stack: AsyncExitStack) -> None:
        """Serve on `host:port` until the stack is closed, unless that is empty or served already.

        An address that cannot be had is said; it may be tried again.
        """
        if not self._listen or self._is_open:
            return
        try:
            await stack.enter_async_context(self._opened())
        except OSError as error:
            why = error.strerror
            log.warning("nobody can ask /healthz here; the bot goes on without it", listen=self._listen, why=why)

    @contextmanager
    def answered_by(self, answers: Answers) -> Iterator[None]:
        """Let these answer while the context is open, or others who come later."""
        self._answering.append(answers)
        try:
            yield
        finally:
            self._answering.remove(answers)

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[None]:
        host, _, port = self._listen.rpartition(":")
        application = web.Application()
        application.add_routes([web.get("/healthz", self._healthz), web.get("/metrics", self._metrics)])
        async with opened(application, host.strip("[]") or "127.0.0.1", int(port), LIMITS, FINISH_WITHIN):
            self._is_open = True
            yield

    async def _healthz(self, _: web.Request) -> web.Response:
        return await self._answering[-1].healthz() if self._answering else web.Response(status=503)

    async def _metrics(self, _: web.Request) -> web.Response:
        return await self._answering[-1].metrics() if self._answering else web.Response(status=503)
