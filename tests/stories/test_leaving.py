"""A patient leaves: the bot falls silent at once, and what it knew goes.

First it is explained what goes and what stays; then everything happens whatever fails in between.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from bot.demo.faults import Fault
from bot.demo.phone import Phone
from storage import erasures
from tests.practice import WITH_BACKUPS, Practice, labels, opened, said

NOTHING_KEPT = "[privacy]\nkeep_scores = false\n"
WORDS, LEFT = "kolibriwort", "tukanbrief"


async def leaves(practice: Practice, phone: Phone) -> None:
    """Let a patient go."""
    await practice.says(phone, "/baja")
    await practice.taps(phone, "Sí, darme de baja")


async def told(practice: Practice) -> tuple[Phone, Phone]:
    """Let a patient answer, write, and leave a message."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 8, 2, words=WORDS)
    await practice.says(ana, LEFT)
    await practice.taps(ana, "Dejárselo")
    return ruiz, ana


async def test_it_is_explained_first_what_goes_and_what_stays_and_why(practice: Practice) -> None:
    _, ana = await told(practice)

    await practice.says(ana, "/baja")

    offer = ana.last().text
    for word in ("no le escribiré más", "identificador de Telegram", "en 72 horas a más tardar", "con el código P-07"):
        assert word in offer
    assert "durante 5 años. El motivo: la Ley 41/2002, art. 17.1" in offer
    assert "copias de seguridad cifradas todo sigue 14 días más" in offer
    assert labels(ana) == ["Sí, darme de baja", "No"]


async def test_no_changes_nothing(practice: Practice) -> None:
    ruiz, ana = await told(practice)

    await practice.says(ana, "/baja")
    await practice.taps(ana, "No")
    await practice.session_ends(ruiz)

    assert "De acuerdo: todo sigue como estaba." in said(ana)
    assert "1 de 3" in ana.last().text


@pytest.mark.both
async def test_leaving_stops_everything_at_once_and_forgets_the_account(practice: Practice) -> None:
    ruiz, ana = await told(practice)
    await practice.session_ends(ruiz)
    await practice.says(ruiz, "/sesion P-07 mañana 17:00")

    await leaves(practice, ana)

    assert set(said(ana)) == {"·", ana.last().text}
    assert ana.last().text.startswith("Hecho. No le escribiré más")
    assert await practice.check_ins() == ["done", "declined", "skipped"]
    assert await practice.rows("SELECT id FROM people") == [{"id": 1}]
    assert await practice.rows("SELECT * FROM sent_messages") == []
    assert await practice.rows("SELECT state, person_id FROM patients") == [{"state": "left", "person_id": None}]
    messages = len(ana.messages)
    await practice.pass_time(timedelta(days=4))
    assert len(ana.messages) == messages


async def test_what_was_sent_before_the_clock_was_set_back_goes_too(practice: Practice) -> None:
    _, ana = await told(practice)
    practice.clock.advance(-timedelta(hours=1))

    await leaves(practice, ana)

    assert [text for text in said(ana) if text != "·"] == [ana.last().text]
    assert await practice.rows("SELECT * FROM sent_messages") == []


async def test_messages_that_telegram_no_longer_deletes_say_nothing_any_more(practice: Practice) -> None:
    """Telegram lets a bot delete for 48 hours: the week-old check-in becomes «·»."""
    _, ana = await told(practice)

    await leaves(practice, ana)
    before = [message for message in ana.messages if message.from_bot][:-1]

    assert before, "the older ones are still there"
    assert {message.text for message in before} == {"·"}
    assert not any(message.keyboard for message in before)


