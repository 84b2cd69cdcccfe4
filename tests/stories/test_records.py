"""At the end of a session two people agree on something small; the therapist notes it, and what the body showed.

The patient can look the agreement up, later versions keep the former ones, and nobody else sees any of it.
"""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.demo.phone import Phone
from bot.domain.model import Language, PatientId
from bot.domain.records import RecordId, RecordKind
from handlers.actions_records import AskRecord, NoteKind, OpenAgreement, OpenNotes, SeeAgreement, StrikeRecord
from handlers.actions_settings import SetLanguage
from handlers.keyboards import encode
from storage.columns import KeyRing
from tests.practice import Practice, data_of, labels, opened, said

SEED = "Hoy confirmamos disparadores corporales y acordamos una pauta de sueño"
SLEEP = "Acostarse antes de las doce tres noches"
USELESS = "Este botón ya no sirve."
MINUTES = timedelta(minutes=10)


async def kept(practice: Practice) -> list[tuple[str, str | None]]:
    """Return every record, unsealed, as (kind, text)."""
    ring = KeyRing(practice.keys.seal, practice.keys.index)
    rows = await practice.rows("SELECT kind, body FROM records ORDER BY id")
    return [(row["kind"], None if row["body"] is None else ring.unseal(row["body"])) for row in rows]


async def with_patient(practice: Practice) -> tuple[Phone, Phone]:
    ruiz = await practice.therapist()
    return ruiz, await practice.patient(ruiz)


async def test_an_agreement_is_noted_and_the_patient_hears_that_there_is_one_and_reads_it_on_tap(
    practice: Practice,
) -> None:
    ruiz, ana = await with_patient(practice)

    await practice.says(ruiz, f"/acuerdo P-07 {SEED}")
    assert ruiz.last().text.startswith(f"P-07 · acuerdo anotado (versión 1):\n{SEED}")
    assert "sabrá que hay un acuerdo" in ruiz.last().text
    before = len(said(ana))
    await practice.pass_time(MINUTES)

    assert said(ana)[before:] == ["La Dra. Ruiz ha anotado un acuerdo con usted. Para verlo: /acuerdo"]
    await practice.taps(ana, "Ver")
    assert ana.last().text == (
        f"Acuerdo con la Dra. Ruiz, desde el martes 17 de noviembre:\n{SEED}\n\n"
        "Es un acuerdo compartido y se puede cambiar: si algo no encaja, puede decirlo en la próxima sesión."
    )


async def test_each_new_text_is_a_version_and_the_former_ones_stay_with_their_dates(practice: Practice) -> None:
    ruiz, ana = await with_patient(practice)
    await practice.says(ruiz, f"/acuerdo P-07 {SEED}")
    await practice.pass_time(timedelta(days=7))
    await practice.says(ruiz, "/acuerdo p07")
    assert labels(ruiz) == ["Revisar", "Ya no vale"]

    await practice.taps(ruiz, "Revisar")
    await practice.says(ruiz, SLEEP)
    await practice.says(ruiz, "/agreement P-07")

    assert ruiz.last().text == (
        f"P-07 · acuerdo (versión 2, desde el martes 24 de noviembre):\n{SLEEP}\n\n"
        f"P-07 · acuerdos anteriores\n\nVersión 1 · del 17 nov al 24 nov\n{SEED}"
    )
    await practice.says(ana, "/acuerdo")
    assert SLEEP in ana.last().text
    assert SEED not in ana.last().text


async def test_what_no_longer_holds_is_retired_and_stays_readable(practice: Practice) -> None:
    ruiz, ana = await with_patient(practice)
    await practice.says(ruiz, f"/acuerdo P-07 {SEED}")
    await practice.says(ruiz, "/acuerdo")
    await practice.taps(ruiz, "P-07")
    page = ruiz.last()

    retire = data_of(page, "Ya no vale")
    await practice.taps_data(ruiz, retire, page)
    await practice.taps_data(ruiz, retire, page)

    assert page.text.startswith("P-07: no hay ningún acuerdo ahora.")
    assert SEED in page.text
    await practice.pass_time(MINUTES)
    await practice.says(ana, "/acuerdo")
    assert ana.last().text == "Por ahora no hay ningún acuerdo anotado con la Dra. Ruiz."
    assert not any("ha anotado un acuerdo" in text for text in said(ana))


