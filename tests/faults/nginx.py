"""The balancer of a clinic: the real nginx on loopback, with what `docs/postgresql.md` shows, addresses put in.

Where nginx is not installed, what needs it is skipped, and says so; `.ci/run` installs it.
"""

import asyncio
import os
import re
import shutil
import socket
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.process import STOP_WITHIN, free_address, until
from tests.server import UNTIL_WE_ARE_GONE

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "postgresql.md"
PROGRAM: Final = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
"""Debian keeps it where only an administrator looks."""

needs_nginx = pytest.mark.skipif(PROGRAM is None, reason="nginx is not installed (Debian: apt install nginx-light)")

AROUND: Final = """
user root;
worker_processes 1;
daemon off;
pid {folder}/pid;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    log_format asked "$upstream_addr|$upstream_status|$status";
    {upstream}
    server {{
        listen {listen};
        {location}
    }}
}}
"""
"""What stands around the snippet; who is no administrator is told that `user` is not for them, and that is all."""


@dataclass(frozen=True)
class Nginx:
    """Passes requests on, and writes down whom it asked and what was answered."""

    url: str
    folder: Path

    @property
    def answered(self) -> Counter[tuple[str, int]]:
        """Count what each process answered, as (address, status); 502: it was not there, or it died over it."""
        return Counter(pair for asked, _ in self._lines() for pair in asked)

    @property
    def statuses(self) -> Counter[int]:
        """Count what Telegram was answered in the end."""
        return Counter(status for _, status in self._lines())

    def _lines(self) -> Iterator[tuple[list[tuple[str, int]], int]]:
        for line in (self.folder / "asked").read_text("ascii").splitlines():
            addresses, statuses, status = line.split("|")
            found = zip(re.split(", | : ", addresses), re.split(", | : ", statuses), strict=True)
            yield [(address, int(said)) for address, said in found if said != "-"], int(status)


def documented(addresses: Sequence[str], log: Path) -> tuple[str, str]:
    """Return the document's upstream and location with other addresses, and with a log, which tests count by."""
    [snippet] = re.findall(r"^```nginx\n(.*?)^```$", DOCUMENT.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    upstream, location = re.split(r"^(?=location)", snippet, flags=re.MULTILINE)
    [ways] = set(re.findall(r"^ +server \S+( .*)?;$", upstream, re.MULTILINE))
    servers = "\n".join(f"server {address}{ways};" for address in addresses)
    silent = "access_log off;"
    assert silent in location
    return f"upstream microchequeo {{ {servers} }}", location.replace(silent, f"access_log {log} asked;")


@asynccontextmanager
async def balancing(folder: Path, addresses: Sequence[str]) -> AsyncIterator[Nginx]:
    """Balance between these addresses while the context is open, in a folder of its own."""
    listen = free_address()
    process = _begun(folder, listen, addresses)
    try:
        await until(lambda: _listens(listen), f"nginx listens at {listen}; what it said is in {folder}")
        yield Nginx(f"http://{listen}/telegram", folder)
    finally:
        await asyncio.to_thread(process.communicate, b"stop\n", STOP_WITHIN)


def _begun(folder: Path, listen: str, addresses: Sequence[str]) -> "subprocess.Popen[bytes]":
    assert PROGRAM is not None
    folder.mkdir()
    (folder / "asked").touch()
    upstream, location = documented(addresses, folder / "asked")
    config = folder / "nginx.conf"
    config.write_text(AROUND.format(folder=folder, listen=listen, upstream=upstream, location=location), "ascii")
    nginx = [PROGRAM, "-p", str(folder), "-c", str(config), "-e", str(folder / "errors")]
    command = ["/bin/sh", "-c", UNTIL_WE_ARE_GONE, str(folder), *nginx]
    with (folder / "said").open("wb") as said:
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=said, stderr=said)  # noqa: S603 - our own words


def _listens(address: str) -> bool:
    host, _, port = address.partition(":")
    with closing(socket.socket()) as caller:
        return caller.connect_ex((host, int(port))) == 0
