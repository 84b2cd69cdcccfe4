import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from matplotlib.text import Text
from PIL import Image, ImageColor

from bot.services import charts
from bot.services.charts import COLOURS, HOLLOW, MOST_PANELS, SHAPES, SMALLEST, ZONE, ChartLabels, Panel, Point

LABELS = ChartLabels(
    drop="caída",
    repaired="reparada",
    unanswered="sin respuesta",
    zone="aquí, la próxima es caída",
    empty="Todavía no hay respuestas",
    day=lambda day: f"{day.day}/{day.month}",
    number=lambda number: f"{number:.1f}".replace(".", ","),
)
TITLE = "P-07 · Alianza percibida"
FALL = [Point(date(2026, 11, 10), 9.0), Point(date(2026, 11, 17), 6.5, "drop")]


def series(*means: float | None) -> list[Point]:
    return [Point(date(2026, 1, 5) + timedelta(weeks=week), mean) for week, mean in enumerate(means)]


def picture(figure: Any) -> Image.Image:
    return read(charts.png(figure))


def read(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("RGB")


def dots(figure: Any, colour: str) -> int:
    wanted = ImageColor.getrgb(colour)
    return sum(count for count, found in picture(figure).getcolors(1 << 24) or [] if found == wanted)


def alliance(points: Sequence[Point], title: str = TITLE, fall: float | None = 2.0) -> Any:
    return charts.alliance_chart(points, title, LABELS, fall)


def digest(panels: Sequence[Panel], title: str = "Semana", fall: float | None = 2.0) -> Any:
    return charts.digest_chart(panels, title, LABELS, fall)


def patients(count: int, code: str = "P") -> list[Panel]:
    return [Panel(f"{code}-{number:02}", series(8, None, 9)) for number in range(1, count + 1)]


@pytest.mark.parametrize(
    "points", [[], series(7.5), series(None), series(0, 10), series(*[8, None, 9.5] * 40), FALL], ids=len
)
def test_alliance_is_drawn_for_any_number_of_sessions(points: list[Point]) -> None:
    assert picture(alliance(points)).size == (1280, 840)


@pytest.mark.parametrize("count", [0, 1, 2, 4, 5, MOST_PANELS])
def test_digest_is_drawn_for_any_number_of_patients(count: int) -> None:
    assert picture(digest(patients(count))).width == 1280


def test_digest_refuses_more_panels_than_a_phone_can_show() -> None:
    with pytest.raises(ValueError, match="13 panels; at most 12"):
        digest([Panel("P-01", [])] * 13)


@pytest.mark.parametrize(("count", "sizes"), [(0, [0]), (1, [1]), (12, [12]), (13, [6, 7]), (30, [10, 10, 10])])
def test_more_than_twelve_patients_are_several_pictures_of_the_same_size_in_order(count: int, sizes: list[int]) -> None:
    panels = patients(count)

    groups = charts.grouped(panels)

    assert [len(group) for group in groups] == sizes
    assert [panel for group in groups for panel in group] == panels


def test_long_codes_get_wider_panels_and_stay_apart() -> None:
    panels = patients(9, "PAREJA-CENTRO")

    assert [len(group) for group in charts.grouped(panels)] == [4, 5]
    assert {panel.code for panel in panels[:4]} <= set(texts(digest(panels[:4])))


def test_fall_stands_out_in_its_own_colour() -> None:
    assert dots(alliance(series(8, 8.5)), COLOURS["drop"]) == 0
    assert dots(alliance(FALL), COLOURS["drop"]) > 1000


def test_repair_stands_out_in_its_own_colour() -> None:
    repaired = [*FALL, Point(date(2026, 11, 24), 9.0, "repaired")]

    assert dots(digest([Panel("P-07", repaired)]), COLOURS["repaired"]) > 300


def lines(figure: Any) -> list[list[float]]:
    """Return the heights of each piece of the curve in the first panel."""
    return [list(line.get_ydata()) for line in figure.axes[0].lines if line.get_zorder() == 2]


def test_unanswered_session_is_a_gap_in_the_line_and_a_mark_below_the_scale() -> None:
    figure = alliance(series(8, 8.5, None, 9, 9.5))

    marks = [low for dot in figure.axes[0].collections for _, low in dot.get_offsets() if low < 0]
    assert lines(figure) == [[8, 8.5], [9, 9.5]]
    assert marks == [charts.UNANSWERED_AT]


def zones(figure: Any) -> list[tuple[float, float, float]]:
    """Return where the next session is a drop, as (from day, until day, level), counted from the first day."""
    first = date(2026, 1, 5).toordinal()
    found = [patch.get_paths()[0].get_extents() for patch in figure.axes[0].collections if patch.get_zorder() == 0]
    return [(box.x0 - first, box.x1 - first, box.y1) for box in found]


def test_a_point_in_the_zone_is_a_drop_from_the_answer_before_it() -> None:
    figure = alliance(series(9, None, 7, 1.5, 1))

    (after, until, level), (_, _, then), *rest = zones(figure)

    assert (after, until, level) == (0, 14, 7.0), "a fall to exactly this level is one"
    assert then == 5.0
    assert rest == [], "below two points nothing can fall by two"


def test_the_zone_of_the_next_session_reaches_the_edge() -> None:
    figure = alliance(series(9, 8))

    assert zones(figure)[-1][1:] == (figure.axes[0].get_xlim()[1] - date(2026, 1, 5).toordinal(), 6.0)


def test_without_the_rule_there_is_no_zone_and_no_word_of_it() -> None:
    figure = alliance(FALL, fall=None)

    assert zones(figure) == []
    assert LABELS.zone not in texts(figure)


def brightness(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [value / 255 for value in ImageColor.getrgb(colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((brightness(one), brightness(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", [*COLOURS.values(), charts.GREY, charts.INK])
def test_what_is_read_stands_out_on_white_and_marks_stand_out_on_the_zone(colour: str) -> None:
    assert contrast(colour, "white") >= 4.5
    assert contrast(colour, ZONE) >= 3


def test_marks_differ_without_their_colour() -> None:
    assert len(set(SHAPES.values())) == len(SHAPES)
    assert "drop" not in HOLLOW
    assert "repaired" in HOLLOW
    assert contrast(ZONE, "white") >= 1.2


def sizes(figure: Any) -> list[float]:
    return [text.get_fontsize() for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()]


def texts(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text)]


@pytest.mark.parametrize(
    "draw",
    [lambda: alliance(FALL, "a" * 200), lambda: digest(patients(12), "Semana " * 20)],
    ids=["one patient", "many patients"],
)
def test_no_text_is_too_small_for_a_phone(draw: Callable[[], Any]) -> None:
    shown = 330 / (charts.WIDTH * charts.POINTS_PER_INCH)
    """Density-independent pixels for each point, where Telegram shows a photo on a narrow phone."""

    assert min(sizes(draw())) >= SMALLEST
    assert SMALLEST * shown >= 9


def test_all_that_is_written_stays_inside_the_picture() -> None:
    figure = digest([Panel(code * 16, FALL) for code in "WMP"], "W" * 100)
    picture(figure)

    ends = [box.x1 for box in (text.get_window_extent() for text in figure.axes[0].texts + figure.texts)]
    assert all(end <= 1280 for end in ends)


def test_long_codes_lose_their_middle() -> None:
    assert "WWWWW…WWWWW" in texts(digest([Panel("W" * 16, FALL), Panel("P-07", FALL)]))


def test_same_input_gives_the_same_bytes() -> None:
    assert charts.png(alliance(FALL)) == charts.png(alliance(FALL))


def test_picture_tells_neither_when_nor_by_what_it_was_made() -> None:
    png = charts.png(alliance(FALL))

    assert b"tEXt" not in png
    assert b"tIME" not in png


@pytest.mark.parametrize("code", ["$x^2", "P-07 🙂", "王", "a" * 200, ""])
def test_any_code_can_be_drawn(code: str) -> None:
    assert charts.png(digest([Panel(code, FALL)], code))
    assert charts.png(alliance(FALL, code))


async def test_charts_are_drawn_off_the_event_loop_with_the_same_result() -> None:
    first, second = await charts.draw_digest(patients(13), lambda part, of: f"{part} de {of}", LABELS, 2.0)

    assert await charts.draw_alliance(FALL, TITLE, LABELS, 2.0) == charts.png(alliance(FALL))
    assert first == charts.png(digest(patients(13)[:6], "1 de 2"))
    assert second == charts.png(digest(patients(13)[6:], "2 de 2"))
    assert await charts.draw_qr("https://t.me/x") == charts.qr_png("https://t.me/x")


def test_qr_picture_of_an_invitation_is_large_and_crisp() -> None:
    qr = read(charts.qr_png(f"https://t.me/MicrochequeoBot?start={'a' * 43}"))

    assert qr.width == qr.height >= 500
    assert {colour for _, colour in qr.getcolors() or []} == {(0, 0, 0), (255, 255, 255)}


def test_matplotlib_waits_for_the_first_chart() -> None:
    check = "import sys, bot.services.charts; sys.exit('matplotlib' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0  # noqa: S603 - our own line
