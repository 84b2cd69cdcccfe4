"""Each session and item is a row, whatever became of the question, and the row says what did."""

from dataclasses import replace

from bot.domain.carried import TakenUp
from bot.domain.instrument import TWO_ITEMS
from bot.domain.model import CheckInState, SessionState
from bot.exporting.long_table import COLUMNS, long_table
from tests.exporting import AT, RULES, WEEK, answered, asked, held, planned, session

TABLE = """\
code,session_id,session_starts_at,session_ends_at,session_state,session_cut,item,state,value,planned_at,sent_at,opened_at,answered_at,text_version,has_words,taken_up,guess,rules
P-07,1,2026-11-17T15:10:00Z,2026-11-17T16:00:00Z,planned,0,understood,done,9,2026-11-17T16:15:00Z,2026-11-17T16:15:00Z,2026-11-17T16:17:00Z,2026-11-17T16:17:00Z,es.usted.comprendido.today.1,1,no,0,RULES
P-07,1,2026-11-17T15:10:00Z,2026-11-17T16:00:00Z,planned,0,sense,done,8,2026-11-17T16:15:00Z,2026-11-17T16:15:00Z,2026-11-17T16:17:00Z,2026-11-17T16:18:00Z,es.usted.comprendido.today.1,1,no,0,RULES
P-07,1,2026-11-17T15:10:00Z,2026-11-17T16:00:00Z,planned,0,pending,done,7,2026-11-17T16:15:00Z,2026-11-17T16:15:00Z,2026-11-17T16:17:00Z,2026-11-17T16:19:00Z,es.usted.comprendido.today.1,1,no,0,RULES
P-07,2,2026-11-24T15:10:00Z,2026-11-24T16:00:00Z,planned,1,understood,stopped,4,2026-11-24T16:15:00Z,2026-11-24T16:15:00Z,2026-11-24T16:17:00Z,2026-11-24T16:17:00Z,es.usted.comprendido.today.1,0,,,RULES
P-07,2,2026-11-24T15:10:00Z,2026-11-24T16:00:00Z,planned,1,sense,stopped,,2026-11-24T16:15:00Z,2026-11-24T16:15:00Z,2026-11-24T16:17:00Z,,es.usted.comprendido.today.1,0,,,RULES
P-07,3,2026-12-01T15:10:00Z,2026-12-01T16:00:00Z,cancelled,0,understood,cancelled,,,,,,,0,,,RULES
P-07,3,2026-12-01T15:10:00Z,2026-12-01T16:00:00Z,cancelled,0,sense,cancelled,,,,,,,0,,,RULES
P-07,3,2026-12-01T15:10:00Z,2026-12-01T16:00:00Z,cancelled,0,pending,cancelled,,,,,,,0,,,RULES
Ñ-1,4,2026-11-17T15:10:00Z,2026-11-17T16:00:00Z,planned,0,,,,,,,,,0,,,RULES
"""


def test_the_long_table_of_a_small_practice() -> None:
    two_items = replace(asked(CheckInState.STOPPED, 4, ends_at=AT + WEEK), items=TWO_ITEMS)
    from_before = replace(planned(state=CheckInState.CANCELLED), planned_at=None)
    ana = held(
        session(1, replace(answered(), taken_up=TakenUp.NO, guess=0)),
        replace(session(2, two_items, AT + WEEK), cut=True),
        replace(session(3, from_before, AT + 2 * WEEK), state=SessionState.CANCELLED),
    )
    leo = held(session(4, None), code="Ñ-1", number=8)

    written = long_table([ana, leo], RULES).decode("utf-8-sig")

    assert written == TABLE.replace("RULES", RULES).replace("\n", "\r\n")


def test_every_state_of_a_check_in_is_a_row_for_each_item() -> None:
    states = list(CheckInState)
    one = held(*(session(number, planned(state=state)) for number, state in enumerate(states, start=1)))

    rows = [row.split(",") for row in long_table([one], RULES).decode("utf-8-sig").splitlines()[1:]]

    place = COLUMNS.index("state")
    assert [row[place] for row in rows] == [state for state in states for _ in range(3)]
    assert {row[place + 1] for row in rows} == {""}, "what was not answered has no value"


def test_no_words_are_in_the_table() -> None:
    written = long_table([held(session(1, answered()))], RULES).decode()

    assert "hermana" not in written
