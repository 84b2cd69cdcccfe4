"""Telegram's refusals as ours, in one place; and the last resort for what no handler foresaw.

Error texts come re-cased, so they are matched without case.
"""

import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from telegram import Update
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError
from telegram.ext import CallbackContext

from bot.domain.errors import UndeliverableError
from handlers.request import CertificateError

log = structlog.get_logger()

_GONE = ("chat not found", "user is deactivated", "bot was blocked", "can't initiate conversation", "bot was kicked")

_REFUSED = (
    "message is too long",
    "message text is empty",
    "message must be non-empty",
    "button_data_invalid",
    "reply markup",
    "can't parse entities",
    "entity",
    "wrong file identifier",
    "image_process_failed",
    "photo_invalid_dimensions",
    "file is too big",
    "message to be replied not found",
    "message_id_invalid",
    "not enough rights",
)


_TOO_LARGE = "request entity too large"
"""PTB takes a 413 for trouble of the network; another try would be as large."""

_BEYOND_EDITING = (
    "message to edit not found",
    "message can't be edited",
    "message to delete not found",
    "there is no text in the message to edit",
)


def translated(error: TelegramError) -> UndeliverableError:
    """Say what an error of PTB means for a delivery; the reason is a kind, never content."""
    if isinstance(error, RetryAfter):
        return UndeliverableError("too many requests", permanent=False, retry_after=seconds(error))
    text = str(error).lower()
    if isinstance(error, Forbidden) or any(gone in text for gone in _GONE):
        return UndeliverableError(_reason(text), permanent=True)
    if isinstance(error, BadRequest) or _TOO_LARGE in text:
        return UndeliverableError(_refusal(text), permanent=False)
    return UndeliverableError(type(error).__name__, permanent=False)


def absence(error: TelegramError) -> str:
    """Say why Telegram cannot be reached: the kind of error, or what an operator can look at; never an address."""
    return str(error) if isinstance(error, CertificateError) else type(error).__name__


def _refusal(text: str) -> str:
    """Name a refusal that is known: Telegram's own sentence may quote what was sent."""
    return next((f"refused: {known}" for known in _REFUSED if known in text), "refused")


def _reason(text: str) -> str:
    return next((gone for gone in _GONE if gone in text), "forbidden")


def seconds(error: RetryAfter) -> float:
    """Return how long a 429 asks to wait, in seconds; one that cannot be read asks for one."""
    wait: Any = error.retry_after
    if isinstance(wait, timedelta):
        return wait.total_seconds()
    return float(wait) if isinstance(wait, int) else 1.0


def same_already(error: BadRequest) -> bool:
    """Say whether an edit was refused because the message looks like that already."""
    return "message is not modified" in str(error).lower()


def beyond_editing(error: BadRequest) -> bool:
    """Say whether the message to edit (or to delete) is gone, too old, or a file, which has no text."""
    text = str(error).lower()
    return any(gone in text for gone in _BEYOND_EDITING)


def beyond_deleting(error: BadRequest) -> bool:
    """Say whether the message is too old to be deleted."""
    return "message can't be deleted" in str(error).lower()


class LastResort:
    """Hears of what a handler raised, since PTB returns as if all were well; tells the intake, logs no content."""

    def __init__(self) -> None:
        self.listener: Callable[[int, BaseException], None] = lambda _inbox_id, _error: None

    async def note(self, update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
        """Note the error of one update: type and place only."""
        if isinstance(update, Update) and context.error is not None:
            self.raised(int(update.api_kwargs["inbox_id"]), context.error)

    def raised(self, inbox_id: int, error: BaseException) -> None:
        """Note what the work on an update raised."""
        log.error("a handler raised", error=type(error).__name__, where=_place(error))
        self.listener(inbox_id, error)


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else "?"
