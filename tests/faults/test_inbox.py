"""Whatever Telegram answers, or brings, in the middle of somebody's answering: each answer is kept once, and goes on.

By polling and by webhook; through the real application.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any, Final

import pytest
from telegram import Bot
from telegram.error import Conflict

from bot.demo import refusals
from bot.demo.faults import Fault, Rule
from bot.demo.phone import Phone
from bot.demo.refusals import ApiError, conflict
from bot.demo.webhook import DELIVERY
from bot.domain.trouble import TroubleKind
from handlers.intake import LARGEST
from tests.listening import listened
from tests.practice import Practice, by_webhook, labels, opened
from tests.process import until

NOT_FOUND: Final = ApiError(404, refusals.NOT_FOUND)
TIMES: Final = 2
"""How often in a row each of these happens."""


def answering(body: Any) -> Fault:
    return Fault.answer(200, body if isinstance(body, bytes) else json.dumps(body).encode())


def holding(*updates: Any) -> Fault:
    """Answer with these updates, whatever is waiting."""
    return answering({"ok": True, "result": updates})


FETCHED: Final = {
    "401": Fault.unauthorized(),
    "404": Fault.refusal(NOT_FOUND),
    "409": Fault.refusal(conflict(refusals.OTHER_POLL)),
    "400": Fault.bad_request("offset is too large"),
    "403, a proxy": Fault.html(403),
    "404, a proxy": Fault.html(404),
    "429": Fault.too_many_requests(1),
    "429 without a number": Fault.answer(429, {"ok": False, "parameters": {"retry_after": "soon"}, "description": "x"}),
    "500": Fault.server_error(),
    "502, a proxy": Fault.html(),
    "torn": Fault.tear(),
    "stalled": Fault.stall(0.05),
    "reply lost": Fault.lose_reply(),
    "200, a proxy": Fault.html(200),
    "no JSON": answering(b'{"ok": true, "result": [{"upd'),
    "nothing": answering(b""),
    "not UTF-8": answering(b"\xff\xfe\x00"),
    "nested for ever": answering(b'{"ok":true,"result":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "a number without end": answering(b'{"ok": true, "result": [{"update_id": ' + b"1" * 5_000 + b"}]}"),
    "a list": answering([]),
    "no result": answering({"ok": True}),
    "a result that is no list": answering({"ok": True, "result": {"update_id": 1}}),
    "no updates": holding(1, None, "update", [], {}, {"update_id": "1"}, {"update_id": 1.5}, {"update_id": True}),
    "ids that cannot be": holding({"update_id": -5}, {"update_id": 0}, {"update_id": 2**70}),
    "10 MB": holding({"update_id": 1, "message": {"text": "a" * 10_000_000}}),
}


@asynccontextmanager
async def asked(folder: Path, mode: str = "") -> AsyncIterator[tuple[Practice, Phone]]:
    """Open a practice in which a patient is being asked the first question."""
    async with opened(folder, mode=mode) as practice:
        ruiz = await practice.therapist()
        ana = await practice.patient(ruiz)
        await practice.session_ends(ruiz)
        yield practice, ana


async def answers_through(practice: Practice, ana: Phone, method: str, *faults: Fault) -> None:
    """Answer the three questions, with faults after each tap; each answer is there once, and nothing is left over."""
    rules = []
    for label, fault in zip_longest(("7", "6", "2"), faults):
        if fault:
            rules.append(practice.telegram.faults.add(Rule(fault, method, times=TIMES)))
        await practice.taps(ana, label)
    await practice.taps(ana, "Listo")

    assert [score for _, _, score in await practice.scores()] == [7, 6, 2]
    assert "Corregir" in labels(ana)
    assert not any("de 3" in message.text for message in ana.messages), "the summary has taken the question's place"
    assert [rule.hits for rule in rules] == [TIMES] * len(faults)
    assert await practice.rows("SELECT id FROM inbox WHERE done_at IS NULL") == []
    assert practice.bot.intake.trouble is None


THREES: Final = [[*islice(FETCHED, start, start + 3)] for start in range(0, len(FETCHED), 3)]


@pytest.mark.parametrize("names", THREES, ids="; ".join)
async def test_whatever_a_poll_is_answered_the_answers_are_kept_once(tmp_path: Path, names: list[str]) -> None:
    async with asked(tmp_path) as (practice, ana):
        await answers_through(practice, ana, "getUpdates", *(FETCHED[name] for name in names))


async def test_however_updates_are_brought_the_answers_are_kept_once(tmp_path: Path) -> None:
    our_200_is_lost, torn_in_the_body, slow_body = Fault.lose_reply(), Fault.tear(), Fault.hang(0.05)

    async with asked(tmp_path, by_webhook()) as (practice, ana):
        await answers_through(practice, ana, DELIVERY, our_200_is_lost, torn_in_the_body, slow_body)


@pytest.fixture(params=["polling", "webhook"])
def mode(request: pytest.FixtureRequest) -> str:
    return by_webhook() if request.param == "webhook" else ""


STRANGE: Final[list[dict[str, Any]]] = [
    {"update_id": "12", "message": {}},
    {"update_id": None, "message": {"text": "a"}},
    {"update_id": [[[]]], "callback_query": {"id": {"id": 1}}},
    {"update_id": {"update_id": 7}},
    {"update_id": -5, "message": {}},
    {"update_id": "9" * 100},
    {"message": {"text": "a" * (LARGEST // 2)}},
    {"message": None, "callback_query": [], "edited_message": "7"},
]


async def test_what_is_no_update_blocks_nobody_and_goes_with_what_comes_after_it(tmp_path: Path, mode: str) -> None:
    async with asked(tmp_path, mode) as (practice, ana):
        for label in ("7", "6"):
            for update in STRANGE:
                practice.telegram.push_raw(update)
            await practice.taps(ana, label)

        assert [score for _, _, score in await practice.scores()] == [7, 6]
        assert "3 de 3" in ana.last().text
        assert practice.telegram.pending_updates() == 0


async def test_ids_may_begin_again_anywhere(tmp_path: Path, mode: str) -> None:
    async with asked(tmp_path, mode) as (practice, ana):
        for label, next_id in (("7", 900_000_000), ("6", 5), ("2", 5)):
            await practice.telegram.drained()
            practice.telegram.next_update_id = next_id
            await practice.taps(ana, label)

        assert [score for _, _, score in await practice.scores()] == [7, 6, 2]
        assert practice.telegram.pending_updates() == 0


def typed(practice: Practice, phone: Phone, update_id: int, words: str) -> None:
    """Let a message arrive under an update_id of one's own."""
    chat = {"id": phone.chat_id, "type": "private"}
    sender = {"id": phone.chat_id, "is_bot": False, "first_name": "Ana"}
    message = {"message_id": 90_000 + len(words), "date": 0, "chat": chat, "from": sender, "text": words}
    practice.telegram.push_raw({"update_id": update_id, "message": message})


