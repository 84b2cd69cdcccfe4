"""Before a score can be seen, the therapist says what it may be: where the two differ is where to listen.

A guess made after the score was seen would be worth nothing, so a score waits for its guess, a day at most.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.demo.phone import Phone
from bot.demo.state import Message
from handlers.actions_guesses import Guessed, GuessedBefore, SeeNow, ShownIn
from handlers.keyboards import encode
from tests.practice import Practice, labels, opened, said

ASKED = "¿Cómo cree que lo vivió P-07 hoy?"
NIGHT = datetime(2026, 11, 17, 20, 30, tzinfo=UTC)
"""21:30 in Madrid: the therapists rest from 21:00 to 8:00."""


@pytest_asyncio.fixture
async def guessing(tmp_path: Path) -> AsyncIterator[Practice]:
    """Open a practice whose therapists guess; patients are asked at night, too."""
    quiet = '[check_in]\nquiet_from = "00:00"\nquiet_until = "00:00"\n'
    async with opened(tmp_path, settings=f"{quiet}[therapist]\nblind_guess = true\n") as practice:
        yield practice


async def guesses(practice: Practice) -> list[tuple[str, int | None]]:
    return [(row["state"], row["guessed"]) for row in await practice.rows("SELECT * FROM guesses ORDER BY id")]


def the_question(phone: Phone) -> Message:
    return next(message for message in reversed(phone.messages) if message.from_bot and "lo vivió" in message.text)


def on(phone: Phone, beginning: str) -> Message:
    """Return the newest message of the bot that begins so."""
    return next(one for one in reversed(phone.messages) if one.from_bot and one.text.startswith(beginning))


async def a_fall(practice: Practice, *, guessed: bool = False) -> tuple[Phone, Phone]:
    """Let the alliance of a patient fall from 9 to 6, and the alert be pushed."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.session_ends(ruiz)
    if guessed:
        await practice.taps(ruiz, "8")
    await practice.answers(ana, 6, 6, 2)
    await practice.pass_time(timedelta(minutes=6))
    return ruiz, ana


async def test_it_is_asked_with_the_patients_question_discreetly(guessing: Practice) -> None:
    ruiz = await guessing.therapist()
    await guessing.patient(ruiz)

    await guessing.session_ends(ruiz)

    assert ruiz.last().text == f"{ASKED}\nComprensión y sentido, juntos: 0 = nada · 10 = del todo"
    assert labels(ruiz) == [str(number) for number in range(11)]
    assert await guesses(guessing) == [("open", None)]


async def test_a_practice_that_does_not_want_it_is_not_asked(practice: Practice) -> None:
    ruiz, _ = await a_fall(practice)

    await practice.taps(ruiz, "Ver")

    assert not any("lo vivió" in text for text in said(ruiz))
    assert await guesses(practice) == []


async def test_a_number_can_be_changed_until_the_score_is_seen(guessing: Practice) -> None:
    ruiz, _ = await a_fall(guessing, guessed=True)
    question = on(ruiz, "P-07 · 24 nov: estimación anotada, 8.")
    await ruiz.tap("7", message=question)
    await guessing.settle()
    assert await guesses(guessing) == [("lapsed", None), ("given", 7)]

    await guessing.taps(ruiz, "Ver")
    (row,) = await guessing.rows("SELECT max(id) AS id FROM guesses")
    await guessing.taps_data(ruiz, encode(Guessed(row["id"], 3)), question)

    assert "6,0" in on(ruiz, "P-07 · caída").text
    assert question.text == "P-07 · 24 nov: estimación anotada, 7."
    assert question.labels() == []
    assert await guesses(guessing) == [("lapsed", None), ("given", 7)]


