"""A file of ratings (CSV) becomes courses for the rules: all of it or nothing, within limits, and soon.

One line is one check-in; a quoted line break is refused, so that lines are the lines of the file.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from operator import attrgetter
from typing import Final

from bot.domain.alliance import Entry, Outcome
from bot.domain.instrument import ALLIANCE
from bot.domain.model import HIGHEST, LOWEST, CheckInId, Item, Score
from bot.evidence.columns import DATE, ITEMS, PATIENT, SESSION, Columns, cells, read_header
from bot.evidence.days import read_days
from bot.evidence.refusals import MOST_SHOWN, Problem, RatingsRefusedError, refused

LARGEST: Final = 32 * 1024 * 1024
"""Bytes."""

MOST_ROWS: Final = 500_000
MOST_OF_ONE: Final = 600
"""Sessions of one patient: twelve years, every week."""

LONGEST_LINE: Final = 4_000
LONGEST_CODE: Final = 64
"""Characters."""

SCORES: Final = {f"{value}": Score(value) for value in range(LOWEST, HIGHEST + 1)}
_ZEROS: Final = re.compile(r"(?<=[0-9])[.,]0{1,6}")
_NUMBER: Final = re.compile(r"[0-9]{1,6}")
_BEGINNING: Final = datetime(2000, 1, 3, tzinfo=UTC)
"""Where the file has no days, sessions are put in a row from here on: the rules look at their order only."""


@dataclass(frozen=True, slots=True)
class Course:
    """One patient's check-ins in order; `days` from the first to the last of them, None where the file has no days."""

    entries: tuple[Entry, ...] = field(repr=False)
    days: int | None


@dataclass(frozen=True, slots=True)
class Ratings:
    """All patients of a file; `unused` are the names of columns that were not looked at."""

    courses: tuple[Course, ...]
    has_pending: bool
    unused: tuple[str, ...] = field(default=(), repr=False)

    @property
    def dated(self) -> bool:
        """Say whether the file has days."""
        return all(course.days is not None for course in self.courses)


@dataclass(slots=True)
class _Row:
    line: int
    patient: str = field(repr=False)
    session: int
    scores: Mapping[Item, Score] = field(repr=False)
    written_day: str = field(repr=False)
    on: date | None = None


def read(content: bytes) -> Ratings:
    """Read a whole file.  Raises RatingsRefusedError, and nothing else for whatever it holds.

    1. Size, encoding, lines.  2. The header.  3. Every line by itself.  4. All days.  5. Each patient's order.
    """
    lines = _lines(content)
    header = next((number for number, line in lines if line.strip()), None)
    if header is None:
        raise refused(1, "the file is empty")
    columns = read_header(lines[header - 1][1], header)
    rows = _rows(lines[header:], columns)
    if not rows:
        raise refused(header, "there is nothing below the names of the columns")
    _date(rows, columns)
    return Ratings(tuple(_courses(rows, columns)), Item.PENDING.value in columns.places, columns.unused)


def _lines(content: bytes) -> list[tuple[int, str]]:
    if len(content) > LARGEST:
        raise refused(1, f"the file is larger than {LARGEST // 1024**2} MiB")
    if content.count(b"\n") > MOST_ROWS:
        raise refused(MOST_ROWS + 1, f"the file has more than {MOST_ROWS:,} lines")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        raise refused(number, "this is not UTF-8; a spreadsheet saves it as «CSV UTF-8»") from None
    return [(number, _sound(number, line)) for number, line in enumerate(text.split("\n"), 1)]


def _sound(number: int, line: str) -> str:
    line = line.removesuffix("\r")
    if len(line) > LONGEST_LINE:
        raise refused(number, f"the line has more than {LONGEST_LINE:,} characters")
    if "\0" in line:
        raise refused(number, "there is a NUL character; is this a CSV file?")
    return line


# Every line by itself


def _rows(lines: Iterable[tuple[int, str]], columns: Columns) -> list[_Row]:
    rows: list[_Row] = []
    problems: list[Problem] = []
    for number, line in lines:
        try:
            values = [value.strip() for value in cells(line, columns.delimiter, number)]
            if any(values):
                rows.append(_row(values, columns, number))
        except RatingsRefusedError as error:
            problems.extend(error.problems)
            if len(problems) >= MOST_SHOWN:
                break
    if problems:
        raise RatingsRefusedError(problems)
    return rows


