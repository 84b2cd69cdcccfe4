"""Which rules an export was judged by: their number, and the thresholds that a practice has chosen."""

from collections.abc import Mapping
from typing import Final

RULES: Final = "1"
"""Counts up when a rule of `bot.domain.alliance` comes to mean something else, or gets another default threshold."""


def rules_version(settings: Mapping[str, object]) -> str:
    """Name the rules in force, with each setting as it is written: `1;rules=drop+slide;drop=2;grace=PT5M`."""
    return ";".join([RULES, *(f"{name}={_written(value)}" for name, value in settings.items())])


def _written(value: object) -> str:
    if isinstance(value, list | tuple):
        return "+".join(map(_written, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
