"""A patient writes that somebody hurts them.  It may be the person who holds the phone; it may be the therapist.

Nothing is kept, nothing is sent, until the patient has chosen whom to tell; and no trace has to stay in the chat.
"""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.demo.phone import Phone
from bot.domain.model import Role
from storage.columns import KeyRing
from tests import engines
from tests.listening import listened
from tests.practice import Practice, data_of, labels, said

HURT = "mi pareja me pega"
CARD = "Si alguien le hace daño o le amenaza, puede llamar:\n016 · "
UNKEPT = "Lo que ha escrito no se ha guardado ni se ha enviado a nadie."
TO_RUIZ = "Contárselo a la Dra. Ruiz"
TO_OTHER = "Contárselo a otra persona de la consulta"
NOBODY = "A nadie"
FORGET = "Borrar de este chat"
CONTACT = '[practice]\ncountry = "ES"\nother_contact = "Dra. Soto, 600 000 000"\n'


@dataclass(frozen=True)
class House:
    """The phones of a practice with a second contact."""

    ruiz: Phone
    ana: Phone
    soto: Phone


async def house(practice: Practice) -> House:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    return House(ruiz, ana, await practice.enrolled(Role.SECOND_CONTACT, 110, "Dra. Soto", "la Dra. Soto"))


async def nothing_is_kept(practice: Practice) -> bool:
    """Say whether the database holds no word of it, in whatever table, opened with the practice's own keys."""
    ring = KeyRing(practice.keys.seal, practice.keys.index)
    sealed = [
        *[row["body"] for row in await practice.rows("SELECT body FROM words UNION ALL SELECT body FROM disclosures")],
        *[row["body"] for row in await practice.rows("SELECT body FROM inbox WHERE body IS NOT NULL")],
        *[row["body"] for row in await practice.rows("SELECT body FROM outbox WHERE body IS NOT NULL")],
    ]
    return not any("pega" in ring.unseal(body) for body in sealed)


async def test_nothing_is_kept_or_sent_before_a_choice(practice: Practice) -> None:
    here = await house(practice)
    told = len(here.ruiz.messages), len(here.soto.messages)

    await practice.says(here.ana, HURT)
    await practice.pass_time(timedelta(days=2))

    offer = here.ana.last()
    assert offer.text.startswith(CARD)
    assert UNKEPT in offer.text
    assert offer.labels() == [TO_RUIZ, TO_OTHER, NOBODY, FORGET]
    assert await nothing_is_kept(practice)
    assert (len(here.ruiz.messages), len(here.soto.messages)) == told
    assert await practice.rows("SELECT * FROM concerns") == []


async def test_the_other_contact_of_the_practice_is_named(practice: Practice) -> None:
    await practice.stop()
    practice.settings = CONTACT
    await practice.start()
    ruiz = await practice.therapist()
    ana = practice.telegram.phone(200, "Ana")
    contact = "Otra persona de la consulta, que no lleva su terapia: Dra. Soto, 600 000 000"
    await practice.says(ana, f"/start {await practice.invitation(ruiz, 'P-07')}")
    assert contact in ana.last().text, "in the consent text"
    await practice.taps(ana, "Acepto")

    await practice.says(ana, HURT)
    assert contact in ana.last().text
    assert labels(ana) == [TO_RUIZ, NOBODY, FORGET], "nobody is enrolled to be told here: there is the telephone"
    await practice.says(ana, "/ayuda")

    assert contact in ana.last().text


async def test_an_open_question_stays_where_it_is_and_takes_none_of_it(practice: Practice) -> None:
    here = await house(practice)
    await practice.session_ends(here.ruiz)
    question = here.ana.last()

    await practice.says(here.ana, HURT)

    assert "Las preguntas pueden esperar." in here.ana.last().text
    assert labels(here.ana) == [TO_RUIZ, TO_OTHER, NOBODY, FORGET]
    assert (await practice.check_ins(), await practice.words()) == (["open"], [])
    await practice.taps_data(here.ana, data_of(question, "7"), question)
    assert [score for _, _, score in await practice.scores()] == [7]


