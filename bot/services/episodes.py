"""What therapists say about concerns of the alliance: seen, talked about with a note, not that, repaired; and the list.

A closed episode takes no word any more; whose it is, is asked on every tap.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.clock import Clock
from bot.domain import timing
from bot.domain.concern import NOTE_WITHIN
from bot.domain.episodes import LIVE_EPISODE, Episode, EpisodeState, Event, after
from bot.domain.model import Concern, EpisodeId, Therapist, Urgency, Visitor
from bot.domain.notices import WordsHidden
from bot.domain.notices_alerts import EpisodeNote, EpisodeNoted
from bot.domain.post import Receipt
from bot.services.ports import Store, Tx

WORDS: Final = (Event.SEEN, Event.TALKED, Event.NOT_THAT, Event.SAID_REPAIRED)
"""What a therapist may say; everything else is said by scores."""


class Episodes:
    """The verbs of following a concern up."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def say(self, visitor: Visitor, episode_id: EpisodeId, word: Event, receipt: Receipt) -> Episode | None:
        """Keep one of `WORDS`; after *Lo hablamos* a note is asked for.  None if the episode is not theirs."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            episode = await _own(tx, visitor, episode_id)
            if episode is None or visitor.person is None or word not in WORDS:
                return None
            if not await tx.inbox.takes_effect(receipt, now):
                return episode
            await tx.alerts.acknowledge(episode_id, now)
            state = after(episode.state, word)
            if state is not episode.state:
                await tx.alerts.set_episode_state(episode_id, state, now)
                if state is EpisodeState.TALKED:
                    await self._ask_note(tx, visitor, episode, now)
            await tx.audit.note(now, visitor.person.id, word, "episode", episode_id)
            return await tx.alerts.episode(episode_id)

    async def _ask_note(self, tx: Tx, visitor: Visitor, episode: Episode, now: datetime) -> None:
        if visitor.person is None:
            return
        until = now + NOTE_WITHIN
        await tx.alerts.ask_note(episode.id, until)
        key = f"episode-note:{episode.id}:{now.isoformat()}"
        notice = EpisodeNote(episode.id, episode.code)
        await tx.outbox.put(notice, visitor.person.id, Urgency.REPLY, now, key, until)

    async def following(self, therapist: Therapist) -> tuple[Sequence[Concern], Sequence[Episode]]:
        """Return urgent words after which nobody has contacted the patient, and what is followed, pressing first."""
        async with self._store.reading() as tx:
            urgent = await tx.concerns.unfinished(therapist.id)
            live = [one for one in await tx.alerts.episodes(therapist.id, self._clock.now()) if one.followed]
        return urgent, sorted(live, key=lambda one: (LIVE_EPISODE.index(one.state), one.opened_at, one.id))

    # The note about a talk

    async def note_asked_at(self, visitor: Visitor) -> datetime | None:
        """Return when this person was asked for a note that has not come and may still come."""
        if visitor.person is None or visitor.therapist is None:
            return None
        async with self._store.reading() as tx:
            episode = await tx.alerts.awaiting_note(visitor.person.id, self._clock.now())
        return episode.talked_at if episode else None

    async def note(self, visitor: Visitor, text: str | None, receipt: Receipt) -> bool:
        """Take a typed line as the note that was asked for (None: there is none); False if none was asked for.

        What was noted about an earlier talk of the same episode stays above it.
        """
        now, person = self._clock.now(), visitor.person
        if person is None or visitor.therapist is None:
            return False
        async with self._store.reading() as tx:
            episode = await tx.alerts.awaiting_note(person.id, now)
        if episode is None:
            return False
        async with self._store.transaction(receipt) as tx:
            earlier = await tx.alerts.note(episode.id)
            await tx.alerts.keep_note(episode.id, f"{earlier}\n\n{text}" if earlier and text else text)
            if text is not None:
                await tx.audit.note(now, person.id, "noted", "episode", episode.id)
            noted = EpisodeNoted(episode.id, episode.code, kept=text is not None)
            await tx.outbox.put(noted, person.id, Urgency.REPLY, now, f"episode-noted:{receipt}")
        return True

    async def no_note(self, visitor: Visitor, episode_id: EpisodeId, receipt: Receipt) -> Episode | None:
        """Ask for no note any more; one that was kept stays.  None if the episode is not theirs."""
        async with self._store.transaction() as tx:
            episode = await _own(tx, visitor, episode_id)
            if episode is not None and await tx.inbox.takes_effect(receipt, self._clock.now()):
                await tx.alerts.keep_note(episode_id, None)
            return episode

    async def drop_note(self, visitor: Visitor, episode_id: EpisodeId, receipt: Receipt) -> Episode | None:
        """Delete the note about a talk; None if the episode is not theirs."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            episode = await _own(tx, visitor, episode_id)
            if episode is None or visitor.person is None:
                return None
            if episode.noted and await tx.inbox.takes_effect(receipt, now):
                await tx.alerts.drop_note(episode_id)
                await tx.audit.note(now, visitor.person.id, "unnoted", "episode", episode_id)
            return await tx.alerts.episode(episode_id)

    async def read_note(
        self, visitor: Visitor, episode_id: EpisodeId, message_id: int
    ) -> tuple[Episode, str | None] | None:
        """Return the note, noting the reading and planning to hide it again; None if the episode is not theirs."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            episode = await _own(tx, visitor, episode_id)
            if episode is None or visitor.person is None:
                return None
            note = await tx.alerts.note(episode_id)
            if note is not None:
                await tx.audit.note(now, visitor.person.id, "read", "episode", episode_id)
                due_at = now + timing.HIDE_WORDS_AFTER
                key = f"hide:{visitor.person.id}:{message_id}:{due_at.isoformat()}"
                hidden = WordsHidden(message_id, episode_id)
                await tx.outbox.put(hidden, visitor.person.id, Urgency.BULK, due_at, key)
            return episode, note


async def _own(tx: Tx, visitor: Visitor, episode_id: EpisodeId) -> Episode | None:
    episode = await tx.alerts.episode(episode_id)
    mine = episode is not None and visitor.therapist is not None and visitor.therapist.id == episode.therapist_id
    return episode if mine else None
