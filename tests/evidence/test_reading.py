"""A file of ratings is read whole or not at all, and what is wrong is said with its line and column."""

from datetime import UTC, datetime

import pytest

from bot.domain.alliance import Outcome
from bot.domain.model import Item
from bot.evidence import reading
from bot.evidence.reading import Ratings, read
from bot.evidence.refusals import MOST_SHOWN, RatingsRefusedError

HEADER = "patient,session,understood,sense,pending\n"
DAYS = "patient,date,understood,sense\n"


def scores(ratings: Ratings) -> list[list[tuple[int, ...]]]:
    return [[tuple(entry.scores.values()) for entry in course.entries] for course in ratings.courses]


def refusal(text: str | bytes) -> list[str]:
    with pytest.raises(RatingsRefusedError) as refused:
        read(text.encode() if isinstance(text, str) else text)
    return [str(problem) for problem in refused.value.problems]


def test_ratings_are_read_in_the_order_of_their_sessions() -> None:
    ratings = read((HEADER + "P-1,2,9,8,0\nP-2,1,10,10,\nP-1,1,7,6,3\n").encode())

    assert scores(ratings) == [[(7, 6, 3), (9, 8, 0)], [(10, 10)]]
    assert not ratings.dated


def test_what_was_not_answered_is_empty() -> None:
    ratings = read((HEADER + "P-1,1,,,\nP-1,2,9,,\nP-1,3,,9,\nP-1,4,0,10,\n").encode())

    outcomes = [entry.outcome for entry in ratings.courses[0].entries]
    assert outcomes == [Outcome.UNANSWERED, Outcome.PARTLY, Outcome.PARTLY, Outcome.ANSWERED]
    assert ratings.courses[0].entries[2].scores == {Item.SENSE: 9}


@pytest.mark.parametrize(
    "text",
    [
        "paciente;sesión;comprendido;sentido;pendiente\nP-1;1;9;8;2\n",
        "\ufeffPaciente;SESION;Comprendida;Sentido;Pendiente\r\nP-1;1;9,0;8,00;2\r\n;;;;\r\n",
        "Patient\tSession\tUnderstood\tSense\tPending\nP-1\t1\t9\t8.0\t2",
        '\n"patient","session","understood","sense","pending"\n\n"P-1", 1 ,"9", 8 ,2\n',
        "note,sense,pending,understood,session,patient\n«;»,8,2,9,1,P-1\n",
        '"patient";"session";"understood";"sense";"pending"\n"P-1";"1";"9";"8";"2"\n',
    ],
)
def test_files_as_spreadsheets_write_them(text: str) -> None:
    ratings = read(text.encode())

    assert ratings.courses[0].entries[0].scores == {Item.UNDERSTOOD: 9, Item.SENSE: 8, Item.PENDING: 2}


@pytest.mark.parametrize("days", [("2026-11-03", "2026-11-17"), ("3/11/2026", "17/11/2026")])
def test_days_are_those_of_the_sessions(days: tuple[str, str]) -> None:
    ratings = read(f"{DAYS}P-1,{days[1]},9,8\nP-1,{days[0]},7,6\n".encode())

    course = ratings.courses[0]
    assert (course.days, scores(ratings)) == (14, [[(7, 6), (9, 8)]])
    assert course.entries[0].session_at == datetime(2026, 11, 3, tzinfo=UTC)


def test_two_sessions_of_a_day_are_told_apart_by_their_numbers() -> None:
    ratings = read(b"patient,session,date,understood,sense\nP-1,2,2026-11-03,9,8\nP-1,1,2026-11-03,7,6\n")

    assert scores(ratings) == [[(7, 6), (9, 8)]]
    assert ratings.courses[0].entries[0].session_at < ratings.courses[0].entries[1].session_at


def test_columns_that_are_not_looked_at_are_named() -> None:
    ratings = read(b"patient,session,understood,sense,Notes,\nP-1,1,9,8,secret,\n")

    assert (ratings.unused, ratings.has_pending) == (("notes",), False)
    assert "secret" not in repr(ratings)


