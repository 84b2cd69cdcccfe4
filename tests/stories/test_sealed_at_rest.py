"""A stolen disk, a log sent to a colleague: neither may say who comes, or what they wrote.

A full story is played with words that occur nowhere else; then the files and the logs are searched for them.
"""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest

from bot.demo.faults import Fault
from tests.listening import listened
from tests.practice import Practice, opened

TOKEN = "7213546980:KanarienToken-abcdefghijklmnopqrstuv"
NAME = "Dra. Zyxkanari"
THERAPIST, PATIENT, STRANGER = 7_310_246_801, 7_310_246_802, 7_310_246_803
REFLECTION, PENDING, LEFT = "kolibriwort", "nandufrase", "tukanbrief"
MENDED, REFUSED, CRISIS = "ibisnachtrag", "pinguinnein", "quiero morirme albatrosruf"


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Catch everything that any library logs, from DEBUG on."""
    with listened([TOKEN]) as stream:
        yield stream


async def full_story(practice: Practice) -> None:
    """Play enrolment, consent, answers, words of every kind, an alert, an outage, a crisis, a digest."""
    zyx = await practice.therapist(THERAPIST, NAME, f"la {NAME}")
    ana = await practice.patient(zyx, "KANARI-7", PATIENT)
    stranger = practice.telegram.phone(STRANGER, "Fremdling")
    await practice.says(stranger, f"/start {REFUSED}")
    await practice.week(zyx, ana, 9, 9, 2, code="KANARI-7", words=REFLECTION)
    await practice.session_ends(zyx, "KANARI-7")
    practice.telegram.fault = lambda method, _: Fault.tear() if method == "editMessageText" else None
    await practice.taps(ana, "5")
    practice.telegram.fault = None
    await practice.pass_time(timedelta(seconds=11))
    await practice.taps(ana, "5", "8")
    await practice.says(ana, PENDING)
    words = await ana.send(REFLECTION)
    await practice.settle()
    await practice.edits(ana, words, MENDED)
    await practice.pass_time(timedelta(minutes=20))
    await practice.taps(zyx, "Ver", "Leer sus palabras")
    await practice.says(ana, LEFT)
    await practice.taps(ana, "Dejárselo")
    await practice.says(ana, REFUSED)
    await practice.taps(ana, "No")
    await practice.says(ana, CRISIS)
    await practice.says(zyx, "/resumen")
    practice.telegram.push_raw({"message": {"message_id": 1, "date": 0, "chat": {"id": PATIENT}, "text": REFUSED}})
    await practice.settle()


@pytest.mark.file
async def test_neither_the_files_nor_the_logs_say_who_or_what(tmp_path: Path, log: StringIO) -> None:
    async with opened(tmp_path, token=TOKEN) as practice:
        await full_story(practice)

        kept = [path for path in practice.database.parent.rglob("*") if path.is_file() and path.suffix != ".lock"]
        content = {path.name: path.read_bytes().lower() for path in kept}
        canaries = [
            TOKEN,
            TOKEN.partition(":")[2],
            "Zyxkanari",
            str(THERAPIST),
            str(PATIENT),
            str(STRANGER),
            "Fremdling",
        ]
        canaries += [REFLECTION, PENDING, LEFT, MENDED, REFUSED, "albatrosruf", "morirme"]

        assert {"microchequeo.db", "microchequeo.db-wal"} <= content.keys()
        assert [(c, name) for c in canaries for name, held in content.items() if c.lower().encode() in held] == []
        assert [c for c in [*canaries, "KANARI-7"] if c.lower() in log.getvalue().lower()] == []
        assert "not sent" in log.getvalue() or "shown later" in log.getvalue(), "the log was listening"


async def test_the_story_really_kept_what_the_search_looks_for(tmp_path: Path) -> None:
    async with opened(tmp_path, token=TOKEN) as practice:
        await full_story(practice)

        assert [text for _, text in await practice.words()] == [REFLECTION, PENDING, MENDED, LEFT, CRISIS]


@pytest.mark.file
async def test_after_leaving_not_even_the_sealed_bytes_are_left(tmp_path: Path, log: StringIO) -> None:
    """What was sealed is looked for as it lay in the file, in database and log; the ids in what was logged."""
    async with opened(tmp_path, token=TOKEN, settings="[privacy]\nkeep_scores = false\n") as practice:
        await full_story(practice)
        sealed = [row["body"] for row in await practice.rows("SELECT body FROM words")]
        sealed += [row["chat"] for row in await practice.rows("SELECT chat FROM people WHERE id = 2")]
        ana = practice.telegram.phone(PATIENT, "KANARI-7")
        await practice.taps(practice.telegram.phone(THERAPIST, NAME), "Lo he visto", "He contactado")

        await practice.says(ana, "/baja")
        await practice.taps(ana, "Sí, darme de baja")
        await practice.pass_time(timedelta(hours=1))

        kept = [path for path in practice.database.parent.iterdir() if path.name.startswith("microchequeo.db")]
        assert len(sealed) == 6
        assert [path.name for path in kept for one in sealed if one in path.read_bytes()] == []
        assert await practice.rows("SELECT id FROM people") == [{"id": 1}]
        assert [c for c in (str(PATIENT), REFLECTION, LEFT, "KANARI-7") if c.lower() in log.getvalue().lower()] == []
