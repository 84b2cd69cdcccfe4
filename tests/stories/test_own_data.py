"""Whoever asks what is held about them gets all of it: to read, and for machines; and who has read their words."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.demo.faults import Fault
from bot.demo.phone import Phone
from bot.domain.model import Language, Role
from tests.handlers.gallery import TEXTS, voices
from tests.practice import Practice, said

CONFIDED = "mi pareja me pega"
REFLECTION, PENDING, LEFT, URGENT = "kolibriwort", "nandufrase", "tukanbrief", "quiero morirme"


async def lived(practice: Practice) -> tuple[Phone, Phone]:
    """Let two weeks pass in which everything happens that can be held."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2, words=REFLECTION)
    await practice.session_ends(ruiz)
    await practice.taps(ana, "5", "6", "8")
    await practice.says(ana, PENDING)
    await practice.taps(ana, "Listo")
    await practice.go_to(practice.clock.now().replace(minute=45))
    await practice.taps(ruiz, "Ver", "Leer sus palabras", "Volver", "Visto")
    await practice.says(ana, LEFT)
    await practice.taps(ana, "Dejárselo")
    await practice.says(ana, URGENT)
    await practice.taps(ruiz, "Lo he visto")
    return ruiz, ana


def files(phone: Phone) -> dict[str, str]:
    """Return the files a person has got, by the end of their names."""
    sent = [message for message in phone.messages if message.document]
    return {str(message.file_name).partition(".")[2]: (message.document or b"").decode() for message in sent}


async def asked(practice: Practice, phone: Phone) -> tuple[str, dict[str, Any]]:
    """Let a person ask for their data; return the readable file and the other one."""
    await practice.says(phone, "/misdatos")
    sent = files(phone)
    return sent["txt"], json.loads(sent["json"])


async def test_every_word_and_every_score_is_in_both_files(practice: Practice) -> None:
    _, ana = await lived(practice)

    text, whole = await asked(practice, ana)

    (one,) = whole["patients"]
    assert [session["check_in"]["scores"] for session in one["sessions"]] == [
        {"understood": 9, "sense": 9, "pending": 2},
        {"understood": 5, "sense": 6, "pending": 8},
    ]
    written = [words["text"] for session in one["sessions"] for words in session["check_in"]["words"]]
    assert [*written, *(words["text"] for words in one["messages_left"])] == [REFLECTION, PENDING, LEFT, URGENT]
    for word in (REFLECTION, PENDING, LEFT, URGENT, "¿Lo que hicimos tuvo sentido? 6", "2026-11-24"):
        assert word in text


async def test_it_says_who_has_read_which_words_and_when(practice: Practice) -> None:
    _, ana = await lived(practice)

    text, whole = await asked(practice, ana)

    (one,) = whole["patients"]
    read = [words["read"] for session in one["sessions"] for words in session["check_in"]["words"]]
    assert [[reading["by"] for reading in each] for each in read] == [[], ["Dra. Ruiz"]]
    assert read[1][0]["at"] == "2026-11-24T16:45:00Z"
    assert "Leído: 2026-11-24 17:45 · Dra. Ruiz" in text
    assert "Sin leer" in text


async def test_it_says_what_was_agreed_what_was_alerted_and_what_was_done(practice: Practice) -> None:
    _, ana = await lived(practice)

    text, whole = await asked(practice, ana)

    (one,) = whole["patients"]
    assert [(made["version"], made["accepted"]) for made in one["decisions"]] == [("3-code-14d-900s-morning", True)]
    assert [(alert["rule"], alert["level_before"]) for alert in one["episodes"]] == [("drop", 18)]
    assert one["messages_left"][1]["urgent_seen_at"] is not None
    assert {"invited", "consented", "read", "seen", "saw"} <= {act["act"] for act in one["acts"]}
    assert one["messages"] > 5
    for said_ in (
        "aceptó el texto 3-code",
        "Avisos a quien lleva la terapia",
        "Aviso urgente, visto",
        "Estado: en marcha",
    ):
        assert said_ in text


