"""The local Bot API server: HTTP in, JSON envelopes out, long polling, and the faults a test asks for.

What the methods do is in messages.py, chats.py and settings.py, the person's side in phone.py.
"""

import asyncio
import json
import re
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from bot.demo import refusals
from bot.demo.backend import ANSWERABLE_FOR, Backend
from bot.demo.chats import CHAT_METHODS
from bot.demo.faults import Fault, Faults, Kind
from bot.demo.limits import Limits, messages_in
from bot.demo.messages import MESSAGE_METHODS
from bot.demo.params import Params, read_params
from bot.demo.phone import Group, Phone
from bot.demo.refusals import ApiError, conflict, too_many_requests
from bot.demo.settings import SETTING_METHODS, menu, webhook_url
from bot.demo.state import Chat, Json, StoredFile, World
from bot.demo.updates import BATCH, Updates
from bot.demo.webhook import Delivery

BOT_ID = 1_000_000_001
UPLOAD_LIMIT = 50 * 1024 * 1024
LONGEST_POLL = 50
CALLS_KEPT = 10_000
DOWNLOAD = "download"
"""What a fault is asked for when a file is fetched; that is no method of the Bot API."""

_TOKEN_SHAPE = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{1,80}")
_METHODS = MESSAGE_METHODS | CHAT_METHODS | SETTING_METHODS


@dataclass(frozen=True, slots=True)
class Call:
    """One call the bot made. `status` is 0 when the answer was lost on purpose; `response` is what was (to be) said."""

    method: str
    params: Params
    status: int
    response: Json
    at: datetime


