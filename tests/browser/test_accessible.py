"""The page for everybody: with a keyboard alone, with a screen reader, in the dark, large, and without motion."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from tests.browser import accessibility
from tests.browser.conftest import Coming, Scheme
from tests.browser.visitor import NARROW, PATIENCE, WIDE

pytestmark = pytest.mark.asyncio(loop_scope="session")

WANTED = (
    'data-jump="minutes"', 'data-story="silent"', 'id="new-person"', "write-patient", "write-therapist", 'role="log"',
    'class="key"', "Matar el bot", "<summary>",
)  # fmt: skip
"""Some of what has to be reached with the tab key."""


async def complaints(page: Page) -> list[str]:
    """Run every check on what is in view now."""
    checks: tuple[Callable[[Page], Awaitable[list[str]]], ...] = (
        accessibility.low_contrast,
        accessibility.small_targets,
        accessibility.broken_structure,
        accessibility.nameless,
    )
    return [one for check in checks for one in await check(page)]


@pytest.mark.timeout(300)
async def test_three_taps_need_no_mouse_and_no_motion(comes: Coming) -> None:
    visitor = await comes(motion="reduce")
    await visitor.is_asked()

    stops = await accessibility.stops(visitor.page)
    assert [stop["what"] for stop in stops if not stop["visible"]] == []
    assert [one for one in WANTED if one not in " ".join(stop["what"] for stop in stops)] == []

    await visitor.key("patient", "9").focus()
    for place in (2, 3):
        await visitor.page.keyboard.press("Enter")
        await visitor.sees("patient", f"{place} de 3")
        assert await visitor.page.evaluate("document.activeElement.matches('article .key')")
    assert await visitor.page.evaluate("document.getAnimations().length") == 0


@pytest.mark.timeout(300)
async def test_who_goes_by_keyboard_is_not_lost_where_one_thing_is_in_view(comes: Coming) -> None:
    visitor = await comes(size=NARROW)
    await visitor.is_ready()
    folder = visitor.page.locator("#folder")
    before = await folder.text_content() or ""
    await visitor.look_at("stage")
    await visitor.page.locator("[data-story=empty]").press("Enter")
    await expect(folder).not_to_have_text(before, timeout=PATIENCE)
    focus = visitor.page.locator("#phones:focus, #phones :focus")
    await expect(focus).to_have_count(1, timeout=PATIENCE)
    await visitor.is_ready()

    await visitor.look_at("therapist")
    await visitor.is_told("Toque el enlace")
    await visitor.chat("therapist").locator(".in-text").get_by_text("?start=").last.press("Enter")
    await expect(visitor.key("patient", "Acepto")).to_be_visible(timeout=PATIENCE)
    await expect(focus).to_have_count(1)


@pytest.mark.parametrize(
    ("size", "scheme"),
    [(WIDE, "light"), (WIDE, "dark"), (NARROW, "light"), (NARROW, "dark")],
    ids=["1440-light", "1440-dark", "360-light", "360-dark"],
)
async def test_everything_has_a_name_can_be_read_and_can_be_hit(
    comes: Coming, size: tuple[int, int], scheme: Scheme
) -> None:
    visitor = await comes(size=size, scheme=scheme)
    await visitor.is_ready()

    for view in ("patient", "therapist", "stage"):
        await visitor.look_at(view)
        assert await complaints(visitor.page) == []
    await visitor.page.locator("#inside summary").first.click()
    assert await complaints(visitor.page) == []


async def test_the_page_speaks_and_declares_the_language_that_was_chosen(comes: Coming) -> None:
    visitor = await comes(language="en")

    await visitor.page.get_by_role("heading", name="Patient's phone").wait_for(state="attached")
    assert await visitor.page.evaluate("document.documentElement.lang") == "en"
    await visitor.page.get_by_role("button", name="Español").click()
    await visitor.page.get_by_role("heading", name="Teléfono del paciente").wait_for(state="attached")
    assert await visitor.page.evaluate("document.documentElement.lang") == "es"
