"""What one command does beside the running bot, or without it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Final

from bot.checks import Finding
from bot.checks import exit_code as code_of
from bot.clock import SystemClock
from bot.config import Config
from bot.domain.errors import MicrochequeoError, StoreUnavailableError
from bot.domain.holdings import Holdings
from bot.domain.model import FileForm, Role
from bot.keys import Keys
from bot.terms import rules_in_force
from bot.texts import Texts
from bot.vault import expect_database, ring
from bot.wiring import Services, links, make_services, name_key, open_store, remember_name, report
from handlers import files
from handlers.connection import connected, hello
from storage.database import Database
from storage.migrations import head
from storage.places import place_of


async def inspect(config: Config, keys: Keys) -> list[Finding]:
    """Look at the token (at Telegram) and at the database, changing neither."""
    return [
        await _inspected("token", _token_says(config)),
        await _inspected("database", _database_says(config, keys)),
        await _operators_say(config, keys),
    ]


async def _inspected(what: str, looking: Awaitable[str]) -> Finding:
    try:
        says = await looking
    except MicrochequeoError as error:
        return Finding(what, fine=False, says=str(error), exit_code=code_of(error))
    return Finding(what, fine=True, says=says)


async def _token_says(config: Config) -> str:
    async with connected(config.telegram.api_url, config.telegram.secret()) as rooms:
        await hello(rooms)
        return f"@{rooms.bot.username}"


async def _database_says(config: Config, keys: Keys) -> str:
    place = place_of(config.database.url)
    if not await asyncio.to_thread(place.is_there):
        return f"{place} (will be made at the first start)"
    revision = await asyncio.to_thread(place.schema)
    if revision == head():
        await asyncio.to_thread(place.prepare, ring(keys))
    return f"{place} (schema {revision}{'' if revision == head() else f', {head()} at the next start'})"


async def invite(config: Config, keys: Keys, role: Role, name: str) -> str:
    """Return a one-time link that enrols somebody.  Raises StoreUnavailableError without the bot's name."""
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        expect_database(config)
        place = place_of(config.database.url)
        stack.enter_context(place.in_use())
        await asyncio.to_thread(place.prepare, ring(keys))
        store = await stack.enter_async_context(open_store(config, keys, clock))
        username = await _name_of_bot(config, store)
        return links(username)(await make_services(config, store, clock).enrolment.invite(role, name))


@asynccontextmanager
async def without_telegram(config: Config, keys: Keys) -> AsyncIterator[Services]:
    """Open the practice's database for one command, beside the running bot or without it.

    Raises StoreUnavailableError if there is none yet.
    """
    place = place_of(config.database.url)
    if not place.is_there():
        raise StoreUnavailableError(f"There is no database at {place} yet.")
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        stack.enter_context(place.in_use())
        await asyncio.to_thread(place.prepare, ring(keys))
        yield make_services(config, await stack.enter_async_context(open_store(config, keys, clock)), clock)


@asynccontextmanager
async def as_it_is(config: Config, keys: Keys) -> AsyncIterator[Database | None]:
    """Open the database for reading without bringing it up to date; None where there is none of the present schema."""
    place = place_of(config.database.url)
    if not place.is_there() or await asyncio.to_thread(place.schema) != head():
        yield None
        return
    async with AsyncExitStack() as stack:
        stack.enter_context(place.in_use())
        await asyncio.to_thread(place.check_keys, ring(keys))
        yield await stack.enter_async_context(open_store(config, keys, SystemClock()))


def runs_since(config: Config) -> datetime | None:
    """Return since when a bot holds the database; None: none does."""
    return place_of(config.database.url).held_since()


async def _operators_say(config: Config, keys: Keys) -> Finding:
    """Say who hears when something breaks."""
    try:
        async with as_it_is(config, keys) as store:
            if store is None:
                return Finding("operator", fine=True, says=NO_OPERATOR, doubtful=True)
            async with store.reading() as tx:
                number = len(await tx.people.contacts(Role.OPERATOR))
    except MicrochequeoError:
        return Finding("operator", fine=True, says="cannot be looked up without the database", doubtful=True)
    return Finding("operator", fine=True, says=f"{number} enrolled" if number else NO_OPERATOR, doubtful=not number)


NO_OPERATOR: Final = "nobody hears when something breaks; to enrol somebody: microchequeo invite --operator NAME"


def written(
    config: Config, held: Sequence[Holdings], forms: Iterable[FileForm], code: str | None = None
) -> dict[str, bytes]:
    """Write everything held about patients as files, in the practice's language; without `code`, about all of them."""
    texts, voice, rules, now = Texts.load(report), config.default_voice(), rules_in_force(config), SystemClock().now()
    made = [files.patients(texts, voice, held, form, rules, now, code) for form in forms]
    return {file.name: file.content for file in made if file}


async def _name_of_bot(config: Config, store: Database) -> str:
    token = config.telegram.secret()
    async with store.reading() as tx:
        known = await tx.facts.recall(name_key(token))
    if known is not None:
        return known
    async with connected(config.telegram.api_url, token) as rooms:
        await hello(rooms)
        await remember_name(store, rooms)
        return str(rooms.bot.username)
