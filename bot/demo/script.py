"""`microchequeo demo`: six weeks of one therapist and three patients, played by the real bot on this machine.

Nothing is canned: what is printed is what crossed HTTP between the bot and the local Telegram.  Only what the people
do, and when, is written down (story.py); if somebody does not see what they should, the demo stops and says so.
"""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Final

from rich.console import Console

from bot.demo import stage
from bot.demo.page import QUIET, Page
from bot.demo.pictures import Pictures
from bot.demo.stage import Stage, StageError
from bot.demo.story import MADRID, NAMES, P03, P07, P11, RUIZ, START, Story
from bot.demo.transcript import Person, Transcript
from bot.domain.episodes import Family
from bot.domain.model import Therapist

OUTPUT: Final = Path("demo-output")
COLOURS: Final = {RUIZ: "yellow", P03: "green", P07: "magenta", P11: "bright_blue"}

WELCOME: Final = (
    "Seis semanas de una terapeuta y tres pacientes. El bot es el de verdad; Telegram está simulado en esta "
    "máquina y el reloj corre. Nada sale de aquí y no hace falta token."
)
LEGEND: Final = (
    "Al margen, hora de Madrid y chat; el bot a la izquierda, la persona a la derecha",
    "▸ pulsa un botón · ↻ cambia en su sitio · ░ tapado hasta tocarlo · … ya se vio",
)


async def play(console: Console | None = None, folder: Path = OUTPUT) -> None:
    """Play the six weeks on `console` and save the pictures in `folder`.  Raises StageError when the bot fails."""
    began_at = asyncio.get_running_loop().time()
    people = {who: Person(name, COLOURS[who]) for who, name in NAMES.items()}
    page = Page(console or Console())
    transcript = Transcript(page, people, Pictures(folder), MADRID)
    page.divider("Microchequeo", "bold")
    page.narrated(WELCOME)
    page.narrated(*LEGEND, style=QUIET)
    async with stage.opened(START) as running:
        running.telegram.on_call(transcript.heard.append)
        running.watch = transcript.show
        await Story(running, transcript).six_weeks()
        transcript.finish()
        stored = await _stored(running)
        digests = _digests(running)
    seconds = asyncio.get_running_loop().time() - began_at
    _sum_up(transcript, stored, digests, seconds)


async def _stored(running: Stage) -> tuple[int, int]:
    """Count answers and falls in the database.  Raises StageError when an answer is missing or too many."""
    visitor = await running.bot.services.people.visitor(RUIZ)
    if visitor.therapist is None:
        raise StageError("The therapist is not in the database.")
    answers = await _answers(running, visitor.therapist)
    if answers != len(running.scores):
        raise StageError(f"People gave {len(running.scores)} numbers, but {answers} are in the database.")
    async with running.bot.store.reading() as tx:
        episodes = await tx.alerts.episodes(visitor.therapist.id, START - timedelta(days=1))
    return answers, sum(one.family is Family.FALL for one in episodes)


async def _answers(running: Stage, therapist: Therapist) -> int:
    async with running.bot.store.reading() as tx:
        patients = await tx.people.patients_of(therapist.id)
        histories = [await tx.check_ins.history(patient.treatment_id) for patient in patients]
    return sum(len(rating.scores) for history in histories for rating in history)


def _digests(running: Stage) -> int:
    """Count the digests on the therapist's phone."""
    messages = running.telegram.phone(RUIZ, NAMES[RUIZ]).messages
    return sum(message.from_bot and message.text.startswith("Semana ") for message in messages)


def _sum_up(transcript: Transcript, stored: tuple[int, int], digests: int, seconds: float) -> None:
    answers, episodes = stored
    count = transcript.count
    transcript.page.divider("Seis semanas", "bold")
    transcript.page.narrated(
        f"{count.sent} mensajes del bot y {count.edited} cambios en su sitio",
        f"{count.typed} mensajes de las personas y {count.tapped} pulsaciones",
        f"{answers} respuestas en la base de datos, tantas como se dieron",
        f"{episodes} aviso de caída, {digests} resúmenes semanales",
        f"{seconds:.0f} segundos para las seis semanas",
        f"El último gráfico está en {transcript.pictures.saved[-1]}",
        style="none",
    )
