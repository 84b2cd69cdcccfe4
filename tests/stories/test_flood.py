"""A child with the phone, a script, somebody in despair who cannot stop writing: a chat that writes without pause.

Replies stay away for a while, and that is said once.  Nothing else does: what was tapped or typed counts, crisis words
are heard, help is there, and nobody else notices.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.demo.phone import Phone
from bot.domain.model import Role
from handlers.pacing import Pace
from tests.practice import Practice, data_of, opened, said

TWENTY = Pace(overall=1e6, chat=1e6, chat_burst=1000, kept_for_replies=0.0)
"""As in a real practice, but messages leave at once."""

TOO_FAST = "Van demasiados mensajes seguidos; sigo aquí en un minuto."


@pytest.fixture
async def practice(tmp_path: Path) -> AsyncIterator[Practice]:
    """Open a practice in which twenty updates a minute are replied to."""
    async with opened(tmp_path, pace=TWENTY) as running:
        yield running


async def asked(practice: Practice) -> tuple[Phone, Phone]:
    """Return a therapist and a patient who is being asked the first question, both with a fresh minute."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    return ruiz, ana


async def flood(practice: Practice, phone: Phone, words: str = "/nada", times: int = 30) -> int:
    """Let a person send the same many times; return how many messages came back."""
    before = len(said(phone))
    for _ in range(times):
        await phone.send(words)
    await practice.settle()
    return len(said(phone)) - before


async def test_twenty_are_answered_and_one_notice_says_why_the_rest_are_not(practice: Practice) -> None:
    _, ana = await asked(practice)

    assert await flood(practice, ana, times=100) == 21
    assert said(ana)[-1].startswith(TOO_FAST)
    await practice.pass_time(timedelta(minutes=1))
    assert await flood(practice, ana, times=3) == 3


async def test_a_score_in_a_flood_counts_and_is_shown_later(practice: Practice) -> None:
    _, ana = await asked(practice)
    question = ana.last()
    await flood(practice, ana)

    await ana.tap("7", message=question)
    await practice.settle()
    assert await practice.scores() == [(1, "understood", 7)]
    assert "1 de 3" in question.text

    await practice.pass_time(timedelta(seconds=11))
    assert "2 de 3" in question.text


async def test_a_typed_answer_in_a_flood_counts_and_is_shown_later(practice: Practice) -> None:
    _, ana = await asked(practice)
    question = ana.last()
    await flood(practice, ana)

    await practice.says(ana, "7")
    assert await practice.scores() == [(1, "understood", 7)]

    await practice.pass_time(timedelta(seconds=11))
    assert "2 de 3" in question.text


async def test_crisis_words_in_a_flood_are_heard_and_answered(practice: Practice) -> None:
    ruiz, ana = await asked(practice)
    await flood(practice, ana)
    before = len(said(ana))

    await practice.says(ana, "quiero morirme")

    assert "024" in said(ana)[before]
    assert await practice.check_ins() == ["stopped"]
    assert any("P-07" in text and "urgente" in text.lower() for text in said(ruiz)[-2:])


async def test_words_about_abuse_in_a_flood_are_answered_and_told(practice: Practice) -> None:
    ruiz, ana = await asked(practice)
    await flood(practice, ana)

    await practice.says(ana, "mi pareja me pega")
    assert "016" in said(ana)[-1]
    await practice.taps(ana, "Contárselo a la Dra. Ruiz")

    assert said(ana)[-1].startswith("Guardado. La Dra. Ruiz ya tiene el aviso;")
    assert said(ruiz)[-1] == "P-07: ha elegido contarle algo. Léalo en cuanto pueda."
    await practice.taps(ana, "Borrar de este chat")
    assert "pega" not in ana.transcript()


