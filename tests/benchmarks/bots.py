"""The measured bots, a process each: `python -m tests.benchmarks.bots ours CONFIG` or `… bare URL TOKEN`."""

import asyncio
import contextlib
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, CommandHandler

from bot.app import started
from bot.clock import SystemClock
from bot.config import load
from bot.keys import load_keys
from handlers.pacing import UNLIMITED
from handlers.request import AiohttpRequest

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
    async with started(config, load_keys(config), SystemClock(), UNLIMITED):
        await stop.wait()


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
        case ["bare", url, token]:
            asyncio.run(bare(url, token, over_aiohttp=False))
        case ["jobs", url, token, number]:
            asyncio.run(jobs(url, token, int(number)))
        case ["bare-aiohttp", url, token]:
            asyncio.run(bare(url, token, over_aiohttp=True))
