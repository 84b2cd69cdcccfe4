"""Everything a visitor can do, as it comes from the page: checked here, done in hands.py."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.demo.web.weather import Trouble
from bot.domain.model import Language

LONGEST_TEXT: Final = 20_000
LONGEST_JUMP: Final = 60 * 24 * 60
"""Minutes."""

Chat = Annotated[int, Field(gt=0)]
Text = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]


class _Act(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class Send(_Act):
    """A text is sent from a phone."""

    act: Literal["send"]
    chat: Chat
    text: Text = Field(repr=False)
    reply_to: int | None = None


class Tap(_Act):
    """A button is tapped; `data` may be anything, as from a modified app."""

    act: Literal["tap"]
    chat: Chat
    message: int
    data: Annotated[str, Field(min_length=1, max_length=64)]


class Edit(_Act):
    """A message of one's own is corrected."""

    act: Literal["edit"]
    chat: Chat
    message: int
    text: Text = Field(repr=False)


class Delete(_Act):
    """A message is deleted."""

    act: Literal["delete"]
    chat: Chat
    message: int


class SendFile(_Act):
    """A sample file is sent from a phone."""

    act: Literal["photo", "voice", "sticker", "document"]
    chat: Chat
    name: Annotated[str, Field(max_length=60)] = ""


class Block(_Act):
    """The bot is blocked, or not any more."""

    act: Literal["block", "unblock"]
    chat: Chat


class Person(_Act):
    """Somebody new gets a phone."""

    act: Literal["person"]
    name: Annotated[str, Field(min_length=1, max_length=40)] = Field(repr=False)


class OpenLink(_Act):
    """A link to this bot is opened on a phone; None: on a new one."""

    act: Literal["open_link"]
    chat: Chat | None = None
    url: Annotated[str, Field(max_length=300)] = Field(repr=False)


class Clock(_Act):
    """Time passes."""

    act: Literal["clock"]
    jump: Literal["minutes", "session", "morning", "digest"]
    minutes: Annotated[int, Field(ge=1, le=LONGEST_JUMP)] = 15


class Tell(_Act):
    """Another story begins, in a practice that speaks this language."""

    act: Literal["story"]
    name: Literal["empty", "vignette", "slide", "silent"]
    language: Annotated[Language, Field(strict=False)] = Language.ES


class Break(_Act):
    """Something goes wrong for a while; seconds of real time."""

    act: Literal["fault"]
    fault: Annotated[Trouble, Field(strict=False)]
    seconds: Annotated[int, Field(ge=1, le=600)] = 30


class Lift(_Act):
    """It goes wrong no longer; without `fault` nothing does."""

    act: Literal["lift"]
    fault: Annotated[Trouble | None, Field(strict=False)] = None


class Whole(_Act):
    """What is about the whole stage."""

    act: Literal["kill", "restart"]


Action = Send | Tap | Edit | Delete | SendFile | Block | Person | OpenLink | Clock | Tell | Break | Lift | Whole

ACTION: Final[TypeAdapter[Action]] = TypeAdapter(Annotated[Action, Field(discriminator="act")])
