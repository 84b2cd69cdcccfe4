"""The Bot API's methods on chats, taps and files, and the rule of whom a bot may write to."""

from bot.demo import refusals
from bot.demo.backend import Backend, Method
from bot.demo.params import Params
from bot.demo.refusals import bad_request, forbidden
from bot.demo.state import Chat, Json

DOWNLOAD_LIMIT = 20 * 1024 * 1024
"""Bytes a bot can download."""
ANSWER_LIMIT = 200
_ACTIONS = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
})  # fmt: skip


def get_me(backend: Backend, _: Params) -> Json:
    """Introduce the bot."""
    abilities = ("can_join_groups", "can_read_all_group_messages", "supports_inline_queries",
                 "can_connect_to_business", "has_main_web_app")  # fmt: skip
    return backend.me | dict.fromkeys(abilities, False)


def send_chat_action(backend: Backend, params: Params) -> bool:
    """Show "typing…"."""
    if params.text("action") not in _ACTIONS:
        raise bad_request(refusals.ACTION)
    reachable(backend, params).actions.append(params.text("action"))
    return True


def answer_callback_query(backend: Backend, params: Params) -> bool:
    """Answer a tap: once, and only while it is young."""
    tap = backend.world.taps.get(params.text("callback_query_id"))
    if tap is None or tap.answer is not None or backend.now() - tap.at > backend.answer_within:
        raise bad_request(refusals.QUERY_TOO_OLD)
    if len(params.text("text")) > ANSWER_LIMIT:
        raise bad_request(refusals.ANSWER_TOO_LONG)
    tap.answer, tap.alert = params.text("text"), params.flag("show_alert")
    tap.signal.changed()
    return True


def get_file(backend: Backend, params: Params) -> Json:
    """Say where a file of at most 20 MB can be downloaded."""
    stored = backend.world.files.get(params.text("file_id"))
    if stored is None:
        raise bad_request(refusals.FILE_UNKNOWN)
    if len(stored.data) > DOWNLOAD_LIMIT:
        raise bad_request(refusals.FILE_TOO_BIG)
    return stored.to_json() | {"file_path": stored.path}


def get_chat(backend: Backend, params: Params) -> Json:
    """Describe a chat."""
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    )
    full = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
    return known(backend, params).to_json() | full


def leave_chat(backend: Backend, params: Params) -> bool:
    """Leave a group."""
    chat = known(backend, params)
    if chat.is_private:
        raise bad_request(refusals.CANNOT_LEAVE)
    _refuse_unreachable(chat)
    chat.left = True
    chat.signal.changed()
    return True


def known(backend: Backend, params: Params) -> Chat:
    """Find the chat, whether or not the bot may write to it."""
    if not params.text("chat_id"):
        raise bad_request(refusals.CHAT_ID_EMPTY)
    chat = backend.world.chats.get(params.integer("chat_id"))
    if chat is None:
        raise bad_request(refusals.CHAT_NOT_FOUND)
    return chat


def reachable(backend: Backend, params: Params) -> Chat:
    """Find a chat the bot may write to, and the message it replies to."""
    chat = known(backend, params)
    _refuse_unreachable(chat)
    reply = Params(params.mapping("reply_parameters"))
    if reply and not reply.flag("allow_sending_without_reply") and reply.integer("message_id") not in chat.messages:
        raise bad_request(refusals.REPLY_NOT_FOUND)
    return chat


def _refuse_unreachable(chat: Chat) -> None:
    if chat.blocked:
        raise forbidden(refusals.BLOCKED)
    if chat.left:
        raise forbidden(refusals.NOT_A_MEMBER)
    if chat.is_private and not chat.started:
        raise forbidden(refusals.CANNOT_INITIATE)


CHAT_METHODS: dict[str, Method] = {
    "answercallbackquery": answer_callback_query,
    "getchat": get_chat,
    "getfile": get_file,
    "getme": get_me,
    "leavechat": leave_chat,
    "sendchataction": send_chat_action,
}
"""Lower-case names, because method names are case-insensitive."""
