"""After a fall: the alert is discreet, waits for the morning, and is followed until the alliance is back.

One concern is one episode, however often the alliance falls inside it.
"""

from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.phone import Phone
from tests.practice import Practice, data_of, labels, said

ALERT = "P-07: caída de la alianza percibida."
AGAIN = "P-07: nueva caída de la alianza percibida."


async def a_fall(practice: Practice) -> tuple[Phone, Phone]:
    """Let the alliance of a patient fall by three points; return both phones."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await answered(practice, ruiz, ana, 6, 6)
    return ruiz, ana


async def answered(practice: Practice, therapist: Phone, patient: Phone, *scores: int, after: int = 0) -> None:
    """Let a session be answered `after` so many days, and the grace pass."""
    await practice.pass_time(timedelta(days=after))
    await practice.session_ends(therapist)
    await practice.answers(patient, *scores, 2)
    await practice.pass_time(timedelta(minutes=6))


async def episode_states(practice: Practice) -> list[str]:
    return [row["state"] for row in await practice.rows("SELECT state FROM episodes ORDER BY id")]


async def test_the_push_says_code_and_kind_only(practice: Practice) -> None:
    ruiz, _ = await a_fall(practice)

    assert ruiz.last().text == ALERT
    assert labels(ruiz) == ["Ver"]
    assert ruiz.last().protected


async def test_a_fall_of_exactly_two_points_is_one(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)

    await answered(practice, ruiz, ana, 9, 5)

    assert ruiz.last().text == ALERT


async def test_the_alert_waits_for_the_grace(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 6, 6, 2)

    await practice.pass_time(timedelta(minutes=4))
    assert ALERT not in said(ruiz)
    await practice.pass_time(timedelta(minutes=1))

    assert said(ruiz).count(ALERT) == 1


async def test_at_night_the_alert_waits_for_the_morning(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.session_ends(ruiz)
    await practice.pass_time(timedelta(hours=5))
    await practice.answers(ana, 6, 6, 2)

    await practice.pass_time(timedelta(minutes=6))
    assert ALERT not in said(ruiz)
    await practice.go_to(datetime(2026, 11, 25, 7, 0, tzinfo=UTC))

    assert said(ruiz).count(ALERT) == 1


@pytest.mark.both
async def test_a_further_fall_pushes_again_inside_the_same_episode(practice: Practice) -> None:
    ruiz, ana = await a_fall(practice)

    await answered(practice, ruiz, ana, 3, 3, after=7)

    assert ruiz.last().text == AGAIN
    assert await episode_states(practice) == ["open"]


async def test_an_alliance_that_is_back_closes_the_episode(practice: Practice) -> None:
    ruiz, ana = await a_fall(practice)

    await answered(practice, ruiz, ana, 9, 8, after=7)

    assert await episode_states(practice) == ["repaired"]


async def test_an_alliance_halfway_back_keeps_it_open(practice: Practice) -> None:
    ruiz, ana = await a_fall(practice)

    await answered(practice, ruiz, ana, 8, 8, after=7)

    assert await episode_states(practice) == ["open"]


async def test_after_a_repair_a_new_fall_is_a_new_episode(practice: Practice) -> None:
    ruiz, ana = await a_fall(practice)
    await answered(practice, ruiz, ana, 9, 9, after=7)

    await answered(practice, ruiz, ana, 5, 5, after=7)

    assert ruiz.last().text == ALERT
    assert await episode_states(practice) == ["repaired", "open"]


@pytest.mark.both
@pytest.mark.parametrize(
    ("tap", "state", "says"),
    [
        ("Visto", "seen", "Visto."),
        ("Lo hablamos", "talked", "Anotado: ya se habló."),
        ("No era eso", "false_alarm", "Anotado: no era eso."),
    ],
)
async def test_the_therapist_says_what_became_of_it(practice: Practice, tap: str, state: str, says: str) -> None:
    ruiz, _ = await a_fall(practice)
    await practice.taps(ruiz, "Ver")
    alert = ruiz.messages[-2]

    await practice.taps(ruiz, tap)

    assert says in alert.text
    assert tap not in alert.labels()
    assert await episode_states(practice) == [state]
    assert await practice.rows("SELECT acknowledged_at IS NOT NULL AS seen FROM episodes") == [{"seen": 1}]


async def test_what_was_said_first_stands_when_an_old_copy_is_tapped(practice: Practice) -> None:
    ruiz, _ = await a_fall(practice)
    await practice.taps(ruiz, "Ver")
    alert = ruiz.messages[-2]
    talked = data_of(alert, "Lo hablamos")
    await practice.taps(ruiz, "No era eso")

    await practice.taps_data(ruiz, talked, alert)

    assert await episode_states(practice) == ["false_alarm"], "closed is closed"


async def test_another_therapist_cannot_open_it(practice: Practice) -> None:
    ruiz, _ = await a_fall(practice)
    see = data_of(ruiz.last(), "Ver")
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    episode, heard = see.partition(":")[2], said(gil)

    notices = [await practice.taps_data(gil, f"{what}:{episode}") for what in ("e", "eg", "et", "ef", "es", "eb")]
    notices.append(await practice.taps_data(gil, f"ew:{episode}:0"))

    assert notices == ["Este botón ya no sirve."] * 7
    assert said(gil) == heard
    assert await practice.rows("SELECT state, acknowledged_at FROM episodes") == [
        {"state": "open", "acknowledged_at": None}
    ]


async def test_the_repair_guide_opens_and_leads_back(practice: Practice) -> None:
    ruiz, _ = await a_fall(practice)
    await practice.taps(ruiz, "Ver")
    alert = ruiz.messages[-2]
    detail = alert.text

    await practice.taps(ruiz, "Guía de reparación")
    assert alert.text.startswith("P-07 · reparar, paso a paso")
    await practice.taps(ruiz, "Volver")

    assert alert.text == detail


async def test_the_sessions_without_an_answer_in_between_are_said(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.session_ends(ruiz)

    await answered(practice, ruiz, ana, 6, 6, after=7)
    await practice.taps(ruiz, "Ver")

    assert "14 días entre ambas" in ruiz.messages[-2].text
    assert "Entre ambas hubo 1 sesión sin respuesta." in ruiz.messages[-2].text


async def test_the_first_session_has_nothing_to_fall_from(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)

    await answered(practice, ruiz, ana, 1, 1)

    assert await episode_states(practice) == []


async def test_much_left_pending_is_no_fall(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 0)

    await practice.week(ruiz, ana, 9, 9, 10)

    assert await episode_states(practice) == []