@pytest.mark.both
async def test_a_slip_is_taken_back_unheard_and_the_version_before_holds_again(practice: Practice) -> None:
    ruiz, ana = await with_patient(practice)
    await practice.says(ruiz, f"/acuerdo P-07 {SEED}")
    await practice.pass_time(MINUTES)
    before = len(said(ana))

    await practice.says(ruiz, f"/acuerdo P-07 {SLEEP}")
    undo = data_of(ruiz.last(), "Deshacer")
    await practice.taps_data(ruiz, undo)
    await practice.taps_data(ruiz, undo)
    await practice.pass_time(MINUTES)

    assert ruiz.last().text == "P-07: deshecho. El texto está borrado."
    assert await kept(practice) == [("agreement", SEED), ("agreement", None)]
    assert said(ana)[before:] == []
    await practice.says(ana, "/acuerdo")
    assert SEED in ana.last().text


async def test_after_a_day_what_was_written_stays(practice: Practice) -> None:
    ruiz, _ = await with_patient(practice)
    await practice.says(ruiz, "/nota P-07 marcador Aprieta las manos")
    undo = data_of(ruiz.last(), "Deshacer")

    await practice.pass_time(timedelta(hours=25))

    assert await practice.taps_data(ruiz, undo) == "Hace más de un día: queda en el registro."
    assert await kept(practice) == [("marker", "Aprieta las manos")]


@pytest.mark.both
async def test_the_kind_of_a_note_is_its_first_word_or_one_tap_and_a_double_tap_notes_it_once(
    practice: Practice,
) -> None:
    ruiz, _ = await with_patient(practice)
    await practice.says(ruiz, "/nota P-07 Revisión: pide ir más despacio")
    await practice.says(ruiz, "/note P-07 Pecho cerrado al hablar del trabajo")
    asked = ruiz.last()
    assert asked.labels() == ["Marcador", "Revisión", "Objetivo"]

    marker = data_of(asked, "Marcador")
    await practice.taps_data(ruiz, marker, asked)
    await practice.taps_data(ruiz, marker, asked)
    await practice.says(ruiz, "/nota P-07 objetivo")
    await practice.says(ruiz, "Caminar el sábado")

    assert await kept(practice) == [
        ("review", "pide ir más despacio"),
        ("marker", "Pecho cerrado al hablar del trabajo"),
        ("objective", "Caminar el sábado"),
    ]
    await practice.says(ruiz, "/nota P-07")
    assert ruiz.last().text == (
        "P-07 · notas\n\n17 nov · microobjetivo\nCaminar el sábado\n\n17 nov · marcador de seguridad\n"
        "Pecho cerrado al hablar del trabajo\n\n17 nov · revisión de la alianza\npide ir más despacio"
    )


async def test_many_notes_come_in_pages_and_one_that_is_too_long_is_refused_kindly(practice: Practice) -> None:
    ruiz, _ = await with_patient(practice)
    for number in range(6):
        await practice.says(ruiz, f"/nota P-07 marcador señal {number}")
    await practice.says(ruiz, f"/nota P-07 marcador {'x' * 501}")
    assert ruiz.last().text.startswith("Es demasiado largo: caben 500 letras.")

    await practice.says(ruiz, "/nota")
    await practice.taps(ruiz, "P-07", "Anteriores")

    assert "señal 0" in ruiz.last().text
    assert "señal 1" not in ruiz.last().text
    await practice.taps(ruiz, "Más recientes")
    assert "señal 5" in ruiz.last().text
    assert len(await kept(practice)) == 6


@pytest.mark.both
async def test_a_note_may_name_what_cannot_wait_and_alarms_nobody_but_a_patient_is_heard(practice: Practice) -> None:
    ruiz, ana = await with_patient(practice)

    await practice.says(ruiz, "/nota P-07 marcador cuando dice quiero morirme aprieta la mandíbula")

    assert ruiz.last().text.startswith("P-07 · marcador de seguridad anotado:")
    assert await practice.rows("SELECT * FROM concerns") == []
    await practice.says(ana, "/acuerdo quiero morirme")
    assert len(await practice.rows("SELECT * FROM concerns")) == 1


