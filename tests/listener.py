"""A service manager's ear: the datagram socket to which a service says how it is."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

LOOK_EVERY = 0.05


@dataclass
class Listener:
    """What was said, in order, one datagram each."""

    address: str
    _socket: socket.socket
    _heard: list[str] = field(default_factory=list)

    def heard(self) -> list[str]:
        """Return everything that was said until now."""
        while True:
            try:
                self._heard.append(self._socket.recv(4096).decode())
            except BlockingIOError:
                return list(self._heard)

    def fed(self) -> int:
        """Count how often the watchdog was fed."""
        return self.heard().count("WATCHDOG=1")

    async def hears(self, part: str, within: float = 30) -> None:
        """Wait until something was said.  TimeoutError with what was said instead."""
        try:
            async with asyncio.timeout(within):
                while not any(part in said for said in self.heard()):  # noqa: ASYNC110 - a datagram of another process
                    await asyncio.sleep(LOOK_EVERY)
        except TimeoutError:
            raise TimeoutError(f"{part!r} was not said within {within} s, only {self._heard}") from None


@contextmanager
def listening(address: str) -> Iterator[Listener]:
    """Listen at a path, or at an abstract address (`@…`)."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(f"\0{address[1:]}" if address.startswith("@") else address)
        ear.setblocking(False)  # noqa: FBT003 - the socket's own signature
        yield Listener(address, ear)
