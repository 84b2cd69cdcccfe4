"""The pictures of the guides, taken from the demo: `python -m tests.browser.pictures` writes them to docs/pictures/.

Each is a moment of the story in which it goes too slowly: the question, what the patient hears at the end, the alert
and the digest of the week after, in which it is good again.
"""

import asyncio
from pathlib import Path
from typing import Final

from playwright.async_api import FloatRect, Locator

from tests.browser import demo
from tests.browser.visitor import Side, Visitor

FOLDER: Final = Path(__file__).parents[2] / "docs" / "pictures"
PHONE: Final = (400, 1400)
"""Narrow as a phone, and high enough for a whole conversation."""

MARGIN: Final = 5
SHARPNESS: Final = 2
"""Points of the picture for one of the page."""

_RIGHT: Final = """
(all, [top, bottom]) =>
  all.map((one) => one.getBoundingClientRect())
    .filter((box) => box.top >= top && box.top < bottom)
    .map((box) => box.right)
"""
"""Where each thing between `top` and `bottom` ends, on the right."""

SLOW: Final = "Siento que vamos muy lento."


async def take() -> None:
    """Play the story and keep its moments."""
    async with demo.running() as address, demo.chromium() as browser:
        context = await browser.new_context(
            viewport={"width": PHONE[0], "height": PHONE[1]},
            locale="es-ES",
            device_scale_factor=SHARPNESS,
            reduced_motion="reduce",
        )
        visitor = Visitor(await context.new_page(), "guide")
        await visitor.page.goto(address)
        await visitor.begin("vignette")
        await _answers(visitor)
        await _is_heard(visitor)
        await _is_good_again(visitor)


async def _answers(visitor: Visitor) -> None:
    await visitor.sees("patient", "1 de 3")
    await _keep(visitor, "guia-pregunta", "patient", "1 de 3")
    await visitor.scores(6, 5, 8)
    await visitor.sees("patient", "¿Qué quedó pendiente?")
    await visitor.tap("patient", "Listo")
    await visitor.sees("patient", "qué ayudó o qué sobró")
    await visitor.write("patient", SLOW)
    await visitor.sees("patient", "Anotado, con su comentario")
    await _keep(visitor, "guia-final", "patient", SLOW)


async def _is_heard(visitor: Visitor) -> None:
    await visitor.lets_pass("minutes")
    await visitor.sees("therapist", "caída de la alianza percibida")
    await visitor.tap("therapist", "Ver")
    await visitor.sees("therapist", "9 → 5")
    await visitor.has_the_newest_in_view("therapist")
    await _keep(visitor, "guia-aviso", "therapist", "9 → 5", alone=True)
    await visitor.tap("therapist", "Lo hablamos", "Sin nota")
    await visitor.sees("therapist", "sin nota")


async def _is_good_again(visitor: Visitor) -> None:
    await visitor.lets_pass("digest")
    await visitor.lets_pass("session")
    await visitor.lets_pass("minutes")
    await visitor.scores(9, 9, 1)
    await visitor.tap("patient", "Listo")
    await visitor.lets_pass("digest")
    await visitor.sees("therapist", "Reparada: P-07")
    await _keep(visitor, "guia-resumen", "therapist", "Reparada: P-07")


async def _keep(visitor: Visitor, name: str, side: Side, first: str, *, alone: bool = False) -> None:
    """Keep a picture of the newest message that says `first`, and unless `alone` of the chat from there to its end."""
    await visitor.look_at(side)
    articles = visitor.chat(side).locator("visible=true").locator("article")
    shown = articles.filter(has_text=first).last
    await shown.scroll_into_view_if_needed()
    room, top, last = await _box(visitor.chat(side)), await _box(shown), await _box(shown if alone else articles.last)
    bottom = last["y"] + last["height"]
    right = max(await articles.locator(".bubble, .key").evaluate_all(_RIGHT, [top["y"], bottom]))
    await visitor.page.mouse.move(0, 0)
    clip: FloatRect = {
        "x": room["x"],
        "y": top["y"] - MARGIN,
        "width": right - room["x"] + 2 * MARGIN,
        "height": bottom - top["y"] + 2 * MARGIN,
    }
    await visitor.page.screenshot(path=FOLDER / f"{name}.png", clip=clip, animations="disabled")


async def _box(one: Locator) -> FloatRect:
    box = await one.bounding_box()
    assert box is not None
    return box


if __name__ == "__main__":
    asyncio.run(take())