async def test_one_message_under_several_ids_in_one_batch_is_one(tmp_path: Path, mode: str) -> None:
    async with asked(tmp_path, mode) as (practice, ana):
        for update_id in (5_009, 5_010, 5_003, 5_009):
            typed(practice, ana, update_id, "7")
        await practice.settle()
        await practice.taps(ana, "6")

        assert [score for _, _, score in await practice.scores()] == [7, 6]
        assert practice.telegram.pending_updates() == 0


async def unwell(practice: Practice) -> dict[str, str]:
    """Return everything that health has to say."""
    return {**await practice.bot.health.reasons(), **await practice.bot.health.warnings()}


async def test_an_outage_is_said_once_and_health_shows_it(tmp_path: Path, mode: str) -> None:
    async with asked(tmp_path, mode) as (practice, ana):
        with listened([]) as log:
            async with practice.telegram.outage():
                await ana.tap("7")
                await until(lambda: practice.bot.intake.trouble is not None, "the bot notices the outage")
                practice.clock.advance(timedelta(minutes=3))
                await until(lambda: practice.bot.intake.turned_at == practice.clock.now(), "the bot looks again")
                assert (await unwell(practice))["poller"].startswith("Telegram cannot be reached")
                assert practice.bot.intake.well_at != practice.bot.intake.turned_at
            await practice.settle()
            await practice.taps(ana, "6")

        assert log.getvalue().count("nothing comes in") == 1
        assert log.getvalue().count("updates come in again") == 1
        assert "poller" not in await unwell(practice)
        assert [score for _, _, score in await practice.scores()] == [7, 6]


KINDS: Final = {
    "401": (Fault.unauthorized(), TroubleKind.TOKEN_REFUSED),
    "404": (Fault.refusal(NOT_FOUND), TroubleKind.TOKEN_REFUSED),
    "409": (Fault.refusal(conflict(refusals.OTHER_POLL)), TroubleKind.ANOTHER_POLLER),
    "429": (Fault.too_many_requests(1), TroubleKind.TOO_MANY_REQUESTS),
    "torn": (Fault.tear(), TroubleKind.TELEGRAM_AWAY),
    "502": (Fault.html(), TroubleKind.TELEGRAM_AWAY),
    "no JSON": (answering(b"{"), TroubleKind.TELEGRAM_AWAY),
}


async def test_trouble_has_its_kind_for_as_long_as_it_lasts(practice: Practice) -> None:
    eva, intake = practice.telegram.phone(300, "Eva"), practice.bot.intake
    seen = {}
    for name, (fault, _) in KINDS.items():
        rule = practice.telegram.faults.add(Rule(fault, "getUpdates"))
        await eva.send("/ayuda")
        await until(lambda: intake.trouble is not None, name)
        seen[name] = intake.trouble.kind if intake.trouble else None
        rule.lift()
        await eva.send("/ayuda")
        await until(lambda: intake.trouble is None, f"{name} is over")

    assert seen == {name: kind for name, (_, kind) in KINDS.items()}


async def test_beside_another_poller_each_answer_is_kept_and_nothing_leaves_twice(tmp_path: Path) -> None:
    async with asked(tmp_path) as (practice, ana), rival_of(practice) as rival:
        with pytest.raises(Conflict):  # ours stands by for a while, and asks again
            await rival.get_updates(timeout=10)

        await answers_through(practice, ana, "getUpdates")

        sent = [call.params["text"] for call in practice.telegram.calls if call.method == "sendMessage"]
        assert len([text for text in sent if "1 de 3" in text]) == 1


async def test_a_webhook_left_over_is_deleted_once(tmp_path: Path) -> None:
    async with asked(tmp_path) as (practice, ana), rival_of(practice) as rival:
        await rival.set_webhook("http://127.0.0.1:9/")
        await answers_through(practice, ana, "getUpdates")

        await rival.set_webhook("http://127.0.0.1:9/")
        await practice.telegram.phone(300, "Eva").send("/ayuda")
        await until(lambda: practice.bot.intake.trouble is not None, "the bot leaves the other program alone")

        assert [call.method for call in practice.telegram.calls].count("deleteWebhook") == 1
        assert practice.bot.intake.trouble is not None
        assert practice.bot.intake.trouble.kind is TroubleKind.ANOTHER_POLLER


@asynccontextmanager
async def rival_of(practice: Practice) -> AsyncIterator[Bot]:
    """Open another program that has the token."""
    async with Bot(practice.telegram.token, base_url=f"{practice.telegram.url}/bot") as rival:
        yield rival
