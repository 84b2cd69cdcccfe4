"""What a file must keep to before any calendar library sees it.  Works on unfolded lines: folding hides nothing.

A bad rule refuses the whole file and not only its event: no calendar program writes one, so the file is damaged or
meant to do harm, and a half-read agenda is worse than a plain refusal that names the line.  Of events that are never
expanded (all-day ones, tasks) only the rules that nobody can mean are refused.
"""

import re
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from bot.ical.chances import happens, steps
from bot.ical.events import HORIZON, LARGEST, LOOKS_BACK, CalendarRefusedError, Refusal
from bot.ical.lines import Block, Line, nest, unfold
from bot.ical.rules import TOO_FREQUENT, RefusedRuleError, read_rule

MOST_EVENTS: Final = 1_000
MOST_LINES: Final = 60_000
LONGEST_LINE: Final = 128 * 1024
"""Characters of an unfolded line; a long description may have many."""

MOST_LINES_OF_ONE: Final = 2_000
"""Lines of one event, without its alarms."""

DEEPEST: Final = 6
MOST_DATES: Final = 1_000
"""Values of EXDATE and RDATE in one event."""

MOST_DATES_IN_ALL: Final = 10_000
MOST_ZONES: Final = 50
"""VTIMEZONEs."""

MOST_CHANGES: Final = 100
"""Parts of one VTIMEZONE."""

MOST_STEPS: Final = 100_000
"""About a second for dateutil; a practice's ten years of weekly sessions take a third of it."""

_DATE: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(T\d{6})?")
_FREQUENCY: Final = re.compile(r"FREQ\s*=\s*([A-Z]+)")


def check(data: bytes, *, now: datetime) -> list[Block]:
    """Return the blocks of a file.  Raises CalendarRefusedError for what is too much in any way, or no calendar."""
    if len(data) > LARGEST:
        raise CalendarRefusedError(Refusal.TOO_LARGE)
    if max(data.count(b"\n"), data.count(b"\r")) > MOST_LINES:
        raise CalendarRefusedError(Refusal.TOO_LARGE)
    lines = unfold(data)
    _check_lines(lines)
    blocks = nest(lines)
    if not any(block.name == "VCALENDAR" and block.closed for block in blocks):
        raise CalendarRefusedError(Refusal.NOT_A_CALENDAR)
    _check_blocks(blocks)
    _check_recurrence(blocks, (now - LOOKS_BACK).date(), (now + HORIZON).date())
    return blocks


def _check_lines(lines: list[Line]) -> None:
    for line in lines:
        if len(line.text) > LONGEST_LINE:
            raise CalendarRefusedError(Refusal.TOO_LARGE, line.number)


def _check_blocks(blocks: list[Block]) -> None:
    counts = {"VEVENT": 0, "VTIMEZONE": 0}
    remaining = list(blocks)
    while remaining:
        block = remaining.pop()
        if block.depth > DEEPEST:
            raise CalendarRefusedError(Refusal.NOT_A_CALENDAR, block.number)
        if len(block.lines) > MOST_LINES_OF_ONE or (block.name == "VTIMEZONE" and len(block.blocks) > MOST_CHANGES):
            raise CalendarRefusedError(Refusal.TOO_LARGE, block.number)
        if block.name in counts:
            counts[block.name] += 1
        remaining.extend(block.blocks)
    if counts["VEVENT"] > MOST_EVENTS:
        raise CalendarRefusedError(Refusal.TOO_MANY_EVENTS)
    if counts["VTIMEZONE"] > MOST_ZONES:
        raise CalendarRefusedError(Refusal.TOO_LARGE)


def _check_recurrence(blocks: list[Block], first: date, last: date) -> None:
    """Look at the rules and dates of every block; what the events together cost is bounded, too."""
    dates = cost = 0
    remaining = list(reversed(blocks))
    while remaining:
        block = remaining.pop()
        remaining.extend(reversed(block.blocks))
        dates += _check_dates(block)
        for line in block.named("RRULE"):
            _check_frequency(line)
            cost += _check_rule(block, line, first, last) if block.name == "VEVENT" else 0
            if cost > MOST_STEPS:
                raise CalendarRefusedError(Refusal.RECURRENCE, line.number)
    if dates > MOST_DATES_IN_ALL:
        raise CalendarRefusedError(Refusal.RECURRENCE)


def _check_dates(block: Block) -> int:
    dates = 0
    for line in block.lines:
        if line.name in {"EXDATE", "RDATE"}:
            dates += line.value.count(",") + 1
            if dates > MOST_DATES:
                raise CalendarRefusedError(Refusal.RECURRENCE, line.number)
    return dates


def _check_frequency(line: Line) -> None:
    if any(found in TOO_FREQUENT for found in _FREQUENCY.findall(line.value[:LONGEST_LINE].upper())):
        raise CalendarRefusedError(Refusal.RECURRENCE, line.number)


def _check_rule(block: Block, line: Line, first: date, last: date) -> int:
    """Return what the rule costs in steps; 0 for one that is not expanded."""
    start, all_day = _starts_on(block)
    try:
        rule = read_rule(line.value)
    except RefusedRuleError:
        if all_day:
            return 0
        raise CalendarRefusedError(Refusal.RECURRENCE, line.number) from None
    if start is None:
        return 0
    if all_day:  # never expanded: it must only be possible, however seldom
        rule = replace(rule, frequency="YEARLY", interval=1, weekdays=(), positions=())
    if not happens(rule, start):
        raise CalendarRefusedError(Refusal.RECURRENCE, line.number)
    return 0 if all_day or rule.ended(first) else steps(rule, start, last)


def _starts_on(block: Block) -> tuple[date | None, bool]:
    """Return the day in DTSTART (None: it can't be read) and whether the event is all-day."""
    starts = block.named("DTSTART")
    match = _DATE.match(starts[0].value) if starts else None
    if match is None:
        return None, False
    all_day = match[4] is None or starts[0].parameter("VALUE").upper() == "DATE"
    try:
        return date(int(match[1]), int(match[2]), int(match[3])), all_day
    except ValueError:
        return None, all_day
