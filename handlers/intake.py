"""At-least-once updates.

1. A batch comes in, by polling.py or webhook.py.  2. It is stored in one commit.  3. Only then is it confirmed, by
whoever brought it.  4. Each update is worked in order within its chat, chats beside each other.  5. What fails is tried
again with back-off, and parked after five tries while the chat's later updates go on; an answer that Telegram did not
take is given again.  A redelivery finds its row and changes nothing.

Where several processes work on one database, a chat is in the hands of one of them at a time.  What another keeps for
it meanwhile is announced (`heralds`), and looked for now and then; what is over is given out of hand at the next look.
"""

import asyncio
import contextlib
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from telegram import Bot, Update

from bot.clock import Clock
from bot.domain.errors import StoreCollidedError, StoreTroubleError, StoreUnavailableError, UndeliverableError
from bot.domain.model import InboxId
from bot.domain.post import InboxRow, Incoming, Lane
from bot.domain.trouble import Trouble
from bot.services.ports import Store
from bot.services.ports_metrics import NOBODY, Recorder
from handlers import knock
from handlers.access import Rooms
from handlers.first_aid import FirstAid
from handlers.hands import Hands
from handlers.knock import INBOX_ID, Knock
from handlers.screen import sound

log = structlog.get_logger()

WANTED: Final = ["message", "edited_message", "callback_query", "my_chat_member"]
"""Kinds of updates, as Telegram is asked for them."""

LARGEST: Final = 1024 * 1024
"""Characters: no update of Telegram's comes near."""

IDS_END: Final = 2**53
TRIES: Final = 5
TRIES_TO_ANSWER: Final = 10
"""When Telegram is away, an update is answered late, up to about an hour: after that nobody waits for the answer."""

TRIES_AT_ONCE: Final = 3
"""Of what the database has given up for somebody else's sake: the other is done by then."""

FIRST_WAIT: Final = timedelta(seconds=5)
LONGEST_WAIT: Final = timedelta(minutes=10)
STUCK_FOR: Final = timedelta(minutes=1)
"""How long a chat rests that cannot be worked for a reason which is nobody's update."""

HANDS: Final = 32
"""Chats that are worked at the same time."""

PAGE: Final = 20
"""Updates of one chat that are opened and worked in a row; then it is the turn of whoever waits for a hand."""

AT_HAND: Final = 200
"""Lanes of which the updates are kept at hand until somebody has a hand for them; the others' are read back."""

NOTHING: Final[Mapping[Lane, Sequence[InboxRow]]] = {}

FINISH_WITHIN: Final = 5.0


