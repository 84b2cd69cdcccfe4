"""Which cards have left, so that none leaves twice and each can be taken away again.  In memory alone, and bounded.

Of what people wrote only a print is held, never the words.
"""

from dataclasses import dataclass, field
from typing import Final

REMEMBERED: Final = 1000
"""Cards, and chats with messages that are still to be noted."""

OWED_AT_MOST: Final = 100
"""Messages of one chat that are still to be noted."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One message as it read at one moment: an edit that says something else is another wording."""

    chat_id: int = field(repr=False)
    message_id: int
    words: int

    @classmethod
    def of(cls, chat_id: int, message_id: int, text: str) -> "Wording":
        """Take the print of a message; it means nothing outside this process."""
        return cls(chat_id, message_id, hash(text))


@dataclass(frozen=True, slots=True)
class Card:
    """A message that answered; `is_bare`: written without the database, so that nobody could be named on it."""

    message_id: int
    is_bare: bool = False


class Cards:
    """Remembers the newest."""

    def __init__(self) -> None:
        self._left: dict[Wording, Card] = {}
        self._owed: dict[int, list[int]] = {}

    def left(self, wording: Wording) -> Card | None:
        """Return the card that has already left for these words."""
        return self._left.get(wording)

    def note(self, wording: Wording, card: Card) -> None:
        """Remember that it has left."""
        self._left.pop(wording, None)
        self._left[wording] = card
        if len(self._left) > REMEMBERED:
            del self._left[next(iter(self._left))]

    def about(self, chat_id: int, message_id: int) -> list[int]:
        """Return every card that answered this message of a person, whatever it said at the time."""
        same = (chat_id, message_id)
        return [card.message_id for of, card in self._left.items() if (of.chat_id, of.message_id) == same]

    # What the database is to know of once it is there again

    def owe(self, chat_id: int, message_id: int) -> None:
        """Remember a message of ours that could not be noted."""
        owed = self._owed.setdefault(chat_id, [])
        owed.append(message_id)
        del owed[:-OWED_AT_MOST]
        if len(self._owed) > REMEMBERED:
            del self._owed[next(iter(self._owed))]

    def owed(self, chat_id: int) -> list[int]:
        """Return what was owed in a chat; from now on the caller owes it."""
        return self._owed.pop(chat_id, [])
