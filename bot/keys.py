"""The keys of the sealed fields and of the backups: made by `microchequeo init`, kept where only their owner can read.

Three places, the first that has them counts: the environment, a systemd credential, the key file.  All hold the same
text.  Never part of the configuration, of a message or of a `repr`.  Without them the data cannot be read by anyone.
"""

import base64
import json
import os
import secrets
from binascii import Error as NotBase64
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.config import Config
from bot.domain.errors import ConfigurationError

VARIABLE: Final = "MICROCHEQUEO_KEYS"
CREDENTIALS: Final = "CREDENTIALS_DIRECTORY"
CREDENTIAL: Final = "microchequeo.key"
KEY_BYTES: Final = 32
KEPT_ANYWAY: Final = 2
"""Backup keys that stay in the ring whatever lies in the backup folder: copies may have been taken elsewhere."""

OTHERS: Final = 0o077
"""The mode bits that let anyone but the owner in."""


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """`seal`: Fernet keys; `index`: 32 bytes for the blind indexes; `backup`: 32 bytes each.

    Rings have the newest key first: it writes, all of them read.
    """

    seal: tuple[str, ...]
    index: bytes
    backup: tuple[bytes, ...]

    def __repr__(self) -> str:
        return "Keys(…)"

    def secrets(self) -> tuple[str, ...]:
        """Return every form in which a key could be written, for striking it out of logs."""
        return (*self.seal, *map(_written, (self.index, *self.backup)))

    def with_newer(self) -> Self:
        """Return the rings with a new key in front of each; the index key stays (decision 0010)."""
        new = new_keys()
        return replace(self, seal=new.seal + self.seal, backup=new.backup + self.backup)

    def without_older(self, still_read: Collection[bytes]) -> Self:
        """Return the newest sealing key alone; of the backup keys, the two newest and those that are `still_read`."""
        older = (key for key in self.backup[KEPT_ANYWAY:] if key in still_read)
        return replace(self, seal=self.seal[:1], backup=(*self.backup[:KEPT_ANYWAY], *older))


@dataclass(frozen=True, slots=True, repr=False)
class Carried:
    """Keys that do not come from the key file: the place, for sentences, and the text."""

    place: str
    text: str


def new_keys() -> Keys:
    """Make keys that nobody has seen."""
    index, backup = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES)
    return Keys((Fernet.generate_key().decode("ascii"),), index, (backup,))


def carried_keys() -> Carried | None:
    """Return what the environment or systemd brings instead of a key file.  Raises ConfigurationError."""
    text = os.environ.get(VARIABLE, "")
    if text:
        return Carried(VARIABLE, text)
    folder = os.environ.get(CREDENTIALS, "")
    credential = Path(folder) / CREDENTIAL
    if not folder or not credential.exists():
        return None
    place = f"the systemd credential {CREDENTIAL}"
    try:
        return Carried(place, credential.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{place} cannot be read ({_why(error)}).") from None


def load_keys(config: Config) -> Keys:
    """Return the keys from wherever they are.  Raises ConfigurationError, in which they never appear."""
    carried = carried_keys()
    return _parsed(carried.text, carried.place) if carried else load_key_file(config.privacy.key_file)


def load_key_file(path: Path) -> Keys:
    """Return the keys of a key file that nobody but its owner can read.  Raises ConfigurationError."""
    try:
        mode = path.stat().st_mode
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise ConfigurationError(
            f"[privacy] key_file: {path} does not exist; `microchequeo init` makes one, or put your copy back."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"[privacy] key_file: {path} cannot be read ({_why(error)}).") from None
    if mode & OTHERS and os.name == "posix":
        raise ConfigurationError(f"[privacy] key_file: others can read {path}; run: chmod 600 {path}")
    return _parsed(text, str(path))


def write_keys(path: Path) -> None:
    """Write new keys to `path`, readable by its owner alone.  FileExistsError rather than replacing any."""
    write_private(path, _text(new_keys()))


def save_keys(path: Path, keys: Keys) -> None:
    """Put `keys` in the place of those in the file: all of them or none, whenever the power goes.

    Raises ConfigurationError; then the file is as it was.
    """
    file = path.resolve()
    new = file.with_name(f"{file.name}.new")
    try:
        new.unlink(missing_ok=True)
        write_private(new, _text(keys))
        owner, mine = file.stat(), new.stat()
        if (owner.st_uid, owner.st_gid) != (mine.st_uid, mine.st_gid):  # root turns the keys of the bot's own account
            os.chown(new, owner.st_uid, owner.st_gid)
        new.replace(file)
        _settle(file.parent)
    except OSError as error:
        raise ConfigurationError(f"[privacy] key_file: {path} cannot be written ({_why(error)}).") from None


def write_private(path: Path, text: str) -> None:
    """Create a file that nobody but its owner can ever have read.  FileExistsError if it is there."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Make a new name in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _text(keys: Keys) -> str:
    fields = {"seal": keys.seal, "index": _written(keys.index), "backup": [_written(key) for key in keys.backup]}
    return json.dumps(fields, indent=2) + "\n"


def _parsed(text: str, where: str) -> Keys:
    try:
        found = json.loads(text)
        index = _read(found["index"])
        backup = tuple(_read(key) for key in found.get("backup", ())) or (_derived(index),)
        keys = Keys(tuple(found["seal"]), index, backup)
        usable = bool(keys.seal and [Fernet(key) for key in keys.seal])
    except (ValueError, KeyError, TypeError, AttributeError, NotBase64):
        usable, keys = False, Keys((), b"", ())
    if not usable:
        raise ConfigurationError(
            f"{where} does not hold keys as `microchequeo init` writes them; put an unharmed copy back."
        )
    return keys


def _derived(index: bytes) -> bytes:
    """Return the backup key of keys that were written before there were backups: the same from every copy of them."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"microchequeo: backups").derive(index)


def _read(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("a key of another length")
    return key


def _written(key: bytes) -> str:
    return base64.b64encode(key).decode("ascii")


def _why(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or "no reason given" if isinstance(error, OSError) else "it is not text"
