"""How findings look on a terminal: a mark, what was looked at, what was found; and how what was put aside does."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.checks import Finding
from bot.domain.post import Aside


def table(findings: Iterable[Finding]) -> Table:
    """Return a line for each."""
    lines = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for finding in findings:
        lines.add_row(_mark(finding), finding.what, escape(finding.says))
    return lines


def _mark(finding: Finding) -> str:
    if finding.doubtful:
        return "[yellow]![/]"
    return "[green]✓[/]" if finding.fine else "[red]✗[/]"


def show_aside(found: Sequence[Aside], zone: ZoneInfo) -> None:
    """Print what was put aside, a row each, with its instant in the practice's zone."""
    rows = Table("number", "what", "since", "error", box=None, padding=(0, 2, 0, 0))
    for one in found:
        since = f"{one.row.parked_at.astimezone(zone):%Y-%m-%d %H:%M}"
        rows.add_row(one.number, escape(one.row.kind), since, escape(one.row.reason))
    Console().print(rows)
