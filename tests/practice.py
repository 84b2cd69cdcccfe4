"""A whole practice for tests: the real bot, real SQLite, HTTP to the local Bot API server, a virtual clock."""

import asyncio
import functools
import re
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiosqlite
from sqlalchemy import text

from bot.app import Running, started
from bot.clock import VirtualClock
from bot.config import load
from bot.demo.limits import Limits
from bot.demo.phone import Phone
from bot.demo.server import LocalTelegram
from bot.demo.state import Message
from bot.domain.model import Role
from bot.keys import Keys, new_keys
from handlers.pacing import UNLIMITED, Pace
from handlers.polling import Pauses
from storage.columns import KeyRing
from storage.migrating import migrate
from tests.engines import rows, server_of, url_of

NO_QUIET = (
    '[check_in]\nquiet_from = "00:00"\nquiet_until = "00:00"\n'
    '[therapist]\nquiet_from = "00:00"\nquiet_until = "00:00"\n'
)
"""Settings of a practice that never rests, for stories on the machine's own clock."""

WITH_BACKUPS = "[backup]\n"
"""Settings of a practice that keeps the backup which every practice has by itself; other stories go without."""

SHORT = Pauses(first=0.02, longest=0.5, beside_another=0.1)
"""Pauses after fetching went wrong, for a story: nobody waits for a Telegram on the same machine."""

SCORES = """SELECT check_in_id, item, score FROM answers
    ORDER BY check_in_id, CASE item WHEN 'understood' THEN 1 WHEN 'sense' THEN 2 ELSE 3 END"""
"""Every score, in the order in which the items are asked."""

TAKEN_WITHIN = 60.0
"""Seconds after which nobody fetches updates any more; a busy machine may take a while."""

TUESDAY = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)
"""Tuesday 17 November 2026, 17:00 in Madrid."""


@dataclass
class Practice:
    """The world of a story.  `settle` lets everything happen that is due at the present instant."""

    folder: Path
    clock: VirtualClock
    telegram: LocalTelegram
    keys: Keys = field(default_factory=new_keys)
    settings: str = ""
    pace: Pace = UNLIMITED
    pauses: Pauses = SHORT
    mode: str = ""
    _bot: Running | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def bot(self) -> Running:
        """Return the running bot."""
        assert self._bot is not None, "the bot is not running"
        return self._bot

    @property
    def database(self) -> Path:
        """Return the database file."""
        return self.folder / "data" / "microchequeo.db"

    async def start(self) -> None:
        """Start the bot (again, on the same files)."""
        config = self.folder / "config.toml"
        telegram = f'[telegram]\ntoken = "{self.telegram.token}"\napi_url = "{self.telegram.url}"\n{self.mode}'
        backup = "" if "[backup]" in self.settings else '[backup]\nfolder = ""\n'
        health = "" if "[health]" in self.settings else '[health]\nlisten = ""\n'
        config.write_text(telegram + placed(self.database) + backup + health + in_spain(self.settings))
        bot = started(load(config), self.keys, self.clock, self.pace, pauses=self.pauses)
        self._bot = await self._stack.enter_async_context(bot)

    async def stop(self) -> None:
        """Stop the bot cleanly."""
        self._bot = None
        await self._stack.aclose()

    async def settle(self) -> None:
        """Let everything happen that is due now: updates fetched and worked, rows advanced, messages sent."""
        for _ in range(2):
            await self.telegram.drained(TAKEN_WITHIN)
            await self.bot.settled()

    async def pass_time(self, span: timedelta) -> None:
        """Move the clock and let happen what falls due."""
        self.clock.advance(span)
        await self.settle()

    async def go_to(self, instant: datetime) -> None:
        """Move the clock to an instant and let happen what falls due."""
        self.clock.move_to(instant)
        await self.settle()

    # People

    async def says(self, phone: Phone, words: str) -> None:
        """Let a person type something."""
        await phone.send(words)
        await self.settle()

    async def taps(self, phone: Phone, *labels: str) -> None:
        """Let a person tap buttons one after the other."""
        for label in labels:
            await phone.tap(label)
            await self.settle()

    async def taps_data(self, phone: Phone, data: str, message: Message | None = None) -> str:
        """Let a person send callback data as a modified app can; return the notice the bot answers with."""
        tap = await phone.tap_data(data, message or phone.last())
        await self.settle()
        return await tap.answered()

    async def edits(self, phone: Phone, message: Message, words: str) -> None:
        """Let a person correct a message of their own."""
        await phone.edit(message, words)
        await self.settle()

    async def therapist(self, user_id: int = 100, name: str = "Dra. Ruiz", called: str = "la Dra. Ruiz") -> Phone:
        """Enrol a therapist."""
        return await self.enrolled(Role.THERAPIST, user_id, name, called)

    async def enrolled(self, role: Role, user_id: int, name: str, called: str | None = None) -> Phone:
        """Enrol somebody of the practice."""
        phone = self.telegram.phone(user_id, name)
        token = await self.bot.services.enrolment.invite(role, name)
        await self.says(phone, f"/start {token}")
        await self.taps(phone, called or name)
        return phone

    async def invitation(self, therapist: Phone, code: str) -> str:
        """Let the therapist invite a patient; return the token of the link."""
        await self.says(therapist, f"/nuevo {code}")
        return token_in(therapist)

    async def patient(self, therapist: Phone, code: str = "P-07", user_id: int = 200) -> Phone:
        """Invite a patient who accepts."""
        phone = self.telegram.phone(user_id, code)
        await self.says(phone, f"/start {await self.invitation(therapist, code)}")
        await self.taps(phone, "Acepto")
        return phone

    async def session_ends(self, therapist: Phone, code: str = "P-07", *, ask: bool = True) -> None:
        """Let a session end now and, with `ask`, a quarter of an hour pass until the question comes."""
        await self.says(therapist, f"/sesion {code} ahora")
        if ask:
            await self.pass_time(timedelta(minutes=15))

    async def answers(self, patient: Phone, *scores: int, words: str | None = None) -> None:
        """Let a patient answer by taps, then write or pass over the invitations to write."""
        await self.taps(patient, *(str(score) for score in scores))
        if "Listo" in labels(patient) and len(scores) == 3 and scores[2] >= 7:
            await self.taps(patient, "Listo")
        if words is None:
            await self.taps(patient, "Listo")
        else:
            await self.says(patient, words)

    async def week(
        self, therapist: Phone, patient: Phone, *scores: int, code: str = "P-07", words: str | None = None
    ) -> None:
        """Play one week: a session, its answers, the grace, then the same hour seven days later."""
        began_at = self.clock.now()
        await self.session_ends(therapist, code)
        await self.answers(patient, *scores, words=words)
        await self.pass_time(timedelta(minutes=20))
        await self.go_to(began_at + timedelta(days=7))

    # The database, as a witness

    async def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """Look into the database with plain SQL."""
        if server_of(self.database) is not None:
            return await asyncio.to_thread(rows, self.database, str(text(sql)), **values)
        async with aiosqlite.connect(f"file:{self.database}?mode=ro", uri=True) as db:
            db.row_factory = aiosqlite.Row
            return [dict(row) for row in await db.execute_fetchall(str(text(sql)), values)]

    async def scores(self) -> list[tuple[int, str, int]]:
        """Return every stored answer as (check-in, item, score)."""
        rows = await self.rows(SCORES)
        return [(row["check_in_id"], row["item"], row["score"]) for row in rows]

    async def check_ins(self) -> list[str]:
        """Return the state of every check-in, oldest first."""
        return [row["state"] for row in await self.rows("SELECT state FROM check_ins ORDER BY id")]

    async def words(self) -> list[tuple[str, str]]:
        """Return everything that patients wrote, unsealed, as (kind, text)."""
        ring = KeyRing(self.keys.seal, self.keys.index)
        rows = await self.rows("SELECT kind, body FROM words ORDER BY id")
        return [(row["kind"], ring.unseal(row["body"])) for row in rows]


