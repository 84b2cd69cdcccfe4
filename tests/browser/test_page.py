"""What people expect of a chat, on the demo's page; the console stays silent in every one of these tests."""

import json
import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Coming
from tests.browser.test_accessible import is_asked
from tests.browser.visitor import NARROW, PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_covered_words_are_shown_when_they_are_tapped(comes: Coming) -> None:
    visitor = await comes()
    await visitor.begin("vignette")
    await is_asked(visitor)
    await visitor.scores(6, 5, 8)
    await visitor.write("patient", "Lo de las faltas.")
    await visitor.write("patient", "Vamos muy lento.")
    await visitor.lets_pass("minutes", times=2)
    await visitor.tap("therapist", "Ver", "Leer sus palabras")
    covered = visitor.phone("therapist").get_by_role("button", name="Texto tapado")

    await covered.first.click(timeout=PATIENCE)

    await expect(covered).to_have_count(0)
    await visitor.picture("alert-1440")


async def test_a_chat_nobody_looks_at_counts_what_is_unread(comes: Coming) -> None:
    visitor = await comes(size=NARROW)
    await visitor.begin("vignette")
    await visitor.look_at("patient")
    await visitor.page.evaluate("() => undefined")
    await visitor.lets_pass("digest")

    switch = visitor.page.locator("#view-therapist")
    await expect(switch).to_contain_text("sin leer", timeout=PATIENCE)
    await switch.click()
    await visitor.phone("therapist").get_by_role("button", name="Ir a lo más reciente").click(timeout=PATIENCE)
    await expect(switch).not_to_contain_text("sin leer")


async def test_a_message_is_corrected_answered_and_deleted(comes: Coming) -> None:
    visitor = await comes()
    await visitor.begin("empty")
    await visitor.write("therapist", "/ayuda")
    await visitor.sees("therapist", "/ayuda")
    mine = visitor.chat("therapist").locator(".from-person")
    menu = visitor.phone("therapist").get_by_role("menu")

    await mine.last.hover()
    await mine.last.get_by_role("button", name="Opciones del mensaje").click()
    await menu.get_by_role("menuitem", name="Corregir").click()
    await visitor.write("therapist", "/agenda")
    await expect(mine.last).to_contain_text("editado")
    await visitor.chat("therapist").locator(".from-bot").last.get_by_role("button", name="Opciones del mensaje").click()
    await menu.get_by_role("menuitem", name="Responder").click()
    await visitor.write("therapist", "Gracias")
    await expect(mine.last.locator(".quote")).to_be_visible()
    await mine.last.get_by_role("button", name="Opciones del mensaje").click()
    await menu.get_by_role("menuitem", name="Borrar").click()
    await expect(mine.filter(has_text="Gracias")).to_have_count(0)


async def test_the_commands_of_the_bot_are_a_menu(comes: Coming) -> None:
    visitor = await comes()
    await visitor.begin("empty")

    await visitor.phone("therapist").get_by_role("button", name="Comandos del bot").click()
    await visitor.page.get_by_role("menuitem", name="/ayuda").click()

    await visitor.sees("therapist", "/privacidad")


async def test_the_tour_notices_what_was_done(comes: Coming) -> None:
    visitor = await comes()
    await visitor.begin("empty")
    title = visitor.page.locator("#tour-title")
    await expect(title).to_have_text("Acepte, como paciente")
    await visitor.write("therapist", "/nuevo P-31")
    await visitor.chat("therapist").locator(".in-text").get_by_text("?start=").last.click(timeout=PATIENCE)

    await visitor.tap("patient", "Acepto")
    await expect(title).to_have_text("Deje que acabe la sesión", timeout=PATIENCE)
    await visitor.page.reload()
    await expect(title).to_have_text("Deje que acabe la sesión")


async def test_nothing_comes_from_outside(comes: Coming) -> None:
    visitor = await comes()
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    await visitor.page.reload()
    await visitor.page.locator(".jump").first.wait_for()

    home = re.match(r"http://127\.0\.0\.1:\d+/", visitor.page.url)
    assert home
    assert [url for url in asked if not url.startswith(home.group())] == []
    words = await visitor.page.request.get(f"{home.group()}words/es.json")
    assert json.loads(await words.text())["send"] == "Enviar"
