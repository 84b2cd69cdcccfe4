"""A patient under the age of digital consent: a guardian agrees first, and where that is kept stands in the consent."""

import pytest

from tests.practice import Practice, said, token_in

REFERENCE = "consentimiento firmado 12/11/2026, archivo 14"


async def test_the_link_comes_only_after_the_guardians_consent(practice: Practice) -> None:
    ruiz = await practice.therapist()

    await practice.says(ruiz, "/nuevo P-07 menor")
    assert "P-07 tiene menos de 14 años: antes del enlace hace falta el consentimiento" in ruiz.last().text
    assert not any("enlace personal" in text for text in said(ruiz))
    await practice.says(ruiz, REFERENCE)

    assert "P-07 · enlace personal" in ruiz.last().text


@pytest.mark.both
async def test_the_consent_of_a_minor_notes_the_reference_sealed(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.says(ruiz, f"/nuevo P-07 menor {REFERENCE}")
    leo = practice.telegram.phone(200, "Leo")

    await practice.says(leo, f"/start {token_in(ruiz)}")
    await practice.taps(leo, "Acepto")
    await practice.says(ruiz, "/exportar P-07")

    assert REFERENCE in (ruiz.messages[-4].document or b"").decode()
    (consent,) = await practice.rows("SELECT guardian FROM consents")
    assert consent["guardian"] is not None
    assert REFERENCE.encode() not in consent["guardian"]


async def test_a_new_link_for_a_minor_needs_no_second_reference(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.says(ruiz, f"/new P-07 minor {REFERENCE}")

    await practice.says(ruiz, "/nuevo P-07")

    assert sum("enlace personal" in text for text in said(ruiz)) == 2


async def test_without_the_reference_a_second_try_asks_again(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.says(ruiz, "/nuevo P-07 menor")

    await practice.says(ruiz, "/nuevo P-07")

    assert sum("tiene menos de 14 años" in text for text in said(ruiz)) == 2


async def test_a_mistake_is_taken_back_with_one_word(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.says(ruiz, "/nuevo P-07 menor")

    await practice.says(ruiz, "/nuevo P-07 mayor")

    assert "P-07 · enlace personal" in ruiz.last().text
    assert await practice.rows("SELECT minor FROM patients") == [{"minor": 0}]


@pytest.mark.both
async def test_a_long_reference_is_refused_kindly(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.says(ruiz, "/nuevo P-07 menor")

    await practice.says(ruiz, "x" * 61)

    assert ruiz.last().text.startswith("Esa referencia es demasiado larga")


async def test_what_is_typed_much_later_is_no_reference(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.says(ruiz, "/nuevo P-07 menor")
    await practice.go_to(practice.clock.now().replace(hour=18))

    await practice.says(ruiz, REFERENCE)

    assert ruiz.last().text.startswith("Eso no lo entiendo, y no llegó a nadie")
