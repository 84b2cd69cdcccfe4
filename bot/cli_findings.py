"""How findings look on a terminal: a mark, what was looked at, what was found."""

from collections.abc import Iterable

from rich.markup import escape
from rich.table import Table

from bot.checks import Finding


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
