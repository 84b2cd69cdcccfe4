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
from typing import TYPE_CHECKING, Any, Final

from bot.domain.marks import Mark

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_PANELS: Final = 12
"""More small charts than this cannot be read on a phone."""

LINE: Final = "#0072B2"
GREY: Final = "#666666"
FAINT: Final = "#D5D5D5"
INK: Final = "#222222"
ZONE: Final = "#F5E8D6"
"""The zone in which a session is a drop: lighter than every line and mark upon it."""

COLOURS: Final = {"drop": "#B34700", "repaired": "#007A5A", None: LINE}
"""After Okabe and Ito, darkened to 4.5 : 1 on white; what tells marks apart is their shape, and full or hollow."""

SHAPES: Final = {"drop": "v", "repaired": "^", None: "o"}
HOLLOW: Final = frozenset({"repaired"})
DOTS_PER_INCH: Final = 200
WIDTH: Final = 6.4
"""Inches; 1280 dots, what Telegram keeps of a photo.  A phone shows them at about a third: 13 pt reads as 11."""

SMALLEST: Final = 13.0
"""Points: no text is smaller.  What has no room at this size is shortened."""

UNANSWERED_AT: Final = -1.7
"""Where sessions without an answer are marked: below the scale, for on its zero they would read as zeros."""

ROOM_BELOW: Final = 1.5
"""A number is written below its point only from this height on."""

COMFORTABLE: Final = 20
"""With more sessions than this, the dots shrink so that the line stays in front."""

TWO_BY_TWO: Final = 4
MOST_WIDE_PANELS: Final = 8
"""In two columns, for codes that have no room in three."""

LONGEST_NUMBER: Final = 38.0
"""Points that «10,0» takes beside a code, and a little air."""

WIDE_KEY: Final = 3
"""So many explanations fit side by side."""

POINTS_PER_INCH: Final = 72
LEFT, RIGHT, BETWEEN = 0.075, 0.965, 0.055
"""Where panels begin and end, and what is between them, as parts of the picture's width."""


@dataclass(frozen=True, slots=True)
class Point:
    """One session: `mean` is the alliance as people read it (0–10), None if the check-in was not answered."""

    on: date
    mean: float | None = field(repr=False)
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
    zone: str
    empty: str
    day: Callable[[date], str]
    number: Callable[[float], str]


async def draw_alliance(series: Sequence[Point], title: str, labels: ChartLabels, fall: float | None) -> bytes:
    """Run `alliance_chart` off the event loop and return its PNG."""
    return await asyncio.to_thread(lambda: png(alliance_chart(series, title, labels, fall)))


async def draw_digest(
    panels: Sequence[Panel], title: Callable[[int, int], str], labels: ChartLabels, fall: float | None
) -> list[bytes]:
    """Run `digest_chart` off the event loop for as many pictures as are needed; `title` of which of how many."""

    def drawn() -> list[bytes]:
        groups = grouped(panels)
        titled = [(group, title(part, len(groups))) for part, group in enumerate(groups, start=1)]
        return [png(digest_chart(group, said, labels, fall)) for group, said in titled]

    return await asyncio.to_thread(drawn)


async def draw_qr(link: str) -> bytes:
    """Run `qr_png` off the event loop."""
    return await asyncio.to_thread(qr_png, link)


def alliance_chart(series: Sequence[Point], title: str, labels: ChartLabels, fall: float | None) -> "Figure":
    """Draw one patient's alliance over the sessions, the falls and repairs marked; points in order of date.

    `fall`: what makes a drop, in points of ten; None draws no zone for it.
    """
    figure = _figure(4.2)
    axes = figure.add_axes((0.075, 0.29, 0.865, 0.54))
    _heading(figure, title, 0.05)
    _frame(axes, _span([series]), ticks=(0, 5, 10))
    _zone(axes, series, fall)
    _curve(axes, series, scale=1.0)
    _numbers(axes, series, labels)
    _days(axes, series, labels)
    if not _answered(series):
        figure.text(0.5, 0.55, **_text(labels.empty, 15, GREY, ha="center"), path_effects=_halo())
    _key(figure, series, labels, fall, 0.03)
    return figure