class Intake:
    """Keeps and works what comes in, by polling or by webhook, and knows how that goes."""

    def __init__(
        self, bot: Bot, rooms: Rooms, store: Store, clock: Clock, first_aid: FirstAid, recorder: Recorder = NOBODY
    ) -> None:
        self._recorder = recorder
        self._bot = bot
        self._rooms = rooms
        self._store = store
        self._clock = clock
        self._first_aid = first_aid
        self._lanes: dict[Lane, bool] = {}
        self._anything = True
        self._entries = self._looking = 0
        self._ahead: dict[Lane, Collection[InboxId]] = {}
        """Lanes in which what is being worked is all that was kept when it was read: that."""
        self._at_hand: dict[Lane, Sequence[InboxRow]] = {}
        self._worked: dict[InboxId, BaseException | None] = {}
        self._failed: dict[int, BaseException] = {}
        self._stuck: dict[Lane, datetime] = {}
        """Lanes with which something unforeseen is wrong, and until when they are left alone."""
        self._pressing: dict[Lane, dict[str, dict[str, Any]]] = {}
        self._hands: Hands[Lane] = Hands(HANDS, self._pressing.__contains__)
        self._over: set[Lane] = set()
        """Lanes with which nothing is to be done any more, and which others may have."""
        self._given: set[Lane] = set()
        """Lanes that are being given out of hand."""
        self._one_batch = asyncio.Lock()
        self._idle = asyncio.Event()
        self._idle.set()
        self._group: asyncio.TaskGroup | None = None
        self._working: set[asyncio.Task[None]] = set()
        self.tapped: Callable[[Knock], Awaitable[None]] = _nowhere
        """Where taps are led; it raises nothing."""
        self.heralds: Callable[[], None] = lambda: None
        """Called when something was kept that another process is to work."""
        self.trouble: Trouble | None = None
        """Why nothing comes in at the moment, for health; None while all is well."""
        self.turned_at: datetime | None = None
        """When somebody last looked whether updates come in, well or not."""
        self.well_at: datetime | None = None
        """When updates, or the news that there are none, last came in and were kept."""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Work while the context is open; then finish what is in hand, for a few seconds at most."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            with contextlib.suppress(StoreTroubleError):  # the tick takes it up
                await self.take_up(again=False)
            try:
                yield
            finally:
                await self._finish()

    async def _finish(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FINISH_WITHIN):
                await self._idle.wait()
        for working in self._working:
            working.cancel()

    def turned(self, trouble: Trouble | None = None) -> None:
        """Note how it went to look for updates.  What is new about it is logged, once, without any content."""
        self.turned_at = self._clock.now()
        if trouble is None:
            self.well_at = self.turned_at
        known, self.trouble = self.trouble, trouble
        if trouble is None and known is not None:
            log.info("updates come in again")
        elif trouble is not None and (known is None or known.kind is not trouble.kind):
            log.warning("nothing comes in", why=trouble.says)

    def limited(self) -> None:
        """Count an answer "too many requests"."""
        self._recorder.limited()

    # Keeping

    async def keep(self, batch: Sequence[Any]) -> None:
        """Store what Telegram delivered in one commit, and begin to work it; what is no update is passed over.

        Raises StoreTroubleError, and then nothing may be confirmed; who cannot wait has been answered.
        """
        found = readable(batch)
        if found:
            await self._store_all([update for update, _ in found], [incoming for _, incoming in found])

    async def _store_all(self, updates: Sequence[dict[str, Any]], rows: Sequence[Incoming]) -> None:
        async with self._first_aid.beside(updates), self._one_batch:
            await self._store_one_by_one(updates, rows)

    async def _store_one_by_one(self, updates: Sequence[dict[str, Any]], rows: Sequence[Incoming]) -> None:
        """Keep a batch and enter it; trap: of two at once, the later could be worked before the earlier is entered.

        Traps: what comes once more while it is being worked is not at hand, or it would be worked again afterwards;
        nor is what has something before it that another process has kept.
        """
        busy, entries, ahead = {*self._lanes} - self._ahead.keys(), self._entries, dict(self._ahead)
        async with self._store.keeping() as tx:
            lanes = await tx.inbox.keep(rows, self._clock.now())
            elsewhere, busy = tx.inbox.elsewhere, busy | {*tx.inbox.behind, *tx.inbox.elsewhere}
        await self._press(updates, lanes)
        if elsewhere:
            self.heralds()
        mine = {lane: rows for lane, rows in lanes.items() if lane not in elsewhere or lane in self._pressing}
        alone = entries == self._entries and not (self._anything or self._looking)
        new = {lane: rows for lane, rows in mine.items() if not {row.id for row in rows} & {*ahead.get(lane, ())}}
        self._enter(mine, {lane: rows for lane, rows in new.items() if alone and lane not in busy})

    async def _press(self, batch: Sequence[dict[str, Any]], lanes: Collection[Lane]) -> None:
        """Keep at hand what cannot wait: its chat needs no free hand, and it is answered though the database goes."""
        lane_of = dict(zip(dict.fromkeys(_chat_of(update) for update in batch), lanes, strict=True))
        for update in batch:
            if "callback_query" in update:
                continue
            await asyncio.sleep(0)  # a page of long messages takes a while to look through: others have their turn
            if self._first_aid.is_for(update):
                lane = lane_of[_chat_of(update)]
                self._pressing.setdefault(lane, {})[key_of(update)] = update
                self._hands.hurry(lane)

    async def newest(self) -> datetime | None:
        """Return when the last update that is stored came in, to whichever process.  StoreUnavailableError."""
        async with self._store.glancing() as tx:
            return await tx.inbox.newest()

    # Working

    async def look_around(self) -> None:
        """See to what others have kept, and let them have what is over.  StoreUnavailableError; then the next look."""
        self._anything = True
        await self._empty_hands()
        await self.take_up(again=False)

    async def _empty_hands(self) -> None:
        """Give out of hand what is over.

        Trap: what is taken again at the same time would be given away afterwards, and then be in two hands.
        """
        async with self._one_batch:
            if not self._over:
                return
            self._given, self._over = self._over, set()
            try:
                async with self._store.keeping() as tx:
                    await tx.inbox.let_go(self._given)
            except StoreUnavailableError:
                self._over.update(self._given - self._lanes.keys())
                raise
            finally:
                self._given = set()

    async def take_up(self, again: bool) -> None:  # noqa: FBT001 - what the tick has seen, by place
        """See to what an earlier life left behind, and to what a back-off has made due if there is any: `again`.

        What is kept anew is entered at once.  Trap: a lane may be given up while we read; what it left must be looked
        for again.
        """
        everywhere, self._anything = self._anything, False
        if not (everywhere or again):
            return
        self._looking += 1
        self._idle.clear()
        try:
            async with self._store.reading() as tx:
                now = self._clock.now()
                lanes = await (tx.inbox.lanes(now) if everywhere else tx.inbox.lanes_again(now))
            self._enter(self._free(lanes))
        except StoreUnavailableError:
            self._anything |= everywhere
            raise
        finally:
            self._looking -= 1
            self._rest()

    def _free(self, lanes: Iterable[Lane]) -> Sequence[Lane]:
        """Leave out the lanes that are stuck, for a while: they are looked for again."""
        now = self._clock.now()
        self._stuck = {lane: until for lane, until in self._stuck.items() if until > now}
        self._anything |= bool(self._stuck)
        return [lane for lane in lanes if lane not in self._stuck]

    @property
    def stuck(self) -> int:
        """Count the chats that something unforeseen keeps from being worked."""
        return len(self._stuck)

    def _enter(self, lanes: Iterable[Lane], at_hand: Mapping[Lane, Sequence[InboxRow]] = NOTHING) -> None:
        """Let each of these lanes be worked; one that is being worked is looked at once more.

        `at_hand` is what need not be read back.  Trap: that must be all that waits in the lane.
        """
        self._entries += 1
        for lane in lanes:
            self._over.discard(lane)
            rows = at_hand.get(lane, ())
            if 0 < len(rows) <= PAGE and len(self._at_hand) < AT_HAND:
                self._at_hand[lane] = rows
            else:
                self._at_hand.pop(lane, None)
            self._ahead.pop(lane, None)
            is_worked = lane in self._lanes
            self._lanes[lane] = True
            if is_worked:
                continue
            if self._group is None:
                raise RuntimeError("the intake is not running")
            self._idle.clear()
            working = self._group.create_task(self._work_lane(lane))
            self._working.add(working)
            working.add_done_callback(self._working.discard)

    async def _work_lane(self, lane: Lane) -> None:
        """Work a lane a page at a time, and let others have the hand in between."""
        while self._lanes.get(lane):
            async with self._hands.hand(lane):
                self._lanes[lane] = False
                try:
                    is_more = await self._work_page(lane)
                    self._lanes[lane] = self._lanes[lane] or is_more  # more may have come in meanwhile
                    if not self._lanes[lane]:
                        self._pressing.pop(lane, None)
                        self._let_go_soon(lane)
                except StoreUnavailableError:
                    log.warning("a chat waits for the database")
                    self._ahead.pop(lane, None)
                    self._lanes[lane], self._anything = False, True
                    await self._first_aid.without_store(self._pressing.get(lane, {}).values())
                except Exception as fault:  # noqa: BLE001 - the last resort of one chat; the others go on
                    log.error("a chat cannot be worked", error=type(fault).__name__)
                    self._ahead.pop(lane, None)
                    self._lanes[lane], self._anything = False, True
                    self._stuck[lane] = self._clock.now() + STUCK_FOR
                    await self._first_aid.without_store(self._pressing.get(lane, {}).values())
        del self._lanes[lane]
        self._ahead.pop(lane, None)
        self._rest()

    def _rest(self) -> None:
        """Be idle if nothing is worked, and nobody is just looking whether there is anything."""
        if not (self._lanes or self._looking):
            self._idle.set()

    def _let_go_soon(self, lane: Lane) -> None:
        """Others may have a lane that is over; one in which something is still to be marked stays in hand."""
        if self._store.is_shared:
            self._over.add(lane)

    async def _work_page(self, lane: Lane) -> bool:
        """Work the next few updates of a lane, and say whether there may be more.

        When the database goes away the rest waits: a typed number must not answer the wrong question.
        """
        page = self._at_hand.pop(lane, None) or await self._read_page(lane)
        if page is None:
            return False
        if len(page) < PAGE and not self._lanes[lane]:
            self._ahead[lane] = [row.id for row in page]
        for row in page:
            await self._work(row)
            if lane in self._pressing and row.body:
                self._pressing[lane].pop(key_of(json.loads(row.body)), None)
        await self._settle(page)
        return len(page) == PAGE

    async def _read_page(self, lane: Lane) -> Sequence[InboxRow] | None:
        """Return the next few updates of a lane; None: another process works it."""
        if lane in self._given:
            async with self._one_batch:
                pass
        async with self._store.taking() as tx:
            return await tx.inbox.take(lane, self._clock.now(), PAGE)

    async def _work(self, row: InboxRow) -> None:
        """Work one update, once: a database that is away is not the update's fault and counts as no try.

        What needs a damaged part of it is put aside in the end, and the chat's next updates are worked.
        """
        if row.id not in self._worked:
            error = await self._process(row)
            if isinstance(error, StoreUnavailableError):
                raise error
            self._worked[row.id] = error

    async def _process(self, row: InboxRow) -> BaseException | None:
        """Let the rooms hear of an update, again at once if need be; return what went wrong in the end."""
        error = await self._heard(row)
        tries = 1
        while isinstance(error, StoreCollidedError) and tries < TRIES_AT_ONCE:
            error = await self._heard(row)
            tries += 1
        return error

    async def _heard(self, row: InboxRow) -> BaseException | None:
        """Let the rooms hear of an update; return what went wrong."""
        try:
            await self._lead(row)
            error = self._failed.pop(row.id, None)
        except Exception as unforeseen:  # noqa: BLE001 - the last resort of one update; the others go on
            return unforeseen
        if isinstance(error, UndeliverableError) and error.permanent:
            return None  # what the update changed stands, and nobody is left to be answered
        return error

    async def _lead(self, row: InboxRow) -> None:
        """Lead an update to where it belongs: a tap past PTB."""
        raw = json.loads(row.body)
        tapped = knock.tap(raw, row.id, self._bot)
        if tapped is not None:
            await self.tapped(tapped)
        else:
            await self._rooms.process_update(Update.de_json({**raw, INBOX_ID: row.id}, self._bot))

    async def _settle(self, page: Sequence[InboxRow]) -> None:
        """Mark a page that was worked: what could not be marked is marked later and not worked again."""
        now = self._clock.now()
        parked = {}
        unmarked = [row for row in page if not (self._is_over(row) and self._store.is_done(row.id))]
        if unmarked:
            async with self._store.keeping() as tx:
                await tx.inbox.finish_all([row.id for row in unmarked if self._is_over(row)], now)
                for row in unmarked:
                    if not self._is_over(row):
                        again_at = self._again_at(row, now)
                        parked[row.id] = again_at is None
                        await tx.inbox.failed(row.id, again_at, type(self._worked[row.id]).__name__, now)
        for row in page:
            error = self._worked.pop(row.id)
            if row.id not in parked:
                self._recorder.update_worked(now - row.received_at)
            else:
                log.error("an update failed", inbox=row.id, error=type(error).__name__, parked=parked[row.id])

    def _is_over(self, row: InboxRow) -> bool:
        """Say whether nothing is left to do: all went well, or nobody can be answered any more."""
        error = self._worked[row.id]
        return error is None or (isinstance(error, UndeliverableError) and row.attempts + 1 >= TRIES_TO_ANSWER)

    def _again_at(self, row: InboxRow, now: datetime) -> datetime | None:
        """Return when a failed update is tried again; None: it is parked."""
        error = self._worked[row.id]
        if isinstance(error, UndeliverableError) and error.retry_after:
            return now + timedelta(seconds=error.retry_after)
        if isinstance(error, UndeliverableError) or row.attempts + 1 < TRIES:
            wait: timedelta = min(FIRST_WAIT * (4**row.attempts), LONGEST_WAIT)
            return now + wait
        return None

    def note_failure(self, inbox_id: int, error: BaseException) -> None:
        """Remember that a handler raised: PTB itself returns as if all were well."""
        self._failed[inbox_id] = error

    async def idle(self) -> None:
        """Wait until everything that was kept has been worked, and what is being looked for, too."""
        await self._idle.wait()


