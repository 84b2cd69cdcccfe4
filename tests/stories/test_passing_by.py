"""Somebody opens a link and does not accept: nobody asks them anything, and soon nobody knows them any more."""

from datetime import timedelta

from tests.practice import Practice


async def test_who_declined_is_forgotten_when_the_link_has_ended(practice: Practice) -> None:
    ruiz = await practice.therapist()
    leo = practice.telegram.phone(200, "Leo")
    await practice.says(leo, f"/start {await practice.invitation(ruiz, 'P-07')}")
    await practice.taps(leo, "Prefiero que no")

    await practice.pass_time(timedelta(days=6))
    assert len(await practice.rows("SELECT id FROM people")) == 2
    await practice.pass_time(timedelta(days=2))

    assert await practice.rows("SELECT id FROM people") == [{"id": 1}]
    assert await practice.rows("SELECT state FROM patients") == [{"state": "declined"}]


async def test_who_accepted_stays(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)

    await practice.pass_time(timedelta(days=10))

    assert len(await practice.rows("SELECT id FROM people")) == 2
