"""What the local Telegram remembers: chats and their messages, button taps, files.

Plain dataclasses that render themselves as Bot API JSON; they know neither HTTP nor refusals.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.demo.changes import Signal

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button as the person sees it."""

    label: str
    data: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file on the server, downloadable under `path`."""

    file_id: str
    path: str
    name: str
    mime: str
    data: bytes = field(repr=False)

    def to_json(self) -> Json:
        """Render the fields every kind of file shares."""
        return {"file_id": self.file_id, "file_unique_id": f"u{self.file_id}", "file_size": len(self.data)}


@dataclass(slots=True)
class Message:
    """A message as it stands in the chat now."""

    message_id: int
    date: datetime
    sender: Json
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    markup: Json | None = None
    media: Json = field(default_factory=dict)
    file: StoredFile | None = None
    protected: bool = False
    edited_at: datetime | None = None
    edits: int = 0
    extra: Json = field(default_factory=dict)

    @property
    def from_bot(self) -> bool:
        """Whether the bot wrote it."""
        return bool(self.sender["is_bot"])

    @property
    def keyboard(self) -> list[list[Button]]:
        """The inline buttons, row by row."""
        rows = self.markup["inline_keyboard"] if self.markup else []
        return [[Button(b["text"], b.get("callback_data"), b.get("url")) for b in row] for row in rows]

    @property
    def photo(self) -> bytes | None:
        """The picture's bytes, if it is a photo."""
        return self.file.data if self.file and "photo" in self.media else None

    @property
    def document(self) -> bytes | None:
        """The file's bytes, if it is a document."""
        return self.file.data if self.file and "document" in self.media else None

    @property
    def file_name(self) -> str | None:
        """The name of the file it carries."""
        return self.file.name if self.file else None

    def labels(self) -> list[str]:
        """List the labels of its buttons, in reading order."""
        return [button.label for row in self.keyboard for button in row]

    def to_json(self, chat: Json) -> Json:
        """Render the Bot API's Message."""
        body: Json = {"message_id": self.message_id, "date": int(self.date.timestamp()), "chat": chat}
        body |= {"from": self.sender} | self.media | self._content()
        if self.edited_at:
            body["edit_date"] = int(self.edited_at.timestamp())
        if self.markup:
            body["reply_markup"] = self.markup
        if self.protected:
            body["has_protected_content"] = True
        return body | self.extra

    def _content(self) -> Json:
        names = ("caption", "caption_entities") if self.media else ("text", "entities")
        return {name: value for name, value in zip(names, (self.text, self.entities), strict=True) if value}


@dataclass(slots=True)
class Chat:
    """One chat of the bot: private (id > 0) or a supergroup (id < 0)."""

    chat_id: int
    title: str
    language_code: str = ""
    started: bool = False
    blocked: bool = False
    left: bool = False
    messages: dict[int, Message] = field(default_factory=dict)
    actions: list[str] = field(default_factory=list)
    last_group_message_id: int = 0
    signal: Signal = field(default_factory=Signal)

    @property
    def is_private(self) -> bool:
        """Whether it is one person's chat with the bot."""
        return self.chat_id > 0

    def to_json(self) -> Json:
        """Render the Bot API's Chat."""
        if self.is_private:
            return {"id": self.chat_id, "type": "private", "first_name": self.title}
        return {"id": self.chat_id, "type": "supergroup", "title": self.title}

    def person(self) -> Json:
        """Render the Bot API's User of a private chat."""
        user = {"id": self.chat_id, "is_bot": False, "first_name": self.title}
        return user | ({"language_code": self.language_code} if self.language_code else {})

    def put(self, message: Message) -> Message:
        """Show a message in the chat."""
        self.messages[message.message_id] = message
        self.signal.changed()
        return message

    def remove(self, message_ids: Iterable[int]) -> None:
        """Take messages out of the chat, for both sides."""
        for message_id in message_ids:
            self.messages.pop(message_id, None)
        self.signal.changed()


@dataclass(slots=True)
class Tap:
    """A tap on an inline button, and what the bot answered to it."""

    id: str
    at: datetime
    signal: Signal
    answer: str | None = None
    alert: bool = False

    async def answered(self, timeout: float = 5) -> str:  # noqa: ASYNC109 - reads better in a test than a wrapper
        """Wait for answerCallbackQuery; give its text ("" when it had none). Raises TimeoutError."""
        if not await self.signal.until(lambda: self.answer is not None, timeout):
            raise TimeoutError(f"The bot did not answer tap {self.id} within {timeout} s.")
        return self.answer or ""


class World:
    """Everything there is: chats, taps, files, and the two counters of message and file ids."""

    def __init__(self) -> None:
        self.chats: dict[int, Chat] = {}
        self.taps: dict[str, Tap] = {}
        self.files: dict[str, StoredFile] = {}
        self._last_message_id = 0

    def next_message_id(self, chat: Chat) -> int:
        """Count up: private chats share one sequence, each supergroup has its own."""
        if not chat.is_private:
            chat.last_group_message_id += 1
            return chat.last_group_message_id
        self._last_message_id += 1
        return self._last_message_id

    def keep(self, kind: str, name: str, mime: str, data: bytes) -> StoredFile:
        """Store a file; `kind` names the folder it is downloaded from."""
        number = len(self.files) + 1
        suffix = name.rpartition(".")[2] or "bin"
        stored = StoredFile(f"{kind}-{number}", f"{kind}s/file_{number}.{suffix}", name, mime, data)
        self.files[stored.file_id] = stored
        return stored