async def test_an_alert_is_pushed_at_once_and_asks_before_it_shows_the_numbers(guessing: Practice) -> None:
    ruiz, _ = await a_fall(guessing)
    alert = ruiz.last()
    assert alert.text == "P-07: caída de la alianza percibida."

    await guessing.taps(ruiz, "Ver")
    assert alert.text.startswith("Antes de ver la puntuación de P-07, 24 nov: ¿cómo cree que lo vivió?")
    assert alert.labels()[-1] == "Prefiero verla ya"
    assert "6,0" not in "".join(said(ruiz))
    await ruiz.tap("9", message=alert)
    await ruiz.tap("2", message=alert)  # a double tap, on the next number by mistake
    await guessing.settle()

    assert "24 nov: 6,0" in alert.text
    assert await guesses(guessing) == [("lapsed", None), ("given", 9)]
    assert on(ruiz, "P-07 · 24 nov: estimación anotada, 9.").labels() == []


@pytest.mark.both
async def test_whoever_prefers_to_see_it_sees_it_and_there_is_no_guess(guessing: Practice) -> None:
    ruiz, _ = await a_fall(guessing)

    await guessing.taps(ruiz, "Ver", "Prefiero verla ya")

    assert "24 nov: 6,0" in on(ruiz, "P-07 · caída").text
    assert on(ruiz, "P-07 · 24 nov: sin estimación.").labels() == []
    assert await guesses(guessing) == [("lapsed", None), ("skipped", None)]


async def test_urgent_words_are_never_behind_a_question(guessing: Practice) -> None:
    ruiz = await guessing.therapist()
    ana = await guessing.patient(ruiz)
    await guessing.session_ends(ruiz)
    await guessing.taps(ana, "3", "3")

    await guessing.says(ana, "quiero morirme")
    await guessing.taps(ruiz, "Lo he visto")

    assert not any(text.startswith("Antes de ver") for text in said(ruiz))
    assert [row["seen_at"] is not None for row in await guessing.rows("SELECT seen_at FROM concerns")] == [True]


async def test_at_night_it_waits_for_the_morning_and_is_not_asked_once_the_score_was_seen(guessing: Practice) -> None:
    ruiz = await guessing.therapist()
    ana, eva = await guessing.patient(ruiz), await guessing.patient(ruiz, "P-08", 201)
    await guessing.go_to(NIGHT)
    for phone, code in ((ana, "P-07"), (eva, "P-08")):
        await guessing.session_ends(ruiz, code)
        await guessing.answers(phone, 8, 8, 2)
    (seen,) = await guessing.rows("SELECT id FROM patients WHERE code = 'P-08'")

    await guessing.taps_data(ruiz, f"po:{seen['id']}")
    await guessing.go_to(NIGHT + timedelta(hours=10, minutes=29))
    assert not any("lo vivió" in text or "la vivió" in text for text in said(ruiz))
    await guessing.go_to(NIGHT + timedelta(hours=10, minutes=30))

    assert "Última alianza: 8,0" in on(ruiz, "P-08 · en marcha").text
    assert [text.splitlines()[0] for text in said(ruiz) if "vivió" in text] == [
        "Sesión del martes 17 con P-07: ¿cómo cree que la vivió?"
    ]
    assert await guesses(guessing) == [("open", None), ("seen", None)]


@pytest.mark.both
async def test_after_a_day_the_question_goes_and_everything_shows(guessing: Practice) -> None:
    ruiz = await guessing.therapist()
    ana = await guessing.patient(ruiz)
    await guessing.session_ends(ruiz)
    await guessing.answers(ana, 8, 7, 2)
    await guessing.says(ruiz, "/pacientes")
    assert ruiz.last().text.endswith("P-07 · en marcha · por estimar")

    await guessing.stop()
    guessing.clock.advance(timedelta(hours=24))
    await guessing.start()
    await guessing.settle()
    await guessing.says(ruiz, "/pacientes")

    assert ruiz.last().text.endswith("P-07 · en marcha · 7,5 (17 nov)")
    assert on(ruiz, "P-07 · 17 nov: ya no hace falta la estimación.").labels() == []
    assert await guesses(guessing) == [("lapsed", None)]


