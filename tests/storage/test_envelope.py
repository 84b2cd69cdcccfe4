"""A sealed stream comes back as it was, or not at all."""

import io
import os
import tempfile
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import StoreRefusedError
from storage.envelope import CHUNK, HEADER_BYTES, TAG, key_name, name_of, seal, unseal

KEY = b"k" * 32
SEALED_CHUNK = CHUNK + TAG


def sealed(content: bytes, key: bytes = KEY) -> bytes:
    file = io.BytesIO()
    seal([content], file, key)
    return file.getvalue()


def opened(file: bytes, *keys: bytes) -> bytes:
    return b"".join(unseal(io.BytesIO(file), keys or [KEY]))


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_sealed_comes_back_as_it_was(length: int) -> None:
    content = os.urandom(length)

    assert opened(sealed(content)) == content


@given(st.lists(st.binary(max_size=200_000), max_size=4))
@settings(max_examples=30)
def test_how_a_stream_was_handed_in_makes_no_difference(parts: list[bytes]) -> None:
    file = io.BytesIO()

    seal(parts, file, KEY)

    assert opened(file.getvalue()) == b"".join(parts)
    assert len(file.getvalue()) == HEADER_BYTES + len(b"".join(parts)) + TAG * max(1, -(-len(b"".join(parts)) // CHUNK))


def test_the_same_content_never_looks_the_same() -> None:
    one, other = sealed(b"same"), sealed(b"same")

    assert one != other
    assert b"same" not in one + other


@given(st.data())
@settings(max_examples=100)
def test_one_bit_changed_anywhere_is_noticed(data: st.DataObject) -> None:
    file = bytearray(sealed(b"palabras" * 20))
    place = data.draw(st.integers(0, len(file) - 1))
    file[place] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(StoreRefusedError):
        opened(bytes(file))


@pytest.mark.parametrize(
    "length",
    [0, 1, HEADER_BYTES - 1, HEADER_BYTES, HEADER_BYTES + 1, HEADER_BYTES + SEALED_CHUNK, -SEALED_CHUNK, -1],
)
def test_a_file_cut_short_anywhere_is_noticed(length: int) -> None:
    file = sealed(bytes(3 * CHUNK))

    with pytest.raises(StoreRefusedError):
        opened(file[:length])


def chunks_of(file: bytes) -> list[bytes]:
    return [file[at : at + SEALED_CHUNK] for at in range(HEADER_BYTES, len(file), SEALED_CHUNK)]


REARRANGED: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "two exchanged": lambda chunks: [chunks[1], chunks[0], *chunks[2:]],
    "one left out": lambda chunks: [chunks[0], *chunks[2:]],
    "one twice": lambda chunks: [chunks[0], *chunks],
    "the last twice": lambda chunks: [*chunks, chunks[-1]],
    "more after the end": lambda chunks: [*chunks, b"more"],
}


@pytest.mark.parametrize("rearranged", REARRANGED.values(), ids=REARRANGED)
def test_chunks_in_another_order_are_noticed(rearranged: Callable[[list[bytes]], list[bytes]]) -> None:
    file = sealed(os.urandom(3 * CHUNK))

    with pytest.raises(StoreRefusedError):
        opened(file[:HEADER_BYTES] + b"".join(rearranged(chunks_of(file))))


def test_chunks_of_another_file_are_noticed() -> None:
    one, other = sealed(bytes(2 * CHUNK)), sealed(bytes(2 * CHUNK))

    with pytest.raises(StoreRefusedError):
        opened(one[: HEADER_BYTES + SEALED_CHUNK] + other[HEADER_BYTES + SEALED_CHUNK :])


def test_the_right_key_is_found_in_a_ring() -> None:
    assert opened(sealed(b"palabras"), b"a" * 32, KEY) == b"palabras"


def test_another_key_is_named_as_the_reason() -> None:
    with pytest.raises(StoreRefusedError, match="made with other keys"):
        opened(sealed(b"palabras"), b"a" * 32)


def test_a_file_says_which_key_it_needs_but_not_the_key() -> None:
    file = sealed(b"palabras")

    assert key_name(io.BytesIO(file)) == name_of(KEY)
    assert KEY not in file


def test_a_file_of_another_kind_is_named_as_such() -> None:
    with pytest.raises(StoreRefusedError, match="no backup of Microchequeo"):
        opened(b"SQLite format 3\x00" * 100)


def test_a_long_stream_needs_little_memory() -> None:
    part, count = bytes(CHUNK), 400
    with tempfile.TemporaryFile() as file:
        tracemalloc.start()
        seal((part for _ in range(count)), file, KEY)
        file.seek(0)
        length = sum(len(chunk) for chunk in unseal(file, [KEY]))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert length == count * CHUNK
    assert most < 20 * CHUNK
