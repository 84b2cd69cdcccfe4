"""From where a visitor can begin: each is played through the bot by phones, nothing is laid into the database."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time
from typing import Final

from bot.demo.web.company import Company
from bot.demo.web.window import ZONE

MONDAY: Final = datetime.combine(date(2026, 10, 5), time(9, 30), ZONE)
"""When every story begins."""


async def empty(company: Company) -> None:
    """Begin with a therapist who has invited one patient: the link waits on her phone."""
    await company.therapist_arrives()
    await company.invite("P-07")


Story = Callable[[Company], Awaitable[None]]

STORIES: Final[dict[str, Story]] = {"empty": empty}
