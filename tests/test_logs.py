import asyncio
import contextlib
import json
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot import logs

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
OTHER_TOKEN = "987654321:BBEhBOweik6ad9r_QXMENQjcrGbqCr4K-zz"
KEY = "k3y/with+signs="


class Screen(StringIO):
    """A terminal that remembers what was written to it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    quiet = {name: logging.getLogger(name).level for name in (*logs.TALKATIVE, *logs.MUTE)}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, former in quiet.items():
        logging.getLogger(name).setLevel(former)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    stream = StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.set_up("debug", [TOKEN, KEY, ""])
    return stream


def entries(stream: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_program_reads_one_json_object_a_line(stream: StringIO) -> None:
    structlog.get_logger("bot.tick").info("sent", row=7, note="día")

    (entry,) = entries(stream)
    assert (entry["event"], entry["row"], entry["level"], entry["logger"]) == ("sent", 7, "info", "bot.tick")


def test_times_are_utc(stream: StringIO) -> None:
    logging.getLogger("bot").info("sent")

    stamp = datetime.fromisoformat(entries(stream)[0]["timestamp"])
    assert stamp.utcoffset() == datetime.now(UTC).utcoffset()  # noqa: TID251 - only its zone is looked at


def test_person_reads_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    logs.set_up("INFO", [TOKEN])

    structlog.get_logger("bot").warning("told off", token=TOKEN)

    assert "told off" in screen.getvalue()
    assert TOKEN not in screen.getvalue()
    assert not screen.getvalue().startswith("{")


def test_token_is_struck_out_of_messages_arguments_and_values(stream: StringIO) -> None:
    logging.getLogger("somewhere").info("token %s", TOKEN)
    logging.getLogger("elsewhere").info({"token": TOKEN})
    structlog.get_logger("bot").info(TOKEN, key=KEY, nested={"deep": [TOKEN]})

    assert len(entries(stream)) == 3
    assert TOKEN not in stream.getvalue()
    assert KEY not in stream.getvalue()


def test_a_secret_is_struck_out_however_a_line_has_to_write_it(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, secret = StringIO(), 'clé"\\s3cr3t'
    monkeypatch.setattr(sys, "stderr", stream)
    logs.set_up("INFO", [secret])

    logging.getLogger("somewhere").info("the password is %s", secret)

    assert entries(stream)[0]["event"] == "the password is (secret)"


def test_token_is_struck_out_of_exceptions_and_their_causes(stream: StringIO) -> None:
    failure = ValueError(f"no luck with {TOKEN}")
    failure.__cause__ = OSError(f"https://api.telegram.org/bot{TOKEN}/getMe")

    try:
        raise failure
    except ValueError:
        logging.getLogger("library").exception("failed")

    assert "no luck with" in entries(stream)[0]["exception"]
    assert TOKEN not in stream.getvalue()


@pytest.mark.parametrize("address", [f"bot{OTHER_TOKEN}/getMe", "file/bot1:short/photo.png", "bot55%3Aabc_d-e/x"])
def test_token_of_any_bot_is_struck_out_of_addresses(stream: StringIO, address: str) -> None:
    logging.getLogger("httpx").warning("POST https://api.telegram.org/%s", address)

    assert "bot(secret)/" in stream.getvalue()


def test_unknown_token_is_struck_out_anywhere(stream: StringIO) -> None:
    logging.getLogger("library").error("rejected: %s", OTHER_TOKEN)

    assert OTHER_TOKEN not in stream.getvalue()


def test_tracebacks_carry_no_local_variables(stream: StringIO) -> None:
    def confide(secret_word: str) -> None:
        words = f"me siento {secret_word}"
        raise ValueError(len(words))

    try:
        confide("olos"[::-1])
    except ValueError:
        structlog.get_logger("bot").exception("failed")

    assert "ValueError: 14" in stream.getvalue()
    assert "me siento solo" not in stream.getvalue()


@pytest.mark.parametrize("name", [*logs.TALKATIVE, "telegram.ext.Application", "sqlalchemy.engine.Engine"])
def test_libraries_that_carry_words_speak_only_to_warn(stream: StringIO, name: str) -> None:
    logging.getLogger(name).debug("what a patient wrote")
    logging.getLogger(name).info("what a patient wrote")
    logging.getLogger(name).warning("flood control")

    assert [entry["event"] for entry in entries(stream)] == ["flood control"]


@pytest.mark.parametrize("name", [*logs.MUTE, "psycopg.pool"])
def test_libraries_that_warn_with_rows_speak_only_of_errors(stream: StringIO, name: str) -> None:
    logging.getLogger(name).warning("error ignored: DETAIL: Key (name)=(what a patient wrote) already exists.")
    logging.getLogger(name).error("something else")

    assert [entry["event"] for entry in entries(stream)] == ["something else"]


def test_libraries_follow_a_sterner_level(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.set_up("ERROR", [])

    logging.getLogger("telegram").warning("flood control")

    assert stream.getvalue() == ""


def test_line_that_cannot_be_put_together_is_named_without_its_arguments(stream: StringIO) -> None:
    broken = logging.LogRecord("library", logging.INFO, __file__, 7, "%d", (TOKEN,), None)

    for handler in logging.getLogger().handlers:
        if isinstance(handler, logs._Handler):
            handler.handle(broken)

    assert "a log line of library" in stream.getvalue()
    assert TOKEN not in stream.getvalue()


def test_warnings_go_the_same_way(stream: StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn(f"about {TOKEN}", stacklevel=1)
        logging.captureWarnings(capture=False)

    assert "about (secret)" in entries(stream)[0]["event"]


async def test_failure_that_asyncio_reports_goes_the_same_way(stream: StringIO) -> None:
    asyncio.get_running_loop().call_exception_handler({"message": "lost", "exception": ValueError(TOKEN)})

    assert "lost" in entries(stream)[-1]["event"]
    assert TOKEN not in stream.getvalue()


def test_second_set_up_replaces_the_first(stream: StringIO) -> None:
    with contextlib.redirect_stderr(stream):
        logs.set_up("info", [])

    logging.getLogger("bot").info("once")

    assert len(entries(stream)) == 1


def test_a_log_on_a_full_disk_loses_its_lines_and_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux has a file that is always full."""
    with Path("/dev/full").open("w", encoding="utf-8", buffering=1) as full:
        monkeypatch.setattr(sys, "stderr", full)
        logs.set_up("debug", [])

        for _ in range(1_000):
            structlog.get_logger("bot.tick").warning("nothing comes in", why="the database is away")

        with pytest.raises(OSError, match="No space left"):
            full.flush()
        logging.getLogger().handlers = [logging.NullHandler()]
        os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())
