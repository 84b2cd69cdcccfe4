"""The everyday of a bot: it hears people, writes to them, edits, deletes, sends files."""

import io

import pytest
from PIL import Image
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    MenuButtonCommands,
    MessageEntity,
)
from telegram.constants import ChatAction

from bot.demo.phone import Phone
from bot.demo.server import Call, LocalTelegram
from tests.demo.conftest import Moment
from tests.demo.pictures import png

KEYBOARD = InlineKeyboardMarkup(
    [[InlineKeyboardButton("0", callback_data="s:0")], [InlineKeyboardButton("10", callback_data="s:10")]]
)


async def test_bot_knows_its_own_name(telegram: LocalTelegram, bot: Bot) -> None:
    me = await bot.get_me()

    assert me.username == telegram.username
    assert telegram.token.startswith(f"{me.id}:")


async def test_typed_words_reach_the_bot_with_sender_and_date(telegram: LocalTelegram, bot: Bot, now: Moment) -> None:
    await telegram.phone(7, "Ana").send("Hola")

    [update] = await bot.get_updates()

    assert update.message is not None
    assert update.message.text == "Hola"
    assert update.message.date == now()
    assert update.effective_user is not None
    assert update.effective_user.language_code == "es"


async def test_command_carries_its_entity_in_utf16_units(bot: Bot, ana: Phone) -> None:
    await ana.send("🌱 /ayuda ahora")

    [update] = await bot.get_updates()

    assert update.message is not None
    assert update.message.parse_entities() == {update.message.entities[0]: "/ayuda"}


async def test_pressing_start_behind_a_deep_link_carries_the_payload(bot: Bot, ana: Phone) -> None:
    await ana.start("k3y")

    [update] = await bot.get_updates()

    assert update.message is not None
    assert update.message.text == "/start k3y"


async def test_words_too_long_for_one_message_arrive_in_pieces(bot: Bot, ana: Phone) -> None:
    await ana.send("a" * 5000)

    updates = await bot.get_updates()

    assert [len(update.message.text or "") for update in updates if update.message] == [4096, 904]


async def test_message_appears_on_the_phone_with_its_buttons(bot: Bot, ana: Phone) -> None:
    await bot.send_message(7, "¿Se sintió comprendida?", reply_markup=KEYBOARD)

    assert ana.last().labels() == ["0", "10"]
    assert ana.transcript() == "bot: ¿Se sintió comprendida?\n  [0]\n  [10]"


async def test_tap_reaches_the_bot_and_its_answer_reaches_the_person(bot: Bot, ana: Phone) -> None:
    sent = await bot.send_message(7, "¿?", reply_markup=KEYBOARD)

    tap = await ana.tap("10")
    [update] = await bot.get_updates()
    assert update.callback_query is not None
    await update.callback_query.answer("Gracias", show_alert=True)

    assert update.callback_query.data == "s:10"
    assert update.callback_query.message == sent
    assert (await tap.answered(), tap.alert) == ("Gracias", True)


async def test_forged_callback_data_is_delivered_as_it_is(bot: Bot, ana: Phone) -> None:
    await bot.send_message(7, "¿?", reply_markup=KEYBOARD)

    await ana.tap_data("s:999", ana.last())
    [update] = await bot.get_updates()

    assert update.callback_query is not None
    assert update.callback_query.data == "s:999"


async def test_tapping_a_button_that_is_not_there_names_those_that_are(bot: Bot, ana: Phone) -> None:
    await bot.send_message(7, "¿?", reply_markup=KEYBOARD)

    with pytest.raises(LookupError, match=r"«5».*'0', '10'"):
        await ana.tap("5")


async def test_label_is_looked_for_on_the_newest_message_first(bot: Bot, ana: Phone) -> None:
    await bot.send_message(7, "lunes", reply_markup=KEYBOARD)
    newest = await bot.send_message(7, "martes", reply_markup=KEYBOARD)

    await ana.tap("0")
    [update] = await bot.get_updates()

    assert update.effective_message == newest