async def test_words_about_what_was_left_pending_stay_out_of_the_digest(practice: Practice) -> None:
    here = await house(practice)
    await practice.session_ends(here.ruiz)
    await practice.taps(here.ana, "7", "6", "9")
    assert here.ana.last().text.startswith("¿Qué quedó pendiente?")

    await practice.says(here.ana, HURT)
    await practice.taps(here.ana, NOBODY)
    await practice.pass_time(timedelta(days=6))

    assert await nothing_is_kept(practice)
    assert not any("Leer" in label for message in here.ruiz.messages for label in message.labels())


async def test_the_therapist_is_told_when_the_patient_chooses_so(practice: Practice) -> None:
    here = await house(practice)
    await practice.pass_time(timedelta(hours=10))
    await practice.says(here.ana, HURT)

    await practice.taps(here.ana, TO_RUIZ)

    assert here.ana.last().text.startswith("Guardado. La Dra. Ruiz ya tiene el aviso;")
    assert here.ruiz.last().text == "P-07: ha elegido contarle algo. Léalo en cuanto pueda."
    await practice.taps(here.ruiz, "Leer")
    assert HURT in here.ruiz.last().text
    assert len(here.soto.messages) == 3, "the second contact has heard nothing"
    await practice.pass_time(timedelta(hours=2))
    assert len(here.soto.messages) == 3


async def test_the_other_contact_is_told_and_the_therapist_never_sees_it(practice: Practice) -> None:
    here = await house(practice)
    heard = len(here.ruiz.messages)
    await practice.says(here.ana, HURT)

    await practice.taps(here.ana, TO_OTHER)
    assert "La Dra. Ruiz no lo verá." in here.ana.last().text
    assert here.soto.last().text.startswith("P-07: ha elegido contar algo a alguien de la consulta")
    await practice.taps(here.soto, "Leer")
    shown = here.soto.last()
    assert HURT in shown.text
    assert (shown.protected, [entity["type"] for entity in shown.entities]) == (True, ["spoiler"])
    await practice.pass_time(timedelta(minutes=10))
    assert HURT not in shown.text

    for phone in (here.ruiz, here.ana):
        assert await practice.taps_data(phone, "vr:1:0", phone.last()) == "Este botón ya no sirve."
        assert await practice.taps_data(phone, "wl:1:0", phone.last()) == "Este botón ya no sirve."
    await practice.pass_time(timedelta(days=6))
    assert not any(HURT in message.text for message in here.ruiz.messages)
    assert await practice.words() == []
    assert len(here.ruiz.messages) == heard + 1, "the weekly digest, and nothing else"


async def test_telling_nobody_keeps_nothing(practice: Practice) -> None:
    here = await house(practice)
    await practice.says(here.ana, HURT)

    await practice.taps(here.ana, NOBODY)

    assert here.ana.last().text.startswith("De acuerdo: no se ha guardado ni se ha enviado nada.")
    assert labels(here.ana) == [FORGET]
    assert await nothing_is_kept(practice)


@pytest.mark.both
@pytest.mark.parametrize("choice", [None, TO_RUIZ, TO_OTHER, NOBODY])
async def test_no_trace_stays_in_the_chat(practice: Practice, choice: str | None) -> None:
    here = await house(practice)
    before = [message.message_id for message in here.ana.messages]
    await practice.says(here.ana, HURT)
    await practice.taps(here.ana, *([choice] if choice else []))

    with listened([]) as log:
        await practice.taps(here.ana, FORGET)

    assert [message.message_id for message in here.ana.messages] == before
    assert "pega" not in here.ana.transcript()
    assert "a tap was refused" not in log.getvalue(), "it was obeyed"


