"""The page for everybody: with a keyboard alone, with a screen reader, in the dark, large, and without motion."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page

from tests.browser import accessibility
from tests.browser.conftest import Coming, Scheme
from tests.browser.visitor import NARROW, WIDE, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHECKS = (
    accessibility.low_contrast,
    accessibility.small_targets,
    accessibility.broken_structure,
    accessibility.nameless,
)


async def complaints(page: Page) -> list[str]:
    """Run every check on what is in view now."""
    checks: tuple[Callable[[Page], Awaitable[list[str]]], ...] = CHECKS
    return [one for check in checks for one in await check(page)]


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["1440-light", "360-dark"])
async def test_everything_has_a_name_can_be_read_and_can_be_hit(
    comes: Coming, size: tuple[int, int], scheme: Scheme
) -> None:
    visitor = await comes(size=size, scheme=scheme)
    await visitor.begin("vignette")

    for view in ("patient", "therapist", "stage"):
        await visitor.look_at(view)
        assert await complaints(visitor.page) == []
    await visitor.page.locator("#inside summary").click()
    assert await complaints(visitor.page) == []


async def test_every_control_is_reached_with_the_tab_key_and_shows_it(comes: Coming) -> None:
    visitor = await comes()
    await visitor.begin("vignette")

    stops = await accessibility.stops(visitor.page)

    assert [stop["what"] for stop in stops if not stop["visible"]] == []
    reached = " ".join(stop["what"] for stop in stops)
    wanted = (
        'data-jump="digest"',
        'data-story="silent"',
        'id="new-person"',
        "write-patient",
        "write-therapist",
        'role="log"',
    )
    assert [one for one in wanted if one not in reached] == []


async def test_three_taps_without_a_mouse_keep_the_focus_in_the_chat(comes: Coming) -> None:
    visitor = await comes()
    await visitor.begin("vignette")
    await is_asked(visitor)

    await visitor.key("patient", "9").focus()
    for place in (2, 3):
        await visitor.page.keyboard.press("Enter")
        await visitor.sees("patient", f"{place} de 3")
        focused = await visitor.page.evaluate("document.activeElement.closest('article') !== null")
        assert focused, "The focus was lost when the message was edited."


async def test_nothing_moves_for_who_wants_no_motion(comes: Coming) -> None:
    visitor = await comes(motion="reduce")
    await visitor.begin("vignette")
    await is_asked(visitor)
    await visitor.tap("patient", "9")
    await visitor.sees("patient", "2 de 3")

    assert await visitor.page.evaluate("document.getAnimations().length") == 0


async def test_the_page_speaks_and_declares_the_language_that_was_chosen(comes: Coming) -> None:
    visitor = await comes(language="en")

    assert await visitor.page.evaluate("document.documentElement.lang") == "en"
    await visitor.page.get_by_role("button", name="Español").click()
    await visitor.page.get_by_role("heading", name="Teléfono del paciente").wait_for(state="attached")
    assert await visitor.page.evaluate("document.documentElement.lang") == "es"


async def is_asked(visitor: Visitor) -> None:
    """Let the question come, where it is not there yet."""
    if not await visitor.key("patient", "9").count():
        await visitor.lets_pass("session")
    if not await visitor.key("patient", "9").count():
        await visitor.lets_pass("minutes")
