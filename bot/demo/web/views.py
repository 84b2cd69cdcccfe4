"""Phones and calls as the page is told of them."""

from typing import Any, Final

from bot.demo.params import Upload
from bot.demo.phone import Phone
from bot.demo.server import Call, LocalTelegram
from bot.demo.state import Json, Message

LONGEST: Final = 2000
"""Characters of one value of a call that are shown."""

KINDS: Final = ("photo", "document", "voice", "sticker")


def chat(telegram: LocalTelegram, phone: Phone, scene: int, *, typing: bool) -> Json:
    """Write a phone down."""
    return {
        "id": phone.chat_id,
        "messages": [message(one, scene) for one in phone.messages],
        "typing": typing,
        "commands": telegram.commands(phone),
    }


def message(one: Message, scene: int) -> Json:
    """Write a message down as it stands now."""
    return {
        "id": one.message_id,
        "from": "bot" if one.from_bot else "person",
        "date": one.date.isoformat(),
        "edited": one.edited_at is not None,
        "text": one.text,
        "entities": one.entities,
        "keyboard": [[{"label": b.label, "data": b.data, "url": b.url} for b in row] for row in one.keyboard],
        "media": _media(one, scene),
        "reply_to": one.extra.get("reply_to_message", {}).get("message_id"),
    }


def _media(one: Message, scene: int) -> Json | None:
    kind = next((kind for kind in KINDS if kind in one.media), None)
    if kind is None or one.file is None:
        return None
    shape = one.media[kind][-1] if kind == "photo" else one.media[kind]
    url = f"/file/{one.file.file_id}?of={scene}"  # the same id is another file in another story
    size = {"width": shape.get("width", 0), "height": shape.get("height", 0)}
    return {"kind": kind, "url": url, "name": one.file.name, "size": len(one.file.data)} | size


def call(one: Call) -> Json:
    """Write a call down."""
    return {
        "at": one.at.isoformat(),
        "method": one.method,
        "chat": one.params.integer("chat_id") or None,
        "status": one.status,
        "params": {name: _brief(value) for name, value in one.params.items()},
        "response": _brief(one.response),
    }


def _brief(value: Any) -> Any:
    match value:
        case Upload():
            return f"{value.filename}, {value.mime}, {len(value.data)} bytes"
        case str():
            return value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
        case dict():
            return {name: _brief(one) for name, one in value.items()}
        case list():
            return [_brief(one) for one in value]
    return value
