"""Two programs poll with one token: who was alone before goes on, the other looks whether it is gone."""

from typing import Any

from handlers.rivals import ALONE_AFTER, Rivals


class Watch:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def poll(rivals: Rivals, watch: Watch, lasting: float, *batch: Any) -> bool:
    rivals.asks()
    watch.seconds += lasting
    return rivals.may_take(batch)


def test_who_has_been_alone_goes_on_and_a_newcomer_gives_way() -> None:
    watch = Watch()
    home, newcomer = Rivals(watch), Rivals(watch)
    assert poll(home, watch, ALONE_AFTER)
    assert poll(newcomer, watch, 0.1, {"update_id": 1}), "as far as it can know, it is alone"

    home.conflict()
    newcomer.conflict()

    assert (home.is_guest, newcomer.is_guest) == (False, True)


def test_a_guest_takes_nothing_that_the_other_may_be_about_to_confirm() -> None:
    watch = Watch()
    guest = Rivals(watch)
    guest.conflict()

    assert not poll(guest, watch, 0.1)
    assert not poll(guest, watch, 0.1, {"update_id": 1})
    assert not poll(guest, watch, 0.1, {"update_id": 2}), "somebody has confirmed the first"
    assert guest.is_guest


def test_a_guest_is_at_home_once_it_was_alone_for_a_while() -> None:
    watch = Watch()
    guest = Rivals(watch)
    guest.conflict()

    assert poll(guest, watch, ALONE_AFTER, {"update_id": 1})
    guest.conflict()

    assert not guest.is_guest


def test_what_nobody_has_confirmed_meanwhile_is_nobodys_and_a_guest_takes_it() -> None:
    watch = Watch()
    guest = Rivals(watch)
    guest.conflict()
    poll(guest, watch, 0.1, {"update_id": 1})

    assert poll(guest, watch, 0.1, {"update_id": 1}, {"update_id": 2})
    assert not guest.is_guest