@pytest.mark.both
@pytest.mark.parametrize("told_by", ["therapist", "patient"])
async def test_a_session_that_was_none_takes_its_question_back(guessing: Practice, told_by: str) -> None:
    ruiz = await guessing.therapist()
    ana = await guessing.patient(ruiz)
    await guessing.session_ends(ruiz)
    question = the_question(ruiz)
    (row,) = await guessing.rows("SELECT id FROM sessions")

    if told_by == "patient":
        await guessing.taps(ana, "No hubo sesión")
        await guessing.taps(ruiz, "Así es")
    else:
        await guessing.taps_data(ruiz, f"ac:{row['id']}:1")
    await guessing.taps_data(ruiz, "g:1:7", question)

    assert (question.text, question.labels()) == ("P-07 · 17 nov: ya no hace falta la estimación.", [])
    assert await guesses(guessing) == [("withdrawn", None)]
    await guessing.taps_data(ruiz, f"ay:{row['id']}")
    await guessing.settle()
    assert await guesses(guessing) == [("open" if told_by == "therapist" else "withdrawn", None)]


async def test_nobody_guesses_for_the_therapist(guessing: Practice) -> None:
    ruiz, gil = await guessing.therapist(), await guessing.therapist(101, "Dr. Gil", "el Dr. Gil")
    ana = await guessing.patient(ruiz)
    await guessing.session_ends(ruiz)
    await guessing.answers(ana, 8, 7, 2)

    for phone in (gil, ana):
        for tap in (Guessed(1, 7), GuessedBefore(1, 7, ShownIn.LINE, 1), SeeNow(1, ShownIn.PAGE, 1)):  # type: ignore[arg-type]
            assert await guessing.taps_data(phone, encode(tap)) == "Este botón ya no sirve."

    assert await guesses(guessing) == [("open", None)]


async def test_a_digest_leaves_out_what_is_guessed_first_and_opens_it(guessing: Practice) -> None:
    ruiz = await guessing.therapist()
    ana = await guessing.patient(ruiz)
    await guessing.session_ends(ruiz)
    await guessing.answers(ana, 8, 7, 9)

    await guessing.says(ruiz, "/resumen")
    digest = on(ruiz, "Semana del")
    assert "P-07 · por estimar · 17 nov" in digest.text
    assert "1 respuesta" in digest.text
    assert "7,5" not in digest.text
    await guessing.taps(ruiz, "Estimar: P-07, 17 nov")
    await guessing.taps(ruiz, "5")

    assert ruiz.last().text == "P-07 · 17 nov: 7,5. La estimación fue 5."
    await guessing.says(ruiz, "/resumen")
    assert "P-07 · 7,5 · 17 nov" in on(ruiz, "Semana del").text


