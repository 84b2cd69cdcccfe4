"""What is sealed is nowhere in the open: not in the file, its log, or the index of its log; not when it was wiped."""

from pathlib import Path

import pytest

from bot.domain.alliance import Rule, Rules, evaluate
from bot.domain.model import Article, Called, CheckInId, InboxId, Role, Urgency, WordsKind
from bot.domain.notices import InvitationReady
from bot.domain.post import Incoming, Receipt, Source
from bot.domain.records import RecordKind
from storage.database import Database, Rooms
from tests.engines import Chosen
from tests.storage.records import NOW, WEEK, Room, answer, ask, furnish, raw

pytestmark = pytest.mark.both

CHAT, OTHER_CHAT = 7_001_002_003, 7_001_002_004
WORDS, LATER_WORDS, NAME, TOKEN, BODY = "canary-words", "canary-edited", "Dra. Kanarie", "canary-token", "canary-body"
CANARIES = [str(CHAT), str(OTHER_CHAT), "canary", "Kanarie"]


SOURCE = Source(CHAT, 1)
DROP_ALONE = Rules(on=frozenset({Rule.DROP}))


async def write_canaries(tx: Rooms) -> None:
    room = await furnish(tx, chat_id=CHAT, therapist_chat=OTHER_CHAT)
    await tx.people.add_therapist(room.therapist, Called(NAME, Article.LA), NOW, NOW)
    await tx.people.add_invitation(Role.THERAPIST, TOKEN, NAME, None, NOW, NOW + WEEK)
    await tx.people.note_failed_start(CHAT, NOW)
    await tx.people.set_minor(room.patient.id, None, minor=True)
    await tx.people.set_guardian(room.patient.id, "canary-guardian")
    await tx.people.add_consent(room.patient.id, "2", "hash", "es", NOW, accepted=True)
    opened = await ask(tx, room)
    words = await tx.check_ins.add_words(room.patient.id, opened.id, WordsKind.REFLECTION, WORDS, SOURCE, NOW)
    concern = await tx.concerns.open(room.patient.id, words, NOW)
    await tx.concerns.keep_note(concern.id, "canary-note")
    await _episode(tx, room)
    await tx.concerns.add_disclosure(room.patient.id, "canary-confided", Source(CHAT, 9), NOW)
    treatment = room.patient.treatment_id
    await tx.records.add(treatment, RecordKind.AGREEMENT, "canary-agreement", Source(CHAT, 10), NOW)
    struck = await tx.records.add(treatment, RecordKind.MARKER, "canary-marker", Source(CHAT, 11), NOW)
    await tx.records.strike(struck, NOW)
    await tx.people.add_contact(room.therapist, Role.SECOND_CONTACT, Called("canary-contact", Article.LA), NOW)
    await tx.outbox.put(InvitationReady("P-07", TOKEN, NOW), room.therapist, Urgency.REPLY, NOW, "k")
    await tx.inbox.keep([Incoming(f"message:{CHAT}:1", CHAT, BODY)], NOW)


async def _episode(tx: Rooms, room: Room) -> None:
    low = (await answer(tx, room, 9, 9, ends_at=NOW + WEEK), await answer(tx, room, 4, 4, ends_at=NOW + 2 * WEEK))[-1]
    (fall,) = evaluate(await tx.courses.of_treatment(room.patient.treatment_id), low.id, DROP_ALONE)
    episode = await tx.alerts.open_episode(room.patient.treatment_id, fall, NOW)
    await tx.alerts.keep_note(episode, "canary-talk")


def files_of(path: Path) -> list[Path]:
    """Return the files of a database; of a server, all of them, once everything is written to them."""
    if Chosen.server is not None:
        return Chosen.server.files_written()
    files = [*path.parent.glob(f"{path.name}*")]
    assert {"", "-wal", "-shm"} <= {file.name.removeprefix(path.name) for file in files}
    return files


def found_in(path: Path) -> set[tuple[str, str]]:
    """Return each (file, canary) in the open, in any of the files of the database."""
    return {
        (file.name, canary)
        for file in files_of(path)
        for content in (file.read_bytes(),)
        for canary in CANARIES
        for form in (canary.encode(), canary.encode("utf-16-le"))
        if form in content
    }


async def test_nothing_sealed_is_in_the_open_while_the_bot_runs(store: Database, path: Path) -> None:
    async with store.transaction() as tx:
        await write_canaries(tx)
    assert found_in(path) == set()

    async with store.transaction() as tx:
        await tx.check_ins.change_words(SOURCE, LATER_WORDS, NOW)
    assert found_in(path) == set()


async def test_the_search_would_find_what_lies_in_the_open(store: Database, path: Path) -> None:
    async with store.transaction() as tx:
        await tx.facts.keep("canary", str(CHAT))

    assert {canary for _, canary in found_in(path)} == {"canary", str(CHAT)}


@pytest.mark.file
async def test_nothing_sealed_is_in_the_open_after_it_was_wiped_and_folded_in(store: Database, path: Path) -> None:
    async with store.transaction() as tx:
        await write_canaries(tx)
    async with store.transaction(Receipt(InboxId(1))):
        pass
    with raw(path) as db:
        db.execute("PRAGMA wal_checkpoint(FULL)")

        assert found_in(path) == set()


async def test_with_the_keys_everything_can_be_read(store: Database) -> None:
    async with store.transaction() as tx:
        await write_canaries(tx)

    async with store.reading() as tx:
        visitor = await tx.people.visitor(OTHER_CHAT)
        words = await tx.check_ins.words_of(CheckInId(1))
    assert visitor.therapist is not None
    assert (visitor.chat_id, visitor.therapist.called.name) == (OTHER_CHAT, NAME)
    assert [each.text for each in words] == [WORDS]
