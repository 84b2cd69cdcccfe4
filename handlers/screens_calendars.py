"""What a therapist sees of a calendar file: what has changed, whose the titles are, why it was not read."""

from collections.abc import Sequence
from typing import Final

from telegram import MaybeInaccessibleMessage, Message

from bot.domain.calendars import Unknown
from bot.domain.model import Patient, Voice
from bot.ical.events import Refusal
from bot.services.calendars import Chosen, Summary
from bot.texts import Texts, shortened
from handlers.actions_agenda import CallOffMissing, NameTitle, NobodysTitles
from handlers.keyboards import encode
from handlers.parts import row
from handlers.screen import Button, Screen, cut, in_rows
from handlers.screens_agenda import PATIENTS_AT_MOST, PATIENTS_IN_A_ROW

ASKED_AT_MOST: Final = 15
"""Titles that are asked about after one file."""

TITLE_AT_MOST: Final = 120


def summary(texts: Texts, voice: Voice, found: Summary) -> Screen:
    """Say what has changed, and what was passed over."""
    changes, unknown = found.changes, len(found.unknown)
    rest = {
        "calendar-asked": changes.asked,
        "calendar-ignored": found.ignored,
        "calendar-unreadable": found.unreadable,
        "calendar-missing": found.missing,
    }
    lines = [_changes(texts, voice, found)]
    lines += [texts.say(voice, key, count=count) for key, count in rest.items() if count]
    if unknown:
        key = "calendar-unknown" if unknown <= ASKED_AT_MOST else "calendar-unknown-many"
        asked = {} if unknown <= ASKED_AT_MOST else {"asked": ASKED_AT_MOST}
        lines.append(texts.say(voice, key, count=unknown, **asked))
    lines.append(texts.say(voice, "calendar-look"))
    return Screen(cut("\n".join(lines)), tuple(_choices(texts, voice, found)))


def _changes(texts: Texts, voice: Voice, found: Summary) -> str:
    counted = {
        "calendar-added": found.changes.added,
        "calendar-moved": found.changes.moved,
        "calendar-cancelled": found.changes.cancelled,
    }
    parts = [texts.say(voice, key, count=count) for key, count in counted.items() if count]
    if parts:
        return texts.say(voice, "calendar-changes", changes=", ".join(parts))
    return texts.say(voice, "calendar-again" if found.again else "calendar-same")


def _choices(texts: Texts, voice: Voice, found: Summary) -> list[tuple[Button, ...]]:
    rows: list[tuple[Button, ...]] = []
    if found.missing:
        label = texts.say(voice, "button-call-off-missing", count=found.missing)
        rows.append((Button(label, encode(CallOffMissing(found.missing_ref))),))
    if found.unknown:
        rows.append(row(texts, voice, ("button-nobodys-titles", NobodysTitles())))
    return rows


def whose(texts: Texts, voice: Voice, unknown: Unknown, patients: Sequence[Patient]) -> Screen:
    """Ask whose a title is."""
    title, when = shortened(unknown.title, TITLE_AT_MOST), texts.full_day_and_time(voice, unknown.next_at)
    first = texts.say(voice, "calendar-whose", title=title, count=unknown.count, when=when)
    text = f"{first}\n{texts.say(voice, 'calendar-whose-question', count=unknown.count)}"
    return Screen(cut(text), _whose_buttons(texts, voice, unknown.ref, patients))


def _whose_buttons(
    texts: Texts, voice: Voice, title_ref: bytes, patients: Sequence[Patient]
) -> tuple[tuple[Button, ...], ...]:
    codes = [Button(one.code, encode(NameTitle(title_ref, one.id))) for one in patients[:PATIENTS_AT_MOST]]
    return (*in_rows(codes, PATIENTS_IN_A_ROW), row(texts, voice, ("button-nobodys", NameTitle(title_ref))))


def title_in(question: MaybeInaccessibleMessage | None) -> str | None:
    """Return the line of a question that has the title in it: it stands in the chat and nowhere else."""
    text = question.text if isinstance(question, Message) else None
    return text.partition("\n")[0] if text else None


def chosen(
    texts: Texts, voice: Voice, title: str | None, choice: Chosen, title_ref: bytes, patients: Sequence[Patient]
) -> Screen:
    """Say whose a title is from now on; the buttons stay, for who tapped wrong."""
    nobody = "-nobody" if choice.code is None else ""
    code = {} if choice.code is None else {"code": choice.code}
    if not choice.waited:
        said = texts.say(voice, f"calendar-chosen-again{nobody}", **code)
    else:
        count = choice.changes.added + choice.changes.moved + choice.changes.kept
        counted: dict[str, str | int] = {**code, "count": count} if code else {}
        said = texts.say(voice, f"calendar-chosen{nobody}", **counted)
    first = title or texts.say(voice, "calendar-title-gone")
    return Screen(cut(f"{first}\n{said}"), _whose_buttons(texts, voice, title_ref, patients))


def nobodys(texts: Texts, voice: Voice, count: int) -> Screen:
    """Say that the titles that were left are nobody's."""
    return Screen(texts.say(voice, "calendar-nobodys", count=count))


def called_off(texts: Texts, voice: Voice, count: int) -> Screen:
    """Say that sessions which the file did not name any more are called off."""
    return Screen(texts.say(voice, "calendar-called-off", count=count))


def refused(texts: Texts, voice: Voice, reason: Refusal, line: int | None) -> Screen:
    """Say why a calendar was not read."""
    why = texts.say(voice, f"calendar-{reason}")
    if line is not None:
        why = texts.say(voice, "calendar-line", why=why, line=str(line))
    return Screen(texts.say(voice, "calendar-refused", why=why))


def withheld(texts: Texts, voice: Voice) -> Screen:
    """Say that Telegram does not hand the file out."""
    return Screen(texts.say(voice, "calendar-refused", why=texts.say(voice, "calendar-withheld")))
