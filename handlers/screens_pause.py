"""What a patient sees of the pause: five short steps in one message, then a quiet end."""

from bot.domain.grounding import STEPS, Pause
from bot.domain.model import Voice
from bot.texts import Texts
from handlers.actions_guesses import StopPause
from handlers.parts import row
from handlers.screen import Screen


def pause(texts: Texts, voice: Voice, shown: Pause) -> Screen:
    """Show the present step, which can be stopped; or its end."""
    if shown.ended_at is not None:
        return Screen(texts.say(voice, "pause-stopped" if shown.stopped else "pause-done"))
    place = {"place": str(shown.step + 1), "places": str(STEPS)}
    text = texts.say(voice, "pause-step", **place, step=texts.say(voice, f"pause-step-{shown.step + 1}"))
    return Screen(text, (row(texts, voice, ("button-stop-pause", StopPause(shown.id))),))
