"""Everything that crosses HTTP between the bot and the local Telegram, printed as the chats it makes.

It reads the server's calls and knows nothing of the bot or of the story.  What has been shown once is shortened
the next time and ends in "…"; a message with numbers of the alliance is always shown whole.
"""

import re
from collections import deque
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from rich.text import Text

from bot.demo.page import BOT, QUIET, Keyboard, Page, buttons, scale_shortened
from bot.demo.params import Upload
from bot.demo.pictures import Pictures
from bot.demo.server import Call
from bot.demo.state import Json

WEEKDAYS: Final = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
MONTHS: Final = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio",
                 "agosto", "septiembre", "octubre", "noviembre", "diciembre")  # fmt: skip

A_WHILE: Final = timedelta(minutes=4)
"""After so long the hour is said again."""

BEGINNING: Final = 60
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
    """What was `heard` and has to be shown; `zone` is the clock on the wall."""

    page: Page
    people: dict[int, Person]
    pictures: Pictures
    zone: ZoneInfo
    heard: deque[Call] = field(default_factory=deque)
    count: Count = field(default_factory=Count)
    _last_update: int = 0
    _day: date | None = None
    _chat: int | None = None
    _noted_at: datetime | None = None
    _flow: list[Text] = field(default_factory=list)
    _known: set[object] = field(default_factory=set)
    _texts: dict[tuple[int, int], str] = field(default_factory=dict)

    def show(self) -> None:
        """Print what was heard: not in the server's handler, which must not suffer from a terminal that is gone."""
        while self.heard:
            self._show(self.heard.popleft())

    def _show(self, call: Call) -> None:
        result = call.response.get("result")
        match call.method.lower():
            case "getupdates" if isinstance(result, list):
                for update in result:
                    self._fetched(update, call.at)
            case "sendmessage" | "sendphoto" | "senddocument" if isinstance(result, dict):
                self._sent(result, call)
            case "editmessagetext" | "editmessagereplymarkup" if isinstance(result, dict):
                self._edited(result, call.at)
            case "answercallbackquery" if call.params.text("text"):
                self._flow.append(Text(f"({call.params.text('text')})", QUIET))

    def finish(self) -> None:
        """Print the taps that wait for what they lead to."""
        if self._flow:
            self.page.flow(self._flow)
            self._flow = []

    def chapter(self, title: str, story: str) -> None:
        """Open a part of the story."""
        self.finish()
        self.page.divider(title, "bold")
        self.page.narrated(story)
        self._day = None

    # What people did

    def _fetched(self, update: Json, at: datetime) -> None:
        if update["update_id"] <= self._last_update:  # Telegram gives again what was not confirmed
            return
        self._last_update = update["update_id"]
        match update:
            case {"callback_query": {"from": {"id": chat}, "data": data, "message": message}}:
                self.count.tapped += 1
                self._note(chat, at)
                tapped = buttons([_label(message, data)]).replace(" ", "\u00a0")
                self._flow.append(Text.assemble(("▸\u00a0", self.people[chat].colour), tapped))
            case {"message": {"chat": {"id": chat}, "text": text}}:
                self.count.typed += 1
                self._note(chat, at)
                self.finish()
                self.page.said(text, self.people[chat].colour)

    # What the bot did

    def _sent(self, message: Json, call: Call) -> None:
        self.count.sent += 1
        chat, text, rows = message["chat"]["id"], _text(message), _keyboard(message)
        self._texts[chat, message["message_id"]] = text
        self._note(chat, call.at)
        self.finish()
        if text and self._is_news(text, rows):
            self.page.answered(self._styled(message), rows)
        elif text:
            self.page.answered(Text(_beginning(text)))
        for upload in (value for value in call.params.values() if isinstance(value, Upload)):
            self.page.answered(Text(f"▦ imagen: {self.pictures.keep(upload.data)}"))

    def _edited(self, message: Json, at: datetime) -> None:
        self.count.edited += 1
        chat, text, rows = message["chat"]["id"], _text(message), _keyboard(message)
        before = self._texts.get((chat, message["message_id"]))
        self._texts[chat, message["message_id"]] = text
        if text == before and not rows:
            self._lost_its_keyboard(chat, at)
            return
        self._note(chat, at)
        if self._is_news(text, rows):
            self.finish()
            self.page.answered(self._styled(message), scale_shortened(rows), edited=True)
        else:
            self._flow.append(Text.assemble(("↻\u00a0", BOT), (_gist(text), QUIET)))

    def _lost_its_keyboard(self, chat: int, at: datetime) -> None:
        """Say the first time that the buttons of an answered message are taken away."""
        said = "(al mensaje contestado se le quitan los botones)"
        if self._is_news(said, []):
            self._note(chat, at)
            self.finish()
            self.page.answered(Text(said, QUIET), edited=True)

    def _styled(self, message: Json) -> Text:
        """Draw what lies under a spoiler as covered; its offsets are UTF-16 units."""
        text = _text(message)
        spoiler = next((one for one in message.get("entities", []) if one["type"] == "spoiler"), None)
        if spoiler is None:
            return Text(text)
        raw, begin = text.encode("utf-16-le"), spoiler["offset"] * 2
        end = begin + spoiler["length"] * 2
        before, hidden, after = (part.decode("utf-16-le") for part in (raw[:begin], raw[begin:end], raw[end:]))
        return Text.assemble(before, self.page.covered(hidden), after)

    # What the reader knows already

    def _note(self, chat: int, at: datetime) -> None:
        """Say day, hour and whose chat this is, when any of them is news."""
        local = at.astimezone(self.zone)
        is_later = self._noted_at is None or at - self._noted_at >= A_WHILE
        if chat == self._chat and local.date() == self._day and not is_later:
            return
        self.finish()
        if local.date() != self._day:
            self.page.divider(day(local))
        self.page.note(f"{local:%H:%M}", self.people[chat].name, self.people[chat].colour)
        self._day, self._chat, self._noted_at = local.date(), chat, at

    def _is_news(self, text: str, rows: Keyboard) -> bool:
        """Say whether a message is shown for the first time; other numbers are news if they are of the alliance."""
        buttons_ = tuple(tuple(row) for row in rows)
        exact, shape = (text, buttons_), (_NUMBER.sub("0", text), buttons_)
        is_known = (exact if _ALLIANCE.search(text) else shape) in self._known
        self._known |= {exact, shape}
        return not is_known


def day(local: datetime) -> str:
    """Name a day as people do."""
    return f"{WEEKDAYS[local.weekday()]} {local.day} de {MONTHS[local.month - 1]}"


def _text(message: Json) -> str:
    return str(message.get("text") or message.get("caption") or "")


def _keyboard(message: Json) -> list[list[str]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [[str(button["text"]) for button in row] for row in rows]


def _label(message: Json, data: str) -> str:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return next((str(one["text"]) for row in rows for one in row if one.get("callback_data") == data), data)


def _beginning(text: str) -> str:
    """Return as much of the first line as fits; "…" stands for the rest."""
    first = text.partition("\n")[0]
    start = first if len(first) <= BEGINNING else first[:BEGINNING].rsplit(" ", maxsplit=1)[0]
    return start if start == text else f"{start.rstrip(' .,:')}…"


def _gist(text: str) -> str:
    """Return the shortest part of a message by which it is recognised, in one piece: "2 de 3…", "Anotado…"."""
    head, _, tail = text.partition("\n")[0].rpartition(" · ")
    short = tail if head else tail.partition(". ")[0]
    return f"{short.rstrip(' .')}…".replace(" ", "\u00a0")
