"""Shows people where their check-in stands when the reply to a tap was lost, or when it closed by itself.

Found by the tick, done beside it: a chat that Telegram is slow to write to keeps nothing waiting that is due, least of
all an urgent alert.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.clock import IDLE_LOOK, Clock
from bot.domain.check_in import face
from bot.domain.errors import StoreUnavailableError, UndeliverableError
from bot.domain.model import CheckIn, CheckInId, Person
from bot.domain.post import Sent
from bot.services.in_hand import InHand
from bot.services.ports import Messenger

HANDS: Final = 16
"""Check-ins that are shown at the same time."""

log = structlog.get_logger()


class Faces(InHand[CheckInId]):
    """Brings messages up to date.  `lagging`: what is to be shown, and to whom; `shown`: note what is shown now."""

    def __init__(
        self,
        clock: Clock,
        messenger: Messenger,
        lagging: Callable[[datetime], Awaitable[list[tuple[Person, CheckIn]]]],
        shown: Callable[[CheckIn, Sent, Person], Awaitable[None]],
    ) -> None:
        super().__init__()
        self._clock = clock
        self._messenger = messenger
        self._lagging = lagging
        self._shown = shown
        self._again_at: dict[CheckInId, datetime] = {}
        self.hand_free: Callable[[], None] = lambda: None
        """Called when a hand is free: a look soon after is enough."""

    async def run_due(self) -> int:
        """Begin to show what lags; return how many were taken up."""
        now, shown = self._clock.now(), set(self._in_hand)  # who is done while we look was not done when we looked
        found = {check_in.id: (person, check_in) for person, check_in in await self._lagging(now)}
        self._again_at = {id_: at for id_, at in self._again_at.items() if id_ in found and at > now}
        free = [one for id_, one in found.items() if id_ not in shown and id_ not in self._again_at]
        begun = free[: max(HANDS - len(self._in_hand), 0)]
        for person, check_in in begun:
            self._begin(check_in.id, self._show(person, check_in))
        return len(begun)

    async def _show(self, person: Person, check_in: CheckIn) -> None:
        self._again_at[check_in.id] = self._clock.now() + IDLE_LOOK
        try:
            await self._refresh(person, check_in)
        except StoreUnavailableError as error:
            log.warning("showing waits for the database", why=str(error))
        except Exception as fault:  # noqa: BLE001 - the last resort of one check-in: the others go on
            log.error("a check-in cannot be shown", check_in=check_in.id, error=type(fault).__name__)
        finally:
            self._done(check_in.id)
        self.hand_free()

    async def _refresh(self, person: Person, check_in: CheckIn) -> None:
        try:
            await self._shown(check_in, await self._messenger.refresh(person, check_in), person)
            self._again_at.pop(check_in.id, None)  # what changes from here on is shown at once
        except UndeliverableError as error:
            log.info("still shown later", check_in=check_in.id, reason=error.reason, ever=not error.permanent)
            if error.permanent:  # the chat is gone: nobody looks at it, and trying for ever would only cost
                await self._shown(check_in, Sent(check_in.message_id, face(check_in)), person)
            elif error.retry_after:
                self._again_at[check_in.id] = self._clock.now() + timedelta(seconds=error.retry_after)
