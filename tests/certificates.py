"""A certificate authority of one's own, and a door with TLS before a server that has none."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.clock import SystemClock

HERE = "127.0.0.1"
PEM = serialization.Encoding.PEM


class Authority:
    """Signs for `HERE`; `file` holds what a client has to trust."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority for tests")])
        self.file = folder / "authority.pem"
        constraints = x509.BasicConstraints(ca=True, path_length=0)
        own = self._signed(self._name, self._key, timedelta(days=1)).add_extension(constraints, critical=True)
        self.file.write_bytes(own.sign(self._key, hashes.SHA256()).public_bytes(PEM))

    def _signed(self, name: x509.Name, key: ec.EllipticCurvePrivateKey, ends_in: timedelta) -> x509.CertificateBuilder:
        now: datetime = SystemClock().now()
        return (
            x509.CertificateBuilder(self._name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(days=30))
            .not_valid_after(now + ends_in)
        )

    def context(self, ends_in: timedelta) -> ssl.SSLContext:
        """Return what a server shows whose certificate ends then; it has ended where the span is negative."""
        key = ec.generate_private_key(ec.SECP256R1())
        named = self._signed(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HERE)]), key, ends_in)
        address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HERE))])
        signed = named.add_extension(address, critical=False).sign(self._key, hashes.SHA256())
        file = self._folder / "server.pem"
        secret = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        file.write_bytes(signed.public_bytes(PEM) + secret)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


@asynccontextmanager
async def door(to: int, context: ssl.SSLContext, at: int = 0) -> AsyncIterator[int]:
    """Pass on what comes with TLS to a port of this machine; yields the door's own port."""
    open_: set[asyncio.StreamWriter] = set()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inside, out = await asyncio.open_connection(HERE, to)
        open_.update({writer, out})
        async with asyncio.TaskGroup() as group:
            group.create_task(_pump(reader, out))
            group.create_task(_pump(inside, writer))

    server = await asyncio.start_server(pass_on, HERE, at, ssl=context)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for writer in open_:
            writer.transport.abort()
        await asyncio.sleep(0)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while part := await reader.read(65536):
            writer.write(part)
            await writer.drain()
    writer.close()
