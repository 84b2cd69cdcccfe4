"""Which calls go wrong: by method, chat and count; and a Telegram that is gone altogether."""

from inspect import getmembers, ismethod
from pathlib import Path

import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError

from bot.demo.faults import Fault, Rule
from bot.demo.phone import Phone
from bot.demo.server import LocalTelegram

DOCUMENT = Path(__file__).parents[2] / "docs" / "local-bot-api.md"


async def outcomes(bot: Bot, *texts: str, chat_id: int = 7) -> list[str]:
    """Send each text and say "ok" or which error came."""
    found = []
    for text in texts:
        try:
            await bot.send_message(chat_id, text)
        except (NetworkError, Forbidden, InvalidToken) as error:
            found.append(type(error).__name__)
        else:
            found.append("ok")
    return found


async def test_rule_strikes_from_the_second_to_the_third_call(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    rule = telegram.faults.add(Rule(Fault.forbidden(), method="sendmessage", skip=1, times=2))

    assert await outcomes(bot, "1", "2", "3", "4") == ["ok", "Forbidden", "Forbidden", "ok"]
    assert (rule.seen, rule.hits) == (4, 2)
    assert [message.text for message in ana.messages] == ["1", "4"]


async def test_rule_of_one_chat_leaves_the_others_alone(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    telegram.phone(8, "Eva").started = True
    telegram.faults.add(Rule(Fault.forbidden(), chat=8))

    assert await outcomes(bot, "1") == ["ok"]
    assert await outcomes(bot, "1", chat_id=8) == ["Forbidden"]
    assert len(ana.messages) == 1


async def test_rule_lasts_until_it_is_lifted(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    rule = telegram.faults.add(Rule(Fault.tear(), method="sendMessage"))
    during = await outcomes(bot, "1", "2")
    rule.lift()

    assert [*during, *await outcomes(bot, "3")] == ["NetworkError", "NetworkError", "ok"]
    assert rule.hits == 2
    assert len(ana.messages) == 1


async def test_earlier_rule_decides_and_the_later_does_not_count_that_call(
    telegram: LocalTelegram, bot: Bot, ana: Phone
) -> None:
    telegram.faults.add(Rule(Fault.tear(), times=1))
    later = telegram.faults.add(Rule(Fault.forbidden(), times=1))

    assert await outcomes(bot, "1", "2", "3") == ["NetworkError", "Forbidden", "ok"]
    assert (later.seen, later.hits) == (2, 1)
    assert len(ana.messages) == 1


async def test_hook_of_a_test_comes_before_the_rules(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    rule = telegram.faults.add(Rule(Fault.tear()))
    telegram.fault = lambda *_: Fault.forbidden()

    assert await outcomes(bot, "1") == ["Forbidden"]
    assert rule.seen == 0
    assert ana.messages == []


async def test_rule_can_spare_methods(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    telegram.faults.add(Rule(Fault.tear(), but=("SendMessage", "getUpdates")))

    assert await outcomes(bot, "1") == ["ok"]
    with pytest.raises(NetworkError):
        await bot.get_me()
    assert len(ana.messages) == 1


async def test_all_rules_are_lifted_at_once(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    telegram.faults.add(Rule(Fault.tear()))
    telegram.faults.add(Rule(Fault.forbidden()))
    telegram.faults.lift()

    assert await outcomes(bot, "1") == ["ok"]
    assert len(ana.messages) == 1


@pytest.mark.parametrize(
    ("fault", "error", "says"),
    [
        (Fault.forbidden(), Forbidden, "bot was blocked by the user"),
        (Fault.bad_request("chat not found"), BadRequest, "Chat not found"),
        (Fault.unauthorized(), InvalidToken, "Unauthorized"),
        (Fault.server_error(), NetworkError, "Internal Server Error"),
        (Fault.html(502), NetworkError, "Bad Gateway"),
    ],
    ids=["403", "400", "401", "500", "html"],
)
async def test_refusals_have_telegrams_own_shape(
    telegram: LocalTelegram, bot: Bot, fault: Fault, error: type[Exception], says: str
) -> None:
    telegram.faults.add(Rule(fault))

    with pytest.raises(error, match=says):
        await bot.get_me()


async def test_outage_closes_the_port_and_forgets_nothing(telegram: LocalTelegram, bot: Bot, ana: Phone) -> None:
    await ana.send("Hola")
    url = telegram.url

    async with telegram.outage():
        with pytest.raises(NetworkError):
            await bot.get_me()
        await ana.send("¿Hay alguien?")

    assert telegram.url == url
    assert [update.message.text for update in await bot.get_updates() if update.message] == ["Hola", "¿Hay alguien?"]


def test_every_fault_is_in_the_document() -> None:
    document = DOCUMENT.read_text("utf-8")

    missing = [name for name, _ in getmembers(Fault, ismethod) if f"| `{name}(" not in document]

    assert missing == []
