"""How a chat looks on a terminal: the bot on the left, people on the right, keyboards as rows of [ buttons ].

Everything here is text with styles; it reads the same without colour.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

Keyboard = Sequence[Sequence[str]]
"""The labels of the buttons, row by row."""

BOT: Final = "cyan"
QUIET: Final = "dim"
NARROW: Final = 80
BUBBLE: Final = 62
"""Cells of text in one line of a bubble."""

_SCALE: Final = 2
"""A row of bare numbers at least this long is part of the scale."""


def width(console: Console) -> int:
    """Return the cells to use: a chat is no easier to read on a wide terminal."""
    return min(console.width, NARROW)


def said(console: Console, text: Text, colour: str) -> None:
    """Print what a person sent, on the right."""
    lines = _wrapped(console, text)
    block = max(line.cell_len for line in lines)
    margin = " " * max(0, width(console) - block - 2)
    for line in lines:
        line.pad_right(block - line.cell_len)
        _print(console, Text.assemble(margin, line, (" ┃", colour)))


def answered(console: Console, text: Text, rows: Keyboard, *, edited: bool = False) -> None:
    """Print a message of the bot, on the left; one that replaced another is marked ↻."""
    lines = [*_wrapped(console, text), *_keyboard(console, rows)]
    for number, line in enumerate(lines):
        rule = "↻" if edited and number == 0 else "┃"
        _print(console, Text.assemble((f"{rule} ", BOT), line))


def aside(console: Console, text: str) -> None:
    """Print something small that belongs to the message above."""
    for line in _wrapped(console, Text(text, QUIET)):
        _print(console, Text.assemble("  ", line))


def flow(console: Console, pieces: Iterable[Text]) -> None:
    """Print taps and what each one led to, one after the other."""
    for line in _wrapped(console, Text("  ").join(pieces), width(console) - 4):
        _print(console, Text.assemble("    ", line))


def divider(console: Console, title: str, style: str) -> None:
    """Print a line across the page."""
    rest = "─" * max(0, width(console) - len(title) - 1)
    console.print()
    _print(console, Text.assemble((title, style), (f" {rest}", QUIET)))


def narrated(console: Console, text: str) -> None:
    """Print a sentence of the narrator."""
    for line in _wrapped(console, Text(text, "italic"), width(console)):
        _print(console, line)


def buttons(row: Iterable[str]) -> str:
    """Draw one row of buttons."""
    return " ".join(f"[ {label} ]" for label in row)


def scale_shortened(rows: Keyboard) -> list[list[str]]:
    """Fold the rows of bare numbers into one: a scale that has been seen is recognised by its ends."""
    numbers = [label for row in rows if _is_scale(row) for label in row]
    others = [list(row) for row in rows if not _is_scale(row)]
    return [[f"{numbers[0]} … {numbers[-1]}"], *others] if numbers else others


def _is_scale(row: Sequence[str]) -> bool:
    return len(row) >= _SCALE and all(label.isdecimal() for label in row)


def _keyboard(console: Console, rows: Keyboard) -> list[Text]:
    return [line for row in rows for line in _wrapped(console, Text(buttons(row), "bold"))]


def _wrapped(console: Console, text: Text, cells: int = BUBBLE) -> list[Text]:
    return list(text.wrap(console, min(cells, width(console) - 4))) or [Text()]


def _print(console: Console, line: Text) -> None:
    line.rstrip()
    console.print(line, highlight=False, soft_wrap=True)
