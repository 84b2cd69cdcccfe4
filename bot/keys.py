"""The keys of the sealed fields: made once by `microchequeo init`, kept in a file that only its owner can read.

Never part of the configuration, of a message or of a `repr`.  Without them the data cannot be read by anyone.
"""

import base64
import json
import os
import secrets
from binascii import Error as NotBase64
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet

from bot.config import Config
from bot.domain.errors import ConfigurationError

VARIABLE: Final = "MICROCHEQUEO_KEYS"
INDEX_BYTES: Final = 32
OTHERS: Final = 0o077
"""The mode bits that let anyone but the owner in."""


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """`seal`: Fernet keys, the newest first; `index`: 32 bytes for the blind indexes."""

    seal: tuple[str, ...]
    index: bytes

    def __repr__(self) -> str:
        return "Keys(…)"

    def secrets(self) -> tuple[str, ...]:
        """Return every form in which a key could be written, for striking it out of logs."""
        return (*self.seal, _written(self.index))


def new_keys() -> Keys:
    """Make keys that nobody has seen."""
    return Keys((Fernet.generate_key().decode("ascii"),), secrets.token_bytes(INDEX_BYTES))


def carried_keys() -> str:
    """Return what MICROCHEQUEO_KEYS carries: the content of a key file, or nothing."""
    return os.environ.get(VARIABLE, "")


def load_keys(config: Config) -> Keys:
    """Return the keys from the environment or the key file.  Raises ConfigurationError, in which they never appear."""
    carried = carried_keys()
    if carried:
        return _parsed(carried, VARIABLE)
    path = config.privacy.key_file
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
    keys = new_keys()
    write_private(path, json.dumps({"seal": keys.seal, "index": _written(keys.index)}, indent=2) + "\n")


def write_private(path: Path, text: str) -> None:
    """Create a file that nobody but its owner can ever have read.  FileExistsError if it is there."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _parsed(text: str, where: str) -> Keys:
    try:
        found = json.loads(text)
        keys = Keys(tuple(found["seal"]), base64.b64decode(found["index"], validate=True))
        usable = bool(keys.seal and [Fernet(key) for key in keys.seal]) and len(keys.index) == INDEX_BYTES
    except (ValueError, KeyError, TypeError, AttributeError, NotBase64):
        usable, keys = False, Keys((), b"")
    if not usable:
        raise ConfigurationError(
            f"{where} does not hold keys as `microchequeo init` writes them; put an unharmed copy back."
        )
    return keys


def _written(key: bytes) -> str:
    return base64.b64encode(key).decode("ascii")


def _why(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or "no reason given" if isinstance(error, OSError) else "it is not text"
