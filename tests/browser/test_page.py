"""What people expect of a chat, on the demo's page; the console stays silent in every one of these tests."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Coming
from tests.browser.visitor import NARROW, PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.timeout(300)
async def test_a_message_is_corrected_answered_and_deleted_and_commands_are_a_menu(comes: Coming) -> None:
    visitor = await comes()
    await visitor.begin("empty")
    phone, menu = visitor.phone("therapist"), visitor.page.get_by_role("menu")
    mine, bots = phone.locator(".from-person"), phone.locator(".from-bot")
    before = await bots.count()

    await phone.get_by_role("button", name="Comandos del bot").click()
    await menu.get_by_role("menuitem", name="/ayuda").click()
    await expect(bots).to_have_count(before + 1, timeout=PATIENCE)

    await mine.last.get_by_role("button", name="Opciones del mensaje").click()
    await menu.get_by_role("menuitem", name="Corregir").click()
    await visitor.write("therapist", "/agenda")
    await expect(mine.last).to_contain_text("editado", timeout=PATIENCE)

    await bots.last.get_by_role("button", name="Opciones del mensaje").click()
    await menu.get_by_role("menuitem", name="Responder").click()
    await visitor.write("therapist", "Gracias")
    await expect(mine.last.locator(".quote")).to_be_visible(timeout=PATIENCE)

    await mine.last.get_by_role("button", name="Opciones del mensaje").click()
    await menu.get_by_role("menuitem", name="Borrar").click()
    await expect(mine.filter(has_text="Gracias")).to_have_count(0, timeout=PATIENCE)


@pytest.mark.timeout(300)
async def test_a_chat_nobody_looks_at_counts_what_is_unread_and_the_tour_goes_on(comes: Coming) -> None:
    visitor = await comes(size=NARROW)
    title = visitor.page.locator("#tour-title")
    await visitor.begin("empty")
    await expect(title).to_have_text("Acepte, como paciente")

    await visitor.look_at("therapist")
    await visitor.page.get_by_role("button", name=re.compile("Ampliar")).last.click()
    await visitor.page.get_by_role("button", name="Escanear con un teléfono nuevo").click()
    await visitor.tap("patient", "Acepto")

    await expect(title).to_have_text("Deje que acabe la sesión", timeout=PATIENCE)
    switch = visitor.page.locator("#view-therapist")
    await expect(switch).to_contain_text("sin leer", timeout=PATIENCE)
    await switch.click()
    await expect(visitor.phone("therapist").locator(".mark")).to_be_visible()
    await expect(switch).not_to_contain_text("sin leer")
    await visitor.page.reload()
    await expect(title).to_have_text("Deje que acabe la sesión")


async def test_nothing_comes_from_outside(comes: Coming) -> None:
    visitor = await comes()
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    await visitor.page.reload()
    await visitor.is_ready()

    home = re.match(r"http://127\.0\.0\.1:\d+/", visitor.page.url)
    assert home
    assert len(asked) > 1
    assert [url for url in asked if not url.startswith(home.group())] == []
