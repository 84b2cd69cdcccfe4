"""No cell of a table is calculated by the program that opens it, and none is spoiled by keeping it from that."""

import csv
from io import StringIO

import pytest

from bot.exporting.cells import BYTE_ORDER_MARK, guarded, table

CALCULATED = (
    *("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0"),
    *("\t=1", "\tx", "\rx", "\r=1", "\nx", " =1", "   +1", "\u00a0=1", "\u2003-1", "\v@1"),
    *("'=1", '"=1', "'' -1", '" =1', "`=1", "«=1", "\u201c+1"),
    *("\uff1d1", "\uff0b1", "\uff0d1", "\uff201", " \uff1d1", "\ufe661", "\ufe621", "\ufe631", "\ufe6b1", "\u22121"),
    *("\ufeff=1", "\u200b=1", "\u202e=1", "\u00ad-1", "\x00=1"),
)
PLAIN = (
    "",
    "P-07",
    "Ñ-1",
    "2026-11-17T16:15:00Z",
    "done",
    "es.usted.comprendido.today.1",
    "1;drop=2",
    "a=b",
    "0",
    "'",
    " ",
)


@pytest.mark.parametrize("cell", CALCULATED)
def test_what_would_be_calculated_is_text(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", PLAIN)
def test_everything_else_stays_as_it_is(cell: str) -> None:
    assert guarded(cell) == cell


def test_a_table_is_read_back_as_it_was_written() -> None:
    rows = [["a,b", 'say "so"'], ["two\nlines", "x"], ["Ñ", ""]]

    written = table(["one", "two"], rows).decode()

    assert written.startswith(f"{BYTE_ORDER_MARK}one,two\r\n")
    assert list(csv.reader(StringIO(written.removeprefix(BYTE_ORDER_MARK), newline=""))) == [["one", "two"], *rows]


def test_numbers_are_never_guarded() -> None:
    assert table(["n"], [[-1]]).decode().endswith("n\r\n-1\r\n")
