"""A server that is farther away than it is: every word to it and from it is underway for a while, in their order."""

import asyncio
import multiprocessing
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

SOCKET: Final = ".s.PGSQL.5432"
CHUNK: Final = 65536


@contextmanager
def beyond(folder: Path, seconds: float) -> Iterator[Path]:
    """Yield the folder of a socket behind which is that of `folder`, so many seconds away, there and back."""
    near = Path(tempfile.mkdtemp(prefix="microchequeo-far-"))
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(near, folder, seconds), daemon=True)
    process.start()
    try:
        yield near
    finally:
        process.kill()
        process.join()
        shutil.rmtree(near)


def _run(near: Path, folder: Path, seconds: float) -> None:
    asyncio.run(_listen(near, folder, seconds))


async def _listen(near: Path, folder: Path, seconds: float) -> None:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(folder / SOCKET)
        async with asyncio.TaskGroup() as group:
            group.create_task(_pass_on(reader, back, seconds / 2))
            group.create_task(_pass_on(there, writer, seconds / 2))

    server = await asyncio.start_unix_server(connected, near / SOCKET)
    await server.serve_forever()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
    """Write what is read so many seconds later; whoever hangs up is heard hanging up."""
    loop = asyncio.get_running_loop()
    with suppress(ConnectionError):
        while words := await reader.read(CHUNK):
            loop.call_later(seconds, writer.write, words)
    loop.call_later(seconds, writer.close)
