"""One message as a person sees it: text, buttons, perhaps a picture.  Knows its limits, not how it is sent."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

TEXT_AT_MOST: Final = 4096
CAPTION_AT_MOST: Final = 1024
TOAST_AT_MOST: Final = 200
LABEL_AT_MOST: Final = 64

_JOINER: Final = "\u200d"
_REGIONAL: Final = range(0x1F1E6, 0x1F200)
_SKIN_TONES: Final = range(0x1F3FB, 0x1F400)
_TAGS: Final = range(0xE0020, 0xE0080)
_LONGEST_CLUSTER: Final = 40
"""Code points after which a stack of marks counts as mischief and is cut through."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: it sends `data` back, or opens `url`."""

    label: str = field(repr=False)
    data: str | None = field(default=None, repr=False)
    url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class File:
    """A file that exists in memory alone."""

    name: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Screen:
    """A message without parse mode.

    `spoiler` and `fixed` (letters of one width, for a table) are offset and length in UTF-16 units; with a `photo`
    (PNG) or a `file` the text is its caption; `protected` keeps it from being forwarded or saved.
    """

    text: str = field(repr=False)
    rows: tuple[tuple[Button, ...], ...] = field(default=(), repr=False)
    spoiler: tuple[int, int] | None = None
    photo: bytes | None = field(default=None, repr=False)
    protected: bool = False
    file: File | None = None
    fixed: tuple[int, int] | None = None


def in_rows(buttons: Sequence[Button], width: int) -> tuple[tuple[Button, ...], ...]:
    """Lay buttons out in rows of `width`."""
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))


def units(text: str) -> int:
    """Count UTF-16 units, as Telegram counts offsets."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def sound(text: str) -> str:
    """Replace half characters (lone surrogates), one for one: they can be kept, but never be sent to anybody."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def cut(text: str, limit: int = TEXT_AT_MOST) -> str:
    """Shorten `text` to `limit` UTF-16 units, ending in «…», between characters as people see them."""
    if units(text) <= limit:
        return text
    return text[: fitting(text, limit - 1)].rstrip() + "…"


def pages(text: str, limit: int = TEXT_AT_MOST) -> list[str]:
    """Divide `text` into messages of at most `limit` UTF-16 units, between lines; only a line too long for one is torn.

    Nothing is left out but the line breaks, and blank lines, where it is divided.  Telegram takes no empty message:
    there is at least one page, and none that is blank but the only one.
    """
    found: list[str] = []
    page: list[str] = []
    for line in _short(text.split("\n"), limit):
        if page and units("\n".join([*page, line])) > limit:
            found.append("\n".join(page))
            page = []
        page.append(line)
    found.append("\n".join(page))
    return [one.strip("\n") for one in found if one.strip()] or [text]


def _short(lines: Sequence[str], limit: int) -> Iterator[str]:
    for line in lines:
        rest = line
        while units(rest) > limit:
            end = fitting(rest, limit)
            yield rest[:end]
            rest = rest[end:]
        yield rest


def fitting(text: str, limit: int) -> int:
    """Return how many code points of `text` fit into `limit` UTF-16 units without tearing a visible character."""
    taken = end = 0
    for character in text:
        taken += units(character)
        if taken > limit:
            break
        end += 1
    for place in range(end, max(end - _LONGEST_CLUSTER, 0), -1):
        if not _joined(text, place):
            return place
    return end


def _joined(text: str, place: int) -> bool:
    """Say whether the code points on both sides of `place` make one visible character."""
    if place >= len(text):
        return False
    before, after = text[place - 1], text[place]
    return (
        _JOINER in {before, after}
        or unicodedata.category(after).startswith("M")
        or ord(after) in _SKIN_TONES
        or ord(after) in _TAGS
        or (before, after) == ("\r", "\n")
        or _half_a_flag(text, place)
    )


def _half_a_flag(text: str, place: int) -> bool:
    if ord(text[place]) not in _REGIONAL:
        return False
    start = place
    while start and ord(text[start - 1]) in _REGIONAL:
        start -= 1
    return (place - start) % 2 == 1