def grouped(panels: Sequence[Panel]) -> list[Sequence[Panel]]:
    """Divide the panels into pictures of about the same size, in order; at least one, which may be empty."""
    most = MOST_PANELS if _narrow(panels) else MOST_WIDE_PANELS
    pictures = max(1, -(-len(panels) // most))
    ends = [len(panels) * number // pictures for number in range(pictures + 1)]
    return [panels[first:until] for first, until in pairwise(ends)]


def digest_chart(panels: Sequence[Panel], title: str, labels: ChartLabels, fall: float | None) -> "Figure":
    """Draw one small chart per patient on common axes; ValueError for more than `MOST_PANELS`.  `fall`: as above."""
    if len(panels) > MOST_PANELS:
        raise ValueError(f"{len(panels)} panels; at most {MOST_PANELS} can be read on a phone")
    columns = 3 if len(panels) > TWO_BY_TWO and _narrow(panels) else min(len(panels), 2)
    rows = max(1, -(-len(panels) // max(columns, 1)))
    height = 1.7 + 1.65 * rows
    figure = _figure(height)
    _heading(figure, title, 0.2 / height)
    span = _span([panel.points for panel in panels])
    for place, panel in enumerate(panels):
        row, column = divmod(place, columns)
        axes = figure.add_axes(_cell(row, column, columns, height))
        _panel(axes, panel, span, labels, fall, leftmost=column == 0)
    everything = [point for panel in panels for point in panel.points]
    if not panels:
        figure.text(0.5, 0.5, **_text(labels.empty, 15, GREY, ha="center"))
    _span_days(figure, everything, labels, height)
    _key(figure, everything, labels, fall, 0.12 / height)
    return figure


def png(figure: "Figure") -> bytes:
    """Write a drawing as PNG, without a word about when or by what it was made."""
    picture = BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


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


def _text(words: str, size: float, colour: str, **more: Any) -> dict[str, Any]:
    """Return what every text has in common; codes and names are never read as formulas."""
    return {"s": _drawable(words), "fontsize": size, "color": colour, "parse_math": False, **more}


def _drawable(words: str) -> str:
    """Replace what the shipped font cannot draw (an emoji in a code), instead of boxes and warnings."""
    from matplotlib.font_manager import fontManager, get_font  # noqa: PLC0415

    font = get_font(fontManager.findfont("DejaVu Sans"))
    return "".join(letter if font.get_char_index(ord(letter)) else "·" for letter in words)


def _fitting(words: str, size: float, room: float) -> str:
    """Shorten bold words, drawn at `size` points, to a width of `room` points; the middle goes first."""
    words = _drawable(words)
    kept, shown = len(words), words
    while kept and _width(shown, size) > room:
        kept -= 1
        shown = f"{words[: (kept + 1) // 2]}…{words[len(words) - kept // 2 :]}"
    return shown


def _width(words: str, size: float) -> float:
    """Measure bold words, in points."""
    from matplotlib.font_manager import FontProperties, fontManager, get_font  # noqa: PLC0415

    font = get_font(fontManager.findfont(FontProperties(family="DejaVu Sans", weight="bold")))
    font.set_size(size, POINTS_PER_INCH)
    font.set_text(words)
    return float(font.get_width_height()[0]) / 64


def _heading(figure: "Figure", title: str, margin: float) -> None:
    size = max(SMALLEST, min(17.0, 17.0 * 40 / max(len(title), 1)))
    words = _fitting(title, size, 0.93 * WIDTH * POINTS_PER_INCH)
    figure.text(0.035, 1 - margin, **_text(words, size, INK, ha="left", va="top", fontweight="bold"))


def _frame(axes: "Axes", span: tuple[float, float], *, ticks: Sequence[int]) -> None:
    """Keep of the axes only what is read: the scale's ends and middle, as faint lines."""
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_xlim(*span)
    axes.set_ylim(UNANSWERED_AT - 0.5, 10.6)
    axes.set_yticks(ticks, [str(tick) for tick in ticks], fontsize=SMALLEST, color=GREY)
    axes.set_xticks([])
    axes.tick_params(length=0, pad=4)
    for level in (0, 5, 10):
        axes.axhline(level, color=FAINT, linewidth=1.0, zorder=1)


def _zone(axes: "Axes", series: Sequence[Point], fall: float | None) -> None:
    """Shade, from each answer to the next and beyond the last, where the next one is a drop: a point in it is one."""
    if fall is None:
        return
    answered = _answered(series)
    ends = [*(_day(point) for point in answered[1:]), axes.get_xlim()[1]]
    for point, until in zip(answered, ends, strict=bool(answered)):
        top = (point.mean or 0.0) - fall
        if top >= 0:
            axes.fill_between([_day(point), until], 0, top, color=ZONE, linewidth=0, zorder=0)


def _curve(axes: "Axes", series: Sequence[Point], *, scale: float) -> None:
    """Join what was answered one after the other; where an answer is missing, the line is, too."""
    for before, after in pairwise(series):
        if before.mean is None or after.mean is None:
            continue
        axes.plot(
            [_day(before), _day(after)],
            [before.mean, after.mean],
            color=COLOURS[after.mark if after.mark == "drop" else None],
            linewidth=2.4 * scale,
            solid_capstyle="round",
            zorder=2,
        )
    density = min(1.0, COMFORTABLE / max(len(series), 1))
    for point in series:
        _dot(axes, point, scale, density)


def _dot(axes: "Axes", point: Point, scale: float, density: float) -> None:
    look: dict[str, Any]
    if point.mean is None:
        look = {"marker": "x", "s": 40 * scale**2, "color": GREY, "linewidths": 2.0 * scale}
    else:
        size = (160 if point.mark else 46 * density) * scale**2
        colour, hollow = COLOURS[point.mark], point.mark in HOLLOW
        inside, edge = ("white", colour) if hollow else (colour, "white")
        look = {"marker": SHAPES[point.mark], "s": size, "facecolor": inside, "edgecolors": edge}
        look["linewidths"] = 2.4 * scale if hollow else 1.0
    at = UNANSWERED_AT if point.mean is None else point.mean
    axes.scatter([_day(point)], [at], clip_on=False, zorder=3, **look)


def _panel(
    axes: "Axes",
    panel: Panel,
    span: tuple[float, float],
    labels: ChartLabels,
    fall: float | None,
    *,
    leftmost: bool,
) -> None:
    _frame(axes, span, ticks=(0, 10) if leftmost else ())
    look: dict[str, Any] = {"fontsize": SMALLEST, "pad": 7, "parse_math": False}
    for last in _answered(panel.points)[-1:]:
        colour = COLOURS[last.mark] if last is panel.points[-1] else GREY
        axes.set_title(_drawable(labels.number(last.mean or 0.0)), loc="right", color=colour, **look)
    room = axes.get_position().width * WIDTH * POINTS_PER_INCH - LONGEST_NUMBER
    axes.set_title(_fitting(panel.code, SMALLEST, room), loc="left", color=INK, fontweight="bold", **look)
    _zone(axes, panel.points, fall)
    _curve(axes, panel.points, scale=0.72)


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
    axes.set_xticks(list(shown), names, fontsize=SMALLEST, color=GREY)


def _span_days(figure: "Figure", points: Sequence[Point], labels: ChartLabels, height: float) -> None:
    """Write, once for all panels, which days they run from and to."""
    days = sorted({point.on for point in points})
    if days:
        words = " – ".join(labels.day(day) for day in dict.fromkeys((days[0], days[-1])))
        figure.text(0.035, 1 - 0.5 / height, **_text(words, SMALLEST, GREY, ha="left", va="top"))


def _key(figure: "Figure", points: Iterable[Point], labels: ChartLabels, fall: float | None, bottom: float) -> None:
    """Explain the marks that occur, and no other."""
    seen = list(points)
    handles = [
        _explained(SHAPES[mark], COLOURS[mark], word, hollow=mark in HOLLOW)
        for mark, word in (("drop", labels.drop), ("repaired", labels.repaired))
        if any(point.mark == mark for point in seen)
    ]
    if any(point.mean is None for point in seen):
        handles.append(_explained("x", GREY, labels.unanswered))
    if fall is not None and _answered(seen):
        handles.append(_explained("s", ZONE, labels.zone))
    if handles:
        figure.legend(
            handles=handles,
            loc="lower left",
            bbox_to_anchor=(0.02, bottom),
            ncols=len(handles) if len(handles) <= WIDE_KEY else 2,
            frameon=False,
            fontsize=SMALLEST,
            labelcolor=INK,
            handletextpad=0.2,
            columnspacing=1.6,
            borderpad=0,
        )


def _explained(shape: str, colour: str, words: str, *, hollow: bool = False) -> Any:
    from matplotlib.lines import Line2D  # noqa: PLC0415

    look: dict[str, Any] = {"markerfacecolor": "white"} if hollow else {}
    size = 12 if shape == "s" else 9
    return Line2D(
        [],
        [],
        linestyle="",
        marker=shape,
        color=colour,
        markersize=size,
        markeredgewidth=1.8,
        label=_drawable(words),
        **look,
    )


def _cell(row: int, column: int, columns: int, height: float) -> tuple[float, float, float, float]:
    """Place a panel: left, bottom, width, height as parts of the picture."""
    width = _cell_width(columns)
    top = 1.15 + 1.65 * row
    return LEFT + column * (width + BETWEEN), 1 - (top + 1.2) / height, width, 1.2 / height


def _cell_width(columns: int) -> float:
    return (RIGHT - LEFT - BETWEEN * (columns - 1)) / columns


def _narrow(panels: Sequence[Panel]) -> bool:
    """Say whether every code has room in a panel of three columns."""
    room = _cell_width(3) * WIDTH * POINTS_PER_INCH - LONGEST_NUMBER
    return all(_width(_drawable(panel.code), SMALLEST) <= room for panel in panels)


def _span(series: Iterable[Sequence[Point]]) -> tuple[float, float]:
    """Return the first and last day with some air around them; a week around a single day."""
    days = [_day(point) for points in series for point in points] or [0.0]
    air = max((max(days) - min(days)) * 0.05, 0.6 if max(days) > min(days) else 3.5)
    return min(days) - air, max(days) + air


def _answered(series: Sequence[Point]) -> list[Point]:
    return [point for point in series if point.mean is not None]


def _day(point: Point) -> float:
    return float(point.on.toordinal())