async def test_what_telegram_no_longer_deletes_is_emptied_and_said(practice: Practice) -> None:
    here = await house(practice)
    await practice.says(here.ana, HURT)
    offer = here.ana.last()
    await practice.pass_time(timedelta(days=2))

    with listened([]) as log:
        notice = await practice.taps_data(here.ana, data_of(offer, FORGET), offer)

    assert "a tap was refused" not in log.getvalue()
    assert notice.startswith("Telegram ya no me deja borrar mensajes de hace más de dos días.")
    assert (offer.text, offer.labels()) == ("·", [])


async def test_a_message_that_the_patient_has_deleted_is_told_to_nobody(practice: Practice) -> None:
    here = await house(practice)
    message = await here.ana.send(HURT)
    await practice.settle()
    offer, data = here.ana.last(), data_of(here.ana.last(), TO_RUIZ)
    offer.extra.pop("reply_to_message")
    await here.ana.delete(message)

    await practice.taps_data(here.ana, data, offer)

    assert offer.text.startswith("De acuerdo: no se ha guardado")
    assert await nothing_is_kept(practice)


async def test_who_cannot_be_told_is_not_offered(practice: Practice) -> None:
    here = await house(practice)
    await here.soto.block()
    await practice.settle()

    await practice.says(here.ana, HURT)

    assert labels(here.ana) == [TO_RUIZ, NOBODY, FORGET]


async def test_a_second_tap_tells_nobody_twice(practice: Practice) -> None:
    here = await house(practice)
    await practice.says(here.ana, HURT)
    offer, data = here.ana.last(), data_of(here.ana.last(), TO_OTHER)

    for _ in range(2):
        await practice.taps_data(here.ana, data, offer)

    assert len(await practice.rows("SELECT * FROM disclosures")) == 1
    assert sum("ha elegido contar algo" in text for text in said(here.soto)) == 1


async def test_somebody_elses_choice_is_not_taken(practice: Practice) -> None:
    here = await house(practice)
    eva = await practice.patient(here.ruiz, "P-08", 201)
    await practice.says(here.ana, HURT)
    await practice.says(eva, HURT)
    data = data_of(here.ana.last(), TO_RUIZ)

    await practice.taps_data(eva, data, eva.last())

    assert await practice.words() == []


BOTH = "mi terapeuta me toca y quiero morirme"


async def test_words_of_both_kinds_show_both_cards_and_go_nowhere_before_a_choice(practice: Practice) -> None:
    here = await house(practice)
    await practice.session_ends(here.ruiz)
    told = len(here.ruiz.messages), len(here.soto.messages)

    await practice.says(here.ana, BOTH)
    await practice.pass_time(timedelta(hours=2))

    offer = here.ana.last()
    assert offer.text.startswith("Si está en peligro o piensa en hacerse daño, llame ahora:\n024")
    assert CARD in offer.text
    assert "Todavía no lo sabe nadie" in offer.text
    assert "El 112 contesta ahora." in offer.text
    assert offer.labels() == [TO_RUIZ, TO_OTHER, NOBODY, FORGET]
    assert (len(here.ruiz.messages), len(here.soto.messages)) == told
    assert (await practice.words(), await practice.check_ins()) == ([], ["open"])
    assert await practice.rows("SELECT id FROM concerns") == []


async def test_words_of_both_kinds_told_to_the_therapist_are_a_crisis(practice: Practice) -> None:
    here = await house(practice)
    await practice.says(here.ana, BOTH)

    await practice.taps(here.ana, TO_RUIZ)
    assert here.ruiz.last().text.startswith("P-07: urgente.")
    await practice.pass_time(timedelta(minutes=30))

    assert await practice.words() == [("crisis", BOTH)]
    assert here.soto.last().text.startswith("P-07, paciente de la Dra. Ruiz: urgente")
    assert BOTH not in here.soto.last().text


@pytest.mark.both
async def test_nothing_of_words_of_both_kinds_stays_in_the_chat(practice: Practice) -> None:
    here = await house(practice)
    before = said(here.ana)
    await practice.says(here.ana, BOTH)
    await practice.taps(here.ana, TO_RUIZ)
    await practice.pass_time(timedelta(minutes=31))
    assert len(said(here.ana)) > len(before) + 2, "what became of the words was said"
    (offer,) = (message for message in here.ana.messages if FORGET in message.labels())

    await practice.taps_data(here.ana, data_of(offer, FORGET), offer)

    assert said(here.ana) == before


