"""Something was left unfinished last week; the next check-in asks in one tap whether it was taken up.

The patient's words are not put back on a screen that others may see, and nothing is lost by passing the question over.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.demo.phone import Phone
from bot.domain.model import CheckInId
from handlers.actions_records import ShowPending
from handlers.keyboards import encode
from tests.practice import Practice, data_of, labels, opened, said

ASKS = "[check_in]\nask_pending = true\n"
QUESTION = "La vez pasada con la Dra. Ruiz quedó algo pendiente. ¿Se retomó hoy?"
WORDS = "Lo de mi hermana"


@pytest.fixture
async def practice(tmp_path: Path) -> AsyncIterator[Practice]:
    async with opened(tmp_path, settings=ASKS) as running:
        yield running


async def after_a_week_with_much_pending(practice: Practice) -> tuple[Phone, Phone]:
    """Leave something pending one week, and answer the three questions of the next."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    began_at = practice.clock.now()
    await practice.session_ends(ruiz)
    await practice.taps(ana, "8", "8", "8")
    await practice.says(ana, WORDS)
    await practice.taps(ana, "Listo")
    await practice.go_to(began_at + timedelta(days=7))
    await practice.session_ends(ruiz)
    await practice.taps(ana, "8", "8", "1")
    return ruiz, ana


async def taken_up(practice: Practice) -> list[str | None]:
    return [row["taken_up"] for row in await practice.rows("SELECT taken_up FROM check_ins ORDER BY id")]


async def test_the_next_check_in_asks_right_before_the_free_words_and_the_therapist_reads_it(
    practice: Practice,
) -> None:
    ruiz, ana = await after_a_week_with_much_pending(practice)
    assert ana.last().text == QUESTION
    assert labels(ana) == ["Sí", "No", "No hacía falta", "¿Qué era?", "Seguir sin contestar", "Atrás"]

    await practice.taps(ana, "Sí", "Listo")

    assert await taken_up(practice) == [None, "yes"]
    assert "Se retomó lo pendiente: sí" in ana.last().text
    await practice.pass_time(timedelta(minutes=20))
    await practice.says(ruiz, "/resumen")
    assert any("lo pendiente se retomó" in text for text in said(ruiz))
    await practice.says(ana, "/misdatos")
    files = [(message.document or b"").decode() for message in ana.messages if message.document]
    assert "Se retomó lo pendiente: sí" in files[0]
    assert '"taken_up": "yes"' in files[1]


async def test_the_words_are_said_in_passing_and_stay_on_no_screen(practice: Practice) -> None:
    _, ana = await after_a_week_with_much_pending(practice)

    notice = await practice.taps_data(ana, data_of(ana.last(), "¿Qué era?"))

    assert notice == WORDS
    assert not any(WORDS in text for text in said(ana))


async def test_passing_it_over_costs_nothing_and_back_and_correct_lead_through_it(practice: Practice) -> None:
    _, ana = await after_a_week_with_much_pending(practice)

    await practice.taps(ana, "Seguir sin contestar")
    assert "Listo" in labels(ana)
    await practice.taps(ana, "Atrás")
    assert ana.last().text == QUESTION
    await practice.taps(ana, "Atrás", "1", "No", "Listo", "Corregir", "8", "8", "1", "No hacía falta", "Listo")

    assert await taken_up(practice) == [None, "not_needed"]
    assert "Se retomó lo pendiente: no hacía falta" in ana.last().text


async def test_a_typed_answer_counts_and_other_words_are_kept_and_the_question_comes_again(practice: Practice) -> None:
    _, ana = await after_a_week_with_much_pending(practice)

    await practice.says(ana, "a medias, la verdad")
    assert ana.last().text.endswith(QUESTION)
    await practice.says(ana, "No hacía falta.")

    assert await taken_up(practice) == [None, "not_needed"]
    assert ("reflection", "a medias, la verdad") in await practice.words()
    assert "Listo" in labels(ana)


async def test_an_old_button_and_a_double_tap_change_nothing(practice: Practice) -> None:
    ruiz, ana = await after_a_week_with_much_pending(practice)
    no, yes = data_of(ana.last(), "No"), data_of(ana.last(), "Sí")

    await practice.taps_data(ana, no)
    stale = await practice.taps_data(ana, yes)
    other = await practice.taps_data(ruiz, yes)

    assert await taken_up(practice) == [None, "no"]
    assert stale.startswith("Eso ya estaba contestado.")
    assert other == "Este botón ya no sirve."
    assert await practice.taps_data(ruiz, encode(ShowPending(CheckInId(2)))) == "Este botón ya no sirve."


async def test_after_a_restart_it_stands_where_it_stood(practice: Practice) -> None:
    _, ana = await after_a_week_with_much_pending(practice)

    await practice.stop()
    await practice.start()
    await practice.taps(ana, "No")

    assert await taken_up(practice) == [None, "no"]


async def test_who_left_little_pending_is_asked_nothing(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 8, 8, 6)
    await practice.session_ends(ruiz)

    await practice.taps(ana, "8", "8", "1")

    assert "Listo" in labels(ana)
    assert await taken_up(practice) == [None, None]
