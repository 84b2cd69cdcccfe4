"""The therapist's week in words: what needs a first look, what was repaired, then everybody; nobody is ranked."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from bot.domain.alliance import Rule, mean
from bot.domain.carried import TakenUp
from bot.domain.episodes import Episode, EpisodeState, Family
from bot.domain.model import CheckInLine, CheckInState, Voice
from bot.domain.weeks import DigestView, Noted
from bot.services.charts import ChartLabels
from bot.texts import Texts, shortened
from handlers.actions import ReadWritten
from handlers.actions_guesses import OpenGuess, ShownIn
from handlers.actions_reports import OpenAlert, OpenHistory
from handlers.keyboards import encode
from handlers.parts import arrow, listed, row
from handlers.screen import Button, Screen, in_rows, pages
from handlers.screens_guesses import gap, open_button

FEW: Final = 3
"""So many entries fit on one line of a phone."""

READABLE: Final = 8
"""So many check-ins with words get a button; the others are read in `/historial`."""

OPENABLE: Final = 6
"""So many alerts get a button; the others stand in `/alertas`."""

READ_IN_A_ROW: Final = 2
OPEN_IN_A_ROW: Final = 3

AGREEMENT_AT_MOST: Final = 120
"""Characters of an agreement: two or three lines of a phone; whole it stands in `/acuerdo`."""

_STATES: Final = {
    CheckInState.DECLINED: "declined",
    CheckInState.NO_SESSION: "no-session",
    CheckInState.STOPPED: "stopped",
    CheckInState.CLOSED: "unanswered",
    CheckInState.OPEN: "open",
}
"""What became of a check-in that was not answered; any other state has no line."""

RULE_WORDS: Final = {
    Rule.DROP: "digest-what-drop",
    Rule.ITEM_DROP: "digest-what-item-drop",
    Rule.SLIDE: "digest-what-slide",
    Rule.SILENCE: "digest-what-silence",
}
"""What a rule found, in a word or two."""


def digest(texts: Texts, voice: Voice, view: DigestView) -> list[Screen]:
    """Show a week, attention first, in as many messages as it takes; an empty one says so."""
    first = [*_looks(texts, voice, view), *_afterwards(texts, voice, view)]
    last = [*_never_asked(texts, voice, view), *_measured(texts, voice, view), *_invited(texts, voice, view)]
    if not view.sessions and not view.lines:
        lines = [texts.say(voice, "digest-empty", week=_week(texts, voice, view)), *first, *last]
    else:
        calm = [] if _attention(texts, voice, view) else [texts.say(voice, "digest-nothing")]
        everybody = ["", *_lines(texts, voice, view), _counts(texts, voice, view)]
        lines = [_header(texts, voice, view), *calm, *first, *everybody, *_guesses(texts, voice, view), *last]
    *before, end = pages("\n".join(lines))
    return [*(Screen(text) for text in before), Screen(end, _rows(texts, voice, view))]


def _week(texts: Texts, voice: Voice, view: DigestView) -> str:
    return texts.week(voice, view.first_on, view.last_on)


def _header(texts: Texts, voice: Voice, view: DigestView) -> str:
    counts = {"patients": view.patients, "sessions": view.sessions, "answers": len(view.answered)}
    return texts.say(voice, "digest-header", week=_week(texts, voice, view), **counts)


# What needs a first look


def _attention(texts: Texts, voice: Voice, view: DigestView) -> list[str]:
    """Name who needs a first look and why, each patient once, the most pressing first."""
    urgent = [
        (one.code, texts.say(voice, "digest-urgent-seen" if one.seen_at else "digest-urgent")) for one in view.urgent
    ]
    open_ = [
        (one.code, texts.say(voice, key, what=texts.say(voice, RULE_WORDS[one.rule])))
        for key, episodes in (
            ("digest-unseen", view.unseen),
            ("digest-untalked", view.untalked),
            ("digest-unrepaired", view.standing(EpisodeState.UNREPAIRED)),
        )
        for one in episodes
    ]
    silent = [(one.code, texts.say(voice, "digest-silent", count=one.finding.count)) for one in view.silent]
    pending = [(one.code, _pending(texts, voice, view, one)) for one in view.of(Rule.PENDING)]
    low = [(one.code, _low(texts, voice, one)) for one in view.of(Rule.LOW_START)]
    reasons: dict[str, list[str]] = {}
    for code, reason in [*urgent, *open_, *silent, *pending, *low]:
        if reason not in reasons.setdefault(code, []):
            reasons[code].append(reason)
    return [texts.say(voice, "digest-look", code=code, reasons="; ".join(said)) for code, said in reasons.items()]


def _pending(texts: Texts, voice: Voice, view: DigestView, noted: Noted) -> str:
    """Say what was left unfinished, and when: a week may hold several sessions."""
    (item,) = noted.finding.items
    score, day = noted.finding.current.scores.get(item), texts.short_day(voice, noted.finding.current.session_at)
    if score is None or score < view.rules.pending:
        return texts.say(voice, "digest-pending-words", day=day)
    return texts.say(voice, "digest-pending", score=str(score), day=day)


def _low(texts: Texts, voice: Voice, noted: Noted) -> str:
    return texts.say(voice, "digest-low-start", mean=texts.number(voice, mean(noted.finding.current.alliance)))


def _looks(texts: Texts, voice: Voice, view: DigestView) -> list[str]:
    attention = _attention(texts, voice, view)
    return [_listed(texts.say(voice, "digest-attention"), attention)] if attention else []


def _listed(title: str, entries: Sequence[str], few: int = FEW) -> str:
    """Put a few entries on the line of their title, more on lines of their own."""
    return f"{title} {', '.join(entries)}" if len(entries) <= few else "\n· ".join([title, *entries])


# What was talked about, what came back, what is too smooth


def _afterwards(texts: Texts, voice: Voice, view: DigestView) -> list[str]:
    talked = _once(one.code for one in view.standing(EpisodeState.TALKED))
    said = [_listed(texts.say(voice, "digest-talked"), talked)] if talked else []
    return [
        *said,
        *_repaired(texts, voice, view),
        *_agreements(texts, voice, view),
        *_ceiling(texts, voice, view),
    ]


def _repaired(texts: Texts, voice: Voice, view: DigestView) -> list[str]:
    repaired = view.standing(EpisodeState.REPAIRED)
    back = _once(_back(texts, voice, view, one) for one in repaired if one.family is not Family.SILENCE)
    answering = _once(one.code for one in repaired if one.family is Family.SILENCE)
    lines = [_listed(texts.say(voice, "digest-repaired", count=len(back)), back)] if back else []
    return [*lines, *([_listed(texts.say(voice, "digest-answering"), answering)] if answering else [])]


def _back(texts: Texts, voice: Voice, view: DigestView, episode: Episode) -> str:
    """Say where a repaired alliance is now; one that was called repaired may not be back."""
    last = view.last_alliance(episode.code)
    if last is None or episode.level_before is None or last < episode.level_before - view.rules.repair_margin:
        return episode.code
    return texts.say(voice, "digest-back-to", code=episode.code, mean=texts.number(voice, mean(last)))


def _agreements(texts: Texts, voice: Voice, view: DigestView) -> list[str]:
    """Remind of what stands agreed with those of this week, each in one line."""
    said = [
        texts.say(
            voice,
            "digest-agreement",
            code=one.code,
            text=shortened(one.text or "", AGREEMENT_AT_MOST),
            day=texts.short_day(voice, one.recorded_at),
        )
        for one in view.agreements
    ]
    return [_listed(texts.say(voice, "digest-agreements"), said, few=1)] if said else []


def _ceiling(texts: Texts, voice: Voice, view: DigestView) -> list[str]:
    codes = _once(one.code for one in view.of(Rule.CEILING))
    return [texts.say(voice, "digest-ceiling", codes=listed(texts, voice, codes))] if codes else []


# Everybody


def _lines(texts: Texts, voice: Voice, view: DigestView) -> list[str]:
    """Give each check-in of the week one line, patients in the order of their codes."""
    ordered = sorted(view.lines, key=lambda line: (line.code, line.session_ends_at))
    said = [_line(texts, voice, view, line) for line in ordered]
    return [*[line for line in said if line], ""] if any(said) else []


def _line(texts: Texts, voice: Voice, view: DigestView, line: CheckInLine) -> str | None:
    values = {"code": line.code, "day": texts.short_day(voice, line.session_ends_at)}
    if line.id in view.to_guess:
        said = texts.say(voice, "digest-line-to-guess", **values)
    elif line.alliance is not None:
        values["mean"] = texts.number(voice, mean(line.alliance))
        values["arrow"] = arrow(view.alliance_before(line), line.alliance)
        said = texts.say(voice, "digest-line", **values)
    elif line.state in _STATES:
        said = texts.say(voice, f"digest-line-{_STATES[line.state]}", **values)
    else:
        return None
    marks = [f"digest-taken-up-{line.taken_up}"] if line.taken_up not in (None, TakenUp.ASKED) else []
    marks += ["digest-with-words"] if line.has_words else []
    return " · ".join([said, *(texts.say(voice, key) for key in marks)])


def _guesses(texts: Texts, voice: Voice, view: DigestView) -> list[str]:
    """Say how the therapist's guesses differ from the scores of those with a session this week, by code."""
    codes = [code for code in sorted(_once(line.code for line in view.lines)) if code in view.gaps]
    said = [texts.say(voice, "digest-gap", code=code, gap=gap(texts, voice, view.gaps[code])) for code in codes]
    return [_listed(texts.say(voice, "digest-gaps"), said)] if said else []


