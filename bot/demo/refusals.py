"""What Telegram refuses, in its own words: the error envelope and every sentence the local server answers with.

Wordings follow the public Bot API server; python-telegram-bot re-cases their first letter.
"""

from http import HTTPStatus
from typing import Any, Final

NOT_FOUND = "Not Found"
UNAUTHORIZED = "Unauthorized"
TOO_LARGE = "Request Entity Too Large"
INTERNAL = "Internal Server Error"
TOO_MANY: Final = HTTPStatus.TOO_MANY_REQUESTS

CHAT_NOT_FOUND = "chat not found"
CHAT_ID_EMPTY = "chat_id is empty"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
EDIT_NOT_FOUND = "message to edit not found"
CANNOT_EDIT = "message can't be edited"
NO_TEXT_TO_EDIT = "there is no text in the message to edit"
NO_CAPTION_TO_EDIT = "there is no caption in the message to edit"
DELETE_NOT_FOUND = "message to delete not found"
CANNOT_DELETE = "message can't be deleted for everyone"
REPLY_NOT_FOUND = "message to be replied not found"
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
TEXT_EMPTY = "message text is empty"
TEXT_BLANK = "text must be non-empty"
TEXT_TOO_LONG = "message is too long"
TEXT_TOO_BIG = "text is too long"
EDITED_TEXT_TOO_LONG = "MESSAGE_TOO_LONG"
CAPTION_TOO_LONG = "message caption is too long"
EDITED_CAPTION_TOO_LONG = "MEDIA_CAPTION_TOO_LONG"
ANSWER_TOO_LONG = "MESSAGE_TOO_LONG"
NOT_UTF8 = "strings must be encoded in UTF-8"
PARSE_MODE = "unsupported parse_mode"
BUTTON_DATA = "BUTTON_DATA_INVALID"
BUTTON_WITHOUT_ACTION = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
MARKUP_TOO_LONG = "reply markup is too long"
MARKUP_TYPE = "object expected as reply markup"
IMAGE_PROCESS_FAILED = "IMAGE_PROCESS_FAILED"
PHOTO_DIMENSIONS = "PHOTO_INVALID_DIMENSIONS"
FILE_EMPTY = "file must be non-empty"
FILE_UNKNOWN = "wrong file_id or the file is temporarily unavailable"
FILE_TOO_BIG = "file is too big"
URL_UPLOAD = "failed to get HTTP URL content"
ALBUM_EMPTY = "there are no messages to send"
ALBUM_TOO_LONG = "too many messages to send as an album"
CANNOT_LEAVE = "chat member status can't be changed in private chats"
ACTION = "wrong parameter action in request"
COMMAND_INVALID = "BOT_COMMAND_INVALID"
COMMAND_DESCRIPTION_INVALID = "BOT_COMMAND_DESCRIPTION_INVALID"
COMMANDS_TOO_MUCH = "BOT_COMMANDS_TOO_MUCH"
DELETE_IDS = "wrong number of message identifiers specified"
WEBHOOK_NOT_LOCAL = "bad webhook: the local server delivers only to loopback addresses"
SECRET_TOKEN = "secret token contains unallowed characters"  # noqa: S105 - the refusal's wording, not a secret

BLOCKED = "bot was blocked by the user"
CANNOT_INITIATE = "bot can't initiate conversation with a user"
NOT_A_MEMBER = "bot is not a member of the supergroup chat"

OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class ApiError(Exception):
    """A call that Telegram refuses: HTTP status and `error_code` are the same number."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def envelope(self) -> dict[str, Any]:
        """Give the JSON body that goes with the refusal."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(reason: str) -> ApiError:
    """Refuse what was asked (400)."""
    return ApiError(HTTPStatus.BAD_REQUEST, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """Refuse to reach that chat (403)."""
    return ApiError(HTTPStatus.FORBIDDEN, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """Refuse a second way of receiving updates (409)."""
    return ApiError(HTTPStatus.CONFLICT, f"Conflict: {reason}")


def too_many_requests(retry_after: int) -> ApiError:
    """Refuse for `retry_after` whole seconds (429)."""
    return ApiError(TOO_MANY, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def photo_too_big(size: int, limit: int) -> ApiError:
    """Refuse a photo of `size` bytes."""
    return bad_request(f"file of size {size} bytes is too big for a photo; the maximum size is {limit} bytes")


def wrong_button_url(url: str) -> ApiError:
    """Refuse a button that opens nothing."""
    return bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def unparsable(what: str) -> ApiError:
    """Refuse a value that is not the JSON it should be."""
    return bad_request(f"can't parse {what} JSON object")
