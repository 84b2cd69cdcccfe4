"""What is remembered of the cards that left: by message and wording, never the words, and not without end."""

from handlers.cards import OWED_AT_MOST, REMEMBERED, Card, Cards, Wording

ANA, EVA = 200, 201


def test_a_card_is_found_by_the_message_and_what_it_said() -> None:
    cards = Cards()
    cards.note(Wording.of(ANA, 5, "uno"), Card(6))

    assert cards.left(Wording.of(ANA, 5, "uno")) == Card(6)
    assert cards.left(Wording.of(ANA, 5, "dos")) is None
    assert cards.left(Wording.of(EVA, 5, "uno")) is None


def test_all_cards_about_a_message_are_found_whatever_it_said() -> None:
    cards = Cards()
    for answer, words in enumerate(("uno", "dos"), start=6):
        cards.note(Wording.of(ANA, 5, words), Card(answer))
    cards.note(Wording.of(ANA, 9, "uno"), Card(10))

    assert cards.about(ANA, 5) == [6, 7]


def test_the_words_are_not_held() -> None:
    assert "kolibri" not in repr(Wording.of(ANA, 5, "kolibri"))


def test_the_oldest_are_forgotten() -> None:
    cards = Cards()
    for number in range(REMEMBERED + 10):
        cards.note(Wording.of(ANA, number, ""), Card(number))
        cards.owe(number, 1)

    assert cards.left(Wording.of(ANA, 9, "")) is None
    assert cards.left(Wording.of(ANA, 10, "")) == Card(10)
    assert (cards.owed(9), cards.owed(10)) == ([], [1])


def test_what_is_owed_is_owed_once_and_within_limits() -> None:
    cards = Cards()
    for number in range(OWED_AT_MOST + 10):
        cards.owe(ANA, number)

    assert cards.owed(ANA) == list(range(10, OWED_AT_MOST + 10))
    assert cards.owed(ANA) == []