async def test_urgent_words_are_read_and_seen_in_a_flood(practice: Practice) -> None:
    ruiz, ana = await asked(practice)
    await practice.says(ana, "quiero morirme")
    alert = ruiz.last()
    await flood(practice, ruiz)

    await practice.taps(ruiz, "Leer sus palabras")
    assert "quiero morirme" in alert.text
    await practice.taps(ruiz, "Lo he visto", "He contactado")

    (concern,) = await practice.rows("SELECT seen_at, contacted_at FROM concerns")
    assert None not in concern.values()


async def test_the_same_urgent_button_tapped_without_end_is_answered_while_it_says_something_new(
    practice: Practice,
) -> None:
    ruiz, ana = await asked(practice)
    await practice.says(ana, "quiero morirme")
    alert, data = ruiz.last(), data_of(ruiz.last(), "Lo he visto")
    await practice.pass_time(timedelta(minutes=1))
    answers = len(practice.telegram.calls)

    for _ in range(100):
        await ruiz.tap_data(data, alert)
    await practice.settle()

    done = list(practice.telegram.calls)[answers:]
    edits = [call for call in done if call.method in {"editMessageText", "answerCallbackQuery"}]
    assert len(edits) <= 40, "twenty taps, each with its answer and its screen"
    (concern,) = await practice.rows("SELECT seen_at FROM concerns")
    assert concern["seen_at"] is not None
    await practice.taps(ruiz, "He contactado")
    assert "contact" in alert.text.lower()


async def test_what_was_confided_is_read_in_a_flood(practice: Practice) -> None:
    _, ana = await asked(practice)
    soto = await practice.enrolled(Role.SECOND_CONTACT, 110, "Dra. Soto", "la Dra. Soto")
    await practice.says(ana, "mi pareja me pega")
    await practice.taps(ana, "Contárselo a otra persona de la consulta")
    told = soto.last()
    await flood(practice, soto)

    await practice.taps(soto, "Leer")

    assert "mi pareja me pega" in told.text


async def test_help_is_there_once_a_minute(practice: Practice) -> None:
    _, ana = await asked(practice)
    await flood(practice, ana)
    before = len(said(ana))

    await practice.says(ana, "/ayuda")
    assert "024" in said(ana)[before]

    await practice.says(ana, "/ayuda")
    assert len(said(ana)) == before + 2, "the card, the question again, and no second card"


async def test_words_in_a_flood_are_kept_in_order(practice: Practice) -> None:
    _, ana = await asked(practice)
    await practice.taps(ana, "8", "8", "2")

    for number in range(60):
        await ana.send(f"palabra {number}")
    await practice.settle()

    assert [text for _, text in await practice.words()] == [f"palabra {number}" for number in range(60)]


async def test_who_answers_quickly_is_no_flood(practice: Practice) -> None:
    _, ana = await asked(practice)

    for _ in range(30):
        await practice.taps(ana, "7", "Atrás")

    assert not any(text.startswith(TOO_FAST) for text in said(ana))


async def test_a_therapist_who_notes_many_sessions_in_a_row_hears_of_each(practice: Practice) -> None:
    ruiz = await practice.therapist()
    codes = [f"P-{number:02}" for number in range(30)]
    for code in codes:
        await ruiz.send(f"/nuevo {code}")
    await practice.settle()

    links = [text for text in said(ruiz) if "start=" in text]
    assert len(links) == len(codes)


async def test_words_of_patients_are_not_read_in_a_flood(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.week(ruiz, ana, 4, 4, 2, words="Fue muy deprisa")
    await practice.taps(ruiz, "Ver")
    await flood(practice, ruiz)
    before = await practice.rows("SELECT * FROM audit")

    await practice.taps(ruiz, "Leer sus palabras")

    assert await practice.rows("SELECT * FROM audit") == before
    assert not any("Fue muy deprisa" in text for text in said(ruiz))


async def test_the_others_do_not_notice(practice: Practice) -> None:
    ruiz, ana = await asked(practice)
    leo = await practice.patient(ruiz, "P-11", 201)
    await flood(practice, ana, times=100)

    assert await flood(practice, leo, "/ayuda", times=2) == 2
