"""The commands: Spanish names, English aliases, and which of them each role sees in Telegram's menu."""

from typing import Final

from bot.domain.model import Language, Role

ENGLISH: Final = {
    "nuevo": "new",
    "pacientes": "patients",
    "sesion": "session",
    "resumen": "digest",
    "pausa": "pause",
    "reanudar": "resume",
    "ajustes": "settings",
    "ayuda": "help",
}
"""Spanish command → English alias; both always work."""

_THERAPIST: Final = ("nuevo", "pacientes", "sesion", "resumen", "ajustes", "ayuda")
_PATIENT: Final = ("pausa", "reanudar", "ajustes", "ayuda")
_STRANGER: Final = ("ayuda",)


def names(command: str) -> tuple[str, str]:
    """Return both names of a command, Spanish first."""
    return command, ENGLISH[command]


def of(role: Role | None) -> tuple[str, ...]:
    """Return the Spanish names of a role's commands; None is a stranger."""
    if role is None:
        return _STRANGER
    return _THERAPIST if role is Role.THERAPIST else _PATIENT


def commands(role: Role | None, language: Language) -> tuple[tuple[str, str], ...]:
    """Return a role's menu: each command as it is called in `language`, with the key of its description."""
    return tuple(
        (command if language is Language.ES else ENGLISH[command], f"command-{command}") for command in of(role)
    )
