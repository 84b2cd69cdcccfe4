"""A patient writes that they want to die, at any hour and in any state of things.

The telephone numbers come first and whatever else fails; then the truth about who knows.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.demo.faults import Fault
from bot.demo.phone import Phone
from bot.demo.state import Json
from tests import engines
from tests.practice import Practice, data_of, labels, said

CARD = "Si está en peligro o piensa en hacerse daño, llame ahora:"
KEPT = "Lo que ha escrito está guardado y estoy avisando a la Dra. Ruiz."
TOLD = "La Dra. Ruiz ya tiene el aviso."
URGENT = "P-07: urgente."
NOBODY = "Lo que ha escrito no le ha llegado a nadie"


async def in_treatment(practice: Practice) -> tuple[Phone, Phone]:
    """Return the phones of a therapist and a patient."""
    ruiz = await practice.therapist()
    return ruiz, await practice.patient(ruiz)


async def test_the_card_comes_first_then_what_happens_with_the_words(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    await practice.session_ends(ruiz)
    heard = len(said(ana))

    await practice.says(ana, "quiero morirme")

    card, kept, told = said(ana)[heard:]
    assert card.startswith(CARD)
    assert "024" in card
    assert "112" in card
    assert kept.startswith(KEPT)
    assert told == TOLD


async def test_the_questions_stop_and_the_words_and_scores_stand(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    await practice.session_ends(ruiz)
    await practice.taps(ana, "3")
    question = ana.last()

    await practice.says(ana, "quiero morirme")
    await practice.pass_time(timedelta(days=3))

    assert (question.text, question.labels()) == ("Las preguntas pueden esperar.", [])
    assert said(ana)[-1] == TOLD, "no question after crisis words"
    assert await practice.check_ins() == ["stopped"]
    assert await practice.words() == [("crisis", "quiero morirme")]
    assert await practice.scores() == [(1, "understood", 3)]


async def test_the_therapist_is_told_at_night_too(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    await practice.pass_time(timedelta(hours=10))

    await practice.says(ana, "quiero morirme")

    assert ruiz.last().text.startswith(URGENT)
    assert "morirme" not in ruiz.last().text


async def test_has_been_told_is_said_only_once_it_is_true(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    practice.telegram.fault = lambda method, params: (
        Fault.tear() if method == "sendMessage" and str(params.get("chat_id")) == "100" else None
    )

    await practice.says(ana, "quiero morirme")
    assert said(ana)[-1].startswith(KEPT)
    practice.telegram.fault = None
    await practice.pass_time(timedelta(seconds=5))

    assert ruiz.last().text.startswith(URGENT)
    assert said(ana)[-1] == TOLD


async def test_the_therapist_reads_the_words_under_a_spoiler_and_says_so(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    await practice.says(ana, "quiero morirme")

    await practice.taps(ruiz, "Leer sus palabras")
    shown = ruiz.last()
    assert "quiero morirme" in shown.text
    assert [entity["type"] for entity in shown.entities] == ["spoiler"]
    assert shown.protected
    await practice.taps(ruiz, "Lo he visto")

    assert shown.text == "P-07: palabras urgentes, vistas hoy a las 17:00."
    assert await practice.rows("SELECT seen_at IS NOT NULL AS seen FROM concerns") == [{"seen": 1}]


async def test_urgent_words_are_hidden_again_after_ten_minutes(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    await practice.says(ana, "quiero morirme")
    await practice.taps(ruiz, "Leer sus palabras")

    await practice.pass_time(timedelta(minutes=10))

    assert "quiero morirme" not in ruiz.last().text
    assert "Lo he visto" in labels(ruiz)


async def test_another_therapist_sees_nothing_of_it(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    await practice.says(ana, "quiero morirme")

    notices = [await practice.taps_data(gil, data_of(ruiz.last(), label)) for label in labels(ruiz)]

    assert notices == ["Este botón ya no sirve."] * 2
    assert await practice.rows("SELECT seen_at FROM concerns") == [{"seen_at": None}]


async def test_the_next_session_asks_as_usual(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    await practice.session_ends(ruiz)
    await practice.says(ana, "quiero morirme")

    await practice.pass_time(timedelta(days=7))
    await practice.session_ends(ruiz)

    assert "1 de 3" in ana.last().text


async def test_a_message_edited_into_crisis_words_counts_with_its_new_words(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    await practice.session_ends(ruiz)
    await practice.taps(ana, "7", "6", "2")
    message = await ana.send("Fue bien")
    await practice.settle()

    await practice.edits(ana, message, "Fue bien, pero quiero morirme")

    assert ruiz.last().text.startswith(URGENT)
    assert await practice.words() == [("crisis", "Fue bien, pero quiero morirme")]


async def test_the_words_under_a_picture_count(practice: Practice) -> None:
    _, ana = await in_treatment(practice)
    message = await ana.send_photo(b"jpeg")
    update = {"message_id": message.message_id + 1000, "date": 0, "caption": "quiero morirme", "photo": []}
    person = {"id": ana.chat_id, "is_bot": False, "first_name": "Ana"}

    practice.telegram.push_raw({"message": update | {"from": person, "chat": {"id": ana.chat_id, "type": "private"}}})
    await practice.settle()

    assert said(ana)[-1] == TOLD
    assert await practice.words() == [("crisis", "quiero morirme")]


Situation = Callable[[Practice], Awaitable[Phone]]


async def a_stranger(practice: Practice) -> Phone:
    return practice.telegram.phone(300, "Desconocida")


async def an_invited_person(practice: Practice) -> Phone:
    ruiz = await practice.therapist()
    ana = practice.telegram.phone(200, "Ana")
    await practice.says(ana, f"/start {await practice.invitation(ruiz, 'P-07')}")
    return ana


async def somebody_who_declined(practice: Practice) -> Phone:
    ana = await an_invited_person(practice)
    await practice.taps(ana, "Prefiero que no")
    return ana


async def a_paused_patient(practice: Practice) -> Phone:
    _, ana = await in_treatment(practice)
    await practice.says(ana, "/pausa")
    return ana


async def a_therapist(practice: Practice) -> Phone:
    return await practice.therapist()


@pytest.mark.parametrize(
    "situation", [a_stranger, an_invited_person, somebody_who_declined, a_paused_patient, a_therapist]
)
async def test_where_nobody_can_be_told_the_card_says_so(practice: Practice, situation: Situation) -> None:
    phone = await situation(practice)

    await practice.says(phone, "quiero morirme")

    assert phone.last().text.startswith(CARD)
    assert NOBODY in phone.last().text
    assert await practice.words() == []
    assert await practice.rows("SELECT * FROM concerns") == []


@pytest.mark.parametrize("situation", [a_stranger, an_invited_person, a_paused_patient, a_therapist])
async def test_help_is_shown_to_everybody(practice: Practice, situation: Situation) -> None:
    phone = await situation(practice)

    await practice.says(phone, "/ayuda")

    assert phone.last().text.startswith(CARD)
    assert "Qué se puede hacer aquí:" in phone.last().text


async def test_help_in_the_middle_of_a_question_leaves_the_question_below(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    await practice.session_ends(ruiz)
    await practice.taps(ana, "7")
    question = ana.last()

    await practice.says(ana, "/ayuda")
    assert said(ana)[-2].startswith(CARD)
    assert question.labels() == []
    await practice.taps(ana, "6")

    assert [score for _, _, score in await practice.scores()] == [7, 6]


async def test_help_comes_with_the_database_locked_and_nothing_is_lost(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    await practice.session_ends(ruiz)

    with engines.away(practice.database):
        await ana.tap("7")
        await ana.send("/ayuda")
        card = await ana.wait_for(lambda message: message.text.startswith(CARD), timeout=20)
        assert "024" in card.text
    await practice.settle()

    assert await practice.scores() == [(1, "understood", 7)]


async def test_crisis_words_with_the_database_locked_are_told_once_it_is_back(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)

    with engines.away(practice.database):
        await ana.send("quiero morirme")
        card = await ana.wait_for(lambda message: message.text.startswith(CARD), timeout=20)
        assert NOBODY in card.text
    await practice.settle()

    assert ruiz.last().text.startswith(URGENT)
    assert said(ana)[-1] == TOLD


@pytest.mark.both
async def test_when_the_card_itself_does_not_leave_the_therapist_is_told_all_the_same(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    torn: list[Json] = []

    def tear_the_card(method: str, params: Json) -> Fault | None:
        if method == "sendMessage" and str(params.get("text", "")).startswith(CARD):
            torn.append(params)
            return Fault.tear()
        return None

    practice.telegram.fault = tear_the_card
    await practice.says(ana, "quiero morirme")

    assert torn
    assert ruiz.last().text.startswith(URGENT)


async def test_help_while_a_question_is_put_off_does_not_bring_it_back(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    await practice.session_ends(ruiz)
    await practice.taps(ana, "Más tarde")

    await practice.says(ana, "/ayuda")

    assert ana.last().text.startswith(CARD)


async def test_no_question_follows_about_a_session_that_has_just_ended(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    await practice.session_ends(ruiz, ask=False)

    await practice.says(ana, "quiero morirme")
    await practice.pass_time(timedelta(minutes=15))

    assert said(ana)[-1] == TOLD
    assert await practice.check_ins() == ["stopped"]


async def test_the_old_keyboard_asks_nothing_after_crisis_words(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    await practice.session_ends(ruiz)
    question, seven = ana.last(), data_of(ana.last(), "7")

    await practice.says(ana, "quiero morirme")
    notice = await practice.taps_data(ana, seven, question)

    assert notice == "Esta pregunta ya se ha cerrado."
    assert await practice.scores() == []
    assert question.labels() == []


async def test_the_card_that_could_not_leave_is_the_first_thing_to_arrive_afterwards(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    before = len(ana.messages)
    practice.telegram.fault = lambda method, params: (
        Fault.tear() if method == "sendMessage" and str(params.get("chat_id")) == str(ana.chat_id) else None
    )
    await practice.says(ana, "quiero morirme")

    practice.telegram.fault = None
    await practice.pass_time(timedelta(minutes=1))

    arrived = [message.text for message in ana.messages[before:] if message.from_bot]
    assert [text[: len(start)] for text, start in zip(arrived, (CARD, KEPT, TOLD), strict=True)] == [CARD, KEPT, TOLD]
    told = "SELECT step FROM concern_steps WHERE step = 'card_left' OR step LIKE 'said_%' ORDER BY id"
    assert [row["step"] for row in await practice.rows(told)] == ["card_left", "said_kept", "said_reached"]
    assert ruiz.last().text.startswith(URGENT)


@pytest.mark.parametrize("words", ["/ayuda quiero morirme", "/quiero morirme", "/pausa quiero morirme"])
async def test_crisis_words_after_a_command_are_heard(practice: Practice, words: str) -> None:
    ruiz, ana = await in_treatment(practice)

    await practice.says(ana, words)

    assert any(message.text.startswith(CARD) for message in ana.messages)
    assert ruiz.last().text.startswith(URGENT)


async def test_an_answer_that_was_complete_before_the_crisis_words_is_still_judged(practice: Practice) -> None:
    ruiz, ana = await in_treatment(practice)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 3, 3, 2)

    await practice.says(ana, "quiero morirme")
    await practice.pass_time(timedelta(minutes=20))

    assert "P-07: caída de la alianza percibida." in said(ruiz)
    assert (await practice.check_ins())[-1] == "done"


async def test_has_the_alert_is_never_said_before_is_being_told(practice: Practice) -> None:
    _, ana = await in_treatment(practice)
    torn: list[str] = []

    def tear_once(method: str, params: Json) -> Fault | None:
        if method == "sendMessage" and str(params.get("text", "")).startswith(KEPT) and not torn:
            torn.append(method)
            return Fault.tear()
        return None

    practice.telegram.fault = tear_once
    await practice.says(ana, "quiero morirme")
    assert TOLD not in said(ana), "what comes before it has not arrived"
    await practice.pass_time(timedelta(seconds=5))

    assert torn
    assert [text for text in said(ana) if text.startswith(KEPT) or text == TOLD][-1] == TOLD
    assert any(text.startswith(KEPT) for text in said(ana))
