"""`microchequeo replay`: how often the rules would have alerted, in a file of ratings or in made-up courses.

It needs no database, no token and no keys, and writes nothing but the chart.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from bot.config import Alliance, load
from bot.domain.alliance import Rules
from bot.evidence import chart, published, reading, tables, trials
from bot.evidence.counting import Tally, tally
from bot.evidence.generator import FALL, REPAIRED, SCENARIOS, SLIDE, STABLE
from bot.evidence.intervals import FEW, per_session
from bot.evidence.refusals import RatingsRefusedError
from bot.evidence.run import SESSIONS, Run

CONFIG_FILE: Final = Path("config.toml")
USAGE: Final = 2
WIDEST: Final = 150
"""Characters of a line where nobody sees the screen: a table that is cut says nothing."""


def replay(
    file: Path | None, config: Path | None, picture: Path | None, run: Run, given: Mapping[str, float], *, force: bool
) -> None:
    """Count in a file, or in made-up patients; `given`: the thresholds that the command line says."""
    _check_place(file, picture, force=force)
    rules = _thresholds(config, given).thresholds()
    if file is None:
        _simulate(run, rules, picture)
    else:
        _replay(file, rules, picture or file.with_suffix(".png"), force=force)


def _check_place(file: Path | None, picture: Path | None, *, force: bool) -> None:
    """Refuse, before anything is counted, a chart that would take the place of something."""
    if file is not None and (picture or file.with_suffix(".png")).resolve() == file.resolve():
        raise typer.BadParameter("the chart cannot take the place of the ratings", param_hint="--chart")
    if picture is not None and picture.exists() and not force:
        raise typer.BadParameter(f"{picture} is there already; --force replaces it", param_hint="--chart")


def _thresholds(config: Path | None, given: Mapping[str, float]) -> Alliance:
    """Return the settings of the practice where there are any, with what the command line says instead."""
    settings = load(config or CONFIG_FILE).alliance if config or CONFIG_FILE.exists() else Alliance()
    try:
        chosen = Alliance.model_validate(given)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        hint = f"--{name.replace('_', '-')}"
        raise typer.BadParameter(Alliance.model_fields[name].description or "", param_hint=hint) from None
    return settings.model_copy(update={name: getattr(chosen, name) for name in given})


# A file of ratings


def _replay(file: Path, rules: Rules, picture: Path, *, force: bool) -> None:
    ratings = _read(file)
    found = tally(ratings.courses, rules)
    _say(f"{_amount(found)}; alerts and their 95 % intervals")
    _show(tables.counted(found, rules, has_pending=ratings.has_pending))
    for line in _remarks(ratings, found):
        _say(line)
    if picture.exists() and not force:
        _say(f"{picture} was there; left as it is (--force replaces it)")
        return
    _draw(picture, found, tables.rows(rules, has_pending=ratings.has_pending), rules)


def _read(file: Path) -> reading.Ratings:
    try:
        with file.open("rb") as opened:
            return reading.read(opened.read(reading.LARGEST + 1))
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be read: {error.strerror}", param_hint="FILE") from None
    except RatingsRefusedError as error:
        _refuse(file, error)


def _refuse(file: Path, error: RatingsRefusedError) -> NoReturn:
    for problem in error.problems:
        typer.echo(f"{file}, {problem}", err=True)
    typer.echo("Nothing was counted.", err=True)
    raise typer.Exit(USAGE)


def _remarks(ratings: reading.Ratings, found: Tally) -> list[str]:
    said = {
        "per patient-year: — because the file has no days (column date)": not ratings.dated,
        "per patient-year: — because no patient has two different days": ratings.dated and not sum(found.years or ()),
        "pending: — because the file has no column pending": not ratings.has_pending,
        f"not looked at: {', '.join(ratings.unused)}": bool(ratings.unused),
        f"fewer than {FEW} patients: take the intervals as a hint only": len(found.sessions) < FEW,
    }
    return [line for line, applies in said.items() if applies]


def _amount(found: Tally) -> str:
    days = f", {sum(found.years):,.1f} patient-years" if found.years else ""
    return f"{_counted(len(found.sessions), 'patient')}, {_counted(sum(found.sessions), 'session')}{days}"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


# Made-up patients


def _simulate(run: Run, rules: Rules, picture: Path | None) -> None:
    _say(f"{run.patients:,} made-up patients in each scenario, {run.sessions} sessions each, seed {run.seed}")
    _say(f"\nFalse alarms: stable patients, {run.missing:.0%} unanswered; alerts per 100 sessions")
    alarms = {f"{scenario.name}": trials.false_alarms(scenario, run, rules) for scenario in SCENARIOS}
    _show(tables.false_alarms(alarms, rules))
    changes = {"nothing": STABLE, "abrupt fall of 3": FALL, "slow slide of 3": SLIDE, "V: 3 down, repaired": REPAIRED}
    found = {name: trials.detections(SCENARIOS[0], run, change, rules) for name, change in changes.items()}
    _say(f"\nScenario A, session {run.begins + 1} to {run.sessions}: patients in whom the rule tells, and after")
    _say("how many sessions (median; +0: the first one of the change).  What «nothing» brings is chance.")
    _show(tables.detected(found, rules))
    _say("pending: left out, because nobody knows how its answers scatter")
    _compare(run)
    if picture is not None:
        _draw(picture, alarms["A"], tables.rows(rules, has_pending=False), rules)


def _compare(run: Run) -> None:
    """Set FIELD's figures beside ours; they are about twelve sessions."""
    if run.sessions != SESSIONS:
        _say(f"\nNot compared with FIELD 3.4, which is about {SESSIONS} sessions.")
        return
    _say("\nThe table of FIELD 3.4 (every question answered, thresholds as named)")
    table, sensitivities = published.table(run), published.sensitivities(run)
    _show(tables.against_field(table, [scenario.name for scenario in SCENARIOS]))
    _show(tables.sensitivities_against_field(sensitivities))
    all_of_them = [*sensitivities, *(one for row in table.values() for one in row)]
    agree = sum(one.agrees for one in all_of_them)
    _say(f"{agree} of {len(all_of_them)} agree within three standard errors and FIELD's last digit")


# What is written


def _draw(path: Path, found: Tally, rows: list[str], rules: Rules) -> None:
    bars = [
        chart.Bar(tables.WORDS[row], tables.says(row, rules), per_session(found.alerts[row], found.sessions).times(100))
        for row in rows
    ]
    png = chart.draw(bars, "Alerts per 100 sessions", f"{_amount(found)}; point and 95 % interval")
    try:
        path.write_bytes(png)
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be written: {error.strerror}", param_hint="--chart") from None
    _say(f"wrote {path}")


def _say(text: str) -> None:
    typer.echo(text)


def _show(table: Table) -> None:
    width = None if sys.stdout.isatty() else WIDEST
    Console(width=width).print(table)
    typer.echo()
