"""A scripted life, from enrolment to the last erased word, goes wrong in nearly every step, and all is kept.

Every method of the Bot API that the life uses fails here in every way, and every kind of thing that SQLite is asked to
do in most; `make soak` lets every single operation fail in every way that can befall it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from tests.faults import broken_disk, broken_line
from tests.faults.broken_line import Arrival
from tests.faults.course import Operation
from tests.faults.invariants import PROMISES, Promise, Record
from tests.faults.sweeping import (
    REFUSED,
    SEVERAL,
    TIMEOUTS,
    AnyFault,
    Lived,
    Targets,
    alone,
    in_turn,
    live,
    sampled,
)

Measured = Callable[[str], None]

LIVES: Final = {"several": 9, "refused": 1, "timeouts": 2}
FAULTS: Final[dict[str, Sequence[AnyFault]]] = {"several": SEVERAL, "refused": REFUSED, "timeouts": TIMEOUTS}
CASES: Final = [(what, number) for what, lives in LIVES.items() for number in range(lives)]

_UNDISTURBED: list[Lived] = []
"""The life in which nothing goes wrong, lived once in a process."""


async def undisturbed(folder: Path) -> Lived:
    if not _UNDISTURBED:
        _UNDISTURBED.append(await live(folder / "undisturbed", {}, None))
    return _UNDISTURBED[0]


def planned(met: Sequence[Operation], what: str) -> list[Targets]:
    """Return the lives of the sample; calls that time out cost a second and a half each, so there are few."""
    return sampled(met, FAULTS[what], LIVES[what], filled=what != "timeouts")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bot give a call up after a second or two: nobody waits for twenty."""
    monkeypatch.setattr("handlers.request.READ_WITHIN", broken_line.WAITS_FOR)
    monkeypatch.setattr("handlers.request.WRITE_FILE_WITHIN", 0.0)


async def test_a_life_in_which_nothing_fails_keeps_every_promise(tmp_path: Path) -> None:
    lived = await undisturbed(tmp_path)

    assert lived.complaints == []
    assert lived.record is not None
    assert [complaint for promise in PROMISES for complaint in promise(lived.record, lived.record)] == []


@pytest.mark.parametrize(("what", "number"), CASES, ids=[f"{what}-{number}" for what, number in CASES])
async def test_a_life_in_which_nearly_every_step_fails_once_keeps_every_promise(
    what: str, number: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    measure = await undisturbed(tmp_path)
    targets = planned(measure.met, what)[number]
    if what == "timeouts":
        request.getfixturevalue("impatient")

    lived = await live(tmp_path / "disturbed", targets, measure.record)

    assert not lived.complaints, f"{lived.complaints}\n{lived.story}"
    assert len(lived.struck) >= 0.75 * len(targets), "what is planned happens, but for what a busy machine does anew"


async def test_the_sample_lets_every_method_fail_in_every_way_and_every_statement_in_some(tmp_path: Path) -> None:
    met = (await undisturbed(tmp_path)).met
    pairs = {
        (operation.kind, fault.name)
        for what in LIVES
        for life in planned(met, what)
        for operation, fault in life.items()
    }
    known = {operation for operation in met if operation.step not in ("before", "stop")}

    methods = {(one.kind, fault.name) for one in known for fault in broken_line.ALL if one.is_call}
    assert methods <= pairs
    assert {one.kind for one in known} <= {kind for kind, _ in pairs}


# The promises can be broken


def late(record: Record) -> Record:
    first, second, *others = record.steps
    return replace(record, steps=[first, replace(second, waited=second.waited + timedelta(minutes=3)), *others])


def again(record: Record) -> Record:
    return replace(record, steps=[*record.steps[:9], replace(record.steps[9], asked=2), *record.steps[10:]])


def without(arrived: Sequence[Arrival], text: str) -> list[Arrival]:
    return [one for one in arrived if text not in one.text]


def untold(record: Record) -> Record:
    question = next(step.name for step in record.steps if step.name.endswith("question"))
    return replace(record, struck={Operation(question, "sendMessage", 1): broken_line.FORBIDDEN})


WAITING: Final = {"kind": "question", "attempts": 1, "last_error": "refused", "gave_up_at": None}
PARKED: Final = {"attempts": 5, "last_error": "ValueError", "parked_at": "2026-11-22"}
LOGGED: Final = {"level": "error", "event": "a handler raised", "error": "KeyError"}

BROKEN: Final[dict[str, Callable[[Record], Record]]] = {
    "every_score_is_stored_once": lambda r: replace(r, scores=[*r.scores, r.scores[-1]]),
    "every_word_is_stored_once": lambda r: replace(r, words=r.words[1:]),
    "the_consent_is_stored_once": lambda r: replace(r, consents=2),
    "every_act_is_noted_once": lambda r: replace(r, acts=r.acts + Counter({("seen", "episode"): 1})),
    "everything_that_was_to_arrive_arrived": lambda r: replace(r, arrived=without(r.arrived, "caída de la alianza")),
    "nothing_arrived_twice": lambda r: replace(r, arrived=[*r.arrived, r.arrived[-1]]),
    "the_export_holds_everything": lambda r: replace(r, export=r.export.replace("tranquila", "…")),
    "nothing_is_left_of_who_left": lambda r: replace(r, remains={**r.remains, "words": 1}),
    "nothing_waits_without_a_reason": lambda r: replace(r, unsent=[WAITING]),
    "nothing_is_parked_unless_it_was_refused": lambda r: replace(r, undone=[PARKED]),
    "the_database_is_sound": lambda r: replace(r, soundness=["row 7 missing from index"]),
    "nobody_had_to_ask_twice": again,
    "nobody_waited_long": late,
    "the_therapist_hears_of_a_chat_that_seems_gone": untold,
    "nothing_unforeseen_happened": lambda r: replace(r, logged=[LOGGED]),
}


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
async def test_each_promise_notices_when_it_is_broken(promise: Promise, tmp_path: Path) -> None:
    record = (await undisturbed(tmp_path)).record
    assert record is not None

    assert promise(BROKEN[promise.__name__](record), record) != []


# The long form


@pytest.mark.soak
@pytest.mark.parametrize("fault", [*broken_line.ALL, *broken_disk.ALL], ids=lambda fault: fault.name)
async def test_every_single_operation_fails_once_and_every_promise_is_kept(
    fault: AnyFault, tmp_path: Path, request: pytest.FixtureRequest, measured: Measured
) -> None:
    """Something fails in nearly every step of each life: the nth operation of the step in the nth life.

    A chat that is said to be gone excuses what follows, until people are heard of again: that happens once in a life.
    """
    measure = await undisturbed(tmp_path)
    if fault in TIMEOUTS:
        request.getfixturevalue("impatient")
    struck, broken = 0, []
    lives = (alone if fault in REFUSED else in_turn)(measure.met, fault)
    of = sum(len(targets) for targets in lives)
    for number, targets in enumerate(lives):
        lived = await live(tmp_path / str(number), targets, measure.record)
        struck += len(lived.struck)
        if lived.complaints:
            broken.append(f"life {number}: {lived.complaints}\n{lived.story}")
    measured(
        f"{fault.name}: {len(lives)} lives, {struck} of {of} operations failed, {len(broken)} lives with complaints"
    )

    assert not broken, "\n\n".join(broken)
    assert struck >= 0.95 * of, "what is planned happens, but for what a busy machine does anew"
