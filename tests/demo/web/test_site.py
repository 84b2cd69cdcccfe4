"""Who may come in, and what the page gets: nothing of this needs a bot."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import aiohttp
import pytest

from bot.demo.guard import AddressTakenError, guarded_application, listening
from bot.demo.web.site import Site
from bot.demo.web.theatre import Theatre
from bot.demo.web.words import words
from bot.domain.model import Language
from tests.demo.web.browsers import Browser


@pytest.fixture
async def page(http: aiohttp.ClientSession) -> AsyncIterator[Browser]:
    """Open a page of a theatre in which nothing has begun."""
    async with AsyncExitStack() as stack:
        address = await listening(stack, Site(Theatre()).application(), 0)
        yield Browser(http, address)


async def test_the_page_its_words_and_its_files_come_with_a_strict_policy(
    page: Browser, http: aiohttp.ClientSession
) -> None:
    kinds = {"/": "text/html", "/static/app.js": "text/javascript", "/words/es.json": "application/json"}
    for path, kind in kinds.items():
        async with http.get(page.address + path) as response:
            assert (response.status, response.content_type) == (200, kind)
            assert response.headers["Content-Security-Policy"].startswith("default-src 'self';")
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    ["/static/..%2fsite.py", "/static/%2e%2e/site.py", "/static/nothing.js", "/words/fr.json", "/file/photo-1", "/etc"],
)
async def test_what_is_not_of_the_page_is_not_found(page: Browser, http: aiohttp.ClientSession, path: str) -> None:
    async with http.get(page.address + path) as response:
        assert response.status == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[", "localhost.evil.example:8080"])
async def test_a_foreign_name_that_leads_here_is_refused(page: Browser, http: aiohttp.ClientSession, host: str) -> None:
    async with http.get(f"{page.address}/events", headers={"Host": host}) as response:
        assert response.status in {400, 403}


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
async def test_another_page_neither_hears_nor_acts(
    page: Browser, http: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    async with http.get(f"{page.address}/events", headers=headers) as response:
        assert response.status == 403

    assert (await page.post('{"act":"kill"}', **headers))[0] == 403


async def test_who_acts_says_that_it_is_the_page(page: Browser) -> None:
    assert (await page.post('{"act":"kill"}', **{"X-Demo": ""}))[0] == 403


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        "{",
        '{"act":"fly"}',
        '{"act":"send","chat":"100","text":"hola"}',
        '{"act":"send","chat":-1,"text":"hola"}',
        '{"act":"send","chat":100}',
        '{"act":"send","chat":100,"text":"hola","more":1}',
        '{"act":"tap","chat":100,"message":1,"data":""}',
        '{"act":"clock","jump":"minutes","minutes":-15}',
        '{"act":"fault","fault":"no_network","seconds":1e9}',
        '{"act":"story","name":"../x"}',
        b"\xff\xfe",
    ],
)
async def test_what_is_no_action_is_refused_in_a_sentence(page: Browser, body: str | bytes) -> None:
    assert await page.post(body) == (400, {"error": words(Language.ES)["error-unknown"]})


async def test_a_body_without_end_is_not_read(page: Browser) -> None:
    assert (await page.post(b" " * 200_000))[0] == 413


async def test_before_a_story_has_come_to_its_end_nothing_can_be_done_and_the_page_says_so(page: Browser) -> None:
    said = await page.post('{"act":"kill"}', **{"Accept-Language": "en"})

    assert said == (409, {"error": words(Language.EN)["error-playing"]})


async def test_a_port_that_is_taken_is_said_in_a_sentence(page: Browser) -> None:
    port = int(page.address.rpartition(":")[2])

    async with AsyncExitStack() as stack:
        with pytest.raises(AddressTakenError, match=f"Port {port} cannot be had: .*--port"):
            await listening(stack, guarded_application(), port)


def test_both_languages_have_the_same_words_with_the_same_variables() -> None:
    spanish, english = words(Language.ES), words(Language.EN)

    assert spanish.keys() == english.keys()
    assert [key for key in spanish if variables(spanish[key]) != variables(english[key])] == []


def variables(text: str) -> set[str]:
    return {piece.partition("}")[0] for piece in text.split("{")[1:]}
