"""What people expect of a chat, on the demo's page; the console stays silent in every one of these tests."""

import re
from pathlib import Path

import psutil
import pytest
from playwright.async_api import expect

from tests.browser.conftest import Coming
from tests.browser.visitor import NARROW, PATIENCE
from tests.process import who_has_open

pytestmark = pytest.mark.asyncio(loop_scope="session")

TYPING = """async () => {
  const { Conversation } = await import("/static/conversation.js");
  const one = new Conversation(1, {}, () => {});
  one.update({ id: 1, messages: [], typing: true, commands: [] }, "Ana");
  const typing = one.log.querySelector(".typing");
  return [typing.textContent, typing.querySelectorAll("i").length];
}"""


FOUND = """async (text) => {
  const { rendered } = await import("/static/texts.js");
  const nodes = rendered(text, [], { link: () => {}, command: () => {} });
  return nodes.filter((node) => ["A", "BUTTON"].includes(node.tagName)).map((node) => node.textContent);
}"""
"""The commands and links in a text."""

PAPER = "getComputedStyle(document.documentElement).backgroundColor"


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


@pytest.mark.timeout(300)
async def test_where_there_is_room_for_one_phone_menus_stay_in_it_and_the_tour_shows_the_way(comes: Coming) -> None:
    visitor = await comes(size=NARROW)
    await visitor.begin("empty")
    await visitor.look_at("stage")
    await visitor.page.get_by_role("button", name="Ir ahí").click()
    therapist = visitor.phone("therapist")

    await therapist.locator(".from-bot .more").last.click()

    assert await therapist.get_by_role("log").evaluate("log => log.scrollLeft") == 0
    menu = await visitor.page.get_by_role("menu").bounding_box()
    assert menu is not None
    assert menu["x"] >= 0
    assert menu["x"] + menu["width"] <= NARROW[0]


@pytest.mark.timeout(300)
async def test_a_story_in_which_the_bot_dies_says_that_it_stopped(comes: Coming) -> None:
    visitor = await comes()
    await visitor.is_ready()
    before = await visitor.page.locator("#folder").text_content() or ""
    await visitor.page.locator("[data-story=slide]").click()
    await expect(visitor.page.locator("#folder")).not_to_have_text(before, timeout=PATIENCE)
    await expect(visitor.page.locator("#playing")).to_contain_text("Semana", timeout=PATIENCE)

    for number in who_has_open(Path(await visitor.page.locator("#folder").text_content() or "")):
        psutil.Process(number).kill()

    await expect(visitor.page.locator("#playing")).to_contain_text("se ha parado", timeout=PATIENCE)
    await visitor.begin("empty")
    await expect(visitor.page.locator("#playing")).to_be_hidden()


async def test_a_bot_that_types_is_drawn_typing_and_said_to_be(comes: Coming) -> None:
    visitor = await comes()
    await visitor.is_ready()  # the page's words come after the page

    drawn = await visitor.page.evaluate(TYPING)

    assert drawn == ["El bot está escribiendo", 3]


@pytest.mark.timeout(300)
async def test_a_step_of_the_tour_can_be_skipped_and_the_tour_closed_and_begun_again(comes: Coming) -> None:
    visitor = await comes()
    await visitor.begin("empty")
    title, tour = visitor.page.locator("#tour-title"), visitor.page.locator("#tour")
    await expect(title).to_have_text("Acepte, como paciente")

    await visitor.page.get_by_role("button", name="Saltar").click()
    await expect(title).to_have_text("Deje que acabe la sesión")
    await expect(visitor.page.locator("#tour-steps li.done")).to_have_count(1)
    await visitor.page.get_by_role("button", name="Cerrar el recorrido").click()
    await expect(tour).to_be_hidden()
    await visitor.page.reload()
    await expect(tour).to_be_hidden()

    await visitor.page.get_by_role("button", name="Recorrido", exact=True).click()
    await expect(title).to_have_text("Acepte, como paciente")


@pytest.mark.timeout(300)
async def test_the_tour_goes_by_what_there_is_whichever_story_was_begun_before(comes: Coming) -> None:
    visitor = await comes()
    title = visitor.page.locator("#tour-title")
    await visitor.begin("vignette")
    await expect(title).to_have_text("Conteste con tres toques", timeout=PATIENCE)

    await visitor.page.get_by_role("button", name="Cerrar el recorrido").click()
    await visitor.page.get_by_role("button", name="Recorrido", exact=True).click()
    assert await title.text_content() == "Conteste con tres toques"
    await visitor.begin("empty")

    await visitor.is_told("Toque el enlace")


