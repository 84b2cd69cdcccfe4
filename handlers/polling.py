"""Updates that are asked for: one long poll after the other, and nothing that comes back ends it.

A batch is confirmed, by asking for what comes after it, once it is kept.  Trap: the offset follows the *last batch*,
never a maximum.  After a quiet week ids begin again at random, and an offset far ahead of them is not believed.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from telegram import Bot
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.domain.errors import StoreTroubleError
from bot.domain.trouble import Trouble, TroubleKind
from handlers import failures
from handlers.intake import WANTED, Intake, id_of
from handlers.request import CertificateError
from handlers.rivals import ALONE_AFTER, Rivals

log = structlog.get_logger()

POLL_SECONDS: Final = 30
GIVEN_WAY: Final = Trouble(
    TroubleKind.ANOTHER_POLLER, "another program is polling with this token and was here before: standing by"
)
STAYED: Final = Trouble(TroubleKind.ANOTHER_POLLER, "another program is polling with this token, too: stop one of them")
LEAST_HELD, LONGEST_HELD = 1.0, 600.0
"""Seconds: what a 429 asks beyond that is a mistake, and one that asks for none would be asked for ever, at once."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds of real time before the next round: `first` after one that failed, doubled each time up to `longest`.

    `longest` passes also between two looks at a webhook.  `beside_another` passes when another program polls with our
    token: as long as one poll.
    """

    first: float = 0.5
    longest: float = 30.0
    beside_another: float = float(POLL_SECONDS)


class Polling:
    """Fetches batches for the intake."""

    def __init__(self, bot: Bot, request: BaseRequest, intake: Intake, pauses: Pauses, rivals: Rivals) -> None:
        self._bot = bot
        self._request = request
        self._intake = intake
        self._pauses = pauses
        self._rivals = rivals
        self._pause = pauses.first
        self._has_healed = False

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Poll while the context is open."""
        async with asyncio.TaskGroup() as group:
            polling = group.create_task(self._poll())
            try:
                yield
            finally:
                polling.cancel()

    async def _poll(self) -> None:
        offset: int | None = None
        while True:
            offset = await self._round(offset)

    async def _round(self, offset: int | None) -> int | None:
        """Fetch and keep one batch; return the offset that confirms it, or the old one when it was not kept."""
        self._rivals.asks()
        try:
            batch = await self._fetch(offset)
            if not self._rivals.may_take(batch):
                await self._rest(GIVEN_WAY, ALONE_AFTER)
                return offset
            await self._intake.keep(batch)
        except RetryAfter as error:
            self._intake.limited()
            await self._rest(trouble_of(error), held_for(error))
        except Conflict as error:
            await self._stand_by(error)
        except BadRequest as error:
            await self._rest(trouble_of(error))
            return None  # it may be the offset that is refused; what comes again is known
        except Exception as error:  # noqa: BLE001 - the last resort of fetching: no answer may end it
            await self._rest(trouble_of(error))
        else:
            return await self._turn(batch, offset)
        return offset

    async def _turn(self, batch: Sequence[Any], offset: int | None) -> int | None:
        """Go on after a batch, from its last readable id: nothing is confirmed that was not seen.

        What has no id is confirmed along with what comes after it, and asked for without hurry until then.
        """
        ids = [number for item in batch if (number := id_of(item)) is not None]
        following = ids[-1] + 1 if ids else offset
        if batch and following == offset:
            await self._rest(Trouble(TroubleKind.TELEGRAM_AWAY, "Telegram answers with updates that cannot be read"))
            return max(ids) + 1 if ids else offset
        self._pause = self._pauses.first
        self._intake.turned()
        return following

    async def _fetch(self, offset: int | None) -> list[Any]:
        """Ask for raw updates: PTB's own method would parse them before they are safe."""
        wanted: dict[str, Any] = {"timeout": POLL_SECONDS, "allowed_updates": json.dumps(WANTED)}
        if offset is not None:
            wanted["offset"] = offset
        url = f"{self._bot.base_url}/getUpdates?{urlencode(wanted)}"
        found = await self._request.post(url, read_timeout=POLL_SECONDS + 10)
        if not isinstance(found, list):
            raise TelegramError("getUpdates did not return a list")
        return found

    async def _stand_by(self, error: Conflict) -> None:
        """Give way to another program that was here before; a webhook left over from another mode is deleted, once."""
        if "webhook" not in str(error).lower():
            await self._beside_another()
        elif self._has_healed:
            says = "another program has set a webhook for this token"
            await self._rest(Trouble(TroubleKind.ANOTHER_POLLER, says), self._pauses.beside_another)
        else:
            await self._heal()

    async def _beside_another(self) -> None:
        self._rivals.conflict()
        if self._rivals.is_guest:
            await self._rest(GIVEN_WAY, self._pauses.beside_another)
        else:
            await self._rest(STAYED, self._pauses.first)

    async def _heal(self) -> None:
        try:
            await self._bot.delete_webhook()
        except TelegramError as error:
            await self._rest(trouble_of(error))
        else:
            self._has_healed = True
            log.warning("a webhook was set for this token; it is deleted, since the mode is polling")

    async def _rest(self, trouble: Trouble, seconds: float | None = None) -> None:
        """Pause, longer each time, and be seen to be alive."""
        left = self._pause if seconds is None else seconds
        while left > 0:
            self._intake.turned(trouble)
            await asyncio.sleep(min(left, self._pauses.longest))
            left -= self._pauses.longest
        self._intake.turned(trouble)
        self._pause = min(self._pause * 2, self._pauses.longest)


def held_for(error: RetryAfter) -> float:
    """Return the seconds that fetching rests after a 429."""
    return min(max(failures.seconds(error), LEAST_HELD), LONGEST_HELD)


def trouble_of(error: Exception) -> Trouble:
    """Say what an error means for what comes in: its type at most, since its text may hold an answer."""
    if isinstance(error, CertificateError):
        return Trouble(TroubleKind.CERTIFICATE, str(error))
    known = next((trouble for kind, trouble in _TROUBLES.items() if isinstance(error, kind)), None)
    return known or Trouble(TroubleKind.TELEGRAM_AWAY, f"Telegram cannot be reached ({type(error).__name__})")


_TROUBLES: Final[dict[type[Exception], Trouble]] = {
    RetryAfter: Trouble(TroubleKind.TOO_MANY_REQUESTS, "too many requests"),
    Conflict: STAYED,
    InvalidToken: Trouble(TroubleKind.TOKEN_REFUSED, "Telegram does not know the token"),
    StoreTroubleError: Trouble(TroubleKind.DATABASE_AWAY, "the database is away; nothing is confirmed"),
}
