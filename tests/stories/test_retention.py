"""Nothing clinical disappears behind a therapist's back: announced twice, weeks ahead, then really gone."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.demo.phone import Phone
from bot.domain.model import Kept
from tests import engines
from tests.practice import Practice, opened, said

SHORT = '[privacy]\nwords = "60d"\nscores = "120d"\naudit = "90d"\n[backup]\nfolder = ""\n'
DAY = timedelta(days=1)


async def written(practice: Practice) -> tuple[Phone, Phone]:
    """Let a patient answer and write on the first day."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 8, 2, words="kolibriwort")
    return ruiz, ana


async def days(practice: Practice, count: int) -> None:
    """Let an even number of days pass, two at a time."""
    for _ in range(count // 2):
        await practice.pass_time(2 * DAY)


async def quiet_weeks(practice: Practice, count: int) -> None:
    """Let weeks pass in which nothing is looked at more than once."""
    await practice.pass_time(count * timedelta(weeks=1))


def announced(phone: Phone) -> list[tuple[datetime, str]]:
    """Return when a deletion was announced, and how."""
    return [(message.date, message.text) for message in phone.messages if message.text.startswith("Desde el ")]


def about_words(phone: Phone) -> list[str]:
    """Return how the deletion of words was announced."""
    return [text for _, text in announced(phone) if "1 texto" in text]


async def test_words_are_announced_twice_and_then_deleted(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=SHORT) as practice:
        ruiz, _ = await written(practice)

        await quiet_weeks(practice, 3)
        await days(practice, 30)
        assert len(await practice.words()) == 1
        (first_at, first), (second_at, _) = announced(ruiz)
        await days(practice, 8)

        assert await practice.words() == []
        assert "se borrará 1 texto de P-07" in first
        assert "/exportar P-07" in first
        gone_at = practice.clock.now()
        assert gone_at - first_at >= 28 * DAY
        assert gone_at - second_at >= 14 * DAY
        assert len(await practice.scores()) == 3


async def test_only_who_has_something_old_or_hears_of_its_deletion_is_looked_at(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=SHORT) as practice:
        ruiz, _ = await written(practice)
        await practice.patient(await practice.therapist(101, "Dr. Gil", "el Dr. Gil"), "P-08", 201)

        async def readers(old: datetime) -> list[tuple[Kept, int]]:
            async with practice.bot.store.reading() as tx:
                found = await tx.retention.readers(dict.fromkeys(Kept, old))
                return [(one.kind, (await tx.people.person(one.person_id)).chat_id) for one in found]

        assert await readers(practice.clock.now()) == [(Kept.WORDS, ruiz.chat_id)]
        assert await readers(practice.clock.now() - 30 * DAY) == []
        await quiet_weeks(practice, 5)
        assert await readers(practice.clock.now() - 90 * DAY) == [(Kept.WORDS, ruiz.chat_id)]


async def test_what_has_not_reached_the_therapist_is_not_deleted(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=SHORT) as practice:
        ruiz, _ = await written(practice)
        await quiet_weeks(practice, 3)
        await ruiz.block()

        await quiet_weeks(practice, 8)
        assert len(await practice.words()) == 1
        await ruiz.unblock()
        await days(practice, 12)
        assert len(await practice.words()) == 1
        await days(practice, 20)

        assert await practice.words() == []


async def test_numbers_follow_when_their_time_is_over_and_the_words_are_gone(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=SHORT) as practice:
        ruiz, _ = await written(practice)

        await quiet_weeks(practice, 6)
        await days(practice, 58)
        assert len(await practice.scores()) == 3
        await days(practice, 30)

        assert await practice.scores() == []
        assert await practice.rows("SELECT * FROM sessions") == []
        assert sum("los números de P-07" in text for _, text in announced(ruiz)) == 2
        assert await practice.rows("SELECT state FROM patients") == [{"state": "active"}]


async def test_numbers_that_were_never_announced_are_not_deleted_with_those_that_were(tmp_path: Path) -> None:
    """P-08's numbers become old enough only when P-08's words go, the day on which P-07's numbers are deleted."""
    async with opened(tmp_path, settings='[privacy]\nwords = "60d"\nscores = "60d"\n') as practice:
        ruiz = await practice.therapist()
        ana, leo = await practice.patient(ruiz), await practice.patient(ruiz, "P-08", 201)
        await practice.session_ends(ruiz)
        await practice.answers(ana, 9, 9, 2)
        await practice.session_ends(ruiz, "P-08")
        await practice.answers(leo, 9, 9, 2, words="algo")

        await quiet_weeks(practice, 4)
        for _ in range(40):
            await practice.pass_time(2 * DAY)
            if not await practice.words():
                break
        assert {number for number, _, _ in await practice.scores()} == {2}
        await days(practice, 40)

        assert await practice.scores() == []
        of_numbers = [text for _, text in announced(ruiz) if "los números" in text]
        assert [("P-07" in text, "P-08" in text) for text in of_numbers] == [
            *[(True, False)] * 2,
            *[(False, True)] * 2,
        ]


async def test_a_plan_that_names_nobody_is_announced_anew(tmp_path: Path) -> None:
    """As after an update: plans from before did not keep for whom they were announced."""
    async with opened(tmp_path, settings=SHORT) as practice:
        ruiz, _ = await written(practice)
        await quiet_weeks(practice, 3)
        await days(practice, 28)
        with engines.raw(practice.database) as db:
            db.execute("DELETE FROM deletion_patients")

        await days(practice, 12)
        assert len(await practice.words()) == 1
        await days(practice, 36)

        assert await practice.words() == []
        assert len([text for _, text in announced(ruiz) if "1 texto" in text]) == 4


async def test_one_announcement_is_not_enough(tmp_path: Path) -> None:
    """The second one never arrives; the bot looks every other day."""
    async with opened(tmp_path, settings=SHORT) as practice:
        ruiz, _ = await written(practice)
        await quiet_weeks(practice, 3)
        while not announced(ruiz):
            await practice.pass_time(2 * DAY)
        await ruiz.block()

        await days(practice, 60)
        assert len(await practice.words()) == 1
        assert len(about_words(ruiz)) == 1
        await ruiz.unblock()
        await days(practice, 20)

        assert await practice.words() == []
        assert len(about_words(ruiz)) == 2


@pytest.mark.both
async def test_the_audit_loses_its_oldest_part_and_nothing_else_ever(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=SHORT) as practice:
        await written(practice)
        await quiet_weeks(practice, 14)

        acts = await practice.rows("SELECT act FROM audit")
        assert acts == [], "everything was older than 90 days"
        with engines.raw(practice.database) as db:
            db.execute("INSERT INTO audit (at, act, subject, subject_id) VALUES ('2027', 'a', 'b', 1)")
            with pytest.raises(engines.REFUSALS, match="append-only"):
                db.execute("DELETE FROM audit")


@pytest.mark.file
async def test_deleted_words_are_nowhere_in_the_files_once_nobody_reads_them(tmp_path: Path) -> None:
    """The words are sealed; so the sealed bytes themselves are looked for, in the database and in its log."""
    async with opened(tmp_path, settings=SHORT) as practice:
        await written(practice)
        (row,) = await practice.rows("SELECT body FROM words")
        await quiet_weeks(practice, 3)
        await days(practice, 30)
        with closing(sqlite3.connect(practice.database, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT COUNT(*) FROM words").fetchone()
            await days(practice, 8)
            assert await practice.words() == []
            assert row["body"] in practice.database.read_bytes() + _log(practice), "a reader still needs it"
            assert "Somebody reads the database" in (await practice.bot.health.warnings())["checkpoint"]
        await practice.pass_time(timedelta(hours=4))

        assert row["body"] not in practice.database.read_bytes()
        assert row["body"] not in _log(practice)
        assert "checkpoint" not in await practice.bot.health.warnings()


def _log(practice: Practice) -> bytes:
    return practice.database.with_name("microchequeo.db-wal").read_bytes()


async def test_what_only_served_the_work_goes_without_a_word(practice: Practice) -> None:
    ruiz, ana = await written(practice)
    token = practice.telegram.phone(300, "Desconocida")
    await practice.says(token, "/start falsch")
    known = len([message for message in ana.messages if message.from_bot])

    await quiet_weeks(practice, 6)

    assert await practice.rows("SELECT * FROM failed_starts") == []
    assert await practice.rows("SELECT id FROM outbox WHERE kind = 'consented'") == []
    assert await practice.rows("SELECT id FROM inbox WHERE done_at < '2026-12-20'") == []
    assert announced(ruiz) == []
    (noted,) = await practice.rows("SELECT COUNT(*) AS n FROM sent_messages")
    assert noted["n"] >= known - 1, "which messages are in the chat is still known"
    assert said(ana)
