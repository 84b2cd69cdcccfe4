"""Whose code was typed."""

from collections.abc import Sequence

from bot.domain.model import Patient
from bot.services.enrolment import clean_code


def called(patients: Sequence[Patient], word: str) -> Patient | None:
    """Find whose code it is; "P07" is P-07 where no other is meant."""
    code = clean_code(word)
    alike = [one for one in patients if code and one.code.replace("-", "") == code.replace("-", "")]
    exact = [one for one in alike if one.code == code]
    (one,) = exact or alike if len(exact or alike) == 1 else [None]
    return one
