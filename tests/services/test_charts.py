import subprocess
import sys
from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image, ImageColor

from bot.services import charts
from bot.services.charts import COLOURS, MOST_PANELS, ChartLabels, Panel, Point

LABELS = ChartLabels(
    drop="caída",
    repaired="reparada",
    unanswered="sin respuesta",
    empty="Todavía no hay respuestas",
    day=lambda day: f"{day.day}/{day.month}",
    number=lambda number: f"{number:.1f}".replace(".", ","),
)
TITLE = "P-07 · Alianza percibida"
FALL = [Point(date(2026, 11, 10), 9.0), Point(date(2026, 11, 17), 6.5, "drop")]


def series(*means: float | None) -> list[Point]:
    return [Point(date(2026, 1, 5) + timedelta(weeks=week), mean) for week, mean in enumerate(means)]


def picture(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("RGB")


def dots(png: bytes, colour: str) -> int:
    wanted = ImageColor.getrgb(colour)
    return sum(count for count, found in picture(png).getcolors(1 << 24) or [] if found == wanted)


@pytest.mark.parametrize(
    "points", [[], series(7.5), series(None), series(0, 10), series(*[8, None, 9.5] * 40), FALL], ids=len
)
def test_alliance_is_drawn_for_any_number_of_sessions(points: list[Point]) -> None:
    assert picture(charts.alliance_chart(points, TITLE, LABELS)).size == (1280, 800)


@pytest.mark.parametrize("count", range(MOST_PANELS + 1))
def test_digest_is_drawn_for_any_number_of_patients(count: int) -> None:
    panels = [Panel(f"P-{number:02}", series(8, None, 9)) for number in range(count)]

    assert picture(charts.digest_chart(panels, "Semana", LABELS)).width == 1280


def test_digest_refuses_more_panels_than_a_phone_can_show() -> None:
    with pytest.raises(ValueError, match="13 panels; at most 12"):
        charts.digest_chart([Panel("P-01", [])] * 13, "Semana", LABELS)


def test_fall_stands_out_in_its_own_colour() -> None:
    calm = charts.alliance_chart(series(8, 8.5), TITLE, LABELS)
    fallen = charts.alliance_chart(FALL, TITLE, LABELS)

    assert dots(calm, COLOURS["drop"]) == 0
    assert dots(fallen, COLOURS["drop"]) > 1000


def test_repair_stands_out_in_its_own_colour() -> None:
    repaired = [*FALL, Point(date(2026, 11, 24), 9.0, "repaired")]

    digest = charts.digest_chart([Panel("P-07", repaired)], "Semana", LABELS)

    assert dots(digest, COLOURS["repaired"]) > 300


def test_unanswered_session_leaves_a_mark() -> None:
    silent = charts.digest_chart([Panel("P-07", series(8, None))], "Semana", LABELS)

    assert silent != charts.digest_chart([Panel("P-07", series(8))], "Semana", LABELS)


def test_same_input_gives_the_same_bytes() -> None:
    assert charts.alliance_chart(FALL, TITLE, LABELS) == charts.alliance_chart(FALL, TITLE, LABELS)


def test_picture_tells_neither_when_nor_by_what_it_was_made() -> None:
    png = charts.alliance_chart(FALL, TITLE, LABELS)

    assert b"tEXt" not in png
    assert b"tIME" not in png


@pytest.mark.parametrize("code", ["$x^2", "P-07 🙂", "王", "a" * 200, ""])
def test_any_code_can_be_drawn(code: str) -> None:
    assert charts.digest_chart([Panel(code, FALL)], code, LABELS)
    assert charts.alliance_chart(FALL, code, LABELS)


async def test_charts_are_drawn_off_the_event_loop_with_the_same_result() -> None:
    assert await charts.draw_alliance(FALL, TITLE, LABELS) == charts.alliance_chart(FALL, TITLE, LABELS)
    assert await charts.draw_digest([], TITLE, LABELS) == charts.digest_chart([], TITLE, LABELS)
    assert await charts.draw_qr("https://t.me/x") == charts.qr_png("https://t.me/x")


def test_qr_picture_of_an_invitation_is_large_and_crisp() -> None:
    qr = picture(charts.qr_png(f"https://t.me/MicrochequeoBot?start={'a' * 43}"))

    assert qr.width == qr.height >= 500
    assert {colour for _, colour in qr.getcolors() or []} == {(0, 0, 0), (255, 255, 255)}


def test_matplotlib_waits_for_the_first_chart() -> None:
    check = "import sys, bot.services.charts; sys.exit('matplotlib' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0  # noqa: S603 - our own line
