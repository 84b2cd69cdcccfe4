"""Updates that Telegram brings: a small server behind the practice's own web server, which does the TLS.

200 is said once an update is kept; 503 while the database is away, so that Telegram brings it again.  Whoever has not
the secret learns nothing, not even that this is the right path.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from telegram import Bot, WebhookInfo
from telegram.error import BadRequest

from bot.domain.errors import ConfigurationError, StoreUnavailableError
from bot.domain.trouble import Trouble, TroubleKind
from bot.entrance import USUAL, Limits, opened
from handlers.intake import LARGEST, WANTED
from handlers.polling import Pauses, trouble_of

log = structlog.get_logger()

CONNECTIONS: Final = 20
"""Telegram brings so many updates at the same time, those of one kind and chat one after the other."""

BODY_WITHIN: Final = 10.0
FINISH_WITHIN: Final = 3.0
LONGEST_REASON: Final = 100
SECRET: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """Where Telegram is told to bring updates (`url`), and where this program waits for them (`host`, `port`)."""

    url: str
    host: str
    port: int
    secret: str = field(repr=False)
    body_within: float = BODY_WITHIN
    limits: Limits = USUAL

    @property
    def path(self) -> str:
        """Return the path of the URL, as the web server in front is to pass it on."""
        return urlsplit(self.url).path or "/"


def secret_of(token: str) -> str:
    """Return what Telegram proves itself with: made of the token, so that nobody has to keep another secret."""
    return hmac.new(token.encode(), b"microchequeo: secret of the webhook", hashlib.sha256).hexdigest()


class Inlet(Protocol):
    """Where updates are led to."""

    async def keep(self, batch: Sequence[Any]) -> None:
        """Store what Telegram delivered; StoreTroubleError, and then nothing may be confirmed."""

    async def newest(self) -> datetime | None:
        """Return when the last update that is stored came in, to whichever process.  StoreUnavailableError."""

    def turned(self, trouble: Trouble | None = None) -> None:
        """Note how it went."""


class _Way:
    """Where updates are led to at present, and whether one is on its way there."""

    def __init__(self, inlet: Inlet) -> None:
        self.inlet = inlet
        self.is_free = asyncio.Event()
        self.is_free.set()
        self._under_way = 0

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Be on the way while the context is open."""
        self._under_way += 1
        self.is_free.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self.is_free.set()


