"""From the alert to what comes of it: talked about, repaired, left, or not that after all.

The therapist gets one concern at a time, in words that weigh as much as what was found, and has the last word on it.
"""

from datetime import timedelta

import pytest

from bot.demo.phone import Phone
from storage.columns import KeyRing
from tests.practice import Practice, data_of, labels, said
from tests.stories.test_own_data import files

NOTE = "Iba deprisa; quedamos en ir más lento."


async def enrolled(practice: Practice) -> tuple[Phone, Phone]:
    ruiz = await practice.therapist()
    return ruiz, await practice.patient(ruiz)


async def weeks(practice: Practice, ruiz: Phone, ana: Phone, *scores: tuple[int, int]) -> None:
    """Let weeks go by, each with an answered session; of the last one only the grace."""
    for understood, sense in scores[:-1]:
        await practice.week(ruiz, ana, understood, sense, 2)
    await practice.session_ends(ruiz)
    await practice.answers(ana, *scores[-1], 2)
    await practice.pass_time(timedelta(minutes=20))


async def a_week_later(practice: Practice) -> None:
    await practice.go_to(practice.clock.now() - timedelta(minutes=35) + timedelta(days=7))


async def unanswered(practice: Practice, ruiz: Phone) -> None:
    """Let a question close without an answer; a week goes by."""
    began_at = practice.clock.now()
    await practice.session_ends(ruiz)
    for days in (2, 4, 7):
        await practice.go_to(began_at + timedelta(days=days))


async def episodes(practice: Practice) -> list[tuple[str, str]]:
    rows = await practice.rows("SELECT rule, state FROM episodes ORDER BY id")
    return [(row["rule"], row["state"]) for row in rows]


async def talked(practice: Practice, ruiz: Phone) -> None:
    await practice.taps(ruiz, "Ver")
    await practice.taps(ruiz, "Lo hablamos")


def pushes(phone: Phone) -> list[str]:
    return [text for text in said(phone) if text.startswith("P-07: ") and text.endswith(".")]


async def test_one_answer_that_falls_is_told_in_softer_words(practice: Practice) -> None:
    ruiz, ana = await enrolled(practice)

    await weeks(practice, ruiz, ana, (9, 9), (10, 6))

    assert ruiz.last().text == "P-07: una de las respuestas ha bajado."
    assert await episodes(practice) == [("item_drop", "open")]


async def test_half_an_answer_is_looked_at_when_its_question_closes(practice: Practice) -> None:
    ruiz, ana = await enrolled(practice)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.session_ends(ruiz)
    await practice.taps(ana, "4")

    await practice.pass_time(timedelta(hours=1))
    assert await episodes(practice) == []
    await practice.pass_time(timedelta(days=3))

    assert await episodes(practice) == [("item_drop", "open")]
    await practice.says(ruiz, "/alertas")
    await practice.taps(ruiz, "Ver P-07")
    assert "contestó una de las dos preguntas" in ruiz.messages[-2].text


async def test_a_slow_decline_is_told_once(practice: Practice) -> None:
    ruiz, ana = await enrolled(practice)

    await weeks(practice, ruiz, ana, (9, 9), (9, 8), (8, 8), (8, 7), (7, 7))

    raised = await practice.rows("SELECT id FROM alerts")
    assert (said(ruiz).count("P-07: la alianza viene bajando."), len(raised)) == (2, 1), "once, and once more unseen"
    assert await episodes(practice) == [("slide", "open")]


async def test_the_first_silence_after_a_fall_is_told_and_ends_with_an_answer(practice: Practice) -> None:
    ruiz, ana = await enrolled(practice)
    await weeks(practice, ruiz, ana, (9, 9), (6, 6))

    await a_week_later(practice)
    await unanswered(practice, ruiz)
    assert "P-07: sin respuesta después de una caída." in said(ruiz)
    assert await episodes(practice) == [("drop", "open"), ("silence", "open")]
    await weeks(practice, ruiz, ana, (7, 7))

    assert await episodes(practice) == [("drop", "open"), ("silence", "repaired")]


