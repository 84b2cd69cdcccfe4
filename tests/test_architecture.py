"""What the walls promise and no linter sees: the clock, the words, and that nothing is said or tapped into the void."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import GenericAlias, UnionType
from typing import Final, get_args

import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Message

from bot.domain.model import Language
from bot.domain.notices import ChatEmptied, Notice, Question
from bot.domain.notices_parked import Unreadable
from bot.texts import Texts
from handlers import keyboards
from handlers.actions import Action

ROOT: Final = Path(__file__).parent.parent
PACKAGES: Final = ("bot", "handlers", "storage")
CLOCK: Final = "bot/clock.py"
READS_THE_CLOCK: Final = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"),
    *("time.localtime", "time.gmtime", "time.strftime"),
}


def modules(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def dotted(node: ast.expr) -> str:
    """Return the last two names of an attribute: «datetime.now», also of `datetime.datetime.now`."""
    match node:
        case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name), attr=attribute):
            return f"{name}.{attribute}"
    return ""


def imported(tree: ast.Module) -> Iterator[str]:
    """Yield the top-level packages that a module imports, wherever in it."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (name.name.partition(".")[0] for name in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]


def test_only_one_module_reads_the_system_clock() -> None:
    readers = {name for name, tree in modules(*PACKAGES) for node in ast.walk(tree) if called(node) & READS_THE_CLOCK}

    assert readers == {CLOCK}


def called(node: ast.AST) -> set[str]:
    """Return what an expression names (called or handed on), also when it was imported by itself from `time`."""
    match node:
        case ast.Attribute():
            return {dotted(node)}
        case ast.ImportFrom(module="time", names=names):
            return {f"time.{name.name}" for name in names}
    return set()


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("telegram", {"handlers/", "bot/app.py"}),
        ("sqlalchemy", {"storage/"}),
        ("alembic", {"storage/"}),
        ("aiosqlite", {"storage/"}),
        ("sqlite3", {"storage/"}),
        ("apscheduler", {"bot/scheduler.py"}),
    ],
)
def test_each_library_has_its_home(library: str, homes: set[str]) -> None:
    users = {name for name, tree in modules(*PACKAGES) if library in imported(tree)}

    assert {name for name in users if not name.startswith(tuple(homes))} == set()
    assert users


def test_the_domain_knows_nothing_but_python() -> None:
    foreign = {(name, library) for name, tree in modules("bot/domain") for library in imported(tree)}

    assert {library for _, library in foreign} - sys.stdlib_module_names == {"bot"}


def test_nothing_is_imported_by_a_relative_path() -> None:
    relative = [name for name, tree in modules(*PACKAGES) for node in ast.walk(tree) if is_relative(node)]

    assert relative == []


def is_relative(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and node.level > 0


# The words

SAYS: Final = {"say": 1}
"""Methods that take a key, and where among their arguments."""


def keys_said(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SAYS:
            place = SAYS[node.func.attr]
            if len(node.args) > place:
                yield node.args[place]


def pattern(key: ast.expr) -> str | None:
    """Return what keys an expression can become, as a regular expression; None when it is a name."""
    match key:
        case ast.Constant(value=str(text)):
            return re.escape(text)
        case ast.JoinedStr(values=parts):
            return "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w-]+" for part in parts
            )
        case ast.IfExp(body=one, orelse=other):
            either = [pattern(one), pattern(other)]
            return None if None in either else f"(?:{'|'.join(filter(None, either))})"
    return None


KEYS_SAID: Final = {
    (name, found)
    for name, tree in modules("bot", "handlers")
    for key in keys_said(tree)
    if (found := pattern(key)) is not None
}


@pytest.mark.parametrize("language", Language)
def test_every_key_that_is_said_exists(language: Language) -> None:
    texts = Texts.load()
    known = known_keys(texts, language)

    missing = {(name, key) for name, key in KEYS_SAID if not any(re.fullmatch(key, each) for each in known)}

    assert missing == set()
    assert len(KEYS_SAID) > 100, "the search for keys finds hardly any: has `say` another name now?"


def known_keys(texts: Texts, language: Language) -> set[str]:
    resource = FluentParser().parse("".join(texts.books[language].written.values()))
    messages = [entry for entry in resource.body if isinstance(entry, Message)]
    attributes = {f"{message.id.name}.{one.id.name}" for message in messages for one in message.attributes}
    return {message.id.name for message in messages if message.value is not None} | attributes


# What is told, and what is tapped


def members(union: UnionType | GenericAlias) -> set[str]:
    return {kind.__name__ for kind in get_args(union)}


def table(module: str, name: str) -> set[str]:
    """Return the keys of a dictionary in the source, as the last name of each."""
    tree = ast.parse((ROOT / module).read_text("utf-8"))
    for node in ast.walk(tree):
        match node:
            case (
                ast.AnnAssign(target=ast.Name(id=target) | ast.Attribute(attr=target), value=ast.Dict(keys=keys))
                | ast.Assign(targets=[ast.Name(id=target) | ast.Attribute(attr=target)], value=ast.Dict(keys=keys))
            ) if target == name:
                return {ast.unparse(key).rpartition(".")[2] for key in keys if key is not None}
    raise LookupError(f"{module} has no table {name}")


UNSHOWN = {Question.__name__, ChatEmptied.__name__, Unreadable.__name__}
"""Notices that are no text of their own, or none at all."""


def test_every_notice_has_a_render() -> None:
    assert table("handlers/notices.py", "_renders") == members(Notice) - UNSHOWN


def test_every_button_leads_to_a_room() -> None:
    assert table("handlers/__init__.py", "rooms") == members(Action)


def test_every_button_can_be_written_and_read() -> None:
    assert {kind.__name__ for kind in keyboards._WRITERS} == members(Action)


def test_modules_are_read_in_one_sitting() -> None:
    lengths = {name: len((ROOT / name).read_text("utf-8").splitlines()) for name, _ in modules(*PACKAGES)}

    assert {name: length for name, length in lengths.items() if length > 500} == {}


def test_every_module_says_what_it_owns() -> None:
    silent = [name for name, tree in modules(*PACKAGES) if ast.get_docstring(tree) is None]

    assert [name for name in silent if "migrations/versions" not in name] == []
