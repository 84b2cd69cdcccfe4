"""The people's side: a phone with one private chat with the bot, and groups the bot was added to."""

import re
from collections.abc import Callable
from typing import Any

from bot.demo.backend import Backend
from bot.demo.content import TEXT_LIMIT, utf16
from bot.demo.state import Button, Chat, Json, Message, Tap

_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,64}(?:@\w+)?")


class _Screen:
    """What is visible in one chat."""

    def __init__(self, backend: Backend, chat: Chat) -> None:
        self._backend = backend
        self._chat = chat
        self.chat_id = chat.chat_id

    @property
    def messages(self) -> list[Message]:
        """Everything visible now, oldest first, from both sides."""
        return list(self._chat.messages.values())

    @property
    def actions(self) -> list[str]:
        """What sendChatAction showed, oldest first."""
        return self._chat.actions

    def last(self) -> Message:
        """Give the bot's newest message. Raises LookupError when there is none."""
        for message in reversed(self._chat.messages.values()):
            if message.from_bot:
                return message
        raise LookupError(f"The bot has written nothing here:\n{self.transcript()}")

    async def wait_for(self, predicate: Callable[[Message], bool], timeout: float = 10) -> Message:  # noqa: ASYNC109
        """Give the first visible bot message that satisfies `predicate`, as soon as there is one.

        Raises TimeoutError with the chat's transcript.
        """
        found: list[Message] = []

        def look() -> bool:
            found[:] = [message for message in self.messages if message.from_bot and predicate(message)][:1]
            return bool(found)

        if not await self._chat.signal.until(look, timeout):
            raise TimeoutError(f"No such message within {timeout} s:\n{self.transcript()}")
        return found[0]

    def transcript(self) -> str:
        """Write the chat down as plain text, buttons in brackets."""
        return "\n".join(line for message in self.messages for line in _lines(message))

    def _receive(self, message: Message) -> Message:
        self._chat.put(message)
        self._backend.updates.push({"message": message.to_json(self._chat.to_json())})
        return message

    def _membership(self, by: Json, before: str, after: str) -> None:
        """Tell the bot that somebody changed its standing in this chat."""
        bot, until = self._backend.me, {"until_date": 0}
        standing = [{"user": bot, "status": s} | (until if s == "kicked" else {}) for s in (before, after)]
        moment = {"chat": self._chat.to_json(), "from": by, "date": int(self._backend.now().timestamp())}
        change = {"old_chat_member": standing[0], "new_chat_member": standing[1]}
        self._backend.updates.push({"my_chat_member": moment | change})

    def _written(self, sender: Json, **fields: Any) -> Message:
        number = self._backend.world.next_message_id(self._chat)
        return Message(message_id=number, date=self._backend.now(), sender=sender, **fields)


