"""What becomes of what a patient chose to tell: it arrives, or it does not, and the patient knows which.

The answer stands in the message that is there already: no new one rings or stays.
"""

from dataclasses import dataclass
from datetime import timedelta

from bot.demo.faults import Fault
from bot.demo.phone import Phone
from bot.demo.state import Json
from bot.domain.model import Role
from storage.columns import KeyRing
from tests.practice import Practice, data_of, labels, said

HURT = "mi pareja me pega"
TO_RUIZ = "Contárselo a la Dra. Ruiz"
TO_OTHER = "Contárselo a otra persona de la consulta"
FORGET = "Borrar de este chat"
WORSE = "mi pareja me pega y hoy me ha amenazado con un cuchillo"


@dataclass(frozen=True)
class House:
    """The phones of a practice with a second contact and an operator."""

    ruiz: Phone
    ana: Phone
    soto: Phone
    iker: Phone


async def house(practice: Practice) -> House:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    soto = await practice.enrolled(Role.SECOND_CONTACT, 110, "Dra. Soto", "la Dra. Soto")
    return House(ruiz, ana, soto, await practice.enrolled(Role.OPERATOR, 120, "Iker"))


def pushes(phone: Phone) -> int:
    return sum("ha elegido" in text for text in said(phone))


async def test_that_it_has_arrived_is_said_in_the_same_message(practice: Practice) -> None:
    here = await house(practice)
    before = [message.message_id for message in here.ana.messages]
    await practice.says(here.ana, HURT)
    messages = len(here.ana.messages)

    await practice.taps(here.ana, TO_RUIZ)

    assert here.ana.last().text.startswith("Guardado. La Dra. Ruiz ya tiene el aviso; no sé cuándo podrá leerlo.")
    assert (len(here.ana.messages), labels(here.ana)) == (messages, [FORGET])
    await practice.taps(here.ana, FORGET)
    assert [message.message_id for message in here.ana.messages] == before


async def test_that_it_has_arrived_never_gives_way_to_that_it_is_on_its_way(practice: Practice) -> None:
    here = await house(practice)
    await practice.says(here.ana, HURT)
    torn: list[str] = []

    def tear_the_first_answer(method: str, params: Json) -> Fault | None:
        if method == "editMessageText" and "Estoy avisando" in str(params.get("text")) and not torn:
            torn.append(method)
            return Fault.tear()
        return None

    practice.telegram.fault = tear_the_first_answer
    await practice.taps(here.ana, TO_RUIZ)
    assert pushes(here.ruiz) == 1
    await practice.pass_time(timedelta(seconds=10))
    await practice.pass_time(timedelta(minutes=1))

    assert torn
    assert here.ana.last().text.startswith("Guardado. La Dra. Ruiz ya tiene el aviso;")


async def test_that_the_other_contact_has_it_is_said_too(practice: Practice) -> None:
    here = await house(practice)
    await practice.says(here.ana, HURT)

    await practice.taps(here.ana, TO_OTHER)

    assert "que ya tiene el aviso" in here.ana.last().text
    assert "La Dra. Ruiz no lo verá." in here.ana.last().text


async def test_a_therapist_who_cannot_be_reached_is_said_with_what_is_left(practice: Practice) -> None:
    here = await house(practice)
    here.ruiz._chat.blocked = True
    await practice.says(here.ana, HURT)
    messages = len(here.ana.messages)

    await practice.taps(here.ana, TO_RUIZ)

    assert here.ana.last().text.startswith("No he podido avisar a la Dra. Ruiz: nadie lo ha leído.")
    assert "016 · " in here.ana.last().text
    assert (len(here.ana.messages), labels(here.ana)) == (messages, [TO_OTHER, FORGET])
    assert pushes(here.soto) == 0, "the patient chose the therapist, and nobody else"
    assert here.iker.last().text.startswith("Los mensajes de este bot no le llegan a la Dra. Ruiz")
    assert not any(word in here.iker.last().text for word in ("P-07", "pega", "paciente"))

    await practice.taps(here.ana, TO_OTHER)
    assert "que ya tiene el aviso" in here.ana.last().text
    assert pushes(here.soto) == 1


async def test_a_therapist_who_comes_back_gets_it_and_the_patient_reads_so(practice: Practice) -> None:
    here = await house(practice)
    here.ruiz._chat.blocked = True
    await practice.says(here.ana, HURT)
    await practice.taps(here.ana, TO_RUIZ)

    await here.ruiz.unblock()
    await practice.settle()

    assert pushes(here.ruiz) == 1
    assert here.ana.last().text.startswith("Guardado. La Dra. Ruiz ya tiene el aviso;")


async def test_where_no_other_contact_can_be_reached_the_patient_and_the_operator_know(practice: Practice) -> None:
    here = await house(practice)
    here.soto._chat.blocked = True
    heard = len(here.ruiz.messages)
    await practice.says(here.ana, HURT)

    await practice.taps(here.ana, TO_OTHER)
    await practice.pass_time(timedelta(hours=2))

    assert here.ana.last().text.startswith("No he podido avisar a otra persona de la consulta: nadie lo ha leído.")
    assert labels(here.ana) == [TO_RUIZ, FORGET]
    assert sum("no le llegan a la Dra. Soto" in text for text in said(here.iker)) == 1
    assert len(here.ruiz.messages) == heard, "the therapist learns nothing of it"


