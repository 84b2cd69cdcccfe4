"""`microchequeo simulate-load`: how much would leave, and how late, with so many patients on so many bots.

It needs no database, no token and no keys, writes nothing, and looks at no clock.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

if TYPE_CHECKING:
    from bot.load.figures import Figures, Waits
    from bot.load.network import Network

NUMBER: Final = "NUMBER"
FEW: Final = (200, 1_000, 10_000)
MOST: Final = 5_000_000
"""Check-ins that are made up at most: some ten minutes."""

TRIED: Final = 500_000
"""Check-ins with which the search for what a bot has room for ends."""

PAID: Final = 1_000
"""Messages a second that Telegram lets a bot send that pays for them (Bot API, `allow_paid_broadcast`)."""

WIDEST: Final = 150
MADRID: Final = ("Europe/Madrid",)
USUALLY: Final = 0.99
MINUTE, HOUR = 60.0, 3600.0
A_DAY: Final = 86_400.0
READABLE: Final = 2
"""Of seconds, minutes and hours the one is said of which there are so many."""


def simulate_load(
    patients: Annotated[
        list[int] | None,
        typer.Option(
            help="How many; may be given several times (200, 1000 and 10000 if not at all).",
            min=1,
            max=MOST,
            metavar=NUMBER,
        ),
    ] = None,
    bots: Annotated[int, typer.Option(help="They are shared out over so many bots.", min=1)] = 1,
    rate: Annotated[
        float, typer.Option(help="Messages a second that Telegram allows to each bot.", min=1, max=PAID)
    ] = 30,
    sessions: Annotated[float, typer.Option(help="Of each patient, in a week.", min=0.1, max=7)] = 1,
    answered: Annotated[float, typer.Option(help="Share of the check-ins that are answered.", min=0, max=1)] = 0.8,
    days: Annotated[int, typer.Option(help="How long, from a Monday on.", min=1, max=28)] = 7,
    zone: Annotated[
        list[str] | None,
        typer.Option(help="Where they live; may be given several times (Europe/Madrid if not at all).", metavar="ZONE"),
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed makes the same figures.")] = 1,
    within: Annotated[
        float | None,
        typer.Option(
            help="Say how many patients one bot has room for, if 99 of 100 questions leave within so many seconds.",
            min=0.1,
            max=A_DAY,
            metavar="SECONDS",
        ),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Make up weeks of sessions and answers, and count what leaves, how late, and when most of it (docs/scale.md)."""
    numbers = patients or FEW
    each = sessions * days / 7
    _refuse_too_much(numbers, bots, each)
    from bot.load.habits import Habits  # noqa: PLC0415 - no other command loads these
    from bot.load.network import Network  # noqa: PLC0415
    from bot.load.trial import fitting, lived  # noqa: PLC0415

    habits = Habits(sessions=sessions, answered=answered)
    network = Network(0, bots, rate, days, seed, tuple(_zone(name) for name in zone or MADRID), habits)
    found = {number: lived(replace(network, patients=number)) for number in numbers}
    room = None if within is None else fitting(network, within, max(1, int(TRIED / each)))
    if as_json:
        said = [_row(replace(network, patients=number), figures) for number, figures in found.items()]
        typer.echo(json.dumps({"rows": said, "room": room}, indent=2))
        return
    _show(network, found)
    if room is not None:
        typer.echo(_says_room(room, within or 0.0, int(TRIED / each)))


def _says_room(room: int, within: float, tried: int) -> str:
    about = "for more than" if room >= tried else "for about" if room else "not even for"
    return (
        f"One bot has room {about} {_rounded(room or 100):,} of them, "
        f"if 99 of 100 questions are to leave within {within:g} s."
    )


def _refuse_too_much(patients: Sequence[int], bots: int, each: float) -> None:
    """Refuse what would take for ever, or what is no network."""
    if max(patients) * each > MOST:
        raise typer.BadParameter(f"that makes more than {MOST:,} check-ins", param_hint="--patients")
    if bots > min(patients):
        raise typer.BadParameter(f"more bots than patients ({min(patients):,})", param_hint="--bots")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise typer.BadParameter('write an IANA name like "Europe/Madrid"', param_hint="--zone") from None


def _show(network: "Network", found: "Mapping[int, Figures]") -> None:
    from rich.console import Console  # noqa: PLC0415 - what JSON needs not
    from rich.table import Table  # noqa: PLC0415

    habits, zones = network.habits, ", ".join(zone.key for zone in network.zones)
    typer.echo(
        f"{network.days} days from Monday, 23 November 2026, in {zones}: {habits.sessions:g} sessions a week, "
        f"{habits.answered:.0%} answered; {network.rate:g} messages a second for each bot; seed {network.seed}"
    )
    table = Table(box=None)
    for heading in ("patients", "bots", "check-ins", "messages", "fullest hour", "fullest second"):
        table.add_column(heading, justify="right")
    for heading in ("questions late: median", "99 %", "longest", "alerts: 99 %", "replies: 99 %", "longest"):
        table.add_column(heading, justify="right")
    for patients, figures in found.items():
        counts = patients, network.bots, figures.due, figures.messages, figures.fullest_hour, figures.fullest_second
        table.add_row(*(f"{number:,}" for number in counts), *(_span(seconds) for seconds in _waits(figures)))
    Console(width=None if sys.stdout.isatty() else WIDEST).print(table)
    for patients, figures in found.items():
        if figures.not_asked:
            typer.echo(f"{patients:,} patients: {figures.not_asked:,} check-ins were over before they could be asked.")


def _waits(figures: "Figures") -> tuple[float, ...]:
    asked, replies = figures.questions, figures.replies
    return (*_three(asked), figures.alerts.within(USUALLY), replies.within(USUALLY), replies.longest)


def _three(waits: "Waits") -> tuple[float, float, float]:
    return waits.within(0.5), waits.within(USUALLY), waits.longest


def _span(seconds: float) -> str:
    if seconds >= READABLE * HOUR:
        return f"{seconds / HOUR:.1f} h"
    if seconds >= READABLE * MINUTE:
        return f"{seconds / MINUTE:.1f} min"
    return f"{seconds:.1f} s"


def _rounded(number: int) -> int:
    """Return a number as well as it is known: two digits."""
    return int(float(f"{number:.1e}"))


def _row(network: "Network", figures: "Figures") -> dict[str, Any]:
    kinds = ("questions", "replies", "alerts", "others")
    waits = {kind: getattr(figures, kind) for kind in kinds}
    return {
        "patients": network.patients,
        "bots": network.bots,
        "check_ins": figures.due,
        "not_asked": figures.not_asked,
        "messages": figures.messages,
        "fullest_hour": figures.fullest_hour,
        "fullest_second": figures.fullest_second,
        **{
            kind: {"left": one.count, **dict(zip(("median_s", "p99_s", "longest_s"), _three(one), strict=True))}
            for kind, one in waits.items()
        },
    }
