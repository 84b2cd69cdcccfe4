"""A therapist with a full day overlooks one notification among many.

The alert comes once more when the next working day begins, and then leaves its place to the digest.
"""

from datetime import timedelta

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
