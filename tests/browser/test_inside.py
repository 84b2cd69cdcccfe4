"""What happens inside, for whoever opens it: the rule with its arithmetic, what is due and what left, the raw calls."""

import json
import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Coming
from tests.browser.visitor import NARROW, PATIENCE, WIDE

pytestmark = pytest.mark.asyncio(loop_scope="session")

RAW = re.compile(r"[a-z]_[a-z]|retention|checkpoint|bulk")
"""What rows are called in the database and nowhere else."""


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("language", "size", "fall", "sent", "question", "due"),
    [
        ("es", WIDE, "9 − 7,5 = 1,5 ≥ 1,5", "enviado", "la pregunta → P-07 · ", "la pregunta · P-07"),
        ("en", NARROW, "9 − 7.5 = 1.5 ≥ 1.5", "sent", "the question → P-07 · ", "the question · P-07"),
    ],
    ids=["es-1440", "en-360"],
)
async def test_a_rule_shows_its_sum_and_every_row_is_in_plain_words(
    comes: Coming, language: str, size: tuple[int, int], fall: str, sent: str, question: str, due: str
) -> None:
    visitor = await comes(language=language, size=size)
    await visitor.begin("slide")
    await visitor.look_at("stage")
    await visitor.page.locator("#inside > summary").click()
    rules, outbox, rows = (visitor.page.locator(f"#{one}") for one in ("rules", "outbox", "due"))

    await expect(rules).to_contain_text("(9 + 9) ÷ 2 = 9", timeout=PATIENCE)
    await expect(rules).to_contain_text(fall)
    await expect(outbox.locator("li", has_text=question).first).to_contain_text(sent, timeout=PATIENCE)
    await expect(rows.locator("li", has_text=due).first).to_be_visible()
    assert [one for one in await outbox.locator("li").all_text_contents() if RAW.search(one)] == []
    assert [one for one in await rows.locator("li").all_text_contents() if RAW.search(one)] == []


@pytest.mark.timeout(300)
async def test_the_calls_are_there_as_they_were_made(comes: Coming) -> None:
    visitor = await comes()
    await visitor.begin("empty")
    await visitor.page.locator("#inside > summary").click()
    await visitor.write("therapist", "/ayuda")
    call = visitor.page.locator("#calls details", has_text="sendMessage").first
    await expect(call.locator("summary")).to_contain_text("200", timeout=PATIENCE)

    await call.locator("summary").click()

    said = json.loads(await call.locator("pre").text_content() or "")
    assert said["params"]["chat_id"] == 100
    assert said["response"]["ok"] is True
    assert said["response"]["result"]["text"] == said["params"]["text"]