async def test_a_note_about_urgent_words_that_was_asked_for_later_goes_where_it_belongs(practice: Practice) -> None:
    ruiz, ana = await with_patient(practice)
    await practice.says(ruiz, "/nota P-07 revisión")
    await practice.says(ana, "quiero morirme")
    await practice.taps(ruiz, "Lo he visto", "He contactado")

    await practice.says(ruiz, "Hablamos por teléfono")
    await practice.says(ruiz, "Pide ir más despacio")

    assert ruiz.last().text.startswith("P-07 · revisión de la alianza anotada:")
    assert await kept(practice) == [("review", "Pide ir más despacio")]
    assert (await practice.rows("SELECT count(*) AS n FROM concerns WHERE note IS NOT NULL"))[0]["n"] == 1


async def test_a_line_that_was_asked_for_is_forgotten_with_nada_and_after_a_quarter_of_an_hour(
    practice: Practice,
) -> None:
    ruiz, _ = await with_patient(practice)
    await practice.says(ruiz, "/nota P-07 objetivo")
    await practice.says(ruiz, "/nada")
    await practice.says(ruiz, "Caminar")
    await practice.says(ruiz, "/nota P-07 objetivo")
    await practice.stop()
    await practice.start()
    await practice.pass_time(timedelta(minutes=16))

    await practice.says(ruiz, "Caminar")

    assert await kept(practice) == []


@pytest.mark.parametrize("command", ["/nada", "/nothing"])
async def test_nada_where_nothing_was_asked_for_is_answered_kindly(practice: Practice, command: str) -> None:
    ruiz, ana = await with_patient(practice)

    for phone in (ruiz, ana):
        await practice.says(phone, command)
        assert phone.last().text.startswith("De acuerdo: no hay nada por anotar.")
    await practice.says(ana, f"{command} de lo que hicimos me sirvió")

    assert ana.last().text.startswith("Eso no lo entiendo."), "words are of no note: they are not said to be noted"


async def test_nobody_else_writes_reads_or_takes_back(practice: Practice) -> None:
    ruiz, ana = await with_patient(practice)
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    await practice.says(ruiz, f"/acuerdo P-07 {SEED}")
    (row,) = await practice.rows("SELECT id FROM patients")
    patient, record = PatientId(row["id"]), RecordId(1)

    await practice.says(gil, f"/acuerdo P-07 {SLEEP}")
    assert gil.last().text == "No hay ningún paciente P-07. La lista: /pacientes"
    await practice.says(ana, f"/nota P-07 marcador {SLEEP}")
    for phone in (gil, ana):
        for action in (
            OpenAgreement(patient),
            OpenNotes(patient),
            AskRecord(patient, RecordKind.AGREEMENT),
            NoteKind(patient, RecordKind.MARKER, 1),
            StrikeRecord(record),
        ):
            assert await practice.taps_data(phone, encode(action)) == USELESS
    assert await practice.taps_data(gil, encode(SeeAgreement(patient))) == USELESS
    assert await kept(practice) == [("agreement", SEED)]


async def test_nobody_is_told_in_quiet_hours_nor_while_paused(practice: Practice) -> None:
    ruiz, ana = await with_patient(practice)
    await practice.go_to(practice.clock.now().replace(hour=21))
    before = len(said(ana))

    await practice.says(ruiz, f"/acuerdo P-07 {SEED}")
    await practice.pass_time(timedelta(hours=1))
    assert said(ana)[before:] == []
    await practice.pass_time(timedelta(hours=12))
    assert said(ana)[before:] == ["La Dra. Ruiz ha anotado un acuerdo con usted. Para verlo: /acuerdo"]

    await practice.says(ana, "/pausa")
    before = len(said(ana))
    await practice.says(ruiz, f"/acuerdo P-07 {SLEEP}")
    await practice.pass_time(timedelta(hours=2))
    assert said(ana)[before:] == []


