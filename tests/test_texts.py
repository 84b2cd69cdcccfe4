from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from importlib import resources
from zoneinfo import ZoneInfo

import pytest
from fluent.syntax import FluentParser, ast, visitor

from bot.domain.episodes import EpisodeState
from bot.domain.model import (
    Article,
    Called,
    CheckInState,
    Form,
    Language,
    PatientState,
    Register,
    Voice,
    WordsKind,
)
from bot.texts import NAME_AT_MOST, Book, TextProblemError, Texts, question_version, shortened
from tests.handlers.gallery import ENGLISH, GIL, MADRID, MARTA, RUIZ, TEXTS, USTED

AUTOMATIC = {"register", "form", "region"}
GRAMMAR = {"article", "hour"}
"""Variables that only some languages need."""

NAME_FORMS = {"Therapist", "de", "con", "a"}


def parsed(language: Language) -> ast.Resource:
    source = (resources.files("bot") / "texts" / f"{language}.ftl").read_text(encoding="utf-8")
    return FluentParser().parse(source)


class Used(visitor.Visitor):
    """Collects the variables and the messages that a text uses."""

    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.messages: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - fluent.syntax names it
        self.variables.add(node.id.name)

    def visit_MessageReference(self, node: ast.MessageReference) -> None:  # noqa: N802 - fluent.syntax names it
        self.messages.add(node.id.name)


def patterns(language: Language) -> Iterator[tuple[str, ast.Pattern]]:
    for entry in parsed(language).body:
        if isinstance(entry, ast.Message):
            if entry.value:
                yield entry.id.name, entry.value
            yield from ((f"{entry.id.name}.{one.id.name}", one.value) for one in entry.attributes)


def variables(language: Language) -> dict[str, set[str]]:
    """Give each key's variables; a name's forms count as the name, and pieces count as what they use."""
    used: dict[str, Used] = {}
    for key, pattern in patterns(language):
        used[key] = Used()
        used[key].visit(pattern)

    def deep(key: str) -> set[str]:
        return used[key].variables.union(*(deep(other) for other in used[key].messages))

    return {
        key: {"therapist" if name in NAME_FORMS else name for name in deep(key)} - AUTOMATIC - GRAMMAR
        for key in used
        if not key.startswith("voz-")
    }


def test_the_texts_parse_without_remainder() -> None:
    for language in Language:
        assert not [entry for entry in parsed(language).body if isinstance(entry, ast.Junk)]


def test_no_key_is_written_twice() -> None:
    for language in Language:
        keys = [key for key, _ in patterns(language)]
        assert len(keys) == len(set(keys))


def test_every_key_exists_in_every_language_with_the_same_variables() -> None:
    assert variables(Language.EN) == variables(Language.ES)


@pytest.mark.parametrize(
    ("beginning", "states"),
    [
        ("data-check-in-", CheckInState),
        ("data-episode-", EpisodeState),
        ("patient-state-", PatientState),
        ("words-kind-", WordsKind),
    ],
)
def test_every_state_in_which_something_can_be_has_its_words(beginning: str, states: type[StrEnum]) -> None:
    assert {f"{beginning}{state}" for state in states} <= variables(Language.ES).keys()


def test_every_text_is_found_in_its_book() -> None:
    for language in Language:
        assert TEXTS.books[language].written.keys() == {key.partition(".")[0] for key, _ in patterns(language)}


def test_a_text_is_parsed_with_what_it_mentions_once_it_is_said() -> None:
    book = Book("es", {"one": "one = { two } { $name }\n", "two": "two = dos\n", "three": "three = {\n"})

    assert book.said("one", {"name": "tres"}) == ("dos tres", [])
    with pytest.raises(KeyError):
        book.said("three", {})


def test_a_missing_variable_is_reported_and_the_key_is_said() -> None:
    problems: list[TextProblemError] = []

    said = Texts.load(problems.append).say(USTED, "crisis-delivered")

    assert said == "crisis-delivered"
    assert "Therapist" in str(problems[0])


def test_a_missing_key_is_reported_and_said_as_it_is() -> None:
    problems: list[TextProblemError] = []

    assert Texts.load(problems.append).say(ENGLISH, "no-such-text") == "no-such-text"
    assert len(problems) == 2


def test_a_text_that_fails_in_english_is_said_in_spanish() -> None:
    english = dict(TEXTS.books[Language.EN].written)
    del english["button-later"]
    texts = Texts({**TEXTS.books, Language.EN: Book("en", english)}, lambda _: None)

    assert texts.say(ENGLISH, "button-later") == "Más tarde"


def test_an_endless_value_neither_fails_nor_floods() -> None:
    assert len(TEXTS.say(USTED, "code-unknown", code="x" * 10_000)) < 1000


def test_what_a_person_calls_herself_is_never_read_as_a_template() -> None:
    odd = Called("{ $register } { voz-su }", Article.NONE)

    assert TEXTS.named(USTED, odd)["con"] == "con { $register } { voz-su }"


