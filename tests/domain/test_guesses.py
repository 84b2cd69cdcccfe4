from datetime import UTC, datetime, timedelta

from bot.domain import guesses
from bot.domain.guesses import Guesses

NOW = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def test_a_chat_may_be_wrong_five_times_an_hour() -> None:
    tried = Guesses()

    before = [(tried.too_many_of(200, NOW), tried.note(200, NOW))[0] for _ in range(6)]

    assert before == [False, False, False, False, False, True]
    assert not tried.too_many_of(201, NOW)
    assert tried.too_many_of(200, NOW + HOUR - SECOND)
    assert not tried.too_many_of(200, NOW + HOUR)


def test_the_practice_is_told_once_an_hour_that_there_are_too_many() -> None:
    tried = Guesses()

    filled = [tried.note(chat, NOW) for chat in range(3 * guesses.OF_ALL)]

    assert [number for number, fills in enumerate(filled, 1) if fills] == [guesses.OF_ALL]
    assert tried.too_many(NOW)
    assert not tried.too_many(NOW + HOUR)


def test_however_many_guess_so_many_are_remembered() -> None:
    tried = Guesses()

    for chat in range(guesses.REMEMBERED + 100):
        tried.note(chat, NOW)

    assert len(tried) == guesses.REMEMBERED
