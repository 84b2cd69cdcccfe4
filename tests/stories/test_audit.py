"""Who did and read what stays known when the words are gone, and gives away nothing that was confided."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot import paper
from bot.clock import SystemClock
from bot.config import load
from bot.demo.phone import Phone
from bot.domain.model import Role
from tests.practice import Practice, opened
from tests.stories.test_leaving import NOTHING_KEPT, leaves
from tests.stories.test_own_data import CONFIDED, asked, files


async def acts(practice: Practice, code: str = "P-07") -> list[tuple[str, str]]:
    """Return what the audit says about a patient."""
    found = await practice.bot.services.data_requests.acts_about(code)
    return [(act.act, act.subject) for act in found or ()]


async def confided(practice: Practice) -> tuple[Phone, Phone, Phone]:
    """Let a patient tell the second contact what the therapist is not to know, who reads it."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    soto = await practice.enrolled(Role.SECOND_CONTACT, 110, "Dra. Soto", "la Dra. Soto")
    await practice.says(ana, CONFIDED)
    await practice.taps(ana, "Contárselo a otra persona de la consulta")
    await practice.taps(soto, "Leer")
    return ruiz, ana, soto


async def test_who_read_words_is_known_when_they_are_gone(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2, words="kolibriwort")
    await practice.says(ana, "quiero morirme")
    await practice.taps(ruiz, "Leer sus palabras", "Lo he visto", "He contactado")
    before = await acts(practice)

    await leaves(practice, ana)
    await practice.pass_time(timedelta(hours=80))

    assert await practice.rows("SELECT id FROM words UNION ALL SELECT id FROM concerns") == []
    assert await acts(practice) == [*before, ("left", "patient"), ("erased", "patient")]
    assert {("read", "words"), ("raised", "concern"), ("saw", "concern"), ("contacted", "concern")} <= set(before)


async def test_every_line_about_a_patient_keeps_whom_it_is_about_and_no_other_line_does(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=NOTHING_KEPT) as practice:
        ruiz, ana, _ = await confided(practice)
        await practice.patient(ruiz, "P-08", 201)
        await practice.week(ruiz, ana, 9, 9, 2)
        await practice.week(ruiz, ana, 3, 3, 2)
        await practice.taps(ruiz, "Ver", "Visto")
        await leaves(practice, ana)

        lines = await practice.rows("SELECT subject, subject_id, patient_id FROM audit")
        about = {line["subject"] for line in lines if line["patient_id"] == 1}
        assert about == {"patient", "disclosure", "session", "episode"}
        assert {line["subject"] for line in lines if line["patient_id"] is None} == {"therapist", "second_contact"}
        assert {line["subject_id"] for line in lines if line["patient_id"] == 2} == {2}
        assert await practice.rows("SELECT id FROM patients") == [{"id": 2}]


@pytest.mark.both
async def test_what_was_confided_is_seen_by_the_patient_and_the_contact_alone(practice: Practice) -> None:
    ruiz, ana, soto = await confided(practice)

    _, whole = await asked(practice, ana)
    _, of_contact = await asked(practice, soto)
    await practice.says(ruiz, "/exportar P-07")

    told = {("told", "disclosure"), ("read", "disclosure")}
    assert told <= {(act["act"], act["subject"]) for act in whole["patients"][0]["acts"]}
    assert ("read", "disclosure") in {(act["act"], act["subject"]) for act in of_contact["acts"]}
    assert not told & set(await acts(practice))
    assert not any("disclosure" in file for file in files(ruiz).values())


async def test_the_command_line_says_what_it_leaves_out_whether_or_not_there_is_any(tmp_path: Path) -> None:
    async with opened(tmp_path, start=SystemClock().now()) as practice:
        ruiz, _, _ = await confided(practice)
        await practice.patient(ruiz, "P-08", 201)
        config = load(tmp_path / "config.toml")

        confiding, other = [await paper.audit(config, practice.keys, code) for code in ("P-07", "P-08")]

        assert confiding
        assert other
        assert confiding[-1] == other[-1] == paper.NOT_LISTED
        assert not any("disclosure" in line for line in confiding[:-1])
