"""How many numbers people gave: what the bot has to have in the end, however often it is killed."""

import re
from dataclasses import dataclass, field
from typing import Final

from bot.demo.phone import Phone

_SCORE: Final = re.compile(r"s:(\d+):(\w+):(\d+)")
_NUMBER: Final = re.compile(r"10|[0-9]")


@dataclass(slots=True)
class Tally:
    """Each question of each check-in that somebody answered with a number, corrected or not, counts once."""

    _given: set[tuple[int, str, str]] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self._given)

    def tapped(self, phone: Phone, data: str) -> None:
        """Count a tap, if it is one on a number."""
        if found := _SCORE.fullmatch(data):
            self._given.add((phone.chat_id, found[1], found[2]))

    def typed(self, phone: Phone, text: str) -> None:
        """Count a number that was typed while one is asked for."""
        if _NUMBER.fullmatch(text.strip()):
            shown = (button for message in reversed(phone.messages) for row in message.keyboard for button in row)
            data = next((button.data for button in shown if button.label == text.strip()), None)
            self.tapped(phone, data or "")
