"""Before a session the therapist looks back: how did this treatment go, what was answered, what was written.

One command shows it, to the therapist whose patient it is and to nobody else.
"""

from bot.demo.state import Message
from tests.practice import Practice, data_of, said

PNG = b"\x89PNG\r\n\x1a\n"


def the_table(practice: Practice, chat: int = 100) -> Message:
    """Return the newest table on somebody's phone."""
    phone = practice.telegram.phone(chat, "")
    return next(one for one in reversed(phone.messages) if "Com Sen Pen" in (one.text or ""))


async def test_a_history_is_a_chart_and_a_table_that_lead_to_the_words(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.week(ruiz, ana, 6, 6, 8, words="Fue muy deprisa")

    await practice.says(ruiz, "/historial p07")

    chart, table = ruiz.messages[-2:]
    assert (chart.photo or b"").startswith(PNG)
    assert "24 nov    6   6   8      6,0 ▼\n17 nov    9   9   2      9,0\n" in table.text
    assert [entity["type"] for entity in table.entities] == ["pre"]
    assert (chart.protected, table.protected) == (True, True)

    await practice.taps(ruiz, "Leer: 24 nov")
    assert "Fue muy deprisa" in ruiz.last().text
    await practice.taps_data(ruiz, data_of(table, "Ver P-07"), table)
    assert ruiz.messages[-2].text.startswith("P-07 · caída de la alianza")
    assert table.text.startswith("P-07 · 2 sesiones"), "the table stays"


async def test_alone_it_asks_whose(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.patient(ruiz, "P-11", user_id=201)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 9, 8, 2)

    await practice.says(ruiz, "/history")
    assert ruiz.last().labels() == ["P-07", "P-11"]
    await practice.taps(ruiz, "P-07")

    assert ruiz.last().text.startswith("P-07 · 1 sesión preguntada\n")


async def test_nobody_reads_the_history_of_anothers_patient(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    await practice.session_ends(ruiz)
    await practice.answers(ana, 9, 8, 2)
    await practice.says(ruiz, "/historial")

    await practice.says(gil, "/historial P-07")
    picked = await practice.taps_data(gil, data_of(ruiz.last(), "P-07"))

    assert "No hay ningún paciente" in gil.last().text
    assert picked == "Este botón ya no sirve."
    assert not any("9   8" in text for text in said(gil))


async def test_a_session_without_an_answer_is_said_in_words(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.taps(ana, "Esta vez no")

    await practice.says(ruiz, "/historial P-07")

    assert "17 nov  prefirió no contestar" in ruiz.last().text