def _row(values: Sequence[str], columns: Columns, number: int) -> _Row:
    if len(values) < columns.width or any(values[columns.width :]):
        raise refused(number, f"{len(values)} columns instead of {columns.width}")
    session = _session(values, columns, number) if SESSION in columns.places else 0
    day = values[columns.places[DATE]] if DATE in columns.places else ""
    return _Row(number, _patient(values, columns, number), session, _scores(values, columns, number), day)


def _patient(values: Sequence[str], columns: Columns, number: int) -> str:
    code = values[columns.places[PATIENT]]
    if not code or len(code) > LONGEST_CODE or not code.isprintable():
        says = f"write the patient's code, at most {LONGEST_CODE} characters"
        raise refused(number, says, columns.place(PATIENT))
    return code


def _session(values: Sequence[str], columns: Columns, number: int) -> int:
    text = values[columns.places[SESSION]]
    if not _NUMBER.fullmatch(text):
        raise refused(number, "write the number of the session: 1, 2, 3 …", columns.place(SESSION))
    return int(text)


def _scores(values: Sequence[str], columns: Columns, number: int) -> dict[Item, Score]:
    scores: dict[Item, Score] = {}
    problems: list[Problem] = []
    for name, item in ITEMS.items():
        text = _ZEROS.sub("", values[columns.places[name]]) if name in columns.places else ""
        if text in SCORES:
            scores[item] = SCORES[text]
        elif text:
            says = "write a whole number from 0 to 10, or nothing where it was not answered"
            problems.append(Problem(number, says, columns.place(name)))
    if scores.keys() == {Item.PENDING}:
        says = "it is answered although neither of the two before it is; leave it empty, or fill those in"
        problems.append(Problem(number, says, columns.place(Item.PENDING.value)))
    if problems:
        raise RatingsRefusedError(problems)
    return scores


# All lines together


def _date(rows: Sequence[_Row], columns: Columns) -> None:
    if DATE not in columns.places:
        return
    days, problems = read_days([(row.line, row.written_day) for row in rows], columns.place(DATE))
    if problems:
        raise RatingsRefusedError(problems)
    for row, day in zip(rows, days, strict=True):
        row.on = day


def _courses(rows: Iterable[_Row], columns: Columns) -> Iterator[Course]:
    by_patient: dict[str, list[_Row]] = {}
    for row in rows:
        by_patient.setdefault(row.patient, []).append(row)
    key = attrgetter("session") if SESSION in columns.places else attrgetter("on")
    for own in by_patient.values():
        own.sort(key=key)
    problems = [problem for own in by_patient.values() for problem in _disorder(own, columns)]
    if problems:
        raise RatingsRefusedError(problems)
    return map(_course, by_patient.values())


def _disorder(own: Sequence[_Row], columns: Columns) -> Iterator[Problem]:
    """Find what is said twice about one patient, sessions that run against the calendar, and far too many."""
    by_number = SESSION in columns.places
    for row, later in pairwise(own):
        first, second = sorted((row.line, later.line))
        if by_number and row.session == later.session:
            yield Problem(second, f"line {first} has this session of this patient already", columns.place(SESSION))
        elif not by_number and row.on == later.on:
            says = f"line {first} has this patient on this day already; two sessions of a day need a column «session»"
            yield Problem(second, says, columns.place(DATE))
        elif row.on and later.on and row.on > later.on:
            says = f"this session is earlier than the one before it (line {row.line})"
            yield Problem(later.line, says, columns.place(DATE))
    if len(own) > MOST_OF_ONE:
        yield Problem(
            own[MOST_OF_ONE].line, f"more than {MOST_OF_ONE:,} sessions of one patient", columns.place(PATIENT)
        )


def _course(own: Sequence[_Row]) -> Course:
    first, last = own[0].on, own[-1].on
    return Course(tuple(map(_entry, range(len(own)), own)), (last - first).days if first and last else None)


def _entry(place: int, row: _Row) -> Entry:
    at = datetime.combine(row.on, time(), UTC) if row.on else _BEGINNING
    return Entry(CheckInId(place), at + timedelta(seconds=place), outcome(row.scores), row.scores)


def outcome(scores: Mapping[Item, Score]) -> Outcome:
    """Say what became of a check-in with these scores: without any it closed unanswered."""
    answered = sum(item in scores for item in ALLIANCE)
    return (Outcome.UNANSWERED, Outcome.PARTLY, Outcome.ANSWERED)[answered]
