"""What operators are told about the bot itself; see `bot.domain.notices`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from bot.domain.alarms import Alarm, AlarmId


@dataclass(frozen=True, slots=True)
class AlarmRaised:
    """To an operator: something is wrong since then; `alarm_id` is None where it is told without a row.

    `damaged`: the database is there, but a part of it cannot be used.
    """

    alarm_id: AlarmId | None
    alarm: Alarm
    since_at: datetime
    count: int = 0
    again: bool = False
    damaged: bool = False
    kind: Literal["alarm_raised"] = "alarm_raised"


@dataclass(frozen=True, slots=True)
class AlarmOver:
    """To an operator: all is well again."""

    alarm: Alarm
    since_at: datetime
    over_at: datetime
    kind: Literal["alarm_over"] = "alarm_over"


AlarmNotice = AlarmRaised | AlarmOver

ALARM_KINDS: Final = ("alarm_raised", "alarm_over")
