"""The promise, executable: a patient's alliance falls two points or more and the therapist knows what to do.

After the seed's vignette: in one session something went too fast; the numbers say so before the patient could.
"""

from datetime import timedelta

import pytest

from tests.practice import Practice, labels


@pytest.mark.both
async def test_a_fall_of_two_points_reaches_the_therapist_with_its_arithmetic(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)

    await practice.session_ends(ruiz)
    await practice.answers(ana, 7, 7, 3, words="Fue muy deprisa")
    await practice.pass_time(timedelta(minutes=6))

    assert ruiz.last().text == "P-07: caída de la alianza percibida."
    await practice.taps(ruiz, "Ver")
    detail = ruiz.messages[-2].text
    assert "24 nov: 7,0   ·   17 nov: 9,0   ·   7 días entre ambas" in detail
    assert ruiz.last().photo is not None


async def test_a_fall_of_a_point_and_a_half_alerts_nobody(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)

    await practice.week(ruiz, ana, 8, 7, 3)

    assert await practice.rows("SELECT * FROM episodes") == []


async def test_the_words_are_shown_on_tap_under_a_spoiler_and_hidden_after_ten_minutes(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 4, 5, 3, words="Fue muy deprisa")
    await practice.pass_time(timedelta(minutes=6))
    await practice.taps(ruiz, "Ver")

    alert = ruiz.messages[-2]
    await practice.taps(ruiz, "Leer sus palabras")
    assert "Fue muy deprisa" in alert.text
    assert [entity["type"] for entity in alert.entities] == ["spoiler"]

    await practice.pass_time(timedelta(minutes=10))
    assert "Fue muy deprisa" not in alert.text
    assert await practice.rows("SELECT act FROM audit WHERE act = 'read'") == [{"act": "read"}]


async def test_a_correction_within_the_grace_means_no_alert(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 4, 9, 2)

    await practice.pass_time(timedelta(minutes=2))
    await practice.taps(ana, "Corregir", "9", "9", "2", "Listo")
    await practice.pass_time(timedelta(minutes=30))

    assert await practice.rows("SELECT * FROM episodes") == []


@pytest.mark.both
async def test_a_later_correction_withdraws_the_alert_where_the_therapist_sees_it(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 4, 9, 2)
    await practice.pass_time(timedelta(minutes=6))

    await practice.taps(ana, "Corregir", "9", "9", "2", "Listo")
    await practice.pass_time(timedelta(minutes=20))

    assert [row["state"] for row in await practice.rows("SELECT state FROM episodes")] == ["withdrawn"]
    assert "P-07" in (ruiz.last().text or "")
    assert "Ver" not in labels(ruiz)
