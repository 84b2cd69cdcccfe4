"""One way out for every log line of every library: standard error, stamped in UTC, with the secrets struck out.

JSON lines where a program reads, plain lines where a person does.  The line is cleaned after it has been put together,
so that messages, arguments, exceptions and tracebacks are all covered; local variables are never part of a traceback.
"""

import contextlib
import json
import logging
import re
import sys
from collections.abc import Sequence
from typing import Any, Final

import structlog

STRUCK_OUT: Final = "(secret)"
TALKATIVE: Final = (
    "httpx",
    "httpcore",
    "telegram",
    "aiohttp",
    "apscheduler",
    "sqlalchemy",
    "aiosqlite",
    "alembic",
)
"""Libraries whose finer lines carry what people wrote, or the token in an address: warnings and worse only."""

MUTE: Final = ("psycopg",)
"""Libraries that warn with what a server said, rows and all, of errors that come to us besides: errors only."""

_TOKEN_IN_ADDRESS: Final = re.compile(r"bot\d+(?::|%3A)[\w%-]+", re.ASCII | re.IGNORECASE)
_TOKEN: Final = re.compile(r"\d{6,}:[\w-]{30,}", re.ASCII)


def set_up(level: str, secrets: Sequence[str]) -> None:
    """Send all logging to standard error at `level`, without `secrets`.  A second call replaces the first."""
    root = logging.getLogger()
    for old in [handler for handler in root.handlers if isinstance(handler, _Handler)]:
        root.removeHandler(old)
    handler = _Handler(sys.stderr)
    handler.setFormatter(_Clean(secrets, to_person=sys.stderr.isatty()))
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    for name in MUTE:
        logging.getLogger(name).setLevel(max(logging.ERROR, root.level))
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_ENTRY,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


_ENTRY: Final[list[Any]] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


class _Handler(logging.StreamHandler[Any]):
    """Standard error.  A line that cannot be put together is named, not dumped with its arguments.

    Where nothing can be written, the disk of the log being full, the line is lost and the program goes on.
    """

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Say where the line was written, without its arguments."""
        with contextlib.suppress(OSError):
            self.stream.write(f"a log line of {record.name} (line {record.lineno}) could not be written\n")


class _Clean(structlog.stdlib.ProcessorFormatter):
    """Puts a line together, then strikes the secrets out of it."""

    def __init__(self, secrets: Sequence[str], *, to_person: bool) -> None:
        plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        last = [plain] if to_person else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        super().__init__(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            foreign_pre_chain=_ENTRY,
        )
        written = {form for secret in secrets for form in (secret, json.dumps(secret)[1:-1])}  # as a line has it
        self._secrets = sorted(filter(None, written), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line as it may leave."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, STRUCK_OUT)
        return _TOKEN.sub(STRUCK_OUT, _TOKEN_IN_ADDRESS.sub(f"bot{STRUCK_OUT}", line))