class Letterbox:
    """Takes updates from Telegram, and from nobody else; where they are led to may change while it is open."""

    def __init__(self, address: WebhookAddress) -> None:
        self.address = address
        self.is_open = False
        self._ways: list[_Way] = []

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Listen while the context is open; what was accepted is kept before it closes.  Raises ConfigurationError."""
        application = web.Application(client_max_size=LARGEST)
        application.router.add_route("*", "/{path:.*}", self._take)
        async with AsyncExitStack() as stack:
            await self._listen(stack, application)
            self.is_open = True
            yield

    @asynccontextmanager
    async def leads_to(self, inlet: Inlet) -> AsyncIterator[None]:
        """Lead updates there while the context is open, or to where they are led later.

        Trap: what was led there is kept before the context is left; else whoever keeps it would be gone in between.
        """
        way = _Way(inlet)
        self._ways.append(way)
        try:
            yield
        finally:
            self._ways.remove(way)
            await way.is_free.wait()

    async def _listen(self, stack: AsyncExitStack, application: web.Application) -> None:
        where = self.address
        try:
            await stack.enter_async_context(opened(application, where.host, where.port, where.limits, FINISH_WITHIN))
        except OSError as error:
            said = f"[telegram] webhook_listen {where.host}:{where.port} cannot be used: {error.strerror}."
            raise ConfigurationError(said) from None

    # What Telegram brings

    async def _take(self, request: web.Request) -> web.Response:
        if not self._is_telegram(request):
            return web.Response(status=404)
        try:
            async with asyncio.timeout(self.address.body_within):
                update = json.loads(await request.read())
        except TimeoutError:
            return web.Response(status=408)
        except (ValueError, RecursionError, OSError, web.RequestPayloadError):
            return web.Response(status=400)
        return web.Response(status=await self._keep(update))

    def _is_telegram(self, request: web.Request) -> bool:
        """Compare the secret first and in constant time: a wrong path answers as slowly as a wrong secret."""
        shown = request.headers.get(SECRET, "").encode("utf-8", "surrogateescape")
        is_known = hmac.compare_digest(shown, self.address.secret.encode())
        return is_known and request.method == "POST" and request.rel_url.raw_path == self.address.path

    async def _keep(self, update: Any) -> int:
        """Return the status that Telegram is answered with."""
        if not self._ways:
            return 503
        way = self._ways[-1]
        inlet = way.inlet
        try:
            async with way.taken():
                await inlet.keep([update])
        except StoreUnavailableError as error:
            inlet.turned(trouble_of(error))
            return 503
        except Exception as error:  # noqa: BLE001 - the last resort of one update: it comes again
            log.error("an update was not kept", error=type(error).__name__)
            return 503
        inlet.turned()
        return 200


class Webhook:
    """Leads updates to the intake, and asks Telegram now and then whether it reaches us."""

    def __init__(self, bot: Bot, intake: Inlet, box: Letterbox, pauses: Pauses) -> None:
        self._bot = bot
        self._intake = intake
        self._box = box
        self._address = box.address
        self._pauses = pauses
        self._is_set = False

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Take updates in while the context is open; a box that was open stays so.  Raises ConfigurationError."""
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._box.leads_to(self._intake))
            if not self._box.is_open:
                await stack.enter_async_context(self._box.open())
            async with asyncio.TaskGroup() as group:
                looking = group.create_task(self._look_after())
                try:
                    yield
                finally:
                    looking.cancel()

    async def _look_after(self) -> None:
        pause = self._pauses.first
        while True:
            try:
                trouble = await self._look()
            except Exception as error:  # noqa: BLE001 - the last resort: whatever Telegram answers, we go on listening
                self._intake.turned(_refused(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, self._pauses.longest)
            else:
                self._intake.turned(trouble)
                pause = self._pauses.first
                await asyncio.sleep(self._pauses.longest)

    async def _look(self) -> Trouble | None:
        """Set the webhook if it is not, and ask Telegram how it fares; another program's is left alone."""
        if not self._is_set:
            await self._bot.set_webhook(
                self._address.url,
                secret_token=self._address.secret,
                allowed_updates=WANTED,
                max_connections=CONNECTIONS,
            )
            self._is_set = True
        info = await self._bot.get_webhook_info()
        if info.url == self._address.url:
            return await self._unreached(info)
        self._is_set = bool(info.url)  # nobody's: it is set anew the next time
        return Trouble(TroubleKind.ANOTHER_POLLER, "another program has changed where updates of this token go")

    async def _unreached(self, info: WebhookInfo) -> Trouble | None:
        """Say what keeps Telegram from bringing what waits; an error before the last update that came is over.

        It may have come to another process.
        """
        failed_at = info.last_error_date
        if not info.pending_update_count or failed_at is None:
            return None
        kept_at = await self._intake.newest()
        if kept_at is not None and failed_at < kept_at:
            return None
        reason = (info.last_error_message or "no reason given")[:LONGEST_REASON]
        is_certificate = any(word in reason.lower() for word in ("ssl", "certificate"))
        kind = TroubleKind.CERTIFICATE if is_certificate else TroubleKind.WEBHOOK_UNREACHED
        return Trouble(kind, f"Telegram cannot bring updates to the webhook ({reason})")


def _refused(error: Exception) -> Trouble:
    if isinstance(error, BadRequest):
        return Trouble(TroubleKind.WEBHOOK_UNREACHED, "Telegram does not accept [telegram] webhook_url")
    return trouble_of(error)