@pytest.mark.parametrize(
    ("called", "forms"),
    [
        (RUIZ, ("la Dra. Ruiz", "La Dra. Ruiz", "de la Dra. Ruiz", "con la Dra. Ruiz", "a la Dra. Ruiz")),
        (GIL, ("el Dr. Gil", "El Dr. Gil", "del Dr. Gil", "con el Dr. Gil", "al Dr. Gil")),
        (MARTA, ("Marta", "Marta", "de Marta", "con Marta", "a Marta")),
    ],
)
def test_the_article_follows_the_name(called: Called, forms: tuple[str, ...]) -> None:
    assert tuple(TEXTS.named(USTED, called).values()) == forms
    assert tuple(TEXTS.named(USTED, called)) == ("therapist", "Therapist", "de", "con", "a")


def test_english_says_just_the_name() -> None:
    assert set(TEXTS.named(ENGLISH, GIL).values()) == {"Dr. Gil"}


def test_a_long_name_is_shortened_to_one_line() -> None:
    assert len(shortened("Ana\n" * 500)) == NAME_AT_MOST
    assert shortened("  Ana \n Gil ") == "Ana Gil"


def test_a_name_cannot_turn_the_sentence_around() -> None:
    assert shortened("\u202eliG\u0007") == "liG"


def test_numbers_have_the_decimal_mark_of_the_language() -> None:
    assert TEXTS.number(USTED, 6.5) == "6,5"
    assert TEXTS.number(ENGLISH, 6.5) == "6.5"
    assert TEXTS.brief_number(USTED, 2.0) == "2"
    assert TEXTS.brief_number(USTED, 2.5) == "2,5"


def test_days_are_said_as_people_say_them() -> None:
    afternoon = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)

    assert TEXTS.day(USTED, afternoon) == "el martes 24"
    assert TEXTS.full_day_and_time(USTED, afternoon) == "el martes 24 de noviembre a las 17:00"
    assert TEXTS.short_day(USTED, afternoon) == "24 nov"
    assert TEXTS.full_day_and_time(ENGLISH, afternoon) == "Tuesday 24 November at 17:00"


def test_one_o_clock_is_singular() -> None:
    after_midnight = datetime(2026, 11, 24, 0, 5, tzinfo=UTC)

    assert TEXTS.full_day_and_time(USTED, after_midnight) == "el martes 24 de noviembre a la 1:05"


def test_days_are_those_of_the_persons_own_zone() -> None:
    santiago = replace(USTED, zone=ZoneInfo("America/Santiago"))

    assert TEXTS.day(santiago, datetime(2026, 11, 24, 1, 0, tzinfo=UTC)) == "el lunes 23"


def test_what_comes_soon_is_said_by_today_and_tomorrow() -> None:
    now = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)

    assert TEXTS.soon(USTED, now + timedelta(hours=3), now) == "hoy a las 21:00"
    assert TEXTS.soon(USTED, now + timedelta(hours=15), now) == "mañana a las 9:00"
    assert TEXTS.soon(USTED, now + timedelta(days=2), now) == "el jueves 26 a las 18:00"


def test_what_is_a_week_away_or_more_is_said_with_its_month() -> None:
    now = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)

    assert TEXTS.soon(USTED, now + timedelta(days=6), now) == "el lunes 30 a las 18:00"
    assert TEXTS.soon(USTED, now + timedelta(days=7), now) == "el martes 1 de diciembre a las 18:00"
    assert TEXTS.soon(USTED, now - timedelta(days=6), now) == "el miércoles 18 a las 18:00"
    assert TEXTS.soon(USTED, now - timedelta(days=7), now) == "el martes 17 de noviembre a las 18:00"
    assert TEXTS.soon(ENGLISH, now + timedelta(days=7), now) == "Tuesday 1 December at 18:00"


def test_a_day_in_a_list_has_its_month() -> None:
    assert TEXTS.weekday_and_date(USTED, date(2026, 12, 1)) == "mar 1 dic"
    assert TEXTS.weekday_and_date(ENGLISH, date(2026, 12, 1)) == "Tue 1 Dec"


def test_a_week_names_both_months_when_it_crosses_one() -> None:
    assert TEXTS.week(USTED, date(2026, 11, 16), date(2026, 11, 22)) == "del 16 al 22 de noviembre"
    assert TEXTS.week(USTED, date(2026, 11, 30), date(2026, 12, 6)) == "del 30 de noviembre al 6 de diciembre"
    assert TEXTS.week(ENGLISH, date(2026, 11, 30), date(2026, 12, 6)) == "30 November – 6 December"


def test_spans_are_whole_days() -> None:
    assert TEXTS.days(USTED, timedelta(days=7)) == "7 días"
    assert TEXTS.days(USTED, timedelta(hours=23)) == "1 día"
    assert TEXTS.days(ENGLISH, timedelta(days=1)) == "1 day"


def test_zones_are_cities_in_the_persons_language() -> None:
    assert TEXTS.zone(USTED, ZoneInfo("America/Mexico_City")) == "Ciudad de México"
    assert TEXTS.zone(USTED, ZoneInfo("America/Argentina/Buenos_Aires")) == "Buenos Aires"


def test_a_reworded_question_has_another_version() -> None:
    voice = Voice(Language.ES, Register.USTED, Form.COMPRENDIDO, MADRID)

    assert question_version(voice, today=True) == "es.usted.comprendido.today.1"
    assert question_version(replace(voice, form=Form.NEUTRAL), today=False) == "es.usted.neutral.dated.1"
