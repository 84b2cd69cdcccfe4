"""A therapist keeps their sessions in a calendar of their own, and sends it now and then.

The bot follows what changes there, leaves alone what was changed here, and remembers whose a title is, never the title.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.demo.faults import Fault
from bot.demo.phone import Phone
from bot.demo.server import DOWNLOAD
from tests.ical.calendars import FILES, NOW, at, calendar, event
from tests.listening import listened
from tests.practice import Practice, data_of, labels, opened, said

CODES = ("P-03", "P-07", "P-09", "P-10", "P-12", "P-21", "P-22")


@pytest.fixture
async def practice(tmp_path: Path) -> AsyncIterator[Practice]:
    async with opened(tmp_path, start=NOW) as opened_practice:
        yield opened_practice


async def sends(practice: Practice, phone: Phone, data: bytes, name: str = "agenda.ics", mime: str = "") -> list[str]:
    """Let somebody send a file; return what the bot says to it."""
    before = len(said(phone))
    await phone.send_document(data, name, mime or "text/calendar")
    await practice.settle()
    return said(phone)[before:]


async def therapist_with(practice: Practice, *codes: str) -> Phone:
    ruiz = await practice.therapist()
    for code in codes:
        await practice.invitation(ruiz, code)
    return ruiz


async def sessions(practice: Practice) -> list[tuple[str, str, str]]:
    """Return every session as (code, begin, state)."""
    rows = await practice.rows(
        "SELECT code, substr(starts_at, 1, 16) AS at, sessions.state AS state FROM sessions"
        " JOIN treatments ON treatments.id = treatment_id JOIN patients ON patients.id = patient_id"
        " ORDER BY starts_at, sessions.id"
    )
    return [(row["code"], row["at"], row["state"]) for row in rows]


async def everything(practice: Practice) -> list[list[dict[str, Any]]]:
    tables = ("sessions", "check_ins", "calendar_titles")
    return [await practice.rows(f"SELECT * FROM {table} ORDER BY id") for table in tables]  # noqa: S608 - those three


@pytest.mark.both
@pytest.mark.parametrize(("name", "count"), [("google", 8), ("outlook", 8), ("apple", 3)])
async def test_calendars_of_every_maker_are_taken_over(practice: Practice, name: str, count: int) -> None:
    ruiz = await therapist_with(practice, *CODES)

    told = await sends(practice, ruiz, FILES[name])

    assert len(told) == 1
    assert told[0].startswith("Calendario leído: ")
    assert f"{count} sesiones nuevas" in told[0]
    assert told[0].endswith("Las sesiones: /agenda")


async def test_an_imported_session_is_asked_about(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)

    await sends(practice, ruiz, calendar(at("20261020T170000", summary="Sesión p-07 online")))
    await practice.go_to(datetime(2026, 10, 20, 16, 5, tzinfo=UTC))

    assert "1 de 3" in ana.last().text


@pytest.mark.both
async def test_times_without_a_zone_are_those_of_the_practice_wherever_the_therapist_is(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07")
    await practice.says(ruiz, "/ajustes America/Bogota")

    await sends(practice, ruiz, calendar(event("DTSTART:20261020T170000", "DURATION:PT50M")))

    assert await sessions(practice) == [("P-07", "2026-10-20T15:00", "planned")]


async def test_the_same_calendar_imported_thrice_changes_nothing(practice: Practice) -> None:
    ruiz = await therapist_with(practice, *CODES)
    await sends(practice, ruiz, FILES["google"])
    once = await everything(practice)

    for _ in range(2):
        (told,) = await sends(practice, ruiz, FILES["google"])
        assert told.startswith("Calendario leído: no cambia nada en la agenda.")

    assert await everything(practice) == once


@pytest.mark.both
async def test_a_newer_file_moves_adds_and_cancels(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07")
    weekly = "RRULE:FREQ=WEEKLY;COUNT=3"
    await sends(practice, ruiz, calendar(at("20261020T170000", weekly), at("20261022T090000", uid="b")))

    moved = at("20261028T180000", "RECURRENCE-ID;TZID=Europe/Madrid:20261027T170000")
    series = at("20261020T170000", weekly, "EXDATE;TZID=Europe/Madrid:20261103T170000")
    cancelled = at("20261022T090000", "STATUS:CANCELLED", uid="b")
    (told,) = await sends(practice, ruiz, calendar(series, moved, cancelled, at("20261023T090000", uid="c")))

    assert told.startswith("Calendario leído: una sesión nueva, una movida, 2 anuladas.")
    assert await sessions(practice) == [
        ("P-07", "2026-10-20T15:00", "planned"),
        ("P-07", "2026-10-22T07:00", "cancelled"),
        ("P-07", "2026-10-23T07:00", "planned"),
        ("P-07", "2026-10-28T17:00", "planned"),
        ("P-07", "2026-11-03T16:00", "cancelled"),
    ]


@pytest.mark.both
async def test_a_moved_event_is_asked_about_once_at_its_new_time(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await sends(practice, ruiz, calendar(at("20261020T170000")))

    await sends(practice, ruiz, calendar(at("20261020T190000")))
    await practice.go_to(datetime(2026, 10, 20, 16, 30, tzinfo=UTC))
    assert "1 de 3" not in ana.last().text
    await practice.go_to(datetime(2026, 10, 20, 18, 5, tzinfo=UTC))

    assert "1 de 3" in ana.last().text
    assert await practice.check_ins() == ["open"]


async def test_what_was_changed_by_hand_stays(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07")
    file = calendar(at("20261020T170000"), at("20261021T170000", uid="b"))
    await sends(practice, ruiz, file)
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, "20 oct · 17:00 · P-07", "Anular", "Agenda", "21 oct · 17:00 · P-07", "Mover")
    await practice.taps(ruiz, "jue 22 oct", "9:00")

    (told,) = await sends(practice, ruiz, file)

    assert "no cambia nada" in told
    assert await sessions(practice) == [
        ("P-07", "2026-10-20T15:00", "cancelled"),
        ("P-07", "2026-10-22T07:00", "planned"),
    ]


async def test_what_the_calendar_changes_afterwards_counts(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07")
    await sends(practice, ruiz, calendar(at("20261020T170000")))
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, "20 oct · 17:00 · P-07", "Anular")

    (told,) = await sends(practice, ruiz, calendar(at("20261021T170000")))

    assert told.startswith("Calendario leído: una movida.")
    assert await sessions(practice) == [("P-07", "2026-10-21T15:00", "planned")]


async def test_an_event_that_is_cancelled_and_comes_back_takes_place(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07")
    there, cancelled = calendar(at("20261020T170000")), calendar(at("20261020T170000", "STATUS:CANCELLED"))

    told = [(await sends(practice, ruiz, file))[0].partition(".")[0] for file in (there, cancelled, cancelled, there)]

    assert told == [
        "Calendario leído: una sesión nueva",
        "Calendario leído: una anulada",
        "Calendario leído: no cambia nada en la agenda",
        "Calendario leído: una movida",
    ]
    assert await practice.rows("SELECT state FROM check_ins") == [{"state": "planned"}]


async def test_a_session_that_has_been_asked_about_stays(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await sends(practice, ruiz, calendar(at("20261020T170000")))
    await practice.go_to(datetime(2026, 10, 20, 16, 5, tzinfo=UTC))

    (told,) = await sends(practice, ruiz, calendar(at("20261021T170000")))

    assert "su pregunta ya salió: queda como estaba" in told
    assert await sessions(practice) == [("P-07", "2026-10-20T15:00", "planned")]


@pytest.mark.parametrize("told_by", ["therapist", "patient", "patient, afterwards"])
async def test_what_did_not_take_place_after_all_is_asked_about_where_the_calendar_has_it_now(
    practice: Practice, told_by: str
) -> None:
    """The question had left; then it turns out that the session was put off, and its event goes to another day."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await sends(practice, ruiz, calendar(at("20261020T170000")))
    await practice.go_to(datetime(2026, 10, 20, 16, 5, tzinfo=UTC))
    newer = calendar(at("20261021T170000"))
    if told_by == "therapist":
        await practice.says(ruiz, "/agenda")
        await practice.taps(ruiz, "20 oct · 17:00 · P-07", "No vino")
    elif told_by == "patient":
        await practice.taps(ana, "No hubo sesión")
    else:
        await sends(practice, ruiz, newer)
        await practice.taps(ana, "No hubo sesión")

    told = [(await sends(practice, ruiz, newer))[0].partition(".")[0] for _ in range(2)]

    assert told == ["Calendario leído: una sesión nueva", "Calendario leído: no cambia nada en la agenda"]
    assert [begin for _, begin, _ in await sessions(practice)] == ["2026-10-20T15:00", "2026-10-21T15:00"]
    await practice.go_to(datetime(2026, 10, 21, 16, 5, tzinfo=UTC))
    assert "1 de 3" in ana.last().text


