"""What `microchequeo init` leaves behind: settings from the example, keys, the data folder, perhaps the token.

Nothing that exists is ever replaced; a second run completes what a first one left out.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Final

from bot.config import Config, load
from bot.domain.errors import ConfigurationError
from bot.keys import VARIABLE, write_keys, write_private

EXAMPLE: Final = "config.example.toml"
TOKEN_FILE: Final = Path("data/telegram.token")
OWNER_ONLY: Final = 0o700


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person wants otherwise than the example says; `token` is written to a file of its own."""

    timezone: str | None = None
    country: str | None = None
    language: str | None = None
    token_file: Path | None = None
    token: str | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        return "Choices(…)"


@dataclass(frozen=True, slots=True)
class Piece:
    """A file or folder of the installation; `made` is False if it was there before."""

    path: Path
    made: bool


def install(path: Path, choices: Choices, *, keys_elsewhere: bool) -> list[Piece]:
    """Make what is missing and return every piece in order.  Raises ConfigurationError if something cannot be made.

    `keys_elsewhere`: the environment carries the keys, so no key file is made.
    """
    try:
        return list(_pieces(path, choices, keys_elsewhere=keys_elsewhere))
    except OSError as error:
        raise ConfigurationError(f"{error.filename} cannot be made: {error.strerror}.") from None


def example() -> str:
    """Return the text of the example configuration: beside the package in a checkout, inside it when installed."""
    package = resources.files("bot")
    packaged = package.joinpath(EXAMPLE)
    return (packaged if packaged.is_file() else Path(str(package)).parent / EXAMPLE).read_text("utf-8")


def _pieces(path: Path, choices: Choices, *, keys_elsewhere: bool) -> Iterator[Piece]:
    if not path.exists():
        if choices.token:
            yield from _folder(path.parent / TOKEN_FILE.parent)
            yield _private(path.parent / TOKEN_FILE, choices.token + "\n")
        path.parent.mkdir(parents=True, exist_ok=True)
        yield _private(path, _chosen(example(), path, choices))
    else:
        yield Piece(path, made=False)
    config = load(path)
    yield from _folder(config.database.folder)
    if not keys_elsewhere:
        yield from _folder(config.privacy.key_file.parent)
        yield _key_file(config)


def _folder(path: Path) -> Iterator[Piece]:
    if not path.is_dir():
        path.mkdir(mode=OWNER_ONLY, parents=True)
        yield Piece(path, made=True)


def _private(path: Path, text: str) -> Piece:
    try:
        write_private(path, text)
    except FileExistsError:
        return Piece(path, made=False)
    return Piece(path, made=True)


def _key_file(config: Config) -> Piece:
    path = config.privacy.key_file
    if path.exists():
        return Piece(path, made=False)
    if config.database.is_file and config.database.path.exists():
        raise ConfigurationError(
            f"{config.database.path} is there but its key file {path} is not, and new keys could not read it; "
            f"put your copy of the key file back, or give its content in {VARIABLE}."
        )
    write_keys(path)
    return Piece(path, made=True)


def _chosen(text: str, path: Path, choices: Choices) -> str:
    token_file = TOKEN_FILE if choices.token else choices.token_file
    values = {
        "timezone": choices.timezone,
        "country": choices.country,
        "language": choices.language,
        "token_file": token_file and _as_seen_from(path.absolute().parent, token_file),
    }
    for key, value in values.items():
        if value:
            text = _set(text, key, value)
    return text


def _set(text: str, key: str, value: str) -> str:
    line = f"{key} = {json.dumps(value, ensure_ascii=False)}"
    return re.sub(rf"^(# )?{key} = .*$", lambda _: line, text, count=1, flags=re.MULTILINE)


def _as_seen_from(folder: Path, file: Path) -> str:
    """Write a path as the configuration reads it: relative to its own folder where possible."""
    if file is TOKEN_FILE:
        return file.as_posix()
    there = file.expanduser().absolute()
    return (there.relative_to(folder) if there.is_relative_to(folder) else there).as_posix()
