"""The page's own words, and the sentences in which the stage refuses: plain Fluent messages, one file a language."""

from functools import cache
from importlib import resources
from typing import Final

from fluent.syntax import FluentParser, ast

from bot.domain.errors import MicrochequeoError
from bot.domain.model import Language

PREFERRED: Final = Language.ES


class RefusedError(MicrochequeoError):
    """The visitor cannot do that; `key` names the sentence that says why, `status` is HTTP's."""

    def __init__(self, key: str, status: int = 409) -> None:
        super().__init__(key)
        self.key = key
        self.status = status


@cache
def words(language: Language) -> dict[str, str]:
    """Return every text by its key; a variable stands in it as `{name}`."""
    source = resources.files(__package__).joinpath("texts", f"{language}.ftl").read_text("utf-8")
    messages = [entry for entry in FluentParser().parse(source).body if isinstance(entry, ast.Message)]
    return {message.id.name: _plain(message) for message in messages}


def _plain(message: ast.Message) -> str:
    if message.value is None:
        raise ValueError(f"«{message.id.name}» says nothing")
    return "".join(_piece(element) for element in message.value.elements)


def _piece(element: ast.TextElement | ast.Placeable) -> str:
    match element:
        case ast.TextElement(value=value):
            return str(value)
        case ast.Placeable(expression=ast.VariableReference(id=ast.Identifier(name=name))):
            return f"{{{name}}}"
    raise ValueError("The page's texts have words and variables only.")


def spoken(accepted: str) -> Language:
    """Return the language of a browser, by its Accept-Language header."""
    wanted = accepted.strip().lower()[:2]
    return Language(wanted) if wanted in set(Language) else PREFERRED