@pytest.mark.both
@pytest.mark.parametrize("times", [3, 12, 30], ids="{} times".format)
async def test_a_session_noted_by_hand_or_in_a_series_is_not_doubled(practice: Practice, times: int) -> None:
    ruiz = await therapist_with(practice, "P-07", "P-12")
    await practice.says(ruiz, "/sesion P-07 mañana 17:00 50m")
    await practice.says(ruiz, f"/sesion P-12 martes 12:00 cada semana {times} veces")

    weekly = at("20261020T121500", f"RRULE:FREQ=WEEKLY;COUNT={times}", uid="b", summary="P-12")
    (told,) = await sends(practice, ruiz, calendar(at("20261020T170000"), weekly))
    for week in range(5):
        await practice.go_to(NOW + timedelta(weeks=week))

    assert "no cambia nada" in told
    starts = [begin for code, begin, _ in await sessions(practice) if code == "P-12"]
    assert starts == [f"{day[:11]}{int(day[11:13]) - 5}:00" for day in TUESDAYS[:times]], "at noon, as it was noted"


async def test_what_was_called_off_by_hand_before_the_first_file_stays_called_off(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07")
    await practice.says(ruiz, "/sesion P-07 cada martes 17:00, 3 veces")
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, "27 oct · 17:00 · P-07", "Anular")
    file = calendar(at("20261020T170000", "RRULE:FREQ=WEEKLY;COUNT=3"))

    told = [(await sends(practice, ruiz, file))[0] for _ in range(2)]

    assert all("no cambia nada" in one for one in told)
    assert [state for _, _, state in await sessions(practice)] == ["planned", "cancelled", "planned"]
    moved = at("20261028T170000", "RECURRENCE-ID;TZID=Europe/Madrid:20261027T170000")
    (newer,) = await sends(practice, ruiz, calendar(at("20261020T170000", "RRULE:FREQ=WEEKLY;COUNT=3"), moved))
    assert newer.startswith("Calendario leído: una movida."), "what the calendar changes afterwards counts"