async def test_a_therapist_who_is_the_operator_too_learns_nothing_of_it(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    soto = await practice.enrolled(Role.SECOND_CONTACT, 110, "Dra. Soto", "la Dra. Soto")
    token = await practice.bot.services.enrolment.invite(Role.OPERATOR, "Dra. Ruiz")
    await practice.says(ruiz, f"/start {token}")
    await practice.taps(ruiz, "la Dra. Ruiz")
    soto._chat.blocked, heard = True, len(ruiz.messages)

    await practice.says(ana, HURT)
    await practice.taps(ana, TO_OTHER)

    assert ana.last().text.startswith("No he podido avisar a otra persona de la consulta")
    assert len(ruiz.messages) == heard


async def test_the_next_contact_has_it_when_one_cannot_be_reached(practice: Practice) -> None:
    here = await house(practice)
    eva = await practice.enrolled(Role.SECOND_CONTACT, 111, "Eva")
    here.soto._chat.blocked = True
    await practice.says(here.ana, HURT)

    await practice.taps(here.ana, TO_OTHER)

    assert pushes(eva) == 1
    assert "que ya tiene el aviso" in here.ana.last().text
    assert not any("no le llegan" in text for text in said(here.iker))


async def test_a_contact_who_enrolled_meanwhile_is_the_next(practice: Practice) -> None:
    here = await house(practice)
    await practice.says(here.ana, HURT)
    slow = {"torn": True}

    def tear(method: str, params: Json) -> Fault | None:
        to_soto = method == "sendMessage" and str(params.get("chat_id")) == "110"
        return Fault.tear() if to_soto and slow["torn"] else None

    practice.telegram.fault = tear
    await practice.taps(here.ana, TO_OTHER)
    eva = await practice.enrolled(Role.SECOND_CONTACT, 111, "Eva")
    slow["torn"], here.soto._chat.blocked = False, True
    await practice.pass_time(timedelta(minutes=10))

    assert pushes(eva) == 1
    assert "que ya tiene el aviso" in here.ana.last().text


async def test_a_contact_who_is_gone_between_offer_and_tap_is_said(practice: Practice) -> None:
    here = await house(practice)
    await practice.says(here.ana, HURT)
    await here.soto.block()
    await practice.settle()

    await practice.taps(here.ana, TO_OTHER)

    assert here.ana.last().text.startswith("Ahora mismo no hay otra persona de la consulta a quien avisar.")
    assert "no se ha guardado ni se ha enviado a nadie" in here.ana.last().text
    assert labels(here.ana) == [TO_RUIZ, "A nadie", FORGET]
    assert await practice.rows("SELECT id FROM disclosures") == []
    await practice.taps(here.ana, TO_RUIZ)
    assert pushes(here.ruiz) == 1


async def test_what_was_emptied_stays_empty(practice: Practice) -> None:
    here = await house(practice)
    here.ruiz._chat.blocked = True
    await practice.says(here.ana, HURT)
    await practice.taps(here.ana, TO_RUIZ)
    await practice.pass_time(timedelta(days=2))
    shown = here.ana.last()
    await practice.taps(here.ana, FORGET)
    assert shown.text == "·"

    await here.ruiz.unblock()
    await practice.settle()

    assert pushes(here.ruiz) == 1
    assert shown.text == "·"


async def test_words_that_were_edited_and_told_again_are_new_words(practice: Practice) -> None:
    here = await house(practice)
    message = await here.ana.send(HURT)
    await practice.settle()
    await practice.taps(here.ana, TO_RUIZ)

    await practice.edits(here.ana, message, WORSE)
    await practice.taps(here.ana, TO_RUIZ)

    assert await practice.words() == [("message", HURT), ("message", WORSE)]
    assert pushes(here.ruiz) == 2
    await practice.taps(here.ruiz, "Leer")
    assert "cuchillo" in here.ruiz.last().text


async def test_words_that_were_edited_and_confided_again_are_new_words(practice: Practice) -> None:
    here = await house(practice)
    message = await here.ana.send(HURT)
    await practice.settle()
    await practice.taps(here.ana, TO_OTHER)

    await practice.edits(here.ana, message, WORSE)
    await practice.taps(here.ana, TO_OTHER)

    ring = KeyRing(practice.keys.seal, practice.keys.index)
    kept = [ring.unseal(row["body"]) for row in await practice.rows("SELECT body FROM disclosures ORDER BY id")]
    assert kept == [HURT, WORSE]
    assert pushes(here.soto) == 2


async def test_a_patient_who_withdrew_is_refused_and_not_met_with_silence(practice: Practice) -> None:
    here = await house(practice)
    await practice.says(here.ana, HURT)
    offer = here.ana.last()
    choices = [data_of(offer, label) for label in (TO_RUIZ, TO_OTHER)]
    await practice.says(here.ana, f"/start {await practice.invitation(here.ruiz, 'P-07')}")
    await practice.taps(here.ana, "Prefiero que no")

    answers = [await practice.taps_data(here.ana, data, offer) for data in choices]

    assert answers == ["Este botón ya no sirve."] * 2
    assert pushes(here.ruiz) + pushes(here.soto) == 0
