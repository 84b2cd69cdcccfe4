"""The record as JSON: everything held, as `bot.domain.holdings` names it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Final
from uuid import UUID

from bot.domain.holdings import Holdings
from bot.exporting.instants import written

SCHEMA: Final = 2
"""Counts up when a field goes, or comes to mean something else; a field more is no reason."""


def record(patients: Iterable[Holdings], rules: str, now: datetime) -> dict[str, object]:
    """Return everything held about patients; `rules` names those in force."""
    head = {"format": "microchequeo", "schema": SCHEMA, "at": now, "rules": rules}
    return head | {"patients": [asdict(held) for held in patients]}


def dumped(whole: Mapping[str, object]) -> bytes:
    """Write it, instants as ISO 8601 in UTC."""
    return json.dumps(whole, ensure_ascii=False, indent=1, default=_plain).encode()


def _plain(value: object) -> str:
    match value:
        case datetime():
            return written(value)
        case UUID():
            return str(value)
    raise TypeError(type(value).__name__)
