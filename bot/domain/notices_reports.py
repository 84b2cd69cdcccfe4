"""The notices of the reports; see `bot.domain.notices`."""

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class SupervisionReading:
    """To a supervisor: how the alliances of the team went in the month that began on `first_on`."""

    first_on: date
    kind: Literal["supervision_reading"] = "supervision_reading"
