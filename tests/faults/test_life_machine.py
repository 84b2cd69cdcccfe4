"""Whatever people do in whatever order, and whenever the bot dies: every question stands where it must.

Hypothesis lives many short lives of a practice (`life_machine`), the real bot is held against a small model
(`life_model`), and after every step each named promise is looked at (`life_promises`).  `make test` lives always the
same lives; `make soak` new ones, of a seed that it prints.
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import SystemRandom
from typing import Final

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.faults.life_machine import Machine

SHORT: Final = settings(
    max_examples=12,
    stateful_step_count=30,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)
SOAKING: Final = 400


def lived(folder: Path, how: settings, number: int | None = None) -> type[Machine]:
    """Live lives as hypothesis chooses them; return the machine that counted."""
    machine = type("Life", (Machine,), {"folder": folder, "examples": 0, "happened": Counter()})
    run_state_machine_as_test(seed(number)(machine) if number is not None else machine, settings=how)
    return machine


def told(machine: type[Machine]) -> str:
    """Say what happened in all lives."""
    counted = ", ".join(f"{count} {what}" for what, count in sorted(machine.happened.items()))
    return f"{machine.examples} lives: {counted}"


@pytest.mark.timeout(600)
def test_whatever_people_do_every_promise_holds(tmp_path: Path, measured: Callable[[str], None]) -> None:
    machine = lived(tmp_path, SHORT)

    measured(told(machine))


@pytest.mark.soak
def test_in_many_lives_every_promise_holds(tmp_path: Path, measured: Callable[[str], None]) -> None:
    number = SystemRandom().getrandbits(32)
    measured(f"seed {number}")
    how = settings(SHORT, max_examples=SOAKING, stateful_step_count=60, derandomize=False, print_blob=True)

    machine = lived(tmp_path, how, number)

    measured(told(machine))
