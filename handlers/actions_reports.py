"""What the buttons of the digest and of `/historial` mean; see `handlers.actions`."""

from dataclasses import dataclass
from typing import Final

from bot.domain.model import EpisodeId, PatientId


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """*Ver*, under a digest or a history: the alert in a message of its own, for what it stands under stays."""

    episode: EpisodeId


@dataclass(frozen=True, slots=True)
class OpenHistory:
    """*Historial*, which asks whose."""


@dataclass(frozen=True, slots=True)
class PickHistory:
    """The patient whose history is to be shown."""

    patient: PatientId


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """*Anteriores* or *Más recientes*; pages are counted from 0, the newest sessions."""

    patient: PatientId
    page: int


SHOWN_REPORTS: Final = (OpenAlert, OpenHistory, PickHistory, HistoryPage)
"""All of them ask to be shown something and change nothing."""

ReportAction = OpenAlert | OpenHistory | PickHistory | HistoryPage
