"""A therapist with a full day overlooks one notification among many.

The alert comes once more when the next working day begins, and then leaves its place to the digest.
"""

from datetime import timedelta

import pytest

from bot.demo.phone import Phone
from tests.practice import Practice

ALERT = "P-07: caída de la alianza percibida."


def alerts_on(phone: Phone) -> int:
    return sum(message.text == ALERT for message in phone.messages)


async def test_an_alert_that_nobody_opened_comes_once_more_the_next_morning(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.week(ruiz, ana, 5, 5, 2)

    await practice.pass_time(timedelta(days=3))

    assert alerts_on(ruiz) == 2


@pytest.mark.both
async def test_it_comes_again_as_the_session_hours_of_that_therapist_begin(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, "/ajustes trabajo 15-22")
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 5, 5, 2)
    await practice.pass_time(timedelta(minutes=20))
    tomorrow = practice.clock.now() + timedelta(days=1)

    await practice.go_to(tomorrow.replace(hour=13, minute=59))
    assert alerts_on(ruiz) == 1
    await practice.go_to(tomorrow.replace(hour=14, minute=0))  # 15:00 in Madrid

    assert alerts_on(ruiz) == 2


async def test_an_alert_that_was_seen_does_not_come_again(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 5, 5, 2)
    await practice.pass_time(timedelta(minutes=6))

    await practice.taps(ruiz, "Ver", "Visto")
    await practice.pass_time(timedelta(days=3))

    assert alerts_on(ruiz) == 0


async def test_an_alert_that_was_seen_before_it_left_does_not_come_in_the_morning(practice: Practice) -> None:
    """It waits for the end of the therapist's quiet hours; whoever looks at /alertas in the evening has seen it."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.session_ends(ruiz)
    await practice.go_to(practice.clock.now().replace(hour=20, minute=30))  # 21:30 in Madrid
    await practice.answers(ana, 5, 5, 2)
    await practice.pass_time(timedelta(minutes=6))
    assert await practice.rows("SELECT state FROM episodes") == [{"state": "open"}]

    await practice.says(ruiz, "/alertas")
    await practice.taps(ruiz, "Ver P-07", "Visto")
    await practice.pass_time(timedelta(hours=11))

    assert alerts_on(ruiz) == 0