async def test_other_silence_waits_for_the_digest(practice: Practice) -> None:
    ruiz, ana = await enrolled(practice)
    await practice.week(ruiz, ana, 9, 9, 2)
    heard = [text for text in said(ruiz) if "sin respuesta" in text]

    await unanswered(practice, ruiz)
    await unanswered(practice, ruiz)

    assert await episodes(practice) == [("silence", "open")]
    assert [text for text in said(ruiz) if text.startswith("P-07: sin respuesta")] == heard == []
    await practice.says(ruiz, "/alertas")
    assert ruiz.last().text == "Alertas abiertas: 1\nP-07 · sin respuesta · sin ver, desde el 5 dic"


async def test_after_a_talk_the_next_line_is_the_note_and_the_way_back_up_repairs(practice: Practice) -> None:
    ruiz, ana = await enrolled(practice)
    await weeks(practice, ruiz, ana, (9, 9), (6, 6))

    await talked(practice, ruiz)
    assert "qué se renegoció" in ruiz.last().text
    assert labels(ruiz) == ["Sin nota"]
    await practice.says(ruiz, NOTE)

    assert ruiz.last().text.startswith("P-07: la nota está guardada.")
    (row,) = await practice.rows("SELECT note FROM episodes")
    assert KeyRing(practice.keys.seal, practice.keys.index).unseal(row["note"]) == NOTE
    await a_week_later(practice)
    await weeks(practice, ruiz, ana, (9, 8))
    assert await episodes(practice) == [("drop", "repaired")]


@pytest.mark.both
async def test_the_note_is_read_on_tap_covered_and_audited_and_can_be_deleted(practice: Practice) -> None:
    ruiz, ana = await enrolled(practice)
    await weeks(practice, ruiz, ana, (9, 9), (6, 6))
    await talked(practice, ruiz)
    await practice.says(ruiz, NOTE)
    await practice.says(ruiz, "/alertas")
    await practice.taps(ruiz, "Ver P-07")
    alert = ruiz.messages[-2]

    await practice.taps(ruiz, "Leer la nota")
    assert NOTE in alert.text
    assert [entity["type"] for entity in alert.entities] == ["spoiler"]
    assert alert.protected
    assert await practice.rows("SELECT subject FROM audit WHERE act = 'read'") == [{"subject": "episode"}]
    await practice.pass_time(timedelta(minutes=10))
    assert NOTE not in alert.text

    await practice.taps(ruiz, "Leer la nota", "Borrar la nota")
    assert alert.text == "P-07: sin nota."
    assert await practice.rows("SELECT note FROM episodes") == [{"note": None}]


@pytest.mark.parametrize("says", ["/nada", "/agenda", None])
async def test_without_a_note_nothing_that_is_typed_is_taken_for_one(practice: Practice, says: str | None) -> None:
    ruiz, ana = await enrolled(practice)
    await weeks(practice, ruiz, ana, (9, 9), (6, 6))
    await talked(practice, ruiz)

    if says is None:
        await practice.taps(ruiz, "Sin nota")
        assert ruiz.last().text == "P-07: sin nota."
    else:
        await practice.says(ruiz, says)
    await practice.pass_time(timedelta(minutes=15))
    await practice.says(ruiz, "Otra cosa")

    assert await practice.rows("SELECT note FROM episodes") == [{"note": None}]
    assert "guardada" not in ruiz.last().text


