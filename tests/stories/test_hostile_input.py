"""Ten thumbs on one keyboard, last week's buttons, somebody else's data, apps that send what no app sends.

Each has a clear reply or a silent log line, and nothing wrong is stored.
"""

import asyncio
import json
from datetime import timedelta

import pytest

from bot.demo.faults import Fault
from bot.demo.phone import Phone
from bot.demo.state import Json
from tests.practice import Practice, data_of, labels, said

USELESS = "Este botón ya no sirve."
ANSWERED = "Eso ya estaba contestado. Lo que vale es el último mensaje."


async def asked(practice: Practice) -> tuple[Phone, Phone]:
    """Return a therapist and a patient who is being asked the first question."""
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    return ruiz, ana


async def test_of_ten_taps_at_once_on_one_keyboard_one_counts(practice: Practice) -> None:
    _, ana = await asked(practice)
    question = ana.last()

    taps = await asyncio.gather(*(ana.tap_data(data_of(question, str(score)), question) for score in range(10)))
    await practice.settle()

    assert await practice.scores() == [(1, "understood", 0)]
    assert [await tap.answered() for tap in taps] == ["", *[ANSWERED] * 9]
    assert "2 de 3" in ana.last().text


async def test_a_double_tap_does_not_answer_the_next_question(practice: Practice) -> None:
    _, ana = await asked(practice)
    seven = data_of(ana.last(), "7")

    await practice.taps_data(ana, seven)
    notice = await practice.taps_data(ana, seven)

    assert notice == ANSWERED
    assert await practice.scores() == [(1, "understood", 7)]


async def test_a_tap_on_an_old_keyboard_lands_on_its_own_week(practice: Practice) -> None:
    ruiz, ana = await asked(practice)
    old, seven = ana.last(), data_of(ana.last(), "7")
    await practice.taps(ana, "8", "8", "2", "Listo")
    await practice.pass_time(timedelta(days=7))
    await practice.session_ends(ruiz)

    notice = await practice.taps_data(ana, seven, old)

    assert notice == "Esta pregunta ya se ha cerrado."
    assert await practice.scores() == [(1, "understood", 8), (1, "sense", 8), (1, "pending", 2)]


async def test_somebody_elses_buttons_do_nothing(practice: Practice) -> None:
    ruiz, ana = await asked(practice)
    leo = await practice.patient(ruiz, "P-11", user_id=201)
    stranger = practice.telegram.phone(300, "Desconocida")
    await practice.says(stranger, "/start")
    buttons = [data_of(ana.last(), label) for label in labels(ana)]

    notices = [await practice.taps_data(phone, data) for phone in (leo, stranger, ruiz) for data in buttons]

    assert notices == [USELESS] * len(buttons) * 3
    assert (await practice.scores(), await practice.check_ins()) == ([], ["open"])


FORGED = (
    *("s:1:u:11", "s:1:u:-1", "s:1:u:007", "s:1:u:٧", "s:1:u:7.0", "s:1:u:", "s:1:u:7:7", "s:0:u:7", "s:-1:u:7"),
    *("s:9223372036854775808:u:7", "s:999:u:7", "s:1:z:7", "s:1:m:7", "s:1:r:7", " s:1:u:7", "s:1:u:7\n", "S:1:u:7"),
    *("", ":", "garbage", "😀" * 16, "\x00", "' OR 1=1 --", "s:1:u:7" + " " * 57),
    *("c:1", "d:1:r", "b:1:u", "an:x", "co:1:1", "en:1:la", "k:1:1", "sz:Mars"),
)


async def test_forged_buttons_store_nothing(practice: Practice) -> None:
    _, ana = await asked(practice)

    for data in FORGED:
        notice = await practice.taps_data(ana, data)
        assert notice in {USELESS, ANSWERED, ""}, data
        assert await practice.scores() == [], data

    assert (await practice.words(), await practice.check_ins(), await parked(practice)) == ([], ["open"], [])
    await practice.says(ana, "7")
    assert await practice.scores() == [(1, "understood", 7)], "the question is still there"


async def test_a_forged_step_ahead_is_not_answered(practice: Practice) -> None:
    _, ana = await asked(practice)

    notice = await practice.taps_data(ana, "s:1:p:7")

    assert notice == ANSWERED
    assert await practice.scores() == []


@pytest.mark.both
async def test_the_longest_emoji_message_is_kept_as_words(practice: Practice) -> None:
    _, ana = await asked(practice)
    words = "😀" * 4096

    await practice.says(ana, words)

    assert await practice.words() == [("reflection", words)]
    assert await practice.scores() == []


async def test_what_only_looks_like_a_number_is_no_score(practice: Practice) -> None:
    _, ana = await asked(practice)

    for number in ("😀" * 4095 + "7", "7" * 4096, "9" * 79, "٧", "Ⅶ", "七", "7\u0338", "0x7", "1e1", "- 1", "11/10"):
        await practice.says(ana, number)
        assert await practice.scores() == [], number


@pytest.mark.parametrize("words", ["a\ud83d b", "null\x00byte", "\u202eoñeus", "e" + "\u0301" * 3000])
async def test_broken_text_is_kept_and_can_be_read(practice: Practice, words: str) -> None:
    ruiz, ana = await asked(practice)

    await arrives_raw(practice, ana, words)
    await practice.taps(ana, "9", "9", "2", "Listo")
    await practice.pass_time(timedelta(days=7))
    await practice.session_ends(ruiz)
    await practice.answers(ana, 3, 3, 2)
    await practice.pass_time(timedelta(minutes=6))

    assert [text for _, text in await practice.words()] == [words.replace("\ud83d", "\ufffd")]
    assert ruiz.last().text == "P-07: caída de la alianza percibida.", "the bot is still at work"
    assert await parked(practice) == []


