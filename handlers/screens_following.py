"""Concerns that are being followed up: the list of `/alertas`, and the note about a talk."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.domain.episodes import Episode, EpisodeState
from bot.domain.model import Concern, Voice
from bot.texts import Texts
from handlers.actions import Action, ConcernWords
from handlers.actions_alerts import BackToAlert, DropNote, NoNote, OpenFollowing, ReadNote
from handlers.actions_reports import OpenAlert
from handlers.covered import covered
from handlers.keyboards import encode
from handlers.parts import about, row
from handlers.screen import Button, Screen, cut

ON_A_PAGE: Final = 8
"""So many concerns, each with its line and its button, fit on a phone."""


def following(
    texts: Texts, voice: Voice, urgent: Sequence[Concern], live: Sequence[Episode], now: datetime, page: int = 0
) -> Screen:
    """List what is open, urgent words first; protected, for urgent words are shown in the same message."""
    said: list[tuple[str, Button]] = [_urgent(texts, voice, one, now) for one in urgent]
    times = Counter(one.code for one in live)
    said += [_episode(texts, voice, one, alone=times[one.code] == 1) for one in live]
    if not said:
        return Screen(texts.say(voice, "following-none"), protected=True)
    first = min(page, (len(said) - 1) // ON_A_PAGE) * ON_A_PAGE
    shown = said[first : first + ON_A_PAGE]
    turns: list[tuple[str, Action]] = [("button-before", OpenFollowing(page - 1))] if first else []
    if first + ON_A_PAGE < len(said):
        turns.append(("button-after", OpenFollowing(first // ON_A_PAGE + 1)))
    rows = [(button,) for _, button in shown]
    title = texts.say(voice, "following-title", count=len(said))
    return Screen(
        cut("\n".join([title, *(line for line, _ in shown)])),
        (*rows, row(texts, voice, *turns)) if turns else tuple(rows),
        protected=True,
    )


def _urgent(texts: Texts, voice: Voice, concern: Concern, now: datetime) -> tuple[str, Button]:
    when = texts.soon(voice, concern.opened_at, now)
    key = "following-urgent-seen" if concern.seen_at else "following-urgent"
    label = texts.say(voice, "button-see-urgent", code=concern.code)
    return texts.say(voice, key, code=concern.code, when=when), Button(label, encode(ConcernWords(concern.id)))


def _episode(texts: Texts, voice: Voice, episode: Episode, *, alone: bool) -> tuple[str, Button]:
    """Say what is open; its button names the kind where the code has more than one."""
    line = texts.say(
        voice,
        "following-line",
        code=episode.code,
        rule=episode.rule,
        state=episode.state,
        day=texts.short_day(voice, _since(episode)),
    )
    key = "button-see-code" if alone else "button-see-code-kind"
    return line, Button(texts.say(voice, key, code=episode.code, family=episode.family), encode(OpenAlert(episode.id)))


def _since(episode: Episode) -> datetime:
    """Return since when the state stands, as far as that was noted."""
    noted_at = {EpisodeState.SEEN: episode.acknowledged_at, EpisodeState.TALKED: episode.talked_at}
    return noted_at.get(episode.state) or episode.opened_at


def note_asked(texts: Texts, voice: Voice, episode: Episode) -> Screen:
    """Offer to note what was found and renegotiated."""
    text = cut(texts.say(voice, "episode-note-ask", code=episode.code))
    return Screen(text, (row(texts, voice, ("button-no-note", NoNote(episode.id))),))


def noted(texts: Texts, voice: Voice, episode: Episode) -> Screen:
    """Say that the note was kept, or that there is none."""
    if not episode.noted:
        return about(texts, voice, "episode-not-noted", episode.code)
    text = cut(texts.say(voice, "episode-noted", code=episode.code))
    return Screen(text, (row(texts, voice, ("button-drop-note", DropNote(episode.id))),))


def note(texts: Texts, voice: Voice, episode: Episode, text: str | None, page: int = 0) -> Screen:
    """Show the note, covered; one that was deleted meanwhile is said to be gone."""
    back: tuple[str, Action] = ("button-return", BackToAlert(episode.id))
    if text is None:
        gone = cut(texts.say(voice, "episode-not-noted", code=episode.code))
        return Screen(gone, (row(texts, voice, back),), protected=True)
    title = texts.say(voice, "episode-note-title", code=episode.code)
    more = ReadNote(episode.id, page + 1)
    drop: tuple[str, Action] = ("button-drop-note", DropNote(episode.id))
    return covered(texts, voice, title, text, page, more=more, below=(back, drop))
