"""Between sessions a patient writes into the chat: nobody reads it live, and nothing is swallowed.

The words are kept only when the patient wants the therapist to have them; the therapist opens them on purpose.
"""

from datetime import timedelta

from bot.demo.phone import Phone
from tests.practice import Practice, data_of, labels, said


async def writes_between_sessions(practice: Practice, words: str) -> tuple[Phone, Phone]:
    """Let a patient write while nothing is asked; return both phones."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.says(ana, words)
    return ruiz, ana


async def test_words_between_sessions_are_offered_to_be_left(practice: Practice) -> None:
    _, ana = await writes_between_sessions(practice, "He soñado con mi padre")

    assert ana.last().text.startswith(
        "Nadie lee este chat en este momento. ¿Quiere dejarle este mensaje a la Dra. Ruiz?"
    )
    assert labels(ana) == ["Dejárselo", "No"]
    assert await practice.words() == []


async def test_words_that_are_left_reach_the_therapist_discreetly(practice: Practice) -> None:
    ruiz, ana = await writes_between_sessions(practice, "He soñado con mi padre")

    await practice.taps(ana, "Dejárselo")

    assert ana.last().text == "Guardado. La Dra. Ruiz sabrá que hay un mensaje. No sé cuándo podrá leerlo."
    assert ruiz.last().text == "P-07: ha dejado un mensaje."
    assert await practice.words() == [("message", "He soñado con mi padre")]


async def test_left_words_are_read_under_a_spoiler_and_hidden_after_ten_minutes(practice: Practice) -> None:
    ruiz, ana = await writes_between_sessions(practice, "He soñado con mi padre")
    await practice.taps(ana, "Dejárselo")

    await practice.taps(ruiz, "Leer")
    shown = ruiz.last()
    assert "He soñado con mi padre" in shown.text
    assert [entity["type"] for entity in shown.entities] == ["spoiler"]
    assert shown.protected, "it cannot be forwarded or saved"

    await practice.pass_time(timedelta(minutes=10))
    assert shown.text == "P-07: ha dejado un mensaje."
    assert await practice.rows("SELECT act, subject FROM audit WHERE act = 'read'") == [
        {"act": "read", "subject": "words"}
    ]


async def test_nobody_else_can_read_them(practice: Practice) -> None:
    ruiz, ana = await writes_between_sessions(practice, "He soñado con mi padre")
    await practice.taps(ana, "Dejárselo")
    gil = await practice.therapist(101, "Dr. Gil", "el Dr. Gil")
    data = data_of(ruiz.last(), "Leer")

    notices = [await practice.taps_data(phone, data) for phone in (gil, ana)]

    assert notices == ["Este botón ya no sirve."] * 2
    assert not any("soñado" in text for text in [*said(gil), *said(ana)])


async def test_words_that_are_not_left_are_not_kept(practice: Practice) -> None:
    ruiz, ana = await writes_between_sessions(practice, "He soñado con mi padre")
    heard = len(ruiz.messages)

    await practice.taps(ana, "No")

    assert ana.last().text == "De acuerdo: no se ha guardado nada."
    assert await practice.words() == []
    assert len(ruiz.messages) == heard


async def test_a_left_message_can_be_mended(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    message = await ana.send("He soñado")
    await practice.settle()
    await practice.taps(ana, "Dejárselo")

    await practice.edits(ana, message, "He soñado con mi padre")

    assert await practice.words() == [("message", "He soñado con mi padre")]


async def test_at_night_the_therapist_hears_of_left_words_in_the_morning(practice: Practice) -> None:
    ruiz, ana = await writes_between_sessions(practice, "He soñado con mi padre")
    await practice.pass_time(timedelta(hours=6))

    await practice.taps(ana, "Dejárselo")
    assert ruiz.last().text != "P-07: ha dejado un mensaje."
    await practice.pass_time(timedelta(hours=9))

    assert ruiz.last().text == "P-07: ha dejado un mensaje."


async def test_the_longest_message_is_kept_whole_and_read_in_pages(practice: Practice) -> None:
    words = "😀" * 2000 + "fin"
    ruiz, ana = await writes_between_sessions(practice, words)
    await practice.taps(ana, "Dejárselo")

    await practice.taps(ruiz, "Leer")
    first = ruiz.last().text
    await practice.taps(ruiz, "Seguir leyendo")

    assert await practice.words() == [("message", words)]
    assert (first + ruiz.last().text).count("😀") == 2000
    assert ruiz.last().text.endswith("fin")


async def test_what_is_not_text_is_refused_kindly(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)

    for send in (ana.send_voice, ana.send_photo, ana.send_sticker, ana.send_document):
        await send(b"anything")
        await practice.settle()
        assert ana.last().text.startswith("Aquí solo puedo guardar texto."), send.__name__

    assert await practice.words() == []
    assert not any(call.method.lower() == "getfile" for call in practice.telegram.calls)


async def test_words_after_a_closed_question_can_be_left(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await practice.pass_time(timedelta(hours=73))

    await practice.says(ana, "Sigo dándole vueltas")
    await practice.taps(ana, "Dejárselo")

    assert await practice.words() == [("message", "Sigo dándole vueltas")]
