"""Lines of JSON between the demo and the bot's process: questions with a number, answers with the same number."""

import asyncio
import json
import socket
from typing import Any, Final

Message = dict[str, Any]
LONGEST: Final = 8 * 1024 * 1024
"""Bytes of one line."""


class Lines:
    """One end of a connection between two processes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def over(cls, end: socket.socket) -> "Lines":
        """Speak over one end of a pair of sockets, which is closed with this."""
        return cls(*await asyncio.open_connection(sock=end, limit=LONGEST))

    async def read(self) -> Message | None:
        """Return the next message; None when the other side is gone."""
        try:
            line = await self._reader.readline()
            return json.loads(line) if line.endswith(b"\n") else None
        except ConnectionError:
            return None

    async def write(self, message: Message) -> None:
        """Send a message; a side that is gone does not hear it."""
        try:
            self._writer.write(json.dumps(message).encode() + b"\n")
            await self._writer.drain()
        except ConnectionError:
            return

    def close(self) -> None:
        """End the connection: the other side reads that there is nothing more."""
        self._writer.close()
