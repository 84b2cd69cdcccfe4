"""A patient's sessions as a table that a phone can show: letters of one width, at most 32 in a line."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.alliance import Rule, mean
from bot.domain.episodes import Episode, EpisodeState
from bot.domain.histories import ON_A_PAGE, History, HistoryRow
from bot.domain.instrument import THREE_ITEMS
from bot.domain.marks import Mark, marked
from bot.domain.model import CheckInId, CheckInState, Patient, Voice
from bot.texts import Texts
from handlers.actions import Action, ReadWritten
from handlers.actions_reports import HistoryPage, OpenAlert, PickHistory
from handlers.keyboards import encode
from handlers.parts import row
from handlers.screen import Button, Screen, cut, in_rows, units
from handlers.screens_digest import RULE_WORDS

LINE_AT_MOST: Final = 32
"""Letters of one width that fit beside each other on a narrow phone."""

PATIENTS_AT_MOST: Final = 90
"""Telegram shows at most 100 buttons under a message; the code can be typed as well."""

_DAY: Final = 7
_SCORE: Final = 4
_ALLIANCE: Final = 9
_WIDTH: Final = 4
"""Buttons in a row, for short labels."""

_NONE: Final = "–"
_MARKS: Final[Mapping[Mark, str]] = {"drop": " ▼", "repaired": " △"}
_STATES: Final = {
    CheckInState.DECLINED: "declined",
    CheckInState.NO_SESSION: "no-session",
    CheckInState.STOPPED: "stopped",
    CheckInState.CLOSED: "unanswered",
    CheckInState.OPEN: "open-still",
}
_OPEN: Final = {
    EpisodeState.OPEN: "digest-unseen",
    EpisodeState.SEEN: "digest-untalked",
    EpisodeState.TALKED: "history-talked",
}


def history(texts: Texts, voice: Voice, view: History, number: int = 0) -> Screen:
    """Show one page of a patient's sessions, newest first, with what can be opened from there."""
    shown = view.page(number)
    if not shown:
        return Screen(cut(texts.say(voice, "history-none", code=view.code)), protected=True)
    marks = {one.check_in_id: one.mark for one in marked(view.course, view.episodes, view.rules)}
    title = f"{_title(texts, voice, view, number)}\n"
    table = "\n".join(_table(texts, voice, shown, marks))
    below = [texts.say(voice, "history-columns"), *_explained(texts, voice, shown, marks), *_open(texts, voice, view)]
    text = cut("\n".join([f"{title}{table}", *below]))
    return Screen(text, _rows(texts, voice, view, number), protected=True, fixed=(units(title), units(table)))


def pick(texts: Texts, voice: Voice, patients: Sequence[Patient]) -> Screen:
    """Ask whose history is to be shown."""
    if not patients:
        return Screen(texts.say(voice, "patients-none"))
    buttons = [Button(patient.code, encode(PickHistory(patient.id))) for patient in patients[:PATIENTS_AT_MOST]]
    return Screen(cut(texts.say(voice, "history-pick", code=patients[0].code)), in_rows(buttons, _WIDTH))


def _title(texts: Texts, voice: Voice, view: History, number: int) -> str:
    first = min(number, view.pages - 1) * ON_A_PAGE
    if view.pages == 1:
        return texts.say(voice, "history-title", code=view.code, count=len(view.rows))
    which = {"first": str(first + 1), "last": str(min(first + ON_A_PAGE, len(view.rows)))}
    return texts.say(voice, "history-title-page", code=view.code, count=len(view.rows), **which)


def _table(
    texts: Texts, voice: Voice, shown: Sequence[HistoryRow], marks: Mapping[CheckInId, Mark | None]
) -> list[str]:
    names = texts.say(voice, "history-headings").split(" ")
    head = "".join(name.rjust(_SCORE) for name in names[:-1]) + names[-1].rjust(_ALLIANCE)
    lines: list[str] = []
    year = None
    for one in shown:
        on = one.session_ends_at.astimezone(voice.zone).date()
        if on.year != year:
            lines.append(f"{on.year}" if lines else f"{on.year}".ljust(_DAY) + head)
            year = on.year
        day = texts.short_date(voice, on).ljust(_DAY)
        mark = marks.get(one.check_in_id)
        lines.append(cut(f"{day}{_cells(texts, voice, one)}{_MARKS[mark] if mark else ''}", LINE_AT_MOST))
    return lines


def _cells(texts: Texts, voice: Voice, one: HistoryRow) -> str:
    if not one.scores:
        state = _STATES.get(one.state, "not-arrived")
        return f" {texts.say(voice, f'history-{state}')}"
    scores = "".join(str(one.scores.get(item, _NONE)).rjust(_SCORE) for item in THREE_ITEMS)
    alliance = _NONE if one.alliance is None else texts.number(voice, mean(one.alliance))
    return f"{scores}{alliance.rjust(_ALLIANCE)}"


def _explained(
    texts: Texts, voice: Voice, shown: Sequence[HistoryRow], marks: Mapping[CheckInId, Mark | None]
) -> list[str]:
    """Explain the marks that occur, and no other."""
    found = {marks.get(one.check_in_id) for one in shown}
    said = [f"{sign.strip()} {texts.say(voice, f'chart-{mark}')}" for mark, sign in _MARKS.items() if mark in found]
    return [" · ".join(said)] if said else []


def _open(texts: Texts, voice: Voice, view: History) -> list[str]:
    found = [(_open_key(one), texts.say(voice, RULE_WORDS[one.rule])) for one in view.to_open]
    return [texts.say(voice, "history-open", what=texts.say(voice, key, what=what)) for key, what in found]


def _open_key(episode: Episode) -> str:
    """Say how an open episode stands; silence is not always an alert that could be seen."""
    state = episode.state
    return _OPEN[EpisodeState.SEEN if state is EpisodeState.OPEN and episode.rule is Rule.SILENCE else state]


def _rows(texts: Texts, voice: Voice, view: History, number: int) -> tuple[tuple[Button, ...], ...]:
    alerts = [(texts.say(voice, "button-see-code", code=one.code), OpenAlert(one.id)) for one in view.to_open]
    words = [
        Button(
            texts.say(voice, "button-read-of", day=texts.short_day(voice, one.session_ends_at)),
            encode(ReadWritten(one.check_in_id)),
        )
        for one in view.page(number)
        if one.has_words
    ]
    page = min(number, view.pages - 1)
    newer: list[tuple[str, Action]] = [("button-newer", HistoryPage(view.patient_id, page - 1))] if page else []
    older: list[tuple[str, Action]] = (
        [("button-older", HistoryPage(view.patient_id, page + 1))] if page + 1 < view.pages else []
    )
    turning = row(texts, voice, *newer, *older)
    opened = tuple(Button(label, encode(action)) for label, action in alerts)
    return tuple(line for line in (opened, *in_rows(words, 3), turning) if line)
