"""The two guides fit on a page each, and name what there is: pictures, commands and buttons as people see them."""

import re
from importlib import resources
from pathlib import Path
from typing import Final

import pytest

from bot.domain.model import Role
from bot.domain.safety import help_card
from handlers import commands
from tests.handlers.gallery import TEXTS, USTED

ROOT: Final = Path(__file__).parents[1]
GUIDES: Final = {Role.THERAPIST: "guia-terapeutas.md", Role.PATIENT: "guia-pacientes.md"}
SMALL: Final = 150_000
"""Bytes of a picture at most."""

PAGE: Final = range(350, 451)
"""Words that fit on one sheet beside two pictures."""

SPANISH: Final = (resources.files("bot") / "texts" / "es.ftl").read_text("utf-8")
PLAIN: Final = r"^(button-[\w-]+) = (?:[^{\n]+|\{ \$region ->)$"
"""The keys of the buttons that ask for nothing but who is spoken to."""

LABELS: Final = {TEXTS.say(USTED, key) for key in re.findall(PLAIN, SPANISH, re.MULTILINE)}
WELCOME_ANSWER: Final = "esto no me está ayudando"


def read(role: Role) -> str:
    return (ROOT / "docs" / GUIDES[role]).read_text("utf-8")


def words(role: Role) -> str:
    """Return what is read on paper: no pictures, no addresses."""
    return re.sub(r"\]\([^)]*\)", "]", re.sub(r"<[^>]*>", "", read(role)))


def test_the_readme_links_them_before_everything_else() -> None:
    linked = re.findall(r"\]\(([^)]+)\)", (ROOT / "README.md").read_text("utf-8"))

    assert linked[:2] == [f"docs/{GUIDES[role]}" for role in (Role.THERAPIST, Role.PATIENT)]


@pytest.mark.parametrize("role", GUIDES)
def test_a_guide_fits_on_a_page(role: Role) -> None:
    assert len(words(role).split()) in PAGE


@pytest.mark.parametrize("role", GUIDES)
def test_its_pictures_exist_are_small_and_are_told_to_who_does_not_see_them(role: Role) -> None:
    pictures = re.findall(r'<img (?:align="right" )?src="([^"]+)" width="\d+" alt="([^"]{40,})">', read(role))

    assert len(pictures) == read(role).count("<img") == 2
    for path, _ in pictures:
        assert 0 < (ROOT / "docs" / path).stat().st_size < SMALL, path


@pytest.mark.parametrize("role", GUIDES)
def test_it_names_only_commands_that_its_reader_has(role: Role) -> None:
    named = set(re.findall(r"(?<![\w.])/([a-z]+)", words(role)))

    assert "ayuda" in named
    assert named - set(commands.of(role)) == set()


def test_the_lines_that_a_therapist_is_to_type_are_those_that_the_help_shows() -> None:
    lines = set(re.findall(r"`(/[^`]+)`", read(Role.THERAPIST)))
    shown = " ".join(TEXTS.say(USTED, f"command-{name}.help") for name in commands.of(Role.THERAPIST))

    assert len(lines) > 5
    assert [line for line in lines if line not in shown] == []


@pytest.mark.parametrize("role", GUIDES)
def test_it_names_only_buttons_that_exist(role: Role) -> None:
    quoted = set(re.findall(r"«([^»]+)»", words(role)))

    assert len(quoted & LABELS) > 4
    assert quoted - LABELS - {WELCOME_ANSWER} == set()
    assert WELCOME_ANSWER in TEXTS.say(USTED, "consent-asked", when="").lower()


def test_the_numbers_to_call_are_those_of_the_help_in_spain() -> None:
    called = re.findall(r"\*\*(\d{3})\*\*", read(Role.PATIENT))

    assert called == [line.number for line in help_card("ES").lines]