@functools.cache
def _nobody_yet() -> bytes:
    """Make a database of the present schema with nobody in it, once in a process."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        migrate(file)
        return file.read_bytes()


def placed(database: Path) -> str:
    """Put an empty database where none is, and write where."""
    if server_of(database) is None:
        lay_out(database)
    return named(database)


def named(database: Path) -> str:
    """Write where a database is; a file in its usual place is not written of."""
    return "" if server_of(database) is None else f'[database]\nurl = "{url_of(database)}"\n'


def lay_out(database: Path) -> None:
    """Put an empty database where none is: to run every revision at each opening is left to its own tests."""
    if not database.exists():
        database.parent.mkdir(parents=True, exist_ok=True)
        database.touch(mode=0o600)
        database.write_bytes(_nobody_yet())


def by_webhook() -> str:
    """Write the settings of a bot whose updates are brought to a port that is free now."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    return f'mode = "webhook"\nwebhook_url = "http://{address}/telegram"\nwebhook_listen = "{address}"\n'


def in_spain(settings: str) -> str:
    """Write the country, without which no bot runs, unless the settings name one."""
    if "country" in settings:
        return settings
    section = '[practice]\ncountry = "ES"\n'
    if "[practice]\n" in settings:
        return settings.replace("[practice]\n", section)
    return f"{settings}\n{section}"


def labels(phone: Phone) -> list[str]:
    """Return the buttons under the newest message of the bot."""
    return phone.last().labels()


def said(phone: Phone) -> list[str]:
    """Return what the bot's messages say as they stand now, oldest first."""
    return [message.text for message in phone.messages if message.from_bot]


def data_of(message: Message, label: str) -> str:
    """Return the callback data behind a button.  Raises LookupError when there is no such button."""
    for row in message.keyboard:
        for button in row:
            if button.label == label and button.data is not None:
                return button.data
    raise LookupError(f"no button «{label}»: {message.labels()}")


def token_in(phone: Phone) -> str:
    """Return the token of the newest link that a person was shown."""
    for message in reversed(phone.messages):
        found = re.search(r"start=([\w-]+)", message.text or "")
        if found:
            return found.group(1)
    raise LookupError("no link in sight")


@asynccontextmanager
async def opened(
    folder: Path,
    *,
    settings: str = "",
    start: datetime = TUESDAY,
    pace: Pace = UNLIMITED,
    token: str = "",
    limits: Limits | None = None,
    mode: str = "",
) -> AsyncIterator[Practice]:
    """Open a practice whose bot runs against a local Bot API server; `mode` is `by_webhook()`, or it polls."""
    clock = VirtualClock(start)
    async with LocalTelegram(now=clock.now, token=token, limits=limits) as telegram:
        practice = Practice(folder, clock, telegram, settings=settings, pace=pace, mode=mode)
        await practice.start()
        try:
            yield practice
        finally:
            await practice.stop()
