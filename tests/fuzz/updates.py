"""Updates as Telegram writes them, and the same with something wrong in them."""

import copy
from collections.abc import Sequence
from datetime import date, time
from typing import Any

from hypothesis import strategies as st

from bot.domain.model import HIGHEST, Article, Language, Step
from handlers import actions, keyboards

Json = dict[str, Any]

NOW = 1_794_000_000
BOT = {"id": 1000000001, "is_bot": True, "first_name": "Microchequeo", "username": "microchequeo_demo_bot"}
GROUP = -1001

COMMANDS = (
    *("/start", "/start x", "/nuevo", "/nuevo P-99", "/pacientes", "/sesion", "/sesion P-01", "/sesion P-01 ahora"),
    *("/sesion P-01 mañana 17:00 50m", "/resumen", "/pausa", "/reanudar", "/ajustes", "/ayuda", "/help", "/nada"),
    *("/start@microchequeo_demo_bot", "/sesion P-01 30/2 25:61 9h", "/"),
)
TYPED = (
    "7",
    "007",
    "7/10",
    "siete",
    "11",
    "-1",
    "7,5",
    "٧",
    "7-8",
    "x" * 4096,
    "🌱" * 2048,
    "quiero morirme",
    ".",
    "\u202e7",
)
LETTERS = st.characters(exclude_categories=["Cs"])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from((0, -1, 1, 2**31, 2**53, 2**63, -(2**63) - 1, 10**30, 1.5, "", "0", "\ud800", "\x00", "a" * 5000)),
    st.text(LETTERS, max_size=20),
)
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.sampled_from(("id", "type", "text")), SCALARS)


def private(user_id: int) -> Json:
    """Render a private chat."""
    return {"id": user_id, "type": "private", "first_name": "Ana"}


def user(user_id: int) -> Json:
    """Render a person."""
    return {"id": user_id, "is_bot": False, "first_name": "Ana", "language_code": "es"}


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Draw what a person may type."""
    return draw(st.sampled_from(COMMANDS) | st.sampled_from(TYPED) | st.text(LETTERS, min_size=1, max_size=200))


@st.composite
def messages(draw: st.DrawFn, people: Sequence[int], numbers: "Numbers") -> Json:
    """Draw a person's message: mostly text, sometimes something else."""
    sender = draw(st.sampled_from(people))
    chat = private(sender) if draw(st.integers(0, 9)) else {"id": GROUP, "type": "supergroup", "title": "Familia"}
    message: Json = {"message_id": numbers.next(), "date": NOW, "chat": chat, "from": user(sender)}
    match draw(st.integers(0, 7)):
        case 0:
            return message | {"photo": [_file() | {"width": 9, "height": 9}], "caption": draw(texts())}
        case 1:
            return message | {"voice": _file() | {"duration": 3}}
        case 2:
            return message | {"sticker": _file() | {"width": 9, "height": 9, "type": "regular"} | _STILL}
        case 3:
            return message | {"pinned_message": message}
        case _:
            return message | written(draw(texts()))


_STILL = {"is_animated": False, "is_video": False}


def _file() -> Json:
    return {"file_id": "f", "file_unique_id": "u", "file_size": 1}


def written(text: str) -> Json:
    """Render a text, with the entity of a command."""
    if not text.startswith("/") or len(text) == 1:
        return {"text": text}
    length = len(text.split(maxsplit=1)[0])
    return {"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": length}]}


class Numbers:
    """Message and callback ids that were never used before."""

    def __init__(self) -> None:
        self._last = 5_000_000

    def next(self) -> int:
        """Return the next one."""
        self._last += 1
        return self._last


