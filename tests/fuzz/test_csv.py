"""Damaged files of ratings: whatever comes, it is read or refused with its line, and soon.  FUZZ_TABLES: how many."""

import os
from random import Random
from time import process_time
from typing import Final

import pytest

from bot.domain.alliance import Rules
from bot.evidence.counting import tally
from bot.evidence.reading import Ratings, read
from bot.evidence.refusals import MOST_SHOWN, RatingsRefusedError
from tests.fuzz.damage import damaged

TABLES: Final = int(os.environ.get("FUZZ_TABLES", "20000"))
PARTS: Final = 4
"""They come in so many parts, so that several processes can share them."""

SOON: Final = 0.05
"""Seconds of processor time; what took longer while the machine was busy is read three times more, alone."""

COUNTED: Final = 20
"""One in so many of those that are read goes through the rules."""

WEEKS: Final = range(1, 9)
FILES: Final = [
    "patient,session,understood,sense,pending\n" + "".join(f"P-1,{week},9,{week},0\n" for week in WEEKS),
    "\ufeffpaciente;fecha;comprendido;sentido;notas\r\n"
    + "".join(f"P-2;{week + 9}/11/2026;9,0;8;\r\n" for week in WEEKS),
    "patient\tsession\tdate\tunderstood\tsense\n" + "".join(f"P-3\t{week}\t2026-11-0{week}\t\t10\n" for week in WEEKS),
    '"patient","date","understood","sense"\n' + "".join(f'"P-4","2026-10-1{week}","7",""\n' for week in WEEKS),
]
SPLICES: Final = [
    *(
        b'"',
        b'""',
        b",",
        b";",
        b"\t",
        b"\r",
        b"\n",
        b"\r\n",
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xc3",
        b"'",
        b"=",
    ),
    *(b"patient", b"session,", b"fecha;", b"understood", b"sentido", b"pendiente;", b"P-1", b"10,0", b"10.5", b"-1"),
    *(b"9" * 400, b"1e999", b"NaN", b"inf", b"0x10", b"2026-02-30", b"31/12/2026", b"9999-12-31", b"0000-00-00", b" "),
    *(
        "٩".encode(),
        "１０".encode(),
        "\u2028".encode(),
        "\u202e".encode(),
        "\U0001f600".encode(),
        b"\x1f",
        b"\x85",
        b"\\",
    ),
    *(b"x" * 5_000, b"," * 300, b"\n" * 300, b'"\n"' * 50, b"P-1,1,9,9,0\n" * 2, b"=cmd|' /C calc'!A0"),
]


def one_of(random: Random) -> bytes:
    """Return a damaged file."""
    whole, times = random.choice(FILES).encode(), random.choice((1, 1, 1, 2, 6))
    return damaged(whole, random, times, SPLICES, b"\n")


def taken(data: bytes) -> tuple[float, Ratings | None]:
    """Return the processor's seconds that a file takes, and what was read, None if it was refused as it should be."""
    began = process_time()
    found, problems = None, []
    try:
        found = read(data)
    except RatingsRefusedError as error:
        problems = [*error.problems]
    took = process_time() - began
    assert (found is None) == bool(problems)
    assert len(problems) <= MOST_SHOWN
    assert all(1 <= problem.line <= data.count(b"\n") + 1 for problem in problems)
    return took, found


@pytest.mark.parametrize("part", range(PARTS))
def test_a_damaged_file_is_read_or_refused_and_soon(part: int) -> None:
    for seed in range(part, TABLES, PARTS):
        data = one_of(Random(seed))  # noqa: S311 - a fuzzer
        took, found = taken(data)
        if found is not None and seed % COUNTED < PARTS:
            counted = tally(found.courses, Rules())
            assert sum(counted.sessions) == sum(len(course.entries) for course in found.courses) > 0, seed
        if took > SOON:
            assert min(taken(data)[0] for _ in range(3)) <= SOON, seed
