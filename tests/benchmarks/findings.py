"""What a benchmark finds: a table for people, and the same in figures that a program can read."""

import json
import os
import platform
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from rich.console import RenderableType

FOLDER: Final = Path(__file__).parents[2] / "docs" / "performance"
ROUNDS: Final = 5
"""How often what is compared is measured, one after the other and again: what disturbs one disturbs all."""

_LIBRARIES: Final = (
    "python-telegram-bot",
    "aiohttp",
    "httpx",
    "sqlalchemy",
    "aiosqlite",
    "apscheduler",
    "cryptography",
)


@dataclass(frozen=True, slots=True)
class Findings:
    """What is printed, and the figures behind it (JSON: the raw ones of every round, and what they come to)."""

    shown: RenderableType
    figures: Mapping[str, Any]


Benchmark = Callable[[Path], Awaitable[Findings]]
"""Measures in an empty folder that it may fill."""


def write(name: str, found: Findings, on: date) -> Path:
    """Keep the figures beside the tables of docs/performance.md; return the file."""
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / f"{name}.json"
    content = {"measured_on": on.isoformat(), "machine": machine(), **found.figures}
    file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return file


def machine() -> str:
    """Say where this was measured."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in _LIBRARIES)
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; {versions}"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return next(iter(names), platform.processor() or platform.machine())
