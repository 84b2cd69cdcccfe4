"""What the weekly digests cost: one therapist's alone, and those of a network, without their pictures."""

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from bot.domain import timing
from bot.texts import Texts
from bot.wiring import report
from handlers import screens_digest
from storage.columns import KeyRing
from tests.benchmarks.crowd import FIRST_CHAT, NETWORK, Crowd, fill
from tests.benchmarks.findings import ROUNDS, Findings
from tests.practice import Practice, opened

ALONE = Crowd(therapists=1, patients=40, weeks=17)


@dataclass(frozen=True, slots=True)
class Digests:
    """CPU seconds: of one therapist's digest in a practice of one, of one in the network, of the whole network's."""

    answers: int
    alone: float
    one: float
    all: float


async def measured(folder: Path) -> Findings:
    """Compare a therapist alone with a network."""
    found = await digests(folder)
    said = (
        f"The digests of {NETWORK.therapists} therapists with {NETWORK.patients} patients each and {found.answers:,} "
        f"answers take {found.all:.1f} s of the processor, without pictures: {found.one * 1e3:.0f} ms each, "
        f"{found.one / found.alone:.2f} × that of a therapist alone ({found.alone * 1e3:.0f} ms)."
    )
    return Findings(said, asdict(found))


async def digests(folder: Path, network: Crowd = NETWORK) -> Digests:
    """Make the digests of a network, and between times the one of a therapist alone."""
    (folder / "alone").mkdir()
    (folder / "network").mkdir()
    async with opened(folder / "alone") as small, opened(folder / "network") as large:
        for practice, crowd in ((small, ALONE), (large, network)):
            fill(practice.database, KeyRing(practice.keys.seal, practice.keys.index), crowd, practice.clock.now())
        alone, each, parts = [], [], ROUNDS
        for part in range(parts):
            alone += [await _digest(small, 1) for _ in range(ROUNDS)]
            each += [await _digest(large, one) for one in range(1 + part, 1 + network.therapists, parts)]
        return Digests(network.answers, median(alone), median(each), sum(each))


async def _digest(practice: Practice, therapist: int) -> float:
    """Return the CPU seconds that one digest takes, words only; it holds what it has to hold."""
    services, texts = practice.bot.services, Texts.load(report)
    began = time.process_time()
    visitor = await services.people.visitor(FIRST_CHAT + therapist)
    assert visitor.person is not None
    assert visitor.therapist is not None
    until = practice.clock.now()
    view = await services.digests.view(visitor.therapist, timing.week_before(until, visitor.therapist.zone), until)
    words = screens_digest.digest(texts, visitor.person.voice, view)
    taken = time.process_time() - began
    assert len(view.lines) == ALONE.patients
    assert words
    return taken