async def test_what_was_taken_back_was_never_there_for_a_file(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07")
    await practice.says(ruiz, "/sesion P-07 mañana 17:00 50m")
    await practice.taps(ruiz, "Deshacer")

    (told,) = await sends(practice, ruiz, calendar(at("20261020T170000")))

    assert told.startswith("Calendario leído: una sesión nueva.")


async def test_two_events_at_the_same_time_are_one_session(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07")

    (told,) = await sends(practice, ruiz, calendar(at("20261020T170000"), at("20261020T173000", uid="b")))

    assert told.startswith("Calendario leído: una sesión nueva.")
    assert "Un evento no cuenta como sesión" in told


@pytest.mark.both
async def test_sessions_that_are_over_are_not_added(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07")

    (told,) = await sends(practice, ruiz, calendar(at("20261018T170000")))

    assert "no cambia nada" in told
    assert await sessions(practice) == []


# Events that are gone


async def test_sessions_of_events_that_are_missing_are_called_off_by_one_tap(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07")
    await sends(practice, ruiz, calendar(*(at(f"202610{20 + n}T170000", uid=f"u{n}") for n in range(3))))

    (told,) = await sends(practice, ruiz, calendar(at("20261020T170000", uid="u0")))
    assert "2 sesiones que vinieron de un calendario no están en este archivo. Siguen anotadas." in told
    assert {state for _, _, state in await sessions(practice)} == {"planned"}
    await practice.taps(ruiz, "Anular las 2 que ya no están")

    assert ruiz.last().text == "2 sesiones anuladas. No se preguntará por ellas."
    assert [state for _, _, state in await sessions(practice)] == ["planned", "cancelled", "cancelled"]


async def test_a_file_of_another_calendar_offers_to_cancel_nothing(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07")
    await sends(practice, ruiz, calendar(at("20261020T170000")))

    (told,) = await sends(practice, ruiz, calendar(at("20261021T170000", uid="other")))

    assert "no están en este archivo" not in told
    assert labels(ruiz) == []


async def test_an_older_offer_cancels_nothing_of_a_newer_one(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07")
    three = [at(f"202610{20 + n}T170000", uid=f"u{n}") for n in range(3)]
    await sends(practice, ruiz, calendar(*three))
    await sends(practice, ruiz, calendar(three[0]))
    older = ruiz.last()
    await sends(practice, ruiz, calendar(*three[:2]))

    tap = await ruiz.tap("Anular las 2 que ya no están", message=older)
    await practice.settle()

    assert await tap.answered() == "Este botón ya no sirve."
    assert {state for _, _, state in await sessions(practice)} == {"planned"}


async def test_what_cannot_be_read_is_not_taken_for_missing(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07")
    await sends(practice, ruiz, calendar(at("20261020T170000"), at("20261021T170000", uid="b")))

    broken = "BEGIN:VEVENT\r\nUID:b\r\nSUMMARY:P-07\r\nDTSTART:nonsense\r\nEND:VEVENT"
    (told,) = await sends(practice, ruiz, calendar(at("20261020T170000"), broken))

    assert "Un evento no se puede leer." in told
    assert "no están en este archivo" not in told
    assert {state for _, _, state in await sessions(practice)} == {"planned"}


async def test_a_calendar_exported_with_new_names_is_the_same_calendar(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07")
    await sends(practice, ruiz, calendar(at("20261020T170000", uid="old")))

    (told,) = await sends(practice, ruiz, calendar(at("20261020T180000", uid="old2"), at("20261020T170000", uid="new")))

    assert len(await sessions(practice)) == 2
    assert told.startswith("Calendario leído: una sesión nueva.")


# Titles


@pytest.mark.both
async def test_an_unknown_title_is_asked_about_once_and_remembered(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07", "P-12")
    weekly = at("20261020T170000", "RRULE:FREQ=WEEKLY;COUNT=4", summary="Ana, martes")

    summary, question = await sends(practice, ruiz, calendar(weekly))
    assert "De un título no sé de quién es" in summary
    assert question == (
        "«Ana, martes» · 4 sesiones, la próxima el martes 20 de octubre a las 17:00\n"
        "¿De quién son? Los títulos no se guardan."
    )
    assert labels(ruiz) == ["P-07", "P-12", "De nadie"]
    await practice.taps(ruiz, "P-12")

    assert ruiz.last().text == (
        "«Ana, martes» · 4 sesiones, la próxima el martes 20 de octubre a las 17:00\n"
        "P-12 · 4 sesiones en la agenda. Por este título no preguntaré más."
    )
    assert [code for code, _, _ in await sessions(practice)] == ["P-12"] * 4
    later = at("20261021T170000", uid="b", summary=" ana,  MARTES")
    assert len(await sends(practice, ruiz, calendar(weekly, later))) == 1
    assert len(await sessions(practice)) == 5


async def test_what_is_nobodys_is_not_asked_about_again(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07")
    file = calendar(at("20261020T170000", summary="Dentista"))
    await sends(practice, ruiz, file)

    await practice.taps(ruiz, "De nadie")

    assert ruiz.last().text.endswith("De nadie: no se anota nada. Por este título no preguntaré más.")
    (told,) = await sends(practice, ruiz, file)
    assert "Un evento no cuenta como sesión" in told
    assert await sessions(practice) == []


async def test_who_tapped_wrong_taps_again(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07", "P-12")
    file = calendar(at("20261020T170000", summary="Ana"))
    await sends(practice, ruiz, file)

    await practice.taps(ruiz, "P-07", "P-12")
    assert "Desde ahora: P-12." in ruiz.last().text
    await sends(practice, ruiz, file)

    assert await sessions(practice) == [
        ("P-07", "2026-10-20T15:00", "cancelled"),
        ("P-12", "2026-10-20T15:00", "planned"),
    ]


@pytest.mark.both
async def test_many_titles_are_asked_about_fifteen_at_a_time(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07")
    many = [at(f"202610{20 + n % 9}T{9 + n // 9:02}0000", uid=f"u{n}", summary=f"Asunto {n}") for n in range(17)]
    frequent = at("20261020T200000", "RRULE:FREQ=DAILY;COUNT=3", uid="most", summary="Comida")

    summary, *questions = await sends(practice, ruiz, calendar(*many, frequent))

    assert "De 18 títulos no sé de quién son. Pregunto por los 15 más frecuentes" in summary
    assert len(questions) == 15
    assert questions[0].startswith("«Comida»")


@pytest.mark.both
async def test_the_others_are_nobodys_with_one_tap(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07")
    three = [at(f"202610{20 + n}T170000", uid=f"u{n}", summary=f"Asunto {n}") for n in range(3)]
    await sends(practice, ruiz, calendar(*three))
    await practice.taps(ruiz, "P-07")

    await practice.taps(ruiz, "Ninguno de los demás")

    assert ruiz.last().text == ("Anotado: los 2 títulos que quedaban no son de nadie. Por ellos no preguntaré más.")
    assert len(await sends(practice, ruiz, calendar(*three))) == 1
    assert len(await sessions(practice)) == 1


async def test_the_code_of_anothers_patient_says_nothing(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07")
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    await practice.invitation(gil, "G-01")

    _, question = await sends(practice, ruiz, calendar(at("20261020T170000", summary="G-01")))

    assert question.startswith("«G-01»")
    assert labels(ruiz) == ["P-07", "De nadie"]
    assert await sessions(practice) == []


@pytest.mark.file
async def test_titles_are_found_in_no_file_and_no_log(tmp_path: Path) -> None:
    canary, uid = "Kakaduzeile", "nymphensittich"
    with listened([]) as log:
        async with opened(tmp_path, start=NOW) as practice:
            ruiz = await therapist_with(practice, "P-07")
            file = calendar(
                at("20261020T170000", uid=uid, summary=canary),
                at("20261021T170000", uid=f"{uid}2", summary=f"{canary} P-07"),
            )
            await sends(practice, ruiz, file, f"{canary}.ics")
            practice.telegram.fault = lambda method, _: Fault.tear() if method == "editMessageText" else None
            await practice.taps(ruiz, "P-07")
            practice.telegram.fault = None
            await practice.pass_time(timedelta(minutes=1))
            kept = [path for path in practice.database.parent.rglob("*") if path.is_file() and path.suffix != ".lock"]
            content = {path.name: path.read_bytes().lower() for path in kept}

            assert "microchequeo.db-wal" in content
            for word in (canary, uid):
                assert [name for name, held in content.items() if word.lower().encode() in held] == []
                assert word.lower() not in log.getvalue().lower()


async def test_what_waits_is_dropped_after_two_weeks(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07")
    await sends(practice, ruiz, calendar(at("20261020T170000", summary="Ana")))
    question = ruiz.last()

    await practice.pass_time(timedelta(days=13))
    assert len(await practice.rows("SELECT * FROM calendar_waiting")) == 1
    await practice.pass_time(timedelta(days=2))

    assert await practice.rows("SELECT * FROM calendar_waiting") == []
    tap = await ruiz.tap("P-07", message=question)
    await practice.settle()
    assert await tap.answered() == "Este botón ya no sirve."


@pytest.mark.both
async def test_whoever_leaves_takes_series_titles_and_calendar_along(tmp_path: Path) -> None:
    async with opened(tmp_path, start=NOW, settings="[privacy]\nkeep_scores = false\n") as practice:
        ruiz = await practice.therapist()
        ana = await practice.patient(ruiz)
        await practice.says(ruiz, "/sesion P-07 martes 12:00 cada semana 3 veces")
        await sends(practice, ruiz, calendar(at("20261021T170000", summary="Ana"), at("20261022T170000", uid="b")))
        await practice.taps(ruiz, "P-07")

        await practice.says(ana, "/baja")
        await practice.taps(ana, "Sí, darme de baja")
        await practice.pass_time(timedelta(hours=1))

        for table in ("patients", "sessions", "series", "calendar_titles"):
            assert await practice.rows(f"SELECT * FROM {table}") == []  # noqa: S608 - those four


async def test_after_leaving_no_file_brings_sessions_back(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 martes 12:00 cada semana")
    file = calendar(at("20261021T170000", summary="Ana"), at("20261022T170000", uid="b"))
    await sends(practice, ruiz, file)
    await practice.taps(ruiz, "P-07")
    await practice.says(ana, "/baja")
    await practice.taps(ana, "Sí, darme de baja")
    before = await sessions(practice)

    summary, *_ = await sends(practice, ruiz, file)

    assert summary.startswith("Calendario leído: no cambia nada")
    assert await sessions(practice) == before
    assert await practice.rows("SELECT id FROM series WHERE ended_at IS NULL") == []
    assert await practice.rows("SELECT id FROM sessions WHERE calendar_ref IS NOT NULL") == []


# Files that are not taken


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"hola", "Ese archivo no es un calendario, o no está entero."),
        (calendar(at("20261020T170000"))[:-20], "Ese archivo no es un calendario, o no está entero."),
        (calendar(at("20261020T170000", "RRULE:FREQ=SECONDLY")), "En ese calendario hay una repetición"),
        (
            calendar(*(at("20261020T170000", uid=f"{n}") for n in range(1001))),
            "Ese calendario tiene demasiados eventos",
        ),
        (b"x" * (1024 * 1024 + 1), "Ese calendario es demasiado grande"),
    ],
)
async def test_a_file_that_is_refused_changes_nothing(practice: Practice, data: bytes, why: str) -> None:
    ruiz = await therapist_with(practice, "P-07")

    (told,) = await sends(practice, ruiz, data)

    assert told.startswith(why)
    assert told.endswith("La agenda queda como estaba.")
    assert await sessions(practice) == []


async def test_a_file_that_is_too_large_is_not_even_fetched(practice: Practice) -> None:
    ruiz = await therapist_with(practice)

    await sends(practice, ruiz, b"x" * (1024 * 1024 + 1))

    assert not [call for call in practice.telegram.calls if call.method == "getFile"]


async def test_the_line_is_named(practice: Practice) -> None:
    ruiz = await therapist_with(practice, "P-07")

    (told,) = await sends(practice, ruiz, calendar(at("20261020T170000", "RRULE:FREQ=SECONDLY")))

    assert "(Línea 8.)" in told


async def test_other_files_and_other_people_are_refused_as_ever(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    stranger = practice.telegram.phone(900, "Desconocida")

    refused = "Aquí solo puedo guardar texto. El archivo no se ha guardado."
    instead = "Si quiere, cuéntelo por escrito. Si necesita ayuda ahora: /ayuda"
    assert await sends(practice, ana, FILES["google"]) == [f"{refused} {instead}"]
    assert await sends(practice, ruiz, b"hola", "notas.pdf", "application/pdf") == [refused]
    assert await sends(practice, stranger, FILES["google"]) == [refused]
    assert not [call for call in practice.telegram.calls if call.method == "getFile"]


@pytest.mark.both
@pytest.mark.parametrize("lost", ["getFile", DOWNLOAD, "sendMessage"])
async def test_what_is_lost_on_the_way_is_tried_again(practice: Practice, lost: str) -> None:
    ruiz = await therapist_with(practice, "P-07")
    practice.telegram.fault = lambda method, _: Fault.tear() if method == lost else None
    assert await sends(practice, ruiz, calendar(at("20261020T170000"), at("20261021T170000", uid="b"))) == []

    practice.telegram.fault = None
    await practice.pass_time(timedelta(minutes=1))

    assert ruiz.last().text.startswith("Calendario leído: ")
    assert len(await sessions(practice)) == 2


NO_MORE = {"ok": False, "error_code": 400, "description": "Bad Request: wrong file_id or the file is unavailable"}
NOT_FOUND = {"ok": False, "error_code": 404, "description": "Not Found"}


@pytest.mark.parametrize(("where", "answer"), [("getFile", NO_MORE), (DOWNLOAD, NOT_FOUND)], ids=["file", "content"])
async def test_a_file_that_telegram_does_not_hand_over_is_said_to_be_so(
    practice: Practice, where: str, answer: dict[str, Any]
) -> None:
    ruiz = await therapist_with(practice, "P-07")
    refused = Fault.answer(answer["error_code"], answer)
    practice.telegram.fault = lambda method, _: refused if method == where else None

    (told,) = await sends(practice, ruiz, calendar(at("20261020T170000")))

    assert told == ("Telegram no me entrega ese archivo. Enviarlo otra vez suele bastar. La agenda queda como estaba.")
    asked = [call for call in practice.telegram.calls if call.method == "getFile"]
    await practice.pass_time(timedelta(hours=1))
    assert [call for call in practice.telegram.calls if call.method == "getFile"] == asked
    assert await sessions(practice) == []


# A series of the bot's and the same sessions in the calendar

TUESDAYS = [
    *("2026-10-20T15:00", "2026-10-27T16:00", "2026-11-03T16:00", "2026-11-10T16:00", "2026-11-17T16:00"),
    *("2026-11-24T16:00", "2026-12-01T16:00", "2026-12-08T16:00", "2026-12-15T16:00", "2026-12-22T16:00"),
    *("2026-12-29T16:00", "2027-01-05T16:00"),
]
"""Twelve weeks of Tuesdays at five: as far as a calendar is read."""


async def planned(practice: Practice) -> list[str]:
    return [begin for _, begin, state in await sessions(practice) if state == "planned"]


@pytest.mark.both
async def test_what_the_calendar_moves_and_cancels_in_three_months_is_neither_doubled_nor_brought_back(
    practice: Practice,
) -> None:
    """The series looks eight weeks ahead, the calendar twelve: what changes in between is the calendar's to say."""
    ruiz = await therapist_with(practice, "P-07")
    weekly = "RRULE:FREQ=WEEKLY"
    await practice.says(ruiz, "/sesion P-07 cada martes 17:00")
    (told,) = await sends(practice, ruiz, calendar(at("20261020T170000", weekly)))
    assert "no cambia nada" in told
    assert await planned(practice) == TUESDAYS

    moved = at("20261223T120000", "RECURRENCE-ID;TZID=Europe/Madrid:20261222T170000")
    series = at("20261020T170000", weekly, "EXDATE;TZID=Europe/Madrid:20261229T170000")
    (told,) = await sends(practice, ruiz, calendar(series, moved))
    for week in range(1, 8):
        await practice.go_to(NOW + timedelta(weeks=week))

    assert told.startswith("Calendario leído: una movida, una anulada.")
    changed = {"2026-12-22T16:00", "2026-12-29T16:00"}
    coming = [begin for begin in await planned(practice) if begin <= TUESDAYS[-1]]
    assert coming == sorted([*(day for day in TUESDAYS if day not in changed), "2026-12-23T11:00"])


@pytest.mark.both
async def test_a_series_comes_back_whole_though_a_file_put_one_of_its_sessions_elsewhere_meanwhile(
    practice: Practice,
) -> None:
    """The change of the series was in the calendar for one week only; then it is undone here."""
    ruiz = await therapist_with(practice, "P-07")
    weekly = "RRULE:FREQ=WEEKLY;COUNT=4"
    await practice.says(ruiz, "/sesion P-07 cada martes 17:00, 4 veces")
    await sends(practice, ruiz, calendar(at("20261020T170000", weekly)))
    await practice.says(ruiz, "/agenda")
    await practice.taps(ruiz, "20 oct · 17:00 · P-07", "Toda la serie", "Cambiar desde aquí", "jue 22 oct", "10:00")
    change = ruiz.last()
    await practice.pass_time(timedelta(minutes=5))
    moved = at("20261029T100000", "RECURRENCE-ID;TZID=Europe/Madrid:20261027T170000")
    await sends(practice, ruiz, calendar(at("20261020T170000", weekly), moved))

    await practice.taps_data(ruiz, data_of(change, "Deshacer"), change)

    assert await planned(practice) == TUESDAYS[:4]
