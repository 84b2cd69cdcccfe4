"""How a person wants to be spoken to: the row at the door, and the page after it and in `/ajustes`."""

from collections.abc import Iterable
from typing import Final

from bot.domain.manner import Manner
from bot.domain.model import Form, InvitationId, Language, PatientId, Region, Register, Voice
from bot.texts import Texts
from handlers.actions_manner import OfferManner, SetManner
from handlers.actions_settings import OpenSettings
from handlers.keyboards import encode
from handlers.screen import Button, Screen, cut

Row = tuple[Button, ...]

_KINDS: Final = {Register: "register", Form: "form", Region: "region"}

_FORMS: Final = ((Form.COMPRENDIDO, Form.COMPRENDIDA), (Form.NEUTRAL,))
"""Three in one row break inside their words on a narrow phone."""


def manner(texts: Texts, voice: Voice, *, is_patient: bool) -> Screen:
    """Show how this person is spoken to, patients by the first question itself, and what it may be instead."""
    lines = [texts.say(voice, "manner")]
    if is_patient:
        lines.append(texts.say(voice, "manner-question"))
    lines.append(texts.say(voice, "manner-change"))
    back = Button(texts.say(voice, "button-settings-back"), encode(OpenSettings("menu")))
    return Screen(cut("\n".join(lines)), (*manner_rows(texts, voice, is_patient=is_patient), (back,)))


def manner_rows(
    texts: Texts, voice: Voice, *, is_patient: bool = True, welcome: PatientId | None = None
) -> tuple[Row, ...]:
    """Offer every manner of speaking, what holds now ticked; only patients are asked whether they felt understood."""
    choices: list[Iterable[Manner]] = [Register]
    if is_patient:
        choices.extend(_FORMS)
    if voice.register is not Register.VOS:
        choices.append(Region)
    return tuple(tuple(_choice(texts, voice, one, welcome) for one in kinds) for kinds in choices)


def _choice(texts: Texts, voice: Voice, one: Manner, welcome: PatientId | None) -> Button:
    label = texts.say(voice, f"button-{_KINDS[type(one)]}-{one}")
    if one in (voice.register, voice.form, voice.spoken_in):
        label = texts.say(voice, "button-chosen", choice=label)
    return Button(label, encode(SetManner(one, welcome)))


def welcome_rows(texts: Texts, voice: Voice, patient: PatientId) -> tuple[Row, ...]:
    """Offer the same below the welcome of a patient; English has one manner of speaking."""
    return manner_rows(texts, voice, welcome=patient) if voice.language is Language.ES else ()


def door_rows(texts: Texts, voice: Voice, invitation: InvitationId) -> tuple[Row, ...]:
    """Offer the other registers below a text that is read before anything is decided."""
    if voice.language is not Language.ES:
        return ()
    others = [register for register in Register if register is not voice.register]
    return (
        tuple(Button(texts.say(voice, f"button-rather-{one}"), encode(OfferManner(invitation, one))) for one in others),
    )
