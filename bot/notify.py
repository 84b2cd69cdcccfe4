"""What the service manager is told (systemd's sd_notify): ready, stopping, alive; nothing where there is none.

One datagram to the socket that `NOTIFY_SOCKET` names, in a folder or abstract (`@…`).  A service manager that does not
listen stops nobody.
"""

import contextlib
import os
import socket
from typing import Final

ADDRESS: Final = "NOTIFY_SOCKET"


def ready(status: str = "at work") -> None:
    """Say that the bot does what it should, which `status` names; it may be said again when that has changed."""
    _send(f"READY=1\nSTATUS={status}")


def status(sentence: str) -> None:
    """Say in one line how it goes: `systemctl status` shows it."""
    _send(f"STATUS={sentence}")


def alive() -> None:
    """Feed the watchdog."""
    _send("WATCHDOG=1")


def stopping() -> None:
    """Say that what is in hand is being finished."""
    _send("STOPPING=1\nSTATUS=finishing what is in hand")


def watchdog_seconds() -> float | None:
    """Return the seconds in which the service manager wants to be told `alive`; None if it does not watch this process.

    systemd gives microseconds, and the process it means: a command that is run beside the bot is not watched.
    """
    within, whom = os.environ.get("WATCHDOG_USEC", ""), os.environ.get("WATCHDOG_PID", str(os.getpid()))
    return int(within) / 1_000_000 if within.isdecimal() and int(within) and whom == str(os.getpid()) else None


def _send(lines: str) -> None:
    address = os.environ.get(ADDRESS, "")
    if not address.startswith(("/", "@")):
        return
    if address.startswith("@"):
        address = f"\0{address[1:]}"
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
        to.settimeout(0)
        to.sendto(lines.encode(), address)