@pytest.mark.both
async def test_of_two_notes_that_were_asked_for_the_newest_gets_the_line(practice: Practice) -> None:
    ruiz, ana = await enrolled(practice)
    await weeks(practice, ruiz, ana, (9, 9), (6, 6))
    fall = ruiz.last()
    await practice.says(ana, "No quiero seguir viviendo")
    await practice.taps(ruiz, "Lo he visto", "He contactado")
    await practice.pass_time(timedelta(minutes=1))
    await practice.taps_data(ruiz, data_of(fall, "Ver"), fall)
    await practice.taps_data(ruiz, data_of(fall, "Lo hablamos"), fall)

    await practice.says(ruiz, NOTE)
    await practice.says(ruiz, "Hablamos por teléfono.")

    ring = KeyRing(practice.keys.seal, practice.keys.index)
    (row,) = await practice.rows("SELECT episodes.note AS talk, concerns.note AS call FROM episodes, concerns")
    assert (ring.unseal(row["talk"]), ring.unseal(row["call"])) == (NOTE, "Hablamos por teléfono.")


async def test_two_answers_without_talk_or_repair_close_it_as_unrepaired(practice: Practice) -> None:
    ruiz, ana = await enrolled(practice)
    await weeks(practice, ruiz, ana, (9, 9), (6, 6))
    alert = ruiz.last()

    await a_week_later(practice)
    await weeks(practice, ruiz, ana, (7, 7), (7, 7))

    assert await episodes(practice) == [("drop", "unrepaired")]
    await practice.taps_data(ruiz, data_of(alert, "Ver"), alert)
    assert "Cerrado sin reparar" in alert.text
    assert "Lo hablamos" not in alert.labels()


async def test_the_therapist_may_call_it_repaired_once_it_was_talked_about(practice: Practice) -> None:
    ruiz, ana = await enrolled(practice)
    await weeks(practice, ruiz, ana, (9, 9), (6, 6))
    alert = ruiz.last()
    repaired = data_of(alert, "Ver").replace("e:", "er:", 1)

    await practice.taps_data(ruiz, repaired, alert)
    assert [state for _, state in await episodes(practice)] == ["open"]
    await practice.taps_data(ruiz, data_of(alert, "Lo hablamos"), alert)
    await practice.taps_data(ruiz, data_of(alert, "Reparada"), alert)

    assert await episodes(practice) == [("drop", "repaired")]
    assert alert.text.endswith("Reparada. Este aviso queda cerrado."), "no answer has shown it"


async def test_what_was_not_that_counts_against_its_rule(practice: Practice) -> None:
    ruiz, ana = await enrolled(practice)
    await weeks(practice, ruiz, ana, (9, 9), (6, 6))
    await practice.taps(ruiz, "Ver")
    await practice.taps(ruiz, "No era eso")
    await a_week_later(practice)
    await weeks(practice, ruiz, ana, (9, 9), (6, 6), (9, 9))

    async with practice.bot.store.reading() as tx:
        visitor = await tx.people.visitor(100)
        assert visitor.therapist is not None
        (precision,) = (await tx.alerts.precision(visitor.therapist.id)).items()

    assert (precision[0], precision[1].closed, precision[1].false_alarms) == ("drop", 2, 1)


@pytest.mark.both
async def test_a_session_found_to_be_cut_takes_the_alert_back(practice: Practice) -> None:
    ruiz, ana = await enrolled(practice)
    await weeks(practice, ruiz, ana, (9, 9), (6, 6))
    (session,) = await practice.rows("SELECT max(id) AS id FROM sessions")

    await practice.taps_data(ruiz, f"af:{session['id']}:1")

    assert await episodes(practice) == [("drop", "withdrawn")]
    assert "P-07: aviso retirado. Después de una corrección, la caída ya no está." in said(ruiz)


async def test_a_restart_between_two_looks_raises_nothing_twice(practice: Practice) -> None:
    ruiz, ana = await enrolled(practice)
    await weeks(practice, ruiz, ana, (9, 9), (6, 6))
    told = pushes(ruiz)

    await practice.stop()
    await practice.start()
    await practice.bot.services.alerts.settle_due()
    await practice.settle()

    assert pushes(ruiz) == told
    assert await episodes(practice) == [("drop", "open")]