@pytest.mark.both
async def test_the_therapist_is_told_and_offered_the_record_before_the_words_go(practice: Practice) -> None:
    ruiz, ana = await told(practice)

    await leaves(practice, ana)

    assert "P-07 se ha dado de baja" in ruiz.last().text
    assert labels(ruiz) == ["Exportar antes de borrar"]
    assert len(await practice.words()) == 2

    await practice.taps(ruiz, "Exportar antes de borrar")
    names = [message.file_name for message in ruiz.messages if message.document]
    assert names == [f"microchequeo-P-07.{end}" for end in ("txt", "json", "csv", "fhir.json")]
    assert WORDS in (ruiz.messages[-3].document or b"").decode()
    await practice.pass_time(timedelta(hours=1))

    assert await practice.words() == []
    assert len(await practice.scores()) == 3


async def test_without_an_export_the_words_go_when_the_time_is_over(practice: Practice) -> None:
    _, ana = await told(practice)
    await leaves(practice, ana)

    await practice.pass_time(timedelta(hours=71))
    assert len(await practice.words()) == 2
    await practice.pass_time(timedelta(hours=1))

    assert await practice.words() == []
    assert await practice.rows("SELECT * FROM erasures") == []


async def test_words_wait_for_an_export_that_has_not_left_yet(practice: Practice) -> None:
    ruiz, ana = await told(practice)
    await leaves(practice, ana)
    practice.telegram.fault = lambda method, _: Fault.answer(500, b"{}") if method == "sendDocument" else None

    await practice.taps(ruiz, "Exportar antes de borrar")
    await practice.pass_time(timedelta(hours=2))
    assert len(await practice.words()) == 2
    practice.telegram.fault = None
    await practice.pass_time(timedelta(minutes=20))
    await practice.pass_time(timedelta(hours=2))

    assert WORDS in (ruiz.messages[-3].document or b"").decode()
    assert await practice.words() == []


async def test_where_nothing_must_be_kept_everything_goes_at_once(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=NOTHING_KEPT) as practice:
        ruiz, ana = await told(practice)

        await leaves(practice, ana)

        for table in ("words", "answers", "check_ins", "sessions", "patients", "consents", "episodes", "invitations"):
            where = " WHERE role = 'patient'" if table == "invitations" else ""
            assert await practice.rows(f"SELECT * FROM {table}{where}") == [], table  # noqa: S608
        assert "P-07 se ha dado de baja" in ruiz.last().text
        assert labels(ruiz) == []


async def test_urgent_words_nobody_has_seen_stay_until_somebody_had_time_to(tmp_path: Path) -> None:
    """Somebody writes that they want to die and then leaves: the therapist must still be able to read it."""
    async with opened(tmp_path, settings=NOTHING_KEPT) as practice:
        ruiz, ana = await told(practice)
        await practice.says(ana, "quiero morirme")

        await leaves(practice, ana)
        await practice.taps(ruiz, "Leer sus palabras")
        assert "quiero morirme" in "".join(said(ruiz))
        await practice.pass_time(timedelta(hours=73))

        assert await practice.words() == []
        assert await practice.scores() == []


@pytest.mark.parametrize("settings", ["", NOTHING_KEPT])
async def test_an_export_does_not_end_the_alert_about_urgent_words_nobody_has_seen(
    tmp_path: Path, settings: str
) -> None:
    async with opened(tmp_path, settings=settings) as practice:
        ruiz, ana = await told(practice)
        await practice.says(ana, "quiero morirme")
        await leaves(practice, ana)
        assert "si queda un aviso urgente sin ver, cuando alguien lo haya visto" in ruiz.last().text
        await practice.taps(ruiz, "Exportar antes de borrar")
        await practice.pass_time(timedelta(minutes=59))
        alerts = len(said(ruiz))

        await practice.pass_time(timedelta(hours=2))
        assert ("crisis", "quiero morirme") in await practice.words()
        assert len(said(ruiz)) > alerts, "the alert is repeated"

        await practice.taps(ruiz, "Lo he visto")
        await practice.pass_time(timedelta(hours=1))
        assert await practice.words() == []
        assert await practice.rows("SELECT * FROM concerns") == []