class LocalTelegram:
    """A Telegram of one's own, for one bot, on 127.0.0.1; use it as an async context manager.

    Unless it is given one, it has a token that no other has: a bot that outlived the Telegram which had this port
    before would otherwise fetch what is meant for another.

    Leaving it ends long polls and closes the port; entering it again opens the same port with everything remembered.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        token: str = "",
        username: str = "microchequeo_demo_bot",
        port: int = 0,
        answer_within: timedelta = ANSWERABLE_FOR,
        limits: Limits | None = None,
    ) -> None:
        self.token = token or f"{BOT_ID}:{secrets.token_urlsafe(26)}"
        self.username = username
        self.url = ""
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self.fault: Callable[[str, Json], Fault | None] | None = None
        self.faults = Faults()
        self.limits = limits or Limits.none()
        self._port = port
        self._listeners: list[Callable[[Call], None]] = []
        self._people: dict[int, Phone] = {}
        self._groups: dict[int, Group] = {}
        me = {
            "id": int(self.token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Microchequeo",
            "username": username,
        }
        self._backend = Backend(World(), Updates(now), now, me, answer_within)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            runner = web.AppRunner(self._application(), handler_cancellation=True, shutdown_timeout=1, access_log=None)
            stack.push_async_callback(runner.cleanup)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", self._port).start()
            self._port = runner.addresses[0][1]
            self.url = f"http://127.0.0.1:{self._port}"
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            stack.callback(tasks.create_task(Delivery(self._backend, self._fault_of).run()).cancel)
            self._backend.updates.open()
            stack.callback(self._backend.updates.close)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @asynccontextmanager
    async def outage(self) -> AsyncIterator[None]:
        """Close the port, and every connection with it, while the context is open; nothing is forgotten."""
        await self._stack.aclose()
        try:
            yield
        finally:
            await self.__aenter__()

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=UPLOAD_LIMIT)
        application.router.add_route("*", "/bot{token}/{method}", self._call)
        application.router.add_get("/file/bot{token}/{path:.+}", self._download)
        application.router.add_route("*", "/{rest:.*}", self._nowhere)
        return application

    def phone(self, user_id: int, first_name: str, *, language_code: str = "es") -> Phone:
        """Give a person's phone; the same id always gives the same phone."""
        if user_id not in self._people:
            chat = self._chat(Chat(user_id, first_name, language_code))
            self._people[user_id] = Phone(self._backend, chat)
        return self._people[user_id]

    def group(self, chat_id: int, title: str) -> Group:
        """Give a group the bot is a member of; `chat_id` is negative."""
        if chat_id not in self._groups:
            self._groups[chat_id] = Group(self._backend, self._chat(Chat(chat_id, title)))
        return self._groups[chat_id]

    def _chat(self, chat: Chat) -> Chat:
        return self._backend.world.chats.setdefault(chat.chat_id, chat)

    def file(self, file_id: str) -> StoredFile | None:
        """Find a file that somebody sent, by its id."""
        return self._backend.world.files.get(file_id)

    def commands(self, phone: Phone) -> list[Json]:
        """List the bot's commands as that person's app shows them."""
        return menu(self._backend, phone.chat_id, str(phone.person().get("language_code", "")))

    def on_call(self, listener: Callable[[Call], None]) -> None:
        """Hear of each call after it was answered. `calls` has it as soon as it was carried out."""
        self._listeners.append(listener)

    def push_raw(self, update: Json) -> None:
        """Deliver any update, however hostile; it gets an update_id if it has none."""
        self._backend.updates.push(update)

    @property
    def next_update_id(self) -> int:
        """The id of the next update; set it to simulate ids that start again at random."""
        return self._backend.updates.next_id

    @next_update_id.setter
    def next_update_id(self, value: int) -> None:
        if value < self.next_update_id and self.pending_updates():
            raise ValueError("Ids start again only after a week without updates: let the bot confirm them first.")
        self._backend.updates.next_id = value

    def pending_updates(self) -> int:
        """Count the updates the bot has not confirmed."""
        return len(self._backend.updates)

    async def drained(self, timeout: float = 10) -> None:  # noqa: ASYNC109 - reads better in a test than a wrapper
        """Wait until the bot has confirmed every update. Raises TimeoutError."""
        updates = self._backend.updates
        if not await updates.signal.until(lambda: len(updates) == 0, timeout):
            raise TimeoutError(f"{len(updates)} updates were not confirmed within {timeout} s.")

    async def polled(self, timeout: float = 10) -> None:  # noqa: ASYNC109 - as above
        """Wait until a getUpdates is under way: the bot is up. Raises TimeoutError."""
        if not await self._backend.updates.signal.until(lambda: self._backend.updates.is_polled, timeout):
            raise TimeoutError(f"Nobody asked for updates within {timeout} s.")

    async def unpolled(self, timeout: float = 10) -> None:  # noqa: ASYNC109 - as above
        """Wait until no getUpdates is under way: the bot is gone, or busy. Raises TimeoutError."""
        if not await self._backend.updates.signal.until(lambda: not self._backend.updates.is_polled, timeout):
            raise TimeoutError(f"Somebody was still asking for updates after {timeout} s.")

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        params = Params()
        try:
            self._check_token(request.match_info["token"])
            params = await read_params(request)
            fault = self._fault_of(method, params)
            status, body = await self._perform(method, params, fault)
        except web.HTTPRequestEntityTooLarge:
            fault, (status, body) = None, _refused(ApiError(413, refusals.TOO_LARGE))
        except ApiError as refusal:
            fault, (status, body) = None, _refused(refusal)
        return await self._reply(request, method, params, status, body, fault)

    def _fault_of(self, method: str, params: Params) -> Fault | None:
        """Ask the hook first, then the rules."""
        fault = self.fault(method, params) if self.fault else None
        return fault or self.faults.befalling(method, params)

    async def _perform(self, method: str, params: Params, fault: Fault | None) -> tuple[int, Json]:
        if chat_id := params.integer("chat_id"):
            self.limits.watch(chat_id, fault.retry_after if fault else 0)
        if fault and fault.kind in {Kind.TEAR, Kind.STALL}:
            await asyncio.sleep(fault.seconds)
            return 0, {}
        if fault and fault.kind is Kind.ANSWER:
            return fault.status, _as_json(fault.body)
        try:
            return HTTPStatus.OK, {"ok": True, "result": await self._result(method.lower(), params)}
        except ApiError as refusal:
            return _refused(refusal)

    async def _result(self, method: str, params: Params) -> Any:
        if method == "getupdates":
            return await self._get_updates(params)
        if method not in _METHODS:
            raise ApiError(HTTPStatus.NOT_FOUND, refusals.NOT_FOUND)
        if retry_after := self.limits.admit(params.integer("chat_id"), messages_in(method, params)):
            raise too_many_requests(retry_after)
        return _METHODS[method](self._backend, params)

    async def _get_updates(self, params: Params) -> list[Json]:
        if webhook_url(self._backend):
            raise conflict(refusals.WEBHOOK_ACTIVE)
        updates = self._backend.updates
        if "allowed_updates" in params:
            updates.allow(params.listed("allowed_updates"))
        limit = params.integer("limit", BATCH)
        seconds = min(max(params.integer("timeout"), 0), LONGEST_POLL)
        return await updates.poll(params.integer("offset"), limit if 1 <= limit <= BATCH else BATCH, seconds)

    async def _reply(
        self, request: web.Request, method: str, params: Params, status: int, body: Json, fault: Fault | None
    ) -> web.StreamResponse:
        """Record the call, answer it (or not), then tell the listeners."""
        is_lost = fault is not None and fault.kind in {Kind.TEAR, Kind.STALL, Kind.LOSE_REPLY}
        call = Call(method, params, 0 if is_lost else status, body, self._backend.now())
        self.calls.append(call)
        response = _response(status, body, fault)
        try:
            await self._write(request, response, fault, is_lost=is_lost)
        finally:
            for listener in self._listeners:
                listener(call)
        return response

    async def _write(self, request: web.Request, response: web.Response, fault: Fault | None, *, is_lost: bool) -> None:
        if fault and fault.kind is Kind.HANG:
            await asyncio.sleep(fault.seconds)
        if is_lost and request.transport:
            request.transport.abort()
            return
        with suppress(ConnectionError):  # a bot that was killed no longer listens
            await response.prepare(request)
            await response.write_eof()

    def _check_token(self, token: str) -> None:
        if token == self.token:
            return
        if _TOKEN_SHAPE.fullmatch(token):
            raise ApiError(HTTPStatus.UNAUTHORIZED, refusals.UNAUTHORIZED)
        raise ApiError(HTTPStatus.NOT_FOUND, refusals.NOT_FOUND)

    async def _download(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        fault = self._fault_of(DOWNLOAD, Params(path=path))
        if fault:
            await asyncio.sleep(fault.seconds)
        if fault and fault.kind is not Kind.HANG:
            return self._lost(request, fault)
        stored = next((file for file in self._backend.world.files.values() if file.path == path), None)
        if request.match_info["token"] != self.token or stored is None:
            return _response(*_refused(ApiError(HTTPStatus.NOT_FOUND, refusals.NOT_FOUND)), None)
        return web.Response(body=stored.data, content_type="application/octet-stream")

    @staticmethod
    def _lost(request: web.Request, fault: Fault) -> web.Response:
        """Let a download go wrong."""
        if fault.kind is not Kind.ANSWER and request.transport:
            request.transport.abort()
        return _response(fault.status or HTTPStatus.BAD_GATEWAY, {}, fault)

    async def _nowhere(self, _: web.Request) -> web.Response:
        return _response(*_refused(ApiError(HTTPStatus.NOT_FOUND, refusals.NOT_FOUND)), None)


def _refused(refusal: ApiError) -> tuple[int, Json]:
    return refusal.code, refusal.envelope()


def _response(status: int, body: Json, fault: Fault | None) -> web.Response:
    if fault and fault.kind is Kind.ANSWER:
        headers = {"Content-Type": "application/json"} | fault.headers
        return web.Response(status=status, body=fault.body, headers=headers)
    raw = json.dumps(body).encode()  # in ASCII, as Telegram writes it; also what UTF-8 could not carry
    return web.Response(status=status or HTTPStatus.OK, body=raw, content_type="application/json")


def _as_json(body: bytes) -> Json:
    try:
        parsed = json.loads(body)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
