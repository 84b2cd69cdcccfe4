"""Reading a Bot API request: query, JSON, form and multipart bodies become one dict of plain values.

Nested values (reply_markup, entities, …) arrive as JSON text inside forms and are decoded here, once.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.demo import refusals
from bot.demo.refusals import bad_request, unparsable

NESTED = {
    "allowed_updates": "allowed updates",
    "caption_entities": "caption entities",
    "commands": "commands",
    "entities": "message entities",
    "link_preview_options": "link preview options",
    "media": "input media",
    "menu_button": "menu button",
    "message_ids": "message identifiers",
    "reply_markup": "reply keyboard markup",
    "reply_parameters": "reply parameters",
    "scope": "BotCommandScope",
}
"""Parameters that are JSON, with the name Telegram gives them when they cannot be parsed."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the request."""

    filename: str
    mime: str
    data: bytes = field(repr=False)


class Params(dict[str, Any]):
    """The parameters of one call, read with Telegram's lenient idea of types."""

    def integer(self, name: str, default: int = 0) -> int:
        """Read a whole number; anything else counts as `default`."""
        try:
            return int(self.get(name, default))
        except (TypeError, ValueError):
            return default

    def text(self, name: str) -> str:
        """Read a string; absent is empty."""
        return str(self.get(name) or "")

    def flag(self, name: str) -> bool:
        """Read a boolean: true, yes and 1 in any letter case are true."""
        return str(self.get(name, "")).lower() in {"true", "yes", "1"}

    def listed(self, name: str) -> list[Any]:
        """Read an array; absent is empty."""
        value = self.get(name) or []
        if not isinstance(value, list):
            raise unparsable(NESTED.get(name, name))
        return value

    def mapping(self, name: str) -> dict[str, Any]:
        """Read an object; absent is empty."""
        value = self.get(name) or {}
        if not isinstance(value, dict):
            raise unparsable(NESTED.get(name, name))
        return value


async def read_params(request: web.Request) -> Params:
    """Read every parameter of the request, whichever way it was sent."""
    params = Params(request.query)
    params.update(await _body(request))
    for name in NESTED.keys() & params.keys():
        params[name] = _decoded(name, params[name])
    _refuse_broken_text(params)
    return params


async def _body(request: web.Request) -> dict[str, Any]:
    if not request.can_read_body:
        return {}
    if request.content_type == "application/json":
        return _json_body(await request.read())
    return {name: _field(value) for name, value in (await request.post()).items()}


def _json_body(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError:
        raise unparsable("request") from None
    if not isinstance(body, dict):
        raise unparsable("request")
    return body


def _field(value: str | bytes | bytearray | web.FileField) -> str | Upload:
    if isinstance(value, web.FileField):
        with value.file as opened:
            return Upload(value.filename, value.content_type, opened.read())
    return value if isinstance(value, str) else _text(value)


def _text(raw: bytes | bytearray) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise bad_request(refusals.NOT_UTF8) from None


def _decoded(name: str, value: Any) -> Any:
    if not isinstance(value, str) or not value:
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise unparsable(NESTED[name]) from None


def _refuse_broken_text(params: Params) -> None:
    """Refuse lone surrogates: JSON can carry them, UTF-8 cannot."""
    try:
        json.dumps([value for value in params.values() if not isinstance(value, Upload)], ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise bad_request(refusals.NOT_UTF8) from None
