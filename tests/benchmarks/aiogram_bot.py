"""The same three questions, asked by an aiogram bot with its state in SQLite: `python aiogram_bot.py URL TOKEN FILE`.

It runs in an environment of its own (requirements-bench.lock): aiogram is nothing that Microchequeo needs.
"""

import asyncio
import logging
import sys
from typing import Any

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import CommandStart, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram_fsm_sqlitestorage import SQLiteStorage

QUESTIONS = ("¿Se sintió comprendido hoy?", "¿Lo que hicimos tuvo sentido?", "¿Algo quedó pendiente?")
KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text=str(value), callback_data=f"s:{value}") for value in range(6)],
        [InlineKeyboardButton(text=str(value), callback_data=f"s:{value}") for value in range(6, 11)],
        [
            InlineKeyboardButton(text="Atrás", callback_data="b"),
            InlineKeyboardButton(text="Más tarde", callback_data="l"),
        ],
        [InlineKeyboardButton(text="Esta vez no", callback_data="n")],
    ]
)


class Asked(StatesGroup):
    """Which question stands on the screen."""

    understood = State()
    sense = State()
    pending = State()


STEPS = (Asked.understood, Asked.sense, Asked.pending)


async def start(message: Message, state: FSMContext) -> None:
    """Ask the first question."""
    await state.set_state(STEPS[0])
    await message.answer(QUESTIONS[0], reply_markup=KEYBOARD)


async def score(query: CallbackQuery, state: FSMContext) -> None:
    """Keep the number and ask the next question."""
    at = await _place(state)
    await state.update_data({str(at): int((query.data or "s:0").removeprefix("s:"))})
    await _ask(query, state, min(at + 1, len(STEPS) - 1))


async def back(query: CallbackQuery, state: FSMContext) -> None:
    """Ask the question before."""
    await _ask(query, state, max(await _place(state) - 1, 0))


async def _place(state: FSMContext) -> int:
    return [step.state for step in STEPS].index(await state.get_state())


async def _ask(query: CallbackQuery, state: FSMContext, at: int) -> None:
    await state.set_state(STEPS[at])
    await query.answer()
    message: Any = query.message
    try:
        await message.edit_text(QUESTIONS[at], reply_markup=KEYBOARD)
    except TelegramBadRequest as error:
        logging.getLogger(__name__).warning("not edited: %s", error)


async def main(url: str, token: str, file: str) -> None:
    """Poll until SIGTERM."""
    logging.getLogger().setLevel(logging.WARNING)  # the storage turns on a line for each update
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
    dispatcher = Dispatcher(storage=SQLiteStorage(file))
    dispatcher.message.register(start, CommandStart())
    dispatcher.callback_query.register(score, StateFilter(*STEPS), F.data.startswith("s:"))
    dispatcher.callback_query.register(back, StateFilter(*STEPS), F.data == "b")
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
