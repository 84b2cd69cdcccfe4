"""What tells one update from another: a redelivery has the same key whatever its update_id, news never has."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.intake import _chat_of, key_of

ANA: dict[str, Any] = {"id": 200, "type": "private"}
MESSAGE: dict[str, Any] = {"message_id": 5, "chat": ANA, "date": 1, "text": "7"}
EDITED: dict[str, Any] = {**MESSAGE, "edit_date": 2, "text": "8"}
TAP: dict[str, Any] = {"id": "4382", "from": {"id": 200}, "data": "s:1:u:7", "message": MESSAGE}
MEMBER: dict[str, Any] = {"chat": ANA, "from": {"id": 200}, "date": 3, "new_chat_member": {"status": "kicked"}}

EACH: dict[str, tuple[dict[str, Any], str]] = {
    "message": ({"update_id": 1, "message": MESSAGE}, "message:200:5"),
    "tap": ({"update_id": 1, "callback_query": TAP}, "callback:4382"),
    "block": ({"update_id": 1, "my_chat_member": MEMBER}, "member:200:3:kicked"),
    "tap on a message too old to see": (
        {"update_id": 1, "callback_query": {"id": "9", "from": {"id": 200}}},
        "callback:9",
    ),
    "something new": ({"update_id": 77, "chat_boost": {}}, "update:77"),
    "nothing": ({"update_id": 78}, "update:78"),
}


@pytest.mark.parametrize("name", EACH)
def test_each_kind_of_update_has_its_key(name: str) -> None:
    update, key = EACH[name]

    assert key_of(update) == key


@pytest.mark.parametrize("name", ["message", "tap", "block"])
@given(update_id=st.integers(0, 2**31))
def test_a_redelivery_under_another_id_has_the_same_key(name: str, update_id: int) -> None:
    update, key = EACH[name]

    assert key_of({**update, "update_id": update_id}) == key


def edited(**changes: object) -> dict[str, Any]:
    return {"update_id": 1, "edited_message": {**EDITED, **changes}}


def test_an_edit_is_not_the_message_it_edits() -> None:
    assert key_of(edited()) != key_of({"update_id": 1, "message": EDITED})


@pytest.mark.parametrize(
    "changes", [{"edit_date": 3}, {"text": "9"}, {"message_id": 6}, {"chat": {"id": 201, "type": "private"}}]
)
def test_each_edit_is_news(changes: dict[str, object]) -> None:
    assert key_of(edited(**changes)) != key_of(edited())


def test_two_edits_within_a_second_are_two() -> None:
    assert len({key_of(edited(text=text)) for text in ("8", "9", "8 puntos")}) == 3


def test_an_edit_delivered_twice_is_one() -> None:
    assert key_of(edited()) == key_of({**edited(), "update_id": 2})


def test_the_key_of_an_edit_does_not_show_its_words() -> None:
    assert "deprisa" not in key_of(edited(text="Fue muy deprisa"))


def test_an_edit_with_half_an_emoji_has_a_key() -> None:
    assert key_of(edited(text="a\ud83d")) != key_of(edited(text="a"))


def test_an_edit_without_text_has_a_key() -> None:
    photo = {name: value for name, value in EDITED.items() if name != "text"}

    assert key_of({"update_id": 1, "edited_message": photo}).startswith("edited:200:5:2:")


def test_the_same_number_in_two_chats_is_two_messages() -> None:
    other = {**MESSAGE, "chat": {"id": 201, "type": "private"}}

    assert key_of({"update_id": 1, "message": other}) == "message:201:5"


def test_blocking_and_coming_back_within_a_second_are_two() -> None:
    back = {**MEMBER, "new_chat_member": {"status": "member"}}

    assert key_of({"update_id": 1, "my_chat_member": back}) != EACH["block"][1]


@pytest.mark.parametrize(
    ("name", "chat_id"), [("message", 200), ("tap", 200), ("block", 200), ("something new", 0), ("nothing", 0)]
)
def test_updates_of_one_person_share_a_lane(name: str, chat_id: int) -> None:
    assert _chat_of(EACH[name][0]) == chat_id


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
SHAPES = st.dictionaries(
    st.sampled_from(["update_id", "message", "edited_message", "callback_query", "my_chat_member"]),
    JSON | st.dictionaries(st.sampled_from(["id", "chat", "from", "message_id", "date"]), JSON, max_size=4),
)


@given(SHAPES)
def test_no_update_however_hostile_is_without_a_key(update: dict[str, Any]) -> None:
    assert isinstance(key_of(update), str)
    assert isinstance(_chat_of(update), int)
