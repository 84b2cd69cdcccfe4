"""Who is who, for whoever has to show or send something.  Reads only."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.model import Called, CheckIn, CheckInId, PatientId, PersonId, Therapist, Visitor, Words, WordsId
from bot.services.ports import Store


class People:
    """The questions about people that need no rule."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def visitor(self, chat_id: int) -> Visitor:
        """Say who writes from this chat."""
        async with self._store.glancing() as tx:
            return await tx.people.visitor(chat_id)

    async def check_in(self, check_in_id: CheckInId) -> tuple[CheckIn, Called] | None:
        """Return a check-in with the name of its therapist."""
        async with self._store.glancing() as tx:
            return await tx.check_ins.told(check_in_id)

    async def therapist_of(self, patient_id: PatientId) -> Called:
        """Return how the patient's therapist is called."""
        async with self._store.glancing() as tx:
            return (await tx.people.patient(patient_id)).therapist

    async def messages_of(self, person_id: PersonId, until: datetime) -> Sequence[int]:
        """Return the bot's messages in the chat of somebody who has left, newest first."""
        async with self._store.reading() as tx:
            return await tx.leaving.messages_of(person_id, until)

    async def therapists(self) -> Sequence[Therapist]:
        """Return everybody who is enrolled as a therapist."""
        async with self._store.reading() as tx:
            return await tx.people.therapists()

    async def left_words(self, words_id: WordsId) -> Words | None:
        """Return words that a patient left, to say whose they are."""
        async with self._store.reading() as tx:
            return await tx.check_ins.words(words_id)
