"""The database as a witness: what must hold once a process that was killed again and again is done with everything."""

import sqlite3
from collections import Counter
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from contextlib import closing
from dataclasses import astuple, dataclass
from typing import Final, Protocol

from bot.clock import SystemClock
from bot.demo.phone import Phone
from bot.keys import load_keys
from handlers import actions, actions_alerts, keyboards
from tests.engines import raw, server_of
from tests.faults.people import Said, ring
from tests.process import BotProcess, until

LIVES_AFTER_THE_LAST_KILL = 120.0

AROUND = 12
"""Messages before and after one that came twice, which are told with it."""

Looks = dict[str, list[tuple[object, ...]]]
"""What is found by looking: by statements."""

UNFINISHED = """
SELECT (SELECT count(*) FROM inbox WHERE done_at IS NULL AND parked_at IS NULL)
    + (SELECT count(*) FROM outbox WHERE sent_at IS NULL AND gave_up_at IS NULL)
    + (SELECT count(*) FROM check_ins WHERE settles_at IS NOT NULL OR state = 'planned')
    + (SELECT count(*) FROM chores WHERE next_at < '{now}')
"""

SITUATION: Final = (
    "SELECT id, lane_ref, received_at, attempts, again_at, parked_at, last_error FROM inbox WHERE done_at IS NULL",
    "SELECT lane_ref, worker_id FROM lanes",
    "SELECT id, ends_at, wants FROM workers",
    "SELECT id, key, person_id, urgency, due_at, attempts, last_error, worker_id FROM outbox WHERE sent_at IS NULL",
    "SELECT id, session_id, state, step, shown, message_id, lag_at, next_at FROM check_ins WHERE state = 'open'",
)

SOUND: Final[Looks] = {
    "SELECT key, last_error FROM outbox WHERE gave_up_at IS NOT NULL": [],
}
SOUND_FILE: Final[Looks] = {
    "PRAGMA quick_check": [("ok",)],
    "PRAGMA integrity_check": [("ok",)],
    "PRAGMA foreign_key_check": [],
}


class Left(Protocol):
    """What left for Telegram."""

    @property
    def sent(self) -> Mapping[int, str]:
        """Return every message, and a few words about it."""

    @property
    def lasts(self) -> AbstractSet[int]:
        """Return those that may have been on their way when a process died."""


@dataclass(frozen=True)
class Witness:
    """Looks into the database, which another process may be writing."""

    bot: BotProcess

    @property
    def _is_served(self) -> bool:
        return server_of(self.bot.database) is not None

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Return what a query finds."""
        if self._is_served:
            with raw(self.bot.database) as server:
                return [tuple(row.values()) for row in server.execute(sql)]
        with closing(sqlite3.connect(f"file:{self.bot.database}?mode=ro", uri=True)) as db:
            return db.execute(sql).fetchall()

    def situation(self) -> str:
        """Say what is still to be done and in whose hands it is, for whoever looks for why somebody waits in vain."""
        return "\n".join(f"{look}: {self.rows(look)}" for look in SITUATION)

    def waiting(self) -> int:
        """Count what is still to be done: updates, notices, questions and verdicts, chores."""
        [(count,)] = self.rows(UNFINISHED.format(now=SystemClock().now().isoformat()))
        assert isinstance(count, int)
        return count

    async def peace(self) -> None:
        """Wait until the process that runs now is done with everything, and stop it as an operator does."""
        await until(lambda: self.waiting() == 0, "the bot is done with everything", LIVES_AFTER_THE_LAST_KILL)
        assert await self.bot.stop() == 0

    def scores(self) -> dict[tuple[object, object], object]:
        """Return every stored answer."""
        return {(row[0], row[1]): row[2] for row in self.rows("SELECT check_in_id, item, score FROM answers")}

    def words(self) -> Counter[tuple[object, object, str]]:
        """Return all words, opened."""
        keys = ring(load_keys(self.bot.config))
        found: Counter[tuple[object, object, str]] = Counter()
        for check_in, kind, body in self.rows("SELECT check_in_id, kind, body FROM words"):
            assert isinstance(body, bytes)
            found[check_in, kind, keys.unseal(body)] += 1
        return found

    def lost(self, said: Said) -> int:
        """Count the answers and words that people gave and that are not there, or not as they were given."""
        scores = self.scores()
        wrong = sum(scores.get(place) != score for place, score in said.scores.items())
        found = self.words()
        return wrong + sum(max(0, count - found[what]) for what, count in said.words.items())

    def copies(self, left: Left) -> set[int]:
        """Return the messages that the bot sent without knowing."""
        known = {row[0] for row in self.rows("SELECT message_id FROM outbox")}
        return {message_id for message_id in left.sent if message_id not in known}

    def every_question_was_seen(self) -> None:
        """Each check-in was asked, by a message that Telegram took."""
        asked = self.rows("SELECT check_in_id FROM outbox WHERE key LIKE 'ask:%' AND message_id IS NOT NULL")
        assert sorted(asked) == self.rows("SELECT id FROM check_ins ORDER BY id")

    def all_is_sound(self, left: Left, replies: Collection[int] = (), parked: Collection[bytes] = ()) -> None:
        """Nothing is damaged, nothing is left undone, nothing came twice but what was on its way at a kill.

        `replies` are messages that never stood in the outbox, `parked` the keys of updates that nobody can work.
        """
        assert self.waiting() == 0
        assert self.rows("SELECT key_ref FROM inbox WHERE parked_at IS NOT NULL") == [(key,) for key in parked]
        for look, expected in (SOUND if self._is_served else SOUND | SOUND_FILE).items():
            found = self.rows(look)
            assert found == expected, f"{look}: {found}"
        unexcused = self.copies(left) - set(replies) - left.lasts
        assert not unexcused, "came twice although nobody killed the sender:\n" + "\n".join(
            f"{'*' if one in unexcused else ' '} {one} {left.sent[one]}"
            for one in left.sent
            if any(abs(one - other) <= AROUND for other in unexcused)
        )
        assert "Traceback" not in self.bot.said, self.bot.said


def buttons(phone: Phone, kind: type[actions_alerts.See | actions.ConcernSeen]) -> set[object]:
    """Return what the buttons of one kind on a phone are about."""
    data = (button.data or "" for message in phone.messages for row in message.keyboard for button in row)
    return {astuple(action)[0] for action in map(keyboards.decode, data) if isinstance(action, kind)}