def id_of(item: Any) -> int | None:
    """Return the update_id of an update, a positive whole number; None for whatever else Telegram might deliver.

    Trap: as an offset, a negative one would make Telegram forget what waits.
    """
    match item:
        case {"update_id": int(number)} if 0 < number < IDS_END and number is not True:
            return int(number)
    return None


def readable(batch: Sequence[Any]) -> list[tuple[dict[str, Any], Incoming]]:
    """Return what of a batch are updates, each with its row; what is none is passed over."""
    found = [(item, incoming) for item in batch if (incoming := _incoming(item)) is not None]
    if len(found) < len(batch):
        log.warning("what came in is no update", number=len(batch) - len(found))
    return found


def _incoming(item: Any) -> Incoming | None:
    """Return the row of an update; None for what is none, or cannot be one because of its size."""
    if id_of(item) is None:
        return None
    try:
        body = json.dumps(_without_keyboard(item), ensure_ascii=False)
    except RecursionError:
        return None
    return Incoming(key_of(item), _chat_of(item), sound(body)) if len(body) <= LARGEST else None


def _without_keyboard(update: dict[str, Any]) -> dict[str, Any]:
    """Leave out the buttons below the tapped message, most of what comes in: nobody looks at them."""
    match update:
        case {"callback_query": {"message": {"reply_markup": _} as message}}:
            message.pop("reply_markup")
    return update


