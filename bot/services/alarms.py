"""The bot watches itself and tells those who look after it: rows that begin and end, each told through the outbox.

Looked for beside the tick, at most once a minute.  What is remembered here beside the rows is only since when something
has been seen in this life of the process; a restart forgets it and waits anew.

When not even a row can be written, the operators are told without one, once, and the row follows when it can.  So they
are where the row may not leave: while the bot stands by beside another one, nothing of its outbox does.

Where a part of the database cannot be used the rest goes on, so that something can be written says nothing: it lasts
until nothing has met it for a while.  The operators are told directly, for the outbox may lie in that part.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain import alarms as rules
from bot.domain import timing
from bot.domain.alarms import Alarm, AlarmId, AlarmRow, Hindrance, Sign, Steps, Vitals
from bot.domain.errors import (
    MicrochequeoError,
    StoreDamagedError,
    StoreTroubleError,
    StoreUnavailableError,
    UndeliverableError,
)
from bot.domain.hours import QuietHours
from bot.domain.model import Person, Role, Urgency
from bot.domain.notices_alarms import AlarmOver, AlarmRaised
from bot.domain.trouble import TroubleKind
from bot.services.ports import Messenger, Store, Tx
from bot.services.ports_alarms import Disks, Line, Space

LOOKS_EVERY: Final = timedelta(minutes=1)
PROBE: Final = "written"
REFUSALS: Final = (TroubleKind.TOKEN_REFUSED, TroubleKind.CERTIFICATE)

Look = Callable[[], Awaitable[datetime | None]]

log = structlog.get_logger()


class Alarms:
    """Looks, tells, and answers what lasts."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        messenger: Messenger,
        line: Line,
        disks: Disks,
        quiet: QuietHours,
        stands_by: Callable[[], bool] = lambda: False,
    ) -> None:
        self._store = store
        self._clock = clock
        self._messenger = messenger
        self._line = line
        self._disks = disks
        self._quiet = quiet
        self._stands_by = stands_by
        self._looked_at: datetime | None = None
        self._silent_since: datetime | None = None
        self._well_since = self._born_at = self._seen_at = clock.now()
        self._away_since: datetime | None = None
        self._told_without_row = False
        self._hindrance: Hindrance | None = None
        self._hindrance_told_at: datetime | None = None
        self._first = True
        self._operators: Sequence[Person] = ()
        self._lasting = True
        self.space = Space({}, 0)
        """What was free at the last look."""

    def before(self, tick: Look) -> Look:
        """Return a tick before which all is looked at; what it says of the database is believed."""

        async def looked() -> datetime | None:
            await self._guarded_look()
            try:
                return await tick()
            except StoreTroubleError as error:
                self._met(error)
                raise

        return looked

    @property
    def hindrance(self) -> Hindrance | None:
        """Return since when a part of the database cannot be used: damage at once, anything else when it lasts."""
        known, now = self._hindrance, self._clock.now()
        return known if known is not None and (known.damaged or known.is_told(now)) else None

    def damaged(self) -> None:
        """Note that somebody needed a damaged part of the database."""
        self._hinder(damaged=True)

    async def lasting(self) -> Sequence[AlarmRow]:
        """Return the alarms that last."""
        async with self._store.reading() as tx:
            return await tx.alarms.open()

    # Looking

    async def _guarded_look(self) -> None:
        """Look when it is time; whatever happens, the tick follows."""
        try:
            await self._look(self._clock.now())
        except StoreTroubleError as error:
            self._met(error)
            log.warning("the bot cannot look after itself", why=str(error))
        except Exception as fault:  # noqa: BLE001 - the guard of one look: the tick and the next look follow
            log.error("a look at the bot itself failed", error=type(fault).__name__)

    async def _look(self, now: datetime) -> None:
        self._listen(now)
        seen_at, self._seen_at = self._seen_at, now
        if self._hindrance is not None:
            if self._hindrance.damaged and now - seen_at > rules.DAMAGED_UNTIL:
                self._hindrance = self._hindrance.met(now, damaged=True)  # nobody could meet it while the machine slept
            await self._see_to(self._hindrance, now)
        if self._away_since is not None and not await self._back(self._away_since, now):
            return
        if self._looked_at is not None and timedelta() <= now - self._looked_at < LOOKS_EVERY:
            return
        self._looked_at = now
        self.space = await self._disks.look()
        vitals = await self._store.vitals(now)
        if self._lasting or self._found(vitals, now):
            await self._compare(vitals, now)
        else:
            async with self._store.reading() as tx:
                self._operators = await _operators(tx)  # whom to tell when nothing can be read any more

    def _listen(self, now: datetime) -> None:
        """Note since when nothing comes in, or nothing of it can be kept."""
        kind = self._line.trouble.kind if self._line.trouble else None
        if kind is TroubleKind.DATABASE_AWAY:
            self._away_since = self._away_since or now
            self._hinder(damaged=False)
        elif kind is not None:
            self._silent_since = self._silent_since or now
        elif self._silent_since is not None:
            self._silent_since, self._well_since = None, now
            self._looked_at = None  # an alarm that is over is not to leave as if it lasted

    def _heard(self) -> rules.Line:
        refused = self._line.trouble is not None and self._line.trouble.kind in REFUSALS
        return rules.Line(self._silent_since, refused, self._line.well_at is None)

    def _found(self, vitals: Vitals, now: datetime, *, was_low: bool = False) -> Mapping[Alarm, Sign]:
        low = any(rules.is_low(free, self.space.least, was_low=was_low) for free in self.space.free.values())
        found = rules.signs(vitals, self._heard(), self._well_since, now, disk_low=low)
        hindrance = self._hindrance
        if hindrance is None or not hindrance.is_told(now):
            return found
        return {**found, Alarm.DATABASE: Sign(hindrance.since)}

    async def _compare(self, vitals: Vitals, now: datetime) -> None:
        """Compare with the alarms that last, and write what changes, all at once."""
        async with self._store.reading() as tx:
            known = await tx.alarms.open()
            self._operators = await _operators(tx)
            in_rows = [row for row in known if row.alarm is not Alarm.DATABASE]
            new = [(row, person) for row in in_rows for person in await self._not_told(tx, row.id)]
        self._remember(known, now)
        found = self._found(vitals, now, was_low=any(row.alarm is Alarm.DISK for row in known))
        steps = rules.steps(found, known, self._heard(), now)
        late = [(row, person) for row, person in new if row.alarm in found]
        if steps or late:
            async with self._store.transaction() as tx:
                await self._write(tx, steps, now)
                for row, person in late:
                    sign = found[row.alarm]
                    await self._tell(tx, AlarmRaised(row.id, row.alarm, row.since_at, sign.count), [person], now)
        self._lasting = bool(found) or len(known) > len(steps.ends)
        if Alarm.SILENT in steps.begins and self._stands_by():
            await self._tell_directly(AlarmRaised(None, Alarm.SILENT, steps.begins[Alarm.SILENT].since_at))

    async def _not_told(self, tx: Tx, alarm_id: AlarmId) -> Sequence[Person]:
        """Return who was not an operator yet when an alarm began."""
        return [one for one in self._operators if not await tx.outbox.knows(_key(alarm_id, one))]

    async def _write(self, tx: Tx, steps: Steps, now: datetime) -> None:
        for alarm, sign in steps.begins.items():
            await self._begin(tx, alarm, sign, now)
        for alarm_id, (alarm, sign) in steps.again.items():
            notice = AlarmRaised(alarm_id, alarm, sign.since_at, sign.count, again=True)
            await tx.alarms.told(alarm_id, await self._tell(tx, notice, self._to_tell(alarm), now))
        for row in steps.ends:
            await self._end(tx, row, now)

    async def _begin(self, tx: Tx, alarm: Alarm, sign: Sign, now: datetime) -> None:
        log.warning("alarm", alarm=alarm, since=sign.since_at.isoformat(), count=sign.count)
        alarm_id = await tx.alarms.begin(alarm, sign.since_at, now)
        notice = AlarmRaised(alarm_id, alarm, sign.since_at, sign.count)
        await tx.alarms.told(alarm_id, await self._tell(tx, notice, self._to_tell(alarm), now))

    def _to_tell(self, alarm: Alarm) -> Sequence[Person]:
        """Return who hears of an alarm through the outbox: of the database's, they are told without it."""
        return () if alarm is Alarm.DATABASE else self._operators

    async def _end(self, tx: Tx, row: AlarmRow, now: datetime) -> None:
        """End an alarm, and say so to whoever heard of it; whom it was to wait for in the morning need not hear."""
        log.info("alarm over", alarm=row.alarm)
        await tx.alarms.end(row.id, now)
        for person in self._operators:
            if row.alarm is Alarm.DATABASE or await _has_heard(tx, row, person):
                at = timing.out_of_quiet(now, person.voice.zone, person.quiet or self._quiet)
                notice = AlarmOver(row.alarm, row.since_at, now)
                await tx.outbox.put(notice, person.id, Urgency.ALERT, at, f"alarm_over:{row.id}:{person.id}")

    async def _tell(self, tx: Tx, notice: AlarmRaised, people: Sequence[Person], now: datetime) -> datetime:
        """Tell of an alarm, at once or in the morning; return when the last of these people is told."""
        wakes, told_at = notice.alarm in rules.WAKES, now
        for person in people:
            at = now if wakes else timing.out_of_quiet(now, person.voice.zone, person.quiet or self._quiet)
            key = _key(notice.alarm_id, person) + (f":{now.isoformat()}" if notice.again else "")
            await tx.outbox.put(notice, person.id, Urgency.URGENT if wakes else Urgency.ALERT, at, key)
            told_at = max(told_at, at)
        return told_at

    # When the database is away, or a part of it

    def _met(self, error: StoreTroubleError) -> None:
        """Note that something could not be done: damage is no sign that the rest is away."""
        is_damage = isinstance(error, StoreDamagedError)
        self._hinder(damaged=is_damage)
        if not is_damage:
            self._away_since = self._away_since or self._clock.now()

    def _hinder(self, *, damaged: bool) -> None:
        now = self._clock.now()
        self._hindrance = (self._hindrance or Hindrance(now, now, damaged)).met(now, damaged=damaged)

    def _remember(self, known: Sequence[AlarmRow], now: datetime) -> None:
        """Believe an earlier life that a part is damaged, until nothing has met it for a while."""
        row = next((row for row in known if row.alarm is Alarm.DATABASE), None)
        if self._first and row is not None and row.since_at < self._born_at and self._hindrance_told_at is None:
            self._hindrance, self._hindrance_told_at = Hindrance(row.since_at, now, damaged=True), row.told_at
        self._first = False

    async def _see_to(self, hindrance: Hindrance, now: datetime) -> None:
        """Tell directly of what lasts, daily; when it is over, the row of it ends, made up where there is none."""
        told_at = self._hindrance_told_at
        if not hindrance.lasts(now):
            if told_at is not None:
                async with self._store.transaction() as tx:
                    await self._make_up(tx, hindrance.since, now)
            self._hindrance = self._hindrance_told_at = None
        elif not hindrance.is_told(now) or (told_at is not None and now - told_at < rules.AGAIN_AFTER):
            return
        elif hindrance.damaged or self._away_since is None or await self._can_write(now):
            await self._tell_of(hindrance, told_at, now)

    async def _tell_of(self, hindrance: Hindrance, told_at: datetime | None, now: datetime) -> None:
        log.error("alarm", alarm=Alarm.DATABASE, since=hindrance.since.isoformat(), damaged=hindrance.damaged)
        notice = AlarmRaised(None, Alarm.DATABASE, hindrance.since, again=told_at is not None, damaged=True)
        if await self._tell_without_row(notice):
            self._hindrance_told_at = now

    async def _can_write(self, now: datetime) -> bool:
        """Try to write: where nothing can be written, the whole database is away, which is told as that."""
        try:
            async with self._store.transaction() as tx:
                await tx.facts.keep(PROBE, now.isoformat())
        except StoreTroubleError:
            return False
        return True

    async def _back(self, since: datetime, now: datetime) -> bool:
        """Try to write; say whether the database is there again."""
        try:
            async with self._store.transaction() as tx:
                await tx.facts.keep(PROBE, now.isoformat())
                if now - since >= rules.AWAY_FOR:
                    await self._make_up(tx, since, now)
        except StoreDamagedError:
            return False  # told as damage
        except StoreUnavailableError:
            self._hindrance = self._hindrance if self._hindrance and self._hindrance.damaged else None
            if now - since >= rules.AWAY_FOR and not self._told_without_row:
                log.error("alarm", alarm=Alarm.DATABASE, since=since.isoformat())
                self._told_without_row = await self._tell_without_row(AlarmRaised(None, Alarm.DATABASE, since))
            return False
        self._away_since, self._told_without_row = None, False
        return True

    async def _make_up(self, tx: Tx, since: datetime, now: datetime) -> None:
        """Write down an alarm that could not be written while it lasted; the look that follows ends it."""
        self._operators = await _operators(tx)
        if all(row.alarm is not Alarm.DATABASE for row in await tx.alarms.open()):
            await self._begin(tx, Alarm.DATABASE, Sign(since), now)
        self._lasting, self._looked_at = True, None

    async def _tell_without_row(self, notice: AlarmRaised) -> bool:
        """Tell directly whoever was known when the database was last read; where nobody is reached, say so."""
        try:
            async with self._store.reading() as tx:
                self._operators = await _operators(tx)
        except MicrochequeoError:
            log.info("operators are told as they were known")
        return not self._operators or await self._tell_directly(notice)

    async def _tell_directly(self, notice: AlarmRaised) -> bool:
        """Tell all operators who are known; say whether somebody was reached."""
        reached = False
        for person in self._operators:
            try:
                await self._messenger.deliver(person, notice, Urgency.URGENT)
            except UndeliverableError as error:
                log.warning("an operator was not told", person=person.id, reason=error.reason)
            else:
                reached = True
        return reached


def _key(alarm_id: AlarmId | None, person: Person) -> str:
    return f"alarm_raised:{alarm_id}:{person.id}"


async def _has_heard(tx: Tx, row: AlarmRow, person: Person) -> bool:
    """Say whether somebody knows of an alarm; of what wakes, whoever could not be told hears afterwards."""
    key = _key(row.id, person)
    return await tx.outbox.knows(key) if row.alarm in rules.WAKES else bool(await tx.outbox.left(person.id, [key]))


async def _operators(tx: Tx) -> Sequence[Person]:
    contacts = await tx.people.contacts(Role.OPERATOR)
    return [await tx.people.person(contact.person_id) for contact in contacts]
