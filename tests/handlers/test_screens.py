"""What every screen must hold: limits, no leftovers, no jargon; and the cutting of long texts."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.model import (
    Article,
    Called,
    Language,
    Register,
)
from handlers.keyboards import DATA_AT_MOST, decode
from handlers.screen import (
    CAPTION_AT_MOST,
    LABEL_AT_MOST,
    TEXT_AT_MOST,
    Screen,
    cut,
    units,
)
from tests.handlers.gallery import (
    RUIZ,
    Gallery,
    voices,
)

FAMILY = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"
HOSTILE = (
    (RUIZ, "P-07"),
    (Called(FAMILY * 200, Article.LA), "Z" * 16),
    (Called("\u202e{ $x } %s <b>*_`" + "W" * 4000, Article.EL), "A-1"),
)


def shown() -> Iterator[tuple[str, Screen]]:
    """Give every screen in every voice, with kind and hostile names."""
    for voice in voices():
        for called, code in HOSTILE:
            gallery = Gallery(voice, called, code)
            for name, screen in {**gallery.patients(), **gallery.therapists()}.items():
                yield f"{voice.language} {voice.register} {voice.form} {voice.region}: {name}", screen


ALL = tuple(shown())


class TestEveryScreen:
    def test_fits_telegrams_limits(self) -> None:
        for name, screen in ALL:
            assert 0 < units(screen.text) <= (CAPTION_AT_MOST if screen.photo else TEXT_AT_MOST), name
            for button in (button for row in screen.rows for button in row):
                assert 0 < len(button.label) <= LABEL_AT_MOST, name
                assert len((button.data or "").encode()) <= DATA_AT_MOST, name
            assert sum(len(row) for row in screen.rows) <= 100, name

    def test_shows_no_leftover_of_a_template(self) -> None:
        for name, screen in ALL:
            assert not re.search(r"\{(?! \$x \})|voz-|\bNone\b", screen.text), name

    def test_sends_data_that_can_be_read_back(self) -> None:
        for name, screen in ALL:
            for button in (button for row in screen.rows for button in row):
                assert decode(button.data or "") is not None, (name, button)

    def test_says_usted_only_to_whom_is_called_so(self) -> None:
        formal = re.compile(r"\b([Uu]sted|Sus sesiones|[Qq]uería|[Ee]scriba|[Pp]ulse|[Ee]nvíe)\b")
        for name, screen in ALL:
            if name.startswith((f"{Language.ES} {Register.TU} ", f"{Language.ES} {Register.VOS} ")):
                assert not formal.search(screen.text), name

    def test_has_no_blank_ends(self) -> None:
        for name, screen in ALL:
            assert screen.text == screen.text.strip(), name

    def test_keeps_its_spoiler_inside_the_text(self) -> None:
        for name, screen in ALL:
            if screen.spoiler:
                assert sum(screen.spoiler) <= units(screen.text), name
                assert screen.protected, name

    def test_keeps_its_table_inside_the_text(self) -> None:
        tables = [(name, screen) for name, screen in ALL if screen.fixed]

        assert tables
        for name, screen in tables:
            assert screen.fixed is not None
            assert 0 < sum(screen.fixed) <= units(screen.text), name


class TestCut:
    @given(st.text(max_size=300), st.integers(1, 200))
    def test_never_exceeds_the_limit_and_never_tears_a_pair(self, text: str, limit: int) -> None:
        shortened = cut(text, limit)

        assert units(shortened) <= limit
        assert shortened == text or text.startswith(shortened.removesuffix("…"))

    @pytest.mark.parametrize(
        "whole",
        [FAMILY, "\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}", "e\u0301", "\U0001f1ea\U0001f1f8"],
    )
    def test_leaves_what_looks_like_one_character_in_one_piece(self, whole: str) -> None:
        for limit in range(10, 60):
            kept = cut(whole * 30, limit).removesuffix("…")
            assert not kept.replace(whole, "")

    def test_cuts_through_an_endless_stack_of_marks(self) -> None:
        assert units(cut("e" + "\u0301" * 9000)) <= TEXT_AT_MOST
        assert len(cut("e" + "\u0301" * 9000)) > 4000
