"""A session late in the evening, an answer that does not come, two sessions close together.

Nobody is asked at night, one sentence reminds, and what is over says so and never mixes with the next.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.practice import Practice, data_of, labels, opened

LATE = datetime(2026, 11, 17, 20, 20, tzinfo=UTC)
"""Tuesday, 21:20 in Madrid: a quarter of an hour later the quiet hours have begun."""

REMINDER = "Sigue aquí la pregunta sobre la sesión del martes, por si quiere contestar. Si no, está bien así."
CLOSED = "Esta pregunta ya se ha cerrado. Si algo de esa sesión le sigue dando vueltas"


async def test_a_late_session_is_asked_about_in_the_morning_by_its_date(tmp_path: Path) -> None:
    async with opened(tmp_path, start=LATE) as practice:
        ruiz = await practice.therapist()
        ana = await practice.patient(ruiz)
        await practice.session_ends(ruiz)
        assert "1 de 3" not in ana.last().text
        assert "Preguntaré mañana a las 8:30." in ruiz.last().text

        await practice.go_to(datetime(2026, 11, 18, 7, 30, tzinfo=UTC))

        assert ana.last().text == (
            "Sesión del martes 17 con la Dra. Ruiz · 1 de 3\n¿Se sintió comprendido?\n0 = nada · 10 = del todo"
        )


async def test_the_wording_that_was_asked_is_kept_with_the_check_in(tmp_path: Path) -> None:
    async with opened(tmp_path, start=LATE) as practice:
        ruiz = await practice.therapist()
        ana = await practice.patient(ruiz)

        await practice.session_ends(ruiz)
        await practice.go_to(datetime(2026, 11, 18, 7, 30, tzinfo=UTC))
        await practice.answers(ana, 8, 8, 2)

        assert await practice.rows("SELECT text_version FROM check_ins") == [
            {"text_version": "es.usted.comprendido.dated.1"}
        ]


async def test_the_wording_of_the_day_stays_the_one_of_that_day(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)

    await practice.taps(ana, "8", "8")
    await practice.pass_time(timedelta(days=3))
    await practice.pass_time(timedelta(seconds=11))

    assert await practice.rows("SELECT text_version FROM check_ins") == [
        {"text_version": "es.usted.comprendido.today.1"}
    ]


async def test_one_reminder_after_twenty_hours_comes_as_a_new_message(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    question = ana.last()

    await practice.pass_time(timedelta(hours=20))
    reminder = ana.last()
    await practice.pass_time(timedelta(hours=24))

    assert reminder is not question
    assert reminder.text.startswith(REMINDER)
    assert "1 de 3" in reminder.text
    assert question.labels() == []
    assert ana.last() is reminder, "one reminder only"


async def test_a_reminder_carries_the_question_where_it_stands_and_never_comes_to_who_is_answering(
    practice: Practice,
) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    messages = len(ana.messages)

    await practice.taps(ana, "8")
    await practice.pass_time(timedelta(hours=20))

    assert len(ana.messages) == messages


async def test_a_reminder_that_would_come_at_night_waits_for_the_morning(tmp_path: Path) -> None:
    async with opened(tmp_path, settings='[check_in]\nreminder_after = "6h"\n') as practice:
        ruiz = await practice.therapist()
        ana = await practice.patient(ruiz)
        await practice.session_ends(ruiz)

        await practice.pass_time(timedelta(hours=6))
        assert "Sigue aquí" not in ana.last().text
        await practice.go_to(datetime(2026, 11, 18, 7, 30, tzinfo=UTC))

        assert ana.last().text.startswith(REMINDER)


async def test_an_unanswered_question_closes_after_72_hours_and_says_so(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)

    await practice.pass_time(timedelta(hours=72))
    await practice.pass_time(timedelta(seconds=11))

    assert ana.last().text.startswith(CLOSED)
    assert labels(ana) == []
    assert await practice.check_ins() == ["closed"]


async def test_a_tap_after_the_closing_is_answered_and_stores_nothing(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    seven = data_of(ana.last(), "7")
    await practice.pass_time(timedelta(hours=72))

    notice = await practice.taps_data(ana, seven)

    assert notice == "Esta pregunta ya se ha cerrado."
    assert await practice.scores() == []


async def test_a_question_closes_an_hour_before_the_next_session(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)

    await practice.says(ruiz, "/sesion P-07 mañana 12:00 50m")
    await practice.go_to(datetime(2026, 11, 18, 9, 59, tzinfo=UTC))
    assert await practice.check_ins() == ["open", "planned"]
    await practice.go_to(datetime(2026, 11, 18, 10, 0, tzinfo=UTC))
    await practice.pass_time(timedelta(seconds=11))

    assert await practice.check_ins() == ["closed", "planned"]
    assert ana.last().text.startswith(CLOSED)


async def test_a_person_who_is_answering_is_not_cut_off(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.pass_time(timedelta(hours=71, minutes=50))

    await practice.taps(ana, "8")
    await practice.pass_time(timedelta(minutes=50))
    await practice.taps(ana, "7")

    assert [score for _, _, score in await practice.scores()] == [8, 7]
    await practice.pass_time(timedelta(hours=1))
    assert await practice.check_ins() == ["done"], "both alliance items are there"


async def test_half_an_answer_left_alone_is_no_answer(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)

    await practice.taps(ana, "8")
    await practice.pass_time(timedelta(hours=73))

    assert await practice.check_ins() == ["closed"]
    assert await practice.rows("SELECT answered_at FROM check_ins") == [{"answered_at": None}]


async def test_two_check_ins_never_mix(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    first = ana.last()
    old_seven = data_of(first, "7")
    await practice.pass_time(timedelta(days=2))
    await practice.session_ends(ruiz)

    notice = await practice.taps_data(ana, old_seven, first)
    await practice.taps(ana, "9")

    assert notice == "Esta pregunta ya se ha cerrado."
    assert await practice.scores() == [(2, "understood", 9)]
    assert await practice.check_ins() == ["closed", "open"]


async def test_a_typed_number_goes_to_the_newest_question(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.pass_time(timedelta(days=2))
    await practice.session_ends(ruiz)

    await practice.says(ana, "7")

    assert await practice.scores() == [(2, "understood", 7)]


@pytest.mark.parametrize(
    ("settings", "hour"),
    [('[practice]\ntimezone = "America/Santiago"\n', 20), ('[practice]\ntimezone = "Europe/Madrid"\n', 16)],
)
async def test_quiet_hours_are_those_of_the_persons_clock(tmp_path: Path, settings: str, hour: int) -> None:
    """At 17:00 on the person's own clock the question comes a quarter of an hour later, wherever that is."""
    async with opened(tmp_path, settings=settings, start=datetime(2026, 11, 17, hour, tzinfo=UTC)) as practice:
        ruiz = await practice.therapist()
        ana = await practice.patient(ruiz)

        await practice.session_ends(ruiz)

        assert ana.last().text.startswith("Sesión de hoy")
