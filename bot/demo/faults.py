"""What can go wrong between the bot and Telegram: one fault per call, chosen by a test."""

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Self


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
    def too_many_requests(cls, retry_after: int) -> Self:
        """Answer 429 as Telegram does; `retry_after` in seconds."""
        description = f"Too Many Requests: retry after {retry_after}"
        body = {"ok": False, "error_code": 429, "description": description, "parameters": {"retry_after": retry_after}}
        return cls.answer(429, body)

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
