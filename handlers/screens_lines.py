"""What a therapist sees of a typed line that cannot be taken as it stands: asked back, or refused with examples."""

from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from itertools import islice
from typing import Final

from bot.domain import recurrence
from bot.domain.model import PatientId, Voice
from bot.domain.recurrence import Recurrence
from bot.texts import Texts
from bot.when.length import LONGEST, SHORTEST
from bot.when.problems import Reason
from bot.when.readings import Ambiguous, AmbiguousRepeating, InPast, Mismatch, OnceOrWeekly, Planned, Unreadable
from handlers.actions import Action, PickHour, PickWhen, When
from handlers.actions_agenda import ItWasThen, PickSeries
from handlers.keyboards import MINUTE, encode
from handlers.parts import listed, listed_weekdays, row, stretch, typed_date
from handlers.screen import Button, Screen, cut, in_rows

Unclear = Ambiguous | Mismatch
"""Readings of which one has to be chosen, each with its day and hour."""

Asked = InPast | Unclear | AmbiguousRepeating | OnceOrWeekly | Unreadable
"""Readings that are not noted as they are."""

SERIES_EXAMPLE: Final = timedelta(weeks=12)
"""How far ahead the end of the example lies that is typed for a series."""

_OF_SERIES: Final = (Reason.RECURRENCE, Reason.NO_WEEKDAY)
_TIMES_IN_A_ROW: Final = 2
_ENOUGH: Final = timedelta(weeks=2)
"""In so many days each weekday of a series comes once, whichever is the first."""


