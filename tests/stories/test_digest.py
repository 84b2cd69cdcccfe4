"""Once a week, at an hour the therapist can count on: whom to look at first, then everybody.

An empty week says so, because a digest that sometimes does not come is a digest nobody trusts.
"""

from datetime import UTC, datetime, timedelta

import pytest

from bot.demo.faults import Fault
from bot.demo.phone import Phone
from bot.demo.state import Message
from tests import engines
from tests.practice import Practice, data_of, said

SUNDAY_AT_SEVEN = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
"""Sunday 22 November 2026, 19:00 in Madrid."""

PNG = b"\x89PNG\r\n\x1a\n"


def digests(phone: Phone) -> list[str]:
    """Return the digests a therapist has received, first lines only."""
    return [text.splitlines()[0] for text in said(phone) if text.startswith("Semana ")]


async def test_the_digest_comes_on_its_weekday_at_its_hour_with_a_chart(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 9, 8, 2)

    await practice.go_to(SUNDAY_AT_SEVEN - timedelta(seconds=1))
    assert digests(ruiz) == []
    await practice.go_to(SUNDAY_AT_SEVEN)

    assert digests(ruiz) == ["Semana del 16 al 22 de noviembre · 1 paciente, 1 sesión, 1 respuesta"]
    assert (ruiz.last().photo or b"").startswith(PNG)


@pytest.mark.both
async def test_an_empty_week_says_so(practice: Practice) -> None:
    ruiz = await practice.therapist()

    await practice.go_to(SUNDAY_AT_SEVEN)

    assert digests(ruiz) == ["Semana del 16 al 22 de noviembre · sin sesiones anotadas"]
    assert "Una semana en calma" in ruiz.last().text