async def _nowhere(tapped: Knock) -> None:
    raise LookupError(f"nobody is there for update {tapped.receipt}")


def key_of(update: dict[str, Any]) -> str:
    """Return what tells this update from every other, whatever its update_id."""
    match update:
        case {"callback_query": {"id": callback_id}}:
            return f"callback:{callback_id}"
        case {"message": {"chat": {"id": chat_id}, "message_id": message_id}}:
            return f"message:{chat_id}:{message_id}"
        case {"edited_message": {"chat": {"id": chat_id}, "message_id": message_id} as edited}:
            text = str(edited.get("text", "")).encode("utf-8", "surrogatepass")
            return f"edited:{chat_id}:{message_id}:{edited.get('edit_date')}:{hashlib.sha256(text).hexdigest()}"
        case {"my_chat_member": {"chat": {"id": chat_id}, "date": date, "new_chat_member": {"status": status}}}:
            return f"member:{chat_id}:{date}:{status}"
    return f"update:{update.get('update_id')}"


def _chat_of(update: dict[str, Any]) -> int:
    match update:
        case {"callback_query": {"from": {"id": int(chat_id)}}}:
            return int(chat_id)  # True is a whole number, too, and equals 1
        case (
            {"message": {"chat": {"id": int(chat_id)}}}
            | {"edited_message": {"chat": {"id": int(chat_id)}}}
            | {"my_chat_member": {"chat": {"id": int(chat_id)}}}
        ):
            return int(chat_id)
    return 0
