"""Where a life goes wrong: every operation of every step is met here, and some of them are struck.

An operation is a call of the Bot API, or what SQLite is asked to do; it is named by its step, its kind and how manieth
of that kind it is there.  Kinds are coarse on purpose («sendMessage», «UPDATE check_ins», «COMMIT after UPDATE
check_ins»), so that the same name means the same thing in every life, whatever is done beside it.
"""

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

FaultT = TypeVar("FaultT")


@dataclass(frozen=True, slots=True, order=True)
class Operation:
    """One thing that the bot asks of Telegram or of SQLite."""

    step: str
    kind: str
    place: int

    @property
    def is_call(self) -> bool:
        """Whether Telegram was asked."""
        return self.kind[0].islower()

    def __str__(self) -> str:
        return f"{self.step}: {self.kind} #{self.place}"


@dataclass
class Course(Generic[FaultT]):
    """Meets operations, on whatever thread they are made, and says what befalls them.

    A step that is over does not come back.
    """

    targets: Mapping[Operation, FaultT] = field(default_factory=dict)
    step: str = "before"
    met: list[Operation] = field(default_factory=list)
    struck: dict[Operation, FaultT] = field(default_factory=dict)
    _places: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def meets(self, kind: str) -> FaultT | None:
        """Count an operation; return what befalls it."""
        with self._lock:
            self._places[self.step, kind] += 1
            operation = Operation(self.step, kind, self._places[self.step, kind])
            self.met.append(operation)
            fault = self.targets.get(operation)
            if fault is not None:
                self.struck[operation] = fault
            return fault
