"""The demo, played to its end through the real bot: what it prints adds up, and what it saves can be opened."""

import asyncio
import io
import re
from pathlib import Path

import pytest
from PIL import Image
from rich.console import Console

from bot.demo.script import play
from bot.demo.stage import StageError, opened
from bot.demo.story import RUIZ, START

README = Path(__file__).parents[2] / "README.md"
LIMIT = 60
"""Seconds in which six weeks must have passed."""


def console() -> Console:
    return Console(file=io.StringIO(), width=80, record=True)


async def test_six_weeks_pass_with_an_alert_that_adds_up_and_a_chart_that_opens(tmp_path: Path) -> None:
    page = console()

    async with asyncio.timeout(LIMIT):
        await play(page, tmp_path)

    told = page.export_text()
    tapped = re.findall(r"P-07 +▸\s\[\s(\d+)\s\].*?▸\s\[\s(\d+)\s\]", told)
    third, fourth = ((int(understood) + int(sense)) / 2 for understood, sense in tapped[-4:-2])
    assert third - fourth >= 2
    assert f"28 oct: {comma(fourth)}   ·   21 oct: {comma(third)}   ·   7 días entre ambas" in told
    assert "Mirar primero: P-07" in told
    assert "Reparada: P-07 volvió a 8,5" in told
    assert told.count("┃ Semana del ") == 6
    with Image.open(tmp_path / "resumen-semana-6.png") as chart:
        chart.load()
        assert chart.format == "PNG"
    assert [line for line in shown_in_the_readme() if flat(line) not in flat(told)] == []


async def test_a_person_who_does_not_see_what_they_should_stops_the_demo_with_a_sentence() -> None:
    async with opened(START) as stage:
        ruiz = stage.telegram.phone(RUIZ, "Dra. Ruiz")
        await stage.says(ruiz, "/start")

        with pytest.raises(StageError, match=r"Dra\. Ruiz should have «Listo» in view"):
            stage.sees(ruiz, "Listo")
        with pytest.raises(StageError, match="a button «Acepto»"):
            await stage.taps(ruiz, "Acepto")


async def test_the_environment_cannot_lead_the_demo_to_a_real_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROCHEQUEO_TELEGRAM__TOKEN", "123456789:somebody-elses-real-token-0123456789")
    monkeypatch.setenv("MICROCHEQUEO_TELEGRAM__API_URL", "http://127.0.0.1:9")

    async with opened(START) as stage:
        assert stage.telegram.calls


def shown_in_the_readme() -> list[str]:
    """Return what the README says that the demo prints, but for the buttons."""
    blocks = README.read_text("utf-8").split("## Try it")[0].split("```")[1::2]
    return [line for block in blocks for line in block.strip().splitlines() if line and not line.startswith("[")]


def flat(page: str) -> str:
    """Put what was wrapped and framed into one line."""
    return re.sub(r"(?:[│┃]|\s)+", " ", page)


def comma(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")
