"""The document of the rules names every rule, every setting and every default, as they are."""

from pathlib import Path

import pytest

from bot.config import Alliance
from bot.domain.alliance import Rule

DOCUMENT = (Path(__file__).parents[1] / "docs" / "alliance.md").read_text()
LINES = [line for line in DOCUMENT.splitlines() if line.startswith("| `")]
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in LINES]


@pytest.mark.parametrize("rule", Rule)
def test_every_rule_has_a_row_with_meaning_setting_default_channel_and_source(rule: Rule) -> None:
    (row,) = [cells for cells in ROWS if cells[0] == f"`{rule}`" and len(cells) == 6]

    assert all(row)


@pytest.mark.parametrize("name", sorted(set(Alliance.model_fields) - {"rules"}))
def test_every_setting_is_there_with_its_default(name: str) -> None:
    default = Alliance.model_fields[name].default
    shown = "5m" if name == "grace" else str(default)
    (documented,) = [pair for cells in ROWS for pair in _settings(cells) if pair[0] == name]

    assert documented == (name, shown)


def _settings(cells: list[str]) -> list[tuple[str, str]]:
    """Return the settings of a row with their defaults: the third and fourth cell of a rule's, else the first two."""
    names, defaults = (cells[2], cells[3]) if len(cells) == 6 else (cells[0], cells[1])
    pairs = zip(names.split(","), defaults.split(","), strict=True)
    return [(name.strip("` "), default.strip()) for name, default in pairs]
