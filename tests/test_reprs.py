"""What a traceback, a debugger or a careless log line shows of our own values: ids and kinds, nothing about anybody."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import Field, fields, is_dataclass, replace
from typing import Any

import pytest

import bot
import handlers
import storage
from bot.domain.holdings import Decision, HeldWords, Reading
from bot.domain.model import (
    Article,
    Called,
    Contact,
    DeletionId,
    Disclosure,
    DisclosureId,
    InboxId,
    Kept,
    OutboxId,
    PatientId,
    PatientState,
    Person,
    PersonId,
    Role,
    Urgency,
    Visitor,
    WordsKind,
)
from bot.domain.notices import DeletionAhead, InvitationReady, InvitationRefused, PatientLeft
from bot.domain.post import InboxRow, Incoming, OutboxRow, Source
from bot.services.charts import ChartLabels
from handlers.connection import connected
from handlers.screen import File
from tests.handlers.gallery import ENDED, USTED, Gallery, patient, words

TELLING = re.compile(r"\b(str|bytes|Any|object|Update|Message|Score|Points|Mapping\[.*Item)\b")
"""Types in which there may be words, names, codes, tokens or answers."""

NAMED = {"chat_id", "level_before"}
"""Numbers that say who somebody is, or what they answered."""

THRESHOLDS = ("drop", "slide", "falls", "low_start", "repair_margin")
HARMLESS = {
    **dict.fromkeys(("CheckIn.text_version", "Sent.text_version", "ConsentShown.version"), "the version of a wording"),
    **dict.fromkeys(("CheckIn.shown", "Sent.face"), "the name of a step"),
    **dict.fromkeys(("Decision.version", "HeldCheckIn.text_version"), "the version of a wording"),
    **dict.fromkeys(("ConsentShown.text_hash", "Decision.text_hash"), "a hash of the consent text"),
    **dict.fromkeys(("ConsentTerms.contact", "ConsentTerms.other_contact"), "the practice's own, shown to everybody"),
    **dict.fromkeys(("PrivacyTerms.contact", "HelpCard.other_contact"), "the practice's own, shown to everybody"),
    **dict.fromkeys(("PrivacyTerms.country", "PrivacyTerms.legal_reason"), "a setting, shown to everybody"),
    **dict.fromkeys(("Decision.language", "Holdings.language", "Holdings.zone", "Holdings.quiet"), "a setting"),
    **dict.fromkeys(("Act.act", "Act.subject"), "what was done, and to what kind of row"),
    **dict.fromkeys((f"Rules.{name}" for name in THRESHOLDS), "a setting of the practice"),
    **dict.fromkeys(("Chore.name", "ChoreRow.name"), "the name of a job"),
    **dict.fromkeys(
        ("Rule.frequency", "Rule.until", "Rule.week_start", "Entry.version"), "how often, in a calendar file"
    ),
    "_Minute.urgent_taps": "which kinds of buttons were tapped",
    "HeldEpisode.rule": "the name of a rule",
    **dict.fromkeys(("Choices.country", "Choices.language", "Choices.timezone", "SetZone.zone"), "a setting"),
    "OpenZones.country": "a setting",
    "Circumstances.language": "a setting",
    "Situation.agreed_version": "of a text that everybody reads",
    **dict.fromkeys(("Finding.what", "Finding.says"), "about the installation, shown by `check`"),
    **dict.fromkeys(("HelpCard.country", "HelpLine.number", "HelpLine.source"), "a public help line"),
    **dict.fromkeys(("HelpLine.says_es", "HelpLine.says_en"), "a public help line"),
    **dict.fromkeys((f"ChartLabels.{name.name}" for name in fields(ChartLabels)), "words of every chart"),
    **dict.fromkeys(
        ("Trouble.says", "WebhookAddress.url", "WebhookAddress.host"), "about the installation, as health says it"
    ),
    **dict.fromkeys(("Columns.delimiter", "Columns.places"), "how a file of ratings is laid out"),
    **dict.fromkeys(("Place.name", "Problem.says"), "about a file of ratings, never out of it"),
    **dict.fromkeys(("Bar.name", "Bar.when", "Tally.alerts"), "how often a rule tells; no patient is named"),
    **dict.fromkeys(("Scenario.name", "Compared.name", "Compared.published"), "about patients who are made up"),
    **dict.fromkeys(("Phrase.wording", "Phrase.topic"), "the public list of phrases"),
    **dict.fromkeys(("Parts.instance", "Rows.failing", "Rows.waiting", "Space.free"), "about the machine and its jobs"),
    **dict.fromkeys(("Status.says", "Trouble.says", "Upcoming.chore"), "about the installation, shown by `status`"),
    **dict.fromkeys(("Case.circumstance", "Reviewed.key", "Reviewed.section", "Said.text"), "a text of the package"),
    **dict.fromkeys(
        ("Parked.kind", "Parked.reason", "Sending.kind", "Unreadable.was"), "the kind of a row, or of an error"
    ),
}
"""What may be shown, and why."""


def modules() -> Iterator[Any]:
    for package in (bot, handlers, storage):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.startswith(("bot.demo", "bot.__main__", "storage.migrations")):
                yield importlib.import_module(found.name)


def values() -> list[type]:
    """Return every dataclass of the product whose repr is the generated one."""
    found = {
        kind
        for module in modules()
        for kind in vars(module).values()
        if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == module.__name__
    }
    return sorted((kind for kind in found if kind.__dataclass_params__.repr), key=lambda kind: kind.__qualname__)  # type: ignore[attr-defined]


def shows(field: Field[Any]) -> bool:
    kind = str(field.type)
    return field.repr and (field.name in NAMED or bool(TELLING.search(kind))) and "Callable" not in kind


@pytest.mark.parametrize("kind", values(), ids=lambda kind: kind.__qualname__)
def test_a_repr_tells_no_words_names_codes_or_answers(kind: type) -> None:
    telling = {f"{kind.__name__}.{field.name}" for field in fields(kind) if shows(field)}

    assert telling <= HARMLESS.keys()


def test_the_list_of_what_is_harmless_names_only_what_is_there() -> None:
    assert {f"{kind.__name__}.{field.name}" for kind in values() for field in fields(kind)} >= HARMLESS.keys()


def test_the_values_of_a_story_show_nothing_of_it() -> None:
    called = Called("Dra. Canary", Article.LA)
    person = Person(PersonId(1), 7_001_002_003, USTED)
    told: list[object] = [
        Visitor(7_001_002_003, person, None, (replace(patient(PatientState.ACTIVE, "CANARY-7"), therapist=called),)),
        replace(words("canary words"), code="CANARY-7"),
        InvitationReady("CANARY-7", "canary-token", ENDED),
        Incoming("message:7001002003:1", 7_001_002_003, "canary"),
        InboxRow(InboxId(1), "canary", 0, ENDED),
        OutboxRow(OutboxId(1), PersonId(1), InvitationRefused("CANARY-7"), Urgency.BULK, ENDED, None, 0),
        Source(7_001_002_003, 5),
        Contact(PersonId(1), Role.SECOND_CONTACT, called),
        Disclosure(DisclosureId(1), PatientId(1), "CANARY-7", "canary words", ENDED),
        HeldWords(WordsKind.MESSAGE, "canary words", ENDED, None, None, [Reading(ENDED, "Dra. Canary")]),
        Decision("2", "0", "es", ENDED, accepted=True, guardian="canary folder"),
        PatientLeft(PatientId(1), "CANARY-7", ENDED),
        DeletionAhead(DeletionId(1), Kept.WORDS, 1, ("CANARY-7",), ENDED),
        File("microchequeo-CANARY-7.txt", b"canary"),
        *Gallery(USTED, called, "CANARY-7").therapists().values(),
    ]

    shown = repr(told).lower()
    assert [canary for canary in ("canary", "7001002003") if canary in shown] == []


async def test_not_even_the_bot_itself_shows_its_token() -> None:
    async with connected("http://127.0.0.1:9", "123456789:canary-token-abcdefghijklmnop") as rooms:
        assert "canary" not in repr(rooms.bot) + repr(rooms)