async def test_edit_replaces_text_and_takes_the_keyboard_away(bot: Bot, ana: Phone, now: Moment) -> None:
    sent = await bot.send_message(7, "¿?", reply_markup=KEYBOARD)

    now.advance(minutes=1)
    await sent.edit_text("Gracias")

    assert (ana.last().text, ana.last().keyboard, ana.last().edits) == ("Gracias", [], 1)
    assert ana.last().edited_at == now()


async def test_keyboard_alone_can_be_replaced(bot: Bot, ana: Phone) -> None:
    sent = await bot.send_message(7, "¿?", reply_markup=KEYBOARD)

    await sent.edit_reply_markup(InlineKeyboardMarkup([KEYBOARD.inline_keyboard[0]]))

    assert ana.last().labels() == ["0"]


async def test_person_corrects_a_message(bot: Bot, ana: Phone) -> None:
    message = await ana.send("siete")

    await ana.edit(message, "ocho")
    updates = await bot.get_updates()

    assert updates[0].message is not None
    assert updates[0].message.text == "siete"
    assert updates[1].edited_message is not None
    assert updates[1].edited_message.text == "ocho"


async def test_deleted_messages_vanish_from_the_phone(bot: Bot, ana: Phone) -> None:
    sent = [await bot.send_message(7, str(number)) for number in range(3)]

    await sent[0].delete()
    await bot.delete_messages(7, [sent[1].message_id, 999])

    assert [message.text for message in ana.messages] == ["2"]


async def test_spoiler_and_protection_are_kept(bot: Bot, ana: Phone) -> None:
    spoiler = MessageEntity(MessageEntity.SPOILER, 0, 6)

    sent = await bot.send_message(7, "oculto", entities=[spoiler], protect_content=True)

    assert sent.entities == (spoiler,)
    assert ana.last().protected


async def test_blank_ends_are_trimmed_and_entities_move_along(bot: Bot, ana: Phone) -> None:
    await bot.send_message(7, "\n  hola  ", entities=[MessageEntity(MessageEntity.BOLD, 3, 6)])

    assert ana.last().text == "hola"
    assert [(entity["offset"], entity["length"]) for entity in ana.last().entities] == [(0, 4)]


async def test_photo_arrives_with_its_size_and_bytes(bot: Bot, ana: Phone) -> None:
    sent = await bot.send_photo(7, png(40, 30), caption="Su semana")

    assert (sent.photo[0].width, sent.photo[0].height) == (40, 30)
    assert ana.last().photo == png(40, 30)
    assert ana.last().text == "Su semana"


async def test_jpeg_is_a_photo_too(bot: Bot, ana: Phone) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (64, 48)).save(drawn, "JPEG")

    sent = await bot.send_photo(7, drawn.getvalue())

    assert (sent.photo[0].width, sent.photo[0].height) == (64, 48)
    assert ana.last().photo == drawn.getvalue()


async def test_photo_is_replaced_in_place(bot: Bot, ana: Phone) -> None:
    sent = await bot.send_photo(7, png(40, 30), caption="enero")

    await sent.edit_media(InputMediaPhoto(png(50, 30), caption="febrero"))

    assert (ana.last().photo, ana.last().text) == (png(50, 30), "febrero")


async def test_caption_is_replaced_in_place(bot: Bot, ana: Phone) -> None:
    sent = await bot.send_photo(7, png(), caption="enero")

    await sent.edit_caption("febrero")

    assert ana.last().text == "febrero"


async def test_document_keeps_its_name(bot: Bot, ana: Phone) -> None:
    await bot.send_document(7, b"{}", filename="mis-datos.json")

    assert (ana.last().document, ana.last().file_name) == (b"{}", "mis-datos.json")


