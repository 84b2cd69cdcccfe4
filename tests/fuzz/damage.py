"""Files as they come after an accident: something is missing, doubled, turned around, or in the wrong place."""

from collections.abc import Sequence
from random import Random


def damaged(whole: bytes, random: Random, times: int, splices: Sequence[bytes], ending: bytes) -> bytes:
    """Damage a file so many times; `splices` are what may slip in, `ending` is what ends its lines."""
    data = bytearray(whole)
    for _ in range(times):
        at, length = random.randrange(len(data) + 1), random.randint(1, 60)
        match random.randrange(6):
            case 0:
                data[at : at + length] = b""
            case 1:
                data[at:at] = data[at : at + length * 8]
            case 2:
                data[at : at + 1] = bytes([random.randrange(256)])
            case 3:
                data[at:at] = random.choice(splices)
            case 4:
                data[at : at + 1] = str(random.randint(0, random.choice((12, 9999)))).encode()
            case _:
                lines = data.split(ending)
                one, other = random.randrange(len(lines)), random.randrange(len(lines))
                lines[one], lines[other] = lines[other], lines[one]
                data = bytearray(ending.join(lines))
    return bytes(data)
