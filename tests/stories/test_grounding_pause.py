"""After a hard session a patient may stop for 45 seconds, if their therapist thinks that fits: offered, never pushed.

Five short steps in one message; whoever does not want it leaves the button alone.
"""

from datetime import timedelta

import pytest

from bot.demo.phone import Phone
from bot.demo.state import Message
from tests.practice import Practice, data_of, labels, said

PAUSE = "Una pausa de 45 segundos"
STEP = timedelta(seconds=9)
FIRST, THIRD = "1 de 5 · Apoye los pies", "3 de 5 · Escuche un sonido"
DONE = "Listo. Puede quedarse un momento más o cerrar el chat."


async def allowed(practice: Practice) -> tuple[Phone, Phone]:
    """Let a therapist allow the pause for a patient, who is asked then."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, "/pacientes")
    await practice.taps(ruiz, "P-07", "Ofrecer la pausa")
    await practice.session_ends(ruiz)
    return ruiz, ana


async def begun(practice: Practice) -> tuple[Phone, Phone, Message]:
    """Let the patient begin the pause after a hard session; return its message, too."""
    ruiz, ana = await allowed(practice)
    await practice.answers(ana, 4, 8, 2)
    await practice.taps(ana, PAUSE)
    return ruiz, ana, ana.last()


async def test_it_is_offered_at_the_end_of_a_hard_check_in_with_a_sentence_to_leave_it(practice: Practice) -> None:
    _, ana = await allowed(practice)

    await practice.taps(ana, "4", "8", "2")
    assert PAUSE not in labels(ana)
    await practice.taps(ana, "Listo")

    assert labels(ana) == [PAUSE, "Corregir"]
    assert ana.last().text.endswith("Si no, no hace falta tocar nada.")


async def test_nobody_else_is_offered_it(practice: Practice) -> None:
    ruiz, ana = await allowed(practice)
    await practice.answers(ana, 5, 5, 10)
    assert PAUSE not in labels(ana)

    await practice.says(ruiz, "/pacientes")
    await practice.taps(ruiz, "P-07", "No ofrecer la pausa")
    await practice.pass_time(timedelta(days=7))
    await practice.session_ends(ruiz)
    await practice.answers(ana, 1, 1, 2)

    assert PAUSE not in labels(ana)


async def test_its_steps_follow_each_other_in_one_message(practice: Practice) -> None:
    _, ana, shown = await begun(practice)
    messages, steps = len(said(ana)), [shown.text]

    for _ in range(5):
        await practice.pass_time(STEP)
        steps.append(shown.text)

    assert [step[:8] for step in steps] == [*(f"{number} de 5 ·" for number in range(1, 6)), DONE[:8]]
    assert all(len(step) <= 90 for step in steps[:-1])
    assert (len(said(ana)), shown.labels()) == (messages, [])
    assert shown.text.endswith("/ayuda")


async def test_it_can_be_stopped_at_any_step_and_is_not_offered_again(practice: Practice) -> None:
    _, ana, shown = await begun(practice)
    await practice.pass_time(2 * STEP)

    await practice.taps(ana, "Parar")
    await practice.pass_time(timedelta(minutes=20))

    assert shown.text.startswith("De acuerdo, hasta aquí.")
    assert not any(PAUSE in message.labels() for message in ana.messages)
    assert await practice.check_ins() == ["done"]


async def test_a_double_tap_begins_one_pause(practice: Practice) -> None:
    _, ana = await allowed(practice)
    await practice.answers(ana, 4, 8, 2)
    summary = ana.last()
    data = data_of(summary, PAUSE)

    await ana.tap_data(data, summary)
    await ana.tap_data(data, summary)
    await practice.settle()

    assert sum(text.startswith("1 de 5") for text in said(ana)) == 1
    assert len(await practice.rows("SELECT id FROM pauses")) == 1


async def test_a_restart_goes_on_where_it_should_be_by_now_or_ends_it(practice: Practice) -> None:
    _, _, shown = await begun(practice)

    await practice.stop()
    practice.clock.advance(2 * STEP + timedelta(seconds=1))
    await practice.start()
    await practice.settle()
    assert shown.text.startswith(THIRD)
    await practice.stop()
    practice.clock.advance(timedelta(minutes=10))
    await practice.start()
    await practice.settle()

    assert shown.text.startswith(DONE)


async def test_urgent_words_end_it_and_it_is_not_offered_after_them(practice: Practice) -> None:
    ruiz, ana, shown = await begun(practice)

    await practice.says(ana, "quiero morirme")
    await practice.pass_time(STEP)
    assert shown.labels() == []
    await practice.pass_time(timedelta(days=7))
    await practice.session_ends(ruiz)
    await practice.answers(ana, 3, 3, 2)
    await practice.says(ana, "quiero morirme")
    await practice.pass_time(timedelta(minutes=20))

    assert not any(PAUSE in message.labels() for message in ana.messages)
    assert len(await practice.rows("SELECT id FROM pauses")) == 1


async def test_it_is_the_patients_own_and_the_therapists_to_offer(practice: Practice) -> None:
    ruiz, ana = await allowed(practice)
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    eva = await practice.patient(gil, "P-09", 201)
    await practice.answers(ana, 4, 8, 2)

    tried = [await practice.taps_data(phone, "ps:1") for phone in (ruiz, eva)]
    await practice.taps(ana, PAUSE)
    tried += [await practice.taps_data(phone, "pe:1") for phone in (ruiz, eva)]
    tried += [await practice.taps_data(phone, "pb:1:0") for phone in (gil, ana)]

    assert tried == ["Este botón ya no sirve."] * 6
    assert ana.last().text.startswith(FIRST)


@pytest.mark.both
async def test_it_is_told_to_nobody_and_stands_in_the_record(practice: Practice) -> None:
    ruiz, ana, _ = await begun(practice)
    before = len(said(ruiz))

    await practice.pass_time(timedelta(minutes=20))
    assert len(said(ruiz)) == before
    await practice.says(ana, "/misdatos")

    (text,) = (one.document for one in ana.messages if str(one.file_name).endswith(".txt"))
    assert text is not None
    assert "Pausa de 45 segundos: 2026-11-17 17:15" in text.decode()
