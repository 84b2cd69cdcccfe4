"""The files of the demo's page: small modules, no markup of what people wrote, the same words in both languages."""

import re
from pathlib import Path
from typing import get_args

import bot.demo.web
from bot.demo.web.words import words
from bot.domain.figures import Coming, Fate
from bot.domain.model import Language, Urgency
from bot.domain.notices import Notice

WEB = Path(bot.demo.web.__file__).parent
LONGEST = 250
MADE = re.compile(r"(?:`|f\")([\w-]+-\$?\{[^}`\"]+\}[\w-]*)[`\"]|`(\$\{\w+\}-more)`")
"""A key that is put together where it is used: `story-${name}`, f"error-no-{jump}"."""


def test_modules_are_small_and_make_no_markup_of_what_people_wrote() -> None:
    modules = {path.name: path.read_text("utf-8") for path in (WEB / "static").glob("*.js")}

    assert [name for name, code in modules.items() if len(code.splitlines()) > LONGEST] == []
    assert [
        name for name, code in modules.items() if re.search(r"innerHTML|outerHTML|insertAdjacentHTML|eval\(", code)
    ] == []
    assert "style=" not in (WEB / "static" / "index.html").read_text("utf-8")


def test_both_languages_of_the_page_have_the_same_words_with_the_same_values() -> None:
    spanish, english = (shapes((WEB / "texts" / f"{language}.ftl").read_text("utf-8")) for language in ("es", "en"))

    assert spanish == english


def test_every_word_of_the_page_is_used() -> None:
    files = [path for path in WEB.rglob("*.*") if path.suffix in {".js", ".html", ".py"}]
    code = "".join(path.read_text("utf-8") for path in files)
    patterns = [
        re.compile(re.sub(r"\$?\{[^}]*\}", "[a-z0-9_-]+", made)) for pair in MADE.findall(code) for made in pair if made
    ]

    def is_used(key: str) -> bool:
        if key.startswith("error-"):  # the server's refusals, said by the server
            return True
        key = key.removesuffix("-one")
        return f'"{key}"' in code or any(pattern.fullmatch(key) for pattern in patterns)

    assert [key for key in shapes((WEB / "texts" / "es.ftl").read_text("utf-8")) if not is_used(key)] == []


def test_every_kind_of_message_its_hurry_and_every_row_has_plain_words_in_both_languages() -> None:
    kinds = {one.__dataclass_fields__["kind"].default for one in get_args(Notice)}
    wanted = {f"kind-{kind}" for kind in kinds} | {f"hurry-{one.name.lower()}" for one in Urgency}
    wanted |= {f"due-{one}" for one in Coming} | {f"state-{one}" for one in Fate}

    for language in Language:
        assert wanted - words(language).keys() == set()


def shapes(text: str) -> dict[str, list[str]]:
    """Give each key with the values its text takes."""
    lines = re.findall(r"^([\w-]+) = (.+)$", text, re.MULTILINE)
    return {key: sorted(re.findall(r"\{ \$(\w+) \}", words)) for key, words in lines}
