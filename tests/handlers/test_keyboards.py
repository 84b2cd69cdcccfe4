from dataclasses import fields, replace
from datetime import UTC, date, datetime, time
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.appointments import Place
from bot.domain.carried import ANSWERS
from bot.domain.model import Article, CheckInId, Form, Language, PatientId, Region, Register, Step
from bot.domain.places import PLACES, ZONES
from bot.domain.records import RecordKind
from handlers import keyboards
from handlers.actions import Action, ExportTap, PickHour, ScoreTap, When
from handlers.actions_agenda import ItWasThen, NameTitle, PickSeries
from handlers.actions_guesses import ShownIn
from handlers.actions_settings import QUIET, WORKING, SetZone
from handlers.keyboards import DATA_AT_MOST, decode, encode

IDS = st.integers(1, 2**63 - 1)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "step": st.sampled_from(Step),
    "value": st.integers(0, 10),
    "accepted": st.booleans(),
    "sure": st.booleans(),
    "confirmed": st.booleans(),
    "keep": st.booleans(),
    "article": st.sampled_from(Article),
    "page": st.integers(0, 99),
    "when": st.sampled_from(When),
    "on": st.dates(date(2000, 1, 1), date(2199, 12, 31)),
    "at": st.integers(0, 24 * 60 - 1).map(lambda minute: time(*divmod(minute, 60))),
    "minutes": st.none() | st.integers(5, 480),
    "lasts": st.integers(5, 480),
    "first": st.dates(date(2000, 1, 1), date(2199, 12, 31)),
    "weekdays": st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    "every": st.integers(1, 12),
    "until": st.none() | st.dates(date(2000, 1, 1), date(2199, 12, 31)),
    "count": st.none() | st.integers(1, 1000),
    "language": st.sampled_from(Language),
    "zone": st.sampled_from(ZONES),
    "place": st.sampled_from(Place),
    "shown_in": st.sampled_from(ShownIn),
    "offered": st.booleans(),
    "whole": st.booleans(),
    "missed": st.booleans(),
    "same": st.booleans(),
    "ended_at": st.integers(0, 7_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    "cut": st.booleans(),
    "what": st.sampled_from(["menu", "language", "zone", "quiet"]),
    "country": st.sampled_from(sorted(PLACES)),
    "quiet": st.sampled_from(QUIET),
    "working": st.sampled_from(WORKING),
    "title": st.binary(min_size=16, max_size=16),
    "kind": st.sampled_from(RecordKind),
    "answer": st.sampled_from(ANSWERS),
    "chosen": st.sampled_from([*Register, *Form, *Region]),
    "register": st.sampled_from(Register),
    "missing": st.binary(min_size=16, max_size=16),
}


def of(kind: type[Any]) -> st.SearchStrategy[Any]:
    return st.builds(kind, **{field.name: VALUES.get(field.name, IDS) for field in fields(kind)})


ACTIONS = st.one_of([of(kind) for kind in get_args(Action)])


@given(ACTIONS)
def test_what_is_written_is_read_back(action: Action) -> None:
    data = encode(action)

    assert decode(data) == action
    assert len(data.encode("ascii")) <= DATA_AT_MOST


@given(st.one_of(st.text(), st.from_regex(r"[a-z]{1,2}(:[\w/-]*){0,4}")))
def test_whatever_comes_back_never_raises_and_is_what_could_be_written(data: str) -> None:
    action = decode(data)

    assert action is None or encode(action) == data


@pytest.mark.parametrize("value", ["11", "-1", "007", "٧", "", " 7", "+7", "7.0", "1e1", "¹"])
def test_a_score_outside_the_keyboard_is_not_read(value: str) -> None:
    assert decode(f"s:1:u:{value}") is None


@pytest.mark.parametrize("check_in", ["0", "-1", "01", str(2**63), "9" * 40, "x", "１"])
def test_an_id_that_no_row_can_have_is_not_read(check_in: str) -> None:
    assert decode(f"s:{check_in}:u:7") is None


@pytest.mark.parametrize("data", ["", ":", "s", "s:1:u", "s:1:u:7:7", "s:1:x:7", "S:1:u:7", "sz:Europe/Atlantis", "??"])
def test_malformed_data_reads_as_nothing(data: str) -> None:
    assert decode(data) is None


def test_codes_are_fixed_because_old_buttons_stay_on_phones() -> None:
    assert encode(ScoreTap(CheckInId(12), Step.SENSE, 7)) == "s:12:s:7"
    assert encode(SetZone("Europe/Madrid")) == "sz:Europe/Madrid"
    assert encode(PickHour(PatientId(4), date(2026, 11, 24), time(17, 30))) == "ph:4:739944:1050"
    assert encode(NameTitle(bytes(16), PatientId(4))) == f"cn:{'00' * 16}:4"
    assert encode(NameTitle(bytes(16))) == f"cn:{'00' * 16}"
    assert (encode(ExportTap(PatientId(4))), encode(ExportTap())) == ("ex:4", "ex")
    assert encode(PickHour(PatientId(4), date(2026, 11, 24), time(17, 30), 90)) == "ph:4:739944:1050:90"
    assert encode(ItWasThen(PatientId(4), date(2026, 11, 24), time(17, 30), 50)) == "we:4:739944:1050:50"
    weekly = PickSeries(PatientId(4), date(2026, 11, 24), time(17, 30), 50, (1, 3), 1, None)
    assert encode(weekly) == "wr:4:739944:1050:50:10:1:"
    assert encode(replace(weekly, until=date(2026, 12, 24), count=2)) == "wr:4:739944:1050:50:10:1:739974:2"


@pytest.mark.parametrize("minutes", ["4", "481", "", "050", "-50", "50:50"])
def test_a_length_that_no_session_has_is_not_read(minutes: str) -> None:
    assert decode(f"ph:4:739944:1050:{minutes}") is None


def test_every_action_has_a_code() -> None:
    assert set(keyboards._WRITERS) == set(get_args(Action))
