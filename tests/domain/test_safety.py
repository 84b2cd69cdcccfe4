"""What comes of a text with crisis words or words of abuse, in how much time; and whom to call.

Which sentences are heard is in test_crisis_sentences.
"""

import time
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.folding import fold
from bot.domain.safety import (
    INTERNATIONAL,
    HelpLine,
    Hit,
    Kind,
    LineKind,
    countries,
    help_card,
    overridden,
    scan,
    scan_abuse,
    stale,
)


def test_a_plain_phrase_outweighs_a_negated_one() -> None:
    hit = scan("No quiero morirme, eso decía antes. Ahora pienso cada noche en quitarme la vida.")

    assert hit is not None
    assert (hit.phrase, hit.negated) == ("quitarme/quitar/arrancarme la vida", False)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("soy una carga, me corto los brazos y quiero morirme", Kind.DIRECT),
        ("soy una carga y me corto los brazos", Kind.SELF_HARM),
        ("soy una carga", Kind.INDIRECT),
        ("no quiero morirme. Soy una carga", Kind.INDIRECT),
        ("no quiero morirme", Kind.DIRECT),
    ],
)
def test_the_gravest_phrase_is_told_and_a_negated_one_last(text: str, kind: Kind) -> None:
    hit = scan(text)

    assert hit is not None
    assert hit.kind is kind


def test_abuse_is_heard_apart() -> None:
    both, abuse = "mi marido me pega y me quiero morir", "mi marido me pega"
    hits = [scan(both), scan_abuse(both), scan(abuse), scan_abuse(abuse), scan_abuse("me quiero morir")]

    assert [hit and hit.kind for hit in hits] == [Kind.DIRECT, Kind.ABUSE, None, Kind.ABUSE, None]


def test_an_idiom_hides_nothing_beside_it() -> None:
    hit = scan("me muero de risa pero luego quiero morirme")

    assert hit is not None
    assert hit.kind is Kind.DIRECT


def test_a_hit_carries_the_words_of_the_list_and_none_of_the_person() -> None:
    hit = scan("Se lo dije a Lucía el martes: quiero muchísimo morirme")

    assert hit is not None
    assert not {"lucia", "martes", "muchisimo"} & set(fold(hit.phrase).split())


@given(st.text(), st.text())
def test_no_surroundings_hide_a_phrase(before: str, after: str) -> None:
    assert scan(f"{before} quiero morirme {after}") is not None


@pytest.mark.parametrize("look", [scan, scan_abuse])
@pytest.mark.parametrize(
    "text",
    [
        "me " * 1365,
        "no quiero " * 410,
        "quiero quiero " * 293,
        "ganas de de " * 342,
        "want to " * 512,
        "dont want to to " * 256,
        "he " * 1365,
        "fiance he hit " * 292,
        "si me pega " * 372,
        "quiero morirme " * 273,
        "suicidio " * 455,
        "me muero de risa " * 240,
        "a" * 4096,
        "a\u0301\u0323" * 1365,
        "\u0301\u0323" * 2048,
        "".join(map(chr, range(0x4E00, 0x5E00))),
        "ﷺ" * 4096,
        "🙂" * 4096,
    ],
)
def test_a_full_message_of_anything_is_read_in_twenty_milliseconds(
    text: str, look: Callable[[str], Hit | None]
) -> None:
    look(text)

    took = min(_seconds(text, look) for _ in range(20))

    assert took < 0.02


def _seconds(text: str, look: Callable[[str], Hit | None]) -> float:
    started = time.thread_time()
    look(text)
    return time.thread_time() - started


def test_nine_countries_have_a_card_of_their_own() -> None:
    assert set(countries()) == {"ES", "MX", "AR", "CL", "PE", "UY", "EC", "CO", "US"}


@pytest.mark.parametrize(
    ("country", "number"),
    [("ES", "024"), ("MX", "800 911 2000"), ("CL", "*4141"), ("EC", "171"), ("US", "988"), ("es ", "024")],
)
def test_the_crisis_line_comes_first(country: str, number: str) -> None:
    assert help_card(country).lines[0].number == number


@pytest.mark.parametrize("country", ["FR", "", "??", "España"])
def test_an_unknown_country_gets_the_international_numbers(country: str) -> None:
    card = help_card(country)

    assert card.country == INTERNATIONAL
    assert [line.number for line in card.lines] == ["112", "911"]


@pytest.mark.parametrize("country", [*countries(), INTERNATIONAL])
def test_every_line_says_what_it_is_and_where_it_was_read(country: str) -> None:
    for line in help_card(country).every_line:
        assert line.number
        assert line.says_es
        assert line.says_en
        assert line.source


@pytest.mark.parametrize("country", countries())
def test_every_country_has_an_emergency_number(country: str) -> None:
    assert {line.number for line in help_card(country).lines} & {"112", "911", "131", "106", "123"}


def test_a_line_is_stale_once_six_months_have_passed() -> None:
    card = help_card("ES")
    checked_on = card.lines[0].checked_on

    assert card.lines[0] not in stale(card, checked_on + timedelta(days=183))
    assert card.lines[0] in stale(card, checked_on + timedelta(days=184))


def test_nothing_is_stale_before_it_was_checked() -> None:
    assert stale(help_card("ES"), date(2025, 1, 1)) == ()


@pytest.mark.parametrize(
    ("country", "number"), [("ES", "016"), ("MX", "079"), ("AR", "144"), ("EC", "911"), ("FR", "112")]
)
def test_who_is_hurt_by_somebody_is_shown_other_lines_first(country: str, number: str) -> None:
    assert help_card(country).violence[0].number == number


@pytest.mark.parametrize("country", [*countries(), INTERNATIONAL])
def test_lines_against_violence_are_not_on_the_crisis_card_and_emergencies_are_on_both(country: str) -> None:
    card = help_card(country)

    shared = [line.kind for line in card.lines if line in card.violence]
    assert shared
    assert set(shared) == {LineKind.EMERGENCY}


def test_a_practice_puts_its_own_lines_in_the_place_of_the_same_kind() -> None:
    own = HelpLine("900 000 000", "la nuestra", "ours", "config.toml", date(2026, 11, 1), None)

    card = overridden(help_card("ES"), [own], "Dra. Soto, 600 000 000")

    assert [line.number for line in card.lines] == ["900 000 000", "112"]
    assert [line.number for line in card.violence] == ["016", "112"]
    assert card.other_contact == "Dra. Soto, 600 000 000"
