"""From where a visitor can begin: each is played through the bot by phones, nothing is laid into the database."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from bot.demo.phone import Phone
from bot.demo.web.company import Company
from bot.demo.web.window import ZONE
from bot.domain.model import Language

MONDAY: Final = datetime(2026, 10, 5, 9, 30, tzinfo=ZONE)
"""When every story begins."""

GOOD: Final = ((8, 8, 4), (9, 8, 3), (9, 9, 2))
"""The sessions of the vignette of seed 0 before the fourth, in which it goes too slowly for the patient."""

FALLING: Final = ((9, 9, 2), (9, 8, 3), (8, 8, 3), (8, 7, 4))
"""A point less each time: no two sessions are far apart, and after three falls in a row it is a slide."""

HELPED: Final = {
    Language.ES: "Salí con una idea de por dónde empezar.",
    Language.EN: "I left with an idea of where to begin.",
}


async def empty(company: Company) -> None:
    """Begin with a therapist who has invited one patient: the link waits on her phone."""
    company.steps = 1
    company.goes_on("step-arrive")
    await company.therapist_arrives()
    await company.invite("P-07")


async def vignette(company: Company) -> None:
    """Play three sessions that go well; of the fourth, the question has just come."""
    company.steps = len(GOOD) + 2
    patient = await _begin(company)
    for week, scores in enumerate(GOOD, 1):
        company.goes_on("step-week", n=week)
        await company.asked(week)
        await company.answers(patient, *scores, words=HELPED[company.scene.language] if week == 1 else "")
    company.goes_on("step-week", n=len(GOOD) + 1)
    await company.asked(len(GOOD) + 1)


async def slide(company: Company) -> None:
    """Play four sessions, each a little lower; the therapist has just been told."""
    company.steps = len(FALLING) + 1
    patient = await _begin(company)
    for week, scores in enumerate(FALLING, 1):
        company.goes_on("step-week", n=week)
        await company.asked(week)
        await company.answers(patient, *scores)


async def silent(company: Company) -> None:
    """Play one session that was answered and two that were not; the digest of the third week has come."""
    company.steps = 4
    patient = await _begin(company)
    company.goes_on("step-week", n=1)
    await company.asked(1)
    await company.answers(patient, *GOOD[0])
    for week in (2, 3):
        company.goes_on("step-week", n=week)
        await company.digest(week)


async def _begin(company: Company) -> Phone:
    company.goes_on("step-arrive")
    await company.therapist_arrives()
    return await company.patient("P-07")


Story = Callable[[Company], Awaitable[None]]

STORIES: Final[dict[str, Story]] = {"empty": empty, "vignette": vignette, "slide": slide, "silent": silent}
