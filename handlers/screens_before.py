"""What a therapist sees before a session: a discreet line first; on tap, what there is to know."""

from datetime import datetime

from bot.domain.alliance import mean
from bot.domain.carried import TakenUp
from bot.domain.episodes import UNTALKED
from bot.domain.model import Voice
from bot.domain.notices_records import SessionAhead
from bot.domain.records import Record
from bot.services.preparing import Before
from bot.texts import Texts
from handlers.actions import Action, ReadWritten
from handlers.actions_records import SeeBefore
from handlers.actions_reports import OpenAlert
from handlers.parts import arrow, row
from handlers.screen import Screen, cut
from handlers.screens_records import followed


def ahead(texts: Texts, voice: Voice, notice: SessionAhead) -> Screen:
    """Push code and hour alone.  Protected, because an edit shows more in this message."""
    moment = texts.moment(voice, notice.starts_at)
    text = texts.say(voice, "session-ahead", code=notice.code, time=moment["time"], hour=moment["hour"])
    return Screen(cut(text), (row(texts, voice, ("button-see", SeeBefore(notice.session_id))),), protected=True)


def detail(texts: Texts, voice: Voice, before: Before, now: datetime) -> Screen:
    """Say what there is to know, what presses first; the patient's words stay on tap."""
    session = before.session
    when = texts.soon(voice, session.starts_at, now)
    known = [texts.say(voice, "before-urgent")] if before.urgent else []
    known += [*_episode(texts, voice, before), *_alliance(texts, voice, before), *_pending(texts, voice, before)]
    known += [*_text(texts, voice, "before-agreement", before.agreement)]
    known += [*_text(texts, voice, "before-marker", before.marker)]
    title = texts.say(voice, "before-title", code=session.code, when=when)
    lines = [title, *(known or [texts.say(voice, "before-nothing")]), "", texts.say(voice, "before-breathe")]
    read: list[tuple[str, Action]] = (
        [("button-read-words", ReadWritten(before.with_words))] if before.with_words else []
    )
    alert: list[tuple[str, Action]] = [("button-alert", OpenAlert(before.episode.id))] if before.episode else []
    first = row(texts, voice, *alert, *read)
    buttons = row(texts, voice, *followed(session.patient_id))
    return Screen(cut("\n".join(lines)), (first, buttons) if first else (buttons,), protected=True)


def _episode(texts: Texts, voice: Voice, before: Before) -> list[str]:
    if before.episode is None:
        return []
    episode = before.episode
    key = "before-episode" if episode.state in UNTALKED else "before-episode-talked"
    return [texts.say(voice, key, family=episode.family, day=texts.short_day(voice, episode.opened_at))]


def _alliance(texts: Texts, voice: Voice, before: Before) -> list[str]:
    if before.last is None:
        return []
    value = texts.number(voice, mean(before.last.alliance))
    change = arrow(before.previous.alliance if before.previous else None, before.last.alliance)
    day = texts.short_day(voice, before.last.session_at)
    return [texts.say(voice, "before-alliance", mean=value, arrow=change, day=day)]


def _pending(texts: Texts, voice: Voice, before: Before) -> list[str]:
    said = []
    if before.pending is not None:
        said.append(texts.say(voice, "before-pending", score=str(before.pending)))
    if before.taken_up not in (None, TakenUp.ASKED):
        said.append(texts.say(voice, f"before-taken-up-{before.taken_up}"))
    return said


def _text(texts: Texts, voice: Voice, key: str, record: Record | None) -> list[str]:
    if record is None:
        return []
    return [f"{texts.say(voice, key, day=texts.short_day(voice, record.recorded_at))} {record.text}"]
