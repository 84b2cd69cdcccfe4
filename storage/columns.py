"""Column kinds of our own: instants in UTC, sealed text, blind indexes.

Sealed columns can be read only with the key ring; what must be found again (a chat, a token) has a blind index
beside it: a keyed hash, under a key of its own.  Uniqueness sits on blind indexes, never on sealed columns.
"""

import base64
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

from bot.domain.errors import StoreRefusedError


class Instant(TypeDecorator[datetime]):
    """An aware instant as fixed-width UTC text, so that order in SQL is order in time."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write UTC; a naive datetime is a mistake (ValueError)."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("instants are aware")
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read UTC."""
        del dialect
        return None if value is None else datetime.fromisoformat(value)


class KeyRing:
    """Seals text and makes blind indexes.  The first sealing key writes; all of them can read."""

    def __init__(self, seal_keys: Sequence[str], index_key: bytes) -> None:
        seals = [Fernet(key) for key in seal_keys]
        self._newest = seals[0]
        self._seals = MultiFernet(seals)
        self._index_key = index_key

    def __repr__(self) -> str:
        return "KeyRing(…)"

    def seal(self, text: str) -> bytes:
        """Encrypt and authenticate; the stored form is half the size of Fernet's own base64."""
        return base64.urlsafe_b64decode(self._seals.encrypt(text.encode("utf-8", "surrogatepass")))

    def unseal(self, sealed: bytes) -> str:
        """Open what `seal` made; StoreRefusedError when the keys are not the ones it was sealed with."""
        try:
            opened = self._seals.decrypt(base64.urlsafe_b64encode(sealed))
        except InvalidToken:
            raise StoreRefusedError("The keys do not open this database. Nothing was changed.") from None
        return opened.decode("utf-8", "surrogatepass")

    def resealed(self, sealed: bytes) -> bytes | None:
        """Return the same text sealed with the newest key, None if it is already; StoreRefusedError as in `unseal`."""
        token = base64.urlsafe_b64encode(sealed)
        try:
            self._newest.decrypt(token)
        except InvalidToken:
            return self.seal(self.unseal(sealed))
        return None

    def blind(self, purpose: str, value: object) -> bytes:
        """Return the keyed hash of `value`; the same value under two purposes gives two hashes."""
        return hmac.digest(self._index_key, f"{purpose}:{value}".encode("utf-8", "surrogatepass"), sha256)
