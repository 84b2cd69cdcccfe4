"""What a message may carry: text, entities and keyboards. Pure checks that raise Telegram's refusals.

Text is counted in characters (code points) after trimming, as Telegram's servers do; entity offsets in UTF-16 units.
parse_mode is not interpreted: the bot sends entities.
"""

from typing import Any
from urllib.parse import urlsplit

from bot.demo import refusals
from bot.demo.refusals import bad_request, wrong_button_url

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
RAW_LIMIT = 1 << 15
"""Bytes of text that are read at all."""
DATA_LIMIT = 64
INLINE_ROW, INLINE_TOTAL = 8, 100
REPLY_ROW, REPLY_TOTAL = 12, 300

Entities = list[dict[str, Any]]
_ACTIONS = ("callback_data", "url", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
            "copy_text", "pay", "callback_game")  # fmt: skip
_FOUND_BY_TELEGRAM = {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}
_GIVEN_BY_BOTS = {"bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre", "text_link",
                  "text_mention", "custom_emoji", "blockquote", "expandable_blockquote"}  # fmt: skip
_INVISIBLE = " \t\r\n\u00a0\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u2800\u3000"


def utf16(text: str) -> int:
    """Count UTF-16 code units, the unit of entity offsets."""
    return len(text.encode("utf-16-le")) // 2


def message_text(text: str, entities: Entities, *, too_long: str) -> tuple[str, Entities]:
    """Trim and check a message's text; `too_long` is the refusal of the method at hand."""
    if not text:
        raise bad_request(refusals.TEXT_EMPTY)
    trimmed, kept = _formatted(text, entities)
    if not trimmed.strip(_INVISIBLE):
        raise bad_request(refusals.TEXT_BLANK)
    if len(trimmed) > TEXT_LIMIT:
        raise bad_request(too_long)
    return trimmed, kept


def caption_text(text: str, entities: Entities, *, too_long: str) -> tuple[str, Entities]:
    """Trim and check a caption; empty is allowed."""
    trimmed, kept = _formatted(text, entities)
    if len(trimmed) > CAPTION_LIMIT:
        raise bad_request(too_long)
    return trimmed, kept


def refuse_parse_mode(mode: str) -> None:
    """Refuse markup: this server reads entities only."""
    if mode.lower() not in {"", "none"}:
        raise bad_request(refusals.PARSE_MODE)


def _formatted(text: str, entities: Entities) -> tuple[str, Entities]:
    if len(text.encode()) > RAW_LIMIT:
        raise bad_request(refusals.TEXT_TOO_BIG)
    kept = [_checked(entity, utf16(text)) for entity in entities if _is_kept(entity)]
    return _trimmed(text, sorted(kept, key=lambda entity: (entity["offset"], -entity["length"])))


def _is_kept(entity: Any) -> bool:
    if not isinstance(entity, dict):
        raise bad_request("can't parse MessageEntity: Expected an object")
    kind = entity.get("type")
    if kind in _GIVEN_BY_BOTS:
        return entity.get("length") != 0
    if kind in _FOUND_BY_TELEGRAM:
        return False
    raise bad_request("can't parse MessageEntity: Unsupported type specified")


def _checked(entity: dict[str, Any], length: int) -> dict[str, Any]:
    """Check offsets; the length of the text is in UTF-16 units."""
    begin, span = entity.get("offset"), entity.get("length")
    if not isinstance(begin, int) or begin < 0:
        raise bad_request("receive an entity with incorrect offset")
    if not isinstance(span, int) or span < 0:
        raise bad_request("receive an entity with incorrect length")
    if begin > length:
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {begin}")
    if begin + span > length:
        end = begin + span
        raise bad_request(
            f"entity beginning at UTF-16 offset {begin} ends after the end of the text at UTF-16 offset {end}"
        )
    return entity


def _trimmed(text: str, entities: Entities) -> tuple[str, Entities]:
    """Cut spaces and line breaks at both ends, but none that stands where an entity begins."""
    shown = text.rstrip(" \n\r\t")
    blank = len(shown) - len(shown.lstrip(" \n\r\t"))
    cut = min([blank, *(entity["offset"] for entity in entities)])
    result = shown[cut:]
    size = utf16(result)
    moved = [entity | {"offset": entity["offset"] - cut} for entity in entities]
    return result, [e | {"length": min(e["length"], size - e["offset"])} for e in moved if e["offset"] < size]


def keyboard(markup: dict[str, Any]) -> dict[str, Any] | None:
    """Check a reply_markup; return the inline keyboard as messages show it, or None."""
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"], INLINE_ROW, INLINE_TOTAL)
        shown = [[_inline_button(button) for button in row] for row in rows if row]
        return {"inline_keyboard": shown} if shown else None
    if "keyboard" in markup:
        _rows(markup["keyboard"], REPLY_ROW, REPLY_TOTAL)
    elif markup and not markup.keys() & {"remove_keyboard", "force_reply"}:
        raise bad_request(refusals.MARKUP_TYPE)
    return None


def _rows(rows: Any, per_row: int, total: int) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse reply keyboard markup JSON object")
    if any(len(row) > per_row for row in rows) or sum(len(row) for row in rows) > total:
        raise bad_request(refusals.MARKUP_TOO_LONG)
    return rows


def _inline_button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not any(action in button for action in _ACTIONS):
        raise bad_request(refusals.BUTTON_WITHOUT_ACTION)
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= DATA_LIMIT:
        raise bad_request(refusals.BUTTON_DATA)
    if "url" in button:
        _check_url(str(button["url"]))
    return button


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    is_web = parts.scheme in {"", "http", "https"} and "." in (parts.netloc or parts.path)
    if not is_web and parts.scheme not in {"tg", "ton"}:
        raise wrong_button_url(url)
