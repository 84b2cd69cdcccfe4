"""Nothing is lost, and a visitor sees it: the bot is killed, the network goes, Telegram says slow down."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Coming
from tests.browser.visitor import NARROW, PATIENCE, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def counts(visitor: Visitor, given: int) -> None:
    """Wait until the page says that so many numbers were given, and all of them are stored."""
    for what in ("given", "stored"):
        await expect(visitor.page.locator(f"#{what}")).to_have_text(str(given), timeout=PATIENCE)
    await expect(visitor.page.locator("#verdict")).to_have_class("verdict good", timeout=PATIENCE)


async def presses(visitor: Visitor, fault: str, then: str) -> None:
    """Press a fault's button and wait for what it says then."""
    await visitor.look_at("stage")
    button = visitor.page.locator(f"[data-fault={fault}] button")
    await button.click(timeout=PATIENCE)
    await expect(button).to_contain_text(then, timeout=PATIENCE)


@pytest.mark.timeout(300)
async def test_an_answer_given_in_every_kind_of_trouble_is_there_afterwards(comes: Coming) -> None:
    visitor = await comes()
    await visitor.is_asked()

    await presses(visitor, "kill", then="Arrancar el bot")
    await visitor.tap("patient", "7")
    await expect(visitor.phone("patient").locator(".trouble")).to_contain_text("El bot está parado")
    await expect(visitor.page.locator("#given")).to_have_text("1", timeout=PATIENCE)
    await expect(visitor.page.locator("#stored")).to_have_text("0")
    await visitor.picture("killed-es-1440")
    await presses(visitor, "kill", then="Matar el bot")
    await visitor.sees("patient", "2 de 3")
    await counts(visitor, 1)

    for place, fault in ((2, "no_network"), (3, "slow_down")):
        await visitor.sees("patient", f"{place} de 3")
        await presses(visitor, fault, then="Quitarlo ya")
        await visitor.tap("patient", "7")
        await expect(visitor.page.locator("#given")).to_have_text(str(place), timeout=PATIENCE)
        await presses(visitor, fault, then="red" if fault == "no_network" else "calma")
        await counts(visitor, place)


@pytest.mark.timeout(300)
async def test_what_is_tapped_while_the_bot_is_dead_is_answered_when_it_comes_back(comes: Coming) -> None:
    visitor = await comes(size=NARROW)
    await visitor.is_asked()

    await presses(visitor, "kill", then="Arrancar el bot")
    await visitor.tap("patient", "3")
    await expect(visitor.phone("patient").locator(".key.waiting")).to_be_visible()
    await visitor.picture("killed-es-360")
    await presses(visitor, "kill", then="Matar el bot")

    await visitor.sees("patient", "2 de 3")
    await expect(visitor.phone("patient").locator(".trouble")).to_be_hidden()
