"""The page over HTTP: the page itself, its words, files, events, and what the visitor does.

Who may come in is in bot/demo/guard.py; what changes anything needs a header, too, that no form elsewhere can send.
"""

from importlib import resources
from pathlib import PurePosixPath
from typing import Final

from aiohttp import web
from pydantic import ValidationError

from bot.demo.guard import HEADERS, guarded_application
from bot.demo.web.actions import ACTION
from bot.demo.web.files import ROUTE, given
from bot.demo.web.theatre import Theatre
from bot.demo.web.words import RefusedError, spoken, words
from bot.domain.model import Language

HEARTBEAT: Final = 15.0

TYPES: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


class Site:
    """The handlers, over a theatre."""

    def __init__(self, theatre: Theatre) -> None:
        self._theatre = theatre

    def application(self) -> web.Application:
        """Return what is served."""
        application = guarded_application()
        application.router.add_get("/", _page)
        application.router.add_get("/static/{name}", _static)
        application.router.add_get("/words/{language}.json", _words)
        application.router.add_get(ROUTE, self._file)
        application.router.add_get("/events", self._events)
        application.router.add_post("/do", self._do)
        return application

    async def _file(self, request: web.Request) -> web.Response:
        return given(self._theatre.file(request.match_info["file_id"]))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"} | HEADERS)
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        async for event in self._theatre.programme.heard(HEARTBEAT):
            await response.write(event.encode())
        return response

    async def _do(self, request: web.Request) -> web.Response:
        if "Origin" not in request.headers or request.headers.get("X-Demo") != "1":
            raise web.HTTPForbidden(reason="This does not come from the page.")
        language = spoken(request.headers.get("Accept-Language", ""))
        try:
            action = ACTION.validate_json(await request.read())
            return web.json_response({"ok": True} | await self._theatre.do(action))
        except ValidationError:
            return _refused(language, RefusedError("error-unknown", 400))
        except RefusedError as refusal:
            return _refused(language, refusal)


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
