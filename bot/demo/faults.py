"""What can go wrong between the bot and Telegram: faults, and the rules that say which calls they befall."""

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Self

from bot.demo import refusals
from bot.demo.refusals import ApiError
from bot.demo.state import Json


class Kind(Enum):
    """The ways in which a call can go wrong."""

    ANSWER = "answer"
    LOSE_REPLY = "lose_reply"
    HANG = "hang"
    STALL = "stall"
    TEAR = "tear"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong with one call; build it with the class methods."""

    kind: Kind
    status: int = 0
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0

    @classmethod
    def answer(cls, status: int, body: dict[str, Any] | bytes = b"", headers: dict[str, str] | None = None) -> Self:
        """Answer this instead of doing anything; a dict is sent as JSON."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return cls(Kind.ANSWER, status, raw, headers or {})

    @classmethod
    def refusal(cls, error: ApiError) -> Self:
        """Refuse as Telegram does, in its own envelope."""
        return cls.answer(error.code, error.envelope())

    @classmethod
    def too_many_requests(cls, retry_after: int) -> Self:
        """Answer 429 as Telegram does; `retry_after` in seconds."""
        return cls.refusal(refusals.too_many_requests(retry_after))

    @classmethod
    def forbidden(cls, reason: str = refusals.BLOCKED) -> Self:
        """Answer 403: the bot may not write there (any more)."""
        return cls.refusal(refusals.forbidden(reason))

    @classmethod
    def bad_request(cls, reason: str) -> Self:
        """Answer 400 for a reason (`bot.demo.refusals` has Telegram's own words)."""
        return cls.refusal(refusals.bad_request(reason))

    @classmethod
    def unauthorized(cls) -> Self:
        """Answer 401: the token was revoked."""
        return cls.refusal(ApiError(401, refusals.UNAUTHORIZED))

    @classmethod
    def server_error(cls, status: int = 500) -> Self:
        """Answer 5xx in Telegram's envelope."""
        return cls.refusal(ApiError(status, refusals.INTERNAL))

    @classmethod
    def html(cls, status: int = 502) -> Self:
        """Answer the page of a proxy that stands in front of Telegram."""
        page = f"<html><head><title>{status}</title></head><body><h1>nginx</h1></body></html>"
        return cls.answer(status, page.encode(), {"Content-Type": "text/html"})

    @classmethod
    def lose_reply(cls) -> Self:
        """Do what was asked, then drop the connection without a word."""
        return cls(Kind.LOSE_REPLY)

    @classmethod
    def hang(cls, seconds: float) -> Self:
        """Do what was asked, and answer only after `seconds` of real time."""
        return cls(Kind.HANG, seconds=seconds)

    @classmethod
    def stall(cls, seconds: float) -> Self:
        """Do nothing and say nothing for `seconds` of real time, then drop the connection."""
        return cls(Kind.STALL, seconds=seconds)

    @classmethod
    def tear(cls) -> Self:
        """Drop the connection before anything was done."""
        return cls(Kind.TEAR)

    @property
    def retry_after(self) -> int:
        """Seconds for which a 429 asks to be left alone; 0 for every other fault."""
        if self.status != refusals.TOO_MANY or not self.body.startswith(b"{"):
            return 0
        return int(json.loads(self.body).get("parameters", {}).get("retry_after", 0))


@dataclass(frozen=True, slots=True)
class Rule:
    """Which calls a fault befalls: all that match from the one after `skip` on, `times` of them (None: until lifted).

    `method` "" is every method, also getUpdates and `download`; `but` names methods it never matches.  Methods are
    compared without case.  `chat` is the call's own chat_id: an answer to a tap has none.
    """

    fault: Fault
    method: str = ""
    but: tuple[str, ...] = ()
    chat: int | None = None
    skip: int = 0
    times: int | None = None

    def matches(self, method: str, params: Json) -> bool:
        """Say whether a call is one of those that are counted."""
        name = method.lower()
        if self.method.lower() not in {"", name} or name in {other.lower() for other in self.but}:
            return False
        return self.chat is None or str(params.get("chat_id")) == str(self.chat)


@dataclass(slots=True)
class Armed:
    """A rule at work: how many calls matched it, and how many of them it befell."""

    rule: Rule
    seen: int = 0
    hits: int = 0
    is_lifted: bool = False

    def lift(self) -> None:
        """End it."""
        self.is_lifted = True

    def strikes(self, method: str, params: Json) -> bool:
        """Count a call that matches, and say whether it goes wrong."""
        if self.is_lifted or not self.rule.matches(method, params):
            return False
        self.seen += 1
        turn = self.seen - self.rule.skip
        hit = turn > 0 and (self.rule.times is None or turn <= self.rule.times)
        self.hits += hit
        return hit


class Faults:
    """The rules in force, in the order in which they were added.

    The first that strikes decides; those behind it do not see that call, and count it not.
    """

    def __init__(self) -> None:
        self._armed: list[Armed] = []

    def add(self, rule: Rule) -> Armed:
        """Put a rule behind the others; what is returned counts its calls and lifts it."""
        armed = Armed(rule)
        self._armed.append(armed)
        return armed

    def lift(self) -> None:
        """End all of them."""
        for armed in self._armed:
            armed.lift()
        self._armed.clear()

    def befalling(self, method: str, params: Json) -> Fault | None:
        """Say what goes wrong with a call."""
        return next((armed.rule.fault for armed in self._armed if armed.strikes(method, params)), None)