async def answered_before_a_guess(practice: Practice) -> Phone:
    """Let a patient answer 8 and 7 about a session that the therapist has not guessed yet."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.session_ends(ruiz)
    await practice.answers(ana, 8, 7, 2)
    return ruiz


def photos(phone: Phone) -> list[Message]:
    """Return the pictures a person has got."""
    return [one for one in phone.messages if one.photo]


@pytest.mark.parametrize(("answer", "ends"), [("8", ("given", 8)), ("Prefiero verla ya", ("skipped", None))])
async def test_a_history_asks_first_and_shows_then(
    guessing: Practice, answer: str, ends: tuple[str, int | None]
) -> None:
    ruiz = await answered_before_a_guess(guessing)
    of_the_digest = len(photos(ruiz))

    await guessing.says(ruiz, "/historial P-07")
    asked = ruiz.last()
    assert asked.text.startswith("Antes de ver la puntuación de P-07, 24 nov: ¿cómo cree que lo vivió?")
    assert len(photos(ruiz)) == of_the_digest, "a chart would show it, too"
    await guessing.taps(ruiz, answer)

    assert ruiz.last().text.startswith("P-07 · 2 sesiones")
    assert "7,5" in ruiz.last().text
    assert len(photos(ruiz)) == of_the_digest + 1
    assert asked.labels() == [], "what was asked first says what became of it"
    assert (await guesses(guessing))[-1] == ends


async def test_before_a_session_it_asks_first_and_shows_then(guessing: Practice) -> None:
    ruiz = await answered_before_a_guess(guessing)
    await guessing.says(ruiz, "/sesion P-07 mañana 16:00 50m")
    await guessing.go_to(datetime(2026, 11, 25, 14, 30, tzinfo=UTC))
    line = ruiz.last()
    assert line.text == "P-07 a las 16:00"

    await guessing.taps(ruiz, "Ver")
    assert line.text.startswith("Antes de ver la puntuación de P-07, 24 nov: ¿cómo cree que lo vivió?")
    assert not any("7,5" in text for text in said(ruiz))
    await ruiz.tap("9", message=line)
    await guessing.settle()

    assert "Última alianza: 7,5 ↓ · 24 nov" in line.text
    assert (await guesses(guessing))[-1] == ("given", 9)


async def test_an_alert_below_a_digest_asks_first_and_shows_then(guessing: Practice) -> None:
    ruiz, _ = await a_fall(guessing)
    await guessing.says(ruiz, "/resumen")
    digest = on(ruiz, "Semana del")
    assert "6,0" not in digest.text

    await guessing.taps(ruiz, "Ver P-07")
    asked = ruiz.last()
    assert asked.text.startswith("Antes de ver la puntuación de P-07, 24 nov: ¿cómo cree que lo vivió?")
    await ruiz.tap("Prefiero verla ya", message=asked)
    await guessing.settle()

    assert "24 nov: 6,0" in asked.text
    assert digest.text == on(ruiz, "Semana del").text, "the digest stays as it is"
    assert (await guesses(guessing))[-1] == ("skipped", None)


async def test_from_three_sessions_on_the_gap_is_said_to_the_therapist_alone(guessing: Practice) -> None:
    ruiz = await guessing.therapist()
    ana = await guessing.patient(ruiz)
    for number, score in (("8", 7), ("7", 6), ("9", 7)):
        before = guessing.clock.now()
        await guessing.says(ruiz, "/pacientes")
        assert "estimar" not in ruiz.last().text
        await guessing.session_ends(ruiz)
        await guessing.taps(ruiz, number)
        await guessing.answers(ana, score, score, 2)
        await guessing.go_to(before + timedelta(days=7))

    await guessing.says(ruiz, "/pacientes")
    assert ruiz.last().text.endswith("· usted estima 1,3 más alto, en promedio (3 sesiones)")
    await guessing.taps(ruiz, "P-07")
    assert "Estimaciones a ciegas: usted estima 1,3 más alto, en promedio (3 sesiones)." in ruiz.last().text
    await guessing.says(ana, "/misdatos")
    await guessing.says(ruiz, "/exportar P-07")
    own, record = (text_of(phone) for phone in (ana, ruiz))

    assert "Estimación" not in own
    assert "antes de ver las respuestas: 3 números." in own
    assert record.count("Estimación de quien lleva la terapia:") == 3


def text_of(phone: Phone) -> str:
    """Return the newest file to read that was handed over."""
    files = [one.document for one in phone.messages if one.document and str(one.file_name).endswith(".txt")]
    return files[-1].decode()


async def test_who_leaves_takes_the_question_along(guessing: Practice) -> None:
    ruiz = await guessing.therapist()
    ana = await guessing.patient(ruiz)
    await guessing.session_ends(ruiz)

    await guessing.says(ana, "/baja")
    await guessing.taps(ana, "Sí, darme de baja")

    assert await guesses(guessing) == [("withdrawn", None)]