async def test_album_arrives_as_one_message_each(bot: Bot, ana: Phone) -> None:
    await bot.send_media_group(
        7, [InputMediaDocument(b"a", filename="a.txt"), InputMediaDocument(b"b", filename="b.txt")]
    )

    assert [message.document for message in ana.messages] == [b"a", b"b"]


async def test_file_sent_by_a_person_can_be_downloaded(bot: Bot, ana: Phone) -> None:
    await ana.send_document(b"BEGIN:VCALENDAR", "agenda.ics", "text/calendar")
    [update] = await bot.get_updates()
    assert update.message is not None
    assert update.message.document is not None

    file = await update.message.document.get_file()

    assert update.message.document.file_name == "agenda.ics"
    assert await file.download_as_bytearray() == b"BEGIN:VCALENDAR"


async def test_voice_sticker_and_photo_are_told_apart(bot: Bot, ana: Phone) -> None:
    await ana.send_voice(b"v")
    await ana.send_sticker(b"s")
    await ana.send_photo(png())

    voice, sticker, photo = [update.message for update in await bot.get_updates()]

    assert voice is not None
    assert voice.voice
    assert sticker is not None
    assert sticker.sticker
    assert photo is not None
    assert photo.photo


async def test_blocking_and_unblocking_are_told(bot: Bot, ana: Phone) -> None:
    await ana.block()
    await ana.unblock()

    updates = await bot.get_updates()

    assert [u.my_chat_member.new_chat_member.status for u in updates if u.my_chat_member] == ["kicked", "member"]


async def test_bot_hears_a_group_until_it_leaves(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    family = telegram.group(-100, "Familia")
    await family.add_bot(ana)
    await family.send(ana, "Hola a todos")

    added, said = await bot.get_updates()
    await bot.leave_chat(-100)
    await family.send(ana, "¿Sigue aquí?")

    assert added.my_chat_member is not None
    assert said.effective_chat is not None
    assert said.effective_chat.type == "supergroup"
    assert family.left
    assert telegram.pending_updates() == 2


async def test_commands_are_kept_by_scope_and_language(bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("ayuda", "Ayuda")])
    await bot.set_my_commands([BotCommand("agenda", "Agenda")], scope=BotCommandScopeChat(7), language_code="es")

    scoped = await bot.get_my_commands(scope=BotCommandScopeChat(7), language_code="es")

    assert [command.command for command in scoped] == ["agenda"]
    assert [command.command for command in await bot.get_my_commands()] == ["ayuda"]


async def test_deleted_commands_are_gone(bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("ayuda", "Ayuda")])

    await bot.delete_my_commands()

    assert await bot.get_my_commands() == ()


async def test_descriptions_and_menu_button_are_kept(bot: Bot) -> None:
    await bot.set_my_description("Tres preguntas después de cada sesión")
    await bot.set_my_short_description("Microchequeo")
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())

    assert (await bot.get_my_description()).description == "Tres preguntas después de cada sesión"
    assert (await bot.get_my_short_description()).short_description == "Microchequeo"
    assert isinstance(await bot.get_chat_menu_button(), MenuButtonCommands)


async def test_typing_is_seen(bot: Bot, ana: Phone) -> None:
    await bot.send_chat_action(7, ChatAction.TYPING)

    assert ana.actions == ["typing"]


async def test_every_call_is_told_to_the_listeners(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    heard: list[Call] = []
    telegram.on_call(heard.append)

    await bot.send_message(ana.chat_id, "Hola")

    assert [(call.method, call.status, call.params["text"]) for call in heard] == [("sendMessage", 200, "Hola")]
    assert list(telegram.calls)[-1] == heard[0]


async def test_waiting_for_a_message_that_never_comes_shows_the_chat(bot: Bot, ana: Phone) -> None:
    await bot.send_message(7, "Hola")

    with pytest.raises(TimeoutError, match="bot: Hola"):
        await ana.wait_for(lambda message: message.text == "Adiós", timeout=0.01)
