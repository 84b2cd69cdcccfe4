"""What people try before they know how it works: before they answer the invitation, in a chat not made for it, aloud.

Nobody is told what is not true of them, and nobody believes that somebody has read what nobody was sent.
"""

import pytest

from tests.practice import Practice, said

VOICE_NOTE = "Aquí solo puedo guardar texto. El audio no se ha guardado."


@pytest.mark.parametrize("line", ["¿Quién lee esto?", "/pausa", "/acuerdo", "/baja"])
async def test_whoever_has_not_answered_the_invitation_is_led_back_to_it(practice: Practice, line: str) -> None:
    ruiz = await practice.therapist()
    ana = practice.telegram.phone(200, "Ana")
    await practice.says(ana, f"/start {await practice.invitation(ruiz, 'P-07')}")

    await practice.says(ana, line)

    assert ana.last().text.startswith("La invitación está todavía sin aceptar, y lo que se escribe aquí no se guarda")
    assert "abra de nuevo el enlace" in ana.last().text
    assert await practice.rows("SELECT * FROM words") == []


@pytest.mark.parametrize("line", ["/pausa", "/reanudar", "/baja"])
async def test_a_therapist_is_not_sent_to_a_therapist(practice: Practice, line: str) -> None:
    ruiz = await practice.therapist()

    await practice.says(ruiz, line)

    assert ruiz.last().text.startswith("Eso no se puede hacer desde este chat. Con /ayuda")


async def test_a_patient_who_tries_a_therapists_command_is_not_asked_for_a_link(practice: Practice) -> None:
    ana = await practice.patient(await practice.therapist())

    for line in ("/nuevo P-08", "/alertas", "/sesion"):
        await practice.says(ana, line)
        assert ana.last().text.startswith("Eso no se puede hacer desde este chat. Con /ayuda"), line


async def test_a_therapist_who_writes_to_a_patient_here_hears_that_nobody_got_it(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    before = said(ana)

    await practice.says(ruiz, "Gracias por contármelo, llámame mañana")

    assert "no llegó a nadie: este chat no lleva mensajes a los pacientes." in ruiz.last().text
    assert said(ana) == before


async def test_who_invites_a_patient_again_hears_what_that_link_would_do(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.says(ruiz, "/nuevo P-07")
    assert ruiz.last().text.startswith("P-07 · enlace personal")
    ana = await practice.patient(ruiz)

    await practice.says(ruiz, "/nuevo P-07")
    moves = ruiz.last().text
    await ana.block()
    await practice.settle()
    await practice.says(ruiz, "/nuevo P-07")

    assert moves.startswith("P-07 ya está en marcha, y para seguir no necesita otro enlace.")
    assert "P-07 · enlace personal" in moves
    assert ruiz.last().text.startswith("P-07 · enlace personal"), "who cannot be reached does need it"


async def test_whoever_said_not_this_time_and_thinks_again_can_leave_words(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)

    await practice.taps(ana, "Esta vez no")
    assert "Si más tarde quiere contar algo de ella, puede escribirlo aquí." in ana.last().text
    await practice.says(ana, "Sí que quería decir algo")
    await practice.taps(ana, "Dejárselo")

    assert await practice.words() == [("message", "Sí que quería decir algo")]


async def test_a_voice_message_of_a_patient_gets_a_way_on_and_a_way_to_help(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)

    await ana.send_voice(b"ogg")
    await ruiz.send_voice(b"ogg")
    await practice.settle()

    assert ana.last().text == f"{VOICE_NOTE} Si quiere, cuéntelo por escrito. Si necesita ayuda ahora: /ayuda"
    assert ruiz.last().text == VOICE_NOTE


async def test_who_may_read_is_said_where_one_asks_for_it(practice: Practice) -> None:
    ana = await practice.patient(await practice.therapist())

    await practice.says(ana, "/ayuda")
    assert "/privacidad · quién lo lee" in ana.last().text
    await practice.says(ana, "/privacidad")

    assert "Si nadie ve un aviso urgente, puede saberlo otra persona de la consulta" in ana.last().text
