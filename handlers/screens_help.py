"""What anybody may see: whom to call, what can be done here.  Needs no database."""

from collections.abc import Collection
from typing import Final

from bot.domain.model import CONTACT_ROLES, Called, Language, Role, Voice
from bot.domain.notices import CrisisElsewhere
from bot.domain.safety import HelpCard, HelpLine, LineKind
from bot.texts import Texts
from handlers import commands
from handlers.screen import Screen, cut

SHARED: Final = ("acuerdo",)
"""Commands that do one thing for therapists and another for patients."""


def help_card(texts: Texts, voice: Voice, card: HelpCard, *, abuse: bool = False) -> Screen:
    """Show whom to call: alone after crisis words, and first in `/ayuda`; `abuse`: somebody hurts the person, too."""
    parts = [_card(texts, voice, card), *(_against_violence(texts, voice, card) if abuse else [])]
    return Screen(cut("\n\n".join(parts)))


def help_page(texts: Texts, voice: Voice, card: HelpCard, roles: Collection[Role] = ()) -> Screen:
    """Answer `/ayuda`: the help card first, then what each role receives and can do; no role is a stranger."""
    receives = [texts.say(voice, f"role-{role}") for role in CONTACT_ROLES if role in roles]
    patient = Role.THERAPIST not in roles
    lines = [
        texts.say(voice, f"command-{command}.patient" if patient and command in SHARED else f"command-{command}.help")
        for command in commands.offered(roles)
    ]
    can_do = "\n".join([*receives, texts.say(voice, "help-title"), *lines])
    return Screen(cut("\n\n".join([_card(texts, voice, card), *_against_violence(texts, voice, card), can_do])))


def help_line(texts: Texts, voice: Voice, line: HelpLine) -> str:
    """Say one number and what it is."""
    says = line.says_es if voice.language is Language.ES else line.says_en
    return texts.say(voice, "help-line", number=line.number, says=says)


def other_contact(texts: Texts, voice: Voice, card: HelpCard) -> list[str]:
    """Say how to reach somebody of the practice who is not the therapist, where the practice has named one."""
    return [texts.say(voice, "other-contact", contact=card.other_contact)] if card.other_contact else []


def crisis_kept(texts: Texts, voice: Voice, called: Called) -> Screen:
    """Say, once the words are stored, that the therapist is being told."""
    return Screen(cut(texts.say(voice, "crisis-kept", **texts.named(voice, called))))


def crisis_not_yet(texts: Texts, voice: Voice, called: Called) -> Screen:
    """Say that the words could neither be stored nor told so far."""
    return Screen(cut(texts.say(voice, "crisis-not-yet", **texts.named(voice, called))))


def crisis_delivered(texts: Texts, voice: Voice, called: Called) -> Screen:
    """Say, once it is true, that the therapist has the message."""
    return Screen(cut(texts.say(voice, "crisis-delivered", **texts.named(voice, called))))


def crisis_elsewhere(texts: Texts, voice: Voice, called: Called, notice: CrisisElsewhere) -> Screen:
    """Say, once it is true, that somebody else has the message, besides the therapist or in their place."""
    place = "operator" if notice.operator else "instead" if notice.instead else "too"
    return Screen(cut(texts.say(voice, f"crisis-elsewhere-{place}", **texts.named(voice, called))))


def crisis_undelivered(texts: Texts, voice: Voice, card: HelpCard, called: Called) -> Screen:
    """Say that nobody could be told, and show the numbers again."""
    sentence = texts.say(voice, "crisis-undelivered", **texts.named(voice, called))
    return Screen(cut(f"{sentence}\n\n{_card(texts, voice, card)}"))


def crisis_untold(
    texts: Texts, voice: Voice, card: HelpCard, called: Called | None = None, *, abuse: bool = False
) -> Screen:
    """Show the help card and the truth that nobody was told (no consent, paused, a stranger)."""
    key = "crisis-untold-therapist" if called else "crisis-untold"
    name = texts.named(voice, called) if called else {}
    return Screen(cut(f"{help_card(texts, voice, card, abuse=abuse).text}\n\n{texts.say(voice, key, **name)}"))


def too_fast(texts: Texts, voice: Voice) -> Screen:
    """Say that replies stay away for a minute, and that everything arrives all the same."""
    return Screen(texts.say(voice, "too-fast"))


def unknown_command(texts: Texts, voice: Voice) -> Screen:
    """Answer a command that does not exist."""
    return Screen(texts.say(voice, "unknown-command"))


def nothing_waits(texts: Texts, voice: Voice) -> Screen:
    """Answer `/nada` where no note was asked for."""
    return Screen(texts.say(voice, "nothing-waits"))


def not_carried(texts: Texts, voice: Voice) -> Screen:
    """Answer words that somebody of the practice may have meant for a patient."""
    return Screen(texts.say(voice, "not-carried"))


def _card(texts: Texts, voice: Voice, card: HelpCard) -> str:
    lines = [help_line(texts, voice, line) for line in card.lines]
    return "\n".join([texts.say(voice, "help-card"), *lines, texts.say(voice, "help-card-nobody-here")])


def _against_violence(texts: Texts, voice: Voice, card: HelpCard) -> list[str]:
    """Add what the first card does not have: lines against violence, and the practice's other contact."""
    lines = [help_line(texts, voice, line) for line in card.every_line if line.kind is LineKind.VIOLENCE]
    against = ["\n".join([texts.say(voice, "abuse-card"), *lines])] if lines else []
    return [*against, *other_contact(texts, voice, card)]
