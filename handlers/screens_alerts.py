"""What a therapist sees of a fall and of a left message: discreet first, the rest on tap."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.domain.alliance import Drop, mean
from bot.domain.model import EpisodeId, EpisodeState, Points, Rating, Voice, Words, WordsId
from bot.domain.views import AlertView, Written
from bot.texts import Texts
from handlers.actions import (
    Action,
    BackToAlert,
    FalseAlarm,
    ReadLeft,
    ReadWords,
    ReadWritten,
    RepairGuide,
    See,
    Seen,
    Talked,
)
from handlers.covered import covered
from handlers.parts import row
from handlers.screen import CAPTION_AT_MOST, Button, Screen, cut

_STATES: Final = {
    EpisodeState.TALKED: "alert-talked",
    EpisodeState.REPAIRED: "alert-repaired",
    EpisodeState.FALSE_ALARM: "alert-false-alarm",
    EpisodeState.WITHDRAWN: "alert-withdrawn",
}


def alert(texts: Texts, voice: Voice, code: str, episode: EpisodeId, *, again: bool = False) -> Screen:
    """Push an alert: code and kind only.

    Protected, as every push whose message will show words: an edit cannot protect what was sent unprotected.
    """
    text = texts.say(voice, "alert-push-again" if again else "alert-push", code=code)
    return Screen(cut(text), (row(texts, voice, ("button-see", See(episode))),), protected=True)


def alert_withdrawn(texts: Texts, voice: Voice, code: str) -> Screen:
    """Tell that a correction undid the fall."""
    return Screen(cut(texts.say(voice, "alert-withdrawn-push", code=code)))


def alert_detail(texts: Texts, voice: Voice, view: AlertView, chart: bytes | None = None) -> Screen:
    """Show the arithmetic and what to do first; fits under the chart as its caption."""
    drop = Drop(view.previous, view.current, Points(view.previous.alliance - view.current.alliance))
    lines = [_title(texts, voice, view), _numbers(texts, voice, drop)]
    if view.unanswered_between:
        lines.append(texts.say(voice, "alert-unanswered", count=view.unanswered_between))
    lines += [_most_moved(texts, voice, drop), texts.say(voice, "alert-repair"), *_status(texts, voice, view)]
    return Screen(cut("\n".join(lines), CAPTION_AT_MOST), _detail_rows(texts, voice, view), photo=chart)


def _title(texts: Texts, voice: Voice, view: AlertView) -> str:
    points = texts.brief_number(voice, mean(view.threshold))
    return texts.say(voice, "alert-title", code=view.episode.code, points=points)


def _numbers(texts: Texts, voice: Voice, drop: Drop) -> str:
    return texts.say(
        voice,
        "alert-numbers",
        current_day=texts.short_day(voice, drop.current.session_at),
        current=texts.number(voice, mean(drop.current.alliance)),
        previous_day=texts.short_day(voice, drop.previous.session_at),
        previous=texts.number(voice, mean(drop.previous.alliance)),
        days=(_local_date(voice, drop.current) - _local_date(voice, drop.previous)).days,
    )


def _local_date(voice: Voice, rating: Rating) -> date:
    return rating.session_at.astimezone(voice.zone).date()


def _most_moved(texts: Texts, voice: Voice, drop: Drop) -> str:
    item = drop.most_moved
    before, after = str(drop.previous.scores[item]), str(drop.current.scores[item])
    return texts.say(voice, "alert-most", item=texts.say(voice, f"item-{item}"), before=before, after=after)


def _status(texts: Texts, voice: Voice, view: AlertView) -> list[str]:
    """Say what became of it, after an empty line; nothing while nobody has touched it."""
    key = _STATES.get(view.episode.state)
    if key is None and view.episode.acknowledged_at is not None:
        key = "alert-seen"
    return ["", texts.say(voice, key)] if key else []


def _detail_rows(texts: Texts, voice: Voice, view: AlertView) -> tuple[tuple[Button, ...], ...]:
    episode = view.episode
    words: list[tuple[str, Action]] = [("button-read-words", ReadWords(episode.id))] if view.has_words else []
    rows = [row(texts, voice, *words, ("button-guide", RepairGuide(episode.id)))]
    if episode.state is EpisodeState.OPEN:
        seen: list[tuple[str, Action]] = [] if episode.acknowledged_at else [("button-seen", Seen(episode.id))]
        talked = ("button-talked", Talked(episode.id))
        rows.append(row(texts, voice, talked, ("button-false-alarm", FalseAlarm(episode.id)), *seen))
    return tuple(rows)


def repair_guide(texts: Texts, voice: Voice, code: str, episode: EpisodeId) -> Screen:
    """Show the repair card: the same for everybody, in the order of the text it comes from."""
    text = f"{texts.say(voice, 'repair-guide-title', code=code)}\n\n{texts.say(voice, 'repair-guide')}"
    return Screen(cut(text), (row(texts, voice, ("button-return", BackToAlert(episode))),))


def alert_words(texts: Texts, voice: Voice, episode: EpisodeId, words: Sequence[Words], page: int = 0) -> Screen:
    """Show what the patient wrote about the session of an alert, covered; `words` must not be empty."""
    back = ("button-return", BackToAlert(episode))
    return _covered(texts, voice, words, page, more=ReadWords(episode, page + 1), below=(back,))


def alert_without_words(texts: Texts, voice: Voice, code: str, episode: EpisodeId) -> Screen:
    """Say that there are no words about that session."""
    text = cut(texts.say(voice, "words-none", code=code))
    return Screen(text, (row(texts, voice, ("button-return", BackToAlert(episode))),))


def words_left(texts: Texts, voice: Voice, code: str, words_id: WordsId) -> Screen:
    """Push that a patient left a message."""
    text = cut(texts.say(voice, "words-left", code=code))
    return Screen(text, (row(texts, voice, ("button-read", ReadLeft(words_id))),), protected=True)


def left_words(texts: Texts, voice: Voice, words: Words, page: int = 0) -> Screen:
    """Show a left message, covered."""
    return _covered(texts, voice, [words], page, more=ReadLeft(words.id, page + 1), below=())


def written_hidden(texts: Texts, voice: Voice, view: Written) -> Screen:
    """Say that there are words about a session, to be opened in place."""
    text = cut(texts.say(voice, "words-hidden", code=view.code, day=texts.short_day(voice, view.session_ends_at)))
    return Screen(text, (row(texts, voice, ("button-read", ReadWritten(view.check_in_id, 1))),), protected=True)


def written(texts: Texts, voice: Voice, view: Written, words: Sequence[Words], page: int = 1) -> Screen:
    """Show what the patient wrote about a session of the digest, covered; pages are counted from 1."""
    if not words:
        return Screen(cut(texts.say(voice, "words-none", code=view.code)), protected=True)
    return _covered(texts, voice, words, page - 1, more=ReadWritten(view.check_in_id, page + 1), below=())


def _covered(
    texts: Texts, voice: Voice, words: Sequence[Words], page: int, *, more: Action, below: Sequence[tuple[str, Action]]
) -> Screen:
    title = texts.say(voice, "words-title", code=words[0].code, day=texts.short_day(voice, words[0].written_at))
    text = "\n\n".join(f"{texts.say(voice, f'words-kind-{one.kind}')}\n{one.text}" for one in words)
    return covered(texts, voice, title, text, page, more=more, below=below)
