"""What a patient sees: every face of the check-in, and the short answers around it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from bot.domain import timing
from bot.domain.carried import ANSWERS, TakenUp
from bot.domain.check_in import face
from bot.domain.instrument import MUCH_PENDING
from bot.domain.model import HIGHEST, LOWEST, Called, CheckIn, Item, Step, Voice
from bot.domain.typed import NotWhole, OutOfRange, Unclear
from bot.services.carrying import LeftPending
from bot.texts import Texts
from handlers.actions import (
    AnswerNow,
    Back,
    Correct,
    Done,
    KeepMessage,
    Later,
    NoSession,
    NotThisTime,
    ScoreTap,
)
from handlers.actions_guesses import StartPause
from handlers.actions_records import ShowPending, TakenUpTap
from handlers.keyboards import encode
from handlers.parts import row
from handlers.screen import TOAST_AT_MOST, Button, Screen, cut

ROW: Final = 6
"""Numbers in the first row of the keyboard: 0–5, then 6–10."""

Media = Literal["voice", "photo", "video", "sticker", "document", "other"]


@dataclass(frozen=True, slots=True)
class CheckInView:
    """A check-in with everything needed to show it.

    `reminder` puts the reminder's sentence first; `kept` says first that the words just typed were kept;
    `offers_pause`: under its end, a pause may be offered.
    """

    check_in: CheckIn
    voice: Voice
    called: Called
    now: datetime
    reminder: bool = False
    kept: bool = False
    offers_pause: bool = False

    @property
    def today(self) -> bool:
        """Say whether the session was on the person's present day: only then the question says «hoy»."""
        return timing.same_local_day(self.check_in.session_ends_at, self.now, self.voice.zone)

    @property
    def starts_at(self) -> datetime | None:
        """Return when the session began, if there is another one that day: only then the hour tells which is meant."""
        at, zone = self.check_in.session_starts_at, self.voice.zone
        if at is None or not any(timing.same_local_day(at, other, zone) for other in self.check_in.beside):
            return None
        return at


def check_in(texts: Texts, view: CheckInView) -> Screen:
    """Show a check-in as it stands (`bot.domain.check_in.face`)."""
    shown = face(view.check_in)
    if shown is None:
        raise ValueError("a check-in that was not asked has no face")
    return _FACES[shown](texts, view)


def _question(texts: Texts, view: CheckInView) -> Screen:
    item = Item(view.check_in.step)
    lines = [*_lead(texts, view), _header(texts, view, item), _wording(texts, view, item)]
    return Screen(cut("\n".join([*lines, texts.say(view.voice, f"anchors-{item}")])), _score_rows(texts, view, item))


def _lead(texts: Texts, view: CheckInView) -> list[str]:
    """Say first, with an empty line after it, why this message comes."""
    if view.reminder:
        weekday = texts.moment(view.voice, view.check_in.session_ends_at)["weekday"]
        values = {} if view.today else {"weekday": weekday}
        return [_of_session(texts, view, "reminder-today" if view.today else "reminder-dated", values), ""]
    if view.kept:
        name = texts.named(view.voice, view.called)
        return [texts.say(view.voice, "kept-with-question", **name), ""]
    return []


def _header(texts: Texts, view: CheckInView, item: Item) -> str:
    items = view.check_in.items
    values = texts.named(view.voice, view.called) | {"place": str(items.index(item) + 1), "places": str(len(items))}
    if view.today:
        return _of_session(texts, view, "check-in-header-today", values)
    day = texts.moment(view.voice, view.check_in.session_ends_at)["day"]
    return _of_session(texts, view, "check-in-header", values | {"day": day})


def _of_session(texts: Texts, view: CheckInView, key: str, values: Mapping[str, str | int]) -> str:
    """Say which session it is, with its hour when there was another one that day."""
    if view.starts_at is None:
        return texts.say(view.voice, key, **values)
    moment = texts.moment(view.voice, view.starts_at)
    return texts.say(view.voice, f"{key}-at", **values, time=moment["time"], hour=moment["hour"])


