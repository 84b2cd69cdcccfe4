"""One patient's sessions as a therapist reads them in `/historial`: every one that was asked about, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.alliance import Entry, Outcome, Rules
from bot.domain.episodes import Episode, EpisodeState
from bot.domain.model import CheckInId, CheckInLine, CheckInState, Item, PatientId, Points, Score, TreatmentId

ON_A_PAGE: Final = 12


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One session; `alliance` as the rules count it, None where they pass it over, whatever was scored."""

    check_in_id: CheckInId
    session_ends_at: datetime
    state: CheckInState
    scores: Mapping[Item, Score] = field(repr=False)
    alliance: Points | None = field(repr=False)
    has_words: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """A patient's history: `course` by session, `rows` the other way round; `episodes`: all there ever were."""

    patient_id: PatientId
    treatment_id: TreatmentId
    code: str = field(repr=False)
    zone: ZoneInfo
    course: Sequence[Entry]
    rows: Sequence[HistoryRow]
    episodes: Sequence[Episode]
    rules: Rules = field(default_factory=Rules)

    @property
    def pages(self) -> int:
        """Count the pages; a history without sessions has one."""
        return max(1, -(-len(self.rows) // ON_A_PAGE))

    def page(self, number: int) -> Sequence[HistoryRow]:
        """Return the rows of a page, the newest on page 0; what lies beyond the last page is the last page."""
        first = min(number, self.pages - 1) * ON_A_PAGE
        return self.rows[first : first + ON_A_PAGE]

    @property
    def to_open(self) -> Sequence[Episode]:
        """Return the episodes that ask for a next step: live ones, the most pressing first."""
        states = (EpisodeState.OPEN, EpisodeState.SEEN, EpisodeState.TALKED)
        return [episode for state in states for episode in self.episodes if episode.state is state]


def rows(course: Sequence[Entry], lines: Sequence[CheckInLine]) -> Sequence[HistoryRow]:
    """Put what became of each check-in beside its scores, newest first."""
    entries = {entry.check_in_id: entry for entry in course}
    newest_first = sorted(lines, key=lambda one: (one.session_ends_at, one.id), reverse=True)
    return [_row(line, entries.get(line.id)) for line in newest_first]


def _row(line: CheckInLine, entry: Entry | None) -> HistoryRow:
    compared = entry is not None and entry.outcome is Outcome.ANSWERED
    alliance = line.alliance if compared else None  # what a cut session scored stands, and is not compared
    scores = entry.scores if entry is not None else {}
    return HistoryRow(line.id, line.session_ends_at, line.state, scores, alliance, line.has_words)
