"""Bytes → unfolded lines → nested blocks (BEGIN … END).  One reading of a file's shape, for limits and reading.

Unfolding comes before decoding: some programs fold in the middle of a UTF-8 character.  No meaning here, no refusal.
"""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

_NAME: Final = re.compile(r"[^;:]*")
_BEFORE_VALUE: Final = re.compile(r'(?:[^":]++|"[^"]*+")*+:')
_PARAMETER: Final = re.compile(r';\s*([A-Za-z0-9-]+)\s*=\s*("[^"]*+"|[^";:]*+)')
_FORGIVEN: Final = 8
"""How many missing ENDs one END makes up for."""

_DEEPEST: Final = 12
"""Blocks any deeper are listed, not entered: `limits` refuses them."""

_CONTROLS: Final = dict.fromkeys([*range(9), *range(10, 32), 127])
_BREAKS: Final = b"\t\n\r"
_OTHER_CONTROLS: Final = bytes(set(_CONTROLS) - set(_BREAKS))


@dataclass(frozen=True, slots=True)
class Line:
    """One unfolded line; `number` is where it begins in the file, from 1, `name` the property's name in capitals."""

    number: int
    text: str = field(repr=False)
    name: str = field(repr=False)

    @classmethod
    def of(cls, number: int, text: str) -> "Line":
        """Return the line of this text."""
        match = _NAME.match(text)
        return cls(number, text, match[0].strip().upper() if match else "")

    @property
    def value(self) -> str:
        """What follows the first colon outside quotation marks."""
        match = _BEFORE_VALUE.match(self.text)
        return self.text[match.end() :].strip() if match else self.text.partition(":")[2].strip()

    def parameter(self, name: str) -> str:
        """Return a parameter without its quotation marks; empty when there is none."""
        match = _BEFORE_VALUE.match(self.text)
        head = match[0][:-1] if match else ""
        return next((found[2].strip('" ') for found in _PARAMETER.finditer(head) if found[1].upper() == name), "")


@dataclass(slots=True)
class Block:
    """What stands between a BEGIN and its END; not `closed` when the END is missing."""

    name: str = field(repr=False)
    number: int
    depth: int
    closed: bool = False
    lines: list[Line] = field(default_factory=list, repr=False)
    blocks: list["Block"] = field(default_factory=list, repr=False)

    def all(self, name: str) -> Iterator["Block"]:
        """Yield the blocks of this name, also those that a missing END has put inside another."""
        remaining = [self]
        while remaining:
            block = remaining.pop()
            if block.name == name:
                yield block
            remaining.extend(reversed(block.blocks))

    def named(self, name: str) -> list[Line]:
        """Return the lines of this name, without those of the blocks inside."""
        return [line for line in self.lines if line.name == name]

    def by_name(self) -> dict[str, list[Line]]:
        """Return the same of every name."""
        lines: dict[str, list[Line]] = {}
        for line in self.lines:
            lines.setdefault(line.name, []).append(line)
        return lines


def unfold(data: bytes) -> list[Line]:
    """Return the lines that are not blank.  CR, LF and CR LF end a line; a space or tab continues the one before."""
    pieces: list[tuple[int, list[bytes]]] = []
    whole = _in_utf8(data).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for number, piece in enumerate(whole.split(b"\n"), start=1):
        if piece[:1] in {b" ", b"\t"} and pieces:
            pieces[-1][1].append(piece[1:])
        elif piece.strip():
            pieces.append((number, [piece]))
    lines = ((number, _decoded(b"".join(parts))) for number, parts in pieces)
    if len(whole) != len(whole.translate(None, _OTHER_CONTROLS)):
        lines = ((number, text.translate(_CONTROLS)) for number, text in lines)
    return [Line.of(number, text) for number, text in lines]


def _in_utf8(data: bytes) -> bytes:
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return data.decode("utf-16", "replace").encode()
    return data.removeprefix(BOM_UTF8)


def _decoded(line: bytes) -> str:
    """Decode UTF-8; what is not is Western European, as older programs write it."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def nest(lines: Iterable[Line]) -> list[Block]:
    """Return the outermost blocks.  An END closes the last block of its name, and leaves those inside it not closed."""
    outermost: list[Block] = []
    opened: list[Block] = []
    for line in lines:
        if line.name == "BEGIN":
            block = Block(line.value.upper(), line.number, len(opened) + 1)
            (opened[-1].blocks if opened else outermost).append(block)
            if block.depth <= _DEEPEST:
                opened.append(block)
        elif line.name == "END":
            _close(opened, line.value.upper())
        elif opened:
            opened[-1].lines.append(line)
    return outermost


def _close(opened: list[Block], name: str) -> None:
    if any(block.name == name for block in opened[-_FORGIVEN:]):
        while opened[-1].name != name:
            opened.pop()
        opened.pop().closed = True
