"""One picture: alerts per 100 sessions by rule, each with its interval.  Same input, same PNG bytes.

matplotlib is imported when it is drawn and used without pyplot.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final

from bot.evidence.intervals import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINE: Final = "#0072B2"
INK: Final = "#222222"
GREY: Final = "#767676"
FAINT: Final = "#DDDDDD"
WIDTH: Final = 8.0
DOTS_PER_INCH: Final = 160


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: a rule, when it tells, and its alerts per 100 sessions."""

    name: str
    when: str
    rate: Estimate


def draw(bars: Sequence[Bar], title: str, below: str) -> bytes:
    """Return the PNG: a point and its 95 % interval for each rule, with the numbers beside them."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - slow, and most commands draw nothing
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(WIDTH, 1.2 + 0.45 * len(bars)), dpi=DOTS_PER_INCH, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    _frame(axes, bars)
    for place, bar in enumerate(reversed(bars)):
        _bar(axes, place, bar)
    axes.set_title(title, loc="left", color=INK, fontsize=13)
    axes.set_xlabel(below, loc="left", color=GREY, fontsize=9.5)
    png = BytesIO()
    figure.savefig(png, format="png", metadata={"Software": None})
    return png.getvalue()


def _frame(axes: "Axes", bars: Sequence[Bar]) -> None:
    highest = max(bar.rate.high for bar in bars)
    axes.set_xlim(0, max(1.0, highest * 1.3))
    axes.set_ylim(-0.6, len(bars) - 0.4)
    axes.set_yticks(range(len(bars)), [f"{bar.name}\n{bar.when}" for bar in reversed(bars)], fontsize=9.5, color=INK)
    axes.tick_params(axis="y", length=0, pad=9)
    axes.tick_params(axis="x", colors=GREY)
    axes.grid(axis="x", color=FAINT)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)


def _bar(axes: "Axes", place: int, bar: Bar) -> None:
    rate = bar.rate
    axes.plot([rate.low, rate.high], [place, place], color=LINE, linewidth=3, alpha=0.45, solid_capstyle="butt")
    axes.plot([rate.rate], [place], "o", color=LINE, markersize=8, clip_on=False)
    text = f"{rate.rate:.1f}  ({rate.low:.1f}–{rate.high:.1f})"
    axes.annotate(text, (rate.high, place), (7, 0), textcoords="offset points", va="center", fontsize=9.5, color=INK)
