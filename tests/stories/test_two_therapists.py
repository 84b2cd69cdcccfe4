"""A person sees two therapists of the same practice: individual sessions with one, a group with the other.

Two series, two codes, one phone: each question says whose it is, and nothing crosses over.
"""

from datetime import timedelta

import pytest

from bot.demo.phone import Phone
from tests.practice import Practice, said


async def with_two_therapists(practice: Practice) -> tuple[Phone, Phone, Phone]:
    """Return the phones of two therapists and of the patient of both."""
    ruiz = await practice.therapist()
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    ana = await practice.patient(ruiz, "P-07", user_id=200)
    await practice.patient(gil, "G-01", user_id=200)
    return ruiz, gil, ana


async def test_each_consent_names_its_own_therapist(practice: Practice) -> None:
    _, _, ana = await with_two_therapists(practice)

    assert "con la Dra. Ruiz llegarán las preguntas" in said(ana)[1]
    assert "con el Dr. Gil llegarán las preguntas" in said(ana)[3]
    assert len(await practice.rows("SELECT * FROM consents")) == 2


async def test_two_open_questions_are_answered_each_on_its_own(practice: Practice) -> None:
    ruiz, gil, ana = await with_two_therapists(practice)
    await practice.session_ends(ruiz, "P-07")
    first = ana.last()
    await practice.session_ends(gil, "G-01")
    second = ana.last()

    await ana.tap("3", message=first)
    await ana.tap("9", message=second)
    await practice.settle()

    assert sorted(await practice.scores()) == [(1, "understood", 3), (2, "understood", 9)]
    assert "con la Dra. Ruiz · 2 de 3" in first.text
    assert "con el Dr. Gil · 2 de 3" in second.text


async def test_a_fall_with_one_is_no_fall_with_the_other(practice: Practice) -> None:
    ruiz, gil, ana = await with_two_therapists(practice)
    await practice.week(ruiz, ana, 9, 9, 2, code="P-07")

    await practice.session_ends(gil, "G-01")
    await practice.answers(ana, 3, 3, 2)
    await practice.pass_time(timedelta(minutes=20))

    assert await practice.rows("SELECT * FROM episodes") == []


@pytest.mark.both
async def test_after_crisis_words_neither_series_asks_on(practice: Practice) -> None:
    ruiz, gil, ana = await with_two_therapists(practice)
    await practice.session_ends(ruiz, "P-07")
    await practice.session_ends(gil, "G-01")

    await practice.says(ana, "quiero morirme")
    await practice.pass_time(timedelta(days=1))

    assert await practice.check_ins() == ["stopped", "stopped"]
    assert said(ana)[-1].endswith("ya tiene el aviso.")
