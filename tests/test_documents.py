"""The document of the rules names what there is, as it is; every document is listed, and links lead somewhere."""

import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.config import Alliance
from bot.domain.alarms import Alarm
from bot.domain.alliance import Rule
from bot.metrics import Metrics
from handlers.screens_alarms import DAMAGED, SECTIONS

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
DOCUMENT = (ROOT / "docs" / "alliance.md").read_text()
ALARMS = (ROOT / "docs" / "alarms.md").read_text("utf-8")
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


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    linked = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text("utf-8"))

    assert [link for link in linked if not (document.parent / link).exists()] == []


def anchors(document: Path) -> set[str]:
    """Return under which names the headings of a document can be pointed to, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_heading_leads_to_one(document: Path) -> None:
    linked = re.findall(r"\]\(([^):#]*\.md)?#([^)]+)\)", document.read_text("utf-8"))

    assert [
        (file, name) for file, name in linked if name not in anchors(document.parent / file if file else document)
    ] == []


@pytest.mark.parametrize(
    ("index", "listed"), [("README.md", "docs/*.md"), ("docs/decisions/README.md", "docs/decisions/0*.md")]
)
def test_every_document_is_listed(index: str, listed: str) -> None:
    names = [str(path.relative_to((ROOT / index).parent)) for path in ROOT.glob(listed)]

    assert names
    assert [name for name in names if f"({name})" not in (ROOT / index).read_text("utf-8")] == []


@pytest.mark.parametrize("alarm", Alarm)
def test_every_alarm_has_a_row_and_the_section_that_its_message_names(alarm: Alarm) -> None:
    assert f"| `{alarm}` |" in ALARMS
    assert f"### {SECTIONS[alarm]}\n" in ALARMS
    assert f"### {DAMAGED}\n" in ALARMS


def test_every_figure_is_documented_and_no_other() -> None:
    families = text_string_to_metric_families(Metrics().text().decode())
    exposed = {family.name + ("_total" if family.type == "counter" else "") for family in families}

    assert set(re.findall(r"^\| `(microchequeo_\w+)", ALARMS, re.MULTILINE)) == exposed


def test_every_decision_that_is_named_exists() -> None:
    kept = {path.name[:4] for path in (ROOT / "docs/decisions").glob("0*.md")}
    code = [path for room in ("bot", "handlers", "storage") for path in (ROOT / room).rglob("*.py")]
    written = "\n".join(path.read_text("utf-8") for path in [*code, *DOCUMENTS])
    named = set(re.findall(r"decision (0\d{3})", written))

    assert named
    assert named - kept == set()
