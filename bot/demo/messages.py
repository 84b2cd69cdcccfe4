"""The Bot API's methods on messages: send, edit, delete. Every check comes before every change."""

from datetime import timedelta
from typing import Any

from bot.demo import content, photos, refusals
from bot.demo.backend import Backend, Method
from bot.demo.chats import known, reachable
from bot.demo.content import Entities
from bot.demo.params import Params, Upload
from bot.demo.refusals import bad_request
from bot.demo.state import Chat, Json, Message, StoredFile

DELETABLE_FOR = timedelta(hours=48)
ALBUM_LIMIT = 10
IDS_LIMIT = 100


def send_message(backend: Backend, params: Params) -> Json:
    """Send a text."""
    content.refuse_parse_mode(params.text("parse_mode"))
    if not params.text("text"):
        raise bad_request(refusals.TEXT_EMPTY)
    chat = reachable(backend, params)
    text, entities = content.message_text(
        params.text("text"), params.listed("entities"), too_long=refusals.TEXT_TOO_LONG
    )
    return _put(backend, chat, params, text=text, entities=entities)


def send_photo(backend: Backend, params: Params) -> Json:
    """Send a picture."""
    return _send_file(backend, params, "photo")


def send_document(backend: Backend, params: Params) -> Json:
    """Send a file."""
    return _send_file(backend, params, "document")


def send_media_group(backend: Backend, params: Params) -> list[Json]:
    """Send 1–10 photos or documents as one album."""
    chat = reachable(backend, params)
    items = [Params(item) for item in params.listed("media") if isinstance(item, dict)]
    if not items:
        raise bad_request(refusals.ALBUM_EMPTY)
    if len(items) > ALBUM_LIMIT:
        raise bad_request(refusals.ALBUM_TOO_LONG)
    ready = [(_captioned(item), _media(backend, item.text("type"), item.get("media"), params)) for item in items]
    group = {"media_group_id": f"album-{len(backend.world.files)}"}
    return [_put(backend, chat, params, *words, media=media | group, file=file) for words, (media, file) in ready]


def edit_message_text(backend: Backend, params: Params) -> Json:
    """Replace the text and the keyboard."""
    content.refuse_parse_mode(params.text("parse_mode"))
    if not params.text("text"):
        raise bad_request(refusals.TEXT_EMPTY)
    chat, message = _editable(backend, params)
    if message.media:
        raise bad_request(refusals.NO_TEXT_TO_EDIT)
    text, entities = content.message_text(
        params.text("text"), params.listed("entities"), too_long=refusals.EDITED_TEXT_TOO_LONG
    )
    return _change(backend, chat, message, params, text=text, entities=entities)


def edit_message_caption(backend: Backend, params: Params) -> Json:
    """Replace the caption and the keyboard."""
    chat, message = _editable(backend, params)
    if not message.media:
        raise bad_request(refusals.NO_CAPTION_TO_EDIT)
    text, entities = _captioned(params, too_long=refusals.EDITED_CAPTION_TOO_LONG)
    return _change(backend, chat, message, params, text=text, entities=entities)


def edit_message_media(backend: Backend, params: Params) -> Json:
    """Replace the file, the caption and the keyboard."""
    chat, message = _editable(backend, params)
    item = Params(params.mapping("media"))
    text, entities = _captioned(item)
    media, file = _media(backend, item.text("type"), item.get("media"), params)
    return _change(backend, chat, message, params, text=text, entities=entities, media=media, file=file)


def edit_message_reply_markup(backend: Backend, params: Params) -> Json:
    """Replace the keyboard alone."""
    chat, message = _editable(backend, params)
    return _change(backend, chat, message, params)


def delete_message(backend: Backend, params: Params) -> bool:
    """Take one message away on both sides, while it is younger than 48 hours."""
    chat = known(backend, params)
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request(refusals.DELETE_NOT_FOUND)
    return _delete(backend, chat, [message])


def delete_messages(backend: Backend, params: Params) -> bool:
    """Take 1–100 messages away; those that are not there are passed over."""
    chat = known(backend, params)
    wanted = [number for number in params.listed("message_ids") if isinstance(number, int)]
    if not 1 <= len(wanted) <= IDS_LIMIT:
        raise bad_request(refusals.DELETE_IDS)
    return _delete(backend, chat, [chat.messages[number] for number in wanted if number in chat.messages])


