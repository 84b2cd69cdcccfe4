"""What a made-up check-in sends is what the real bot sends: counted at Telegram's door, chat by chat."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.demo.phone import Phone
from bot.load.habits import Habits
from bot.load.network import Network
from bot.load.trial import lived
from tests.practice import Practice, labels

TURNS = ("sendMessage", "editMessageText", "editMessageReplyMarkup", "sendPhoto", "deleteMessage")
"""What needs a turn; «answerCallbackQuery» needs none."""

TAPS = Habits(answered=1, at_once=1, pending=0, writes=0, alerts=0)
WORDS = Habits(answered=1, at_once=1, pending=1, writes=1, alerts=0)
REMINDED = Habits(answered=1, at_once=0, pending=0, writes=0, alerts=0)
SILENT = Habits(answered=0)
NOTE, DIGEST = 1, 2
"""What the therapist of one patient gets in a week, beside alerts: a line before the session; a text with a chart."""


def sent(practice: Practice, begins: int) -> Counter[int]:
    """Return how many calls went to each chat from the one with this number on.

    An edit that shows what is there already is none: where the clock leaps, a reply may lag and be shown once more.
    """
    counted: Counter[int] = Counter()
    shown: dict[tuple[int, object], object] = {}
    for call in list(practice.telegram.calls)[begins:]:
        if call.method in TURNS:
            chat_id, said = int(str(call.params["chat_id"])), (call.params.get("text"), call.params.get("reply_markup"))
            message = (chat_id, call.params.get("message_id"))
            counted[chat_id] += message[1] is None or shown.get(message) != said
            shown[message] = said
    return counted


async def live(practice: Practice, span: timedelta) -> None:
    """Let time pass as it does, and not in one leap."""
    for _ in range(int(span / timedelta(hours=1))):
        await practice.pass_time(timedelta(hours=1))


async def answers(practice: Practice, ana: Phone, habits: Habits) -> None:
    if not habits.at_once:
        await live(practice, timedelta(hours=24))
    if habits.answered:
        await practice.taps(ana, "9", "9", "8" if habits.pending else "2")
    while "Listo" in labels(ana):
        if habits.writes:
            await practice.says(ana, "Bien")
        else:
            await practice.taps(ana, "Listo")


@pytest.mark.parametrize("habits", [TAPS, WORDS, REMINDED, SILENT], ids=["taps", "words", "reminded", "silent"])
async def test_a_patient_gets_as_many_messages_and_edits_as_in_a_made_up_week(
    practice: Practice, habits: Habits
) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    begins = len(practice.telegram.calls)
    await practice.session_ends(ruiz)
    await answers(practice, ana, habits)
    await live(practice, timedelta(days=4))

    made_up = lived(Network(1, habits=habits))

    assert sent(practice, begins)[200] == made_up.messages - NOTE - DIGEST


async def test_a_therapist_gets_a_digest_with_a_chart_and_an_alert_that_opens_with_a_chart(practice: Practice) -> None:
    ruiz = await practice.therapist()
    ana = await practice.patient(ruiz)
    await practice.week(ruiz, ana, 9, 9, 2)
    await practice.session_ends(ruiz)
    begins = len(practice.telegram.calls)
    await practice.answers(ana, 5, 5, 2)
    await practice.pass_time(timedelta(minutes=6))
    await practice.taps(ruiz, "Ver", "Visto")
    await live(practice, timedelta(days=6))

    alarmed = lived(Network(1, habits=replace(TAPS, alerts=1)))

    of_the_alert = alarmed.messages - lived(Network(1, habits=TAPS)).messages
    assert sent(practice, begins)[100] == DIGEST + of_the_alert == 6