def _counts(texts: Texts, voice: Voice, view: DigestView) -> str:
    def count(state: CheckInState) -> str:
        return str(sum(line.state is state and line.alliance is None for line in view.lines))

    answered = str(len(view.answered))
    declined, unanswered = count(CheckInState.DECLINED), count(CheckInState.CLOSED)
    return texts.say(voice, "digest-counts", answered=answered, declined=declined, unanswered=unanswered)


def _never_asked(texts: Texts, voice: Voice, view: DigestView) -> list[str]:
    """Say what did not leave in time or could not arrive: it is no patient's silence."""
    counted = {"digest-late": view.late, "digest-unreachable": view.unreachable}
    return [texts.say(voice, key, count=count) for key, count in counted.items() if count]


def _measured(texts: Texts, voice: Voice, view: DigestView) -> list[str]:
    """Say how often each rule was right, in the order of the rules."""
    return [
        texts.say(
            voice,
            "digest-precision",
            what=texts.say(voice, RULE_WORDS[rule]),
            closed=view.measured[rule].closed,
            wrong=view.measured[rule].false_alarms,
        )
        for rule in RULE_WORDS
        if rule in view.measured
    ]


def _invited(texts: Texts, voice: Voice, view: DigestView) -> list[str]:
    return [texts.say(voice, "digest-invited", count=view.invited)] if view.invited else []


