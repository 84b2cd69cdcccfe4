"""Pictures: one patient's alliance, the week at a glance, the QR picture of a link.  Same input, same PNG bytes.

Language-free: words, dates and numbers are written by the caller's `ChartLabels`.  matplotlib is imported when the
first chart is drawn (it costs 54 MB) and used without pyplot, so that charts can be drawn in threads.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_PANELS: Final = 12
"""More small charts than this cannot be read on a phone."""

LINE: Final = "#0072B2"
GREY: Final = "#767676"
FAINT: Final = "#DDDDDD"
INK: Final = "#222222"
COLOURS: Final = {"drop": "#D55E00", "repaired": "#007A5A", None: LINE}
"""After Okabe and Ito: told apart by people who do not see red or green; shapes say the same again."""

SHAPES: Final = {"drop": "v", "repaired": "^", None: "o"}
DOTS_PER_INCH: Final = 200
WIDTH: Final = 6.4
"""Inches; 1280 dots, what Telegram keeps of a photo.  A phone shows them at about a third: 13 pt reads as 11."""

ROOM_BELOW: Final = 1.5
"""A number is written below its point only from this height on."""

COMFORTABLE: Final = 20
"""With more sessions than this, the dots shrink so that the line stays in front."""

TWO_BY_TWO: Final = 4

Mark = Literal["drop", "repaired"]


@dataclass(frozen=True, slots=True)
class Point:
    """One session: `mean` is the alliance as people read it (0–10), None if the check-in was not answered."""

    on: date
    mean: float | None
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """One patient's small chart; points in order of date."""

    code: str = field(repr=False)
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class ChartLabels:
    """The words of a chart in the reader's language, and how that language writes days and numbers."""

    drop: str
    repaired: str
    unanswered: str
    empty: str
    day: Callable[[date], str]
    number: Callable[[float], str]


async def draw_alliance(series: Sequence[Point], title: str, labels: ChartLabels) -> bytes:
    """Run `alliance_chart` off the event loop."""
    return await asyncio.to_thread(alliance_chart, series, title, labels)


async def draw_digest(panels: Sequence[Panel], title: str, labels: ChartLabels) -> bytes:
    """Run `digest_chart` off the event loop."""
    return await asyncio.to_thread(digest_chart, panels, title, labels)


async def draw_qr(link: str) -> bytes:
    """Run `qr_png` off the event loop."""
    return await asyncio.to_thread(qr_png, link)


def alliance_chart(series: Sequence[Point], title: str, labels: ChartLabels) -> bytes:
    """Draw one patient's alliance over the sessions, the falls and repairs marked; points in order of date."""
    figure = _figure(4.0)
    axes = figure.add_axes((0.075, 0.215, 0.865, 0.59))
    _heading(figure, title, 0.05)
    _frame(axes, _span([series]), ticks=(0, 5, 10), size=13)
    _curve(axes, series, scale=1.0)
    _numbers(axes, series, labels)
    _days(axes, series, labels)
    if not _answered(series):
        figure.text(0.5, 0.5, **_text(labels.empty, 15, GREY, ha="center"), path_effects=_halo())
    _key(figure, series, labels, 0.03)
    return _png(figure)


