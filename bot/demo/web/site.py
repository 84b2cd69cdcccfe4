"""The page over HTTP, on this machine alone: the page itself, its words, files, events, and what the visitor does.

Whoever else has a page open in this browser can reach this address as well: what is not asked for by the page itself is
refused, by the name in Host (a name of theirs may lead here), by Origin, and by a header that no form can send.
"""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from importlib import resources
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web
from pydantic import ValidationError

from bot.demo.web.actions import ACTION
from bot.demo.web.theatre import Theatre
from bot.demo.web.words import RefusedError, spoken, words
from bot.domain.errors import MicrochequeoError
from bot.domain.model import Language

HERE: Final = "127.0.0.1"
NAMES: Final = frozenset({"127.0.0.1", "localhost"})
BODY_LIMIT: Final = 64 * 1024
HEARTBEAT: Final = 15.0

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

TYPES: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
SHOWN: Final = frozenset({"image/png", "image/jpeg", "image/webp"})
"""What a browser may show by itself; everything else is only saved."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class AddressTakenError(MicrochequeoError):
    """Another program has this port."""


class Site:
    """The handlers, over a theatre."""

    def __init__(self, theatre: Theatre) -> None:
        self._theatre = theatre

    def application(self) -> web.Application:
        """Return what is served."""
        application = web.Application(client_max_size=BODY_LIMIT, middlewares=[_guarded])
        application.router.add_get("/", _page)
        application.router.add_get("/static/{name}", _static)
        application.router.add_get("/words/{language}.json", _words)
        application.router.add_get("/file/{file_id}", self._file)
        application.router.add_get("/events", self._events)
        application.router.add_post("/do", self._do)
        return application

    async def _file(self, request: web.Request) -> web.Response:
        file = self._theatre.file(request.match_info["file_id"])
        if file is None:
            raise web.HTTPNotFound
        if file.mime in SHOWN:
            return web.Response(body=file.data, content_type=file.mime)
        name = "".join(one if one.isalnum() or one in "._-" else "_" for one in file.name)
        saved = {"Content-Disposition": f'attachment; filename="{name.encode("ascii", "replace").decode()}"'}
        return web.Response(body=file.data, content_type="application/octet-stream", headers=saved)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"} | HEADERS)
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        async for event in self._theatre.programme.heard(HEARTBEAT):
            await response.write(event.encode())
        return response

    async def _do(self, request: web.Request) -> web.Response:
        language = spoken(request.headers.get("Accept-Language", ""))
        try:
            action = ACTION.validate_json(await request.read())
            return web.json_response({"ok": True} | await self._theatre.do(action))
        except ValidationError:
            return _refused(language, RefusedError("error-unknown", 400))
        except RefusedError as refusal:
            return _refused(language, refusal)


@web.middleware
async def _guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        _refuse_strangers(request)
        response = await handler(request)
    except web.HTTPException as refusal:
        response = web.json_response({"error": refusal.reason}, status=refusal.status)
    if not response.prepared:
        response.headers.update(HEADERS)
    return response


def _refuse_strangers(request: web.Request) -> None:
    """Let in the page that this server gave, and nobody else's."""
    if urlsplit(f"//{request.host}").hostname not in NAMES:
        raise web.HTTPForbidden(reason="This is served under 127.0.0.1 and localhost only.")
    origin = request.headers.get("Origin")
    foreign = origin is not None and origin != f"http://{request.host}"
    if foreign or request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise web.HTTPForbidden(reason="This comes from another page.")
    if request.method == "POST" and (origin is None or request.headers.get("X-Demo") != "1"):
        raise web.HTTPForbidden(reason="This does not come from the page.")


def _refused(language: Language, refusal: RefusedError) -> web.Response:
    return web.json_response({"error": words(language)[refusal.key]}, status=refusal.status)


async def _page(_: web.Request) -> web.Response:
    return _shipped("index.html")


async def _static(request: web.Request) -> web.Response:
    return _shipped(request.match_info["name"])


def _shipped(name: str) -> web.Response:
    """Give a file of the page: of one folder, and of a type that is known."""
    kind = TYPES.get(PurePosixPath(name).suffix)
    found = {one.name: one for one in resources.files(__package__).joinpath("static").iterdir()}.get(name)
    if kind is None or found is None:
        raise web.HTTPNotFound
    return web.Response(body=found.read_bytes(), content_type=kind, charset="utf-8" if kind != "image/png" else None)


async def _words(request: web.Request) -> web.Response:
    if (language := request.match_info["language"]) not in set(Language):
        raise web.HTTPNotFound
    return web.json_response(words(Language(language)))


async def served(stack: AsyncExitStack, theatre: Theatre, port: int) -> str:
    """Serve the page until the stack is left; return its address.  Raises AddressTakenError."""
    runner = web.AppRunner(Site(theatre).application(), handler_cancellation=True, shutdown_timeout=1, access_log=None)
    stack.push_async_callback(runner.cleanup)
    await runner.setup()
    try:
        await web.TCPSite(runner, HERE, port).start()
    except OSError as error:
        raise AddressTakenError(
            f"Port {port} cannot be had ({error.strerror}); another program may have it. Try --port 8081."
        ) from None
    return f"http://{HERE}:{runner.addresses[0][1]}"