@pytest.mark.parametrize(
    ("register", "language", "told", "ends"),
    [
        ("tu", Language.ES, "un acuerdo contigo.", "puedes decirlo"),
        ("vos", Language.ES, "un acuerdo con vos.", "podés decirlo"),
        ("usted", Language.EN, "has noted an agreement with you.", "you can say so"),
    ],
)
async def test_each_is_spoken_to_in_their_own_voice(
    tmp_path: Path, register: str, language: Language, told: str, ends: str
) -> None:
    async with opened(tmp_path, settings=f'[practice]\nregister = "{register}"\n') as practice:
        ruiz, ana = await with_patient(practice)
        await practice.taps_data(ana, encode(SetLanguage(language)))
        await practice.says(ruiz, f"/acuerdo P-07 {SEED}")
        await practice.pass_time(MINUTES)

        assert told in ana.last().text
        await practice.says(ana, "/agreement")
        assert SEED in ana.last().text
        assert ends in ana.last().text


async def test_with_two_therapists_each_agreement_names_its_own(practice: Practice) -> None:
    ruiz, ana = await with_patient(practice)
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    await practice.patient(gil, "G-01", user_id=200)
    await practice.says(gil, f"/acuerdo G-01 {SLEEP}")

    await practice.says(ana, "/acuerdo")

    shown = ana.last().text
    assert "Por ahora no hay ningún acuerdo anotado con la Dra. Ruiz." in shown
    assert f"Acuerdo con el Dr. Gil, desde el martes 17 de noviembre:\n{SLEEP}" in shown
    await practice.says(ruiz, "/acuerdo G-01")
    assert ruiz.last().text.startswith("No hay ningún paciente")


async def test_the_patient_reads_agreements_and_objectives_and_that_a_marker_is_there_and_the_export_has_it_all(
    practice: Practice,
) -> None:
    ruiz, ana = await with_patient(practice)
    for line in (f"/acuerdo P-07 {SEED}", "/nota P-07 objetivo Caminar", "/nota P-07 marcador Aprieta las manos"):
        await practice.says(ruiz, line)

    await practice.says(ana, "/misdatos")
    await practice.says(ruiz, "/exportar P-07")

    text, json = files(ana)[:2]
    assert "Reservada (anotación subjetiva)" in text
    assert SEED in text
    assert "Caminar" in text
    assert "Aprieta" not in text + json
    assert all("Aprieta las manos" in file for file in files(ruiz)[:2])


async def test_on_leaving_they_go_with_the_words(practice: Practice) -> None:
    ruiz, ana = await with_patient(practice)
    await practice.says(ruiz, f"/acuerdo P-07 {SEED}")
    await practice.says(ana, "/baja")
    await practice.taps(ana, "Sí, darme de baja")
    assert len(await kept(practice)) == 1

    await practice.pass_time(timedelta(hours=73))

    assert await kept(practice) == []
    await practice.says(ruiz, f"/acuerdo P-07 {SEED}")
    assert ruiz.last().text.startswith("No hay ningún paciente P-07.")


def files(phone: Phone) -> list[str]:
    """Return the files a person has got, in order."""
    return [(message.document or b"").decode() for message in phone.messages if message.document]


@pytest.mark.parametrize("words", ["quiero morirme", "mi pareja me pega"])
async def test_what_a_therapist_in_treatment_says_of_themselves_becomes_no_agreement(
    practice: Practice, words: str
) -> None:
    ruiz, _ = await with_patient(practice)
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    await practice.patient(gil, "G-01", user_id=300)
    await practice.says(gil, f"/start {await practice.invitation(ruiz, 'P-50')}")
    await practice.taps(gil, "Acepto")
    await practice.says(gil, "/acuerdo G-01")
    await practice.taps(gil, "Anotar uno")

    before = len(said(gil))
    await practice.says(gil, words)
    assert "llam" in said(gil)[before]
    await practice.says(gil, "No sé qué hacer")

    assert await kept(practice) == []


async def test_an_agreement_that_nobody_could_see_is_none(practice: Practice) -> None:
    ruiz, _ = await with_patient(practice)

    await practice.says(ruiz, "/acuerdo P-07 \u200b\u2060")

    assert ruiz.last().text == "P-07: no hay ningún acuerdo ahora."
    await practice.taps(ruiz, "Anotar uno")
    await practice.says(ruiz, "\u200b")
    assert await kept(practice) == []
