"""What several screens have in common: a row of buttons, a sentence about one patient."""

from bot.domain.model import Voice
from bot.texts import Texts
from handlers.actions import Action
from handlers.keyboards import encode
from handlers.screen import Button, Screen, cut


def row(texts: Texts, voice: Voice, *buttons: tuple[str, Action]) -> tuple[Button, ...]:
    """Return one row of buttons, each given as the key of its label and what it means."""
    return tuple(Button(texts.say(voice, key), encode(action)) for key, action in buttons)


def about(texts: Texts, voice: Voice, key: str, code: str) -> Screen:
    """Say one sentence about a patient."""
    return Screen(cut(texts.say(voice, key, code=code)))
