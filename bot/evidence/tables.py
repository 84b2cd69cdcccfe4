"""What is counted, as tables for a terminal: every number with its interval, every gap with its reason."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from rich.table import Table

from bot.domain.alliance import Rule, Rules, mean
from bot.evidence.counting import PUSHES, Tally
from bot.evidence.intervals import Estimate, per_session, per_year
from bot.evidence.published import Compared
from bot.evidence.trials import Detection

NONE: Final = "—"
WORDS: Final = {rule: rule.replace("_", " ") for rule in Rule} | {PUSHES: "all pushes together"}
NOT_MADE_UP: Final = (Rule.PENDING,)
"""The generator has no third question: nothing is known about how its answers scatter."""


def says(row: str, rules: Rules) -> str:
    """Say when a rule tells, with its threshold in points of ten."""
    return _SAYS[row](rules) if row == PUSHES or row in rules.on else "off"


_SAYS: Final[Mapping[str, Callable[[Rules], str]]] = {
    Rule.DROP: lambda rules: f"mean falls ≥ {mean(rules.drop):g}",
    Rule.ITEM_DROP: lambda rules: f"one item falls ≥ {rules.item_drop}, no drop",
    Rule.SLIDE: lambda rules: f"≥ {mean(rules.slide):g} below the start, or 3 falls ≥ {mean(rules.falls):g}",
    Rule.SILENCE: lambda rules: f"{rules.silence} unanswered, or 1 after a drop",
    Rule.LOW_START: lambda rules: f"first mean < {mean(rules.low_start):g}",
    Rule.PENDING: lambda rules: f"pending ≥ {rules.pending}",
    Rule.CEILING: lambda rules: f"{rules.ceiling} times all tens",
    PUSHES: lambda _: "written to at once",
}


def rows(rules: Rules, *, has_pending: bool) -> list[str]:
    """Return the rows that can say something: the rules that are on, without that of a question nobody answered."""
    return [rule for rule in Rule if rule in rules.on and (has_pending or rule is not Rule.PENDING)] + [PUSHES]


def counted(tally: Tally, rules: Rules, *, has_pending: bool) -> Table:
    """Show what the rules found in a file."""
    table = _table("rule", "when", *("alerts", "per 100 sessions", "per patient-year", "patients"))
    shown = rows(rules, has_pending=has_pending)
    for row in (*Rule, PUSHES):
        if row in shown:
            table.add_row(WORDS[row], says(row, rules), *_counts(tally, row))
        else:
            table.add_row(WORDS[row], says(row, rules), *[NONE] * 4)
    return table


def _counts(tally: Tally, row: str) -> Iterable[str]:
    alerts = tally.alerts[row]
    yearly = per_year(alerts, tally.years) if tally.years else None
    yield f"{sum(alerts):,}"
    yield shown(per_session(alerts, tally.sessions).times(100))
    yield shown(yearly) if yearly else NONE
    yield f"{tally.patients_with(row):,} of {len(alerts):,}"


def false_alarms(tallies: Mapping[str, Tally], rules: Rules) -> Table:
    """Show, for each scenario, the alerts of stable patients per 100 sessions, and how many patients had any."""
    table = _table("rule", "when", *tallies)
    for row in rows(rules, has_pending=False):
        cells = [_false_alarm(tally, row) for tally in tallies.values()]
        table.add_row(WORDS[row], says(row, rules), *cells)
    return table


def _false_alarm(tally: Tally, row: str) -> str:
    rate = per_session(tally.alerts[row], tally.sessions).times(100)
    return f"{shown(rate)}\n{_percent(tally.patients_with(row), len(tally.sessions))} of patients"


def detected(found: Mapping[str, Mapping[str, Detection]], rules: Rules) -> Table:
    """Show, for each kind of course, the patients in whom a rule found something, and after how many sessions."""
    table = _table("rule", *found)
    for row in rows(rules, has_pending=False):
        table.add_row(WORDS[row], *(_detection(detections[row]) for detections in found.values()))
    return table


def _detection(detection: Detection) -> str:
    delay = NONE if detection.delay is None else f"+{detection.delay}"
    return f"{shown(detection.share.times(100), digits=0)} %\n{delay}"


def against_field(table_of: Mapping[str, Sequence[Compared]], scenarios: Sequence[str]) -> Table:
    """Show our figures beside FIELD's: ours ± its standard error, FIELD's, and whether they agree."""
    table = _table("ours ± standard error | FIELD", *scenarios)
    for name, compared in table_of.items():
        table.add_row(name, *map(_compared, compared))
    return table


def sensitivities_against_field(compared: Iterable[Compared]) -> Table:
    """Show the same for what happens to patients of scenario A."""
    table = _table("scenario A, % found", "ours ± standard error | FIELD")
    for one in compared:
        table.add_row(one.name, _compared(one))
    return table


def _compared(one: Compared) -> str:
    digits = one.digits + 1
    mark = "[green]✓[/]" if one.agrees else "[red]✗[/]"
    return f"{one.ours:.{digits}f} ± {one.error:.{digits}f} | {one.published} {mark}"


def shown(estimate: Estimate, digits: int = 1) -> str:
    """Write a rate and its interval."""
    return f"{estimate.rate:.{digits}f} ({estimate.low:.{digits}f}–{estimate.high:.{digits}f})"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %"


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(column)
    return table