@pytest.mark.parametrize(
    ("text", "where", "why"),
    [
        ("", "line 1", "empty"),
        ("\n \n", "line 1", "empty"),
        (HEADER, "line 1", "nothing below"),
        ("P-1,1,9,8,2\n", "line 1", "none called patient, understood, sense, session or date"),
        ("\npatient,understood\nP-1,9\n", "line 2", "none called sense, session or date"),
        ("patient,paciente,session,understood,sense\n", "line 1, column 2 (patient)", "two columns"),
        (HEADER + "P-1,1,9,8\n", "line 2", "4 columns instead of 5"),
        (HEADER + "P-1,1,9,8,2,5\n", "line 2", "6 columns instead of 5"),
        (HEADER + 'P-1,1,9,"8,2\nP-1,2,9,8,2\n', "line 2", "quotation mark"),
        (HEADER + '"P-1\n2",1,9,8,2\n', "line 2", "quotation mark"),
        (HEADER + "P-1,1,9,8,2\rP-1,2,9,8,2\n", "line 2", "quotation mark"),
        (HEADER + "P-1,1,9,8,2\nP-1,2,11,8,2\n", "line 3, column 3 (understood)", "whole number from 0 to 10"),
        (HEADER + "P-1,1,9,8.5,2\n", "line 2, column 4 (sense)", "whole number"),
        (HEADER + "P-1,1,9,-1,2\n", "line 2, column 4 (sense)", "whole number"),
        (HEADER + "P-1,1,٩,8,2\n", "line 2, column 3 (understood)", "whole number"),
        (HEADER + f"P-1,1,9,8,{'9' * 3000}\n", "line 2, column 5 (pending)", "whole number"),
        (HEADER + "P-1,1,1e1,8,2\n", "line 2, column 3 (understood)", "whole number"),
        (HEADER + "P-1,1,,,2\n", "line 2, column 5 (pending)", "neither"),
        (HEADER + ",1,9,8,2\n", "line 2, column 1 (patient)", "code"),
        (HEADER + f"{'P' * 65},1,9,8,2\n", "line 2, column 1 (patient)", "at most 64"),
        (HEADER + "P\x07,1,9,8,2\n", "line 2, column 1 (patient)", "code"),
        (HEADER + "P-1,first,9,8,2\n", "line 2, column 2 (session)", "number of the session"),
        (HEADER + "P-1,9999999,9,8,2\n", "line 2, column 2 (session)", "number of the session"),
        (HEADER + "P-1,1,9,8,2\nP-2,1,9,8,2\nP-1,01,7,7,2\n", "line 4, column 2 (session)", "line 2 has this session"),
        (HEADER + "P-1,1,9,\0,2\n", "line 2", "NUL"),
        (HEADER + f"P-1,1,9,8,2{' ' * 4000}\n", "line 2", "more than 4,000 characters"),
        (DAYS + "P-1,,9,8\n", "line 2, column 2 (date)", "missing"),
        (DAYS + "P-1,2026-02-30,9,8\n", "line 2, column 2 (date)", "no such day"),
        (DAYS + "P-1,31/02/2026,9,8\n", "line 2, column 2 (date)", "no such day"),
        (DAYS + "P-1,11/17/2026,9,8\n", "line 2, column 2 (date)", "the day comes first"),
        (DAYS + "P-1,17/11/26,9,8\n", "line 2, column 2 (date)", "2026-11-17 or 17/11/2026"),
        (DAYS + "P-1,2026-11-17T16:00,9,8\n", "line 2, column 2 (date)", "2026-11-17 or 17/11/2026"),
        (DAYS + "P-1,0026-11-17,9,8\n", "line 2, column 2 (date)", "no such day"),
        (DAYS + "P-1,03/11/2026,9,8\nP-1,10/11/2026,9,8\n", "line 2, column 2 (date)", "day/month or month/day"),
        (DAYS + "P-1,2026-11-10,9,8\nP-1,17/11/2026,9,8\nP-1,2026-11-24,9,8\n", "line 3, column 2 (date)", "two ways"),
        (DAYS + "P-1,2026-11-10,9,8\nP-1,2026-11-10,9,8\n", "line 3, column 2 (date)", "line 2 has this patient"),
        (
            "patient,session,date,understood,sense\nP-1,1,2026-11-10,9,8\nP-1,2,2026-11-03,9,8\n",
            "line 3, column 3 (date)",
            "earlier than the one before it (line 2)",
        ),
        (
            HEADER + "".join(f"P-1,{place},9,8,2\n" for place in range(reading.MOST_OF_ONE + 1)),
            f"line {reading.MOST_OF_ONE + 2}, column 1 (patient)",
            "more than 600 sessions",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text: str, where: str, why: str) -> None:
    said = refusal(text)[0]

    assert said.startswith(f"{where}: ")
    assert why in said


@pytest.mark.parametrize(
    ("content", "where", "why"),
    [
        ("patient;sesión\n".encode("cp1252"), "line 1: ", "UTF-8"),
        (HEADER.encode() + b"P-1,1,9,8,2\nP-\xf1,1,9,8,2\n", "line 3: ", "UTF-8"),
        (HEADER.encode("utf-16"), "line 1: ", "UTF-8"),
        (b"x" * (reading.LARGEST + 1), "line 1: ", "32 MiB"),
        (b"\n" * (reading.MOST_ROWS + 1), "line 500001: ", "500,000 lines"),
    ],
)
def test_what_is_no_such_file_at_all(content: bytes, where: str, why: str) -> None:
    said = refusal(content)[0]

    assert said.startswith(where)
    assert why in said


def test_the_first_ten_problems_are_told_at_once_in_the_order_of_lines() -> None:
    said = refusal(HEADER + "P-1,1,x,y,\n" + "P-1,2,11,8,2\n" * 20)

    assert len(said) == MOST_SHOWN
    assert [each.split(":")[0] for each in said[:3]] == [
        "line 2, column 3 (understood)",
        "line 2, column 4 (sense)",
        "line 3, column 3 (understood)",
    ]


def test_nothing_that_stands_in_the_file_is_repeated() -> None:
    said = refusal(HEADER + "Ana-Perez,1,99,zwölf,2\nAna-Perez,x,1,1,1\n")

    assert not any(word in line for line in said for word in ("Ana-Perez", "99", "zwölf"))
