"""The crisis list against a labelled table: what must be seen, what must stay silent, and what is only noted."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.folding import fold
from bot.domain.safety import INTERNATIONAL, Kind, countries, help_card, scan, stale

DIRECT = [
    ("Quiero morirme", "the plainest form"),
    ("quiero morir.", "without the reflexive"),
    ("Me quiero morir", "pronoun first, the usual American order"),
    ("QUIERO MORIRME YA", "capitals"),
    ("quieroooo morirmeee", "repeated letters"),
    ("q\u200buiero mo\u200drirme", "zero-width characters inside words"),
    ("quiero\n\n   morirme", "any whitespace"),
    ("quiero… morirme", "punctuation inside the phrase"),
    ("quiero de verdad morirme", "words in between"),
    ("𝐪𝐮𝐢𝐞𝐫𝐨 𝐦𝐨𝐫𝐢𝐫𝐦𝐞", "mathematical letters"),
    ("ｑｕｉｅｒｏ　ｍｏｒｉｒｍｅ", "full-width letters"),
    ("kiero morirme", "phone spelling"),
    ("quería morirme", "past"),
    ("a veces quisiera morirme", "softened"),
    ("hoy he pensado en suicidarme", "a thought, not a plan"),
    ("tengo ideas suicidas", "clinical words"),
    ("pensé en el suicidio", "the noun alone is enough"),
    ("voy a suicidarme", "a plan"),
    ("me suicidaría si pudiera", "conditional"),
    ("me quiero matar", "common in Argentina, often figurative; recall wins"),
    ("pienso en matarme", "thought"),
    ("me voy a matar", "announcement"),
    ("el mes pasado intenté matarme", "attempt"),
    ("ganas de quitarme la vida", "set phrase"),
    ("he pensado en quitarme de en medio", "Spain"),
    ("quiero acabar con todo", "veiled but direct"),
    ("acabar con mi vida", "set phrase"),
    ("quisiera ponerle fin a mi vida", "set phrase"),
    ("me tiraría por la ventana", "method, conditional"),
    ("pienso en tirarme al tren", "method"),
    ("aventarme de un puente", "method, Mexico"),
    ("quiero tomarme todas las pastillas", "method"),
    ("a veces pienso en pegarme un tiro", "method"),
    ("cortarme las venas", "method, not self-harm in Spanish usage"),
    ("ya no quiero vivir", "not wanting to live"),
    ("no quiero vivir más", "the list's own negation is not a negation of it"),
    ("No quiero seguir viviendo así", "not wanting to live"),
    ("no quiero estar viva", "feminine"),
    ("ojalá no despertar mañana", "not wanting to wake up"),
    ("ojalá me muera esta noche", "wish"),
    ("ojalá estuviera muerto", "wish"),
    ("estaría mejor muerta", "wish"),
    ("no tengo ganas de vivir", "loss of the will to live"),
    ("he perdido las ganas de vivir", "loss of the will to live"),
    ("estoy cansada de vivir", "weariness"),
    ("la vida no merece la pena", "Spain"),
    ("la vida no vale la pena", "America"),
    ("me muero de risa pero luego quiero morirme", "an idiom hides nothing beside it"),
    ("no aguanto más, me quiero morir", "a negation ends with its clause"),
    ("no tengo motivos para vivir", "no reason left"),
    ("me da igual vivir o morir", "indifference"),
    ("me gustaría no despertar", "not wanting to wake up"),
    ("tengo pensamientos de muerte", "clinical words"),
    ("me tomé un frasco de pastillas", "an attempt"),
    ("no quiero vivir sola", "perhaps about a flat; recall wins"),
    ("7, aunque quiero morirme", "behind a score"),
    ("I want to die", "the plainest form"),
    ("i wanna die", "spoken"),
    ("I just want to kill myself", "direct"),
    ("I’ve thought about killing myself", "typographic apostrophe"),
    ("I don't want to live anymore", "apostrophe"),
    ("i dont want to live", "no apostrophe"),
    ("I don´t want to be alive", "acute accent typed as apostrophe"),
    ("I wish I was dead", "wish"),
    ("I'd be better off dead", "wish"),
    ("thinking of ending it all", "veiled but direct"),
    ("I'm feeling suicidal", "clinical word"),
    ("I might take my own life", "set phrase"),
    ("there is no reason to live", "loss of the will to live"),
    ("life isn't worth living", "loss of the will to live"),
    ("I hope I never wake up", "not wanting to wake up"),
    ("I took all my pills", "method"),
    ("unalive myself", "social media"),
]

SELF_HARM = [
    ("ayer me autolesioné", "clinical word"),
    ("quiero hacerme daño", "wish"),
    ("he vuelto a cortarme", "relapse"),
    ("me corto los brazos", "habit"),
    ("ganas de hacerme daño", "urge"),
    ("me hago daño cuando estoy sola", "habit"),
    ("I've been self-harming", "hyphen"),
    ("I cut myself again", "relapse"),
    ("I've been cutting again", "relapse"),
    ("me he cortado los brazos", "told afterwards"),
    ("ayer me corté otra vez", "relapse"),
    ("I want to hurt myself", "wish"),
]

NEAR_MISSES = [
    ("me muero de risa", "idiom"),
    ("era para matar el tiempo", "idiom"),
    ("llegué muerto de hambre", "idiom"),
    ("me mata el dolor de cabeza", "idiom"),
    ("me muero de ganas de verla", "idiom"),
    ("quiero morirme de risa con él", "idiom over a phrase of the list"),
    ("me mato a trabajar", "idiom"),
    ("mi madre va a matarme si se entera", "someone else's anger, figurative"),
    ("casi me muero del susto", "idiom"),
    ("pensé que me moría, era ansiedad", "panic is fear of dying, not wish"),
    ("se murió mi abuela", "grief"),
    ("hablamos de la muerte de mi padre", "grief"),
    ("me da miedo la muerte", "fear"),
    ("quiero vivir mejor", "the opposite"),
    ("tengo muchas ganas de vivir", "the opposite"),
    ("me corté el pelo", "everyday"),
    ("quiero cortarme el pelo", "everyday, over a phrase of the list"),
    ("me hice daño en la rodilla", "accident"),
    ("me hizo daño lo que dijo", "someone else's harm: another list"),
    ("corrí cinco kms", "kilometres, not the abbreviation"),
    ("morirá el proyecto", "word boundary"),
    ("no quiero vivir con él", "about a flat"),
    ("estoy cansada de vivir con mis padres", "about a flat"),
    ("quiero dejar de fumar", "not of living"),
    ("no quiero hablar de eso", "not of living"),
    ("7 de 10", "a score"),
    ("", "nothing"),
    ("🙂🙂🙂", "no letters"),
    ("I died laughing", "idiom"),
    ("I was dying to tell you", "idiom"),
    ("just killing time", "idiom"),
    ("my back is killing me", "idiom"),
    ("I could kill for a coffee", "idiom"),
    ("I cut myself shaving", "accident"),
    ("deadline at work", "word boundary"),
    ("I don't want to live with my parents", "about a flat"),
    ("I want to live differently", "the opposite"),
    ("my dad died last year", "grief"),
]

NEGATED = [
    ("no quiero morirme", "fear or relief; noted"),
    ("Ya no quiero morirme", "improvement; noted"),
    ("nunca he pensado en suicidarme", "denial; noted"),
    ("no es que quiera matarme", "denial; noted"),
    ("I don't want to die", "fear or relief; noted"),
    ("I never wanted to kill myself", "denial; noted"),
]


@pytest.mark.parametrize(("text", "_reason"), DIRECT)
def test_every_direct_phrase_is_seen(text: str, _reason: str) -> None:
    hit = scan(text)

    assert hit is not None
    assert (hit.kind, hit.negated) == (Kind.DIRECT, False)


@pytest.mark.parametrize(("text", "_reason"), SELF_HARM)
def test_every_self_harm_phrase_is_seen(text: str, _reason: str) -> None:
    hit = scan(text)

    assert hit is not None
    assert hit.kind is Kind.SELF_HARM


@pytest.mark.parametrize(("text", "_reason"), NEAR_MISSES)
def test_near_misses_stay_silent(text: str, _reason: str) -> None:
    assert scan(text) is None


@pytest.mark.parametrize(("text", "_reason"), NEGATED)
def test_a_negation_is_noted_and_dismisses_nothing(text: str, _reason: str) -> None:
    hit = scan(text)

    assert hit is not None
    assert hit.negated


def test_a_plain_phrase_outweighs_a_negated_one() -> None:
    hit = scan("No quiero morirme, eso decía antes. Ahora pienso cada noche en quitarme la vida.")

    assert hit is not None
    assert (hit.phrase, hit.negated) == ("quitarme/quitar/arrancarme la vida", False)


def test_a_hit_carries_the_words_of_the_list_and_none_of_the_person() -> None:
    hit = scan("Se lo dije a Lucía el martes: quiero muchísimo morirme")

    assert hit is not None
    assert not {"lucia", "martes", "muchisimo"} & set(fold(hit.phrase).split())


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    scan(text)


@given(st.text(), st.text())
def test_no_surroundings_hide_a_phrase(before: str, after: str) -> None:
    assert scan(f"{before} quiero morirme {after}") is not None


@pytest.mark.parametrize(
    "text",
    [
        "me " * 1365,
        "no quiero " * 410,
        "quiero quiero " * 293,
        "ganas de de " * 342,
        "want to " * 512,
        "dont want to to " * 256,
        "a" * 4096,
        "a\u0301\u0323" * 1365,
        "\u0301\u0323" * 2048,
        "".join(map(chr, range(0x4E00, 0x5E00))),
        "ﷺ" * 4096,
        "🙂" * 4096,
    ],
)
def test_a_full_message_of_anything_is_read_in_five_milliseconds(text: str) -> None:
    scan(text)

    took = min(_seconds(text) for _ in range(20))

    assert took < 0.005


def _seconds(text: str) -> float:
    started = time.thread_time()
    scan(text)
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
    for line in help_card(country).lines:
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