ROW = st.integers(0, 12)
STEPS = st.sampled_from(Step)
DAYS = st.dates(date(2000, 1, 1), date(2199, 12, 31))
ACTIONS: st.SearchStrategy[Any] = st.one_of(
    st.builds(actions.ScoreTap, ROW, STEPS, st.integers(0, HIGHEST)),
    st.builds(actions.Back, ROW, STEPS),
    st.builds(actions.Later, ROW, STEPS),
    st.builds(actions.Done, ROW, STEPS),
    *(
        st.builds(kind, ROW)
        for kind in (
            *(actions.NotThisTime, actions.NoSession, actions.AnswerNow, actions.Correct, actions.See),
            *(actions.RepairGuide, actions.Talked, actions.FalseAlarm, actions.Seen, actions.BackToAlert),
            *(actions.ReadWords, actions.ConcernSeen, actions.ConcernWords, actions.ReadLeft),
            *(actions.UndoSession, actions.PickPatient),
        )
    ),
    st.builds(actions.ConsentTap, ROW, st.booleans()),
    st.builds(actions.EnrolTap, ROW, st.sampled_from(Article)),
    st.builds(actions.NoSessionConfirm, ROW, st.booleans()),
    st.builds(actions.KeepMessage, st.booleans(), ROW),
    st.builds(actions.PickWhen, ROW, st.sampled_from(actions.When)),
    st.builds(actions.PickDay, ROW, DAYS),
    st.builds(actions.PickHour, ROW, DAYS, st.builds(time, st.integers(0, 23), st.integers(0, 59))),
    st.builds(actions.SetLanguage, st.sampled_from(Language)),
)
TAPPED = ACTIONS.map(keyboards.encode)
FORGED = st.one_of(
    st.text(LETTERS, max_size=64),
    TAPPED.map(lambda data: data + ":1"),
    TAPPED.map(lambda data: data.replace(":", "::")),
    st.sampled_from(("s:1:u:11", "s:1:u:-1", "s:1:u:007", "s:1:u:٧", "s:99999999999999999999:u:1", "", ":", "s")),
)


@st.composite
def taps(draw: st.DrawFn, people: Sequence[int], numbers: Numbers, data: st.SearchStrategy[str]) -> Json:
    """Draw a tap, on a message that Telegram still shows or on one that is too old."""
    person = draw(st.sampled_from(people))
    message: Json = {"message_id": draw(st.integers(1, 60)), "date": NOW, "chat": private(person)}
    if draw(st.booleans()):
        message |= {"from": BOT, "text": "¿?"}
    else:
        message["date"] = 0
    return {
        "id": str(numbers.next()),
        "from": user(person),
        "chat_instance": "1",
        "message": message,
        "data": draw(data),
    }


@st.composite
def memberships(draw: st.DrawFn, people: Sequence[int]) -> Json:
    """Draw a change of the bot's own standing."""
    person = draw(st.sampled_from(people))
    chat = private(person) if draw(st.booleans()) else {"id": GROUP, "type": "supergroup", "title": "Familia"}
    standings: tuple[Json, ...] = ({"status": "member"}, {"status": "left"}, {"status": "kicked", "until_date": 0})
    before, after = draw(st.sampled_from(standings)), draw(st.sampled_from(standings))
    change = {"old_chat_member": before | {"user": BOT}, "new_chat_member": after | {"user": BOT}}
    return {"chat": chat, "from": user(person), "date": NOW} | change


@st.composite
def edits(draw: st.DrawFn, people: Sequence[int], numbers: Numbers) -> Json:
    """Draw an edited message."""
    return draw(messages(people, numbers)) | {"edit_date": NOW + draw(st.integers(0, 9))}


def real(people: Sequence[int], numbers: Numbers, data: st.SearchStrategy[str] = TAPPED) -> st.SearchStrategy[Json]:
    """Return updates of the right shape."""
    return st.one_of(
        messages(people, numbers).map(lambda message: {"message": message}),
        edits(people, numbers).map(lambda message: {"edited_message": message}),
        taps(people, numbers, data | FORGED).map(lambda query: {"callback_query": query}),
        memberships(people).map(lambda change: {"my_chat_member": change}),
    )


@st.composite
def mutated(draw: st.DrawFn, updates: st.SearchStrategy[Json]) -> Json:
    """Draw an update and spoil it in up to three places: something missing, of another kind, or far too large."""
    update = copy.deepcopy(draw(updates))  # parts of it are shared
    for _ in range(draw(st.integers(1, 3))):
        places = [place for place in _places(update) if place[1:]]
        if places:
            *path, last = draw(st.sampled_from(places))
            inside = _at(update, path)
            if draw(st.booleans()):
                inside[last] = draw(VALUES)
            elif isinstance(inside, dict):
                del inside[last]
    return update


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, held in inner for place in ((*path, key), *_places(held, (*path, key)))]


def _at(value: Any, path: Sequence[Any]) -> Any:
    for key in path:
        value = value[key]
    return value
