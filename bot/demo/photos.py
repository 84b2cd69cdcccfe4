"""Which bytes Telegram shows as a photo: PNG or JPEG, not too heavy, not too large, not too narrow."""

import struct

from bot.demo import refusals
from bot.demo.params import Upload
from bot.demo.refusals import bad_request, photo_too_big

PHOTO_LIMIT = 10 * 1024 * 1024
PHOTO_SIDES = 10_000
"""Most width + height, in pixels."""
PHOTO_RATIO = 20

PNG_HEADER = 24
MARKER = 0xFF
FRAME_STARTS = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG segments that carry height and width."""


def photo_size(upload: Upload) -> tuple[int, int]:
    """Read width and height in pixels of a PNG or JPEG; refuse what Telegram cannot show as a photo."""
    if len(upload.data) > PHOTO_LIMIT:
        raise photo_too_big(len(upload.data), PHOTO_LIMIT)
    if not upload.data:
        raise bad_request(refusals.FILE_EMPTY)
    size = _png_size(upload.data) or _jpeg_size(upload.data)
    if size is None:
        raise bad_request(refusals.IMAGE_PROCESS_FAILED)
    return _refuse_odd_shape(*size)


def _refuse_odd_shape(width: int, height: int) -> tuple[int, int]:
    shortest, longest = sorted((width, height))
    if shortest < 1 or width + height > PHOTO_SIDES or longest > shortest * PHOTO_RATIO:
        raise bad_request(refusals.PHOTO_DIMENSIONS)
    return width, height


def _png_size(data: bytes) -> tuple[int, int] | None:
    if not data.startswith(b"\x89PNG\r\n\x1a\n") or len(data) < PNG_HEADER:
        return None
    width, height = struct.unpack(">II", data[16:PNG_HEADER])
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Walk the JPEG's segments to its start of frame."""
    if not data.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while at + 9 <= len(data) and data[at] == MARKER:
        marker = data[at + 1]
        if marker in FRAME_STARTS:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None