async def test_urgent_words_nobody_ever_sees_go_when_the_time_is_over(practice: Practice) -> None:
    ruiz, ana = await told(practice)
    await practice.says(ana, "quiero morirme")
    await leaves(practice, ana)
    await practice.taps(ruiz, "Exportar antes de borrar")

    await practice.pass_time(timedelta(hours=71))
    assert len(await practice.words()) == 3
    await practice.pass_time(timedelta(hours=1))

    assert await practice.words() == []
    assert await practice.rows("SELECT * FROM erasures") == []


async def test_what_was_answered_is_still_judged_after_leaving(practice: Practice) -> None:
    ruiz, ana = await told(practice)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 3, 3, 9)

    await leaves(practice, ana)
    await practice.pass_time(timedelta(minutes=20))

    assert ruiz.last().text == "P-07: caída de la alianza percibida."


async def test_a_second_tap_does_nothing_more(practice: Practice) -> None:
    _, ana = await told(practice)
    await practice.says(ana, "/baja")
    offer = ana.last()

    await ana.tap("Sí, darme de baja", message=offer)
    await ana.tap("Sí, darme de baja", message=offer)
    await practice.settle()

    assert await practice.rows("SELECT COUNT(*) AS n FROM audit WHERE act = 'left'") == [{"n": 1}]
    assert sum(text.startswith("Hecho.") for text in said(ana)) == 1


async def test_somebody_else_cannot_leave_in_their_place(practice: Practice) -> None:
    ruiz, _ = await told(practice)
    stranger = practice.telegram.phone(300, "Desconocida")
    await practice.says(stranger, "/baja")

    assert await practice.taps_data(stranger, "lv:1") == "Este botón ya no sirve."
    assert await practice.taps_data(ruiz, "lv:1") == "Este botón ya no sirve."
    assert await practice.rows("SELECT state FROM patients") == [{"state": "active"}]


async def test_an_outage_in_between_only_delays_the_goodbye(practice: Practice) -> None:
    _, ana = await told(practice)
    await practice.says(ana, "/baja")
    practice.telegram.fault = lambda method, _: Fault.tear() if method not in ("getUpdates", "getMe") else None

    await practice.taps(ana, "Sí, darme de baja")
    assert await practice.rows("SELECT state FROM patients") == [{"state": "left"}]
    await practice.stop()
    practice.telegram.fault = None
    await practice.start()
    await practice.pass_time(timedelta(minutes=20))

    assert [text for text in said(ana) if text != "·"] == [ana.last().text]
    assert ana.last().text.startswith("Hecho.")
    assert await practice.rows("SELECT id FROM people") == [{"id": 1}]


async def test_a_goodbye_that_is_refused_once_is_said_before_the_account_is_forgotten(practice: Practice) -> None:
    _, ana = await told(practice)
    await practice.says(ana, "/baja")
    refused = iter([Fault.answer(400, b'{"ok": false, "error_code": 400, "description": "Bad Request: no"}')])

    def once(method: str, params: Mapping[str, object]) -> Fault | None:
        mine = method == "sendMessage" and params["chat_id"] == ana.chat_id
        return next(refused, None) if mine else None

    practice.telegram.fault = once
    await practice.taps(ana, "Sí, darme de baja")
    assert len(await practice.rows("SELECT id FROM people")) == 2
    await practice.pass_time(timedelta(minutes=1))

    assert ana.last().text.startswith("Hecho.")
    assert await practice.rows("SELECT id FROM people") == [{"id": 1}]


async def test_an_account_whose_chat_cannot_be_emptied_is_forgotten_after_two_days(practice: Practice) -> None:
    _, ana = await told(practice)
    await practice.says(ana, "/baja")
    practice.telegram.fault = lambda method, _: Fault.answer(500, b"{}") if method == "deleteMessage" else None

    await practice.taps(ana, "Sí, darme de baja")
    assert len(await practice.rows("SELECT id FROM people")) == 2
    await practice.pass_time(timedelta(hours=48))

    assert await practice.rows("SELECT id FROM people") == [{"id": 1}]
    assert await practice.rows("SELECT * FROM outbox WHERE body IS NOT NULL AND person_id <> 1") == []


