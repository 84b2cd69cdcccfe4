"""A line to Telegram that fails once: one call of a step is answered otherwise, or not at all."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from bot.demo.faults import Fault
from bot.demo.server import Call
from bot.demo.state import Json
from tests.faults.course import Course

WAITS_FOR: Final = 1.5
"""Seconds after which the bot gives a call up, in lives in which calls time out; they are 20 otherwise."""

SHORT: Final = 0.05
"""Seconds of a 429: they are waited out on the machine's clock."""

DO_NOT_TIME_OUT: Final = ("getUpdates",)
"""What waits for longer than anybody has time for: a long poll is cut off instead."""


@dataclass(frozen=True, slots=True)
class LineFault:
    """What happens to a call.  `was_done`: Telegram did what was asked and the bot does not know."""

    name: str
    fault: Fault
    was_done: bool = False
    times_out: bool = False

    def of(self, method: str) -> Fault:
        """Return the fault of one call."""
        if self.times_out and method in DO_NOT_TIME_OUT:
            return Fault.lose_reply() if self.was_done else Fault.tear()
        return self.fault


def _refusal(code: int, description: str, **more: Any) -> Fault:
    return Fault.answer(code, {"ok": False, "error_code": code, "description": description, **more})


TOO_MANY: Final = LineFault("429", _refusal(429, "Too Many Requests: retry after 1", parameters={"retry_after": SHORT}))
FORBIDDEN: Final = LineFault("403", _refusal(403, "Forbidden: bot was blocked by the user"))
BAD: Final = LineFault("400", _refusal(400, "Bad Request: something is not as it should be"))
BROKEN: Final = LineFault("500", _refusal(500, "Internal Server Error"))
HTML: Final = LineFault("HTML", Fault.answer(200, b"<html><body>Sign in to the hotel's network</body></html>"))
NOT_SENT: Final = LineFault("timeout before", Fault.stall(2 * WAITS_FOR), times_out=True)
NOT_HEARD: Final = LineFault("timeout after", Fault.hang(2 * WAITS_FOR), was_done=True, times_out=True)
TORN: Final = LineFault("reset", Fault.tear())
LOST: Final = LineFault("reset after", Fault.lose_reply(), was_done=True)

ALL: Final = (TOO_MANY, FORBIDDEN, BAD, BROKEN, HTML, NOT_SENT, NOT_HEARD, TORN, LOST)


@dataclass
class Line:
    """The line of one life: what was called in which step, and what befell it."""

    course: Course[Any]
    made: dict[int, tuple[Json, str, LineFault | None]] = field(default_factory=dict)

    def befalls(self, method: str, params: Json) -> Fault | None:
        """Say what befalls a call; to be given to the local Telegram."""
        fault = self.course.meets(method)
        self.made[id(params)] = (params, self.course.step, fault)
        return fault.of(method) if fault is not None else None

    def arrivals(self, calls: Iterable[Call]) -> Iterator["Arrival"]:
        """Return the messages that arrived, in their order."""
        for call in calls:
            if (
                call.method in SENDING
                and isinstance(call.response.get("result"), dict)
                and id(call.params) in self.made
            ):
                _, step, fault = self.made[id(call.params)]
                message = call.response["result"]
                text = message.get("text") or message.get("caption") or f"<{call.method}>"
                unheard = fault is not None and fault.was_done
                yield Arrival(step, message["chat"]["id"], message["message_id"], without_hours(text), unheard)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that arrived in a chat; of an unheard one the bot does not know, and cannot ever delete it."""

    step: str
    chat_id: int
    message_id: int
    text: str
    unheard: bool


SENDING: Final = ("sendMessage", "sendPhoto", "sendDocument")


def without_hours(text: str) -> str:
    """Strike out clock times and link tokens, which differ when somebody had to wait."""
    return re.sub(r"\d{1,2}:\d\d|start=[\w-]+", "…", text)
