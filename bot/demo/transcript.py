"""Everything that crosses HTTP between the bot and the local Telegram, printed as the chats it makes.

It listens to the server's calls and knows nothing of the bot or of the story.  What has been shown once is shortened
the next time and ends in "…"; a message with numbers of the alliance is always shown whole.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from bot.demo import bubbles
from bot.demo.bubbles import QUIET, Keyboard
from bot.demo.pictures import Pictures
from bot.demo.server import Call
from bot.demo.state import Json

WEEKDAYS: Final = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MONTHS: Final = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio",
                 "agosto", "septiembre", "octubre", "noviembre", "diciembre")  # fmt: skip

A_WHILE: Final = timedelta(minutes=4)
"""After so long the hour is said again."""

GIST: Final = 34
"""Characters of a message that has been seen before."""

_ALLIANCE: Final = re.compile(r"\d,\d")
_NUMBER: Final = re.compile(r"\d+")


@dataclass(slots=True)
class Count:
    """What crossed HTTP, in numbers."""

    sent: int = 0
    edited: int = 0
    typed: int = 0
    tapped: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """How somebody is named and coloured on the page."""

    name: str
    colour: str


@dataclass(slots=True)
class Transcript:
    """The page; `file_of` gives the bytes behind a file id, `zone` is the clock on the wall."""

    console: Console
    people: dict[int, Person]
    pictures: Pictures
    file_of: Callable[[str], bytes]
    zone: ZoneInfo
    count: Count = field(default_factory=Count)
    _last_update: int = 0
    _day: date | None = None
    _chat: int | None = None
    _hour_said_at: datetime | None = None
    _flow: list[Text] = field(default_factory=list)
    _seen: set[object] = field(default_factory=set)
    _shown: dict[tuple[int, int], tuple[str, Keyboard]] = field(default_factory=dict)

    def heard(self, call: Call) -> None:
        """Print what one call of the bot brought or fetched."""
        result = call.response.get("result")
        match call.method.lower():
            case "getupdates" if isinstance(result, list):
                for update in result:
                    self._fetched(update, call.at)
            case "sendmessage" | "sendphoto" | "senddocument" if isinstance(result, dict):
                self._sent(result, call.at)
            case "editmessagetext" | "editmessagereplymarkup" if isinstance(result, dict):
                self._edited(result, call.at)
            case "answercallbackquery" if call.params.text("text"):
                self._flow.append(Text(f"({call.params.text('text')})", QUIET))

    def finish(self) -> None:
        """Print what is still being held back."""
        if self._flow:
            bubbles.flow(self.console, self._flow)
            self._flow = []

    def chapter(self, title: str, story: str) -> None:
        """Open a part of the story."""
        self.finish()
        bubbles.divider(self.console, title, "bold")
        bubbles.narrated(self.console, story)
        self._day = None

    # What people did

    def _fetched(self, update: Json, at: datetime) -> None:
        if update["update_id"] <= self._last_update:  # Telegram gives again what was not confirmed
            return
        self._last_update = update["update_id"]
        match update:
            case {"callback_query": {"from": {"id": chat}, "data": data, "message": message}}:
                self.count.tapped += 1
                self._moment(chat, at)
                self._flow.append(Text.assemble(("▸ ", self._colour(chat)), bubbles.buttons([_label(message, data)])))
            case {"message": {"chat": {"id": chat}, "text": text}}:
                self.count.typed += 1
                self._moment(chat, at)
                self.finish()
                bubbles.said(self.console, Text(text), self._colour(chat))

    # What the bot did

    def _sent(self, message: Json, at: datetime) -> None:
        self.count.sent += 1
        chat, text, rows = message["chat"]["id"], _text(message), _keyboard(message)
        self._moment(chat, at)
        self.finish()
        self._shown[chat, message["message_id"]] = text, rows
        if self._is_new(text, rows):
            bubbles.answered(self.console, _styled(message), rows)
        elif text:
            bubbles.answered(self.console, Text(_gist(text, bubbles.BUBBLE - 2)), ())
        for size in message.get("photo", [])[-1:]:
            path = self.pictures.keep(self.file_of(size["file_id"]))
            bubbles.answered(self.console, Text(f"▦ imagen: {path}"), ())

    def _edited(self, message: Json, at: datetime) -> None:
        self.count.edited += 1
        chat, text, rows = message["chat"]["id"], _text(message), _keyboard(message)
        before, _ = self._shown.get((chat, message["message_id"]), ("", ()))
        self._shown[chat, message["message_id"]] = text, rows
        if text == before:
            self._retired(chat, text, rows, at)
        elif self._is_new(text, rows):
            self._moment(chat, at)
            self.finish()
            bubbles.answered(self.console, _styled(message), bubbles.scale_shortened(rows), edited=True)
        else:
            self._moment(chat, at)
            self._flow.append(Text.assemble(("↻ ", bubbles.BOT), (_gist(text, GIST), QUIET)))

    def _retired(self, chat: int, text: str, rows: Keyboard, at: datetime) -> None:
        """Say once that old keyboards are taken away."""
        if not rows and "retired" not in self._seen:
            self._seen.add("retired")
            self._moment(chat, at)
            self.finish()
            bubbles.aside(self.console, f"↻ «{_gist(text, GIST)}»: se le quitan los botones")

    # The page

    def _moment(self, chat: int, at: datetime) -> None:
        """Say day, hour and whose chat this is, when any of them is news."""
        local = at.astimezone(self.zone)
        is_later = self._hour_said_at is None or at - self._hour_said_at >= A_WHILE
        if chat == self._chat and local.date() == self._day and not is_later:
            return
        self.finish()
        if local.date() != self._day:
            bubbles.divider(self.console, day(local), QUIET)
        else:
            self.console.print()
        bubbles.aside(self.console, f"{local:%H:%M} · {self.people[chat].name}")
        self._day, self._chat, self._hour_said_at = local.date(), chat, at

    def _colour(self, chat: int) -> str:
        return self.people[chat].colour

    def _is_new(self, text: str, rows: Keyboard) -> bool:
        """Say whether a message like this one is shown for the first time."""
        key = text if _ALLIANCE.search(text) else _NUMBER.sub("0", text)
        shape = (key, tuple(tuple(row) for row in rows))
        is_new = bool(text) and (shape not in self._seen or key == text)
        self._seen.add(shape)
        return is_new


def day(local: datetime) -> str:
    """Name a day as people do."""
    return f"{WEEKDAYS[local.weekday()]} {local.day} de {MONTHS[local.month - 1]} de {local.year}"


def _text(message: Json) -> str:
    return str(message.get("text") or message.get("caption") or "")


def _keyboard(message: Json) -> list[list[str]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [[str(button["text"]) for button in row] for row in rows]


def _label(message: Json, data: str) -> str:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return next((str(one["text"]) for row in rows for one in row if one.get("callback_data") == data), data)


def _styled(message: Json) -> Text:
    """Mark what lies under a spoiler; its offsets are UTF-16 units."""
    text = _text(message)
    for entity in message.get("entities", []):
        if entity["type"] == "spoiler":
            raw = text.encode("utf-16-le")
            begin, end = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
            before, hidden, after = (part.decode("utf-16-le") for part in (raw[:begin], raw[begin:end], raw[end:]))
            return Text.assemble(before, (_covered(hidden), "italic"), after)
    return Text(text)


def _covered(hidden: str) -> str:
    return "\n".join(f"░ {line}" for line in hidden.split("\n"))


def _gist(text: str, length: int) -> str:
    """Return the part of a message by which it is recognised; "…" stands for the rest."""
    first = text.split("\n", maxsplit=1)[0]
    start = _start(first, length)
    return start if start == text else f"{start.rstrip(' .')} …"


def _start(first: str, length: int) -> str:
    if len(first) <= length:
        return first
    last: Sequence[str] = first.rsplit(" · ", maxsplit=1)
    short = last[-1] if len(last) > 1 else first.split(". ")[0]
    return short if len(short) <= length else short[:length].rsplit(" ", maxsplit=1)[0]
