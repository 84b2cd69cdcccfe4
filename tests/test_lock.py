"""What is installed is what was looked at: every package pinned to one version, with its hashes, from no odd place."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PINNED = re.compile(r"(?P<name>[a-z0-9][a-z0-9._-]*)(\[[a-z,-]+\])?==(?P<version>[^\s;]+)( ; .+)?")


LOCK, RUNNING, BENCH = "requirements.lock", "requirements-run.lock", "requirements-bench.lock"
LOCKS = pytest.mark.parametrize("lock", [LOCK, RUNNING, BENCH])


def requirements(lock: str = LOCK) -> Iterator[list[str]]:
    """Give each entry of a lock: its first line and the hashes below it."""
    lines = (ROOT / lock).read_text("utf-8").splitlines()
    entry: list[str] = []
    for line in (line.strip().removesuffix(" \\") for line in lines if line and not line.lstrip().startswith("#")):
        if not line.startswith("--hash"):
            if entry:
                yield entry
            entry = []
        entry.append(line)
    yield entry


@LOCKS
def test_every_requirement_is_pinned_and_has_hashes(lock: str) -> None:
    entries = list(requirements(lock))
    loose = [one[0] for one in entries if not PINNED.fullmatch(one[0])]
    bare = [one[0] for one in entries if not all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", h) for h in one[1:])]

    assert loose == []
    assert bare == []
    assert [one[0] for one in entries if len(one) == 1] == []


@LOCKS
def test_no_package_comes_from_an_odd_place(lock: str) -> None:
    said = (ROOT / lock).read_text("utf-8")

    assert not re.search(r"https?://|@ |--index-url|--extra-index-url|--find-links", said)


def test_what_runs_on_a_server_is_what_was_tested_without_the_tools_of_testing() -> None:
    tested, running = list(requirements()), list(requirements(RUNNING))

    assert [one for one in running if one not in tested] == []
    assert {"pytest", "mypy", "ruff", "hypothesis"} & {one[0].partition("==")[0] for one in running} == set()


def test_everything_the_product_asks_for_is_in_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {re.split(r"[\[<>=!~ ]", one)[0].lower().replace("_", "-") for one in project["dependencies"]}
    locked = {one[0].partition("==")[0].partition("[")[0].lower().replace("_", "-") for one in requirements(RUNNING)}

    assert {name.replace(".", "-") for name in wanted} <= {name.replace(".", "-") for name in locked}


def test_the_rules_against_insecure_code_are_switched_on() -> None:
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]

    assert lint["select"] == ["ALL"]
    assert not [rule for rule in lint["ignore"] if re.fullmatch(r"S\d*", rule)]
