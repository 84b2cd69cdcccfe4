"""Half an hour before a session its therapist gets a discreet line, and on a tap what there is to remember.

The line follows the session: moved, it comes at the new hour; cancelled, late, or with nothing to say, not at all.
"""

from datetime import timedelta
from pathlib import Path

from bot.demo.phone import Phone
from bot.domain.model import SessionId
from handlers.actions_records import SeeBefore
from handlers.keyboards import encode
from tests.practice import Practice, data_of, opened, said

WEEK = timedelta(days=7)
HALF_HOUR = timedelta(minutes=30)
LINE = "P-07 a las 17:00"


async def after_a_week(practice: Practice, *scores: int) -> tuple[Phone, Phone]:
    """Play a week whose session is remembered, on a Tuesday at five; it is a Tuesday at five again."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, *(scores or (8, 8, 2)))
    return ruiz, ana


def lines(phone: Phone) -> list[str]:
    """Return the lines before sessions that a therapist has got."""
    return [text for text in said(phone) if text.startswith("P-07 a la")]


async def test_half_an_hour_before_a_line_says_code_and_hour_and_a_tap_says_the_rest(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    began_at = practice.clock.now()
    await practice.session_ends(ruiz)
    await practice.taps(ana, "6", "6", "8")
    await practice.says(ana, "Lo de mi hermana")
    await practice.taps(ana, "Listo")
    await practice.pass_time(HALF_HOUR)
    await practice.says(ruiz, "/acuerdo P-07 Una pauta de sueño")
    await practice.says(ruiz, "/nota P-07 marcador Aprieta las manos")
    await practice.says(ruiz, "/sesion P-07 1/12 17:00 50m")
    await practice.go_to(began_at + WEEK - 2 * HALF_HOUR)
    await practice.pass_time(HALF_HOUR)

    assert ruiz.last().text == LINE
    assert ruiz.last().protected
    await practice.taps(ruiz, "Ver")
    assert ruiz.last().text == (
        "P-07 · sesión, hoy a las 17:00\n"
        "Caída abierta desde el 24 nov, sin hablar todavía.\n"
        "Última alianza: 6,0 ↓ · 24 nov\n"
        "Quedó pendiente: 8\n"
        "Acuerdo (24 nov): Una pauta de sueño\n"
        "Marcador de seguridad (24 nov): Aprieta las manos\n"
        "\n"
        "Antes de empezar: dos minutos de respiración diafragmática, o un anclaje corporal."
    )
    note = ruiz.last()
    assert note.labels() == ["Ver la alerta", "Leer sus palabras", "Historial", "Acuerdo", "Notas"]
    for label, shown in (
        ("Acuerdo", "P-07 · acuerdo (versión 1"),
        ("Notas", "P-07 · notas"),
        ("Historial", "P-07 · 2 s"),
    ):
        await practice.taps_data(ruiz, data_of(note, label), note)
        assert ruiz.last().text.startswith(shown)
    await practice.taps_data(ruiz, data_of(note, "Ver la alerta"), note)
    assert ruiz.messages[-2].text.startswith("P-07 · caída de la alianza")
    assert note.text.startswith("P-07 · sesión"), "it stays"
    await practice.taps_data(ruiz, data_of(note, "Leer sus palabras"), note)
    assert "Lo de mi hermana" in ruiz.last().text
    assert await practice.rows("SELECT id FROM audit WHERE act = 'read' AND subject = 'words'")


async def test_a_moved_session_is_announced_at_its_new_hour_and_a_cancelled_one_not_at_all(
    practice: Practice,
) -> None:
    ruiz, _ = await after_a_week(practice)
    at = practice.clock.now()
    await practice.says(ruiz, "/sesion P-07 mañana 17:00 50m")
    await practice.says(ruiz, "/sesion P-07 pasado mañana 17:00 50m")
    tomorrow, after = [
        row["id"] for row in await practice.rows("SELECT id FROM sessions ORDER BY starts_at DESC LIMIT 2")
    ][::-1]
    day = (at + timedelta(days=1)).date().toordinal()
    await practice.taps_data(ruiz, f"ah:{tomorrow}:0:{day}:{18 * 60}")
    await practice.taps_data(ruiz, f"ac:{after}:0")

    await practice.go_to(at + timedelta(days=1) - HALF_HOUR)
    assert lines(ruiz) == []
    await practice.go_to(at + timedelta(days=1) + HALF_HOUR)
    assert lines(ruiz) == ["P-07 a las 18:00"]
    await practice.go_to(at + timedelta(days=3))
    assert lines(ruiz) == ["P-07 a las 18:00"]


async def test_it_comes_once_for_each_hour_also_when_the_session_is_moved_away_and_back(practice: Practice) -> None:
    ruiz, _ = await after_a_week(practice)
    at = practice.clock.now()
    await practice.says(ruiz, "/sesion P-07 hoy 18:00 50m")
    await practice.pass_time(HALF_HOUR)
    assert lines(ruiz) == ["P-07 a las 18:00"]
    (row,) = await practice.rows("SELECT max(id) AS id FROM sessions")

    day, elsewhere = at.date().toordinal(), ruiz.messages[0]
    for minute in (18 * 60 + 30, 18 * 60):
        await practice.taps_data(ruiz, f"ah:{row['id']}:0:{day}:{minute}", elsewhere)
    await practice.pass_time(timedelta(minutes=20))

    assert lines(ruiz) == ["P-07 a las 18:00"]


async def test_a_first_session_of_which_nothing_is_known_is_not_announced(practice: Practice) -> None:
    ruiz = await practice.therapist()
    await practice.patient(ruiz)
    await practice.says(ruiz, "/sesion P-07 hoy 18:00 50m")

    await practice.pass_time(timedelta(hours=1))

    assert lines(ruiz) == []


async def test_each_of_several_sessions_in_one_hour_has_its_line(practice: Practice) -> None:
    ruiz, _ = await after_a_week(practice)
    leo = await practice.patient(ruiz, "P-08", 201)
    await practice.week(ruiz, leo, 9, 9, 1, code="P-08")
    await practice.says(ruiz, "/sesion P-07 hoy 18:00 25m")
    await practice.says(ruiz, "/sesion P-08 hoy 18:30 25m")

    for _ in range(3):
        await practice.pass_time(HALF_HOUR)

    assert [text for text in said(ruiz) if " a las 18" in text and "·" not in text] == [
        "P-07 a las 18:00",
        "P-08 a las 18:30",
    ]


async def test_a_bot_that_was_away_says_nothing_once_the_session_has_begun(practice: Practice) -> None:
    ruiz, _ = await after_a_week(practice)
    await practice.says(ruiz, "/sesion P-07 hoy 18:00 50m")
    await practice.says(ruiz, "/sesion P-07 hoy 20:00 50m")
    await practice.stop()
    practice.clock.advance(timedelta(minutes=65))
    await practice.start()
    await practice.settle()
    assert lines(ruiz) == []

    practice.clock.advance(timedelta(minutes=100))
    await practice.settle()

    assert lines(ruiz) == ["P-07 a las 20:00"]


async def test_in_quiet_hours_it_waits_for_their_end_and_is_left_out_where_the_session_begins_before(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as practice:
        ruiz, _ = await after_a_week(practice)
        at = practice.clock.now()
        await practice.says(ruiz, "/sesion P-07 mañana 08:15 50m")
        await practice.says(ruiz, "/sesion P-07 pasado mañana 08:00 50m")

        await practice.go_to(at + timedelta(hours=14, minutes=50))
        assert lines(ruiz) == []
        await practice.go_to(at + timedelta(hours=15))
        assert lines(ruiz) == ["P-07 a las 8:15"]
        await practice.go_to(at + timedelta(hours=40))

        assert lines(ruiz) == ["P-07 a las 8:15"]


async def test_a_practice_may_go_without_or_choose_another_span_and_what_is_planned_follows(tmp_path: Path) -> None:
    async with opened(tmp_path, settings="[therapist]\npre_session_note = false\n") as practice:
        ruiz, _ = await after_a_week(practice)
        await practice.says(ruiz, "/sesion P-07 hoy 18:00 50m")
        await practice.says(ruiz, "/sesion P-07 hoy 20:00 50m")
        await practice.pass_time(timedelta(minutes=45))
        assert lines(ruiz) == []

        await practice.stop()
        practice.settings = '[therapist]\nnote_before = "2h"\n'
        await practice.start()
        await practice.pass_time(timedelta(minutes=20))

        assert lines(ruiz) == ["P-07 a las 20:00"]


async def test_it_is_the_therapists_alone(practice: Practice) -> None:
    ruiz, ana = await after_a_week(practice)
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    await practice.says(ruiz, "/sesion P-07 hoy 18:00 50m")
    (row,) = await practice.rows("SELECT max(id) AS id FROM sessions")

    for phone in (gil, ana):
        assert await practice.taps_data(phone, encode(SeeBefore(SessionId(row["id"])))) == "Este botón ya no sirve."


async def test_a_patient_who_has_left_is_announced_no_more(practice: Practice) -> None:
    ruiz, ana = await after_a_week(practice)
    await practice.says(ruiz, "/sesion P-07 hoy 19:00 50m")
    await practice.says(ana, "/baja")
    await practice.taps(ana, "Sí, darme de baja")

    await practice.pass_time(timedelta(hours=2))

    assert lines(ruiz) == []
