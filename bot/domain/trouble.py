"""Why nothing comes in at the moment: a kind for whoever decides what to do about it, and a sentence for people."""

from dataclasses import dataclass
from enum import StrEnum


class TroubleKind(StrEnum):
    """What stands between the bot and its updates."""

    TELEGRAM_AWAY = "telegram-away"
    """No network, no answer, or an answer that is not Telegram's."""

    TOO_MANY_REQUESTS = "too-many-requests"
    TOKEN_REFUSED = "token-refused"  # noqa: S105 - a kind, not a secret
    ANOTHER_POLLER = "another-poller"
    CERTIFICATE = "certificate"
    """Telegram's certificate, or that of our own webhook, is not believed."""

    WEBHOOK_UNREACHED = "webhook-unreached"
    """Telegram has updates and cannot bring them to our webhook."""

    DATABASE_AWAY = "database-away"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One reason; its text is the sentence, which says nothing of anybody."""

    kind: TroubleKind
    says: str

    def __str__(self) -> str:
        return self.says
