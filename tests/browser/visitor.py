"""What a visitor does on the page, and what they see there.  Every wait ends with what becomes visible."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from playwright.async_api import Locator, Page, expect

Side = Literal["patient", "therapist"]

WIDE, NARROW = (1440, 900), (360, 740)
ROOM_FOR_BOTH: Final = 900
PATIENCE: Final = 60_000
"""Milliseconds that something may take to become visible on a busy machine."""

PICTURES: Final = Path(os.environ.get("DEMO_PICTURES", "demo-output"))


@dataclass
class Visitor:
    """Somebody at the page, `named` for pictures; `complaints` is what the browser's console had to say."""

    page: Page
    named: str
    complaints: list[str] = field(default_factory=list)

    @property
    def is_narrow(self) -> bool:
        size = self.page.viewport_size
        return size is not None and size["width"] < ROOM_FOR_BOTH

    def expected(self, status: int) -> None:
        """Let the browser have noted answers of that status, which the page has spoken of, and nothing else."""
        assert self.complaints
        assert [one for one in self.complaints if str(status) not in one] == []
        self.complaints.clear()

    async def look_at(self, view: str) -> None:
        """Bring a phone or the stage into view, where there is room for one only."""
        if self.is_narrow:
            await self.page.locator(f"#view-{view}").click()

    async def begin(self, story: str) -> None:
        """Start from a story and wait until it has been played: another folder, and nothing goes on by itself."""
        folder = self.page.locator("#folder")
        card = self.page.locator(f"[data-story={story}]")
        await self.is_ready()
        before = await folder.text_content() or ""
        await self.look_at("stage")
        await card.click()
        await expect(folder).not_to_have_text(before, timeout=PATIENCE)
        await self.is_ready()

    async def is_ready(self) -> None:
        """Wait until the visitor may act."""
        card = self.page.locator("[data-story=empty]")
        await expect(card).to_have_attribute("aria-disabled", "false", timeout=PATIENCE)

    async def is_asked(self) -> None:
        """Begin anew, let the patient who is invited accept, and the first question come."""
        await self.begin("empty")
        await self.look_at("therapist")
        await self.chat("therapist").locator(".in-text").get_by_text("?start=").last.click()
        await self.tap("patient", "Acepto")
        await self.sees("therapist", "P-07 ha aceptado")
        await self.write("therapist", "/sesion P-07 ahora")
        await self.sees("therapist", "Preguntaré")
        await self.lets_pass("minutes")
        await self.sees("patient", "1 de 3")

    def phone(self, side: Side) -> Locator:
        return self.page.locator(f"#phone-{side}")

    def chat(self, side: Side) -> Locator:
        """Return the chat that is shown on a phone."""
        return self.phone(side).get_by_role("log")

    def key(self, side: Side, label: str) -> Locator:
        """Return the newest key with that label below a message."""
        return self.phone(side).locator(".key").get_by_text(label, exact=True).locator("visible=true").last

    async def write(self, side: Side, text: str) -> None:
        await self.look_at(side)
        field_ = self.page.locator(f"#write-{side}")
        await field_.fill(text)
        await field_.press("Enter")

    async def tap(self, side: Side, *labels: str) -> None:
        for label in labels:
            await self.look_at(side)
            await self.key(side, label).click(timeout=PATIENCE)

    async def scores(self, *points: int) -> None:
        """Tap one number for each question, each when its question is there."""
        for place, number in enumerate(points, start=1):
            await self.sees("patient", f"{place} de 3", f"{place} of 3")
            await self.tap("patient", str(number))

    async def sees(self, side: Side, *any_of: str) -> None:
        """Wait until the newest messages on a phone say one of these."""
        await self.look_at(side)
        texts = self.chat(side).locator("visible=true").locator("article")
        wanted = texts.filter(has_text=_any(any_of)).last
        await expect(wanted).to_be_visible(timeout=PATIENCE)

    async def is_told(self, hint: str) -> None:
        """Wait until the tour says this."""
        await expect(self.page.locator("#tour-hint")).to_contain_text(hint, timeout=PATIENCE)

    async def has_the_newest_in_view(self, side: Side) -> None:
        """Wait until the last message is a picture that has come, and stands at the end of what is in view."""
        picture = self.chat(side).locator("visible=true").locator("article").last.locator("img")
        await expect(picture).to_be_visible(timeout=PATIENCE)
        await expect(picture).to_have_js_property("complete", value=True, timeout=PATIENCE)
        await expect(self.phone(side).locator(".conversation:not([hidden]) .newest")).to_be_hidden()

    async def lets_pass(self, jump: str, times: int = 1) -> None:
        """Move the clock on, each time when the jump before has ended."""
        button = self.page.locator(f"[data-jump={jump}]")
        for _ in range(times):
            await expect(button).to_have_attribute("aria-disabled", "false", timeout=PATIENCE)
            async with self.page.expect_response("**/do"):
                await button.click()
            await expect(button).to_have_attribute("aria-disabled", "false", timeout=PATIENCE)

    async def picture(self, name: str) -> None:
        """Keep what is on the page now."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        await self.page.mouse.move(0, 0)
        await self.page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")


def _any(texts: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, texts)))
