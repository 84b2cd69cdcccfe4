"""Rows of episodes: notes about talks, how often a rule was right, and what goes with the patient's words."""

from datetime import datetime
from pathlib import Path

import pytest

from bot.domain.alliance import Rule, Rules, evaluate
from bot.domain.episodes import EpisodeState, Precision
from bot.domain.model import EpisodeId, Kept, WordsKind
from bot.domain.post import Source
from storage.database import Database, Rooms
from storage.erasure import erase_patient
from tests.storage.records import HOUR, NOW, WEEK, Room, answer, furnish, rows

pytestmark = pytest.mark.both

END = NOW + 10 * WEEK


async def an_episode(tx: Rooms, room: Room, at: datetime = NOW, state: EpisodeState | None = None) -> EpisodeId:
    """Let the alliance fall in two sessions from `at` on; with `state`, that is what became of it."""
    await answer(tx, room, 9, 9, ends_at=at)
    low = await answer(tx, room, 4, 4, ends_at=at + HOUR)
    course = await tx.courses.of_treatment(room.patient.treatment_id)
    (fall,) = evaluate(course, low.id, Rules(on=frozenset({Rule.DROP})))
    episode = await tx.alerts.open_episode(room.patient.treatment_id, fall, at)
    await tx.alerts.add_alert(episode, fall, at)
    if state is not None:
        await tx.alerts.set_episode_state(episode, state, at)
    return episode


async def test_the_newest_question_for_a_note_is_the_one_that_waits(store: Database) -> None:
    async with store.transaction() as tx:
        one, other = await furnish(tx), await furnish(tx, "P-08", 201)
        first, second = await an_episode(tx, one), await an_episode(tx, other)
        await tx.alerts.ask_note(first, NOW + HOUR)
        await tx.alerts.ask_note(second, NOW + 2 * HOUR)

        waiting = await tx.alerts.awaiting_note(one.therapist, NOW)
        assert waiting is not None
        assert waiting.id == second
        await tx.alerts.keep_note(second, None)
        waiting = await tx.alerts.awaiting_note(one.therapist, NOW)
        assert waiting is not None
        assert waiting.id == first
        assert await tx.alerts.awaiting_note(one.therapist, NOW + HOUR) is None
        assert await tx.alerts.awaiting_note(one.person, NOW) is None


async def test_false_alarms_are_counted_against_closed_episodes_of_their_rule(store: Database) -> None:
    states = (EpisodeState.FALSE_ALARM, EpisodeState.REPAIRED, EpisodeState.UNREPAIRED, EpisodeState.WITHDRAWN, None)
    async with store.transaction() as tx:
        room = await furnish(tx)
        for week, state in enumerate(states):
            await an_episode(tx, room, NOW + week * WEEK, state)

        assert await tx.alerts.precision(room.patient.therapist_id) == {Rule.DROP: Precision(3, 1)}


async def test_a_talk_has_its_instant_and_a_further_fall_wants_to_be_seen_again(store: Database) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        number = await an_episode(tx, room)
        await tx.alerts.acknowledge(number, NOW + HOUR)
        await tx.alerts.set_episode_state(number, EpisodeState.TALKED, NOW + HOUR)
        raised = await tx.alerts.standing_alert(number)
        assert raised is not None
        await tx.alerts.deepen_episode(number, raised, EpisodeState.OPEN)

        episode = await tx.alerts.episode(number)

    assert episode is not None
    assert (episode.talked_at, episode.acknowledged_at, episode.state) == (NOW + HOUR, None, EpisodeState.OPEN)


@pytest.mark.parametrize(("talked_at", "kept"), [(NOW, False), (END, True)])
async def test_a_note_goes_with_the_words_of_its_age(store: Database, talked_at: datetime, *, kept: bool) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        number = await an_episode(tx, room)
        await tx.alerts.set_episode_state(number, EpisodeState.TALKED, talked_at)
        await tx.alerts.keep_note(number, "iba deprisa")
        source = Source(200, 1)
        await tx.check_ins.add_words(room.patient.id, None, WordsKind.MESSAGE, "hola", source, NOW)
        await tx.retention.delete(await tx.retention.announce(room.therapist, Kept.WORDS, NOW + WEEK, END))

        assert (await tx.alerts.note(number) is not None) is kept


async def test_where_scores_must_stay_the_note_goes_when_the_patient_leaves(store: Database, path: Path) -> None:
    async with store.transaction() as tx:
        room = await furnish(tx)
        await tx.alerts.keep_note(await an_episode(tx, room), "iba deprisa")
        await tx.leaving._session.run_sync(erase_patient, room.patient.id, keep_scores=True)

    assert rows(path, "SELECT note, note_until, next_at FROM episodes") == [
        {"note": None, "note_until": None, "next_at": None}
    ]
