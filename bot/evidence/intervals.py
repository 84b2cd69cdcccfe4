"""How sure a rate is: 95 % intervals that know that sessions of one patient resemble each other.

The usual intervals take every session for a new patient and are too narrow.  The design effect says how much the counts
of patients scatter more than that would give; the numbers behind the interval are divided by it (the effective sample
size of Kish; for intervals: Korn & Graubard, Survey Methodology 24, 1998, 193–201).  It is never taken below 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

Z: Final = 1.959964
"""Standard deviations to either side that hold 95 % of a normal distribution."""

FEW: Final = 20
"""With fewer patients than this the scatter between them is hardly known, and the interval is a hint only."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A rate and its 95 % interval, in the same unit."""

    rate: float
    low: float
    high: float

    def times(self, factor: float) -> "Estimate":
        """Return it in another unit, as per 100."""
        return Estimate(self.rate * factor, self.low * factor, self.high * factor)


def wilson(found: float, of: float) -> tuple[float, float]:
    """Return Wilson's score interval of a proportion (Wilson 1927; Newcombe 1998, method 3); it stays within 0–1.

    Chosen over Clopper–Pearson, which covers more than the 95 % it promises, and over the normal interval, which covers
    less where few are found and says nothing at all where none is.
    """
    share, z2 = found / of, Z * Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z / (1 + z2 / of) * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


def byar(found: float) -> tuple[float, float]:
    """Return the interval of a Poisson count in Byar's approximation (Breslow & Day 1987, p. 69).

    Within a tenth of the exact (chi-square) one from one case on, and made for counts that are not whole as well, which
    an effective count is.
    """
    low = found * (1 - 1 / (9 * found) - Z / (3 * sqrt(found))) ** 3 if found else 0.0
    high = (found + 1) * (1 - 1 / (9 * (found + 1)) + Z / (3 * sqrt(found + 1))) ** 3
    return max(0.0, low), high


def per_session(alerts: Sequence[int], sessions: Sequence[int]) -> Estimate:
    """Estimate how many sessions are followed by an alert, 0–1; counts of each patient, none without sessions."""
    of, found = sum(sessions), sum(alerts)
    rate = found / of
    effect = design_effect(alerts, sessions, rate * (1 - rate) * of)
    return Estimate(rate, *wilson(found / effect, of / effect))


def per_year(alerts: Sequence[int], years: Sequence[float]) -> Estimate | None:
    """Estimate the alerts per patient and year; None where the years add up to nothing."""
    exposure, found = sum(years), sum(alerts)
    if exposure <= 0:
        return None
    effect = design_effect(alerts, years, found)
    low, high = byar(found / effect)
    return Estimate(found / exposure, low * effect / exposure, high * effect / exposure)


def design_effect(alerts: Sequence[int], weights: Sequence[float], independent: float) -> float:
    """Return by how much the variance of the alerts' total exceeds what independent sessions (or days) would give.

    `independent`: that variance.  The other is the ratio estimator's, over patients (Cochran 1977, §6.3).  1 where it
    cannot be known: a single patient, or no alert at all.
    """
    patients = len(alerts)
    if patients < 2 or independent <= 0:  # noqa: PLR2004 - a scatter needs two
        return 1.0
    rate = sum(alerts) / sum(weights)
    scatter = sum((found - rate * weight) ** 2 for found, weight in zip(alerts, weights, strict=True))
    return max(1.0, scatter * patients / (patients - 1) / independent)