async def test_the_list_beside_the_backups_names_the_row_and_nothing_else(tmp_path: Path) -> None:
    async with opened(tmp_path, settings=WITH_BACKUPS) as practice:
        _, ana = await told(practice)

        await leaves(practice, ana)

        (line,) = (practice.folder / "data" / "backups" / erasures.FILE).read_text().splitlines()
        assert json.loads(line) == {"at": "2026-11-24T16:00:00Z", "patient_id": 1, "keep_scores": True}


@pytest.mark.both
async def test_whoever_comes_back_begins_with_a_fresh_consent_on_the_same_series(practice: Practice) -> None:
    ruiz, ana = await told(practice)
    await leaves(practice, ana)
    await practice.pass_time(timedelta(hours=1))

    back = await practice.patient(ruiz, user_id=201)
    assert await practice.rows("SELECT COUNT(*) AS n FROM consents") == [{"n": 2}]
    await practice.says(back, "ya estoy aquí")
    await practice.taps(back, "Dejárselo")
    await practice.pass_time(timedelta(hours=80))

    assert await practice.words() == [("message", "ya estoy aquí")]
    assert await practice.rows("SELECT id, state FROM patients") == [{"id": 1, "state": "active"}]
    assert len(await practice.scores()) == 3


async def test_the_same_account_may_come_back_before_its_chat_is_empty(practice: Practice) -> None:
    ruiz, ana = await told(practice)
    await practice.says(ana, "/baja")
    practice.telegram.fault = lambda method, _: Fault.answer(500, b"{}") if method == "deleteMessage" else None
    await practice.taps(ana, "Sí, darme de baja")
    practice.telegram.fault = None

    await practice.says(ana, f"/start {await practice.invitation(ruiz, 'P-07')}")
    await practice.taps(ana, "Acepto")
    await practice.pass_time(timedelta(hours=49))
    await practice.session_ends(ruiz)

    assert "1 de 3" in ana.last().text


async def test_a_call_for_help_right_after_leaving_is_still_answered(practice: Practice) -> None:
    _, ana = await told(practice)
    await leaves(practice, ana)

    await practice.says(ana, "quiero morirme")

    assert "024" in ana.last().text
    assert "no le ha llegado a nadie" in ana.last().text


async def test_who_has_two_therapists_leaves_both(practice: Practice) -> None:
    ruiz = await practice.therapist()
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    ana = await practice.patient(ruiz)
    await practice.says(ana, f"/start {await practice.invitation(gil, 'G-1')}")
    await practice.taps(ana, "Acepto")

    await leaves(practice, ana)

    assert await practice.rows("SELECT DISTINCT state FROM patients") == [{"state": "left"}]
    assert "P-07 se ha dado de baja" in ruiz.last().text
    assert "G-1 se ha dado de baja" in gil.last().text


@pytest.mark.both
async def test_a_therapist_who_tried_it_out_stays_a_therapist(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.says(ruiz, f"/start {await practice.invitation(ruiz, 'PRUEBA')}")
    await practice.taps(ruiz, "Acepto")
    await practice.session_ends(ruiz, "PRUEBA")
    kept = [message.text for message in ruiz.messages if "enlace personal" in message.text]

    await leaves(practice, ruiz)
    await practice.says(ruiz, "/pacientes")

    assert "se dio de baja" in ruiz.last().text
    assert [message.text for message in ruiz.messages if "enlace personal" in message.text] == kept
    assert not any("1 de 3" in text for text in said(ruiz))


@pytest.mark.parametrize("command", ["/baja", "/leave"])
async def test_a_stranger_is_told_how_one_gets_in(practice: Practice, command: str) -> None:
    stranger = practice.telegram.phone(300, "Desconocida")

    await practice.says(stranger, command)

    assert "hace falta un enlace personal" in stranger.last().text
