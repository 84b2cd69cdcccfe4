"""How chats look on a terminal: hour and person in the margin, the bot on the left, people on the right.

Text with styles, which reads the same without colour.  What is printed is not known here.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

Keyboard = Sequence[Sequence[str]]
"""The labels of the buttons, row by row."""

BOT: Final = "cyan"
QUIET: Final = "dim"
WIDTH: Final = 80
MARGIN: Final = 16
BUBBLE: Final = 62
"""Cells of text in one line of a bubble, where the terminal is wide enough."""


class Page:
    """A console on which chats are printed from top to bottom."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._margin = Text()
        self.width = min(console.width, WIDTH)
        self._bubble = max(20, min(BUBBLE, self.width - MARGIN - 2))

    def note(self, hour: str, person: str, colour: str) -> None:
        """Write into the margin of the next line at what hour, and whose chat it is."""
        self._margin = Text.assemble((f"{hour} ", QUIET), (person, colour))

    def said(self, text: str, colour: str) -> None:
        """Print what a person sent, on the right."""
        lines = self._wrapped(Text(text), self._bubble)
        block = max(line.cell_len for line in lines)
        for line in lines:
            line.pad_right(block - line.cell_len)
            self._line(Text.assemble(" " * (self.width - MARGIN - block - 2), line, (" ┃", colour)))

    def answered(self, text: Text, rows: Keyboard = (), *, edited: bool = False) -> None:
        """Print a message of the bot, on the left; one that replaced another is marked ↻."""
        drawn = [line for row in rows for line in self._wrapped(Text(buttons(row), "bold"), self._bubble)]
        for number, line in enumerate([*self._wrapped(text, self._bubble), *drawn]):
            rule = "↻" if edited and number == 0 else "┃"
            self._line(Text.assemble((f"{rule} ", BOT), line))

    def flow(self, pieces: Iterable[Text]) -> None:
        """Print taps and what each one led to, one after the other."""
        for line in self._wrapped(Text("  ").join(pieces), self.width - MARGIN - 2):
            self._line(Text.assemble("  ", line))

    def covered(self, hidden: str) -> Text:
        """Draw what lies under a spoiler."""
        lines = [line for part in hidden.split("\n") for line in self._wrapped(Text(part), self._bubble - 2)]
        return Text("\n").join(Text.assemble("░ ", line) for line in lines)

    def divider(self, title: str, style: str = QUIET) -> None:
        """Print a line across the page."""
        self._console.print()
        self._print(Text.assemble((title, style), (f" {'─' * max(0, self.width - len(title) - 1)}", QUIET)))

    def narrated(self, *sentences: str, style: str = "italic") -> None:
        """Print sentences of the narrator, each on its own line."""
        for sentence in sentences:
            for line in self._wrapped(Text(sentence, style), self.width):
                self._print(line)

    def _wrapped(self, text: Text, cells: int) -> list[Text]:
        lines = list(text.wrap(self._console, cells)) or [Text()]
        for line in lines:
            line.rstrip()
        return lines

    def _line(self, line: Text) -> None:
        margin, self._margin = self._margin, Text()
        margin.truncate(MARGIN - 1)
        margin.pad_right(MARGIN - margin.cell_len)
        self._print(Text.assemble(margin, line))

    def _print(self, line: Text) -> None:
        line.rstrip()
        self._console.print(line, highlight=False, soft_wrap=True)


def buttons(row: Iterable[str]) -> str:
    """Draw one row of buttons."""
    return " ".join(f"[ {label} ]" for label in row)


def scale_shortened(rows: Keyboard) -> Keyboard:
    """Fold the rows of bare numbers into one: a scale that has been seen is recognised by its ends."""
    numbers = [label for row in rows for label in row if label.isdecimal()]
    others = [row for row in rows if not all(label.isdecimal() for label in row)]
    return [[f"{numbers[0]} … {numbers[-1]}"], *others] if numbers else others