# What to do next


def _rows(texts: Texts, voice: Voice, view: DigestView) -> tuple[tuple[Button, ...], ...]:
    """Offer the next step: alerts that wait and what patients wrote, each in a message of its own, and histories."""
    newest = {episode.code: episode for episode in reversed(view.to_open)}
    alerts = [
        Button(texts.say(voice, "button-see-code", code=episode.code), encode(OpenAlert(episode.id)))
        for episode in list(reversed(newest.values()))[:OPENABLE]
    ]
    words = [
        Button(
            texts.say(voice, "button-read-written", code=line.code, day=texts.short_day(voice, line.session_ends_at)),
            encode(ReadWritten(line.id)),
        )
        for line in view.written[:READABLE]
    ]
    guesses = [
        open_button(
            texts, voice, line.code, texts.short_day(voice, line.session_ends_at), OpenGuess(guess, ShownIn.LINE, guess)
        )
        for line in view.lines
        if (guess := view.to_guess.get(line.id)) is not None
    ][:READABLE]
    history = (row(texts, voice, ("button-history", OpenHistory())),) if view.history else ()
    return (
        *in_rows(alerts, OPEN_IN_A_ROW),
        *in_rows(guesses, READ_IN_A_ROW),
        *in_rows(words, READ_IN_A_ROW),
        *history,
    )


def _once(codes: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(codes))


def chart_labels(texts: Texts, voice: Voice) -> ChartLabels:
    """Return the words of the charts in the therapist's language."""

    def day(on: date) -> str:
        return texts.short_date(voice, on)

    said = {key: texts.say(voice, f"chart-{key}") for key in ("drop", "repaired", "unanswered", "zone", "empty")}
    return ChartLabels(**said, day=day, number=lambda value: texts.number(voice, value))
