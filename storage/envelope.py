"""A stream of bytes sealed into a file: it can be neither read nor changed, cut short or reordered unnoticed.

    header   16 bytes  format and its version
              8 bytes  name of the key (a hash of it)
             32 bytes  salt: each file has a key of its own, HKDF-SHA256(key, salt)
    chunks   64 KiB of the stream each, the last one what is left, each with the 16 bytes of its tag

Chunk n is sealed with ChaCha20-Poly1305 under the nonce n (11 bytes, big-endian) followed by 1 for the last chunk and 0
for all others; the header is authenticated with each.  This is the STREAM construction (Hoang, Reyhanitabar, Rogaway,
Vizár 2015) as the age format uses it.  Memory: two chunks, however long the stream is.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import BinaryIO, Final, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.domain.errors import StoreRefusedError

FORMAT: Final = b"microchequeo\x00\x00\x00\x01"
NAME_BYTES: Final = 8
SALT_BYTES: Final = 32
HEADER_BYTES: Final = len(FORMAT) + NAME_BYTES + SALT_BYTES
CHUNK: Final = 64 * 1024
TAG: Final = 16

T = TypeVar("T")


def name_of(key: bytes) -> bytes:
    """Return what a file calls the key it was sealed with (8 bytes, from which the key cannot be told)."""
    return sha256(b"microchequeo: name of a key" + key).digest()[:NAME_BYTES]


def key_name(file: BinaryIO) -> bytes:
    """Return the name of the key a file was sealed with.  StoreRefusedError if the file is of another kind."""
    return _named(file.read(HEADER_BYTES))


def seal(parts: Iterable[bytes], file: BinaryIO, key: bytes) -> None:
    """Write the stream of `parts`, however long each is, sealed into `file`; `key` has 32 bytes."""
    header = FORMAT + name_of(key) + os.urandom(SALT_BYTES)
    cipher = _cipher(key, header)
    chunks = enumerate(_with_last(_chunks(parts)))
    file.write(header)
    file.writelines(cipher.encrypt(_nonce(number, last=last), chunk, header) for number, (chunk, last) in chunks)


def unseal(file: BinaryIO, keys: Sequence[bytes]) -> Iterator[bytes]:
    """Yield the stream in chunks of 64 KiB, each of them genuine.

    Only who has come to the end knows that nothing is missing.  Raises StoreRefusedError for a file of another kind or
    another key, and for one that was changed or cut short.
    """
    header = file.read(HEADER_BYTES)
    name = _named(header)
    key = next((key for key in keys if name_of(key) == name), None)
    if key is None:
        raise StoreRefusedError("It was made with other keys than those that are here; put those back first.")
    cipher, number = _cipher(key, header), -1
    for number, (chunk, last) in enumerate(_with_last(iter(lambda: file.read(CHUNK + TAG), b""))):
        try:
            yield cipher.decrypt(_nonce(number, last=last), chunk, header)
        except InvalidTag:
            raise StoreRefusedError("It is damaged or incomplete; take another copy of it or another backup.") from None
    if number < 0:
        raise StoreRefusedError("It is incomplete; take another copy of it or another backup.")


def _named(header: bytes) -> bytes:
    if len(header) < HEADER_BYTES or not header.startswith(FORMAT):
        raise StoreRefusedError("It is no backup of Microchequeo, or one of a newer version.")
    return header[len(FORMAT) : len(FORMAT) + NAME_BYTES]


def _cipher(key: bytes, header: bytes) -> ChaCha20Poly1305:
    salt = header[-SALT_BYTES:]
    return ChaCha20Poly1305(HKDF(SHA256(), len(key), salt=salt, info=b"microchequeo: envelope").derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _chunks(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Cut a stream into chunks of equal size; the last one holds what is left, which is nothing only of nothing."""
    kept = bytearray()
    for part in parts:
        kept += part
        while len(kept) > CHUNK:
            yield bytes(kept[:CHUNK])
            del kept[:CHUNK]
    yield bytes(kept)


def _with_last(items: Iterable[T]) -> Iterator[tuple[T, bool]]:
    """Say of each item whether it is the last."""
    rest = iter(items)
    for held in rest:
        for item in rest:
            yield held, False
            held = item  # noqa: PLW2901 - one item is always held back
        yield held, True
