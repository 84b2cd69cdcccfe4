"""Which consent text a decision was about."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

from telegram import Message

from bot.domain.consent import EARLIER
from bot.domain.model import ConsentShown, Form, Language, Region, Register, Voice
from handlers.access import Visit


def shown(visit: Visit, version: str, present: Callable[[Voice], str]) -> ConsentShown:
    """Name the text above the tapped button: the one that was read, even if the practice has changed it since.

    `version` is the one in force, and `present` how it reads in a voice: only who read just this has agreed to it.  Of
    a message that Telegram no longer shows nobody knows what it said.
    """
    query = visit.update.callback_query
    read = query.message.text if query is not None and isinstance(query.message, Message) else None
    in_force = read is not None and any(_letters(read) == _letters(present(voice)) for voice in _voices(visit.voice))
    text_hash = hashlib.sha256((read or present(visit.voice)).encode()).hexdigest()
    return ConsentShown(version if in_force else EARLIER, text_hash)


def _voices(mine: Voice) -> Iterator[Voice]:
    """Return the person's voice, then every other one: they may have changed it since the text was shown."""
    yield mine
    for language, register, form, region in product(Language, Register, Form, Region):
        yield replace(mine, language=language, register=register, form=form, region=region)


def _letters(text: str) -> str:
    """Leave out what Telegram may change on the way: blanks, line ends, invisible characters."""
    return "".join(letter for letter in text if letter.isalnum())
