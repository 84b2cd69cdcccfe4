"""A stranger who tries links: a million guesses open nothing, and somebody hears of them."""

from datetime import timedelta

import aiohttp
import pytest

from bot.domain import guesses
from bot.domain.model import Role
from bot.services.enrolment import ConsentOffer, LinkRefused
from tests.handlers.gallery import RUIZ
from tests.handlers.gallery import USTED as VOICE
from tests.listening import listened
from tests.practice import Practice, opened

GUESSERS, TRIES = 2_000, 500
"""Accounts, and the guesses of each: a million in all."""


@pytest.mark.timeout(600)
async def test_a_million_guesses_open_nothing_and_trip_both_limits(practice: Practice) -> None:
    await practice.bot.services.enrolment.invite(Role.THERAPIST, "Dra. Ruiz")
    enrolment, voice = practice.bot.services.enrolment, VOICE
    answers = dict.fromkeys(LinkRefused, 0)

    with listened([], "info") as log:
        for chat in range(GUESSERS):
            for number in range(TRIES):
                answer = await enrolment.open(10_000 + chat, f"{chat:016}{number:016}", voice)
                assert isinstance(answer, LinkRefused), "a guess was let in"
                answers[answer] += 1

    assert answers[LinkRefused.UNKNOWN] == guesses.OF_ALL
    assert answers[LinkRefused.TOO_MANY] == GUESSERS * TRIES - guesses.OF_ALL
    assert await practice.rows("SELECT count(*) AS written FROM failed_starts") == [{"written": guesses.OF_ALL}]
    assert await practice.rows("SELECT * FROM invitations WHERE opened_by IS NOT NULL") == []
    assert log.getvalue().count("many wrong links") == 1


async def test_in_the_middle_of_it_a_right_link_opens(practice: Practice) -> None:
    ruiz = await practice.therapist()
    token = await practice.invitation(ruiz, "P-07")
    await crowd(practice)

    answer = await practice.bot.services.enrolment.open(200, token, VOICE)

    assert isinstance(answer, ConsentOffer)
    assert answer.therapist == RUIZ


async def test_a_chat_whose_guesses_were_counted_in_memory_alone_has_had_its_five_all_the_same(
    practice: Practice,
) -> None:
    """While the practice's hour is full a guess writes nothing; whoever guessed then stays out with the sixth."""
    token = await practice.invitation(await practice.therapist(), "P-07")
    await crowd(practice)
    enrolment = practice.bot.services.enrolment
    for number in range(guesses.OF_ONE_CHAT):
        assert await enrolment.open(99_999, f"wrong {number}", VOICE) is LinkRefused.TOO_MANY

    assert await enrolment.open(99_999, token, VOICE) is LinkRefused.TOO_MANY
    assert len(await practice.rows("SELECT id FROM failed_starts")) == guesses.OF_ALL

    practice.clock.advance(guesses.WITHIN + timedelta(seconds=1))
    assert isinstance(await enrolment.open(99_999, token, VOICE), ConsentOffer)


async def test_after_an_hour_everything_is_as_before(practice: Practice) -> None:
    await crowd(practice)
    practice.clock.advance(guesses.WITHIN + timedelta(seconds=1))

    answer = await practice.bot.services.enrolment.open(10_000, "wrong", VOICE)

    assert answer is LinkRefused.UNKNOWN


async def test_a_restart_forgets_no_guess(practice: Practice) -> None:
    await crowd(practice)
    await practice.stop()
    await practice.start()

    enrolment, voice = practice.bot.services.enrolment, VOICE
    assert await enrolment.open(10_000, "wrong", voice) is LinkRefused.TOO_MANY
    assert await enrolment.open(99_999, "wrong", voice) is LinkRefused.TOO_MANY


async def test_a_stranger_who_guesses_is_told_kindly(practice: Practice) -> None:
    await crowd(practice)
    stranger = practice.telegram.phone(300, "Desconocida")

    await practice.says(stranger, "/start wrong")

    assert stranger.last().text.startswith("Demasiados intentos seguidos.")


async def test_the_operator_sees_the_number_of_wrong_links(practice: Practice) -> None:
    (practice.folder / "seen").mkdir()
    async with opened(practice.folder / "seen", settings='[health]\nlisten = "127.0.0.1:18431"\n') as watched:
        await crowd(watched)
        async with aiohttp.ClientSession() as web, web.get("http://127.0.0.1:18431/metrics") as page:
            assert f"microchequeo_wrong_links {float(guesses.OF_ALL)}" in (await page.text()).splitlines()


async def test_a_link_opened_by_a_second_account_is_refused_and_the_therapist_is_told(practice: Practice) -> None:
    ruiz = await practice.therapist()
    token = await practice.invitation(ruiz, "P-07")
    ana, thief = practice.telegram.phone(200, "Ana"), practice.telegram.phone(666, "Otro")
    await practice.says(ana, f"/start {token}")

    await practice.says(thief, f"/start {token}")
    await practice.pass_time(timedelta(minutes=1))

    assert thief.last().text.startswith("Este enlace ya se usó")
    assert "P-07" in ruiz.last().text
    assert await practice.rows("SELECT count(*) AS people FROM people") == [{"people": 2}]


async def crowd(practice: Practice) -> None:
    """Let many accounts guess until the practice's hour is full."""
    enrolment, voice = practice.bot.services.enrolment, VOICE
    for number in range(guesses.OF_ALL):
        await enrolment.open(10_000 + number // guesses.OF_ONE_CHAT, f"guess {number}", voice)
