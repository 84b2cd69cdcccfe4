"""How people come in: a link on paper, a text that says who reads what, a free yes or no.

Nothing is asked before the yes, a link serves one person, and the therapist hears when somebody else tries it.
"""

import hashlib
import re
from datetime import timedelta

import pytest

from bot.domain.model import Role
from tests.practice import Practice, labels, said, token_in

PNG = b"\x89PNG\r\n\x1a\n"


async def test_a_therapist_chooses_how_the_name_is_said(practice: Practice) -> None:
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")

    ana = await practice.patient(gil)

    assert said(ana)[0].startswith("Este chat es un programa: no hay una persona al otro lado. El Dr. Gil le invita")
    assert "con el Dr. Gil" in ana.last().text


@pytest.mark.both
async def test_a_therapist_can_type_another_name(practice: Practice) -> None:
    marta = practice.telegram.phone(100, "Marta")
    await practice.says(marta, f"/start {await practice.bot.services.enrolment.invite(Role.THERAPIST, 'M. Ruiz')}")

    await practice.says(marta, "Marta")
    assert labels(marta)[:3] == ["la Marta", "el Marta", "Marta"]
    await practice.taps(marta, "Marta")

    assert "«Marta»" in marta.last().text


async def test_a_therapist_is_told_what_the_bot_does_before_enrolling(practice: Practice) -> None:
    ruiz = practice.telegram.phone(100, "Ruiz")

    await practice.says(ruiz, f"/start {await practice.bot.services.enrolment.invite(Role.THERAPIST, 'Dra. Ruiz')}")

    assert "No es un servicio de urgencias" in ruiz.last().text
    assert await practice.rows("SELECT id FROM therapists") == []


async def test_an_invitation_is_a_link_and_a_picture_of_it(practice: Practice) -> None:
    ruiz = await practice.therapist()

    token = await practice.invitation(ruiz, "P-07")

    assert f"https://t.me/{practice.telegram.username}?start={token}" in ruiz.last().text
    assert len(token) >= 32, "128 bits"
    assert re.fullmatch("[0-9a-f]+", token), "one word, in which no phrase that cannot wait can stand"
    assert (ruiz.last().photo or b"").startswith(PNG)


async def test_consent_is_kept_with_version_hash_language_and_instant(practice: Practice) -> None:
    ruiz = await practice.therapist()

    ana = await practice.patient(ruiz)

    (consent,) = await practice.rows("SELECT * FROM consents")
    assert consent["text_hash"] == hashlib.sha256(said(ana)[0].encode()).hexdigest()
    assert (consent["version"], consent["language"], consent["accepted"]) == ("3-code-14d-900s-morning", "es", 1)
    assert consent["decided_at"] == "2026-11-17T16:00:00.000000Z"


