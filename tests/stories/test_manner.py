"""How each person is spoken to: usted, tú or vos, comprendido or comprendida, the Spanish of Spain or of the Americas.

Who was told all her life how to be, and by whom, is asked here once, and answers with one tap or not at all.
"""

import pytest

from bot.demo.phone import Phone
from bot.domain.model import InvitationId, PatientId, Register, Role
from handlers.actions_manner import OfferManner, SetManner
from handlers.keyboards import encode
from tests.practice import Practice, labels, said


async def invited(practice: Practice, ruiz: Phone) -> Phone:
    """Let a patient open her link; nothing is decided yet."""
    ana = practice.telegram.phone(200, "Ana")
    await practice.says(ana, f"/start {await practice.invitation(ruiz, 'P-07')}")
    return ana


async def test_nobody_must_choose(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)

    await practice.session_ends(ruiz)

    assert "¿Se sintió comprendido hoy?" in ana.last().text


async def test_the_text_at_the_door_is_read_in_the_register_that_was_tapped(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await invited(practice, ruiz)
    assert labels(ana) == ["Acepto", "Prefiero que no", "Mejor de tú", "Mejor de vos"]

    await practice.taps(ana, "Mejor de vos")

    assert "Si escribís que pensás en morir" in ana.last().text
    assert labels(ana) == ["Acepto", "Prefiero que no", "Mejor de usted", "Mejor de tú"]
    assert len(said(ana)) == 1, "in place"


async def test_what_was_accepted_is_the_text_that_was_read_last(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await invited(practice, ruiz)

    await practice.taps(ana, "Mejor de tú", "Acepto")

    assert [row["version"] for row in await practice.rows("SELECT version FROM consents")] == [
        "3-code-14d-900s-morning"
    ]
    assert "Si no quieres contestar alguna vez" in ana.last().text


async def test_the_welcome_says_the_first_question_and_each_tap_changes_it(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    assert "«¿Se sintió comprendido hoy?»" in ana.last().text
    assert labels(ana) == [
        *("✓ De usted", "De tú", "De vos", "✓ Comprendido", "Comprendida", "Neutral"),
        *("✓ España", "América"),
    ]

    await practice.taps(ana, "Comprendida", "De tú")

    assert "«¿Te sentiste comprendida hoy?»" in ana.last().text
    assert ana.last().text.startswith("Gracias."), "the welcome stays what it is"
    assert {"✓ De tú", "✓ Comprendida"} < set(labels(ana))


async def test_words_of_ten_letters_stand_two_in_a_row_at_most(practice: Practice) -> None:
    """Three of them broke in the middle on a telephone that is narrow: «Comprendid-o»."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    rows = [[button.label for button in row] for row in ana.last().keyboard]

    assert rows == [
        ["✓ De usted", "De tú", "De vos"],
        ["✓ Comprendido", "Comprendida"],
        ["Neutral"],
        ["✓ España", "América"],
    ]


async def test_what_was_chosen_is_remembered_after_a_restart(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.taps(ana, "Neutral", "De tú")

    await practice.stop()
    await practice.start()
    await practice.session_ends(ruiz)

    assert "¿Sentiste que te comprendieron hoy?" in ana.last().text
    assert await practice.rows("SELECT text_version FROM check_ins") == [{"text_version": "es.tu.neutral.today.1"}]


async def test_a_question_that_is_open_is_put_in_the_new_words_at_once(practice: Practice) -> None:
    """She opens the settings because the question does not sound like her; it does when she comes back to it."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    question = ana.last()

    await practice.says(ana, "/ajustes")
    await practice.taps(ana, "Trato", "De vos", "Comprendida")
    await practice.settle()

    assert "¿Te sentiste comprendida hoy?" in question.text
    assert sum("1 de 3" in message.text for message in ana.messages) == 1
    await practice.taps(ana, "7")
    assert await practice.rows("SELECT text_version FROM check_ins") == [{"text_version": "es.vos.comprendida.today.1"}]


async def test_the_wording_that_counts_is_the_one_the_first_answer_was_given_to(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.taps(ana, "7")
    question = ana.last()

    await practice.says(ana, "/ajustes")
    await practice.taps(ana, "Trato", "De tú")
    await practice.taps(ana, "América")
    await practice.settle()

    assert "2 de 3" in question.text
    assert await practice.rows("SELECT text_version FROM check_ins") == [
        {"text_version": "es.usted.comprendido.today.1"}
    ]


@pytest.mark.both
async def test_the_language_too_changes_a_question_that_is_open(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    question = ana.last()

    await practice.says(ana, "/ajustes")
    await practice.taps(ana, "Idioma", "English")
    await practice.settle()

    assert "Did you feel understood today?" in question.text
    assert labels(ana) == ["Language", "Time zone", "Quiet hours"], "English has one manner of speaking"


async def test_the_spanish_of_the_americas_changes_the_words_but_never_whom_to_call(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ana, "/ayuda")
    lines = [line for line in ana.last().text.splitlines() if "024" in line or "112" in line]

    await practice.says(ana, "/ajustes")
    await practice.taps(ana, "Trato", "América")
    await practice.says(ana, "/ayuda")

    assert lines
    assert set(lines) <= set(ana.last().text.splitlines())
    await practice.says(ana, "/ajustes")
    assert "las del consultorio" in ana.last().text
    assert "español de América" in ana.last().text


async def test_vos_is_of_the_americas_alone_and_leads_back_to_what_was_before(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)

    await practice.says(ana, "/ajustes")
    await practice.taps(ana, "Trato", "De vos")
    assert ana.last().text.startswith("Te trato de vos, con el español de América.")
    assert "España" not in labels(ana)
    await practice.taps(ana, "De usted")

    assert ana.last().text.startswith("Le trato de usted, con el español de España.")


async def test_a_therapist_chooses_at_the_door_and_is_not_asked_how_they_felt(practice: Practice) -> None:
    gil = practice.telegram.phone(101, "Gil")
    await practice.says(gil, f"/start {await practice.bot.services.enrolment.invite(Role.THERAPIST, 'Dr. Gil')}")

    await practice.taps(gil, "Mejor de tú")
    assert "¿Cómo quieres que te nombremos" in gil.last().text
    await practice.taps(gil, "el Dr. Gil")
    assert "tus pacientes leerán" in gil.last().text
    await practice.says(gil, "/ajustes")
    await practice.taps(gil, "Trato")

    assert labels(gil) == ["De usted", "✓ De tú", "De vos", "✓ España", "América", "Volver"]


@pytest.mark.parametrize("data", ["st:u", "st:x:1", "st:t:0", "om:1", "om:1:x", "st:t:99999999999999999999"])
async def test_a_forged_choice_changes_nothing(practice: Practice, data: str) -> None:
    stranger = practice.telegram.phone(300, "Desconocida")
    await practice.says(stranger, "/ajustes")

    await practice.taps_data(stranger, data)

    assert await practice.rows("SELECT * FROM people") == []


async def test_the_welcome_and_the_invitation_of_somebody_else_change_nothing(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    bea = await practice.patient(ruiz, "P-08", user_id=201)
    await practice.invitation(ruiz, "P-09")
    (theirs,) = await practice.rows("SELECT id FROM patients WHERE code = 'P-07'")
    (open_,) = await practice.rows("SELECT id FROM invitations WHERE used_at IS NULL")
    before = await practice.rows("SELECT register, form, region FROM people")

    for forged in (
        SetManner(Register.TU, PatientId(theirs["id"])),
        OfferManner(InvitationId(open_["id"]), Register.TU),
    ):
        assert await practice.taps_data(bea, encode(forged)) == "Este botón ya no sirve."

    assert await practice.rows("SELECT register, form, region FROM people") == before
    assert "Gracias." in ana.last().text


async def test_people_of_a_practice_in_the_americas_begin_in_its_spanish(practice: Practice) -> None:
    await practice.stop()
    practice.settings = '[practice]\nregister = "vos"\nform = "neutral"\n'
    await practice.start()
    ruiz = await practice.therapist()

    ana = await practice.patient(ruiz)

    assert "«¿Sentiste que te comprendieron hoy?»" in ana.last().text
    assert "✓ De vos" in labels(ana)


async def test_how_somebody_is_spoken_to_is_among_what_is_held_about_them(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.taps(ana, "De tú", "Neutral")

    await practice.says(ana, "/misdatos")

    text, whole = [(message.document or b"").decode() for message in ana.messages if message.document]
    assert "Trato: De tú · Neutral · España" in text
    assert '"manner": "tu neutral spain"' in whole
