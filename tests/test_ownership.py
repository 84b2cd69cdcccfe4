"""For how long an owner believes that a database is its own, and what it does when it no longer knows."""

from datetime import timedelta

import pytest

from bot.domain.errors import StoreUnavailableError
from bot.ownership import CERTAIN_FOR, Owner
from storage.locks import OwnedElsewhereError
from storage.postgres.workers import LIVES_FOR
from tests.practice import Practice

A_MOMENT = 0.1


class Watch:
    """A clock that is moved by hand, in seconds."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def ours() -> bool:
    return True


def nobody_knows() -> bool:
    raise StoreUnavailableError("the server is away")


def anothers() -> bool:
    raise OwnedElsewhereError("another process has it")


async def test_an_owner_is_certain_for_a_while_after_a_look_that_went_well() -> None:
    watch = Watch()
    owner = Owner(waited=False, can_lose_it=True, now=watch)

    watch.now += CERTAIN_FOR - A_MOMENT
    await owner.look(ours)
    watch.now += CERTAIN_FOR - A_MOMENT
    assert owner.is_certain()
    with pytest.raises(StoreUnavailableError):
        await owner.look(nobody_knows)
    watch.now += A_MOMENT

    assert not owner.is_certain()
    await owner.look(ours)
    assert owner.is_certain()


async def test_a_look_that_takes_long_counts_from_its_beginning() -> None:
    watch = Watch()
    owner = Owner(waited=False, can_lose_it=True, now=watch)

    def slow() -> bool:
        watch.now += CERTAIN_FOR
        return True

    await owner.look(slow)

    assert not owner.is_certain()


async def test_whoever_knows_that_another_has_it_is_certain_of_nothing_any_more() -> None:
    owner = Owner(waited=False, can_lose_it=True, now=Watch())
    await owner.look(ours)
    assert owner.is_certain()

    await owner.look(anothers)

    assert owner.is_deposed
    assert not owner.is_certain()


def test_a_file_is_held_for_life() -> None:
    watch = Watch()
    owner = Owner(waited=False, can_lose_it=False, now=watch)
    watch.now += 1e6

    assert owner.is_certain()


def test_what_a_process_had_in_hand_is_anothers_only_after_it_has_fallen_silent() -> None:
    assert LIVES_FOR >= 2 * CERTAIN_FOR


async def test_what_is_due_is_not_sent_while_the_owner_is_not_certain_and_is_sent_once_it_is(
    practice: Practice,
) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz, ask=False)
    practice.bot.delivery.is_ours = lambda: False
    practice.clock.advance(timedelta(minutes=15))
    await practice.bot.scheduler.look()
    await practice.bot.delivery.idle()
    assert not any("de 3" in message.text for message in ana.messages)

    practice.bot.delivery.is_ours = lambda: True
    await practice.pass_time(timedelta(minutes=1))

    assert sum("de 3" in message.text for message in ana.messages) == 1