def _editable(backend: Backend, params: Params) -> tuple[Chat, Message]:
    chat = known(backend, params)
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request(refusals.EDIT_NOT_FOUND)
    if not message.from_bot:
        raise bad_request(refusals.CANNOT_EDIT)
    return chat, message


def _captioned(params: Params, *, too_long: str = refusals.CAPTION_TOO_LONG) -> tuple[str, Entities]:
    content.refuse_parse_mode(params.text("parse_mode"))
    return content.caption_text(params.text("caption"), params.listed("caption_entities"), too_long=too_long)


def _send_file(backend: Backend, params: Params, kind: str) -> Json:
    chat = reachable(backend, params)
    text, entities = _captioned(params)
    content.keyboard(params.mapping("reply_markup"))
    media, file = _media(backend, kind, params.get(kind), params)
    return _put(backend, chat, params, text, entities, media=media, file=file)


def _put(
    backend: Backend,
    chat: Chat,
    params: Params,
    text: str,
    entities: Entities,
    media: Json | None = None,
    file: StoredFile | None = None,
) -> Json:
    markup = content.keyboard(params.mapping("reply_markup"))
    message = Message(
        message_id=backend.world.next_message_id(chat), date=backend.now(), sender=backend.me, text=text,
        entities=entities, markup=markup, media=media or {}, file=file, protected=params.flag("protect_content"),
        extra=_reply(chat, params),
    )  # fmt: skip
    return chat.put(message).to_json(chat.to_json())


def _reply(chat: Chat, params: Params) -> Json:
    replied = chat.messages.get(Params(params.mapping("reply_parameters")).integer("message_id"))
    return {"reply_to_message": replied.to_json(chat.to_json())} if replied else {}


def _change(backend: Backend, chat: Chat, message: Message, params: Params, **new: Any) -> Json:
    """Edit in place; an edit without a keyboard removes the one that was there."""
    wanted = new | {"markup": content.keyboard(params.mapping("reply_markup"))}
    if all(getattr(message, name) == value for name, value in wanted.items()):
        raise bad_request(refusals.NOT_MODIFIED)
    for name, value in wanted.items():
        setattr(message, name, value)
    message.edited_at = backend.now()
    message.edits += 1
    chat.signal.changed()
    return message.to_json(chat.to_json())


def _delete(backend: Backend, chat: Chat, messages: list[Message]) -> bool:
    if any(backend.now() - message.date >= DELETABLE_FOR for message in messages):
        raise bad_request(refusals.CANNOT_DELETE)
    chat.remove(message.message_id for message in messages)
    return True


def _media(backend: Backend, kind: str, given: Any, params: Params) -> tuple[Json, StoredFile]:
    """Turn an upload, an attach:// reference or a known file_id into a photo or a document."""
    if kind not in {"photo", "document"}:
        raise bad_request(f"unsupported media type {kind!r}: this server knows photo and document")
    upload = _upload(backend, given, params)
    if kind == "photo":
        width, height = photos.photo_size(upload)
        file = backend.world.keep("photo", upload.filename, upload.mime, upload.data)
        return {"photo": [file.to_json() | {"width": width, "height": height}]}, file
    if not upload.data:
        raise bad_request(refusals.FILE_EMPTY)
    file = backend.world.keep("document", upload.filename, upload.mime, upload.data)
    return {"document": file.to_json() | {"file_name": file.name, "mime_type": file.mime}}, file


def _upload(backend: Backend, given: Any, params: Params) -> Upload:
    if isinstance(given, str) and given.startswith("attach://"):
        given = params.get(given.removeprefix("attach://"))
    if isinstance(given, Upload):
        return given
    if isinstance(given, str) and given.startswith(("http://", "https://")):
        raise bad_request(refusals.URL_UPLOAD)
    stored = backend.world.files.get(str(given))
    if stored is None:
        raise bad_request(refusals.FILE_UNKNOWN)
    return Upload(stored.name, stored.mime, stored.data)


MESSAGE_METHODS: dict[str, Method] = {
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
    "editmessagecaption": edit_message_caption,
    "editmessagemedia": edit_message_media,
    "editmessagereplymarkup": edit_message_reply_markup,
    "editmessagetext": edit_message_text,
    "senddocument": send_document,
    "sendmediagroup": send_media_group,
    "sendmessage": send_message,
    "sendphoto": send_photo,
}
"""Lower-case names, because method names are case-insensitive."""
