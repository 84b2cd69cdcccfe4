"""A team looks at its alliances once a month: how it goes, not whose it is.

Whoever supervises reads sums; a month that would be about somebody in particular is not shown.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.demo.phone import Phone
from bot.domain.model import Role
from tests.practice import Practice, opened, said

ON = "[practice]\nsupervisor = true\n"
FIRST_OF_DECEMBER = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)
"""19:00 in Madrid, the digest's hour."""


def readings(phone: Phone) -> list[str]:
    """Return the readings on a phone."""
    return [text for text in said(phone) if text.startswith("Lectura de la alianza")]


async def team(practice: Practice) -> Phone:
    """Let two therapists have three patients each, who answer once; return the supervisor's phone."""
    vidal = await practice.enrolled(Role.SUPERVISOR, 111, "Dra. Vidal", "la Dra. Vidal")
    for number, name in enumerate(("Dra. Ruiz", "Dr. Gil")):
        therapist = await practice.therapist(100 + number, name, name)
        codes = [f"P-{number}{patient}" for patient in range(3)]
        patients = [await practice.patient(therapist, code, 200 + int(code[2:])) for code in codes]
        for code in codes:
            await practice.session_ends(therapist, code, ask=False)
        await practice.pass_time(timedelta(minutes=15))
        for patient, code in zip(patients, codes, strict=True):
            await practice.answers(patient, 9, 9, 2)
            await practice.says(therapist, f"/nota {code} marcador Aprieta las manos")
        await practice.says(therapist, f"/nota {codes[0]} marcador Por error")
        await practice.taps(therapist, "Deshacer")
    return vidal


async def test_the_reading_comes_on_the_first_of_the_month_and_names_nobody(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=ON) as practice:
        vidal = await team(practice)

        await practice.go_to(FIRST_OF_DECEMBER - timedelta(seconds=1))
        assert readings(vidal) == []
        await practice.go_to(FIRST_OF_DECEMBER)

        (text,) = readings(vidal)
        assert "6 pacientes de 2 terapeutas, 6 sesiones preguntadas\nContestadas: 6 (100 %)\n" in text
        assert "Momentos de sintonía (9,0 o más, sin bajar): 6 (100 % de las respuestas)" in text
        assert "Recursos somáticos anotados (marcadores de seguridad): 6\n" in text, (
            "what was struck out is not counted"
        )
        assert not any(word in text for word in ("P-0", "P-1", "Ruiz", "Gil"))
        await practice.pass_time(timedelta(days=1))
        assert len(readings(vidal)) == 1, "once"


async def test_who_supervises_and_treats_reads_about_the_others_alone(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=ON) as practice:
        await team(practice)
        gil = await practice.enrolled(Role.SUPERVISOR, 101, "Dr. Gil", "el Dr. Gil")

        await practice.go_to(FIRST_OF_DECEMBER)

        assert "este mes no se muestra" in readings(gil)[0], "three patients of one therapist are left"


@pytest.mark.both
async def test_a_month_without_sessions_says_so_also_after_an_outage(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=ON) as practice:
        vidal = await practice.enrolled(Role.SUPERVISOR, 111, "Dra. Vidal", "la Dra. Vidal")
        await practice.stop()
        practice.clock.move_to(FIRST_OF_DECEMBER + timedelta(days=2, hours=4))

        await practice.start()
        await practice.settle()
        assert readings(vidal) == [], "not at night"
        await practice.pass_time(timedelta(hours=9))

        assert readings(vidal) == ["Lectura de la alianza · noviembre de 2026: no hubo sesiones preguntadas."]


async def test_nothing_comes_unless_the_practice_wants_it(practice: Practice) -> None:
    vidal = await practice.enrolled(Role.SUPERVISOR, 111, "Dra. Vidal", "la Dra. Vidal")

    await practice.go_to(FIRST_OF_DECEMBER + timedelta(hours=1))

    assert readings(vidal) == []