async def test_words_of_both_kinds_told_to_the_other_contact_are_urgent_there_and_unknown_to_the_therapist(
    practice: Practice,
) -> None:
    here = await house(practice)
    await practice.session_ends(here.ruiz)
    told = len(here.ruiz.messages)
    await practice.says(here.ana, BOTH)

    await practice.taps(here.ana, TO_OTHER)
    await practice.pass_time(timedelta(hours=1))

    assert here.soto.last().text.startswith("P-07: urgente. Ha elegido contar algo a alguien de la consulta")
    assert len(here.ruiz.messages) == told
    assert (await practice.words(), await practice.check_ins()) == ([], ["open"])


async def test_with_two_therapists_only_the_chosen_one_hears_of_words_of_both_kinds(practice: Practice) -> None:
    here = await house(practice)
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    await practice.says(here.ana, f"/start {await practice.invitation(gil, 'G-1')}")
    await practice.taps(here.ana, "Acepto")
    await practice.session_ends(here.ruiz)
    told = len(here.ruiz.messages)
    await practice.says(here.ana, BOTH)

    await practice.taps(here.ana, "Contárselo al Dr. Gil")

    assert gil.last().text.startswith("G-1: urgente.")
    assert len(here.ruiz.messages) == told
    assert await practice.check_ins() == ["open"], "a question that stopped would tell the other therapist"


async def test_words_of_both_kinds_from_somebody_nobody_knows_get_both_cards(practice: Practice) -> None:
    stranger = practice.telegram.phone(300, "Desconocida")

    await practice.says(stranger, BOTH)

    assert "024" in stranger.last().text
    assert CARD in stranger.last().text
    assert "Todavía no lo sabe nadie" in stranger.last().text
    assert labels(stranger) == [FORGET]


@pytest.mark.parametrize("words", ["/ayuda mi pareja me pega", "/pausa mi pareja me pega"])
async def test_they_are_heard_after_a_command_too(practice: Practice, words: str) -> None:
    here = await house(practice)

    await practice.says(here.ana, words)

    assert here.ana.last().text.startswith(CARD)
    assert await practice.rows("SELECT state FROM patients") == [{"state": "active"}]


async def test_an_edit_into_words_of_abuse_is_not_kept_either(practice: Practice) -> None:
    here = await house(practice)
    await practice.session_ends(here.ruiz)
    await practice.taps(here.ana, "7", "6", "2")
    message = await here.ana.send("Fue bien")
    await practice.settle()

    await practice.edits(here.ana, message, f"Fue bien, pero {HURT}")
    assert await practice.words() == [("reflection", "Fue bien")]
    await practice.taps(here.ana, TO_RUIZ)

    assert ("message", f"Fue bien, pero {HURT}") in await practice.words()


async def test_a_paused_patient_can_tell_and_a_stranger_gets_the_card(practice: Practice) -> None:
    here = await house(practice)
    await practice.says(here.ana, "/pausa")
    await practice.says(here.ana, HURT)
    assert TO_RUIZ in labels(here.ana)

    stranger = practice.telegram.phone(300, "Desconocida")
    await practice.says(stranger, HURT)

    assert stranger.last().text.startswith(CARD)
    assert "no se ha guardado ni le ha llegado a nadie" in stranger.last().text
    assert labels(stranger) == [FORGET]
    await practice.taps(stranger, FORGET)
    assert stranger.messages == []


async def test_the_card_comes_with_the_database_away(practice: Practice) -> None:
    here = await house(practice)

    with engines.away(practice.database):
        await here.ana.send(HURT)
        card = await here.ana.wait_for(lambda message: message.text.startswith(CARD), timeout=20)
        assert card.labels() == [FORGET]
    await practice.settle()

    assert labels(here.ana) == [TO_RUIZ, TO_OTHER, NOBODY, FORGET]