def _wording(texts: Texts, view: CheckInView, item: Item) -> str:
    dated = "-dated" if item is Item.UNDERSTOOD and not view.today else ""
    return texts.say(view.voice, f"question-{item}{dated}")


def _score_rows(texts: Texts, view: CheckInView, item: Item) -> tuple[tuple[Button, ...], ...]:
    this, step = view.check_in.id, Step(item)
    numbers = [Button(str(value), encode(ScoreTap(this, step, value))) for value in range(LOWEST, HIGHEST + 1)]
    pauses = row(texts, view.voice, ("button-later", Later(this, step)), ("button-not-this-time", NotThisTime(this)))
    first = item is view.check_in.items[0]
    last = ("button-no-session", NoSession(this)) if first else ("button-back", Back(this, step))
    return (tuple(numbers[:ROW]), tuple(numbers[ROW:]), pauses, row(texts, view.voice, last))


def _taken_up(texts: Texts, view: CheckInView) -> Screen:
    """Ask whether what was left pending was taken up; what it was is said on tap alone."""
    this, voice = view.check_in.id, view.voice
    key = "question-taken-up" if view.today else "question-taken-up-dated"
    text = "\n".join([*_lead(texts, view), texts.say(voice, key, **texts.named(voice, view.called))])
    answers = row(texts, voice, *((f"button-taken-up-{answer}", TakenUpTap(this, answer)) for answer in ANSWERS))
    what = row(texts, voice, ("button-what-was-it", ShowPending(this)))
    on = row(texts, voice, ("button-go-on", Done(this, Step.TAKEN_UP)), ("button-back", Back(this, Step.TAKEN_UP)))
    return Screen(cut(text), (answers, what, on))


def pending_toast(texts: Texts, voice: Voice, left: LeftPending) -> str:
    """Say what was left pending the time before."""
    said = left.words or texts.say(voice, "pending-was-number", score=str(left.score))
    return cut(said, TOAST_AT_MOST)


def _writing(texts: Texts, view: CheckInView) -> Screen:
    """Invite to write, saying who reads it and that nobody reads now."""
    step, this = view.check_in.step, view.check_in.id
    key = "pending-words" if step is Step.PENDING_WORDS else _invitation(view.check_in)
    invitation = texts.say(view.voice, key, **texts.named(view.voice, view.called))
    lead = _lead(texts, view) if view.reminder else []
    lines = [*lead, invitation, texts.say(view.voice, "not-live")]
    buttons = row(texts, view.voice, ("button-done", Done(this, step)), ("button-back", Back(this, step)))
    return Screen(cut("\n".join(lines)), (buttons,))


def _invitation(check_in: CheckIn) -> str:
    """Name the invitation to write: who was just asked what was left pending is not asked that again."""
    asked = check_in.scores.get(Item.PENDING, LOWEST) >= MUCH_PENDING
    return "reflection-after-pending" if asked else "reflection"


def _summary(texts: Texts, view: CheckInView) -> Screen:
    buttons = row(texts, view.voice, ("button-correct", Correct(view.check_in.id)))
    return Screen(_noted(texts, view), (*_pause_rows(texts, view), buttons))


def _final(texts: Texts, view: CheckInView) -> Screen:
    return Screen(_noted(texts, view), _pause_rows(texts, view))


def _pause_rows(texts: Texts, view: CheckInView) -> tuple[tuple[Button, ...], ...]:
    pause = ("button-pause", StartPause(view.check_in.id))
    return (row(texts, view.voice, pause),) if view.offers_pause else ()


def _noted(texts: Texts, view: CheckInView) -> str:
    key = "noted-with-words" if view.check_in.has_words else "noted"
    scores = view.check_in.scores
    labels = [
        texts.say(view.voice, f"label-{item}", score=str(scores[item]))
        for item in view.check_in.items
        if item in scores
    ]
    answer = view.check_in.taken_up
    if answer not in (None, TakenUp.ASKED):
        labels.append(texts.say(view.voice, f"label-taken-up-{answer}"))
    sentence = texts.say(view.voice, key, **texts.named(view.voice, view.called))
    pause = ["", texts.say(view.voice, "pause-offered")] if view.offers_pause else []
    return cut("\n".join([sentence, *([" · ".join(labels)] if labels else []), *pause]))


