"""A small invented practice as it is held: a session of each kind, each with what became of its question."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from bot.domain.appointments import Place
from bot.domain.holdings import HeldCheckIn, HeldSession, HeldWords, Holdings
from bot.domain.instrument import THREE_ITEMS
from bot.domain.model import Article, Called, CheckInState, Item, PatientState, SessionId, SessionState, WordsKind

AT = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)
NOW = AT + timedelta(days=200)
WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)
RULES = "1;drop=2;item_drop=3;grace=PT5M"
SHOWN = "es.usted.comprendido.today.1"


def words(kind: WordsKind, text: str, at: datetime, changed_at: datetime | None = None) -> HeldWords:
    """Return something the patient wrote."""
    return HeldWords(kind, text, at, changed_at, None, ())


def planned(ends_at: datetime = AT, state: CheckInState = CheckInState.PLANNED) -> HeldCheckIn:
    """Return a check-in that nobody was asked."""
    due_at = ends_at + 15 * MINUTE
    return HeldCheckIn(
        state=state,
        items=THREE_ITEMS,
        planned_at=due_at,
        due_at=due_at,
        asked_at=None,
        sent_at=None,
        opened_at=None,
        answered_at=None,
        done_at=None,
        corrected_at=None,
        text_version=None,
        scores={},
        scored_at={},
        words=(),
    )


def asked(state: CheckInState, *scores: int, ends_at: datetime = AT) -> HeldCheckIn:
    """Return a check-in that was asked in time, each score given a minute after the one before."""
    one, sent_at = planned(ends_at, state), ends_at + 15 * MINUTE
    given: Mapping[Item, int] = dict(zip(THREE_ITEMS, scores, strict=False))
    scored_at = {item: sent_at + place * MINUTE for place, item in enumerate(given, start=2)}
    complete = scored_at.get(Item.SENSE)
    return replace(
        one,
        asked_at=sent_at,
        sent_at=sent_at,
        opened_at=sent_at + 2 * MINUTE if scores else None,
        answered_at=complete,
        done_at=sent_at + 6 * MINUTE if state is CheckInState.DONE else None,
        text_version=SHOWN,
        scores=given,
        scored_at=scored_at,
    )


def session(number: int, one: HeldCheckIn | None, ends_at: datetime = AT) -> HeldSession:
    """Return a session in person that took place."""
    starts_at = ends_at - 50 * MINUTE
    return HeldSession(
        SessionId(number), starts_at, ends_at, SessionState.PLANNED, Place.IN_PERSON, cut=False, check_in=one
    )


def held(*sessions: HeldSession, code: str = "P-07", number: int = 7) -> Holdings:
    """Return what is held about a patient."""
    return Holdings(
        id=UUID(int=number),
        code=code,
        state=PatientState.ACTIVE,
        state_at=AT,
        therapist=Called("Dra. Ruiz", Article.LA),
        minor=False,
        guardian=None,
        language="es",
        zone="Europe/Madrid",
        quiet=None,
        decisions=(),
        sessions=sessions,
        messages_left=(),
        confided=(),
        episodes=(),
        acts=(),
        records=(),
        messages=0,
        waiting=0,
        received=0,
        words_deleted_at=None,
    )


def answered() -> HeldCheckIn:
    """Return a check-in answered with much pending, and with words of each kind."""
    one = asked(CheckInState.DONE, 9, 8, 7)
    at = AT + 20 * MINUTE
    wrote = (
        words(WordsKind.PENDING, "lo de mi hermana", at),
        words(WordsKind.REFLECTION, "bien\x07, gracias", at + MINUTE),
        words(WordsKind.CRISIS, "kolibriwort", at + 2 * MINUTE),
    )
    return replace(one, words=wrote)


def corrected() -> HeldCheckIn:
    """Return a check-in whose first score was changed after its summary."""
    one = asked(CheckInState.DONE, 9, 8, 2)
    again = AT + 25 * MINUTE
    return replace(one, corrected_at=again, scored_at={**one.scored_at, Item.UNDERSTOOD: again + MINUTE})
