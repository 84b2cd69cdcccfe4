"""How a person is spoken to in Spanish, each chosen with one tap: register, form, region."""

from dataclasses import replace

from bot.domain.model import Form, Region, Register, Voice

Manner = Register | Form | Region


def spoken(voice: Voice, chosen: Manner) -> Voice:
    """Return the voice with one of the three as it was chosen."""
    match chosen:
        case Register():
            return replace(voice, register=chosen)
        case Form():
            return replace(voice, form=chosen)
        case Region():
            return replace(voice, region=chosen)


def sounds_alike(one: Voice, other: Voice) -> bool:
    """Say whether both are told the same words: the clock may differ."""
    return replace(one, zone=other.zone) == other
