"""Instants that sort as they pass, text that only the key ring reads, hashes that find it again."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from bot.domain.errors import StoreRefusedError
from storage.columns import Instant, KeyRing
from tests.storage.records import NOW, new_ring

DIALECT = sqlite.dialect()
INSTANTS = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - hypothesis wants bounds without a zone
    max_value=datetime(2999, 1, 1),  # noqa: DTZ001
    timezones=st.one_of(st.timezones(), st.just(timezone(timedelta(hours=-3, minutes=-30)))),
)
INDEX_KEY = b"i" * 32


def written(instant: datetime) -> str:
    text = Instant().process_bind_param(instant, DIALECT)
    assert text is not None
    return text


@given(INSTANTS)
def test_an_instant_comes_back_as_it_was(instant: datetime) -> None:
    back = Instant().process_result_value(written(instant), DIALECT)

    assert back == instant.astimezone(UTC)
    assert back.tzinfo is UTC


@given(INSTANTS, INSTANTS)
def test_instants_have_one_width_and_sort_as_they_pass(one: datetime, other: datetime) -> None:
    assert len(written(one)) == len(written(other)) == 27
    assert (written(one) < written(other)) == (one.astimezone(UTC) < other.astimezone(UTC))


def test_the_two_hours_of_a_clock_change_are_told_apart() -> None:
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))

    assert written(first) < written(second)


def test_no_instant_is_no_text() -> None:
    assert Instant().process_bind_param(None, DIALECT) is None
    assert Instant().process_result_value(None, DIALECT) is None


def test_an_instant_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="aware"):
        written(NOW.replace(tzinfo=None))


@given(st.text(st.characters()))
def test_sealed_text_comes_back_whatever_a_phone_can_type(text: str) -> None:
    ring = new_ring()

    assert ring.unseal(ring.seal(text)) == text


def test_half_an_emoji_can_be_sealed() -> None:
    ring = new_ring()

    assert ring.unseal(ring.seal("a\ud83d")) == "a\ud83d"


def test_the_same_words_sealed_twice_look_different() -> None:
    ring = new_ring()

    assert ring.seal("Ana") != ring.seal("Ana")


def test_an_older_key_of_the_ring_still_opens_and_the_newest_seals() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    before, after = KeyRing([old], INDEX_KEY), KeyRing([new, old], INDEX_KEY)

    assert after.unseal(before.seal("Ana")) == "Ana"
    with pytest.raises(StoreRefusedError):
        before.unseal(after.seal("Ana"))


def test_other_keys_open_nothing_and_say_so() -> None:
    with pytest.raises(StoreRefusedError, match="The keys do not open this database"):
        new_ring().unseal(new_ring().seal("Ana"))


def test_a_seal_that_was_tampered_with_does_not_open() -> None:
    ring = new_ring()
    sealed = bytearray(ring.seal("Ana"))
    sealed[-1] ^= 1

    with pytest.raises(StoreRefusedError):
        ring.unseal(bytes(sealed))


def test_a_blind_index_finds_the_same_value_for_the_same_purpose_only() -> None:
    ring = new_ring()

    assert ring.blind("chat", 200) == ring.blind("chat", "200")
    assert len({ring.blind("chat", 200), ring.blind("update", 200), ring.blind("chat", 201)}) == 3


def test_a_blind_index_depends_on_its_key_and_not_on_the_seals() -> None:
    seals = [Fernet.generate_key().decode()]

    assert KeyRing(seals, INDEX_KEY).blind("chat", 200) == new_seals().blind("chat", 200)
    assert KeyRing(seals, INDEX_KEY).blind("chat", 200) != KeyRing(seals, b"j" * 32).blind("chat", 200)


def new_seals() -> KeyRing:
    return KeyRing([Fernet.generate_key().decode()], INDEX_KEY)


def test_a_key_ring_never_shows_its_keys() -> None:
    key = Fernet.generate_key().decode()
    ring = KeyRing([key], INDEX_KEY)

    assert key not in f"{ring!r} {ring} {vars(ring)}"
