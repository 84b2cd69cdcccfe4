"""`microchequeo local-api`: the local Telegram by itself, for the bot of whoever wants to try it.

People's phones, the faults and the clock are reached over a second, small HTTP interface (docs/local-bot-api.md).
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.demo.ending import told_to_end
from bot.demo.guard import guarded_application, listening, taken
from bot.demo.limits import Limits
from bot.demo.orders import Order, Passing, PassingClock
from bot.demo.phone import Phone
from bot.demo.server import LocalTelegram
from bot.demo.state import Json
from bot.demo.web.files import ROUTE as FILE
from bot.demo.web.files import given
from bot.demo.web.views import message as written

USERNAME: Final = "local_bot"
NAME: Final = "Ana"
PHONE: Final = "/phones/{id:[1-9][0-9]{0,15}}"
ANSWERED_WITHIN: Final = 2.0
"""Seconds that a phone waits for the bot to take what was done on it, before it is shown."""


class Wanted(BaseModel):
    """What somebody does on a phone: types a text, or taps the newest button with a label."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)

    text: Annotated[str, Field(min_length=1, max_length=20_000, pattern=r"\S")] | None = None
    tap: Annotated[str, Field(min_length=1)] | None = None


@dataclass(frozen=True, slots=True)
class Alone:
    """A Telegram that is open, and where its phones, its faults and its clock are."""

    telegram: LocalTelegram
    phones: str
    faults: str
    clock: str


@asynccontextmanager
async def opened(port: int, phones_port: int, *, limits: bool = False) -> AsyncIterator[Alone]:
    """Open a Telegram and its phones; a port 0 is any that is free.  Raises AddressTakenError."""
    clock = PassingClock()
    telegram = LocalTelegram(now=clock.now, username=USERNAME, port=port, limits=Limits() if limits else None)
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(telegram)
        except OSError as error:
            raise taken(port, error) from None
        address = await listening(stack, _application(telegram, clock), phones_port, "--phones")
        yield Alone(telegram, f"{address}/phones", f"{address}/faults", f"{address}/clock")


def _application(telegram: LocalTelegram, clock: PassingClock) -> web.Application:
    application, phones, orders = guarded_application(), _Phones(telegram), _Orders(telegram, clock)
    application.router.add_get(PHONE, phones.look)
    application.router.add_post(PHONE, phones.act)
    application.router.add_get(FILE, phones.give)
    application.router.add_post("/faults", orders.fail)
    application.router.add_delete("/faults", orders.lift)
    application.router.add_get("/clock", orders.tell)
    application.router.add_post("/clock", orders.let_pass)
    return application


@dataclass(frozen=True, slots=True)
class _Orders:
    """Faults and the clock over HTTP."""

    telegram: LocalTelegram
    clock: PassingClock

    async def fail(self, request: web.Request) -> web.Response:
        """Let calls go wrong from now on."""
        self.telegram.faults.add((await _read(request, Order)).rule())
        return web.json_response({"ok": True})

    async def lift(self, _: web.Request) -> web.Response:
        """Let nothing go wrong any more."""
        self.telegram.faults.lift()
        return web.json_response({"ok": True})

    async def tell(self, _: web.Request) -> web.Response:
        """Tell the time."""
        return web.json_response({"now": self.clock.now().isoformat()})

    async def let_pass(self, request: web.Request) -> web.Response:
        """Let time pass, and tell it."""
        self.clock.advance(timedelta(seconds=(await _read(request, Passing)).seconds))
        return await self.tell(request)


Read = TypeVar("Read", bound=BaseModel)


async def _read(request: web.Request, shape: type[Read]) -> Read:
    try:
        return shape.model_validate_json(await request.read())
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise web.HTTPBadRequest(reason=f"{place}: {first['msg']}".lstrip(": ")) from None


@dataclass(frozen=True, slots=True)
class _Phones:
    """The phones over HTTP; each is there from when it is first used."""

    telegram: LocalTelegram

    async def look(self, request: web.Request) -> web.Response:
        """Show a phone."""
        return _shown(self._phone(request))

    async def act(self, request: web.Request) -> web.Response:
        """Let somebody do something on a phone, and show it."""
        try:
            wanted = Wanted.model_validate_json(await request.read())
        except ValidationError:
            wanted = Wanted()
        if (wanted.text is None) is (wanted.tap is None):
            raise web.HTTPBadRequest(reason='Send {"text": "..."} or {"tap": "label of a button"}.')
        phone = self._phone(request)
        try:
            await (phone.send(wanted.text) if wanted.text else phone.tap(wanted.tap or ""))
        except LookupError as error:
            return web.json_response({"error": str(error)}, status=404)
        await self._taken()
        return _shown(phone)

    async def give(self, request: web.Request) -> web.Response:
        """Give what a message's `media.url` names."""
        return given(self.telegram.file(request.match_info["file_id"]))

    async def _taken(self) -> None:
        try:
            await self.telegram.drained(ANSWERED_WITHIN)
        except TimeoutError:
            return  # no bot is there, or it is slow: the phone is shown as it is

    def _phone(self, request: web.Request) -> Phone:
        return self.telegram.phone(int(request.match_info["id"]), NAME)


def _shown(phone: Phone) -> web.Response:
    messages: list[Json] = [written(one, 0) for one in phone.messages]
    return web.json_response({"id": phone.chat_id, "messages": messages})


async def run(say: Callable[[Alone], None], port: int, phones_port: int, *, limits: bool) -> None:
    """Keep it open until told to end; `say` hears where it is.  Raises AddressTakenError."""
    told = told_to_end()
    async with opened(port, phones_port, limits=limits) as alone:
        say(alone)
        await told.wait()