async def test_a_rule_that_is_off_raises_nothing_and_what_it_had_raised_can_still_be_closed(practice: Practice) -> None:
    ruiz, ana = await enrolled(practice)
    await weeks(practice, ruiz, ana, (9, 9), (6, 6))
    await practice.stop()
    practice.settings = '[alliance]\nrules = ["slide"]\n'
    await practice.start()

    await a_week_later(practice)
    await weeks(practice, ruiz, ana, (3, 3), (9, 9), (9, 5))

    assert await episodes(practice) == [("drop", "repaired")]


async def test_the_list_puts_first_what_is_most_urgent(practice: Practice) -> None:
    ruiz, ana = await enrolled(practice)
    await practice.says(ruiz, "/alertas")
    assert ruiz.last().text == "No hay ninguna alerta abierta. Cuando haya una, llega sola."
    eva = await practice.patient(ruiz, "P-08", 201)
    for scores in ((9, 9), (6, 6)):
        await practice.week(ruiz, eva, *scores, 2, code="P-08")
    await practice.says(ruiz, "/alertas")
    listed = ruiz.last()
    await practice.taps(ruiz, "Ver P-08")
    seen = ruiz.messages[-2]
    assert listed.text.startswith("Alertas abiertas: 1"), "the list stays"
    await practice.taps_data(ruiz, data_of(seen, "Visto"), seen)
    await weeks(practice, ruiz, ana, (9, 9), (6, 6))
    await practice.says(eva, "No quiero seguir viviendo")

    await practice.says(ruiz, "/alerts")

    title, *lines = ruiz.last().text.split("\n")
    assert title == "Alertas abiertas: 3"
    assert [line.split(",")[0] for line in lines] == [
        "P-08 · palabras urgentes sin ver",
        "P-07 · caída de la alianza · sin ver",
        "P-08 · caída de la alianza · vista",
    ]
    assert labels(ruiz) == ["Urgente: leer a P-08", "Ver P-07", "Ver P-08"]


async def test_another_therapist_sees_nothing_of_it(practice: Practice) -> None:
    ruiz, ana = await enrolled(practice)
    await weeks(practice, ruiz, ana, (9, 9), (6, 6))
    number = data_of(ruiz.last(), "Ver").partition(":")[2]
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")

    notices = [await practice.taps_data(gil, f"{what}:{number}") for what in ("er", "ek", "ed")]
    notices.append(await practice.taps_data(gil, f"eo:{number}:0"))

    assert notices == ["Este botón ya no sirve."] * 4
    await practice.says(gil, "/alertas")
    assert "P-07" not in gil.last().text


async def test_the_note_is_in_the_record_and_only_mentioned_in_the_patients_own_file(practice: Practice) -> None:
    ruiz, ana = await enrolled(practice)
    await weeks(practice, ruiz, ana, (9, 9), (6, 6))
    await talked(practice, ruiz)
    await practice.says(ruiz, NOTE)

    await practice.says(ana, "/misdatos")
    await practice.says(ruiz, "/exportar P-07")

    own, record = files(ana), files(ruiz)
    assert not [form for form, text in own.items() if NOTE in text]
    assert "Con una nota de quien atiende, que no está en este archivo." in own["txt"]
    assert f"Nota: {NOTE}" in record["txt"]
    assert NOTE in record["json"]


async def test_a_fall_in_a_session_that_did_not_take_place_is_taken_back(practice: Practice) -> None:
    """The answers stand, compared with nothing any more; the button is that of an older copy of the question."""
    ruiz, ana = await enrolled(practice)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.session_ends(ruiz)
    none = data_of(ana.last(), "No hubo sesión")
    await practice.answers(ana, 5, 5, 2)
    await practice.pass_time(timedelta(minutes=6))
    assert await episodes(practice) == [("drop", "open")]

    await practice.taps_data(ana, none)
    await practice.pass_time(timedelta(minutes=1))

    assert await episodes(practice) == [("drop", "withdrawn")]
    assert "P-07: aviso retirado. Después de una corrección, la caída ya no está." in said(ruiz)
