"""Everything that any library says in the log, as `microchequeo run` would write it, caught."""

import contextlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO

import structlog

from bot import logs


@contextmanager
def listened(secrets: Sequence[str], level: str = "debug") -> Iterator[StringIO]:
    """Catch the log in JSON lines while the context is open; then everything is as it was."""
    root = logging.getLogger()
    before, former = list(root.handlers), root.level
    quiet = {name: logging.getLogger(name).level for name in logs.TALKATIVE}
    stream = StringIO()
    with contextlib.redirect_stderr(stream):
        logs.set_up(level, secrets)
    try:
        yield stream
    finally:
        root.handlers[:] = before
        root.setLevel(former)
        for name, of_library in quiet.items():
            logging.getLogger(name).setLevel(of_library)
        logging.captureWarnings(capture=False)
        structlog.reset_defaults()
