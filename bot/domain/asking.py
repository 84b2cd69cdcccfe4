"""What decides, besides a check-in itself, whether its patient is asked now."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.hours import QuietHours
from bot.domain.model import PatientState


@dataclass(frozen=True, slots=True)
class Situation:
    """How it stands around one check-in.  `zone` and `quiet` are the patient's own; None where there are none.

    `next_start`: when the treatment's next session begins; `agreed_version`: of the consent text accepted last.
    `others_open`, `guesses_open`: another check-in, or a guess, of the same treatment waits for an answer.
    """

    patient: PatientState
    zone: ZoneInfo | None = None
    quiet: QuietHours | None = None
    next_start: datetime | None = None
    agreed_version: str | None = None
    others_open: bool = False
    guesses_open: bool = False

    @property
    def asked_in(self) -> ZoneInfo | None:
        """Return on whose clock to ask; None while the patient may not be asked."""
        return self.zone if self.patient is PatientState.ACTIVE else None
