"""What a therapist sees of a fall and of a left message: discreet first, the rest on tap."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.domain.alliance import Entry, Finding, Outcome, Rule, mean
from bot.domain.episodes import FAMILIES, Episode, EpisodeState
from bot.domain.model import EpisodeId, Voice, Words, WordsId
from bot.domain.notices_alerts import AlertRaised, AlertWithdrawn
from bot.domain.views import AlertView, Written
from bot.texts import Texts
from handlers.actions import Action, ReadLeft, ReadWritten
from handlers.actions_alerts import (
    BackToAlert,
    FalseAlarm,
    ReadNote,
    ReadWords,
    RepairGuide,
    SaidRepaired,
    See,
    Seen,
    Talked,
)
from handlers.covered import covered
from handlers.parts import row
from handlers.screen import CAPTION_AT_MOST, Button, Screen, cut

_ENDS: Final = {
    EpisodeState.SEEN: "alert-seen",
    EpisodeState.TALKED: "alert-talked",
    EpisodeState.REPAIRED: "alert-repaired",
    EpisodeState.UNREPAIRED: "alert-unrepaired",
    EpisodeState.FALSE_ALARM: "alert-false-alarm",
    EpisodeState.WITHDRAWN: "alert-withdrawn",
}


def alert(texts: Texts, voice: Voice, raised: AlertRaised) -> Screen:
    """Push an alert: code and kind only, softer where a rule tells of less than a fall of the alliance.

    Protected, as every push whose message will show words: an edit cannot protect what was sent unprotected.
    """
    key = "alert-push-again" if raised.again else "alert-push"
    text = texts.say(voice, key, code=raised.code, rule=raised.rule)
    return Screen(cut(text), (row(texts, voice, ("button-see", See(raised.episode_id))),), protected=True)


def alert_withdrawn(texts: Texts, voice: Voice, withdrawn: AlertWithdrawn) -> Screen:
    """Tell that a correction undid what had been found."""
    text = texts.say(voice, "alert-withdrawn-push", code=withdrawn.code, family=FAMILIES[withdrawn.rule])
    return Screen(cut(text))


def alert_detail(texts: Texts, voice: Voice, view: AlertView, chart: bytes | None = None) -> Screen:
    """Show which rule found what, the arithmetic, and what to do first; fits under the chart as its caption."""
    finding = view.finding
    lines = [_title(texts, voice, view), *_WHY[finding.rule](texts, voice, view)]
    if finding.unanswered:
        lines.append(texts.say(voice, "alert-unanswered", count=finding.unanswered))
    first = texts.say(voice, "alert-ask" if finding.rule is Rule.SILENCE else "alert-repair")
    lines += ["", first, *_status(texts, voice, view)]
    return Screen(cut("\n".join(lines), CAPTION_AT_MOST), _detail_rows(texts, voice, view), photo=chart)


def _title(texts: Texts, voice: Voice, view: AlertView) -> str:
    rules, finding = view.rules, view.finding
    key, threshold = {
        Rule.ITEM_DROP: ("alert-title-item", float(rules.item_drop)),
        Rule.SLIDE: ("alert-title-slide", mean(rules.slide)),
        Rule.SILENCE: ("alert-title-silence", float(rules.silence)),
    }.get(finding.rule, ("alert-title", mean(rules.drop)))
    if finding.rule is Rule.SLIDE and finding.count > 1:
        key, threshold = "alert-title-falls", mean(rules.falls)
    if finding.rule is Rule.SILENCE and finding.count < rules.silence:
        key = "alert-title-silence-first"
    return texts.say(voice, key, code=view.episode.code, points=texts.brief_number(voice, threshold))


def _why_fallen(texts: Texts, voice: Voice, view: AlertView) -> list[str]:
    return [*_numbers(texts, voice, view.finding), *_moved(texts, voice, view.finding)]


def _why_sliding(texts: Texts, voice: Voice, view: AlertView) -> list[str]:
    lines = _numbers(texts, voice, view.finding)
    if view.finding.count == 1 and view.finding.level is not None:
        lines.append(texts.say(voice, "alert-baseline", level=texts.number(voice, mean(view.finding.level))))
    return [*lines, *_moved(texts, voice, view.finding)]


def _why_silent(texts: Texts, voice: Voice, view: AlertView) -> list[str]:
    finding = view.finding
    day = texts.short_day(voice, finding.current.session_at)
    lines = [texts.say(voice, "alert-silent", count=finding.count, day=day)]
    if finding.previous is not None:
        number = texts.number(voice, mean(finding.previous.alliance))
        day = texts.short_day(voice, finding.previous.session_at)
        lines.append(texts.say(voice, "alert-last-answer", day=day, mean=number, days=_days(voice, finding)))
    return lines


_WHY: Final = {
    Rule.DROP: _why_fallen,
    Rule.ITEM_DROP: _why_fallen,
    Rule.SLIDE: _why_sliding,
    Rule.SILENCE: _why_silent,
}


def _numbers(texts: Texts, voice: Voice, finding: Finding) -> list[str]:
    """Compare the two sessions; where only one question was answered there is no mean to compare."""
    previous, current = finding.previous, finding.current
    if previous is None:
        return []
    said: dict[str, str | int] = {
        "current_day": texts.short_day(voice, current.session_at),
        "previous_day": texts.short_day(voice, previous.session_at),
        "days": _days(voice, finding),
    }
    if current.outcome is not Outcome.ANSWERED:
        return [texts.say(voice, "alert-partly", **said)]
    said["current"] = texts.number(voice, mean(current.alliance))
    said["previous"] = texts.number(voice, mean(previous.alliance))
    return [texts.say(voice, "alert-numbers", **said)]


def _days(voice: Voice, finding: Finding) -> int:
    """Count the days between the two sessions on the therapist's calendar."""
    return (_local_date(voice, finding.current) - _local_date(voice, finding.previous or finding.current)).days


