"""PTB's HTTP over aiohttp: a fraction of the CPU of its own client, and errors that never carry the URL (the token)."""

import json
import os
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import (
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    FormData,
    TCPConnector,
)
from aiohttp.client_exceptions import ClientConnectorCertificateError, ClientConnectorError
from telegram import Bot
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from handlers.screen import sound

os.environ.setdefault("PTB_TIMEDELTA", "true")  # else every RetryAfter raises a deprecation warning

CONNECTIONS: Final = 64
CONNECT_WITHIN: Final = 10.0
READ_WITHIN: Final = 20.0
WRITE_FILE_WITHIN: Final = 60.0

_HEADERS: Final = {"User-Agent": BaseRequest.USER_AGENT}
_FORM: Final = {**_HEADERS, "Content-Type": "application/x-www-form-urlencoded"}
_WHOLE: Final = "(whole)"
"""What stands for a parameter when all of them are one piece of JSON."""

_JSON: Final = {**_HEADERS, "Content-Type": "application/json"}


class CertificateError(NetworkError):
    """Whoever answers in Telegram's place has no certificate that is believed, or the machine's clock is wrong."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"the certificate of Telegram's server cannot be verified: {why}; look at this machine's clock"
        )


class AiohttpRequest(BaseRequest):
    """PTB requests over one aiohttp session."""

    def __init__(self, connections: int = CONNECTIONS) -> None:
        self._connections = connections
        self._session: ClientSession | None = None
        self._usual = ClientTimeout(total=READ_WITHIN, sock_connect=CONNECT_WITHIN)

    @property
    def read_timeout(self) -> float | None:
        """Return the default read timeout in seconds."""
        return READ_WITHIN

    async def initialize(self) -> None:
        """Open the session."""
        if self._session is None:
            connector = TCPConnector(limit=self._connections)
            self._session = ClientSession(connector=connector, cookie_jar=DummyCookieJar())

    async def shutdown(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one request; see `BaseRequest.do_request`."""
        del pool_timeout
        if self._session is None:
            raise RuntimeError("this request was not initialized")
        files = request_data is not None and request_data.contains_files
        if not files and read_timeout is write_timeout is connect_timeout is BaseRequest.DEFAULT_NONE:
            timeout = self._usual
        else:
            timeout = _timeout(read_timeout, write_timeout, connect_timeout, files=files)
        headers, body = _said(request_data)
        try:
            async with self._session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,  # nobody else gets to read what was meant for Telegram
            ) as response:
                return response.status, await response.read()
        except ClientConnectorCertificateError as error:
            raise CertificateError(getattr(error.certificate_error, "verify_message", "no reason given")) from None
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            raise NetworkError(f"no connection ({type(error).__name__})") from None
        except TimeoutError:
            raise TimedOut from None
        except (ClientError, OSError) as error:
            raise NetworkError(f"connection lost ({type(error).__name__})") from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Parse an answer; what cannot be parsed is not logged, since it may hold people's words."""
        try:
            parsed = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            raise TelegramError("the answer is not JSON") from None
        if not isinstance(parsed, dict) or not {"result", "description"} & parsed.keys():
            raise TelegramError("the answer is not Telegram's")
        return parsed


def _seconds(given: Any, default: float) -> float:
    return float(given) if isinstance(given, (int, float)) else default


async def call(bot: Bot, method: str, values: Mapping[str, Any]) -> Any:
    """Make a call without files and return what Telegram answers, unparsed.  Raises TelegramError.

    To make PTB's objects of it takes longer than to ask.
    """
    given = {name: value for name, value in values.items() if value is not None}
    written = RequestParameter(_WHOLE, json.dumps(given, ensure_ascii=False), None)
    return await bot.request.post(f"{bot.base_url}/{method}", request_data=RequestData([written]))


def _timeout(read: ODVInput[float], write: ODVInput[float], connect: ODVInput[float], *, files: bool) -> ClientTimeout:
    total = _seconds(read, READ_WITHIN) + _seconds(write, WRITE_FILE_WITHIN if files else 0.0)
    return ClientTimeout(total=total, sock_connect=_seconds(connect, CONNECT_WITHIN))


def _said(request_data: RequestData | None) -> tuple[Mapping[str, str], FormData | bytes | None]:
    """Return headers and body: whatever was written in one piece as it is."""
    if request_data is None:
        return _HEADERS, None
    if request_data.contains_files:
        return _HEADERS, _with_files(request_data)
    values = request_data.json_parameters
    if _WHOLE in values:
        return _JSON, sound(values[_WHOLE]).encode()
    return _FORM, urlencode({name: sound(value) for name, value in values.items()}).encode()


def _with_files(request_data: RequestData) -> FormData:
    form = FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, sound(value))
    for name, file in (request_data.multipart_data or {}).items():
        filename, content, kind = file
        form.add_field(name, content, filename=filename, content_type=kind)
    return form
