"""Which operation goes wrong how in which life, and living it.

In one life something goes wrong in nearly every step, once: a step begins only when the one before has ended well, so
what is seen to go wrong there has its cause there, or is the doing of something that looked well.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any, Final

from tests.faults import broken_disk, broken_line
from tests.faults.broken_disk import DiskFault
from tests.faults.broken_line import LineFault
from tests.faults.course import Course, Operation
from tests.faults.invariants import Record, broken_promises, recorded
from tests.faults.life import life
from tests.listening import listened

AnyFault = LineFault | DiskFault
Targets = Mapping[Operation, AnyFault]
Pair = tuple[Operation, AnyFault]

SEED: Final = 20261122


@dataclass(frozen=True, slots=True)
class Lived:
    """A life that went through to its end, or as far as it got; `complaints` says what was not kept."""

    record: Record | None
    met: Sequence[Operation]
    struck: Mapping[Operation, Any]
    complaints: Sequence[str]
    story: str


async def live(folder: Path, targets: Targets, undisturbed: Record | None) -> Lived:
    """Live one life; without `undisturbed` it is the measure of all others."""
    course: Course[AnyFault] = Course(targets)
    complaints: list[str] = []
    record: Record | None = None
    with listened((), "warning") as log:
        async with life(folder, course) as one:
            try:
                await one.lived()
                record = await recorded(one, log.getvalue())
            except Exception as error:  # noqa: BLE001 - whatever ends a life is said of it, and the others are lived
                complaints.append(f"{type(error).__name__}: {error}")
            story = f"{one.story()}\n--- log\n{log.getvalue()}"
    if record is not None and undisturbed is not None:
        complaints += broken_promises(record, undisturbed)
    return Lived(record, course.met, course.struck, complaints, story)


def befalls(fault: AnyFault, operation: Operation) -> bool:
    """Say whether this can happen to that."""
    if isinstance(fault, LineFault):
        return operation.is_call
    return not operation.is_call and (operation.kind.startswith("COMMIT") or not fault.after_commit)


def in_turn(met: Iterable[Operation], fault: AnyFault) -> list[Targets]:
    """Return lives in which every operation goes wrong once in this way: the nth of each step in the nth life."""
    steps: dict[str, list[Operation]] = defaultdict(list)
    for operation in met:
        if operation.step not in ("before", "stop") and befalls(fault, operation):
            steps[operation.step].append(operation)
    longest = max(len(operations) for operations in steps.values())
    return [{ops[n]: fault for ops in steps.values() if n < len(ops)} for n in range(longest)]


def alone(met: Iterable[Operation], fault: AnyFault) -> list[Targets]:
    """Return as many lives as operations can go wrong in this way, each with one: for what excuses much around it."""
    return [{operation: fault} for targets in in_turn(met, fault) for operation in targets]


def sampled(met: Iterable[Operation], faults: Sequence[AnyFault], lives: int, *, filled: bool = True) -> list[Targets]:
    """Return so many lives in which every kind of operation meets these faults, as far as steps reach.

    Pairs of kind and fault come first, each where the fewest others are; when `filled`, chance says what befalls the
    steps in which nothing does.
    """
    random = Random(SEED)  # noqa: S311 - the same sample in every run
    known = sorted({one for one in met if one.step not in ("before", "stop")})
    random.shuffle(known)
    courses: list[dict[Operation, AnyFault]] = [{} for _ in range(lives)]
    steps = _steps(known)
    rare = {kind for kind, where in steps.items() if len(where) == 1}
    kinds: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    for operation, fault in _pairs(known, faults, steps):
        course = min(courses, key=lambda course: (_strikes(course, operation.step), len(course)))
        strikes, pair = _strikes(course, operation.step), (operation.kind, fault.name)
        allowed = MOST if operation.kind not in kinds or operation.kind in rare else 1
        if strikes < allowed and pair not in pairs:
            course[operation] = fault
            kinds.add(operation.kind)
            pairs.add(pair)
    for operation, fault in zip(known * lives if filled else (), cycle(faults), strict=False):
        free = [course for course in courses if not _strikes(course, operation.step)]
        if free and befalls(fault, operation):
            free[0][operation] = fault
    return list(courses)


MOST: Final = 2
"""How often a step fails in one life, where there are more kinds of operations in it than lives."""


def _strikes(course: Targets, step: str) -> int:
    return sum(operation.step == step for operation in course)


def _steps(known: Sequence[Operation]) -> dict[str, set[str]]:
    """Return the steps in which each kind occurs."""
    steps: dict[str, set[str]] = defaultdict(set)
    for operation in known:
        steps[operation.kind].add(operation.step)
    return steps


def _pairs(known: Sequence[Operation], faults: Sequence[AnyFault], steps: Mapping[str, Collection[str]]) -> list[Pair]:
    """Return who may go wrong how: every method in every way, of each kind of statement one in some way, then all."""
    rarest = sorted(known, key=lambda operation: len(steps[operation.kind]))
    pairs = [(operation, fault) for operation in rarest for fault in faults if befalls(fault, operation)]
    ways: dict[str, list[Pair]] = defaultdict(list)
    for operation, fault in pairs:
        ways[operation.kind].append((operation, fault))
    once = [pairs[at % len(pairs)] for at, pairs in enumerate(ways.values())]
    return [*(pair for pair in pairs if pair[0].is_call), *once, *pairs]


TIMEOUTS: Final[Sequence[AnyFault]] = (broken_line.NOT_SENT, broken_line.NOT_HEARD)
REFUSED: Final[Sequence[AnyFault]] = (broken_line.FORBIDDEN,)
_ON_THE_LINE: Final[Sequence[AnyFault]] = broken_line.ALL
_ON_DISK: Final[Sequence[AnyFault]] = broken_disk.ALL
SEVERAL: Final = [fault for fault in (*_ON_THE_LINE, *_ON_DISK) if fault not in (*TIMEOUTS, *REFUSED)]
