"""What is installed is what was looked at: every package pinned to one version, with its hashes, from no odd place."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PINNED = re.compile(r"(?P<name>[a-z0-9][a-z0-9._-]*)(\[[a-z,-]+\])?==(?P<version>[^\s;]+)( ; .+)?")


def requirements() -> Iterator[list[str]]:
    """Give each entry of the lock: its first line and the hashes below it."""
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    entry: list[str] = []
    for line in (line.strip().removesuffix(" \\") for line in lines if line and not line.lstrip().startswith("#")):
        if not line.startswith("--hash"):
            if entry:
                yield entry
            entry = []
        entry.append(line)
    yield entry


def test_every_requirement_is_pinned_and_has_hashes() -> None:
    loose = [one[0] for one in requirements() if not PINNED.fullmatch(one[0])]
    bare = [
        one[0] for one in requirements() if not all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", h) for h in one[1:])
    ]

    assert loose == []
    assert bare == []
    assert [one[0] for one in requirements() if len(one) == 1] == []


def test_no_package_comes_from_an_odd_place() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")

    assert not re.search(r"https?://|@ |--index-url|--extra-index-url|--find-links", lock)


def test_everything_the_product_asks_for_is_in_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {re.split(r"[\[<>=!~ ]", one)[0].lower().replace("_", "-") for one in project["dependencies"]}
    locked = {one[0].partition("==")[0].partition("[")[0].lower().replace("_", "-") for one in requirements()}

    assert {name.replace(".", "-") for name in wanted} <= {name.replace(".", "-") for name in locked}


def test_the_rules_against_insecure_code_are_switched_on() -> None:
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]

    assert lint["select"] == ["ALL"]
    assert not [rule for rule in lint["ignore"] if re.fullmatch(r"S\d*", rule)]
