"""The long table: one row for each session and item, answered or not."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bot.domain.holdings import HeldCheckIn, HeldSession, Holdings
from bot.domain.model import Item
from bot.exporting.cells import table
from bot.exporting.instants import written

COLUMNS: Final = (
    *("code", "session_id", "session_starts_at", "session_ends_at", "session_state", "session_cut"),
    *("item", "state", "value", "planned_at", "sent_at", "opened_at", "answered_at"),
    *("text_version", "has_words", "taken_up", "guess", "rules"),
)

Row = tuple[str | int, ...]


def long_table(patients: Iterable[Holdings], rules: str) -> bytes:
    """Write what is held about patients, in their order, each session by its end; `rules` names those in force."""
    return table(COLUMNS, [row for held in patients for row in _rows(held, rules)])


def _rows(held: Holdings, rules: str) -> Iterator[Row]:
    for session in held.sessions:
        about = (held.code, *_session(session))
        one = session.check_in
        yield from ((*about, *cells, rules) for cells in (_asked(one) if one else [_NOT_ASKED]))


def _session(session: HeldSession) -> Row:
    starts_at, ends_at = written(session.starts_at), written(session.ends_at)
    return (session.id, starts_at, ends_at, session.state, int(session.cut))


def _asked(one: HeldCheckIn) -> Sequence[Row]:
    return [_item(one, item) for item in one.items]


def _item(one: HeldCheckIn, item: Item) -> Row:
    before = (item, one.state, one.scores.get(item, ""))
    instants = (one.planned_at, one.sent_at, one.opened_at, one.scored_at.get(item))
    about = (one.taken_up or "", "" if one.guess is None else one.guess)
    return (*before, *map(written, instants), one.text_version or "", int(bool(one.words)), *about)


_NOT_ASKED: Final[Row] = ("", "", "", "", "", "", "", "", 0, "", "")
"""A session that never had questions."""