class Phone(_Screen):
    """One person's private chat with the bot."""

    @property
    def first_name(self) -> str:
        """The name the person gave Telegram."""
        return self._chat.title

    @property
    def blocked(self) -> bool:
        """Whether the person has blocked the bot."""
        return self._chat.blocked

    @property
    def started(self) -> bool:
        """Whether the bot may write here: the person wrote first. Settable, to begin in the middle of a story."""
        return self._chat.started

    @started.setter
    def started(self, value: bool) -> None:
        self._chat.started = value

    def person(self) -> Json:
        """Render the Bot API's User."""
        return self._chat.person()

    async def start(self, payload: str = "") -> Message:
        """Press Start, perhaps behind a deep link."""
        return await self.send(f"/start {payload}".strip())

    async def send(self, text: str, **extra: Any) -> Message:
        """Type a text; a long one goes out in pieces, as Telegram's apps do, and the last piece is returned.

        `extra` fields go into the Bot API's Message as they are (reply_to_message, forward_origin, …).
        """
        self._refuse_if_blocked()
        text = text.strip()
        pieces = [text[at : at + TEXT_LIMIT] for at in range(0, len(text), TEXT_LIMIT)]
        if not pieces:
            raise ValueError("Telegram's apps send no empty text.")
        self._chat.started = True
        return [self._receive(self._typed(piece, extra)) for piece in pieces][-1]

    def _typed(self, text: str, extra: Json) -> Message:
        return self._written(self.person(), text=text, entities=_commands(text), extra=extra)

    async def edit(self, message: Message, text: str) -> None:
        """Correct a message of one's own."""
        if message.from_bot:
            raise ValueError("A person can edit only what they wrote.")
        message.text, message.entities = text, _commands(text)
        message.edited_at = self._backend.now()
        message.edits += 1
        self._chat.signal.changed()
        self._backend.updates.push({"edited_message": message.to_json(self._chat.to_json())})

    async def delete(self, message: Message) -> None:
        """Delete a message on both sides; the bot is not told."""
        self._chat.remove([message.message_id])

    async def tap(self, label: str, *, message: Message | None = None, wait: bool = False) -> Tap:
        """Tap the button with that label, on `message` or else on the newest bot message that has it.

        With `wait`, return only when the bot answered. Raises LookupError naming the visible buttons.
        """
        shown = [message] if message else [m for m in reversed(self.messages) if m.from_bot]
        for candidate in shown:
            for button in _buttons(candidate):
                if button.label == label and button.data is not None:
                    tap = await self.tap_data(button.data, candidate)
                    if wait:
                        await tap.answered()
                    return tap
        labels = [label for candidate in shown for label in candidate.labels()]
        raise LookupError(f"No button «{label}» to tap; there are: {labels}")

    async def tap_data(self, data: str, message: Message) -> Tap:
        """Send callback data of one's own making, as a modified app can."""
        self._refuse_if_blocked()
        world = self._backend.world
        tap = Tap(id=str(4_000_000_000_000_000_000 + len(world.taps)), at=self._backend.now(), signal=self._chat.signal)
        world.taps[tap.id] = tap
        query = {"id": tap.id, "from": self.person(), "chat_instance": str(-self.chat_id), "data": data}
        self._backend.updates.push({"callback_query": query | {"message": message.to_json(self._chat.to_json())}})
        return tap

    async def send_photo(self, data: bytes, filename: str = "photo.jpg", mime: str = "image/jpeg") -> Message:
        """Send a picture."""
        return self._send_file("photo", data, filename, mime)

    async def send_voice(self, data: bytes, filename: str = "voice.ogg", mime: str = "audio/ogg") -> Message:
        """Send a voice message."""
        return self._send_file("voice", data, filename, mime)

    async def send_sticker(self, data: bytes, filename: str = "sticker.webp", mime: str = "image/webp") -> Message:
        """Send a sticker."""
        return self._send_file("sticker", data, filename, mime)

    async def send_document(
        self, data: bytes, filename: str = "file.bin", mime: str = "application/octet-stream"
    ) -> Message:
        """Send a file."""
        return self._send_file("document", data, filename, mime)

    def _send_file(self, kind: str, data: bytes, filename: str, mime: str) -> Message:
        self._refuse_if_blocked()
        self._chat.started = True
        file = self._backend.world.keep(kind, filename, mime, data)
        picture = {"width": 512, "height": 512}
        shapes: dict[str, Any] = {
            "photo": [file.to_json() | picture],
            "voice": file.to_json() | {"duration": 3, "mime_type": mime},
            "sticker": file.to_json() | picture | {"type": "regular", "is_animated": False, "is_video": False},
            "document": file.to_json() | {"file_name": filename, "mime_type": mime},
        }
        return self._receive(self._written(self.person(), media={kind: shapes[kind]}, file=file))

    async def block(self) -> None:
        """Block the bot."""
        self._set_blocked(blocked=True)

    async def unblock(self) -> None:
        """Let the bot write again."""
        self._set_blocked(blocked=False)

    def _set_blocked(self, *, blocked: bool) -> None:
        if blocked != self._chat.blocked:
            before, after = ("member", "kicked") if blocked else ("kicked", "member")
            self._membership(self.person(), before, after)
        self._chat.blocked = blocked

    def _refuse_if_blocked(self) -> None:
        if self._chat.blocked:
            raise RuntimeError(f"{self.first_name} has blocked the bot; unblock() first, as a person has to.")


class Group(_Screen):
    """A supergroup with the bot in it."""

    @property
    def title(self) -> str:
        """The group's name."""
        return self._chat.title

    @property
    def left(self) -> bool:
        """Whether the bot has left."""
        return self._chat.left

    async def add_bot(self, by: Phone) -> None:
        """Add the bot (again); it is told."""
        self._chat.left = False
        self._membership(by.person(), "left", "member")

    async def send(self, sender: Phone, text: str) -> Message:
        """Let somebody write in the group; a bot that has left does not hear it."""
        message = self._written(sender.person(), text=text, entities=_commands(text))
        return self._chat.put(message) if self.left else self._receive(message)


def _commands(text: str) -> list[Json]:
    """Mark /commands as Telegram's apps do, in UTF-16 units."""
    return [
        {"type": "bot_command", "offset": utf16(text[: found.start()]), "length": utf16(found.group())}
        for found in _COMMAND.finditer(text)
    ]


def _buttons(message: Message) -> list[Button]:
    return [button for row in message.keyboard for button in row]


def _lines(message: Message) -> list[str]:
    who = "bot" if message.from_bot else "person"
    content = " ".join(
        part for part in (f"<{next(iter(message.media))}>" if message.media else "", message.text) if part
    )
    rows = ["  " + " ".join(f"[{button.label}]" for button in row) for row in message.keyboard]
    return [f"{who}: {content}", *rows]
