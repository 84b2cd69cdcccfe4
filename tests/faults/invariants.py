"""What must hold after every life, whatever went wrong in it: each promise by its name."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from tests.faults.broken_disk import DiskFault
from tests.faults.broken_line import BAD, FORBIDDEN, Arrival, LineFault
from tests.faults.course import Operation
from tests.faults.life import ANA, NOTE, PENDING, RUIZ, WEEK, Life, Step

FORESEEN: Final = frozenset({"StoreUnavailableError", "UndeliverableError", "LogStillReadError"})
"""Errors that have a name of ours: what to do about them is known."""

PEOPLE: Final = frozenset({ANA, RUIZ})

PATIENCE: Final = timedelta(minutes=2)
"""How long somebody may wait for an answer; an erasure is tried again after an hour."""

ERASED_WITHIN: Final = timedelta(hours=4)

NOTED: Final = ("noted", "episode")

DONE_AGAIN: Final = frozenset(
    {
        ("invited", "patient"),
        ("noted", "session"),
        ("seen", "episode"),
        ("talked", "episode"),
        ("exported", "patient"),
        ("exported", "words"),
    }
)
"""What somebody does who asks again."""

WORDS: Final = [("reflection", "Me fui tranquila."), ("pending", PENDING)]


@dataclass(frozen=True)
class Record:
    """What a life left behind; `scores` and `words` as they stood before the patient left."""

    steps: Sequence[Step]
    struck: Mapping[Operation, Any]
    arrived: Sequence[Arrival]
    scores: Sequence[tuple[int, str, int]]
    words: Sequence[tuple[str, str]]
    consents: int
    export: str
    acts: Counter[tuple[str, str]]
    remains: Mapping[str, int]
    unsent: Sequence[Mapping[str, Any]]
    undone: Sequence[Mapping[str, Any]]
    soundness: Sequence[str]
    logged: Sequence[Mapping[str, Any]] = field(default_factory=list)

    def has(self, fault: LineFault) -> bool:
        """Say whether this went wrong somewhere."""
        return fault in self.struck.values()

    def struck_steps(self, *faults: LineFault) -> set[str]:
        """Return the steps in which one of these happened."""
        return {operation.step for operation, fault in self.struck.items() if fault in faults}


async def recorded(life: Life, log: str) -> Record:
    """Look at what a life has left."""
    practice, kept = life.practice, life.kept
    counted = "SELECT (SELECT count(*) FROM words) AS words, (SELECT count(*) FROM sent_messages) AS messages, "
    counted += "(SELECT count(*) FROM erasures) AS erasures, (SELECT count(*) FROM people) - 1 AS accounts"
    checked = await practice.rows("PRAGMA quick_check") + await practice.rows("PRAGMA foreign_key_check")
    acts = await practice.rows("SELECT act, subject FROM audit")
    return Record(
        life.steps,
        dict(life.course.struck),
        life.arrived,
        kept["scores"],
        kept["words"],
        len(kept["consents"]),
        json.dumps(kept["export"], ensure_ascii=False),
        Counter((row["act"], row["subject"]) for row in acts),
        (await practice.rows(counted))[0],
        await practice.rows("SELECT kind, attempts, last_error, gave_up_at FROM outbox WHERE sent_at IS NULL"),
        await practice.rows("SELECT attempts, last_error, parked_at FROM inbox WHERE done_at IS NULL"),
        [str(value) for row in checked for value in row.values()],
        [entry for line in log.splitlines() if (entry := _entry(line)).get("level") in ("error", "critical")],
    )


def _entry(line: str) -> dict[str, Any]:
    """Read a line of the log; what is none of ours is no good sign."""
    try:
        entry: dict[str, Any] = json.loads(line)
    except ValueError:
        return {"level": "critical", "event": line}
    return entry


# The promises.  Each says what is wrong, by sentences.


def every_score_is_stored_once(record: Record, _: Record) -> list[str]:
    given = [score for scores, _ in WEEK for score in scores]
    stored = [score for _, _, score in record.scores]
    places = [(check_in, item) for check_in, item, _ in record.scores]
    return [f"given {given}, stored {record.scores}"] if stored != given or len(set(places)) != len(places) else []


def every_word_is_stored_once(record: Record, _: Record) -> list[str]:
    return [f"stored {record.words}"] if list(record.words) != WORDS else []


def the_consent_is_stored_once(record: Record, _: Record) -> list[str]:
    return [f"{record.consents} decisions"] if record.consents != 1 else []


def every_act_is_noted_once(record: Record, undisturbed: Record) -> list[str]:
    """Allow a second act only to who had to ask again."""
    again = DONE_AGAIN if _asked_twice(record) else frozenset()
    acts, wanted = record.acts, undisturbed.acts - (Counter() if _noted(record) else Counter({NOTED: 1}))
    return [f"{act}: {acts[act]} instead of {wanted[act]}" for act in acts | wanted if _wrong(acts, wanted, act, again)]


def _wrong(
    acts: Counter[tuple[str, str]],
    wanted: Counter[tuple[str, str]],
    act: tuple[str, str],
    again: frozenset[tuple[str, str]],
) -> bool:
    return acts[act] < wanted[act] or (acts[act] > wanted[act] and act not in again)


def everything_that_was_to_arrive_arrived(record: Record, undisturbed: Record) -> list[str]:
    """Miss no message, but for what Telegram refused as to somebody gone: that is asked for again, in other words.

    What comes after that counts by the steps of the life that went well: here one may never have been taken.
    """
    excused = _around(undisturbed, record.struck_steps(FORBIDDEN)) | _otherwise(record)
    wanted = Counter((one.chat_id, one.text) for one in undisturbed.arrived if one.step not in excused)
    missing = wanted - Counter((one.chat_id, one.text) for one in record.arrived)
    return [f"{count} × to {chat}: {text[:60]}" for (chat, text), count in missing.items()]


def nothing_arrived_twice(record: Record, undisturbed: Record) -> list[str]:
    """Allow a second message only where the bot never heard that the first had left, and to who asked twice."""
    excused = _around(record, record.struck_steps(FORBIDDEN)) | _otherwise(record)
    excused |= {step.name for step in record.steps if step.asked > 1}
    known = [one for one in record.arrived if not one.unheard and one.step not in excused]
    more = Counter((one.chat_id, one.text) for one in known)
    more -= Counter((one.chat_id, one.text) for one in undisturbed.arrived)
    return [f"{count} × more to {chat}: {text[:60]}" for (chat, text), count in more.items()]


def _around(record: Record, steps: set[str]) -> set[str]:
    """Return these steps, and what comes after each until both people have been heard of again.

    What was refused as to somebody gone is told, and told otherwise, and they get nothing before they are back.
    """
    around: set[str] = set()
    away: frozenset[int] = frozenset()
    for step in record.steps:
        if step.name in steps or away:
            around.add(step.name)
        away = PEOPLE if step.name in steps else away - step.by
    return around


def _otherwise(record: Record) -> set[str]:
    """Return the steps that went another way in this life.

    Who was not asked for a note writes none; the digest counts the session that was noted again for another question.
    """
    return (set() if _noted(record) else {"note"}) | ({"digest"} if _met_again(record) else set())


def the_export_holds_everything(record: Record, _: Record) -> list[str]:
    wanted = [text for _, text in WORDS] + ['"understood": 9', '"sense": 5', '"accepted": true']
    wanted += [NOTE] if _noted(record) else []
    return [f"not in the export: {text}" for text in wanted if text not in record.export]


def nothing_is_left_of_who_left(record: Record, _: Record) -> list[str]:
    return [f"{count} {what} left" for what, count in record.remains.items() if count]


def nothing_waits_without_a_reason(record: Record, _: Record) -> list[str]:
    """Look into the boxes: what was given up says why, and only a chat that is gone is a reason in such a life."""
    unsent = [row for row in record.unsent if row["gave_up_at"] is None or not row["last_error"]]
    given_up = [row for row in record.unsent if row["gave_up_at"] is not None and not record.has(FORBIDDEN)]
    undone = [row for row in record.undone if row["parked_at"] is None]
    return [f"waits: {dict(row)}" for row in (*unsent, *given_up, *undone)]


def nothing_is_parked_unless_it_was_refused(record: Record, _: Record) -> list[str]:
    refused = record.has(BAD) or record.has(FORBIDDEN)
    return [f"parked: {dict(row)}" for row in record.undone if row["parked_at"] is not None and not refused]


def the_database_is_sound(record: Record, _: Record) -> list[str]:
    return [] if list(record.soundness) == ["ok"] else [f"quick_check: {record.soundness}"]


def nobody_had_to_ask_twice(record: Record, _: Record) -> list[str]:
    """Who was said to be gone comes back; a command and a start that could not be carried out are given again."""
    excused = _around(record, record.struck_steps(FORBIDDEN)) | _otherwise(record) | {"start", "therapist's link"}
    return [f"{step.name}: {step.asked} times" for step in record.steps if step.asked > 1 and step.name not in excused]


def nobody_waited_long(record: Record, undisturbed: Record) -> list[str]:
    planned = {step.name: step.waited for step in undisturbed.steps}
    return [
        f"{step.name}: {step.waited} instead of {planned[step.name]}"
        for step in record.steps
        if step.asked == 1 and step.waited > planned[step.name] + (ERASED_WITHIN if step.name == "erased" else PATIENCE)
    ]


def the_therapist_hears_of_a_chat_that_seems_gone(record: Record, _: Record) -> list[str]:
    questions = [step for step in record.struck_steps(FORBIDDEN) if step.endswith("question")]
    told = [one for one in record.arrived if "los mensajes ya no le llegan" in one.text]
    return [f"told {len(told)} times of {len(questions)}"] if len(told) < len(questions) else []


def nothing_unforeseen_happened(record: Record, _: Record) -> list[str]:
    """Allow the alarm of a database that is away: time leaps here, and of two looks minutes apart both may fail."""
    is_disk = any(isinstance(fault, DiskFault) for fault in record.struck.values())
    foreseen = {"error": FORESEEN, "alarm": {"database"} if is_disk else set()}
    return [
        f"{entry}" for entry in record.logged if not any(entry.get(key) in known for key, known in foreseen.items())
    ]


Promise = Callable[[Record, Record], list[str]]

PROMISES: Final[tuple[Promise, ...]] = (
    every_score_is_stored_once,
    every_word_is_stored_once,
    the_consent_is_stored_once,
    every_act_is_noted_once,
    everything_that_was_to_arrive_arrived,
    nothing_arrived_twice,
    the_export_holds_everything,
    nothing_is_left_of_who_left,
    nothing_waits_without_a_reason,
    nothing_is_parked_unless_it_was_refused,
    the_database_is_sound,
    nobody_had_to_ask_twice,
    nobody_waited_long,
    the_therapist_hears_of_a_chat_that_seems_gone,
    nothing_unforeseen_happened,
)


def broken_promises(record: Record, undisturbed: Record) -> list[str]:
    """Return what was not kept, each by its name."""
    return [f"{promise.__name__}: {complaint}" for promise in PROMISES for complaint in promise(record, undisturbed)]


def _asked_twice(record: Record) -> bool:
    return any(step.asked > 1 for step in record.steps)


def _met_again(record: Record) -> bool:
    return any(step.asked > 1 and step.name.endswith("question") for step in record.steps)


def _noted(record: Record) -> bool:
    return any(step.name == "note" for step in record.steps)
