import pytest

from bot.domain import check_in as transitions
from bot.domain.carried import TakenUp, read
from bot.domain.instrument import THREE_ITEMS, TWO_ITEMS
from bot.domain.model import Item, Score, Step
from bot.domain.records import LONGEST, RecordKind, leading_kind, too_long


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("Sí", TakenUp.YES),
        ("si.", TakenUp.YES),
        ("NO", TakenUp.NO),
        ("no hacía falta", TakenUp.NOT_NEEDED),
        ("No  hizo falta!", TakenUp.NOT_NEEDED),
        ("yes", TakenUp.YES),
        ("there was no need", TakenUp.NOT_NEEDED),
        ("no del todo", None),
        ("7", None),
        ("", None),
    ],
)
def test_only_a_plain_answer_is_one(typed: str, answer: TakenUp | None) -> None:
    assert read(typed) is answer


@pytest.mark.parametrize("items", [THREE_ITEMS, TWO_ITEMS])
def test_it_is_asked_after_the_items_and_before_the_free_words(items: tuple[Item, ...]) -> None:
    last = Step(items[-1])

    assert transitions.step_after(last, items, Score(1), carried=True) is Step.TAKEN_UP
    assert transitions.step_after(Step.TAKEN_UP, items, None, carried=True) is Step.REFLECTION
    assert transitions.step_before(Step.REFLECTION, items, carried=True) is Step.TAKEN_UP
    assert transitions.step_before(Step.TAKEN_UP, items, carried=True) is last
    assert transitions.step_after(last, items, Score(1)) is Step.REFLECTION


def test_what_is_pending_now_comes_first_and_leads_back_to_its_number() -> None:
    assert transitions.step_after(Step.PENDING, THREE_ITEMS, Score(7), carried=True) is Step.PENDING_WORDS
    assert transitions.step_after(Step.PENDING_WORDS, THREE_ITEMS, None, carried=True) is Step.TAKEN_UP
    assert transitions.step_before(Step.PENDING_WORDS, THREE_ITEMS, carried=True) is Step.PENDING


@pytest.mark.parametrize(
    ("line", "kind", "text"),
    [
        ("marcador Aprieta las manos", RecordKind.MARKER, "Aprieta las manos"),
        ("Revisión: más despacio", RecordKind.REVIEW, "más despacio"),
        ("microobjetivo", RecordKind.OBJECTIVE, ""),
        ("agreement sleep", RecordKind.AGREEMENT, "sleep"),
        (" marcadores del cuerpo ", None, "marcadores del cuerpo"),
        ("", None, ""),
    ],
)
def test_the_first_word_may_name_the_kind(line: str, kind: RecordKind | None, text: str) -> None:
    assert leading_kind(line) == (kind, text)


def test_a_record_is_as_long_as_telegram_counts() -> None:
    assert not too_long("x" * LONGEST)
    assert too_long("x" * (LONGEST + 1))
    assert too_long("🌱" * (LONGEST // 2 + 1))
