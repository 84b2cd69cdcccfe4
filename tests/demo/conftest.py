"""A local Telegram with a clock that tests move, and the real python-telegram-bot talking to it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from telegram import Bot

from bot.demo.phone import Phone
from bot.demo.server import LocalTelegram


class Moment:
    """An instant that passes only when a test says so."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.instant

    def advance(self, **span: float) -> None:
        self.instant += timedelta(**span)


@pytest.fixture
def now() -> Moment:
    return Moment()


@pytest.fixture
async def telegram(now: Moment) -> AsyncIterator[LocalTelegram]:
    async with LocalTelegram(now=now) as running:
        yield running


@pytest.fixture
async def bot(telegram: LocalTelegram) -> AsyncIterator[Bot]:
    async with bot_of(telegram) as client:
        yield client


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def ana(telegram: LocalTelegram) -> Phone:
    """Ana has pressed Start long ago; nothing of that is pending."""
    phone = telegram.phone(7, "Ana")
    phone.started = True
    return phone


def bot_of(telegram: LocalTelegram) -> Bot:
    """Make a client as the bot under test has one."""
    return Bot(telegram.token, base_url=f"{telegram.url}/bot", base_file_url=f"{telegram.url}/file/bot")


def method_url(telegram: LocalTelegram, method: str) -> str:
    """Give the address of one method."""
    return f"{telegram.url}/bot{telegram.token}/{method}"