async def test_broken_words_that_are_left_can_be_read(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.session_ends(ruiz)
    await arrives_raw(practice, ana, "antes \ud83d después")
    await practice.answers(ana, 9, 9, 2)
    await practice.pass_time(timedelta(days=7))
    await practice.session_ends(ruiz)
    await arrives_raw(practice, ana, "otra \ud83d vez")
    await practice.answers(ana, 3, 3, 2)
    await practice.pass_time(timedelta(minutes=6))

    await practice.taps(ruiz, "Ver", "Leer sus palabras")

    assert any("Comentario:\notra" in text for text in said(ruiz))


@pytest.mark.both
async def test_an_edited_message_that_was_never_seen_is_answered(practice: Practice) -> None:
    _, ana = await asked(practice)
    person = {"id": ana.chat_id, "is_bot": False, "first_name": "Ana"}
    never_seen = {"message_id": 99_999, "date": 0, "edit_date": 1, "from": person, "text": "7"}

    practice.telegram.push_raw({"edited_message": never_seen | {"chat": {"id": ana.chat_id, "type": "private"}}})
    await practice.settle()

    assert "no se ha guardado" in ana.last().text
    assert (await practice.scores(), await practice.words()) == ([], [])


async def test_the_bot_leaves_groups_and_answers_nobody_there(practice: Practice) -> None:
    ruiz, ana = await asked(practice)
    group = practice.telegram.group(-1001, "La familia")

    await group.add_bot(by=ana)
    await group.send(ruiz, "/pacientes")
    await practice.settle()

    assert group.left
    assert not any(message.from_bot for message in group.messages)
    assert await parked(practice) == []


async def test_a_command_in_a_group_makes_the_bot_leave(practice: Practice) -> None:
    ruiz, _ = await asked(practice)
    group = practice.telegram.group(-1002, "La clínica")

    await group.send(ruiz, "/sesion P-07 ahora")
    await practice.settle()

    assert group.left
    assert len(await practice.rows("SELECT * FROM sessions")) == 1


@pytest.mark.both
@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("/start", "Este chat pregunta, después de cada sesión"),
        ("/start no-such-token", "Este enlace no es válido."),
        ("/start " + "x" * 4000, "Este enlace no es válido."),
        ("Hola", "Este chat pregunta, después de cada sesión"),
        ("/pausa", "Este chat pregunta, después de cada sesión"),
        ("/nosuchcommand", "Eso no lo entiendo."),
    ],
)
async def test_a_stranger_gets_a_clear_reply_and_leaves_no_trace(practice: Practice, line: str, reply: str) -> None:
    stranger = practice.telegram.phone(300, "Desconocida")

    await practice.says(stranger, line)

    assert stranger.last().text.startswith(reply)
    for table in ("people", "patients", "words", "consents"):
        assert await practice.rows(f"SELECT * FROM {table}") == []  # noqa: S608 - names from the line above


MALFORMED: tuple[Json, ...] = (
    {"message": {"message_id": 1, "date": 0, "chat": {"id": 300, "type": "private"}}},
    {"message": {"message_id": 2, "date": 0, "chat": {"id": 300, "type": "private"}, "from": None, "text": "a"}},
    {"message": {"message_id": 3, "date": "soon", "chat": {"id": "x", "type": "private"}, "text": "a"}},
    {"callback_query": {"id": "5", "data": "s:1:u:7", "from": {"id": 300, "is_bot": False, "first_name": "X"}}},
    {"callback_query": {"data": "s:1:u:7"}},
    {"my_chat_member": {"date": 0}},
    {"message": "not an object"},
    {},
)


async def test_malformed_updates_do_not_stop_the_others(practice: Practice) -> None:
    _, ana = await asked(practice)

    for update in MALFORMED:
        practice.telegram.push_raw(update)
    await practice.taps(ana, "7")

    assert await practice.scores() == [(1, "understood", 7)]


async def arrives_raw(practice: Practice, phone: Phone, words: str) -> None:
    """Let a text arrive that the local server would not let through, escaped in the JSON of one batch."""
    number = practice.telegram.next_update_id + 1
    body = {"message_id": 50_000 + number, "date": 0, "chat": {"id": phone.chat_id, "type": "private"}}
    message = body | {"from": {"id": phone.chat_id, "is_bot": False, "first_name": "Ana"}, "text": words}
    batch = json.dumps({"ok": True, "result": [{"update_id": number, "message": message}]}).encode()
    delivered: list[str] = []

    def once(method: str, _: Json) -> Fault | None:
        if method != "getUpdates" or delivered:
            return None
        delivered.append(method)
        return Fault.answer(200, batch)

    practice.telegram.fault = once
    await practice.taps_data(phone, "a tap that ends the poll under way")
    practice.telegram.fault = None
    practice.telegram.next_update_id = number + 1
    assert delivered


async def parked(practice: Practice) -> list[str]:
    """Return the errors of updates that were given up or wait for another try."""
    rows = await practice.rows("SELECT last_error FROM inbox WHERE last_error IS NOT NULL")
    return [row["last_error"] for row in rows]
