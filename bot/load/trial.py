"""A network's week, bot by bot, and how many patients one bot has room for."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random
from typing import Final

from bot.load import agenda
from bot.load.figures import Figures
from bot.load.network import Network, Rules
from bot.load.traffic import Traffic

FEWEST: Final = 100
NEAR: Final = 1.05
"""The search ends when it knows the number this well."""


def lived(network: Network, rules: Rules | None = None) -> Figures:
    """Let a network live; the same seed brings the same figures."""
    figures, rules = Figures(), rules or Rules.by_default()
    with _uncollected():
        for number, patients in enumerate(network.shares()):
            random = Random(f"{network.seed}:{number}")  # noqa: S311 - chance, not secrets
            Traffic(network, rules, agenda.drawn(network, rules, patients, random), random, figures).run()
    return figures


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no circles meanwhile: there are none, and looking through all that waits takes a sixth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def fitting(network: Network, seconds: float, at_most: int, share: float = 0.99) -> int:
    """Return about how many patients one bot has room for, if this share of questions leaves within so many seconds.

    Searched, not reckoned: doubled until they are too many, then halved in between.  More than `at_most` are not tried.
    """

    def fits(patients: int) -> bool:
        return lived(replace(network, patients=patients, bots=1)).questions.within(share) <= seconds

    fewer, more = 0, min(FEWEST, at_most)
    while fits(more):
        if more == at_most:
            return at_most
        fewer, more = more, min(2 * more, at_most)
    while fewer and more > NEAR * fewer:
        between = (fewer + more) // 2
        fewer, more = (between, more) if fits(between) else (fewer, between)
    return fewer
