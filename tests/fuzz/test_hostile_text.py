"""Whatever people write is shown as they wrote it, or cut between two characters; never obeyed, never garbled.

`FUZZ_TEXTS` says how many strings.  Which code points make one visible character is asked of another library.
"""

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import pytest
import regex

from bot.domain.model import Article, Called, InvitationId, Urgency
from handlers.screen import TEXT_AT_MOST, Screen, sound, units
from handlers.screens_alerts import alert_words, left_words
from handlers.screens_arrival import enrol_offer
from handlers.screens_digest import digest
from tests.handlers.gallery import EPISODE, TEXTS, USTED, Gallery, words
from tests.handlers.weeks import QUIET_WEEK
from tests.practice import Practice

TEXTS_DRAWN: Final = int(os.environ.get("FUZZ_TEXTS", "20000"))
SENT: Final = 300
STACK: Final = 40
"""Code points after which a stack of marks may be cut through."""

PIECES: Final = (
    *("<b>", "</b>", "*", "_", "`", "```", "[a](tg://user?id=1)", "||", "&lt;", "&", "\\", "#", "@all", "/start"),
    *("{ $therapist }", "{", "}", "%s", "%(x)s", "{0}", "\n", "\r\n", "\t", " ", "\u00a0", "\u2028"),
    *("\u202e", "\u202d", "\u2066", "\u2069", "\u200f", "\u061c", "שלום", "سلام", "\x00", "\x07", "\x1b[31m", "\ufeff"),
    *("\ud83d", "\udc00", "\ufffd", "\u200d", "\u200b", "\ufe0f", "e\u0301", "a" + "\u0300" * 30, "한", "각"),
    *("👩‍👩‍👧‍👦", "👍🏽", "🇪🇸", "🇪", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️‍🔥", "1️⃣", "नि", "ñ", "Fue muy deprisa", "7", "x" * 60),
)


def hostile(chance: random.Random) -> str:
    """Make a string of pieces that were each chosen to do harm; some repeat one of them without end."""
    if chance.random() < 0.005:
        piece = chance.choice(PIECES)
        return (piece * 4096)[: chance.choice((4095, 4096))]
    return "".join(chance.choices(PIECES, k=chance.randrange(1, 60)))


def drawn(number: int, seed: int = 5) -> Iterator[str]:
    chance = random.Random(seed)  # noqa: S311 - no secret
    yield "🌱" * 4096
    for _ in range(number - 1):
        yield hostile(chance)


def boundaries(text: str) -> set[int]:
    """Return the places between two visible characters; a stack that never ends may be cut anywhere."""
    places = {0}
    for cluster in regex.finditer(r"\X", text):
        long = cluster.end() - cluster.start() > STACK
        places |= set(range(cluster.start(), cluster.end() + 1)) if long else {cluster.end()}
    return places


def torn(source: str, shown: Sequence[str]) -> str | None:
    """Say what is wrong with `shown` as the pages of `source`: only blanks may be missing, and only between pages."""
    place, may_end = 0, boundaries(source)
    for page in shown:
        text = page.removesuffix("…") if page == shown[-1] and not source.endswith(page) else page
        while not source.startswith(text, place):
            if place >= len(source) or not source[place].isspace():
                return f"not literal at {place}"
            place += 1
        place += len(text)
        if place not in may_end:
            return f"torn at {place}"
    return None


def uncovered(screen: Screen) -> str:
    """Return what lies under the spoiler; blanks at the ends of a page are not shown."""
    assert screen.spoiler is not None
    start, length = screen.spoiler
    page = screen.text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * (start + length)].decode(
        "utf-16-le", "surrogatepass"
    )
    return "" if page == "…" else page  # a page of blanks


def test_words_are_shown_literally_page_after_page() -> None:
    for text in drawn(TEXTS_DRAWN):
        said = words(sound(text))
        first = alert_words(TEXTS, USTED, EPISODE.id, [said])
        pages = [uncovered(first)]
        while has_more(first, len(pages)):
            pages.append(uncovered(alert_words(TEXTS, USTED, EPISODE.id, [said], len(pages))))

        source = f"{TEXTS.say(USTED, 'words-kind-reflection')}\n{said.text}"
        assert torn(source, pages) is None, ascii(text)
        assert "".join("".join(pages).split()) == "".join(source.split()), ascii(text)


def has_more(first: Screen, shown: int) -> bool:
    total = regex.search(r"(\d+)\s*$", first.text.partition("\n")[0])
    pages = int(total[1]) if total and "·" in first.text.partition("\n")[0] else 1
    return shown < pages


def test_a_name_or_a_code_never_bends_the_text_around_it() -> None:
    for text in drawn(TEXTS_DRAWN, seed=6):
        line = replace(QUIET_WEEK.lines[0], code=sound(text)[:100])
        screens = digest(TEXTS, USTED, replace(QUIET_WEEK, lines=[line], history=[line]))
        name = " ".join(sound(text).split())[:60] or "Marta"  # as typed names are kept
        offered = enrol_offer(TEXTS, USTED, name, InvitationId(1))
        for one in (*screens, offered):
            assert 0 < units(one.text) <= TEXT_AT_MOST
            assert all(button.label for row in one.rows for button in row)
        assert line.code in "\n".join(screen.text for screen in screens), ascii(text)


@pytest.mark.timeout(300)
async def test_what_is_sent_arrives_as_it_was_written(practice: Practice) -> None:
    phone = practice.telegram.phone(200, "Ana")
    phone.started = True
    messenger = practice.bot.delivery._messenger

    for text in drawn(SENT, seed=7):
        screen = left_words(TEXTS, USTED, words(text))
        await messenger.send(200, screen, Urgency.REPLY)  # type: ignore[attr-defined]

        assert phone.last().text == sound(screen.text).strip(), ascii(text)
        assert [entity["type"] for entity in phone.last().entities] == ["spoiler"], ascii(text)


async def test_every_screen_with_a_hostile_name_can_be_sent(practice: Practice) -> None:
    phone = practice.telegram.phone(200, "Ana")
    phone.started = True
    messenger = practice.bot.delivery._messenger
    gallery = Gallery(USTED, Called("<b>\u202e\ud83d{ $x }*_" * 5, Article.LA), "P-07")

    for name, screen in {**gallery.patients(), **gallery.therapists()}.items():
        if screen.photo is None:
            await messenger.send(200, screen, Urgency.REPLY)  # type: ignore[attr-defined]
            assert phone.last().text == sound(screen.text), name


def test_the_judge_would_notice_a_torn_family() -> None:
    assert torn("a👩‍👩‍👧‍👦b", ["a👩‍👩", "‍👧‍👦b"]) == "torn at 4"
    assert torn("abc", ["abd"]) == "not literal at 0"
