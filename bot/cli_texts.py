"""`microchequeo texts`: every text of the bot in every variant, side by side, for a clinician to review."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bot.texts_review import Case, Reviewed

READERS: Final = ("patient", "therapist", "operator")
NARROWEST: Final = 26
"""Columns of a terminal for one variant; what does not fit beside stands below."""


def texts(
    group: Annotated[
        str | None, typer.Argument(help="Only keys with this in them, like question.", metavar="KEY")
    ] = None,
    reader: Annotated[str | None, typer.Option("--for", help="Only what they read.", metavar="|".join(READERS))] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write one page to send to a clinician instead.", metavar="FILE")
    ] = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
) -> None:
    """Show every text in every variant: usted, tú, vos, each form, Spain and the Americas, English."""
    if reader is not None and reader not in READERS:
        raise typer.BadParameter(f"write {', '.join(READERS[:-1])} or {READERS[-1]}", param_hint="--for")
    found = _found(group, reader)
    if not found:
        raise typer.BadParameter(f"no text has {group} in its key", param_hint="KEY")
    if html is None:
        _show(found)
    else:
        _write(found, html, force=force)


def _found(group: str | None, reader: str | None) -> "list[Reviewed]":
    from bot.texts import Texts  # noqa: PLC0415 - the heavy part
    from bot.texts_review import reviewed  # noqa: PLC0415

    def fail(problem: LookupError) -> None:
        raise problem

    found = reviewed(Texts.load(fail), group or "")
    return [one for one in found if reader is None or reader in one.readers]


def _write(found: "Sequence[Reviewed]", file: Path, *, force: bool) -> None:
    from bot.texts_page import page  # noqa: PLC0415

    try:
        with file.open("w" if force else "x", encoding="utf-8") as written:
            written.write(page(found))
    except FileExistsError:
        raise typer.BadParameter(f"{file} is there already; --force replaces it", param_hint="--html") from None
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be written: {error.strerror}", param_hint="--html") from None
    typer.echo(f"wrote {file}: {len(found)} texts")


def _show(found: "Sequence[Reviewed]") -> None:
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False)
    section = ""
    for one in found:
        if one.section != section:
            section = one.section
            console.rule(Text(section), align="left")
        console.print(Text(f"\n{one.key}", style="bold"), Text(", ".join(sorted(one.readers)), style="dim"))
        for case in one.cases:
            console.print(*_shown(case, console.width), sep="\n")


def _shown(case: "Case", width: int) -> "Iterator[RenderableType]":
    from rich import box  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from bot.texts_review import addressed  # noqa: PLC0415

    if case.circumstance:
        yield Text(case.circumstance, style="italic")
    abreast = min(max(width // NARROWEST, 1), len(case.said))
    for begins in range(0, len(case.said), abreast):
        row = case.said[begins : begins + abreast]
        table = Table(box=box.HORIZONTALS, width=width * len(row) // abreast, show_edge=False, pad_edge=False)
        for one in row:
            table.add_column(Text(addressed(one.manners)), ratio=1, overflow="fold")
        table.add_row(*(Text(one.text) for one in row))
        yield table
