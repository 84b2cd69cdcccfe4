"""The measured bots, a process each: `python -m tests.benchmarks.bots ours CONFIG` or `… bare URL TOKEN FILE`."""

import asyncio
import contextlib
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest
from telegram.ext import (
    Application,
    ApplicationBuilder,
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    ConversationHandler,
    PicklePersistence,
    TypeHandler,
)

from bot.app import started
from bot.clock import SystemClock
from bot.config import load
from bot.keys import load_keys
from bot.ownership import StoppedEarlyError
from handlers.pacing import UNLIMITED
from handlers.request import AiohttpRequest

QUESTIONS = ("¿Se sintió comprendido hoy?", "¿Lo que hicimos tuvo sentido?", "¿Algo quedó pendiente?")
KEYBOARD = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton(str(value), callback_data=f"s:{value}") for value in range(6)],
        [InlineKeyboardButton(str(value), callback_data=f"s:{value}") for value in range(6, 11)],
        [InlineKeyboardButton("Atrás", callback_data="b"), InlineKeyboardButton("Más tarde", callback_data="l")],
        [InlineKeyboardButton("Esta vez no", callback_data="n")],
    ]
)


async def ours(config_file: str) -> None:
    """Run the real bot, without Telegram's speed limits."""
    config, stop = load(Path(config_file)), _stopped()
    try:
        async with started(config, load_keys(config), SystemClock(), UNLIMITED, stop):
            await stop.wait()
    except* StoppedEarlyError:
        pass  # it stood by to the end; an open letterbox wraps that


async def bare(url: str, token: str, *, over_aiohttp: bool) -> None:
    """Run a handler that answers the tap and edits the message, and keeps nothing."""
    builder: ApplicationBuilder[Any, Any, Any, Any, Any, Any] = Application.builder()
    builder = builder.token(token).base_url(f"{url}/bot").concurrent_updates(64)
    if over_aiohttp:
        builder = builder.request(AiohttpRequest()).get_updates_request(AiohttpRequest(connections=1))
    else:
        builder = builder.connection_pool_size(64)
    application, stop = builder.build(), _stopped()
    application.add_handler(CommandHandler("start", _start))
    application.add_handler(CallbackQueryHandler(_tapped))
    await _poll(application, stop)


async def _poll(application: Application[Any, Any, Any, Any, Any, Any], stop: asyncio.Event) -> None:
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling()
        await stop.wait()
        await application.updater.stop()
        await application.stop()


async def jobs(url: str, token: str, number: int) -> None:
    """Hold so many jobs in PTB's own queue, a message each, due tomorrow."""
    builder: ApplicationBuilder[Any, Any, Any, Any, Any, Any] = Application.builder()
    application, stop = builder.token(token).base_url(f"{url}/bot").build(), _stopped()
    async with application:
        await application.start()
        assert application.job_queue is not None
        for chat in range(number):
            application.job_queue.run_once(_ask, timedelta(days=1), chat_id=chat, name=f"P-{chat}")
        assert application.updater is not None
        await application.updater.start_polling()
        await stop.wait()
        await application.updater.stop()
        await application.stop()


async def _ask(context: Any) -> None:
    await context.bot.send_message(context.job.chat_id, "¿Se sintió comprendido hoy?", reply_markup=KEYBOARD)


async def conversation(url: str, token: str, file: str, *, kept_at_once: bool) -> None:
    """Run the three questions as PTB's examples do: a ConversationHandler whose state a PicklePersistence keeps.

    As it comes that writes once a minute, and what a kill loses is a minute; `kept_at_once`, it writes after each tap.
    PTB says that a conversation is not to be worked concurrently: updates follow one another.
    """
    builder: ApplicationBuilder[Any, Any, Any, Any, Any, Any] = Application.builder()
    builder = builder.token(token).base_url(f"{url}/bot").persistence(PicklePersistence(file))
    application, stop = builder.build(), _stopped()
    tapped: list[BaseHandler[Any, Any, Any]] = [
        CallbackQueryHandler(_scored, r"^s:\d+$"),
        CallbackQueryHandler(_back, "^b$"),
    ]
    application.add_handler(
        ConversationHandler(
            entry_points=[CommandHandler("start", _begun)],
            states=dict.fromkeys(range(len(QUESTIONS)), tapped),
            fallbacks=[],
            name="check-in",
            persistent=True,
        )
    )
    if kept_at_once:
        application.add_handler(TypeHandler(Update, _keep), group=1)
    await _poll(application, stop)


async def _begun(update: Update, context: Any) -> int:
    assert update.message is not None
    context.user_data["at"] = 0
    await update.message.reply_text(QUESTIONS[0], reply_markup=KEYBOARD)
    return 0


async def _scored(update: Update, context: Any) -> int:
    at = context.user_data["at"]
    assert update.callback_query is not None
    context.user_data.setdefault("scores", {})[at] = int((update.callback_query.data or "s:0").removeprefix("s:"))
    return await _asked(update, context, min(at + 1, len(QUESTIONS) - 1))


async def _back(update: Update, context: Any) -> int:
    return await _asked(update, context, max(context.user_data["at"] - 1, 0))


async def _asked(update: Update, context: Any, at: int) -> int:
    query = update.callback_query
    assert query is not None
    context.user_data["at"] = at
    await query.answer()
    with contextlib.suppress(BadRequest):
        await query.edit_message_text(QUESTIONS[at], reply_markup=KEYBOARD)
    return at


async def _keep(_: Update, context: Any) -> None:
    await context.application.update_persistence()


async def _start(update: Update, _: Any) -> None:
    assert update.message is not None
    await update.message.reply_text("¿Se sintió comprendido hoy?", reply_markup=KEYBOARD)


async def _tapped(update: Update, _: Any) -> None:
    query = update.callback_query
    assert query is not None
    await query.answer()
    text = "¿Se sintió comprendido hoy?" if query.data == "b" else "¿Lo que hicimos tuvo sentido?"
    with contextlib.suppress(Exception):
        await query.edit_message_text(text, reply_markup=KEYBOARD)


def _stopped() -> asyncio.Event:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    return stop


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["ours", config_file]:
            asyncio.run(ours(config_file))
        case ["conversation" | "conversation-kept" as name, url, token, file]:
            asyncio.run(conversation(url, token, file, kept_at_once=name == "conversation-kept"))
        case ["bare", url, token, _]:
            asyncio.run(bare(url, token, over_aiohttp=False))
        case ["jobs", url, token, number]:
            asyncio.run(jobs(url, token, int(number)))
        case ["bare-aiohttp", url, token, _]:
            asyncio.run(bare(url, token, over_aiohttp=True))
