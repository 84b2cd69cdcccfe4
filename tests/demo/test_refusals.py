"""What Telegram refuses, word for word."""

from typing import Any

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaDocument, MessageEntity
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.demo.phone import Phone
from bot.demo.server import LocalTelegram
from tests.demo.conftest import Moment, method_url
from tests.demo.pictures import png

NOT_MODIFIED = (
    "Message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


def keyboard(label: str = "1", data: str = "s:1") -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=data)]])


async def refusal(telegram: LocalTelegram, method: str, **params: Any) -> str:
    """Call with JSON and give the description, unchanged by any library."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(method_url(telegram, method), json=params) as response,
    ):
        body = await response.json()
    assert body["error_code"] == response.status
    return str(body["description"])


async def test_unknown_chat(bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"^Chat not found$"):
        await bot.send_message(404, "Hola")


async def test_somebody_who_never_wrote(telegram: LocalTelegram) -> None:
    telegram.phone(8, "Luis")

    said = await refusal(telegram, "sendMessage", chat_id=8, text="Hola")

    assert said == "Forbidden: bot can't initiate conversation with a user"


async def test_somebody_who_blocked_the_bot(bot: Bot, ana: Phone) -> None:
    await ana.block()

    with pytest.raises(Forbidden, match=r"^Forbidden: bot was blocked by the user$"):
        await bot.send_message(7, "Hola")


async def test_group_the_bot_has_left(telegram: LocalTelegram, bot: Bot) -> None:
    telegram.group(-100, "Familia")
    await bot.leave_chat(-100)

    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(-100, "Hola")


async def test_edit_that_changes_nothing(bot: Bot, ana: Phone) -> None:
    sent = await bot.send_message(ana.chat_id, "¿?", reply_markup=keyboard())

    with pytest.raises(BadRequest) as refused:
        await sent.edit_text("¿?", reply_markup=keyboard())

    assert refused.value.message == NOT_MODIFIED
    assert ana.last().edits == 0


async def test_keyboard_that_is_the_same(bot: Bot, ana: Phone) -> None:
    sent = await bot.send_message(ana.chat_id, "¿?")

    with pytest.raises(BadRequest, match="Message is not modified"):
        await sent.edit_reply_markup(None)


async def test_edit_of_a_message_the_person_deleted(bot: Bot, ana: Phone) -> None:
    sent = await bot.send_message(7, "¿?")
    await ana.delete(ana.last())

    with pytest.raises(BadRequest, match=r"^Message to edit not found$"):
        await sent.edit_text("!")


async def test_edit_of_what_the_person_wrote(telegram: LocalTelegram, ana: Phone) -> None:
    message = await ana.send("Hola")

    said = await refusal(telegram, "editMessageText", chat_id=7, message_id=message.message_id, text="!")

    assert said == "Bad Request: message can't be edited"


async def test_text_edit_of_a_photo(bot: Bot, ana: Phone) -> None:
    sent = await bot.send_photo(ana.chat_id, png())

    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("!", 7, sent.message_id)


async def test_delete_of_nothing(bot: Bot, ana: Phone) -> None:
    with pytest.raises(BadRequest, match=r"^Message to delete not found$"):
        await bot.delete_message(ana.chat_id, 99)


async def test_delete_after_two_days(bot: Bot, ana: Phone, now: Moment) -> None:
    sent = await bot.send_message(ana.chat_id, "Hola")
    now.advance(hours=48)

    with pytest.raises(BadRequest, match=r"^Message can't be deleted for everyone$"):
        await sent.delete()

    assert ana.last().text == "Hola"


async def test_second_answer_to_one_tap(bot: Bot, ana: Phone) -> None:
    await bot.send_message(7, "¿?")
    tap = await ana.tap_data("s:1", ana.last())
    await bot.answer_callback_query(tap.id)

    with pytest.raises(BadRequest, match=r"^Query is too old and response timeout expired or query id is invalid$"):
        await bot.answer_callback_query(tap.id)


async def test_answer_to_a_tap_that_never_was(telegram: LocalTelegram) -> None:
    said = await refusal(telegram, "answerCallbackQuery", callback_query_id="1")

    assert said == "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def test_answer_of_201_characters(telegram: LocalTelegram, ana: Phone, bot: Bot) -> None:
    await bot.send_message(7, "¿?")
    tap = await ana.tap_data("s:1", ana.last())

    said = await refusal(telegram, "answerCallbackQuery", callback_query_id=tap.id, text="a" * 201)

    assert said == "Bad Request: MESSAGE_TOO_LONG"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "message text is empty"),
        (" \n ", "text must be non-empty"),
        ("a" * 4097, "message is too long"),
        ("a" * 32769, "text is too long"),
        ("\ud83d", "strings must be encoded in UTF-8"),
    ],
)
async def test_text_that_cannot_be_sent(telegram: LocalTelegram, ana: Phone, text: str, said: str) -> None:
    assert await refusal(telegram, "sendMessage", chat_id=ana.chat_id, text=text) == f"Bad Request: {said}"
    assert ana.messages == []


async def test_label_that_is_not_utf8(telegram: LocalTelegram, ana: Phone) -> None:
    markup = {"inline_keyboard": [[{"text": "\ud83d", "callback_data": "s"}]]}

    said = await refusal(telegram, "sendMessage", chat_id=ana.chat_id, text="¿?", reply_markup=markup)

    assert said == "Bad Request: strings must be encoded in UTF-8"


async def test_4096_characters_fit_even_if_they_are_emoji(bot: Bot, ana: Phone) -> None:
    await bot.send_message(7, "🌱" * 4096)

    assert len(ana.last().text) == 4096


async def test_too_long_an_edit_has_its_own_words(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    sent = await bot.send_message(ana.chat_id, "Hola")

    said = await refusal(telegram, "editMessageText", chat_id=7, message_id=sent.message_id, text="a" * 4097)

    assert said == "Bad Request: MESSAGE_TOO_LONG"


async def test_caption_of_1025_characters(bot: Bot, ana: Phone) -> None:
    with pytest.raises(BadRequest, match=r"^Message caption is too long$"):
        await bot.send_photo(ana.chat_id, png(), caption="a" * 1025)


@pytest.mark.parametrize("data", ["", "á" * 33])
async def test_callback_data_outside_1_to_64_bytes(telegram: LocalTelegram, ana: Phone, data: str) -> None:
    markup = {"inline_keyboard": [[{"text": "1", "callback_data": data}]]}

    said = await refusal(telegram, "sendMessage", chat_id=ana.chat_id, text="¿?", reply_markup=markup)

    assert said == "Bad Request: BUTTON_DATA_INVALID"


@pytest.mark.parametrize(
    ("button", "said"),
    [
        ({"text": "1"}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"text": "1", "url": "nowhere"}, "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL"),
    ],
)
async def test_button_that_does_nothing(telegram: LocalTelegram, ana: Phone, button: dict[str, str], said: str) -> None:
    markup = {"inline_keyboard": [[button]]}

    answer = await refusal(telegram, "sendMessage", chat_id=ana.chat_id, text="¿?", reply_markup=markup)

    assert answer == f"Bad Request: {said}"


async def test_nine_buttons_in_a_row(telegram: LocalTelegram, ana: Phone) -> None:
    row = [{"text": str(number), "callback_data": "s"} for number in range(9)]

    said = await refusal(
        telegram, "sendMessage", chat_id=ana.chat_id, text="¿?", reply_markup={"inline_keyboard": [row]}
    )

    assert said == "Bad Request: reply markup is too long"


@pytest.mark.parametrize(
    ("entity", "said"),
    [
        (
            MessageEntity("bold", 2, 9),
            "Entity beginning at utf-16 offset 2 ends after the end of the text at utf-16 offset 11",
        ),
        (MessageEntity("bold", 9, 1), "Entity begins after the end of the text at utf-16 offset 9"),
        (MessageEntity("nonsense", 0, 1), "Can't parse messageentity: unsupported type specified"),
    ],
)
async def test_entity_that_does_not_fit(bot: Bot, ana: Phone, entity: MessageEntity, said: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await bot.send_message(ana.chat_id, "Hola", entities=[entity])

    assert refused.value.message.lower() == said.lower()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7", "Image_process_failed"),
        (png(9_000, 1_001), "Photo_invalid_dimensions"),
        (png(21, 1), "Photo_invalid_dimensions"),
        (
            b"\xff" * 10_485_761,
            "File of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes",
        ),
    ],
    ids=["not a picture", "too large", "too narrow", "too heavy"],
)
async def test_bytes_that_are_no_photo(bot: Bot, ana: Phone, data: bytes, said: str) -> None:
    with pytest.raises(BadRequest) as refused:
        await bot.send_photo(ana.chat_id, data)

    assert refused.value.message == said


async def test_album_of_eleven(bot: Bot, ana: Phone) -> None:
    with pytest.raises(BadRequest, match=r"[Tt]oo many messages to send as an album"):
        await bot.send_media_group(ana.chat_id, [InputMediaDocument(b"a", filename="a.txt")] * 11)


async def test_file_nobody_knows(bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"[Ww]rong file_id or the file is temporarily unavailable"):
        await bot.get_file("nothing")


async def test_command_with_capitals(telegram: LocalTelegram) -> None:
    commands = [{"command": "Ayuda", "description": "Ayuda"}]

    assert await refusal(telegram, "setMyCommands", commands=commands) == "Bad Request: BOT_COMMAND_INVALID"


async def test_parse_mode(bot: Bot, ana: Phone) -> None:
    with pytest.raises(BadRequest, match=r"[Uu]nsupported parse_mode"):
        await bot.send_message(ana.chat_id, "<b>Hola</b>", parse_mode="HTML")


async def test_reply_to_a_message_that_is_gone(bot: Bot, ana: Phone) -> None:
    with pytest.raises(BadRequest, match=r"^Message to be replied not found$"):
        await bot.send_message(ana.chat_id, "Hola", reply_to_message_id=99)


@pytest.mark.parametrize(
    ("path", "code", "description"),
    [
        ("/bot123456:wrong/getMe", 401, "Unauthorized"),
        ("/botnonsense/getMe", 404, "Not Found"),
        ("/nowhere", 404, "Not Found"),
    ],
)
async def test_address_that_leads_nowhere(
    telegram: LocalTelegram, http: aiohttp.ClientSession, path: str, code: int, description: str
) -> None:
    async with http.get(telegram.url + path) as response:
        body = await response.json()

    assert body == {"ok": False, "error_code": code, "description": description}


async def test_unknown_method(telegram: LocalTelegram) -> None:
    assert await refusal(telegram, "sendHugs", chat_id=7) == "Not Found"


async def test_upload_beyond_50_megabytes(bot: Bot, ana: Phone) -> None:
    with pytest.raises(TelegramError, match="Request Entity Too Large"):
        await bot.send_document(ana.chat_id, b"a" * (50 * 1024 * 1024 + 1))