async def test_consent_read_in_english_is_kept_as_english(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = practice.telegram.phone(200, "Ana", language_code="en-GB")

    await practice.says(ana, f"/start {await practice.invitation(ruiz, 'P-07')}")
    shown = ana.last()
    await practice.taps(ana, shown.labels()[0])

    (consent,) = await practice.rows("SELECT * FROM consents")
    assert consent["language"] == "en"
    assert consent["text_hash"] == hashlib.sha256(shown.text.encode()).hexdigest()


async def test_what_was_read_is_hashed_even_if_the_practice_says_it_otherwise_since(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = practice.telegram.phone(200, "Ana")
    await practice.says(ana, f"/start {await practice.invitation(ruiz, 'P-07')}")
    await practice.stop()
    practice.settings = '[check_in]\ndelay = "2h"\n'
    await practice.start()

    await practice.taps(ana, "Acepto")

    (consent,) = await practice.rows("SELECT text_hash FROM consents")
    assert consent["text_hash"] == hashlib.sha256(said(ana)[0].encode()).hexdigest()


async def test_accepting_too_late_is_answered_in_the_chat(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = practice.telegram.phone(200, "Ana")
    await practice.says(ana, f"/start {await practice.invitation(ruiz, 'P-07')}")

    await practice.pass_time(timedelta(days=60))
    await practice.taps(ana, "Acepto")

    assert ana.last().text.startswith("Este enlace ha caducado.")
    assert await practice.rows("SELECT id FROM consents") == []


async def test_the_therapist_hears_the_decision(practice: Practice) -> None:
    ruiz = await practice.therapist()

    await practice.patient(ruiz)

    assert ruiz.last().text.startswith("P-07 ha aceptado.")


async def test_nothing_is_asked_before_consent(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = practice.telegram.phone(200, "Ana")
    await practice.says(ana, f"/start {await practice.invitation(ruiz, 'P-07')}")

    await practice.session_ends(ruiz)
    await practice.pass_time(timedelta(days=2))

    assert len(said(ana)) == 1
    assert await practice.check_ins() == ["skipped"]
    assert "La invitación está todavía sin aceptar" in said(ruiz)[-1]


async def test_who_declines_is_asked_nothing(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = practice.telegram.phone(200, "Ana")
    await practice.says(ana, f"/start {await practice.invitation(ruiz, 'P-07')}")

    await practice.taps(ana, "Prefiero que no")
    await practice.session_ends(ruiz)

    assert ana.last().text.startswith("De acuerdo: no preguntaré nada.")
    assert "P-07 prefiere que no. No recibirá preguntas." in said(ruiz)
    assert [row["accepted"] for row in await practice.rows("SELECT accepted FROM consents")] == [0]


async def test_who_declined_can_accept_later_through_the_same_link(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = practice.telegram.phone(200, "Ana")
    token = await practice.invitation(ruiz, "P-07")
    await practice.says(ana, f"/start {token}")
    await practice.taps(ana, "Prefiero que no")

    await practice.says(ana, f"/start {token}")
    await practice.taps(ana, "Acepto")
    await practice.session_ends(ruiz)

    assert "1 de 3" in ana.last().text
    assert [row["accepted"] for row in await practice.rows("SELECT accepted FROM consents ORDER BY id")] == [0, 1]


async def test_a_used_link_admits_nobody_else_and_the_therapist_is_told(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    mallory = practice.telegram.phone(666, "Mallory")

    await practice.says(mallory, f"/start {token_in(ruiz)}")

    assert mallory.last().text.startswith("Este enlace ya se usó.")
    assert ruiz.last().text.startswith("P-07: hubo un intento de abrir el enlace desde otra cuenta.")
    assert await practice.rows("SELECT count(*) AS n FROM people") == [{"n": 2}]


async def test_a_link_belongs_to_the_first_account_that_opens_it(practice: Practice) -> None:
    ruiz = await practice.therapist()
    token = await practice.invitation(ruiz, "P-07")
    ana, mallory = practice.telegram.phone(200, "Ana"), practice.telegram.phone(666, "Mallory")
    await practice.says(ana, f"/start {token}")

    await practice.says(mallory, f"/start {token}")
    await practice.taps(ana, "Acepto")

    assert labels(mallory) == []
    assert [row["state"] for row in await practice.rows("SELECT state FROM patients")] == ["active"]


async def test_a_link_expires_after_seven_days(practice: Practice) -> None:
    ruiz = await practice.therapist()
    token = await practice.invitation(ruiz, "P-07")
    ana = practice.telegram.phone(200, "Ana")

    await practice.pass_time(timedelta(days=7))
    await practice.says(ana, f"/start {token}")

    assert ana.last().text.startswith("Este enlace ha caducado.")
    assert labels(ana) == []


async def test_a_consent_button_stops_working_with_its_link(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = practice.telegram.phone(200, "Ana")
    await practice.says(ana, f"/start {await practice.invitation(ruiz, 'P-07')}")

    await practice.pass_time(timedelta(days=7))
    tap = await ana.tap("Acepto")
    await practice.settle()

    assert await tap.answered() == "Este botón ya no sirve."
    assert await practice.rows("SELECT * FROM consents") == []


async def test_guessing_links_is_refused_after_five_tries_for_an_hour(practice: Practice) -> None:
    ruiz = await practice.therapist()
    token = await practice.invitation(ruiz, "P-07")
    ana = practice.telegram.phone(200, "Ana")
    for guess in range(5):
        await practice.says(ana, f"/start guess-{guess}")
    assert ana.last().text.startswith("Este enlace no es válido.")

    await practice.says(ana, f"/start {token}")
    assert ana.last().text.startswith("Demasiados intentos seguidos.")

    await practice.pass_time(timedelta(hours=1, seconds=1))
    await practice.says(ana, f"/start {token}")
    assert labels(ana)[:2] == ["Acepto", "Prefiero que no"]


async def test_a_new_link_ends_the_one_before(practice: Practice) -> None:
    ruiz = await practice.therapist()
    old = await practice.invitation(ruiz, "P-07")
    await practice.invitation(ruiz, "P-07")
    ana = practice.telegram.phone(200, "Ana")

    await practice.says(ana, f"/start {old}")

    assert ana.last().text.startswith("Este enlace ha caducado.")


async def test_a_new_account_continues_the_same_series(practice: Practice) -> None:
    ruiz = await practice.therapist()
    old_phone = await practice.patient(ruiz, user_id=200)
    await practice.week(ruiz, old_phone, 9, 9, 2)

    new_phone = await practice.patient(ruiz, user_id=201)
    await practice.session_ends(ruiz)
    await practice.answers(new_phone, 6, 6, 2)
    await practice.pass_time(timedelta(minutes=6))

    assert ruiz.last().text == "P-07: caída de la alianza percibida."
    assert await practice.rows("SELECT count(*) AS n FROM treatments") == [{"n": 1}]


async def test_the_old_account_can_no_longer_answer(practice: Practice) -> None:
    ruiz = await practice.therapist()
    old_phone = await practice.patient(ruiz, user_id=200)
    await practice.session_ends(ruiz)

    await practice.patient(ruiz, user_id=201)
    tap = await old_phone.tap("7")
    await practice.settle()

    assert await tap.answered() == "Este botón ya no sirve."
    assert await practice.scores() == []


async def test_opening_the_link_again_after_accepting_changes_nothing(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)

    await practice.says(ana, f"/start {token_in(ruiz)}")

    assert ana.last().text.startswith("Todo está en marcha con la Dra. Ruiz")
    assert len(await practice.rows("SELECT * FROM consents")) == 1


async def test_a_therapist_can_try_a_patient_link_on_their_own_phone(practice: Practice) -> None:
    ruiz = await practice.therapist()

    await practice.says(ruiz, f"/start {await practice.invitation(ruiz, 'P-00')}")
    await practice.taps(ruiz, "Acepto")
    await practice.session_ends(ruiz, "P-00")
    await practice.answers(ruiz, 8, 8, 2)

    assert len(await practice.scores()) == 3


async def test_a_code_that_is_none_is_explained(practice: Practice) -> None:
    ruiz = await practice.therapist()

    for code in ("P 07", "P" * 17, "<b>P</b>", "-", "P-٧", "😀"):
        await practice.says(ruiz, f"/nuevo {code}")
        assert ruiz.last().text.startswith("Un código no lleva nombre: tiene de 1 a 16 letras"), code
    await practice.says(ruiz, "/nuevo")

    assert ruiz.last().text == "Falta el código del paciente, que no lleva su nombre. Por ejemplo: /nuevo P-07"
    assert await practice.rows("SELECT * FROM patients") == []


async def test_a_code_of_another_therapist_is_taken(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")

    await practice.says(gil, "/nuevo p-07")

    assert gil.last().text == "P-07 ya existe. Elija otro código."
    assert len(await practice.rows("SELECT * FROM treatments")) == 1
