"""One typed line against a table in both languages (`data/lines_*.toml`): the exact session, or the exact refusal."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.model import PatientId, Register, Voice
from bot.domain.recurrence import spans
from bot.when.line import LONGEST_LINE, read_session
from bot.when.problems import Reason
from bot.when.readings import AmbiguousRepeating, Ended, Planned, Reading, Repeating, Unreadable
from handlers import screens_lines as screens
from handlers.actions_agenda import PickSeries
from handlers.keyboards import decode
from handlers.screen import Screen
from tests.handlers.gallery import ENGLISH, TEXTS, USTED
from tests.lines import LANGUAGES, MADRID, NOW, WORKING, Line, lines

HOME: Final = ZoneInfo(MADRID)
CPU_AT_MOST: Final = 0.05
"""Seconds for one line."""


def read(line: str, language: str = "es", now: datetime = NOW) -> Reading:
    return read_session(line, now=now, zone=HOME, language=language, working=WORKING)


@pytest.mark.parametrize("line", lines(), ids=str)
def test_each_line_is_what_the_table_says(line: Line) -> None:
    assert line.read() == line.expected, line.row["why"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_is_long_enough_says_why_and_repeats_nothing(language: str) -> None:
    rows = [line for line in lines() if line.language == language]

    assert len(rows) >= 80
    assert all(line.row["why"] for line in rows)
    assert not [one for one, times in Counter((r.typed, r.zone.key, r.working) for r in rows).items() if times > 1]


def test_the_practice_chooses_the_length_that_goes_unsaid() -> None:
    length = timedelta(minutes=45)

    reading = read_session("mañana 17:00", now=NOW, zone=HOME, language="es", working=WORKING, default_length=length)

    assert isinstance(reading, Planned)
    assert reading.ends_at - reading.starts_at == length


def test_today_is_the_day_it_is_in_the_zone_of_the_practice() -> None:
    just_after_midnight, santiago = datetime(2026, 11, 24, 1, 0, tzinfo=UTC), ZoneInfo("America/Santiago")

    reading = read_session("hoy 23:00", now=just_after_midnight, zone=santiago, language="es", working=WORKING)

    assert isinstance(reading, Planned)
    assert reading.starts_at == datetime(2026, 11, 23, 23, 0, tzinfo=santiago)


def test_tomorrow_keeps_its_wall_time_across_a_change() -> None:
    reading = read("mañana 17:00", now=datetime(2026, 10, 24, 15, 0, tzinfo=UTC))

    assert isinstance(reading, Planned)
    assert reading.starts_at == datetime(2026, 10, 25, 16, 0, tzinfo=UTC)


# What the bot offers as an example is understood


def voices() -> list[Voice]:
    return [*(replace(USTED, register=register) for register in Register), ENGLISH]


def examples(screen: Screen) -> list[str]:
    """Return the lines that a text gives after /sesion P-07."""
    parts = [line.split("P-07 ", 1)[1] for line in screen.text.splitlines() if "/sesi" in line or "/sessi" in line]
    return [part.strip() for part in parts]


MOMENTS: Final = [NOW + timedelta(days=day, hours=hour) for day in (0, 1, 2, 33, 44, 200) for hour in (0, 3, 6.5, 15)]
"""Weekdays, the end of a day and of a year: an example holds whenever it is read."""


REASONS_OF_SERIES: Final = {Reason.RECURRENCE, Reason.NO_WEEKDAY, Reason.ENDS_FIRST}


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("voice", voices(), ids=lambda voice: f"{voice.language}-{voice.register}")
def test_what_cannot_be_read_gets_three_examples_that_can(voice: Voice, reason: Reason) -> None:
    on = NOW.date() if reason is Reason.WEEKDAY_MISMATCH else None
    for now in MOMENTS:
        given_ones = examples(screens.refused(TEXTS, voice, "P-07", Unreadable(reason, on), now.date()))
        assert len(given_ones) == 3
        for example in given_ones:
            reading = read(example, voice.language, now)
            expected = Repeating if reason in REASONS_OF_SERIES else Planned | Ended
            assert isinstance(reading, expected), example


@pytest.mark.parametrize("voice", voices(), ids=lambda voice: f"{voice.language}-{voice.register}")
def test_a_line_that_moves_a_session_gets_examples_too(voice: Voice) -> None:
    text = screens.move_refused(TEXTS, voice, Unreadable(Reason.NO_TIME)).text
    given_ones = text.splitlines()[1:]

    assert len(given_ones) == 3
    for example in given_ones:
        assert isinstance(read(example, voice.language), Planned), example


@pytest.mark.parametrize("line", [line for line in lines() if line.kind == "either_repeating"], ids=str)
def test_each_half_of_the_day_of_what_repeats_has_its_button(line: Line) -> None:
    asked = line.expected
    assert isinstance(asked, AmbiguousRepeating)
    (row,) = screens.which_half(TEXTS, voices()[0], "P-07", PatientId(4), asked).rows

    for rule, button in zip((asked.morning, asked.evening), row, strict=True):
        assert button.label == f"{rule.at.hour}:{rule.at:%M}"
        assert decode(button.data or "") == PickSeries(
            PatientId(4), rule.first, rule.at, 50, rule.weekdays, rule.every, None, None
        )


# Whatever is typed

PIECES: Final = (
    *("hoy", "mañana", "martes", "jueves", "today", "tuesday", "17:00", "5", "pm", "a las", "at", "8", "50m", "1h"),
    *(
        "de la tarde",
        "24 de noviembre",
        "99999999",
        "-",
        "/",
        ":",
        ".",
        "hace",
        "en",
        "años",
        "y media",
        "noon",
        "24/11",
    ),
    *("cada", "cada dos semanas", "every other", "weekly", "quincenal", "los", "y", "and", "tuesdays", "10 veces"),
    *("terminó", "hace una hora", "ended", "an hour ago", "ahora", "de", "a", "entre", "from", "to", "17:00-18:00"),
    *("lunes 23", "el 31", "the 24th", "semana que viene", "next week", "vie", "half past", "quarter to", "menos"),
    *("999 times", "hasta el", "until", "desde", "starting", "1 december", "9999-12-31", "durante 999 semanas", "0"),
)


def sound(reading: Reading) -> bool:
    """Say whether what was read can be: not over, not beyond a year."""
    match reading:
        case Planned():
            return NOW < reading.ends_at < NOW + timedelta(days=368) and reading.starts_at < reading.ends_at
        case Repeating(rule=rule):
            first, *_ = spans(rule, HOME, rule.first, rule.first)
            return NOW < first.ends_at < NOW + timedelta(days=374)
        case Ended():
            return NOW - timedelta(days=368) < reading.starts_at < reading.ends_at <= NOW
        case _:
            return True


@settings(deadline=None)
@given(
    st.one_of(st.text(max_size=250), st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)),
    st.sampled_from(LANGUAGES),
)
def test_no_line_makes_it_raise_or_plan_beyond_a_year(line: str, language: str) -> None:
    assert sound(read(line, language))


def garbled(chance: random.Random) -> str:
    """Join pieces and rows of the table, then drop, double or swap a few characters."""
    rows = [line.typed for line in lines()]
    words = [chance.choice(rows if chance.random() < 0.3 else PIECES) for _ in range(chance.randint(1, 9))]
    letters = list(" ".join(words))
    for _ in range(chance.randint(0, 4)):
        place = chance.randrange(len(letters) + 1)
        letters[place : place + chance.randint(0, 2)] = chance.choice(["", "", "a", "0", " ", ":", "ñ", "\u0301", "\n"])
    return "".join(letters)[: LONGEST_LINE + 20]


def spent(line: str, language: str) -> float:
    begun = process_time()
    assert sound(read(line, language)), line
    return process_time() - begun


LONG: Final = [
    "a" * 200,
    "1 " * 100,
    "cada " * 40,
    "martes y " * 22,
    "10/" * 66,
    "a las " * 33,
    "hasta el " * 22,
    "1" * 200,
    "de 1 a " * 28,
    "entre 1 y " * 20,
    "10:00 - " * 25,
    "lunes 1 " * 25,
    "1st " * 50,
    "hace 1 hora " * 16,
    "termino " * 25,
    "half past " * 20,
]


def test_no_line_takes_longer_than_a_moment() -> None:
    chance = random.Random(20261117)  # noqa: S311 - no secret
    tried = [*LONG, *(garbled(chance) for _ in range(1500))]
    for language in LANGUAGES:
        read("24 de noviembre 17:00", language)  # dateparser loads a language at its first use
        read("24 november 17:00", language)

    for language in LANGUAGES:
        for line in tried:
            cost = spent(line, language)
            if cost > CPU_AT_MOST:
                cost = min(spent(line, language) for _ in range(3))
            assert cost <= CPU_AT_MOST, line