async def test_another_run_of_the_demo_begins_the_tour_anew(comes: Coming) -> None:
    visitor = await comes()
    await visitor.is_ready()
    await visitor.page.evaluate("sessionStorage.setItem('tour', '5'); sessionStorage.setItem('run', 'before')")

    await visitor.page.reload()

    await expect(visitor.page.locator("#tour-title")).to_have_text(re.compile("Acepte|Deje"), timeout=PATIENCE)


async def test_it_is_dark_or_light_as_was_chosen_whatever_the_machine_prefers(comes: Coming) -> None:
    visitor = await comes(scheme="light")
    switch = visitor.page.get_by_role("button", name="Modo oscuro")
    await expect(switch).to_have_attribute("aria-pressed", "false")
    light = await visitor.page.evaluate(PAPER)

    await switch.click()

    await expect(switch).to_have_attribute("aria-pressed", "true")
    dark = await visitor.page.evaluate(PAPER)
    assert dark != light
    await visitor.page.reload()
    await expect(switch).to_have_attribute("aria-pressed", "true")
    assert await visitor.page.evaluate(PAPER) == dark


@pytest.mark.timeout(300)
async def test_a_file_can_be_saved(comes: Coming) -> None:
    visitor = await comes()
    await visitor.begin("empty")
    phone = visitor.phone("therapist")
    await phone.get_by_role("button", name="Enviar otra cosa").click()
    await visitor.page.get_by_role("menuitem", name="Un archivo").click()
    file = phone.locator("a.file").last
    await expect(file).to_be_visible(timeout=PATIENCE)

    async with visitor.page.expect_download() as coming:
        await file.click()

    saved = await coming.value
    assert saved.suggested_filename.endswith(".ics")
    assert (await saved.path()).read_text("utf-8").startswith("BEGIN:VCALENDAR")


@pytest.mark.timeout(300)
async def test_a_picture_that_cannot_be_fetched_says_so(comes: Coming) -> None:
    visitor = await comes()
    await visitor.begin("empty")
    phone = visitor.phone("therapist")
    await expect(phone.locator(".photo")).to_have_count(1)

    await visitor.page.route("**/file/**", lambda route: route.fulfill(status=404))
    await visitor.page.reload()

    await expect(phone.get_by_text("Esta imagen ya no está")).to_be_visible(timeout=PATIENCE)
    await expect(phone.locator(".photo")).to_have_count(0)
    visitor.expected(404)


@pytest.mark.timeout(300)
async def test_the_bot_can_be_blocked_from_a_phone_and_unblocked(comes: Coming) -> None:
    visitor = await comes()
    await visitor.is_asked()
    phone, menu = visitor.phone("patient"), visitor.page.get_by_role("menu")

    await phone.get_by_role("button", name="Opciones del teléfono").click()
    await menu.get_by_role("menuitem", name="Bloquear el bot").click()
    await expect(phone.locator(".composer")).to_be_hidden(timeout=PATIENCE)
    await visitor.key("patient", "7").click()
    await expect(visitor.page.locator("#refusal")).to_contain_text("el bot está bloqueado", timeout=PATIENCE)
    visitor.expected(409)

    await phone.get_by_role("button", name="Desbloquear el bot").click()
    await expect(phone.locator(".composer")).to_be_visible(timeout=PATIENCE)
    await visitor.tap("patient", "7")
    await visitor.sees("patient", "2 de 3")


async def test_what_was_refused_is_not_said_any_longer_once_something_else_was_done(comes: Coming) -> None:
    visitor = await comes()
    await visitor.begin("empty")
    refusal = visitor.page.locator("#refusal")
    await visitor.page.locator("[data-jump=session]").click(force=True)  # it says of itself that it leads nowhere
    await expect(refusal).to_contain_text("No hay ninguna sesión")

    async with visitor.page.expect_response("**/do"):
        await visitor.write("therapist", "/ayuda")

    await expect(refusal).to_have_text("", timeout=2000)


async def test_commands_and_links_are_found_behind_a_blank_only(comes: Coming) -> None:
    visitor = await comes()

    found = await visitor.page.evaluate(
        FOUND, "Sí/no, él/ella, y/o: /ayuda (/agenda) «/nuevo P-07» a@/b https://a.es/c."
    )

    assert found == ["/ayuda", "/agenda", "/nuevo", "https://a.es/c"]


async def test_what_stands_before_a_marked_word_counts_for_what_follows_it(comes: Coming) -> None:
    visitor = await comes()

    assert await visitor.page.evaluate(FOUND, "Sí/no") == []
    assert await visitor.page.evaluate(FOUND.replace("[]", '[{ type: "bold", offset: 0, length: 2 }]'), "Sí/no") == []


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
