"""The commands: Spanish names, English aliases, and which of them each role sees in Telegram's menu."""

from collections.abc import Collection
from typing import Final

from bot.domain.model import Language, Role

ENGLISH: Final = {
    "nuevo": "new",
    "pacientes": "patients",
    "sesion": "session",
    "agenda": "calendar",
    "alertas": "alerts",
    "resumen": "digest",
    "acuerdo": "agreement",
    "nota": "note",
    "historial": "history",
    "exportar": "export",
    "misdatos": "mydata",
    "privacidad": "privacy",
    "baja": "leave",
    "pausa": "pause",
    "reanudar": "resume",
    "ajustes": "settings",
    "ayuda": "help",
    "nada": "nothing",
}
"""Spanish command → English alias; both always work.  *nada* is in no menu: a text names it where it is an answer."""

_RIGHTS: Final = ("misdatos", "privacidad")
_READ: Final = ("alertas", "resumen", "historial")
_WORK: Final = ("nuevo", "pacientes", "sesion", "agenda", *_READ, "acuerdo", "nota", "exportar")
_THERAPIST: Final = (*_WORK, *_RIGHTS, "ajustes", "ayuda")
_PATIENT: Final = ("acuerdo", "pausa", "reanudar", *_RIGHTS, "baja", "ajustes", "ayuda")
_CONTACT: Final = (*_RIGHTS, "ajustes", "ayuda")
_STRANGER: Final = ("privacidad", "ayuda")


def names(command: str) -> tuple[str, str]:
    """Return both names of a command, Spanish first."""
    return command, ENGLISH[command]


def of(role: Role | None) -> tuple[str, ...]:
    """Return the Spanish names of a role's commands; None is a stranger."""
    if role is None:
        return _STRANGER
    return {Role.THERAPIST: _THERAPIST, Role.PATIENT: _PATIENT}.get(role, _CONTACT)


def offered(roles: Collection[Role]) -> tuple[str, ...]:
    """Return the Spanish names of the commands of all `roles`, the therapist's first; no role is a stranger."""
    known: list[Role | None] = [role for role in Role if role in roles]
    return tuple(dict.fromkeys(command for role in known or [None] for command in of(role)))


def commands(roles: Collection[Role], language: Language) -> tuple[tuple[str, str], ...]:
    """Return the menu of `roles`: each command as it is called in `language`, with the key of its description."""
    return tuple(
        (command if language is Language.ES else ENGLISH[command], f"command-{command}") for command in offered(roles)
    )
