"""The way of one treatment, played on the page: consent, three taps, words, alert, repair, digest.

A patient leaves a session feeling that it goes too slowly, says so with three taps, and the therapist hears of it
the same day, speaks of it, and sees in the digest that it is good again.
"""

from dataclasses import dataclass

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Coming
from tests.browser.visitor import NARROW, WIDE, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass(frozen=True)
class Words:
    """What is written, tapped and read on the way, in one language."""

    new: str
    accept: str
    session: str
    done: str
    closing: str
    what_was_it: str
    alert: str
    see: str
    slow: str
    read: str
    talked: str
    back: str
    repaired: str
    covered: str
    compare: str
    perhaps: str
    below: str


SPANISH = Words(
    new="/nuevo P-21", accept="Acepto", session="/sesion P-21 ahora", done="Listo", closing="Anotado",
    what_was_it="¿Qué quedó pendiente?", alert="P-21: caída de la alianza percibida.", see="Ver",
    slow="Siento que vamos muy lento.", read="Leer sus palabras", talked="Lo hablamos", back="Volver",
    repaired="Reparada: P-21", covered="Texto tapado",
    compare="Una caída se ve al comparar", perhaps="Si la última sesión bajó", below="bajo el aviso, toque «Ver»",
)  # fmt: skip
ENGLISH = Words(
    new="/new P-21", accept="I accept", session="/session P-21 now", done="Done", closing="Noted",
    what_was_it="What was left", alert="P-21: ", see="See",
    slow="I feel that we are going very slowly.", read="Read their words", talked="We talked about it", back="Back",
    repaired="Repaired: P-21", covered="Covered text",
    compare="A fall shows when two sessions are compared", perhaps="If the last session was lower",
    below="tap “See” under the alert",
)  # fmt: skip


@pytest.mark.parametrize(
    ("language", "size", "words"),
    [("es", WIDE, SPANISH), ("en", NARROW, ENGLISH), ("es", NARROW, SPANISH), ("en", WIDE, ENGLISH)],
    ids=["es-1440", "en-360", "es-360", "en-1440"],
)
async def test_a_patient_accepts_answers_falls_and_is_heard(
    comes: Coming, language: str, size: tuple[int, int], words: Words
) -> None:
    visitor = await comes(language=language, size=size)
    await visitor.begin("empty")

    await _accepts(visitor, words)
    await _is_asked(visitor, words)
    await visitor.scores(9, 9, 2)
    await visitor.tap("patient", words.done)
    await visitor.sees("patient", words.closing)
    await visitor.is_told(words.compare)

    await visitor.lets_pass("morning")
    await _is_asked(visitor, words)
    await _says_it_is_too_slow(visitor, words)
    await _is_heard(visitor, words)

    await visitor.lets_pass("morning")
    await _is_asked(visitor, words)
    await visitor.scores(9, 9, 1)
    await visitor.tap("patient", words.done)
    await visitor.lets_pass("digest")
    await visitor.sees("therapist", words.repaired)
    await visitor.picture(f"digest-{visitor.named}")


async def _accepts(visitor: Visitor, words: Words) -> None:
    await visitor.write("therapist", words.new)
    await visitor.sees("therapist", "P-21 · ")
    await visitor.chat("therapist").locator(".in-text").get_by_text("?start=").last.click()
    await visitor.picture(f"consent-{visitor.named}")
    await visitor.tap("patient", words.accept)
    await visitor.sees("therapist", "P-21 ha aceptado", "P-21 has accepted")


async def _is_asked(visitor: Visitor, words: Words) -> None:
    await visitor.write("therapist", words.session)
    await visitor.sees("therapist", "Preguntaré", "I will ask")
    await visitor.lets_pass("minutes")


async def _says_it_is_too_slow(visitor: Visitor, words: Words) -> None:
    await visitor.sees("patient", "1 de 3", "1 of 3")
    await visitor.picture(f"question-{visitor.named}")
    await visitor.scores(6, 5, 8)
    await visitor.sees("patient", words.what_was_it)
    await visitor.write("patient", "Lo de las faltas al trabajo.")
    await visitor.write("patient", words.slow)
    await visitor.sees("patient", words.closing)
    await visitor.is_told(words.perhaps)


async def _is_heard(visitor: Visitor, words: Words) -> None:
    await visitor.lets_pass("minutes", times=2)
    await visitor.sees("therapist", words.alert)
    await visitor.is_told(words.below)
    await visitor.tap("therapist", words.see)
    await visitor.sees("therapist", "9 → 5")
    await visitor.has_the_newest_in_view("therapist")
    await visitor.picture(f"alert-{visitor.named}")
    await visitor.tap("therapist", words.read)
    await visitor.sees("therapist", words.slow)
    covered = visitor.phone("therapist").get_by_role("button", name=words.covered)
    await covered.first.click()
    opened = visitor.phone("therapist").locator(".spoiler.open").first
    await expect(opened).to_contain_text(words.slow)
    await expect(opened.locator(".covered")).to_have_count(0)
    await visitor.picture(f"words-{visitor.named}")
    await visitor.tap("therapist", words.back, words.talked)
