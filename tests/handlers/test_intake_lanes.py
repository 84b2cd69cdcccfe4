"""Updates wait in lanes, one for each chat: a long one delays nobody, and what was answered is not answered again."""

import pytest

from tests.engines import raw
from tests.practice import Practice

BACKLOG = 3_000


@pytest.mark.timeout(300)
async def test_nobody_waits_for_the_backlog_of_another_chat(practice: Practice) -> None:
    ana, leo = practice.telegram.phone(200, "Ana"), practice.telegram.phone(201, "Leo")
    for number in range(BACKLOG):
        await ana.send(f"hola {number}")

    await leo.send("/ayuda")
    await leo.wait_for(lambda message: "024" in message.text, timeout=120)

    (waiting,) = await practice.rows("SELECT count(*) AS number FROM inbox WHERE done_at IS NULL")
    assert waiting["number"] > BACKLOG / 3, "most of the backlog is still to come"


async def test_while_the_database_is_locked_nobody_is_answered_over_and_over(practice: Practice) -> None:
    ana = practice.telegram.phone(200, "Ana")
    await practice.settle()  # what a start writes is written: who takes the lock in this loop cannot wait for it
    with raw(practice.database) as other:
        sent: list[str] = []

        def locks(method: str, _: object) -> None:
            if method == "sendMessage":
                if not sent:
                    other.begin_writing()
                sent.append(method)

        practice.telegram.fault = locks
        await ana.send("/ayuda")
        await ana.wait_for(lambda message: "024" in message.text, timeout=30)
        await practice.bot.intake.idle()
        await practice.bot.intake.take_up(again=True)
        await practice.bot.intake.idle()
        other.rollback()
        await practice.settle()

    assert sent == ["sendMessage"]
    assert await practice.rows("SELECT id FROM inbox WHERE done_at IS NULL") == []
