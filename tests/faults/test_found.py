"""What the sweep has found, each in as short a life as shows it.

A disk that fails just when the bot writes something down costs nobody an answer, says nothing twice, and keeps nothing
of theirs.
"""

from datetime import timedelta
from pathlib import Path

from bot.domain.model import Role
from tests.faults.broken_disk import BUSY, UNKNOWN, DiskFault, broken_disk
from tests.faults.course import Course, Operation
from tests.practice import opened, said

SOON = timedelta(seconds=11)


def course_to(step: str, kind: str, place: int, fault: DiskFault) -> Course[DiskFault]:
    """Return a course on which this goes wrong."""
    return Course({Operation(step, kind, place): fault})


async def test_the_consent_text_goes_on_leaving_though_nobody_heard_that_the_decision_was_kept(tmp_path: Path) -> None:
    course = course_to("deciding", "COMMIT after UPDATE inbox", 1, UNKNOWN)
    with broken_disk(course):
        async with opened(tmp_path) as practice:
            ruiz = await practice.therapist()
            ana = practice.telegram.phone(200, "P-07")
            await practice.says(ana, f"/start {await practice.invitation(ruiz, 'P-07')}")
            course.step = "deciding"
            await practice.taps(ana, "Acepto")
            await practice.pass_time(SOON)

            await practice.says(ana, "/baja")
            await practice.taps(ana, "Sí, darme de baja")

    assert course.struck
    assert [text[:6] for text in said(ana)] == ["Hecho."]


async def test_a_welcome_is_said_once_though_what_its_menu_needs_cannot_be_read(tmp_path: Path) -> None:
    course = course_to("enrolling", "SELECT contacts", 3, BUSY)
    with broken_disk(course):
        async with opened(tmp_path) as practice:
            ruiz = practice.telegram.phone(100, "Ruiz")
            token = await practice.bot.services.enrolment.invite(Role.THERAPIST, "Dra. Ruiz")
            await practice.says(ruiz, f"/start {token}")
            course.step = "enrolling"
            await practice.taps(ruiz, "la Dra. Ruiz")
            await practice.pass_time(SOON)

    assert course.struck
    assert sum(text.startswith("Listo: sus pacientes") for text in said(ruiz)) == 1


async def test_a_database_that_is_busy_while_the_bot_starts_does_not_end_it(tmp_path: Path) -> None:
    """What an earlier life left behind is looked for again with the next look of the tick."""
    course = course_to("starting", "SELECT inbox", 1, BUSY)
    with broken_disk(course):
        async with opened(tmp_path) as practice:
            await practice.stop()
            course.step = "starting"
            await practice.start()
            ana = practice.telegram.phone(200, "Ana")
            await practice.says(ana, "/ayuda")

    assert course.struck
    assert "024" in ana.last().text


async def test_an_erasure_of_which_only_the_answer_was_lost_is_not_done_again(tmp_path: Path) -> None:
    course = course_to("erasing", "COMMIT after INSERT chores", 1, UNKNOWN)
    with broken_disk(course):
        async with opened(tmp_path) as practice:
            ruiz = await practice.therapist()
            ana = await practice.patient(ruiz)
            await practice.week(ruiz, ana, 9, 8, 2, words="kolibriwort")
            await practice.says(ana, "/baja")
            await practice.taps(ana, "Sí, darme de baja")
            course.step = "erasing"
            await practice.pass_time(timedelta(hours=72))
            await practice.pass_time(timedelta(hours=2))

            assert course.struck
            assert await practice.words() == []
            assert await practice.rows("SELECT patient_id FROM erasures") == []
            assert await practice.rows("SELECT count(*) AS n FROM audit WHERE act = 'erased'") == [{"n": 1}]
