"""A therapist takes records into the clinic's own programs: a spreadsheet, a research database, an electronic record.

What was asked when, what arrived when and what was answered when has to be right there, and nobody else's may be in it.
"""

import csv
import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

from bot.demo.faults import Fault
from bot.demo.phone import Phone
from handlers.actions import ExportTap
from handlers.keyboards import encode
from tests.practice import Practice, labels, opened

MINUTE = timedelta(minutes=1)
RULES_IN_FORCE = (
    "1;rules=drop+item_drop+slide+silence+low_start+pending+ceiling;drop=2;item_drop=3;slide=2;falls=1.5;silence=2;"
    "low_start=7;pending=7;ceiling=3;repair_margin=0.5;unrepaired_after=2;grace=PT5M"
)


def documents(phone: Phone) -> dict[str, str]:
    """Return the files a person has got, by name; the newest of each."""
    return {
        str(message.file_name): (message.document or b"").decode("utf-8-sig")
        for message in phone.messages
        if message.document
    }


def table(phone: Phone, name: str = "microchequeo-P-07.csv") -> list[dict[str, str]]:
    """Return the rows of a table a person has got."""
    return list(csv.DictReader(StringIO(documents(phone)[name], newline="")))


async def test_the_therapist_picks_whose_record_or_takes_all_of_them(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.patient(ruiz, "P-08", 201)
    await practice.week(ruiz, ana, 9, 8, 2, words="kolibriwort")

    await practice.says(ruiz, "/exportar")
    assert labels(ruiz) == ["P-07", "P-08", "Todos, juntos"]
    await practice.taps(ruiz, "P-08")
    assert sorted(documents(ruiz)) == [f"microchequeo-P-08.{end}" for end in ("csv", "fhir.json", "json", "txt")]
    await practice.taps(ruiz, "Todos, juntos")

    whole = documents(ruiz)
    assert {name for name in whole if "all" in name} == {
        f"microchequeo-all.{end}" for end in ("csv", "fhir.json", "json")
    }
    assert [one["code"] for one in json.loads(whole["microchequeo-all.json"])["patients"]] == ["P-07", "P-08"]
    assert {row["code"] for row in table(ruiz, "microchequeo-all.csv")} == {"P-07"}, "P-08 has had no session"
    assert "kolibriwort" in whole["microchequeo-all.fhir.json"]
    about = await practice.rows(
        "SELECT code FROM audit JOIN patients ON patients.id = patient_id WHERE act = 'exported'"
    )
    assert sorted(row["code"] for row in about) == ["P-07", "P-07", "P-08", "P-08"], "the words of P-07 are one more"


async def test_what_was_written_down_and_guessed_goes_along_as_tables(tmp_path: Path) -> None:
    carried = "[check_in]\nask_pending = true\n[therapist]\nblind_guess = true\n"
    async with opened(tmp_path, settings=carried) as practice:
        ruiz = await practice.therapist()
        ana = await practice.patient(ruiz)
        await practice.patient(ruiz, "P-08", 201)
        await practice.week(ruiz, ana, 9, 8, 8)
        await practice.session_ends(ruiz)
        await practice.taps(ruiz, "7")
        await practice.taps(ana, "9", "9", "2", "No hacía falta")
        await practice.says(ruiz, "/acuerdo P-07 Una pauta de sueño")
        await practice.says(ruiz, "/acuerdo P-07 Una pauta de sueño, y parar")
        await practice.says(ruiz, "/nota P-07 marcador =aprieta las manos")
        await practice.says(ruiz, "/nota P-08 revisión Un malentendido")
        await practice.taps(ruiz, "Deshacer")

        await practice.says(ruiz, "/exportar P-07")
        await practice.says(ruiz, "/exportar")
        await practice.taps(ruiz, "Todos, juntos")

        sessions = {(row["taken_up"], row["guess"]) for row in table(ruiz)}
        assert sessions == {("", ""), ("not_needed", "7")}
        of_ana = [
            ("P-07", "agreement", "1", "Una pauta de sueño"),
            ("P-07", "agreement", "2", "Una pauta de sueño, y parar"),
            ("P-07", "marker", "", "'=aprieta las manos"),
        ]
        assert written_down(table(ruiz, "microchequeo-P-07.records.csv")) == of_ana
        together = table(ruiz, "microchequeo-all.records.csv")
        assert written_down(together) == [*of_ana, ("P-08", "review", "", "")]
        assert [bool(row["ended_at"]) for row in together] == [True, False, False, False]
        assert [bool(row["struck_at"]) for row in together] == [False, False, False, True]
        (held,) = json.loads(documents(ruiz)["microchequeo-P-07.json"])["patients"]
        assert [one["version"] for one in held["records"]] == [1, 2, None]


def written_down(rows: list[dict[str, str]]) -> list[tuple[str, ...]]:
    """Return whose each record is, what it is, and what it says."""
    return [tuple(row[name] for name in ("code", "kind", "version", "text")) for row in rows]


async def test_nobody_gets_the_records_of_somebody_elses_patients(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    (patient,) = await practice.rows("SELECT id FROM patients")

    await practice.says(gil, "/exportar")
    for phone in (gil, ana):
        for tap in (ExportTap(patient["id"]), ExportTap()):
            await practice.taps_data(phone, encode(tap))

    assert (documents(gil), documents(ana)) == ({}, {})
    assert labels(gil) == []
    assert await practice.rows("SELECT id FROM audit WHERE act = 'exported'") == []


async def test_it_says_when_each_question_was_planned_sent_opened_and_answered(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    ended_at = practice.clock.now()
    practice.telegram.fault = lambda method, _: Fault.tear() if method == "sendMessage" else None
    await practice.session_ends(ruiz)
    practice.telegram.fault = None
    await practice.pass_time(20 * MINUTE)
    sent_at = practice.clock.now()
    await practice.pass_time(5 * MINUTE)
    await practice.taps(ana, "9")
    await practice.pass_time(MINUTE)
    await practice.taps(ana, "8", "2", "Listo")
    await practice.pass_time(MINUTE)
    await practice.taps(ana, "Corregir", "5")

    await practice.says(ruiz, "/exportar P-07")

    rows = table(ruiz)
    at = {name: [row[name].replace("Z", "+00:00") for row in rows] for name in rows[0] if name.endswith("_at")}
    assert set(at["planned_at"]) == {(ended_at + 15 * MINUTE).isoformat()}
    assert set(at["sent_at"]) == {sent_at.isoformat()}, "the connection was gone"
    assert set(at["opened_at"]) == {(sent_at + 5 * MINUTE).isoformat()}
    answered = [(sent_at + after * MINUTE).isoformat() for after in (7, 6, 6)]
    assert at["answered_at"] == answered, "a score that was changed counts from then"
    assert [row["value"] for row in rows] == ["5", "8", "2"]
    assert {row["rules"] for row in rows} == {RULES_IN_FORCE}


async def test_what_was_not_answered_is_there_and_says_why(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    began_at = practice.clock.now()
    await practice.session_ends(ruiz)
    await practice.taps(ana, "Esta vez no")
    await practice.go_to(began_at + timedelta(days=7))
    await practice.session_ends(ruiz)
    await practice.says(ana, "quiero morirme")
    await practice.go_to(began_at + timedelta(days=14))
    await practice.session_ends(ruiz)
    await practice.pass_time(timedelta(days=4))

    await practice.says(ruiz, "/exportar P-07")

    rows = table(ruiz)
    assert [row["state"] for row in rows[::3]] == ["declined", "stopped", "closed"]
    assert [bool(row["opened_at"]) for row in rows[::3]] == [True, False, False]
    assert {(row["value"], row["answered_at"]) for row in rows} == {("", "")}
    statuses = [
        entry["resource"]["status"]
        for entry in json.loads(documents(ruiz)["microchequeo-P-07.fhir.json"])["entry"]
        if entry["resource"]["resourceType"] == "QuestionnaireResponse"
    ]
    assert statuses == ["stopped"] * 3
