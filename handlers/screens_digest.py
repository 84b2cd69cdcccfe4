"""The therapist's week in words: what needs a first look, what was repaired, then everybody; nobody is ranked."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from bot.domain.alliance import mean
from bot.domain.carried import TakenUp
from bot.domain.model import CheckInLine, CheckInState, Points, Voice
from bot.domain.views import DigestView
from bot.services.charts import ChartLabels
from bot.texts import Texts
from handlers.actions import ReadWritten
from handlers.actions_guesses import OpenGuess, ShownIn
from handlers.keyboards import encode
from handlers.screen import Button, Screen, cut, in_rows
from handlers.screens_guesses import gap, open_button

FEW: Final = 3
"""So many entries fit on one line of a phone."""

READABLE: Final = 8
"""So many check-ins with words get a button; the others are read on their alerts."""

READ_IN_A_ROW: Final = 2

_STATES: Final = {
    CheckInState.DECLINED: "declined",
    CheckInState.NO_SESSION: "no-session",
    CheckInState.STOPPED: "stopped",
    CheckInState.CLOSED: "unanswered",
    CheckInState.OPEN: "open",
}
"""What became of a check-in that was not answered; any other state has no line."""


def digest(texts: Texts, voice: Voice, view: DigestView) -> Screen:
    """Show a week, attention first; an empty one says so."""
    attention = _attention(texts, voice, view)
    if not view.sessions and not view.lines:
        empty = texts.say(voice, "digest-empty", week=_week(texts, voice, view))
        never = _never_asked(texts, voice, view)
        return Screen(cut("\n".join([empty, *_looks(texts, voice, attention), *_repaired(texts, voice, view), *never])))
    looks = _looks(texts, voice, attention) or [texts.say(voice, "digest-nothing")]
    parts = [_header(texts, voice, view), *looks, *_repaired(texts, voice, view), "", *_lines(texts, voice, view)]
    ends = [*_guesses(texts, voice, view), _counts(texts, voice, view), *_never_asked(texts, voice, view)]
    return Screen(cut("\n".join([*parts, *ends])), _read_rows(texts, voice, view))


def digest_title(texts: Texts, voice: Voice, view: DigestView) -> str:
    """Return the first line, which is also the title of the chart's message."""
    return _header(texts, voice, view)


def _week(texts: Texts, voice: Voice, view: DigestView) -> str:
    return texts.week(voice, view.first_on, view.last_on)


def _header(texts: Texts, voice: Voice, view: DigestView) -> str:
    counts = {"patients": view.patients, "sessions": view.sessions, "answers": len(view.answered)}
    return texts.say(voice, "digest-header", week=_week(texts, voice, view), **counts)


def _attention(texts: Texts, voice: Voice, view: DigestView) -> list[str]:
    """Name who needs a first look and why, each patient once, the most pressing first."""
    urgent = [
        (one.code, texts.say(voice, "digest-urgent-seen" if one.seen_at else "digest-urgent")) for one in view.urgent
    ]
    dropped = [(one.code, texts.say(voice, "digest-dropped")) for one in view.untalked]
    silent = [(one.code, texts.say(voice, "digest-silent", count=one.length)) for one in view.silent]
    pending = [(line.code, texts.say(voice, "digest-pending", score=str(line.pending))) for line in view.much_pending]
    reasons: dict[str, list[str]] = {}
    for code, reason in [*urgent, *dropped, *silent, *pending]:
        if reason not in reasons.setdefault(code, []):
            reasons[code].append(reason)
    return [texts.say(voice, "digest-look", code=code, reasons="; ".join(said)) for code, said in reasons.items()]


def _looks(texts: Texts, voice: Voice, attention: Sequence[str]) -> list[str]:
    return [_listed(texts.say(voice, "digest-attention"), attention)] if attention else []


def _listed(title: str, entries: Sequence[str]) -> str:
    """Put a few entries on the line of their title, more on lines of their own."""
    return f"{title} {', '.join(entries)}" if len(entries) <= FEW else "\n· ".join([title, *entries])


def _repaired(texts: Texts, voice: Voice, view: DigestView) -> list[str]:
    back = [_back_to(texts, voice, view, code) for code in _once(episode.code for episode in view.repaired)]
    return [_listed(texts.say(voice, "digest-repaired", count=len(back)), back)] if back else []


def _back_to(texts: Texts, voice: Voice, view: DigestView, code: str) -> str:
    """Say where the alliance is back; without the number while that is guessed first."""
    last = view.last_alliance(code)
    return code if last is None else texts.say(voice, "digest-back-to", code=code, mean=texts.number(voice, mean(last)))


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
        values["arrow"] = _arrow(view.alliance_before(line), line.alliance)
        said = texts.say(voice, "digest-line", **values)
    elif line.state in _STATES:
        said = texts.say(voice, f"digest-line-{_STATES[line.state]}", **values)
    else:
        return None
    marks = [f"digest-taken-up-{line.taken_up}"] if line.taken_up not in (None, TakenUp.ASKED) else []
    marks += ["digest-with-words"] if line.has_words else []
    return " · ".join([said, *(texts.say(voice, key) for key in marks)])


def _read_rows(texts: Texts, voice: Voice, view: DigestView) -> tuple[tuple[Button, ...], ...]:
    """Offer what patients wrote, to be opened in a message of its own."""
    buttons = [
        Button(
            texts.say(voice, "button-read-written", code=line.code, day=texts.short_day(voice, line.session_ends_at)),
            encode(ReadWritten(line.id)),
        )
        for line in view.written[:READABLE]
    ]
    return (*_guess_rows(texts, voice, view), *in_rows(buttons, READ_IN_A_ROW))


def _guess_rows(texts: Texts, voice: Voice, view: DigestView) -> tuple[tuple[Button, ...], ...]:
    """Offer to guess what is not shown yet, in a message of its own."""
    buttons = [
        open_button(
            texts, voice, line.code, texts.short_day(voice, line.session_ends_at), OpenGuess(guess, ShownIn.LINE, guess)
        )
        for line in view.lines
        if (guess := view.to_guess.get(line.id)) is not None
    ]
    return in_rows(buttons[:READABLE], READ_IN_A_ROW)


def _guesses(texts: Texts, voice: Voice, view: DigestView) -> list[str]:
    """Say how the therapist's guesses differ from the scores of those with a session this week, by code."""
    codes = [code for code in sorted(_once(line.code for line in view.lines)) if code in view.gaps]
    said = [texts.say(voice, "digest-gap", code=code, gap=gap(texts, voice, view.gaps[code])) for code in codes]
    return [_listed(texts.say(voice, "digest-gaps"), said)] if said else []


def _arrow(before: Points | None, now: Points) -> str:
    if before is None:
        return ""
    return " →" if before == now else " ↑" if now > before else " ↓"


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


def _once(codes: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(codes))


def chart_labels(texts: Texts, voice: Voice) -> ChartLabels:
    """Return the words of the charts in the therapist's language."""

    def day(on: date) -> str:
        return texts.short_date(voice, on)

    said = {key: texts.say(voice, f"chart-{key}") for key in ("drop", "repaired", "unanswered", "empty")}
    return ChartLabels(**said, day=day, number=lambda value: texts.number(voice, value))
