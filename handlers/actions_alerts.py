"""What the buttons of alerts mean; see `handlers.actions`."""

from dataclasses import dataclass

from bot.domain.model import EpisodeId


@dataclass(frozen=True, slots=True)
class See:
    """*Ver*, on an alert or in `/alertas`."""

    episode: EpisodeId


@dataclass(frozen=True, slots=True)
class ReadWords:
    """*Leer sus palabras*, on an alert; `page` when they are long."""

    episode: EpisodeId
    page: int = 0


@dataclass(frozen=True, slots=True)
class RepairGuide:
    """*Guía de reparación*."""

    episode: EpisodeId


@dataclass(frozen=True, slots=True)
class Talked:
    """*Lo hablamos*."""

    episode: EpisodeId


@dataclass(frozen=True, slots=True)
class FalseAlarm:
    """*No era eso*."""

    episode: EpisodeId


@dataclass(frozen=True, slots=True)
class SaidRepaired:
    """*Reparada*, once it was talked about."""

    episode: EpisodeId


@dataclass(frozen=True, slots=True)
class Seen:
    """*Visto*."""

    episode: EpisodeId


@dataclass(frozen=True, slots=True)
class BackToAlert:
    """*Volver*, from the words, the note or the guide."""

    episode: EpisodeId


@dataclass(frozen=True, slots=True)
class ReadNote:
    """*Leer la nota*, about a talk; `page` when it is long."""

    episode: EpisodeId
    page: int = 0


@dataclass(frozen=True, slots=True)
class NoNote:
    """*Sin nota*, where one was asked for; a note that was kept stays."""

    episode: EpisodeId


@dataclass(frozen=True, slots=True)
class DropNote:
    """*Borrar la nota*."""

    episode: EpisodeId


@dataclass(frozen=True, slots=True)
class OpenFollowing:
    """A page of `/alertas`."""

    page: int = 0
