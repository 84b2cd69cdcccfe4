from datetime import timedelta

from bot.clock import VirtualClock
from handlers import flood
from handlers.flood import Flood, Verdict
from tests.practice import TUESDAY

OPEN, HELD, FIRST_HELD = Verdict(), Verdict(held=True), Verdict(held=True, tell=True)
CHAT = 200


class Street:
    """Chats that write, one update after the other."""

    def __init__(self, at_most: int = 3) -> None:
        self.clock = VirtualClock(TUESDAY)
        self.flood = Flood(self.clock, at_most)
        self._number = 0

    def writes(self, times: int = 1, chat: int = CHAT, **more: bool) -> list[Verdict]:
        return [self._write(chat, more) for _ in range(times)]

    def taps(self, *urgent: str) -> list[Verdict]:
        return [self._write(CHAT, {}, tap) for tap in urgent]

    def _write(self, chat: int, more: dict[str, bool], tap: str | None = None) -> Verdict:
        self._number += 1
        said = {"asks_for_help": False, "in_danger": False} | more
        return self.flood.look(chat, self._number, **said, urgent_tap=tap)

    def passes(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))


def test_beyond_the_limit_replies_stay_away_and_that_is_said_once() -> None:
    assert Street().writes(6) == [OPEN, OPEN, OPEN, FIRST_HELD, HELD, HELD]


def test_another_chat_is_counted_on_its_own() -> None:
    street = Street()
    street.writes(9)

    assert street.writes(chat=201) == [OPEN]


def test_after_a_minute_there_are_replies_again() -> None:
    street = Street()
    street.writes(9)

    street.passes(59)
    assert street.writes() == [HELD]
    street.passes(1)
    assert street.writes(3) == [OPEN] * 3


def test_a_flood_that_goes_on_is_announced_once_and_a_later_one_again() -> None:
    street = Street()
    street.writes(4)
    street.passes(60)
    assert street.writes(4)[-1] == HELD

    street.passes(120)
    assert street.writes(4)[-1] == FIRST_HELD


def test_crisis_words_are_always_answered() -> None:
    street = Street()
    street.writes(9)

    assert street.writes(3, in_danger=True) == [OPEN] * 3


def test_a_button_about_urgent_words_is_answered_the_first_time_in_a_minute() -> None:
    street = Street()
    street.writes(9)

    assert street.taps("read", "seen", "read", "seen", "seen", "contacted") == [OPEN, OPEN, HELD, HELD, HELD, OPEN]
    street.passes(60)
    street.writes(9)
    assert street.taps("read", "read") == [OPEN, HELD]


def test_within_the_limit_the_same_urgent_button_is_answered_every_time() -> None:
    assert Street(at_most=20).taps(*["seen"] * 21) == [OPEN] * 20 + [FIRST_HELD]


def test_made_up_buttons_about_urgent_words_are_limited_too() -> None:
    street = Street()
    street.writes(9)

    verdicts = street.taps(*(f"seen {number}" for number in range(1000)))

    assert verdicts.count(OPEN) == flood.URGENT_TAPS


def test_help_is_given_once_a_minute_whatever_came_before() -> None:
    street = Street()
    street.writes(9)

    assert street.writes(2, asks_for_help=True) == [OPEN, HELD]
    street.passes(60)
    street.writes(9)
    assert street.writes(2, asks_for_help=True) == [OPEN, HELD]


def test_an_update_that_is_worked_again_is_not_counted_again() -> None:
    street = Street()

    again = [street.flood.look(CHAT, 1, asks_for_help=False, in_danger=False, urgent_tap=None) for _ in range(9)]

    assert again == [OPEN] * 9


def test_answers_that_were_asked_for_do_not_count() -> None:
    street = Street()

    for _ in range(50):
        assert street.writes() == [OPEN]
        street.flood.forgive(CHAT)


def test_nothing_is_forgiven_in_advance() -> None:
    street = Street()
    for _ in range(5):
        street.flood.forgive(CHAT)

    assert street.writes(4)[-1] == FIRST_HELD


def test_however_many_write_so_many_are_remembered() -> None:
    street = Street()

    for chat in range(flood.REMEMBERED + 500):
        street.writes(chat=chat)

    assert len(street.flood) == flood.REMEMBERED


def test_who_goes_on_writing_is_not_forgotten_because_of_others() -> None:
    street = Street()
    street.writes(9)

    for chat in range(1000, 1000 + 2 * flood.REMEMBERED):
        street.writes(chat=chat)
        if chat % 1000 == 0:
            assert street.writes() == [HELD]
