"""Nothing is lost, and a visitor sees it: the bot is killed, Telegram says slow down, the network goes."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Coming
from tests.browser.test_accessible import is_asked
from tests.browser.visitor import NARROW, PATIENCE, WIDE, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def counted(visitor: Visitor, what: str) -> int:
    return int(await visitor.page.locator(f"#{what}").inner_text())


async def all_stored(visitor: Visitor, given: int) -> None:
    """Wait until the count says that every number given is stored."""
    for what in ("given", "stored"):
        await expect(visitor.page.locator(f"#{what}")).to_have_text(str(given), timeout=PATIENCE)
    await expect(visitor.page.locator("#verdict")).to_have_class("verdict good", timeout=PATIENCE)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "360"])
async def test_an_answer_tapped_while_the_bot_is_dead_is_there_when_it_comes_back(
    comes: Coming, size: tuple[int, int]
) -> None:
    visitor = await comes(size=size)
    await visitor.begin("vignette")
    await is_asked(visitor)
    given = await counted(visitor, "given")
    fault = visitor.page.locator("[data-fault=kill] button")

    await visitor.look_at("stage")
    await fault.click()
    await expect(fault).to_have_text("Arrancar el bot", timeout=PATIENCE)
    await visitor.tap("patient", "7")
    await expect(visitor.phone("patient").locator(".trouble")).to_contain_text("El bot está parado")
    await expect(visitor.page.locator("#given")).to_have_text(str(given + 1), timeout=PATIENCE)
    await visitor.picture(f"killed-{size[0]}")
    await visitor.look_at("stage")
    await fault.click()

    await visitor.sees("patient", "2 de 3")
    await all_stored(visitor, given + 1)
    await visitor.tap("patient", "6")
    await visitor.sees("patient", "3 de 3")
    await all_stored(visitor, given + 2)


@pytest.mark.parametrize("fault", ["no_network", "slow_down"])
async def test_what_is_answered_during_a_fault_arrives_when_it_is_lifted(comes: Coming, fault: str) -> None:
    visitor = await comes()
    await visitor.begin("vignette")
    await is_asked(visitor)
    given = await counted(visitor, "given")
    button = visitor.page.locator(f"[data-fault={fault}] button")

    await button.click()
    await expect(button).to_contain_text("Quitarlo ya", timeout=PATIENCE)
    await visitor.tap("patient", "7")
    await button.click()

    await visitor.sees("patient", "2 de 3")
    await all_stored(visitor, given + 1)
