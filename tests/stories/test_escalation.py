"""Urgent words that nobody sees: the therapist sleeps, has blocked the chat, or is simply with another patient.

The alert comes again, others are told, and it ends when somebody says that they have seen it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.demo.faults import Fault
from bot.demo.phone import Phone
from bot.domain.model import Role
from storage.columns import KeyRing
from tests.practice import Practice, data_of, labels, opened, said

URGENT = "P-07: urgente. Ha escrito algo que puede hablar de morir o de hacerse daño."
AGAIN = "P-07: urgente, sin ver todavía (desde hoy a las 17:00)."
SECOND = "P-07, paciente de la Dra. Ruiz: urgente."
UNREACHED = "El aviso no le llega a la Dra. Ruiz."
OPERATOR = "Hay un aviso urgente para la Dra. Ruiz que no le llega"
ELSEWHERE = "Otra persona de la consulta también tiene ya el aviso."
INSTEAD = "No he podido avisar a la Dra. Ruiz. Otra persona de la consulta ya tiene el aviso"
LOOKED_FOR = "No he podido avisar a la Dra. Ruiz. He pedido a la consulta que lo haga por otro medio"
NOBODY = "No he podido avisar a la Dra. Ruiz ni a nadie más de la consulta."


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
    iker = await practice.enrolled(Role.OPERATOR, 120, "Iker")
    return House(ruiz, ana, soto, iker)


def counted(phone: Phone, start: str) -> int:
    return sum(text.startswith(start) for text in said(phone))


async def steps(practice: Practice) -> list[str]:
    return [row["step"] for row in await practice.rows("SELECT step FROM concern_steps ORDER BY id")]


async def test_the_alert_comes_again_after_5_15_and_60_minutes_and_then_every_hour(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ana, "quiero morirme")
    wrote_at, heard = practice.clock.now(), []

    for minute in range(1, 200):
        before = counted(ruiz, AGAIN)
        await practice.go_to(wrote_at + timedelta(minutes=minute))
        heard += [minute] * (counted(ruiz, AGAIN) - before)

    assert heard == [5, 15, 60, 120, 180]
    assert counted(ruiz, URGENT) == 1


async def test_at_night_it_comes_again_within_the_hour_and_then_in_the_morning(tmp_path: Path) -> None:
    async with opened(tmp_path, start=datetime(2026, 11, 17, 22, 0, tzinfo=UTC)) as practice:
        ruiz = await practice.therapist()
        ana = await practice.patient(ruiz)
        await practice.says(ana, "quiero morirme")
        push = "P-07: urgente"

        await practice.pass_time(timedelta(minutes=5))
        await practice.pass_time(timedelta(minutes=10))
        await practice.pass_time(timedelta(minutes=45))
        assert counted(ruiz, push) == 4
        for _ in range(7):
            await practice.pass_time(timedelta(hours=1))
        assert counted(ruiz, push) == 4, "7:00"
        await practice.pass_time(timedelta(hours=1))

        assert counted(ruiz, push) == 5


async def test_having_seen_it_ends_the_repeats_for_everybody(practice: Practice) -> None:
    here = await house(practice)
    await practice.says(here.ana, "quiero morirme")
    await practice.pass_time(timedelta(minutes=40))

    await practice.taps(here.ruiz, "Lo he visto")
    messages = len(here.ruiz.messages)
    await practice.pass_time(timedelta(hours=20))

    assert len(here.ruiz.messages) == messages
    assert counted(here.soto, SECOND) == 1
    assert here.soto.last().text == "P-07: palabras urgentes. Se hace cargo la Dra. Ruiz, desde hoy a las 17:40."


async def test_the_second_contact_is_told_after_half_an_hour_and_not_before(practice: Practice) -> None:
    here = await house(practice)
    await practice.says(here.ana, "quiero morirme")

    await practice.pass_time(timedelta(minutes=29))
    assert counted(here.soto, SECOND) == 0
    await practice.pass_time(timedelta(minutes=1))

    assert here.soto.last().text.startswith(SECOND)
    assert "La Dra. Ruiz tiene el aviso, todavía sin ver." in here.soto.last().text
    assert labels(here.soto) == ["Me hago cargo"], "the words are not theirs to read"
    assert said(here.ana)[-1] == ELSEWHERE
    assert counted(here.iker, "Hay un aviso") == 0


async def test_the_second_contact_takes_over_and_the_therapist_hears_of_it(practice: Practice) -> None:
    here = await house(practice)
    await practice.says(here.ana, "quiero morirme")
    await practice.pass_time(timedelta(minutes=30))

    await practice.taps(here.soto, "Me hago cargo", "He contactado")
    await practice.pass_time(timedelta(hours=3))

    assert said(here.ruiz)[-1] == "P-07: palabras urgentes. Contacto anotado hoy a las 17:30, por la Dra. Soto."
    assert counted(here.ruiz, AGAIN) == 1
    assert "He contactado" not in labels(here.ruiz)


async def test_a_therapist_who_cannot_be_reached_is_passed_over_at_once(practice: Practice) -> None:
    here = await house(practice)
    await here.ruiz.block()

    await practice.says(here.ana, "quiero morirme")

    assert UNREACHED in here.soto.last().text
    assert said(here.ana)[-1].startswith(INSTEAD)
    assert counted(here.iker, "Hay un aviso") == 0


async def test_when_the_second_contact_is_gone_too_the_operator_is_told_without_code_or_words(
    practice: Practice,
) -> None:
    here = await house(practice)
    here.ruiz._chat.blocked = here.soto._chat.blocked = True

    await practice.says(here.ana, "quiero morirme")

    assert here.iker.last().text.startswith(OPERATOR)
    assert "P-07" not in here.iker.last().text
    assert here.iker.last().labels() == []
    assert said(here.ana)[-1].startswith(LOOKED_FOR)


async def test_when_nobody_can_be_told_the_patient_knows_it(practice: Practice) -> None:
    here = await house(practice)
    for phone in (here.ruiz, here.soto, here.iker):
        phone._chat.blocked = True

    await practice.says(here.ana, "quiero morirme")
    await practice.pass_time(timedelta(hours=2))

    assert said(here.ana)[-1].startswith(NOBODY)
    assert "024" in said(here.ana)[-1]
    assert counted(here.ana, NOBODY) == 1
    told = ["told", "undeliverable", "second_told", "undeliverable", "operator_told", "undeliverable", "nobody_left"]
    said_to_ana = ["card_left", "said_kept", "said_nobody"]
    taken = await steps(practice)
    assert [step for step in taken if step not in said_to_ana] == ["opened", *told]
    assert [step for step in taken if step in said_to_ana] == said_to_ana


async def test_without_a_second_contact_the_operator_looks_for_a_therapist_who_does_not_see_it(
    practice: Practice,
) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    iker = await practice.enrolled(Role.OPERATOR, 120, "Iker")
    await practice.says(ana, "quiero morirme")
    await practice.pass_time(timedelta(minutes=30))

    assert iker.last().text.startswith("Hay un aviso urgente para la Dra. Ruiz, todavía sin ver.")
    await practice.taps(ruiz, "Lo he visto")

    assert iker.last().text == "El aviso urgente para la Dra. Ruiz ya está visto. No hace falta más."
    assert said(ana)[-1] == "La Dra. Ruiz ya tiene el aviso.", "what they do about it is theirs"


async def test_a_therapist_alone_who_does_not_see_it_is_not_unreachable(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ana, "quiero morirme")

    await practice.pass_time(timedelta(minutes=30))

    assert counted(ana, NOBODY) == 0
    assert (await steps(practice))[-1] == "nobody_left"


@pytest.mark.both
async def test_a_therapist_who_comes_back_gets_the_alert_and_the_patient_hears_of_it(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await ruiz.block()
    await practice.says(ana, "quiero morirme")
    assert said(ana)[-1].startswith(NOBODY)

    await ruiz.unblock()
    await practice.settle()

    assert counted(ruiz, URGENT) == 1
    assert said(ana)[-1] == "La Dra. Ruiz ya tiene el aviso."


@pytest.mark.both
async def test_a_repeat_that_an_outage_held_back_does_not_pile_up(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    practice.telegram.fault = lambda method, params: (
        Fault.tear() if method == "sendMessage" and str(params.get("chat_id")) == "100" else None
    )
    await practice.says(ana, "quiero morirme")
    for _ in range(8):
        await practice.pass_time(timedelta(minutes=30))

    practice.telegram.fault = None
    await practice.pass_time(timedelta(minutes=10))

    assert counted(ruiz, URGENT) == 1
    assert counted(ruiz, AGAIN) <= 1


async def test_a_restart_in_the_middle_changes_nothing(practice: Practice) -> None:
    here = await house(practice)
    await practice.says(here.ana, "quiero morirme")
    await practice.pass_time(timedelta(minutes=10))

    await practice.stop()
    practice.clock.advance(timedelta(minutes=20))
    await practice.start()
    await practice.settle()

    assert counted(here.ruiz, AGAIN) == 2, "the one before, and the one that was missed"
    assert counted(here.soto, SECOND) == 1


async def test_new_words_alert_again_and_one_repeat_stands_for_both(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ana, "quiero morirme")
    await practice.pass_time(timedelta(minutes=2))
    await practice.says(ana, "de verdad, quiero morirme")
    assert counted(ruiz, URGENT) == 2

    await practice.pass_time(timedelta(minutes=3))
    await practice.pass_time(timedelta(minutes=2))

    assert counted(ruiz, "P-07: urgente, sin ver") == 1


async def test_seeing_the_older_words_does_not_end_the_alert_about_the_newer(practice: Practice) -> None:
    here = await house(practice)
    await practice.says(here.ana, "quiero morirme")
    older = here.ruiz.last()
    await practice.pass_time(timedelta(minutes=2))
    await practice.says(here.ana, "de verdad, quiero morirme")

    await practice.taps_data(here.ruiz, data_of(older, "Lo he visto"), older)
    await practice.pass_time(timedelta(minutes=31))

    assert counted(here.soto, SECOND) == 1


async def test_whoever_has_contacted_may_leave_a_note_and_the_case_is_closed(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ana, "quiero morirme")
    await practice.taps(ruiz, "Lo he visto")
    assert "P-07 · palabras urgentes, sin contactar todavía" in await listed(practice, ruiz)

    await practice.taps(ruiz, "He contactado")
    assert ruiz.last().text.startswith("P-07: contacto anotado. Si quiere, escriba ahora en una línea cómo fue")
    await practice.says(ruiz, "Quiere morirse, pero hoy no está sola: su hermana se queda.")

    assert ruiz.last().text == "P-07: la nota está guardada."
    sealed = (await practice.rows("SELECT note FROM concerns"))[0]["note"]
    assert b"hermana" not in sealed
    assert "su hermana se queda" in KeyRing(practice.keys.seal, practice.keys.index).unseal(sealed)
    heard = ["opened", "card_left", "told", "delivered", "said_kept", "said_reached"]
    taken = await steps(practice)
    assert sorted(taken[:6]) == sorted(heard)
    assert taken[6:] == ["seen", "contacted", "noted"]
    assert "sin contactar" not in await listed(practice, ruiz)


async def listed(practice: Practice, therapist: Phone) -> str:
    await practice.says(therapist, "/pacientes")
    return therapist.last().text


@pytest.mark.both
async def test_the_note_is_read_with_the_words(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ana, "quiero morirme")
    await practice.taps(ruiz, "Lo he visto", "He contactado")
    await practice.says(ruiz, "Hablamos por teléfono.")

    await practice.taps(ruiz, "Leer sus palabras")

    shown = next(message.text for message in ruiz.messages if "quiero morirme" in message.text)
    assert "Nota sobre el contacto:\nHablamos por teléfono." in shown


@pytest.mark.both
@pytest.mark.parametrize("command", ["/nada", "/nothing"])
async def test_a_note_is_not_needed(practice: Practice, command: str) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ana, "quiero morirme")
    await practice.taps(ruiz, "Lo he visto", "He contactado")

    await practice.says(ruiz, command)
    assert ruiz.last().text == "P-07: sin nota."
    await practice.says(ruiz, "esto ya no es una nota")

    assert ruiz.last().text.startswith("Eso no lo entiendo, y no llegó a nadie")
    assert await practice.rows("SELECT note FROM concerns") == [{"note": None}]


@pytest.mark.both
async def test_what_is_typed_much_later_is_no_note(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ana, "quiero morirme")
    await practice.taps(ruiz, "Lo he visto", "He contactado")

    await practice.pass_time(timedelta(minutes=15))
    await practice.says(ruiz, "esto ya no es una nota")

    assert await practice.rows("SELECT note FROM concerns") == [{"note": None}]


async def test_an_open_case_stands_first_in_the_digest_until_somebody_has_made_contact(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ana, "quiero morirme")
    await practice.taps(ruiz, "Lo he visto")

    await practice.says(ruiz, "/resumen")

    assert "Mirar primero: P-07 (palabras urgentes, sin contactar todavía)" in ruiz.last().text


async def test_one_person_may_be_therapist_and_second_contact(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    token = await practice.bot.services.enrolment.invite(Role.SECOND_CONTACT, "Dr. Gil")
    await practice.says(gil, f"/start {token}")
    await practice.taps(gil, "el Dr. Gil")

    await practice.says(ana, "quiero morirme")
    await practice.pass_time(timedelta(minutes=30))
    await practice.taps(gil, "Me hago cargo")

    assert said(ruiz)[-1] == "P-07: palabras urgentes. Se hace cargo el Dr. Gil, desde hoy a las 17:30."


async def test_a_therapist_who_is_the_second_contact_is_not_told_twice(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    token = await practice.bot.services.enrolment.invite(Role.SECOND_CONTACT, "Dra. Ruiz")
    await practice.says(ruiz, f"/start {token}")
    await practice.taps(ruiz, "la Dra. Ruiz")
    await practice.says(ana, "quiero morirme")

    await practice.pass_time(timedelta(minutes=30))

    assert counted(ruiz, SECOND) == 0


@pytest.mark.parametrize("minutes", [1, 30])
async def test_nobody_else_can_see_or_close_a_case(practice: Practice, minutes: int) -> None:
    here = await house(practice)
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    await practice.says(here.ana, "quiero morirme")
    await practice.pass_time(timedelta(minutes=minutes))
    strangers = [gil, here.ana, here.iker, *([here.soto] if minutes == 1 else [])]

    for phone in strangers:
        for data in ("us:1", "uw:1:0", "uc:1"):
            assert await practice.taps_data(phone, data) == "Este botón ya no sirve."

    assert await practice.rows("SELECT seen_at, contacted_at FROM concerns") == [
        {"seen_at": None, "contacted_at": None}
    ]


async def test_the_second_contact_reads_the_words_only_where_the_practice_says_so(practice: Practice) -> None:
    here = await house(practice)
    await practice.says(here.ana, "quiero morirme")
    await practice.pass_time(timedelta(minutes=30))

    assert await practice.taps_data(here.soto, "uw:1:0") == "Este botón ya no sirve."


async def test_the_second_contact_reads_where_the_practice_and_the_consent_say_so(tmp_path: Path) -> None:
    async with opened(tmp_path, settings="[practice]\nsecond_contact_reads = true\n") as practice:
        here = await house(practice)
        await practice.says(here.ana, "quiero morirme")
        await practice.pass_time(timedelta(minutes=30))

        await practice.taps(here.soto, "Leer sus palabras")

        assert "quiero morirme" in here.soto.last().text
        assert here.soto.last().protected


async def test_each_role_reads_what_it_gets_here(practice: Practice) -> None:
    here = await house(practice)

    assert said(here.soto)[0].startswith(
        "Le invitan como segundo contacto de la consulta. Segundo contacto: aquí llega"
    )
    assert here.soto.last().text.startswith("Listo: la consulta leerá «la Dra. Soto».")
    await practice.says(here.iker, "/ayuda")

    assert "Contacto técnico: aquí llega un aviso, a cualquier hora, cuando una alerta urgente" in here.iker.last().text
    assert "/nuevo" not in here.iker.last().text


async def test_words_edited_after_they_were_seen_begin_anew(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    message = await ana.send("quiero morirme")
    await practice.settle()
    await practice.taps(ruiz, "Lo he visto", "He contactado")
    await practice.pass_time(timedelta(minutes=20))

    await practice.edits(ana, message, "quiero morirme hoy")
    await practice.pass_time(timedelta(minutes=5))

    assert counted(ruiz, URGENT) == 1
    assert counted(ruiz, "P-07: urgente, sin ver todavía (desde hoy a las 17:20).") == 1
