"""Small files that a phone can send: what the bot does with a photo, a voice message, a sticker, a calendar."""

import struct
import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import resources
from typing import Final

from bot.domain.model import Language

_SIDE: Final = 96
_WORDS: Final = {Language.ES: "Una nota en un archivo.\n", Language.EN: "A note in a file.\n"}


@dataclass(frozen=True, slots=True)
class Sample:
    """A file as a phone sends it."""

    filename: str
    mime: str
    data: bytes = field(repr=False)


def photo(_: Language) -> Sample:
    """Draw a square that goes from one colour to another."""
    rows = b"".join(b"\0" + bytes(v for x in range(_SIDE) for v in (90 + x, 120, 200 - y)) for y in range(_SIDE))
    header = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    pieces = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return Sample("photo.png", "image/png", b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*piece) for piece in pieces))


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def voice(_: Language) -> Sample:
    """Make a voice message nobody can hear: the bot never fetches it."""
    return Sample("voice.ogg", "audio/ogg", b"OggS" + bytes(60))


def sticker(_: Language) -> Sample:
    """Give a face that smiles."""
    picture = resources.files(__package__).joinpath("sticker.webp").read_bytes()
    return Sample("sticker.webp", "image/webp", picture)


def note(language: Language) -> Sample:
    """Write a text file, as a patient might send it."""
    return Sample({Language.ES: "nota.txt"}.get(language, "note.txt"), "text/plain", _WORDS[language].encode())


def calendar(now: datetime, code: str) -> Sample:
    """Write a therapist's calendar: one patient, tomorrow and a week later at this hour."""
    stamp = "%Y%m%dT%H%M00Z"
    begins = [now + timedelta(days=days) for days in (1, 8)]
    events = [
        f"BEGIN:VEVENT\r\nUID:{number}@demo\r\nDTSTAMP:{now:{stamp}}\r\nDTSTART:{at:{stamp}}\r\n"
        f"DTEND:{at + timedelta(minutes=50):{stamp}}\r\nSUMMARY:{code}\r\nEND:VEVENT\r\n"
        for number, at in enumerate(begins)
    ]
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:demo\r\n{''.join(events)}END:VCALENDAR\r\n"
    return Sample("agenda.ics", "text/calendar", text.encode())
