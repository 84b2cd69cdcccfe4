"""The least that a bot with a database loads: PTB as it comes, SQLAlchemy, aiosqlite.  It asks one thing, then polls.

`python -m tests.benchmarks.floor URL TOKEN DATABASE`
"""

import asyncio
import signal
import sys
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from telegram.ext import Application, ApplicationBuilder


async def poll(url: str, token: str, database: str) -> None:
    """Look into the database, then fetch updates until told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    engine = create_async_engine(f"sqlite+aiosqlite:///{database}")
    async with engine.connect() as connection:
        await connection.execute(text("SELECT count(*) FROM people"))
    builder: ApplicationBuilder[Any, Any, Any, Any, Any, Any] = Application.builder()
    async with builder.token(token).base_url(f"{url}/bot").job_queue(None).build() as application:
        assert application.updater is not None
        await application.updater.start_polling()
        await stop.wait()
        await application.updater.stop()
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(poll(*sys.argv[1:]))