def asked_back(
    texts: Texts,
    voice: Voice,
    code: str,
    patient: PatientId,
    reading: Asked,
    today: date,
) -> Screen:
    """Ask what was meant by a line after `/sesion`, or say what it lacks."""
    match reading:
        case InPast():
            return in_past(texts, voice, code, patient, reading)
        case AmbiguousRepeating():
            return which_half(texts, voice, code, patient, reading)
        case OnceOrWeekly(rules=rules):
            return once_or_weekly(texts, voice, code, patient, rules)
        case Unreadable():
            return refused(texts, voice, code, reading, today)
        case unclear:
            return which(
                texts, voice, code, unclear, lambda on, at, length: PickHour(patient, on, at, length // MINUTE)
            )


def in_past(texts: Texts, voice: Voice, code: str, patient: PatientId, past: InPast) -> Screen:
    """Ask back about a session that is over by then; nothing is assumed."""
    wall, length = past.starts_at.astimezone(voice.zone), past.ends_at - past.starts_at
    buttons = (
        ("button-then", ItWasThen(patient, wall.date(), wall.time(), length // MINUTE)),
        ("button-now", PickWhen(patient, When.NOW)),
        ("button-other-date", PickWhen(patient, When.OTHER)),
    )
    text = texts.say(voice, "session-in-past", code=code, **stretch(texts, voice, past.starts_at, past.ends_at))
    return Screen(cut(text), tuple(row(texts, voice, button) for button in buttons))


def which(
    texts: Texts,
    voice: Voice,
    code: str,
    unclear: Unclear,
    choose: Callable[[date, time, timedelta], Action],
) -> Screen:
    """Ask which of the times was meant, each with its day: the halves of a weekday may lie a week apart."""
    plans = unclear.plans if isinstance(unclear, Mismatch) else (unclear.morning, unclear.evening)
    length = plans[0].ends_at - plans[0].starts_at
    buttons = [_choice(texts, voice, plan, choose) for plan in plans]
    values = {"code": code, "length": texts.say(voice, "minutes", minutes=length // MINUTE)}
    if isinstance(unclear, Mismatch):
        weekday = texts.moment(voice, plans[-1].starts_at)["weekday"]
        text = texts.say(voice, "session-mismatch", day=texts.full_date(voice, unclear.on), weekday=weekday, **values)
    else:
        text = texts.say(voice, "session-ambiguous-hour", **values)
    return Screen(cut(text), in_rows(buttons, _TIMES_IN_A_ROW))


def which_week(
    texts: Texts,
    voice: Voice,
    code: str,
    plans: Sequence[Planned | InPast],
    choose: Callable[[date, time, timedelta], Action],
) -> Screen:
    """Ask in which week the weekday is that was named: the next one, or that of the session."""
    length = texts.say(voice, "minutes", minutes=(plans[0].ends_at - plans[0].starts_at) // MINUTE)
    weekday = texts.moment(voice, plans[0].starts_at)["weekday"]
    buttons = [_choice(texts, voice, plan, choose) for plan in plans]
    return Screen(
        cut(texts.say(voice, "move-which-week", code=code, weekday=weekday, length=length)),
        in_rows(buttons, _TIMES_IN_A_ROW),
    )


def _choice(
    texts: Texts, voice: Voice, plan: Planned | InPast, choose: Callable[[date, time, timedelta], Action]
) -> Button:
    wall = plan.starts_at.astimezone(voice.zone)
    label = f"{texts.weekday_and_date(voice, wall.date())} · {_clock(wall.time())}"
    return Button(label, encode(choose(wall.date(), wall.time(), plan.ends_at - plan.starts_at)))


def which_half(texts: Texts, voice: Voice, code: str, patient: PatientId, unclear: AmbiguousRepeating) -> Screen:
    """Ask at which of two times a series begins."""
    rules = (unclear.morning, unclear.evening)
    length = texts.say(voice, "minutes", minutes=rules[0].length // MINUTE)
    text = texts.say(voice, "series-ambiguous-hour", code=code, length=length)
    return Screen(cut(text), (tuple(Button(_clock(rule.at), encode(_series(patient, rule))) for rule in rules),))


def once_or_weekly(texts: Texts, voice: Voice, code: str, patient: PatientId, rules: Sequence[Recurrence]) -> Screen:
    """Ask whether sessions on several weekdays repeat; where the half of the day is open too, for each of them."""
    rule = rules[0]
    dates = [_first_days(texts, voice, one) for one in rules]
    if len(rules) > 1:  # the first days of each time may be others
        dates = [f"{_clock(one.at)}: {days}" for one, days in zip(rules, dates, strict=True)]
    length = texts.say(voice, "minutes", minutes=rule.length // MINUTE)
    text = texts.say(
        voice,
        "series-once-or-weekly",
        code=code,
        days=listed_weekdays(texts, voice, rule),
        dates="; ".join(dates),
        length=length,
    )
    buttons = [
        Button(f"{texts.say(voice, key)} · {_clock(one.at)}", encode(_series(patient, one, count)))
        for one in rules
        for key, count in (("button-weekly", None), ("button-once", len(rule.weekdays)))
    ]
    return Screen(cut(text), in_rows(buttons, _TIMES_IN_A_ROW))


def _first_days(texts: Texts, voice: Voice, rule: Recurrence) -> str:
    """Say the first day of each weekday of a rule: «jue 19 nov y mar 24 nov»."""
    days = islice(recurrence.days(rule, rule.first, rule.first + _ENOUGH), len(rule.weekdays))
    return listed(texts, voice, [texts.weekday_and_date(voice, day) for day in days])


def _series(patient: PatientId, rule: Recurrence, count: int | None = None) -> PickSeries:
    minutes = rule.length // MINUTE
    return PickSeries(patient, rule.first, rule.at, minutes, rule.weekdays, rule.every, rule.until, rule.count or count)


def refused(texts: Texts, voice: Voice, code: str, unreadable: Unreadable, today: date) -> Screen:
    """Say why a line after `/sesion` cannot be read, with three examples that can."""
    if unreadable.reason is Reason.ENDS_FIRST:
        until = typed_date(today + SERIES_EXAMPLE)
        examples = texts.say(voice, "line-examples-until", code=code, example=until)
    else:
        key = "line-examples-series" if unreadable.reason in _OF_SERIES else "line-examples"
        examples = texts.say(voice, key, code=code)
    return Screen(cut(f"{_why(texts, voice, unreadable)} {examples}"))


def move_refused(texts: Texts, voice: Voice, unreadable: Unreadable) -> Screen:
    """Say why a line that says where a session moves cannot be read, with three examples that can."""
    return Screen(cut(f"{_why(texts, voice, unreadable)} {texts.say(voice, 'line-examples-move')}"))


def series_not_there(texts: Texts, voice: Voice) -> Screen:
    """Say that a series cannot go on from that day."""
    return Screen(cut(texts.say(voice, "move-series-not-there")))


def series_rhythm(texts: Texts, voice: Voice) -> Screen:
    """Say that the line after "Cambiar desde aquí" changes the day and the hour, and nothing else."""
    return Screen(cut(texts.say(voice, "move-series-rhythm")))


def move_past(texts: Texts, voice: Voice) -> Screen:
    """Say that a session does not move to where it would have begun already."""
    return Screen(cut(f"{texts.say(voice, 'line-past')} {texts.say(voice, 'line-examples-move')}"))


def _why(texts: Texts, voice: Voice, unreadable: Unreadable) -> str:
    values: dict[str, str] = {}
    if unreadable.reason is Reason.LENGTH:
        values = {"shortest": str(SHORTEST // MINUTE), "longest": str(LONGEST // timedelta(hours=1))}
    if unreadable.on is not None:
        values = {"day": texts.full_date(voice, unreadable.on)}
    return texts.say(voice, f"line-{unreadable.reason}", **values)


def _clock(at: time) -> str:
    return f"{at.hour}:{at:%M}"
