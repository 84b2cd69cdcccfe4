"""What whoever tries a bot orders of the local Telegram over HTTP: faults for calls to come, and time that passes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.clock import SystemClock
from bot.demo.faults import Fault, Rule

LONGEST_HANG: Final = 600
"""Seconds."""

LONGEST_JUMP: Final = 366 * 24 * 3600
"""Seconds."""

Kind = Literal[
    "too_many_requests",
    "forbidden",
    "bad_request",
    "unauthorized",
    "server_error",
    "html",
    "lose_reply",
    "hang",
    "stall",
    "tear",
]


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class Order(_Order):
    """A fault and the calls that it befalls (`bot.demo.faults`); `seconds`: retry_after, or for how long it hangs."""

    fault: Kind
    seconds: Annotated[int, Field(ge=1, le=LONGEST_HANG)] = 3
    status: Annotated[int, Field(ge=500, le=599)] = 502
    method: str = ""
    chat: int | None = None
    skip: Annotated[int, Field(ge=0)] = 0
    times: Annotated[int, Field(ge=1)] | None = None

    def rule(self) -> Rule:
        """Return it as the server takes it."""
        return Rule(_MADE[self.fault](self), self.method, chat=self.chat, skip=self.skip, times=self.times)


_MADE: Final[dict[Kind, Callable[[Order], Fault]]] = {
    "too_many_requests": lambda order: Fault.too_many_requests(order.seconds),
    "forbidden": lambda _: Fault.forbidden(),
    "bad_request": lambda _: Fault.bad_request("ordered"),
    "unauthorized": lambda _: Fault.unauthorized(),
    "server_error": lambda order: Fault.server_error(order.status),
    "html": lambda order: Fault.html(order.status),
    "lose_reply": lambda _: Fault.lose_reply(),
    "hang": lambda order: Fault.hang(order.seconds),
    "stall": lambda order: Fault.stall(order.seconds),
    "tear": lambda _: Fault.tear(),
}


class Passing(_Order):
    """So many seconds pass at once."""

    seconds: Annotated[int, Field(ge=1, le=LONGEST_JUMP)]


class PassingClock:
    """The machine's clock, ahead by what was ordered."""

    def __init__(self) -> None:
        self._machine = SystemClock()
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """Return the present instant (aware, UTC)."""
        return self._machine.now() + self._ahead

    def advance(self, span: timedelta) -> None:
        """Jump ahead by `span`."""
        self._ahead += span
