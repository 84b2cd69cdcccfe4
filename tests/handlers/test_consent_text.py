"""A consent text that says something else is put before everybody again: its number and its sentences move together."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from bot.domain.consent import WORDING, lets_second_read
from bot.domain.model import Form, Language, Region, Register, Voice
from handlers.screens_arrival import ConsentTerms, consent_text
from tests.handlers.gallery import RUIZ, TEXTS, USTED

SENTENCES = {2: "7a7db794ae7b849b", 3: "7283edd1ed073203"}
"""The number of each wording, and the hash of its sentences in every voice."""

WHAT_TO_DO = (
    "The consent text is not the one that people agreed to. If it SAYS something else now (who reads, what is kept, "
    "for how long, what is promised), raise WORDING in bot/domain/consent.py and add the number here: all decide "
    "again. If only a slip was mended, put the new hash under the old number. New hash: "
)

TERMS = ConsentTerms(timedelta(minutes=15), "consulta@example.org", other_contact="Dra. Soto, 600 000 000")


def every_sentence() -> str:
    """Return the consent text in every voice, with every sentence that a setting can put into it."""
    voices = [
        Voice(language, register, form, USTED.zone, region)
        for language, register, form, region in product(Language, Register, Form, Region)
    ]
    terms = [TERMS, replace(TERMS, second_reads=True, waits_for_morning=False), replace(TERMS, delay=timedelta(0))]
    return "\n\n".join(consent_text(TEXTS, voice, RUIZ, one) for voice, one in product(voices, terms))


def test_the_sentences_change_only_together_with_their_number() -> None:
    found = hashlib.sha256(every_sentence().encode()).hexdigest()[:16]

    assert SENTENCES.get(WORDING) == found, WHAT_TO_DO + found
    assert max(SENTENCES) == WORDING


@pytest.mark.parametrize(
    "changed",
    [
        {"second_reads": True},
        {"other_contact": None},
        {"backups": 30},
        {"delay": timedelta(hours=3)},
        {"waits_for_morning": False},
    ],
)
def test_a_setting_that_changes_what_is_promised_changes_the_version(changed: dict[str, Any]) -> None:
    other = replace(TERMS, **changed)

    assert other.version != TERMS.version
    assert consent_text(TEXTS, USTED, RUIZ, other) != consent_text(TEXTS, USTED, RUIZ, TERMS)


@pytest.mark.parametrize("changed", [{"contact": None}, {"other_contact": "Dra. Soto, 600 000 001"}])
def test_whom_to_call_may_change_without_asking_everybody(changed: dict[str, Any]) -> None:
    assert replace(TERMS, **changed).version == TERMS.version


def test_a_version_says_whether_a_second_contact_reads_and_fits_into_its_column() -> None:
    longest = replace(TERMS, second_reads=True, backups=9999, delay=timedelta(days=365))

    assert len(longest.version) <= 40
    assert lets_second_read(longest.version)
    assert not lets_second_read(TERMS.version)
    assert not lets_second_read(None)