def digest_chart(panels: Sequence[Panel], title: str, labels: ChartLabels) -> bytes:
    """Draw one small chart per patient on common axes; ValueError for more than `MOST_PANELS`."""
    if len(panels) > MOST_PANELS:
        raise ValueError(f"{len(panels)} panels; at most {MOST_PANELS} can be read on a phone")
    columns = min(len(panels), 2) if len(panels) <= TWO_BY_TWO else 3
    rows = max(1, -(-len(panels) // max(columns, 1)))
    height = 1.4 + 1.6 * rows
    figure = _figure(height)
    _heading(figure, title, 0.2 / height)
    span = _span([panel.points for panel in panels])
    for place, panel in enumerate(panels):
        row, column = divmod(place, columns)
        axes = figure.add_axes(_cell(row, column, columns, height))
        _panel(axes, panel, span, labels, leftmost=column == 0)
    everything = [point for panel in panels for point in panel.points]
    if not panels:
        figure.text(0.5, 0.5, **_text(labels.empty, 15, GREY, ha="center"))
    _span_days(figure, everything, labels, height)
    _key(figure, everything, labels, 0.15 / height)
    return _png(figure)


def qr_png(link: str) -> bytes:
    """Draw the QR picture of a link, large enough to be read from one phone by another."""
    import segno  # noqa: PLC0415 - like matplotlib: only when something is drawn

    picture = BytesIO()
    segno.make(link, error="m", micro=False).save(picture, kind="png", scale=14, border=4)
    return picture.getvalue()


def _figure(height: float) -> "Figure":
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(WIDTH, height), dpi=DOTS_PER_INCH, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def _png(figure: "Figure") -> bytes:
    picture = BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


def _text(words: str, size: float, colour: str, **more: Any) -> dict[str, Any]:
    """Return what every text has in common; codes and names are never read as formulas."""
    return {"s": _drawable(words), "fontsize": size, "color": colour, "parse_math": False, **more}


def _drawable(words: str) -> str:
    """Replace what the shipped font cannot draw (an emoji in a code), instead of boxes and warnings."""
    from matplotlib.font_manager import fontManager, get_font  # noqa: PLC0415

    font = get_font(fontManager.findfont("DejaVu Sans"))
    return "".join(letter if font.get_char_index(ord(letter)) else "·" for letter in words)


def _heading(figure: "Figure", title: str, margin: float) -> None:
    size = min(17.0, 17.0 * 40 / max(len(title), 1))
    figure.text(0.035, 1 - margin, **_text(title, size, INK, ha="left", va="top", fontweight="bold"))


def _frame(axes: "Axes", span: tuple[float, float], *, ticks: Sequence[int], size: float) -> None:
    """Keep of the axes only what is read: the scale's ends and middle, as faint lines."""
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_xlim(*span)
    axes.set_ylim(-0.6, 10.6)
    axes.set_yticks(ticks, [str(tick) for tick in ticks], fontsize=size, color=GREY)
    axes.set_xticks([])
    axes.tick_params(length=0, pad=4)
    for level in (0, 5, 10):
        axes.axhline(level, color=FAINT, linewidth=1.0, zorder=0)


def _curve(axes: "Axes", series: Sequence[Point], *, scale: float) -> None:
    for before, after in pairwise([point for point in series if point.mean is not None]):
        gap = any(before.on < point.on < after.on for point in series if point.mean is None)
        axes.plot(
            [_day(before), _day(after)],
            [before.mean or 0.0, after.mean or 0.0],
            color=COLOURS[after.mark if after.mark == "drop" else None],
            linewidth=(1.2 if gap else 2.4) * scale,
            linestyle=(0, (1, 2)) if gap else "-",
            solid_capstyle="round",
            zorder=2,
        )
    density = min(1.0, COMFORTABLE / max(len(series), 1))
    for point in series:
        _dot(axes, point, scale, density)


def _dot(axes: "Axes", point: Point, scale: float, density: float) -> None:
    look: dict[str, Any]
    if point.mean is None:
        look = {"marker": "x", "s": 36 * scale**2, "color": GREY, "linewidths": 1.6 * scale}
    else:
        size = (150 if point.mark else 46 * density) * scale**2
        look = {"marker": SHAPES[point.mark], "s": size, "facecolor": COLOURS[point.mark], "edgecolors": "white"}
    axes.scatter([_day(point)], [point.mean or 0.0], clip_on=False, zorder=3, **look)


def _panel(axes: "Axes", panel: Panel, span: tuple[float, float], labels: ChartLabels, *, leftmost: bool) -> None:
    _frame(axes, span, ticks=(0, 10) if leftmost else (), size=10)
    axes.set_title(
        _drawable(panel.code), loc="left", fontsize=13, color=INK, fontweight="bold", pad=7, parse_math=False
    )
    _curve(axes, panel.points, scale=0.72)
    for last in _answered(panel.points)[-1:]:
        colour = COLOURS[last.mark] if last is panel.points[-1] else GREY
        number = _drawable(labels.number(last.mean or 0.0))
        axes.set_title(number, loc="right", fontsize=13, color=colour, pad=7, parse_math=False)


def _numbers(axes: "Axes", series: Sequence[Point], labels: ChartLabels) -> None:
    """Write the numbers that matter: the last one, and both ends of the last fall."""
    answered = _answered(series)
    falls = [ends for ends in pairwise(answered) if ends[1].mark == "drop"]
    left, right = axes.get_xlim()
    for point in dict.fromkeys([*(falls[-1] if falls else ()), *answered[-1:]]):
        crowded = falls and point is falls[-1][0] and _day(answered[-1]) - _day(point) < (right - left) * 0.12
        below = point.mark == "drop" and (point.mean or 0.0) >= ROOM_BELOW
        axes.annotate(
            _drawable(labels.number(point.mean or 0.0)),
            (_day(point), point.mean or 0.0),
            xytext=(6 if crowded else 0, -11 if below else 10),
            textcoords="offset points",
            ha="right" if crowded else "center",
            va="top" if below else "bottom",
            fontsize=15,
            fontweight="bold",
            color=COLOURS[point.mark],
            parse_math=False,
            path_effects=_halo(),
        )


def _halo() -> list[Any]:
    """Keep the lines of the chart from running through its numbers."""
    from matplotlib.patheffects import withStroke  # noqa: PLC0415

    return [withStroke(linewidth=4, foreground="white")]


def _days(axes: "Axes", series: Sequence[Point], labels: ChartLabels) -> None:
    """Write the first day, the last, and that of the last fall where there is room between them."""
    if not series:
        return
    left, right = axes.get_xlim()
    shown = {_day(series[0]): series[0], _day(series[-1]): series[-1]}
    room = (right - left) * 0.2
    for point in reversed(series):
        if point.mark == "drop" and all(abs(_day(point) - day) > room for day in shown):
            shown[_day(point)] = point
            break
    if len(shown) > 1 and abs(_day(series[0]) - _day(series[-1])) < room:
        del shown[_day(series[0])]
    names = [_drawable(labels.day(point.on)) for point in shown.values()]
    axes.set_xticks(list(shown), names, fontsize=13, color=GREY)


def _span_days(figure: "Figure", points: Sequence[Point], labels: ChartLabels, height: float) -> None:
    """Write, once for all panels, which days they run from and to."""
    days = sorted({point.on for point in points})
    if days:
        words = " – ".join(labels.day(day) for day in dict.fromkeys((days[0], days[-1])))
        figure.text(0.035, 1 - 0.5 / height, **_text(words, 12, GREY, ha="left", va="top"))


def _key(figure: "Figure", points: Iterable[Point], labels: ChartLabels, bottom: float) -> None:
    """Explain the marks that occur, and no other."""
    from matplotlib.lines import Line2D  # noqa: PLC0415

    seen = list(points)
    marks: list[tuple[str, str, str]] = [
        (SHAPES[mark], COLOURS[mark], word)
        for mark, word in (("drop", labels.drop), ("repaired", labels.repaired))
        if any(point.mark == mark for point in seen)
    ]
    if any(point.mean is None for point in seen):
        marks.append(("x", GREY, labels.unanswered))
    handles = [
        Line2D(
            [], [], linestyle="", marker=shape, color=colour, markersize=9, markeredgewidth=1.6, label=_drawable(word)
        )
        for shape, colour, word in marks
    ]
    if handles:
        figure.legend(
            handles=handles,
            loc="lower left",
            bbox_to_anchor=(0.02, bottom),
            ncols=len(handles),
            frameon=False,
            fontsize=13,
            labelcolor=INK,
            handletextpad=0.2,
            columnspacing=1.6,
            borderpad=0,
        )


def _cell(row: int, column: int, columns: int, height: float) -> tuple[float, float, float, float]:
    """Place a panel: left, bottom, width, height as parts of the picture."""
    left, right, between = 0.075, 0.965, 0.055
    width = (right - left - between * (columns - 1)) / columns
    top = 1.15 + 1.6 * row
    return left + column * (width + between), 1 - (top + 1.1) / height, width, 1.1 / height


def _span(series: Iterable[Sequence[Point]]) -> tuple[float, float]:
    """Return the first and last day with some air around them; a week around a single day."""
    days = [_day(point) for points in series for point in points] or [0.0]
    air = max((max(days) - min(days)) * 0.05, 0.6 if max(days) > min(days) else 3.5)
    return min(days) - air, max(days) + air


def _answered(series: Sequence[Point]) -> list[Point]:
    return [point for point in series if point.mean is not None]


def _day(point: Point) -> float:
    return float(point.on.toordinal())