async def test_who_has_not_accepted_yet_is_no_patient_of_the_week(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.invitation(ruiz, "P-08")
    await practice.invitation(ruiz, "P-09")
    await practice.session_ends(ruiz)
    await practice.answers(ana, 9, 8, 2)

    await practice.go_to(SUNDAY_AT_SEVEN)

    assert digests(ruiz) == ["Semana del 16 al 22 de noviembre · 1 paciente, 1 sesión, 1 respuesta"]
    assert "\nInvitaciones todavía sin aceptar: 2" in next(text for text in said(ruiz) if text.startswith("Semana "))


async def test_who_preferred_not_to_is_counted_neither_as_a_patient_nor_as_invited(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 9, 8, 2)
    leo = practice.telegram.phone(201, "P-08")
    await practice.says(leo, f"/start {await practice.invitation(ruiz, 'P-08')}")
    await practice.taps(leo, "Prefiero que no")

    await practice.go_to(SUNDAY_AT_SEVEN)

    assert digests(ruiz) == ["Semana del 16 al 22 de noviembre · 1 paciente, 1 sesión, 1 respuesta"]
    assert not any("Invitaciones" in text for text in said(ruiz))


async def test_what_two_sessions_of_a_week_left_pending_is_told_by_their_days(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 9, 9, 8)
    await practice.pass_time(timedelta(days=2))
    await practice.session_ends(ruiz)
    await practice.answers(ana, 9, 9, 8)

    await practice.go_to(SUNDAY_AT_SEVEN)

    text = next(text for text in said(ruiz) if text.startswith("Semana "))
    assert "P-07 (quedó algo pendiente el 17 nov: 8; quedó algo pendiente el 19 nov: 8)" in text


async def test_a_digest_comes_every_week_once(practice: Practice) -> None:
    ruiz = await practice.therapist()

    for week in range(3):
        await practice.go_to(SUNDAY_AT_SEVEN + timedelta(weeks=week))
        await practice.pass_time(timedelta(hours=1))

    assert len(digests(ruiz)) == 3


async def test_after_weeks_away_one_digest_comes_for_the_newest_week(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.stop()

    practice.clock.move_to(SUNDAY_AT_SEVEN + timedelta(weeks=3, hours=1))
    await practice.start()
    await practice.settle()

    assert digests(ruiz) == ["Semana del 7 al 13 de diciembre · sin sesiones anotadas"]


@pytest.mark.both
async def test_a_digest_that_an_outage_made_late_waits_until_the_therapist_has_rested(practice: Practice) -> None:
    ruiz = await practice.therapist()

    await practice.go_to(SUNDAY_AT_SEVEN + timedelta(hours=4))
    assert digests(ruiz) == []
    await practice.go_to(SUNDAY_AT_SEVEN + timedelta(hours=13))

    assert len(digests(ruiz)) == 1


@pytest.mark.both
async def test_it_carries_what_stands_agreed_with_those_of_this_week(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.patient(ruiz, "P-08", 201)
    await practice.says(ruiz, "/acuerdo P-07 Vernos cada semana")
    await practice.says(ruiz, "/acuerdo P-07 Una pauta de sueño")
    await practice.says(ruiz, "/acuerdo P-08 Parar si se acelera")
    await practice.session_ends(ruiz)
    await practice.answers(ana, 9, 8, 2)

    await practice.says(ruiz, "/resumen")

    text = next(text for text in said(ruiz) if text.startswith("Semana "))
    assert "\nAcuerdos: P-07: «Una pauta de sueño» (17 nov)\n" in text
    assert "P-08" not in text


@pytest.mark.both
async def test_attention_comes_first_then_every_patient_and_the_counts(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.week(ruiz, ana, 6, 6, 8, words="Fue muy deprisa")

    await practice.go_to(SUNDAY_AT_SEVEN + timedelta(weeks=1))

    text = next(text for text in said(ruiz) if text.startswith("Semana del 23 al 29"))
    assert text.splitlines()[1] == "Mirar primero: P-07 (caída, aviso sin ver; quedó algo pendiente el 24 nov: 8)"
    assert "P-07 · 6,0 ↓ · 24 nov · con palabras" in text
    assert text.endswith("Contestadas: 1 · Prefirieron no contestar: 0 · Sin respuesta: 0")


async def test_the_alerts_that_wait_are_opened_below_the_digest(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.week(ruiz, ana, 6, 6, 2)
    await practice.says(ruiz, "/resumen")
    digest = the_digest(ruiz)
    before = digest.text

    await practice.taps_data(ruiz, data_of(digest, "Ver P-07"), digest)
    shown = ruiz.last()
    await practice.taps(ruiz, "Visto")
    await practice.says(ruiz, "/resumen")

    assert shown.protected, "the words will be shown in it"
    assert digest.text == before
    assert "P-07 (caída sin hablar todavía)" in the_digest(ruiz).text


async def test_a_repaired_alliance_is_said(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.week(ruiz, ana, 6, 6, 2)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 9, 9, 2)
    await practice.pass_time(timedelta(minutes=6))

    await practice.says(ruiz, "/resumen")

    text = next(text for text in reversed(said(ruiz)) if text.startswith("Semana "))
    assert "Reparada: P-07 volvió a 9,0" in text


async def test_silence_and_declining_are_told_apart(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    leo = await practice.patient(ruiz, "P-11", user_id=201)
    await practice.session_ends(ruiz, "P-07", ask=False)
    await practice.session_ends(ruiz, "P-11")
    await practice.taps(leo, "Esta vez no")

    await practice.go_to(SUNDAY_AT_SEVEN)

    text = next(text for text in said(ruiz) if text.startswith("Semana "))
    assert "P-07 · sin respuesta · 17 nov" in text
    assert "P-11 · prefirió no contestar · 17 nov" in text


async def test_the_digest_can_be_asked_for(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 9, 8, 2)

    await practice.says(ruiz, "/resumen")

    assert digests(ruiz) == ["Semana del 11 al 17 de noviembre · 1 paciente, 1 sesión, 1 respuesta"]


async def test_the_digest_follows_the_therapist_to_another_zone(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.says(ruiz, "/ajustes")
    await practice.taps(ruiz, "Zona horaria", "México", "Ciudad de México")

    await practice.go_to(SUNDAY_AT_SEVEN)
    assert digests(ruiz) == [], "it is noon in Mexico"
    await practice.go_to(SUNDAY_AT_SEVEN + timedelta(hours=7))

    assert digests(ruiz) == ["Semana del 16 al 22 de noviembre · sin sesiones anotadas"]


async def test_a_move_to_another_zone_leaves_no_session_out_and_tells_none_twice(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.go_to(SUNDAY_AT_SEVEN + timedelta(hours=1))
    await practice.session_ends(ruiz)
    await practice.answers(ana, 9, 8, 2)
    await practice.says(ruiz, "/ajustes")
    await practice.taps(ruiz, "Zona horaria", "México", "Ciudad de México")

    for hours in (7, 7 + 7 * 24, 7 + 14 * 24):
        await practice.go_to(SUNDAY_AT_SEVEN + timedelta(hours=hours))

    assert sum("P-07 · 8,5" in text for text in said(ruiz)) == 1
    assert len(digests(ruiz)) == 4


async def test_another_weekday_leaves_no_session_out_and_tells_none_twice(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.go_to(SUNDAY_AT_SEVEN + timedelta(hours=1))
    await practice.session_ends(ruiz)
    await practice.answers(ana, 9, 8, 2)
    await practice.stop()
    practice.settings = '[digest]\nweekday = "wednesday"\n'
    await practice.start()

    for days in (3, 7, 10, 14, 17):
        await practice.go_to(SUNDAY_AT_SEVEN + timedelta(days=days))

    assert digests(ruiz) == [
        "Semana del 16 al 22 de noviembre · sin sesiones anotadas",
        "Semana del 23 al 29 de noviembre · 1 paciente, 1 sesión, 1 respuesta",
        "Semana del 30 de noviembre al 2 de diciembre · sin sesiones anotadas",
        "Semana del 3 al 9 de diciembre · sin sesiones anotadas",
    ]


async def test_a_session_after_the_digest_of_its_day_stands_in_the_next_one_only(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.go_to(SUNDAY_AT_SEVEN + timedelta(hours=1))
    await practice.session_ends(ruiz)
    await practice.answers(ana, 9, 8, 2)

    await practice.go_to(SUNDAY_AT_SEVEN + timedelta(weeks=1))
    await practice.go_to(SUNDAY_AT_SEVEN + timedelta(weeks=2))

    assert digests(ruiz) == [
        "Semana del 16 al 22 de noviembre · sin sesiones anotadas",
        "Semana del 23 al 29 de noviembre · 1 paciente, 1 sesión, 1 respuesta",
        "Semana del 30 de noviembre al 6 de diciembre · sin sesiones anotadas",
    ]


async def test_an_answer_after_the_digest_of_its_session_stands_in_the_next_one_too(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.go_to(SUNDAY_AT_SEVEN - timedelta(hours=1))
    await practice.session_ends(ruiz)
    await practice.go_to(SUNDAY_AT_SEVEN + timedelta(hours=1))
    await practice.answers(ana, 9, 8, 2)

    await practice.go_to(SUNDAY_AT_SEVEN + timedelta(weeks=1))

    first, second = (text for text in said(ruiz) if text.startswith("Semana "))
    assert "P-07 · por contestar · 22 nov" in first
    assert "P-07 · 8,5 · 22 nov" in second


async def test_a_question_that_ends_without_an_answer_after_the_digest_is_counted_in_the_next_one(
    practice: Practice,
) -> None:
    """Sessions of the last days of a week are often still open when it is told: their silence is counted once."""
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    leo = await practice.patient(ruiz, "P-11", user_id=201)
    await practice.go_to(SUNDAY_AT_SEVEN - timedelta(hours=1))
    await practice.session_ends(ruiz, "P-07", ask=False)
    await practice.session_ends(ruiz, "P-11")
    await practice.go_to(SUNDAY_AT_SEVEN + timedelta(hours=1))
    await practice.taps(leo, "Esta vez no")

    for week in (1, 2):
        await practice.go_to(SUNDAY_AT_SEVEN + timedelta(weeks=week))

    first, second, third = (text for text in said(ruiz) if text.startswith("Semana "))
    assert "Contestadas: 0 · Prefirieron no contestar: 0 · Sin respuesta: 0" in first
    assert "Contestadas: 0 · Prefirieron no contestar: 1 · Sin respuesta: 1" in second
    assert "P-07 · sin respuesta · 22 nov" in second
    assert "P-11 · prefirió no contestar · 22 nov" in second
    assert "Sin respuesta" not in third


async def written(practice: Practice) -> Phone:
    """Let a patient write, and the therapist ask for the digest."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 9, 8, 2, words="Me ayudó el dibujo")
    await practice.says(ruiz, "/resumen")
    return ruiz


def the_digest(phone: Phone) -> Message:
    """Return the newest digest."""
    return next(message for message in reversed(phone.messages) if (message.text or "").startswith("Semana "))


async def test_words_are_opened_below_the_digest_and_hidden_after_ten_minutes(practice: Practice) -> None:
    ruiz = await written(practice)
    digest = the_digest(ruiz)
    before = digest.text

    await practice.taps_data(ruiz, data_of(digest, "Leer: P-07, 17 nov"), digest)
    shown = ruiz.last()
    assert "Me ayudó el dibujo" in shown.text
    assert [entity["type"] for entity in shown.entities] == ["spoiler"]
    assert shown.protected, "it cannot be forwarded or saved"
    await practice.pass_time(timedelta(minutes=10))

    assert (digest.text, shown.text) == (before, "P-07 · 17 nov: palabras ocultas")
    assert await practice.rows("SELECT subject FROM audit WHERE act = 'read'") == [{"subject": "words"}]


async def test_hidden_words_are_opened_again_where_they_were(practice: Practice) -> None:
    ruiz = await written(practice)
    digest = the_digest(ruiz)
    await practice.taps_data(ruiz, data_of(digest, "Leer: P-07, 17 nov"), digest)
    await practice.pass_time(timedelta(minutes=10))
    messages = len(ruiz.messages)

    await practice.taps(ruiz, "Leer")

    assert "Me ayudó el dibujo" in ruiz.last().text
    assert len(ruiz.messages) == messages


async def test_nobody_else_opens_the_words_of_a_digest(practice: Practice) -> None:
    ruiz = await written(practice)
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")

    notice = await practice.taps_data(gil, data_of(the_digest(ruiz), "Leer: P-07, 17 nov"))

    assert notice == "Este botón ya no sirve."
    assert not any("palabras" in text for text in said(gil))
    assert await practice.rows("SELECT id FROM audit WHERE act = 'read'") == []


SESSIONS = """INSERT INTO sessions (treatment_id, starts_at, ends_at, state, noted_at, cut)
    WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 160)
    SELECT treatment_id, starts_at, ends_at, state, noted_at, cut FROM sessions, number"""
CHECK_INS = """INSERT INTO check_ins (session_id, state, step, items, due_at, asked_at, done_at)
    SELECT sessions.id, 'closed', 'understood', 'understood,sense', ends_at, ends_at, ends_at
    FROM sessions WHERE id NOT IN (SELECT session_id FROM check_ins)"""


async def test_a_digest_of_two_messages_is_not_cut_short_where_the_second_fails(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    with engines.raw(practice.database) as db:
        db.execute(SESSIONS)
        db.execute(CHECK_INS)
    faults = [Fault.answer(500)]
    practice.telegram.fault = lambda _, body: faults.pop() if "Contestadas" in str(body) and faults else None

    await practice.says(ruiz, "/resumen")
    await practice.pass_time(timedelta(minutes=5))

    *_, first, second = (text for text in said(ruiz) if "P-07 · sin respuesta" in text)
    assert first.startswith("Semana ")
    assert second.endswith("Contestadas: 0 · Prefirieron no contestar: 0 · Sin respuesta: 160")
    assert faults == []


async def test_a_picture_that_fails_once_comes_all_the_same(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 8, 2)
    failed: list[str] = []

    def once(method: str, _: object) -> Fault | None:
        if method != "sendPhoto" or failed:
            return None
        failed.append(method)
        return Fault.tear()

    practice.telegram.fault = once
    before = len(digests(ruiz))
    await practice.says(ruiz, "/resumen")

    assert failed
    assert len(digests(ruiz)) == before + 1
    assert (ruiz.last().photo or b"").startswith(PNG)


async def test_a_picture_that_fails_does_not_repeat_the_text(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 9, 8, 2)
    practice.telegram.fault = lambda method, _: Fault.answer(500) if method == "sendPhoto" else None

    await practice.go_to(SUNDAY_AT_SEVEN)
    await practice.pass_time(timedelta(hours=2))

    assert len(digests(ruiz)) == 1