def _local_date(voice: Voice, entry: Entry) -> date:
    return entry.session_at.astimezone(voice.zone).date()


def _moved(texts: Texts, voice: Voice, finding: Finding) -> list[str]:
    item, previous, current = finding.most_moved, finding.previous, finding.current
    if previous is None or item not in previous.scores or item not in current.scores:
        return []
    before, after = str(previous.scores[item]), str(current.scores[item])
    return [texts.say(voice, "alert-most", item=texts.say(voice, f"item-{item}"), before=before, after=after)]


def _status(texts: Texts, voice: Voice, view: AlertView) -> list[str]:
    """Say what became of it, after an empty line; nothing while nobody has touched it."""
    key = _ENDS.get(view.episode.state)
    return ["", texts.say(voice, key, family=view.episode.family)] if key else []


def _detail_rows(texts: Texts, voice: Voice, view: AlertView) -> tuple[tuple[Button, ...], ...]:
    episode = view.episode
    words: list[tuple[str, Action]] = [("button-read-words", ReadWords(episode.id))] if view.has_words else []
    noted: list[tuple[str, Action]] = [("button-read-note", ReadNote(episode.id))] if episode.noted else []
    rows = [row(texts, voice, *words, ("button-guide", RepairGuide(episode.id)), *noted)]
    if episode.live:
        rows.append(row(texts, voice, *_next(episode)))
    return tuple(rows)


def _next(episode: Episode) -> list[tuple[str, Action]]:
    """Return what the therapist can say next."""
    wrong: tuple[str, Action] = ("button-false-alarm", FalseAlarm(episode.id))
    if episode.state is EpisodeState.TALKED:
        back: tuple[str, Action] = ("button-repaired", SaidRepaired(episode.id))
        return [wrong] if episode.level_before is None else [back, wrong]
    seen: list[tuple[str, Action]] = [("button-seen", Seen(episode.id))] if episode.state is EpisodeState.OPEN else []
    return [("button-talked", Talked(episode.id)), wrong, *seen]


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
