"""What a person sees who has written that somebody hurts them: whom to call, whom to tell, how to leave no trace here.

Needs no database.
"""

from collections.abc import Sequence

from bot.domain.model import Called, Patient, Voice
from bot.domain.notices import ToldReached
from bot.domain.safety import HelpCard, HelpLine, LineKind
from bot.texts import Texts
from handlers.actions import ForgetHere, TellNobody, TellOther, TellTherapist
from handlers.keyboards import encode
from handlers.parts import row
from handlers.screen import LABEL_AT_MOST, TOAST_AT_MOST, Button, Screen, cut
from handlers.screens_help import help_card, help_line, other_contact


def offer(
    texts: Texts,
    voice: Voice,
    card: HelpCard,
    choices: Sequence[tuple[Patient, bool]],
    message_id: int,
    *,
    dying: bool = False,
) -> Screen:
    """Show whom to call, say that nothing was kept, and ask whom to tell: a therapist, another contact, or nobody.

    `choices`: the treatments in which something can be told, each with whether there is another contact; `dying`:
    the words are about dying, too, and the numbers for that come first.
    """
    if dying:
        parts = [help_card(texts, voice, card, abuse=True).text, _unknown_to_all(texts, voice, card)]
        parts += [texts.say(voice, "danger-choose")] if choices else []
        parts += [texts.say(voice, "abuse-delete")]
    else:
        said = "abuse-nothing-yet" if choices else "abuse-nobody"
        parts = [violence(texts, voice, card.violence), *other_contact(texts, voice, card)]
        parts += [texts.say(voice, said), texts.say(voice, "abuse-delete"), texts.say(voice, "help-card-nobody-here")]
    return Screen(cut("\n\n".join(parts)), _rows(texts, voice, choices, message_id))


def _unknown_to_all(texts: Texts, voice: Voice, card: HelpCard) -> str:
    """Say that nobody knows of it yet, and which number answers now."""
    emergency = next((line.number for line in card.lines if line.kind is LineKind.EMERGENCY), card.lines[0].number)
    return texts.say(voice, "danger-nobody-yet", number=emergency)


def violence(texts: Texts, voice: Voice, lines: Sequence[HelpLine]) -> str:
    """Say whom to call about somebody who hurts."""
    return "\n".join([texts.say(voice, "abuse-card"), *(help_line(texts, voice, line) for line in lines)])


def _rows(
    texts: Texts, voice: Voice, choices: Sequence[tuple[Patient, bool]], message_id: int
) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = [(_to_therapist(texts, voice, patient, message_id),) for patient, _ in choices]
    with_other = next((patient for patient, other in choices if other), None)
    if with_other is not None:
        rows.append(_to_other(texts, voice, with_other, message_id))
    if choices:
        rows.append(row(texts, voice, ("button-tell-nobody", TellNobody(message_id))))
    return (*rows, _forget(texts, voice, message_id))


def _to_therapist(texts: Texts, voice: Voice, patient: Patient, message_id: int) -> Button:
    label = texts.say(voice, "button-tell-therapist", **texts.named(voice, patient.therapist))
    return Button(cut(label, LABEL_AT_MOST), encode(TellTherapist(patient.id, message_id)))


def _to_other(texts: Texts, voice: Voice, patient: Patient, message_id: int) -> tuple[Button, ...]:
    return row(texts, voice, ("button-tell-other", TellOther(patient.id, message_id)))


def _forget(texts: Texts, voice: Voice, message_id: int) -> tuple[Button, ...]:
    return row(texts, voice, ("button-forget-here", ForgetHere(message_id)))


def told(texts: Texts, voice: Voice, called: Called, notice: ToldReached) -> Screen:
    """Say that it is on its way to whom the patient chose, or has arrived there."""
    key = f"abuse-{'reached' if notice.reached else 'told'}-{'other' if notice.other else 'therapist'}"
    return Screen(cut(texts.say(voice, key, **texts.named(voice, called))), (_forget(texts, voice, notice.quoted_id),))


def missed(texts: Texts, voice: Voice, card: HelpCard, choice: tuple[Patient, bool], notice: ToldReached) -> Screen:
    """Say that it has reached nobody, whom to call, and offer who is left: the other contact, or the therapist."""
    (patient, with_other), quoted_id = choice, notice.quoted_id
    key = "abuse-missed-other" if notice.other else "abuse-missed-therapist"
    parts = [texts.say(voice, key, **texts.named(voice, patient.therapist)), violence(texts, voice, card.violence)]
    left: list[tuple[Button, ...]] = []
    if notice.other:
        left.append((_to_therapist(texts, voice, patient, quoted_id),))
    elif with_other:
        left.append(_to_other(texts, voice, patient, quoted_id))
    text = "\n\n".join([*parts, *other_contact(texts, voice, card)])
    return Screen(cut(text), (*left, _forget(texts, voice, quoted_id)))


def other_gone(
    texts: Texts, voice: Voice, card: HelpCard, choices: Sequence[tuple[Patient, bool]], message_id: int
) -> Screen:
    """Say that there is no other contact any more, that nothing was kept, and ask again."""
    said = "abuse-nothing-yet" if choices else "abuse-nobody"
    parts = [texts.say(voice, "abuse-other-gone"), texts.say(voice, said), violence(texts, voice, card.violence)]
    return Screen(cut("\n\n".join(parts)), _rows(texts, voice, choices, message_id))


def told_nobody(texts: Texts, voice: Voice, message_id: int) -> Screen:
    """Say that nothing was kept or sent."""
    return Screen(texts.say(voice, "abuse-told-nobody"), (_forget(texts, voice, message_id),))


def forgotten_toast(texts: Texts, voice: Voice) -> str:
    """Say in passing that the messages are gone."""
    return cut(texts.say(voice, "toast-forgotten"), TOAST_AT_MOST)


def stays_toast(texts: Texts, voice: Voice) -> str:
    """Say in passing that Telegram does not let the bot delete old messages."""
    return cut(texts.say(voice, "toast-stays"), TOAST_AT_MOST)
