"""What therapists guess before they see a score."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, func, select, update

from bot.domain.guessing import Guess, GuessId, GuessState
from bot.domain.model import CheckInId, Item, PersonId, Points, Score, TherapistId, TreatmentId
from storage.dialects import insert_into
from storage.rows import Rows
from storage.schema import answers, check_ins, patients, sessions, therapists, treatments
from storage.schema_guesses import guesses
from storage.words import NOT_COMPARED


class GuessRows(Rows):
    """Implements `bot.services.ports_guesses.Guesses`."""

    async def open(self, check_in_id: CheckInId, asked_at: datetime, lapses_at: datetime) -> GuessId | None:
        """Open one per check-in; one that was withdrawn is opened again."""
        row = {
            "check_in_id": check_in_id,
            "state": GuessState.OPEN,
            "asked_at": asked_at,
            "lapses_at": lapses_at,
            "next_at": lapses_at,
            "ended_at": None,
        }
        new = insert_into(guesses).values(row)
        again = guesses.c.state == GuessState.WITHDRAWN
        opened = await self._do(new.on_conflict_do_update(index_elements=["check_in_id"], set_=row, where=again))
        if not opened:
            return None
        return GuessId(await self._value(select(guesses.c.id).where(guesses.c.check_in_id == check_in_id)))

    async def get(self, guess_id: GuessId) -> Guess | None:
        """Find by id."""
        return next(iter(await self._guesses(_whole().where(guesses.c.id == guess_id))), None)

    async def of_check_in(self, check_in_id: CheckInId) -> Guess | None:
        """Find by check-in."""
        return next(iter(await self._guesses(_whole().where(guesses.c.check_in_id == check_in_id))), None)

    async def open_in(self, treatment_id: TreatmentId) -> Sequence[Guess]:
        """Return those of a treatment that wait for an answer."""
        waiting = (sessions.c.treatment_id == treatment_id) & (guesses.c.state == GuessState.OPEN)
        return await self._guesses(_whole().where(waiting))

    async def unseen_of(self, therapist_id: TherapistId) -> Sequence[Guess]:
        """Return those of a therapist whose score was not shown yet."""
        blind = guesses.c.state.in_((GuessState.OPEN, GuessState.GIVEN)) & guesses.c.shown_at.is_(None)
        return await self._guesses(_whole().where(treatments.c.therapist_id == therapist_id, blind))

    async def due(self, now: datetime) -> Sequence[Guess]:
        """Return those that lapse now."""
        return await self._guesses(_whole().where(guesses.c.next_at <= now))

    async def save(self, guess: Guess) -> None:
        """Write everything that may have changed."""
        changed = {
            "state": guess.state,
            "guessed": None if guess.value is None else int(guess.value),
            "guessed_at": guess.guessed_at,
            "shown_at": guess.shown_at,
            "ended_at": guess.ended_at,
            "next_at": guess.lapses_at if guess.state is GuessState.OPEN else None,
        }
        await self._do(update(guesses).where(guesses.c.id == guess.id).values(changed))

    async def pairs(self, therapist_id: TherapistId) -> Mapping[TreatmentId, Sequence[tuple[Score, Points]]]:
        """Return each guess that was given beside the sum of the alliance items, by treatment."""
        total = func.sum(answers.c.score)
        statement = (
            select(sessions.c.treatment_id, guesses.c.guessed, total.label("alliance"))
            .select_from(guesses)
            .join(check_ins, guesses.c.check_in_id == check_ins.c.id)
            .join(sessions, check_ins.c.session_id == sessions.c.id)
            .join(treatments, sessions.c.treatment_id == treatments.c.id)
            .join(answers, answers.c.check_in_id == check_ins.c.id)
            .where(treatments.c.therapist_id == therapist_id, guesses.c.state == GuessState.GIVEN)
            .where(answers.c.item.in_((Item.UNDERSTOOD, Item.SENSE)), sessions.c.cut == 0)
            .where(check_ins.c.answered_at.is_not(None), check_ins.c.state.not_in(NOT_COMPARED))
            .group_by(guesses.c.id, sessions.c.treatment_id, guesses.c.guessed)
            .order_by(guesses.c.id)
        )
        pairs: dict[TreatmentId, list[tuple[Score, Points]]] = {}
        for row in await self._all(statement):
            pair = (Score(row["guessed"]), Points(row["alliance"]))
            pairs.setdefault(TreatmentId(row["treatment_id"]), []).append(pair)
        return pairs

    async def _guesses(self, statement: Select[Any]) -> Sequence[Guess]:
        return sorted((_read(row) for row in await self._all(statement)), key=lambda guess: guess.id)


def _whole() -> Select[Any]:
    compared = check_ins.c.answered_at.is_not(None) & check_ins.c.state.not_in(NOT_COMPARED)
    return (
        select(guesses, sessions.c.treatment_id, sessions.c.ends_at, treatments.c.therapist_id, patients.c.code)
        .add_columns(
            therapists.c.person_id, compared.label("rated"), check_ins.c.state.in_(NOT_COMPARED).label("stopped")
        )
        .join(check_ins, guesses.c.check_in_id == check_ins.c.id)
        .join(sessions, check_ins.c.session_id == sessions.c.id)
        .join(treatments, sessions.c.treatment_id == treatments.c.id)
        .join(therapists, treatments.c.therapist_id == therapists.c.id)
        .join(patients, treatments.c.patient_id == patients.c.id)
    )


def _read(row: RowMapping) -> Guess:
    return Guess(
        GuessId(row["id"]),
        CheckInId(row["check_in_id"]),
        TreatmentId(row["treatment_id"]),
        TherapistId(row["therapist_id"]),
        PersonId(row["person_id"]),
        row["code"],
        GuessState(row["state"]),
        row["ends_at"],
        row["asked_at"],
        row["lapses_at"],
        bool(row["rated"]),
        bool(row["stopped"]),
        None if row["guessed"] is None else Score(row["guessed"]),
        row["guessed_at"],
        row["shown_at"],
        row["ended_at"],
    )
