"""What the Bot API promises about the updates we ask for: the line between strange and impossible."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[int, Field(ge=1, lt=2**52)]
"""Telegram: "at most 52 significant bits"."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=4096)]


class _Shape(BaseModel):
    """An object of the Bot API; fields that are not named here are nobody's business."""

    model_config = ConfigDict(strict=True, extra="ignore")


class User(_Shape):
    """A person or bot."""

    id: Id
    is_bot: bool
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None


class Chat(_Shape):
    """A chat."""

    id: Annotated[int, Field(gt=-(2**52), lt=2**52)]
    type: Literal["private", "group", "supergroup", "channel"]


class Entity(_Shape):
    """A marked piece of a text."""

    type: str
    offset: Annotated[int, Field(ge=0, le=4096)]
    length: Annotated[int, Field(ge=0, le=4096)]


class File(_Shape):
    """Any kind of file."""

    file_id: str
    file_unique_id: str
    file_size: Annotated[int, Field(ge=0, lt=2**52)] | None = None


class Picture(File):
    """A file with a size."""

    width: Id
    height: Id


class Sound(File):
    """A file that takes time."""

    duration: Annotated[int, Field(ge=0, lt=2**31)]


class Sticker(Picture):
    """A sticker."""

    type: str
    is_animated: bool
    is_video: bool


class Button(_Shape):
    """A button under a message of a bot's."""

    text: str
    callback_data: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None


class Keyboard(_Shape):
    """The buttons under a message of a bot's."""

    inline_keyboard: list[list[Button]]


class Message(_Shape):
    """A message; one that the bot cannot see any more has date 0 and nothing else."""

    message_id: Id
    date: Annotated[int, Field(ge=0, lt=2**31)]
    chat: Chat
    sender: Annotated[User | None, Field(alias="from")] = None
    edit_date: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    text: Text | None = None
    entities: list[Entity] | None = None
    caption: Text | None = None
    photo: list[Picture] | None = None
    voice: Sound | None = None
    sticker: Sticker | None = None
    pinned_message: "Message | None" = None
    reply_to_message: "Message | None" = None
    reply_markup: Keyboard | None = None


class CallbackQuery(_Shape):
    """A tap."""

    id: Annotated[str, StringConstraints(min_length=1)]
    sender: Annotated[User, Field(alias="from")]
    chat_instance: str
    message: Message | None = None
    data: Annotated[str, StringConstraints(max_length=64)] | None = None


class Standing(_Shape):
    """What the bot is in a chat."""

    user: User
    status: Literal["creator", "administrator", "member", "restricted", "left", "kicked"]
    until_date: Annotated[int, Field(ge=0, lt=2**31)] | None = None

    def model_post_init(self, _: Any) -> None:
        """Want to know until when somebody is kicked, as Telegram always says."""
        if self.status == "kicked" and self.until_date is None:
            raise ValueError("kicked until when?")


class Membership(_Shape):
    """A change of what the bot is in a chat."""

    chat: Chat
    sender: Annotated[User, Field(alias="from")]
    date: Annotated[int, Field(ge=0, lt=2**31)]
    old_chat_member: Standing
    new_chat_member: Standing


class AsTelegramWrites(_Shape):
    """One update."""

    message: Message | None = None
    edited_message: Message | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: Membership | None = None

    def model_post_init(self, _: Any) -> None:
        """Want one of them."""
        if not any(getattr(self, name) for name in AsTelegramWrites.model_fields):
            raise ValueError("an empty update")
