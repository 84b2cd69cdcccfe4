"""The words and options of `microchequeo replay`; what it does is in `bot.cli_evidence`."""

from pathlib import Path
from typing import Annotated

import typer

from bot.evidence.run import FEWEST_SESSIONS, SESSIONS, Run

Points = Annotated[float | None, typer.Option(metavar="POINTS", rich_help_panel="Thresholds")]
Whole = Annotated[int | None, typer.Option(metavar="N", rich_help_panel="Thresholds")]


def replay(
    file: Annotated[
        Path | None,
        typer.Argument(help="CSV: patient, session or date, understood, sense[, pending].", metavar="FILE"),
    ] = None,
    *,
    config: Annotated[
        Path | None, typer.Option("--config", help="Settings with the thresholds, if there are any.", metavar="FILE")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option("--chart", help="Where the chart goes; else beside the CSV.", metavar="FILE.png")
    ] = None,
    patients: Annotated[int, typer.Option(help="To make up, in each scenario.", min=200, max=100_000)] = Run().patients,
    sessions: Annotated[int, typer.Option(help="Of each of them.", min=FEWEST_SESSIONS, max=100)] = SESSIONS,
    seed: Annotated[int, typer.Option(help="Another number, other patients.", min=0)] = Run().seed,
    missing: Annotated[
        float, typer.Option(help="Share of questions they leave unanswered.", min=0, max=0.9)
    ] = Run().missing,
    drop: Points = None,
    item_drop: Whole = None,
    slide: Points = None,
    falls: Points = None,
    silence: Whole = None,
    low_start: Points = None,
    pending: Whole = None,
    ceiling: Whole = None,
    simulate: Annotated[bool, typer.Option("--simulate", help="Make patients up instead of reading a file.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a chart that is there.")] = False,
) -> None:
    """Count how often the rules would alert: in a file of ratings, or in made-up patients (--simulate)."""
    if (file is None) is not simulate:
        raise typer.BadParameter("give either a file or --simulate", param_hint="FILE")
    given = {
        "drop": drop,
        "item_drop": item_drop,
        "slide": slide,
        "falls": falls,
        "silence": silence,
        "low_start": low_start,
        "pending": pending,
        "ceiling": ceiling,
    }
    said = {name: value for name, value in given.items() if value is not None}
    from bot import cli_evidence  # noqa: PLC0415 - no other command counts

    cli_evidence.replay(file, config, picture, Run(patients, sessions, seed, missing), said, force=force)
