"""Settings in the environment, and what pydantic finds wrong with any as sentences: where, which value, what to do.

Knows no setting by name but the token, whose value is never shown, and the database's, which may hold a password.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from typing import Final, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.config_values import did_you_mean, shown_database, without_login

ENVIRONMENT: Final = "MICROCHEQUEO_"
LONGEST_SHOWN: Final = 60
_TOKEN_INSIDE: Final = re.compile(r"\d+:[\w-]{20,}", re.ASCII)

Sections = Mapping[str, FieldInfo]
"""The sections of the configuration as pydantic describes them."""


def variable(section: str, key: str) -> str:
    """Name the environment variable of a setting."""
    return f"{ENVIRONMENT}{section.upper()}__{key.upper()}"


def given_variables() -> Iterator[tuple[str, str, str | None]]:
    """Return name, section and key (None if it names none) of the variables that are set."""
    for name in os.environ:
        if name.upper().startswith(ENVIRONMENT):
            section, found, key = name[len(ENVIRONMENT) :].lower().partition("__")
            yield name, section, key if found else None


def unknown_variables(sections: Sections) -> Iterator[str]:
    """Name the variables that are no setting: those of sections that do not exist, and of whole sections."""
    everything = [name for section in sections for name in _variables(sections, section)]
    for name, section, key in given_variables():
        if key is not None and section not in sections:
            yield _joined(f"{name}: there is no such setting", did_you_mean(name, everything))
        elif key is None and section in sections:
            yield f"{name}: name the setting too, as in {_variables(sections, section)[0]}."


def from_environment(sections: Sections, section: str, key: str, text: str) -> object:
    """Return what a variable says: its text, and for a setting of several things what that is in JSON."""
    field = settings(sections, section).get(key)
    if field is None or get_origin(field.annotation) is not tuple:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text  # which the setting then refuses with its remedy


def sentence(file: object, sections: Sections, error: ErrorDetails) -> str:
    """Say what one error is about: the file and section or the variable, the value, the remedy."""
    section, key = (*map(str, error["loc"]), "", "")[:2]
    in_environment = any(name.upper() == variable(section, key) for name, _, _ in given_variables())
    where = variable(section, key) if in_environment else f"{file}, [{section}] {key}".rstrip()
    if error["type"] == "extra_forbidden" and len(error["loc"]) <= len(("section", "key")):
        return _joined(f"{where}: there is no such setting", _alternatives(sections, section, key, in_environment))
    if not key:
        return _joined(where, _reason(error) or f"write [{section}] and its settings below", by=": ")
    reason, remedy = _reason(error), settings(sections, section)[key].description or ""
    wrong = f"{where} = {_shown(key, error['input'])} does not work"
    return _joined(wrong, reason, "" if reason.endswith("?") else remedy)


def settings(sections: Sections, section: str) -> dict[str, FieldInfo]:
    """Return the settings of a section by the name they are written with."""
    model = sections[section].annotation if section in sections else None
    if not isinstance(model, type) or not issubclass(model, BaseModel):
        return {}
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _variables(sections: Sections, section: str) -> list[str]:
    return [variable(section, key) for key in settings(sections, section)]


def _alternatives(sections: Sections, section: str, key: str, in_environment: bool) -> str:  # noqa: FBT001
    if in_environment:
        return did_you_mean(variable(section, key), _variables(sections, section))
    if key:
        keys = settings(sections, section)
        return did_you_mean(key, keys) or f"[{section}] has {', '.join(keys)}"
    homes = [f"[{home}] {section}" for home in sections if section in settings(sections, home)]
    if homes:
        return f"did you mean {' or '.join(homes)}?"
    return did_you_mean(section, sections) or f"the sections are {', '.join(sections)}"


def _reason(error: ErrorDetails) -> str:
    return str(error.get("ctx", {}).get("error", "")) if error["type"] == "value_error" else ""


def _shown(key: str, value: object) -> str:
    if key == "token":
        return "(not shown)"
    shown = shown_database(value) if key == "url" else value
    text = without_login(_TOKEN_INSIDE.sub("(not shown)", json.dumps(shown, ensure_ascii=False, default=str)))
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _joined(*parts: str, by: str = "; ") -> str:
    text = by.join(part for part in parts if part)
    return text if text.endswith("?") else f"{text}."