async def test_nothing_of_anybody_else_is_in_it(practice: Practice) -> None:
    ruiz, ana = await lived(practice)
    leo = await practice.patient(ruiz, "P-08", 201)
    await practice.says(leo, "ibiswort")
    await practice.taps(leo, "Dejárselo")

    text, whole = await asked(practice, ana)

    assert "ibiswort" not in text + json.dumps(whole)
    assert "P-08" not in text + json.dumps(whole)


async def test_what_was_confided_to_somebody_else_is_the_patients_to_see_and_not_the_therapists(
    practice: Practice,
) -> None:
    ruiz, ana = await lived(practice)
    await practice.enrolled(Role.SECOND_CONTACT, 110, "Dra. Soto", "la Dra. Soto")
    await practice.says(ana, "mi pareja me pega")
    await practice.taps(ana, "Contárselo a otra persona de la consulta")

    text, whole = await asked(practice, ana)
    await practice.says(ruiz, "/exportar P-07")

    assert [words["text"] for words in whole["patients"][0]["confided"]] == ["mi pareja me pega"]
    assert "mi pareja me pega" in text
    assert not any("pega" in file for file in files(ruiz).values())


async def test_a_lost_connection_only_delays_the_files(practice: Practice) -> None:
    _, ana = await lived(practice)
    practice.telegram.fault = lambda method, _: Fault.tear() if method == "sendDocument" else None
    await practice.says(ana, "/misdatos")
    assert files(ana) == {}

    practice.telegram.fault = None
    await practice.go_to(practice.clock.now().replace(hour=18))

    assert set(files(ana)) == {"txt", "json"}


async def test_no_file_is_ever_written_to_the_bots_disk(practice: Practice) -> None:
    _, ana = await lived(practice)
    before = {path.name for path in practice.folder.rglob("*")}

    await asked(practice, ana)

    assert {path.name for path in practice.folder.rglob("*")} == before


async def test_a_therapist_is_a_person_too(practice: Practice) -> None:
    ruiz, _ = await lived(practice)

    text, whole = await asked(practice, ruiz)

    assert whole["therapist"]["name"] == "Dra. Ruiz"
    assert {"enrolled", "invited", "noted", "read"} <= {act["act"] for act in whole["acts"]}
    assert REFLECTION not in text + json.dumps(whole)


async def test_a_contact_is_a_person_too_and_who_read_is_named(practice: Practice) -> None:
    ruiz, ana = await lived(practice)
    soto = await practice.enrolled(Role.SECOND_CONTACT, 110, "Dra. Soto", "la Dra. Soto")
    await practice.says(ana, CONFIDED)
    await practice.taps(ana, "Contárselo a otra persona de la consulta")
    await practice.taps(soto, "Leer")

    own, whole = await asked(practice, ana)
    await practice.says(ruiz, "/exportar P-07")
    text, about_contact = await asked(practice, soto)

    (confided,) = whole["patients"][0]["confided"]
    assert ([reading["by"] for reading in confided["read"]], confided["told"]) == (["Dra. Soto"], ["Dra. Soto"])
    assert "Contado a: Dra. Soto" in own
    assert CONFIDED not in "".join(files(ruiz).values())
    assert about_contact["contacts"] == [{"role": "second_contact", "name": "Dra. Soto"}]
    assert "Dra. Soto · Segundo contacto" in text
    assert CONFIDED not in text + json.dumps(about_contact)


async def test_a_stranger_has_nothing_here(practice: Practice) -> None:
    stranger = practice.telegram.phone(300, "Desconocida")

    await practice.says(stranger, "/misdatos")

    assert files(stranger) == {}
    assert "hace falta un enlace personal" in stranger.last().text


async def test_a_therapist_takes_over_the_record_of_an_own_patient_only(practice: Practice) -> None:
    ruiz, _ = await lived(practice)
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")

    await practice.says(gil, "/exportar P-07")
    await practice.says(ruiz, "/exportar p-07")

    assert files(gil) == {}
    assert gil.last().text.startswith("No hay ningún paciente P-07")
    exported = files(ruiz)
    assert set(exported) == {"txt", "json", "csv", "fhir.json"}
    assert "understood,done,9," in exported["csv"]
    assert {"act": "exported"} in await practice.rows("SELECT act FROM audit")


