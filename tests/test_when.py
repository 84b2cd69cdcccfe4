"""One typed line against a table in both languages: the exact session, or the exact refusal."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.when.line import Ambiguous, EndedNow, InPast, Planned, Reading, Unreadable, read_session
from bot.when.problems import Reason

MADRID = ZoneInfo("Europe/Madrid")
SANTIAGO = ZoneInfo("America/Santiago")
NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
"""Monday, noon in Madrid."""


def local(text: str, zone: ZoneInfo = MADRID) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def read(line: str, language: str = "es") -> Reading:
    return read_session(line, now=NOW, zone=MADRID, language=language)


READ = [
    ("es", "hoy 17:00 50m", "2026-11-23 17:00", 50, "the documented form; dateparser alone reads it as a day in 2022"),
    ("es", "mañana 17:00", "2026-11-24 17:00", 50, "no length: 50 minutes"),
    ("es", "MAÑANA 17:00", "2026-11-24 17:00", 50, "capitals"),
    ("es", "manana 17:00", "2026-11-24 17:00", 50, "no tilde"),
    ("es", "mañana a las 9 50 min", "2026-11-24 09:00", 50, "the minutes are the length, not half past"),
    ("es", "mañana a las nueve y media", "2026-11-24 09:30", 50, "hours in words"),
    ("es", "mañana a las 10 menos cuarto", "2026-11-24 09:45", 50, "quarter to"),
    ("es", "pasado mañana 17:00", "2026-11-25 17:00", 50, "unknown to dateparser in Spanish"),
    ("es", "en 3 días 17:00", "2026-11-26 17:00", 50, "left to dateparser"),
    ("es", "dentro de dos horas", "2026-11-23 14:00", 50, "from now; unknown to dateparser"),
    ("es", "en 2 horas 45m", "2026-11-23 14:00", 45, "the length beside it"),
    ("es", "dentro de 2h", "2026-11-23 14:00", 50, "not a length of two hours"),
    ("es", "dentro de media hora", "2026-11-23 12:30", 50, "half an hour"),
    ("es", "hoy, dentro de una hora y media", "2026-11-23 13:30", 50, "an hour and a half, today said twice"),
    ("es", "en hora y media", "2026-11-23 13:30", 50, "without the number"),
    ("es", "en 90 minutos 1h", "2026-11-23 13:30", 60, "minutes from now, an hour long"),
    ("en", "in two hours", "2026-11-23 14:00", 50, "hours in words"),
    ("en", "in an hour and a half", "2026-11-23 13:30", 50, "an hour and a half"),
    ("en", "in half an hour for 90 min", "2026-11-23 12:30", 90, "half an hour, and the length"),
    ("en", "in 3 days at 10:00", "2026-11-26 10:00", 50, "days are left to dateparser"),
    ("es", "martes 17:00 1h", "2026-11-24 17:00", 60, "a weekday"),
    ("es", "el próximo martes a las 17:00", "2026-11-24 17:00", 50, "small words around it"),
    ("es", "lunes 17:00", "2026-11-23 17:00", 50, "today is Monday and 17:00 is still to come"),
    ("es", "lunes 9:00", "2026-11-30 09:00", 50, "today is Monday and 9:00 has passed"),
    ("es", "sábado 10h", "2026-11-28 10:00", 50, "ten o'clock, not ten hours"),
    ("es", "hoy 17h 50m", "2026-11-23 17:00", 50, "dateparser alone goes seventeen hours back"),
    ("es", "hoy 17h30", "2026-11-23 17:30", 50, "hours and minutes with h"),
    ("es", "hoy 17.30", "2026-11-23 17:30", 50, "a dot cannot be a date here"),
    ("es", "24/11 17:00", "2026-11-24 17:00", 50, "day and month"),
    ("es", "24.11 17:00", "2026-11-24 17:00", 50, "with dots"),
    ("es", "11/12 17:00", "2026-12-11 17:00", 50, "11 December, not 12 November"),
    ("es", "24/11/2026 17:00", "2026-11-24 17:00", 50, "with the year"),
    ("es", "24/11/26 17:00", "2026-11-24 17:00", 50, "with a short year"),
    ("es", "martes 24/11 17:00", "2026-11-24 17:00", 50, "weekday and date agree"),
    ("es", "03/01 10:00", "2027-01-03 10:00", 50, "a date without a year may lie in the next one"),
    ("es", "20/07 10:00", "2027-07-20 10:00", 50, "July is four months gone: the next one"),
    ("es", "2026-11-24 17:00", "2026-11-24 17:00", 50, "ISO"),
    ("es", "2026-11-24T17:00", "2026-11-24 17:00", 50, "ISO with its letter"),
    ("es", "2026-12-11 17:00", "2026-12-11 17:00", 50, "ISO keeps its own order"),
    ("es", "24 de noviembre 17:00", "2026-11-24 17:00", 50, "the month in words"),
    ("es", "3 de enero 10:00", "2027-01-03 10:00", 50, "the month in words, next year"),
    ("es", "hoy a las 5 de la tarde", "2026-11-23 17:00", 50, "unknown to dateparser"),
    ("es", "5 de la tarde", "2026-11-23 17:00", 50, "a time alone is today"),
    ("es", "esta tarde a las 5", "2026-11-23 17:00", 50, "the part of the day before the hour"),
    ("es", "mañana a las 9 de la mañana", "2026-11-24 09:00", 50, "two meanings of one word"),
    ("es", "17:00", "2026-11-23 17:00", 50, "a time alone is today"),
    ("es", "a las 5", "2026-11-23 17:00", 50, "five in the morning is no hour for a session"),
    ("es", "hoy a la una", "2026-11-23 13:00", 50, "nor is one"),
    ("es", "viernes mediodía", "2026-11-27 12:00", 50, "noon"),
    ("es", "17:00 mañana 45 minutos", "2026-11-24 17:00", 45, "any order"),
    ("es", "hoy, 17:00, 50m.", "2026-11-23 17:00", 50, "punctuation"),
    ("es", "hoy 17:00 1h30", "2026-11-23 17:00", 90, "length: hours and minutes"),
    ("es", "hoy 17:00 1 h 30 min", "2026-11-23 17:00", 90, "length: spelt apart"),
    ("es", "hoy 17:00 90'", "2026-11-23 17:00", 90, "length: minutes as a stroke"),
    ("es", "hoy 17:00 90’", "2026-11-23 17:00", 90, "length: the stroke a phone types"),
    ("es", "hoy 17:00 hora y media", "2026-11-23 17:00", 90, "length: in words"),
    ("es", "hoy 17:00 una hora", "2026-11-23 17:00", 60, "length: in words"),
    ("es", "hoy 17:00 5m", "2026-11-23 17:00", 5, "the shortest"),
    ("es", "hoy 17:00 8h", "2026-11-23 17:00", 480, "the longest"),
    ("es", "hoy 11:20", "2026-11-23 11:20", 50, "begun but not over: still a plan"),
    ("en", "today 5pm 50m", "2026-11-23 17:00", 50, "the documented form"),
    ("en", "today 5:30 p.m. for 45 minutes", "2026-11-23 17:30", 45, "spelt out"),
    ("en", "tomorrow at 9", "2026-11-24 09:00", 50, "dateparser alone drops the hour"),
    ("en", "tuesday 17:00", "2026-11-24 17:00", 50, "a weekday"),
    ("en", "next Tuesday 5pm", "2026-11-24 17:00", 50, "the next Tuesday to come"),
    ("en", "24 november 17:00", "2026-11-24 17:00", 50, "the month in words"),
    ("en", "November 24th 5pm", "2026-11-24 17:00", 50, "the other order"),
    ("en", "Nov 24 2026 5:00 pm", "2026-11-24 17:00", 50, "with the year"),
    ("en", "11/12 17:00", "2026-12-11 17:00", 50, "day before month in English too"),
    ("en", "day after tomorrow 5pm", "2026-11-25 17:00", 50, "left to dateparser"),
    ("en", "tonight at 8", "2026-11-23 20:00", 50, "today, and the half of the day"),
    ("en", "tomorrow at 8 in the morning", "2026-11-24 08:00", 50, "the half of the day is said"),
    ("en", "tomorrow noon", "2026-11-24 12:00", 50, "noon"),
    ("en", "tomorrow 17:00 an hour and a half", "2026-11-24 17:00", 90, "length in words"),
]


@pytest.mark.parametrize(("language", "line", "starts", "minutes", "_reason"), READ)
def test_each_line_is_the_session_the_table_says(
    language: str, line: str, starts: str, minutes: int, _reason: str
) -> None:
    starts_at = local(starts)

    assert read(line, language) == Planned(starts_at, starts_at + timedelta(minutes=minutes))


REFUSED = [
    ("es", "", Reason.EMPTY, "nothing"),
    ("es", " ¡! ", Reason.EMPTY, "nothing but signs"),
    ("es", "hoy 17:00 " + "x" * 200, Reason.TOO_LONG, "more than a line"),
    ("es", "ﷺ" * 200, Reason.EMPTY, "nothing readable, though each unfolds into many letters"),
    ("es", "mañana", Reason.NO_TIME, "a day without a time is not noon"),
    ("es", "esta tarde", Reason.NO_TIME, "a part of the day is no time"),
    ("es", "en 2 horas a las 17:00", Reason.UNCLEAR_TIME, "two times"),
    ("es", "mañana en 2 horas", Reason.UNCLEAR_TIME, "a while from now is never tomorrow"),
    ("es", "hace 2 horas", Reason.NO_TIME, "the past is not assumed"),
    ("es", "hola", Reason.NO_TIME, "not about a session"),
    ("es", "foo 17:00", Reason.NO_DAY, "no such day"),
    ("es", "31/02 17:00", Reason.NO_DAY, "no such date"),
    ("es", "noviembre 17:00", Reason.NO_DAY, "a month is no day"),
    ("es", "5 17:00", Reason.NO_DAY, "a bare number is no date"),
    ("es", "hoy 17:00 50", Reason.NO_DAY, "a bare number is no length either; dateparser alone ignores it"),
    ("es", "tuesday 17:00", Reason.NO_DAY, "one language at a time"),
    ("en", "martes 17:00", Reason.NO_DAY, "one language at a time"),
    ("en", "12/25 17:00", Reason.NO_DAY, "never month before day; dateparser alone swaps them"),
    ("es", "hoy 25:00", Reason.UNCLEAR_TIME, "no such hour"),
    ("es", "hoy 17:61", Reason.UNCLEAR_TIME, "no such minute"),
    ("es", "hoy 17:00 a 18:00", Reason.UNCLEAR_TIME, "two times"),
    ("es", "a las 12 de la noche", Reason.UNCLEAR_TIME, "whose midnight?"),
    ("es", "martes 25/11 17:00", Reason.WEEKDAY_MISMATCH, "the 25th is a Wednesday"),
    ("es", "hoy 17:00 4m", Reason.LENGTH, "shorter than any session"),
    ("es", "hoy 17:00 9h", Reason.LENGTH, "longer than any session"),
    ("es", "hoy 17:00 9999m", Reason.LENGTH, "longer than any session"),
    ("es", "24/11/2028 17:00", Reason.TOO_FAR, "more than a year ahead"),
    ("es", "9999-12-31 23:59", Reason.TOO_FAR, "the last day there is"),
    ("es", "0001-01-01 00:00", Reason.TOO_FAR, "the first day there is"),
    ("es", "martes 17:00 semanal", Reason.RECURRENCE, "not one session"),
    ("es", "cada martes 17:00", Reason.RECURRENCE, "not one session"),
    ("es", "todos los martes 17:00", Reason.RECURRENCE, "not one session"),
    ("en", "every tuesday 5pm", Reason.RECURRENCE, "not one session"),
    ("en", "tuesday 17:00 weekly", Reason.RECURRENCE, "not one session"),
    ("es", "hoy 1٧:00", Reason.NO_TIME, "digits of another script are not ours to translate"),
]


@pytest.mark.parametrize(("language", "line", "reason", "_why"), REFUSED)
def test_each_unreadable_line_says_why(language: str, line: str, reason: Reason, _why: str) -> None:
    assert read(line, language) == Unreadable(reason)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("es", "ahora"),
        ("es", "ya"),
        ("es", "Terminó ahora."),
        ("es", "acaba de terminar"),
        ("en", "now"),
        ("en", "just ended"),
    ],
)
def test_a_session_that_has_just_ended_ends_at_the_injected_instant(language: str, line: str) -> None:
    assert read(line, language) == EndedNow(NOW - timedelta(minutes=50), NOW)


def test_a_session_that_has_just_ended_may_say_how_long_it_was() -> None:
    assert read("ahora 1h") == EndedNow(NOW - timedelta(hours=1), NOW)


@pytest.mark.parametrize(
    ("line", "starts"),
    [
        ("hoy 10:00", "2026-11-23 10:00"),
        ("ayer 17:00", "2026-11-22 17:00"),
        ("20/11 17:00", "2026-11-20 17:00"),
        ("20 de noviembre 17:00", "2026-11-20 17:00"),
        ("hoy 11:10", "2026-11-23 11:10"),
    ],
)
def test_a_session_that_is_over_is_asked_back(line: str, starts: str) -> None:
    starts_at = local(starts)

    assert read(line) == InPast(starts_at, starts_at + timedelta(minutes=50))


def test_an_hour_that_fits_both_halves_of_the_day_is_asked_back() -> None:
    reading = read("mañana a las 8")

    assert isinstance(reading, Ambiguous)
    assert (reading.morning.starts_at, reading.evening.starts_at) == (
        local("2026-11-24 08:00"),
        local("2026-11-24 20:00"),
    )


def test_each_half_of_an_ambiguous_weekday_is_the_next_to_come() -> None:
    reading = read("lunes a las 8")

    assert isinstance(reading, Ambiguous)
    assert (reading.morning.starts_at, reading.evening.starts_at) == (
        local("2026-11-30 08:00"),
        local("2026-11-23 20:00"),
    )


def test_an_unlikely_hour_on_the_clock_is_asked_back() -> None:
    assert isinstance(read("hoy 5:30"), Ambiguous)


def test_a_leading_zero_says_which_half_of_the_day() -> None:
    assert isinstance(read("mañana 05:30"), Planned)


def test_the_practice_chooses_the_length_that_goes_unsaid() -> None:
    reading = read_session("hoy 17:00", now=NOW, zone=MADRID, language="es", default_length=timedelta(minutes=45))

    assert reading == Planned(local("2026-11-23 17:00"), local("2026-11-23 17:45"))


def test_today_is_the_day_it_is_in_the_zone_of_the_practice() -> None:
    just_after_midnight_utc = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

    reading = read_session("hoy 23:00", now=just_after_midnight_utc, zone=SANTIAGO, language="es")

    assert isinstance(reading, Planned)
    assert reading.starts_at == local("2026-11-23 23:00", SANTIAGO)


CLOCK_CHANGES = [
    (MADRID, "27/03/2027 09:00", "2027-03-27T08:00Z", "the day before spring: UTC+1"),
    (MADRID, "28/03/2027 09:00", "2027-03-28T07:00Z", "the day itself: UTC+2"),
    (MADRID, "28/03/2027 02:30", "2027-03-28T01:30Z", "skipped: moved forward to 03:30"),
    (MADRID, "24/10/2026 09:00", "2026-10-24T07:00Z", "the day before autumn: UTC+2"),
    (MADRID, "25/10/2026 09:00", "2026-10-25T08:00Z", "the day itself: UTC+1"),
    (MADRID, "25/10/2026 02:30", "2026-10-25T00:30Z", "twice: the first"),
    (SANTIAGO, "05/09/2026 09:00", "2026-09-05T13:00Z", "the day before spring: UTC-4"),
    (SANTIAGO, "06/09/2026 09:00", "2026-09-06T12:00Z", "the day itself: UTC-3"),
    (SANTIAGO, "06/09/2026 00:30", "2026-09-06T04:30Z", "skipped at midnight: moved forward to 01:30"),
    (SANTIAGO, "04/04/2026 09:00", "2026-04-04T12:00Z", "the day autumn ends: UTC-3"),
    (SANTIAGO, "05/04/2026 09:00", "2026-04-05T13:00Z", "the day after: UTC-4"),
    (SANTIAGO, "04/04/2026 23:30", "2026-04-05T02:30Z", "twice before midnight: the first"),
]


@pytest.mark.parametrize(("zone", "line", "expected", "_reason"), CLOCK_CHANGES)
def test_every_wall_time_is_exactly_one_instant(zone: ZoneInfo, line: str, expected: str, _reason: str) -> None:
    starts_at = datetime.fromisoformat(expected)

    reading = read_session(line, now=starts_at - timedelta(days=20), zone=zone, language="es")

    assert reading == Planned(starts_at, starts_at + timedelta(minutes=50))


def test_tomorrow_keeps_its_wall_time_across_a_change() -> None:
    day_before = datetime(2026, 10, 24, 15, 0, tzinfo=UTC)

    reading = read_session("mañana 17:00", now=day_before, zone=MADRID, language="es")

    assert isinstance(reading, Planned)
    assert reading.starts_at == datetime(2026, 10, 25, 16, 0, tzinfo=UTC)


PIECES = st.sampled_from(
    [
        *("hoy", "mañana", "martes", "today", "tuesday", "17:00", "5", "pm", "a las", "at", "8", "50m", "1h", "24/11"),
        *("de la tarde", "24 de noviembre", "99999999", "-", "/", ":", ".", "hace", "en", "años", "y media", "noon"),
    ]
)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=250), st.lists(PIECES, max_size=12).map(" ".join)), st.sampled_from(["es", "en"]))
def test_no_line_makes_it_raise_or_plan_beyond_a_year(line: str, language: str) -> None:
    reading = read(line, language)

    if isinstance(reading, Planned):
        assert NOW < reading.ends_at < NOW + timedelta(days=368)
        assert reading.starts_at < reading.ends_at
