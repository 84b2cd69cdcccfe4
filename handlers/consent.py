"""Which consent text a decision was about."""

import hashlib

from telegram import Message

from bot.domain.model import ConsentShown
from handlers.access import Visit
from handlers.screens_arrival import CONSENT_VERSION


def shown(visit: Visit, present: str) -> ConsentShown:
    """Name the text above the tapped button: the one that was read, even if the practice has changed it since.

    `present` is what it would be now, for a message that Telegram no longer shows.
    """
    query = visit.update.callback_query
    read = query.message.text if query is not None and isinstance(query.message, Message) else None
    return ConsentShown(CONSENT_VERSION, hashlib.sha256((read or present).encode()).hexdigest())
