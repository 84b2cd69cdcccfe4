"""Words that a patient wrote, as they are shown to read: under a spoiler, protected, hidden again after ten minutes.

Long ones come in pages, so that none is lost.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.domain import timing
from bot.domain.model import Voice
from bot.texts import Texts
from handlers.actions import Action
from handlers.parts import row
from handlers.screen import Screen, cut, fitting, units

PAGE: Final = 3500
"""UTF-16 units of words on one page: title and spoiler leave room below 4,096."""

TITLE_AT_MOST: Final = 200


def covered(
    texts: Texts, voice: Voice, title: str, text: str, page: int, *, more: Action, below: Sequence[tuple[str, Action]]
) -> Screen:
    """Show one page of `text`; `more` turns to the next, `below` are the buttons that follow."""
    pages = _pages(text)
    page = min(page, len(pages) - 1)
    title = cut(title, TITLE_AT_MOST)
    if len(pages) > 1:
        title = f"{title} · {texts.say(voice, 'words-page', page=str(page + 1), pages=str(len(pages)))}"
    minutes = str(timing.HIDE_WORDS_AFTER // timedelta(minutes=1))
    opening = f"{title}\n{texts.say(voice, 'words-hidden-soon', minutes=minutes)}\n\n"
    on: list[tuple[str, Action]] = [("button-read-on", more)] if page + 1 < len(pages) else []
    buttons = row(texts, voice, *on, *below)
    shown = pages[page].rstrip() or "…"
    spoiler = (units(opening), units(shown))
    return Screen(opening + shown, (buttons,) if buttons else (), spoiler=spoiler, protected=True)


def _pages(text: str) -> list[str]:
    """Divide a text into pages between characters as people see them; nothing is left out."""
    pages = []
    while units(text) > PAGE:
        end = fitting(text, PAGE)
        pages.append(text[:end])
        text = text[end:]
    return [*pages, text]
