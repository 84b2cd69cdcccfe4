"""Served on this machine alone, and to nobody else's page: the door of whatever the demo serves over HTTP.

Any page that is open in a browser of this machine can reach a port of it.  What comes under a foreign name in Host (a
name of theirs may lead here) or with a foreign Origin is refused.
"""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from bot.domain.errors import MicrochequeoError

HERE: Final = "127.0.0.1"
NAMES: Final = frozenset({HERE, "localhost"})
BODY_LIMIT: Final = 64 * 1024

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class AddressTakenError(MicrochequeoError):
    """A port cannot be had."""


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let nobody else's page in, and give every answer its headers; a refusal is JSON."""
    try:
        _refuse_strangers(request)
        response = await handler(request)
    except web.HTTPException as refusal:
        response = web.json_response({"error": refusal.reason}, status=refusal.status)
    if not response.prepared:
        response.headers.update(HEADERS)
    return response


def _refuse_strangers(request: web.Request) -> None:
    try:
        name = urlsplit(f"//{request.host}").hostname
    except ValueError:
        name = None
    if name not in NAMES:
        raise web.HTTPForbidden(reason="This is served under 127.0.0.1 and localhost only.")
    if request.headers.get("Origin") not in {None, f"http://{request.host}"}:
        raise web.HTTPForbidden(reason="This comes from another page.")
    if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        raise web.HTTPForbidden(reason="This comes from another page.")


def guarded_application() -> web.Application:
    """Return an application to which handlers are added; a request's body has at most `BODY_LIMIT` bytes."""
    return web.Application(client_max_size=BODY_LIMIT, middlewares=[guarded])


async def listening(stack: AsyncExitStack, application: web.Application, port: int, option: str = "--port") -> str:
    """Serve until the stack is left; return the address.  Raises AddressTakenError; `option` chooses the port."""
    runner = web.AppRunner(application, handler_cancellation=True, shutdown_timeout=1, access_log=None)
    stack.push_async_callback(runner.cleanup)
    await runner.setup()
    try:
        await web.TCPSite(runner, HERE, port).start()
    except OSError as error:
        raise taken(port, error, option) from None
    return f"http://{HERE}:{runner.addresses[0][1]}"


def taken(port: int, error: OSError, option: str = "--port") -> AddressTakenError:
    """Return what to say when a port cannot be had."""
    return AddressTakenError(
        f"Port {port} cannot be had: {error.strerror}. Another program may have it; {option} takes another one."
    )