def _later(texts: Texts, view: CheckInView) -> Screen:
    again, closes = view.check_in.ask_again_at, view.check_in.closes_at
    if again is not None and (closes is None or again < closes):
        text = texts.say(view.voice, "later", when=texts.soon(view.voice, again, view.now))
    else:
        text = texts.say(view.voice, "later-until", when=texts.soon(view.voice, closes or view.now, view.now))
    return Screen(cut(text), (row(texts, view.voice, ("button-answer-now", AnswerNow(view.check_in.id))),))


def _sentence(key: str) -> "Face":
    """Make a face of one sentence that may name the therapist."""

    def show(texts: Texts, view: CheckInView) -> Screen:
        return Screen(cut(texts.say(view.voice, key, **texts.named(view.voice, view.called))))

    return show


Face = Callable[[Texts, CheckInView], Screen]

_FACES: Final[dict[str, Face]] = {
    "understood": _question,
    "sense": _question,
    "pending": _question,
    "pending_words": _writing,
    "taken_up": _taken_up,
    "reflection": _writing,
    "summary": _summary,
    "summary+words": _summary,
    "final": _final,
    "later": _later,
    "declined": _sentence("declined"),
    "no_session": _sentence("no-session"),
    "stopped": _sentence("stopped"),
    "closed": _sentence("closed"),
    "cancelled": _sentence("cancelled"),
}


def already_answered_toast(texts: Texts, voice: Voice) -> str:
    """Answer a tap on a question that has moved on."""
    return cut(texts.say(voice, "toast-already-answered"), TOAST_AT_MOST)


def closed_toast(texts: Texts, voice: Voice) -> str:
    """Answer a tap on a check-in that is over."""
    return cut(texts.say(voice, "toast-closed"), TOAST_AT_MOST)


def not_yours_toast(texts: Texts, voice: Voice) -> str:
    """Answer a button that belongs to nobody here or cannot be read."""
    return cut(texts.say(voice, "toast-not-yours"), TOAST_AT_MOST)


def number_refused(texts: Texts, voice: Voice, read: OutOfRange | NotWhole | Unclear) -> Screen:
    """Say kindly why a typed number was not taken."""
    keys = {OutOfRange: "number-out-of-range", NotWhole: "number-not-whole", Unclear: "number-unclear"}
    return Screen(texts.say(voice, keys[type(read)]))


def words_offer(texts: Texts, voice: Voice, called: Called, message_id: int) -> Screen:
    """Offer to keep words that came while nothing was open."""
    text = texts.say(voice, "words-offer", **texts.named(voice, called))
    keep = ("button-leave-it", KeepMessage(keep=True, message_id=message_id))
    leave = ("button-no", KeepMessage(keep=False, message_id=message_id))
    return Screen(cut(text), (row(texts, voice, keep, leave),))


def words_kept(texts: Texts, voice: Voice, called: Called) -> Screen:
    """Say that the message was kept for the therapist."""
    return Screen(cut(texts.say(voice, "words-kept", **texts.named(voice, called))))


def words_not_kept(texts: Texts, voice: Voice) -> Screen:
    """Say that nothing was kept."""
    return Screen(texts.say(voice, "words-not-kept"))


def media_refused(texts: Texts, voice: Voice, kind: Media, *, patient: bool) -> Screen:
    """Say that only text is kept; to a patient, what to do instead, and where help is: nobody saw what it showed."""
    refused = texts.say(voice, "media-refused", kind=kind)
    return Screen(f"{refused} {texts.say(voice, 'media-instead')}" if patient else refused)


def edited_too_late(texts: Texts, voice: Voice) -> Screen:
    """Say that a changed message was not stored because its check-in is over."""
    return Screen(texts.say(voice, "edited-too-late"))


def paused(texts: Texts, voice: Voice) -> Screen:
    """Say that nothing will be asked."""
    return Screen(texts.say(voice, "paused"))


def resumed(texts: Texts, voice: Voice) -> Screen:
    """Say that the questions come again."""
    return Screen(texts.say(voice, "resumed"))