async def test_privacy_says_what_is_held_how_long_and_how_to_leave(practice: Practice) -> None:
    ruiz, ana = await lived(practice)
    stranger = practice.telegram.phone(300, "Desconocida")

    for phone in (ana, ruiz, stranger):
        await practice.says(phone, "/privacidad")

    assert "Las palabras, 1 año. Los números, 5 años desde la última sesión." in ana.last().text
    assert "/baja" in ana.last().text
    assert "/exportar P-07" in ruiz.last().text
    assert "no se guarda nada de lo que escribe" in said(stranger)[-1]


async def test_an_export_is_a_reading_of_each_text(practice: Practice) -> None:
    ruiz, ana = await lived(practice)
    exported_at = practice.clock.now()
    await practice.says(ruiz, "/exportar P-07")
    await practice.pass_time(timedelta(minutes=5))

    text, whole = await asked(practice, ana)

    (one,) = whole["patients"]
    written = [words for session in one["sessions"] for words in session["check_in"]["words"]]
    for words in (*written, *one["messages_left"]):
        taken = [(reading["by"], reading["at"]) for reading in words["read"] if reading["exported"]]
        assert taken == [("Dra. Ruiz", exported_at.isoformat().replace("+00:00", "Z"))]
    assert text.count("Exportado: ") == 4
    assert "· Dra. Ruiz" in text.partition("Exportado: ")[2].splitlines()[0]
    assert "Sin leer" not in text


async def test_words_that_come_before_the_files_leave_are_read_with_them(practice: Practice) -> None:
    ruiz, ana = await lived(practice)
    practice.telegram.fault = lambda method, _: Fault.tear() if method == "sendDocument" else None
    await practice.says(ruiz, "/exportar P-07")
    await practice.says(ana, "ibiswort")
    await practice.taps(ana, "Dejárselo")
    practice.telegram.fault = None
    await practice.pass_time(timedelta(hours=1))
    assert "ibiswort" in files(ruiz)["txt"]

    _, whole = await asked(practice, ana)

    left = whole["patients"][0]["messages_left"]
    assert [len([reading for reading in words["read"] if reading["exported"]]) for words in left] == [1, 1, 1]


async def test_an_export_at_the_practices_computer_is_one_too(practice: Practice) -> None:
    _, ana = await lived(practice)
    await practice.bot.services.data_requests.of_code("P-07")

    text, whole = await asked(practice, ana)

    assert text.count("desde el ordenador de la consulta") == 4
    assert {"by": None, "exported": True} in [
        {"by": reading["by"], "exported": reading["exported"]}
        for words in whole["patients"][0]["messages_left"]
        for reading in words["read"]
    ]


async def test_who_did_what_is_said_in_words_and_not_as_the_computer_keeps_it(practice: Practice) -> None:
    _, ana = await lived(practice)

    text, whole = await asked(practice, ana)

    told = text.partition("Quién hizo qué\n")[2].partition("\n\n")[0].splitlines()
    assert len(told) == len(whole["patients"][0]["acts"])
    assert told[0].endswith(" · Dra. Ruiz · invitación · paciente")
    assert any(line.endswith(" · Dra. Ruiz · lectura · palabras") for line in told)
    assert not any(re.search(r"[a-z]+_[a-z]+|read|seen|words|patient|episode", line) for line in told)


def test_every_act_that_is_noted_has_its_words() -> None:
    noted = re.compile(r'audit\.note\([^"]*"(\w+)"(?: if \w+ else "(\w+)")?, "(\w+)"')
    for file in sorted(Path("bot/services").glob("*.py")):
        for first, other, subject in noted.findall(file.read_text()):
            for act in filter(None, (first, other)):
                for voice in voices():
                    said = TEXTS.say(voice, "data-act", at="", name="", act=act, subject=subject)
                    assert "_" not in said
                    assert voice.language is Language.EN or not {act, subject} & set(said.split(" · ")), said
