"""What those who are told of urgent words see, from the first alert to *He contactado*; and what was confided to them.

A push says code and kind only.  The operator is told neither whose words they are nor what they say.
"""

from datetime import datetime

from bot.domain.model import Disclosure, DisclosureId, Voice, Words, WordsId
from bot.domain.notices import MemberUnreachable
from bot.domain.notices_parked import Unshown
from bot.domain.views import Case
from bot.texts import Texts
from handlers.actions import Action, ConcernContacted, ConcernSeen, ConcernWords, ReadDisclosure, ReadLeft
from handlers.covered import covered
from handlers.parts import about, row
from handlers.screen import Button, Screen, cut


def alert(texts: Texts, voice: Voice, case: Case, now: datetime, *, again: bool = False) -> Screen:
    """Push it to the therapist; `again` when nobody has seen it.

    Protected, because an edit shows the words in this message and cannot protect what was sent unprotected.
    """
    code = case.concern.code
    if again:
        since = texts.soon(voice, case.concern.opened_at, now)
        text = texts.say(voice, "concern-push-again", code=code, since=since)
    else:
        text = texts.say(voice, "concern-push", code=code)
    return Screen(cut("\n".join([text, *_how_many(texts, voice, case)])), _rows(texts, voice, case), protected=True)


def second(texts: Texts, voice: Voice, case: Case, now: datetime, *, again: bool = False) -> Screen:
    """Push it to a second contact: whose patient it is, and whether the therapist has the alert."""
    name = texts.named(voice, case.concern.therapist)
    where = "concern-second-unseen" if case.therapist_reached else "concern-second-unreached"
    lines = [texts.say(voice, "concern-second", code=case.concern.code, **name), texts.say(voice, where, **name)]
    if again:
        since = texts.soon(voice, case.concern.opened_at, now)
        lines.append(texts.say(voice, "concern-second-again", since=since))
    else:
        lines.append(texts.say(voice, "concern-second-what"))
    lines += _how_many(texts, voice, case)
    return Screen(cut("\n".join(lines)), _rows(texts, voice, case), protected=True)


def _how_many(texts: Texts, voice: Voice, case: Case) -> list[str]:
    """Name how many alerts of this patient nobody has seen, where it is not this one alone: one push stands for all."""
    if case.unseen <= 1:
        return []
    return [texts.say(voice, "concern-unseen", code=case.concern.code, count=str(case.unseen))]


def operator(texts: Texts, voice: Voice, case: Case) -> Screen:
    """Ask the operator to look for the therapist by other means."""
    key = "concern-operator-unseen" if case.therapist_reached else "concern-operator-unreached"
    return Screen(cut(texts.say(voice, key, **texts.named(voice, case.concern.therapist))))


def unshown(texts: Texts, voice: Voice, notice: Unshown) -> Screen:
    """Say that there is something to see although it could not be shown: from the notice alone, which cannot fail."""
    key = "unshown-listed" if notice.listed else "unshown-urgent" if notice.urgent else "unshown"
    return Screen(cut(texts.say(voice, key, code=notice.code or "none")))


def member_unreachable(texts: Texts, voice: Voice, notice: MemberUnreachable) -> Screen:
    """Ask the operator to look for somebody whom messages no longer reach."""
    return Screen(cut(texts.say(voice, "member-unreachable", **texts.named(voice, notice.called))))


def operator_seen(texts: Texts, voice: Voice, case: Case) -> Screen:
    """Tell the operator that nothing more is needed."""
    return Screen(cut(texts.say(voice, "concern-operator-seen", **texts.named(voice, case.concern.therapist))))


def words(texts: Texts, voice: Voice, case: Case, read: Words, note: str | None = None, page: int = 0) -> Screen:
    """Show the urgent words, covered; that a negation stands in them, as a fact; and the note, if there is one."""
    title = texts.say(voice, "words-title", code=read.code, day=texts.short_day(voice, read.written_at))
    parts = [(texts.say(voice, f"words-kind-{read.kind}"), read.text)]
    parts += [(texts.say(voice, "concern-note-title"), note)] if note else []
    blocks = [f"{label}\n{said}" for label, said in parts]
    if case.concern.negated:
        blocks.insert(1, texts.say(voice, "concern-negated"))
    text = "\n\n".join(blocks)
    return covered(texts, voice, title, text, page, more=ConcernWords(case.concern.id, page + 1), below=_next(case))


def state(texts: Texts, voice: Voice, case: Case, now: datetime) -> Screen:
    """Show what became of it: seen, contacted, by whom and when; what is left to do stands below."""
    concern = case.concern
    if concern.seen_at is None:
        return alert(texts, voice, case, now) if case.own else second(texts, voice, case, now)
    key = "concern-contacted" if concern.contacted_at else "concern-seen"
    when = texts.soon(voice, concern.contacted_at or concern.seen_at, now)
    if case.by is None:
        text = texts.say(voice, key, code=concern.code, when=when)
    else:
        name = texts.named(voice, case.by)
        text = texts.say(voice, f"{key}-by", code=concern.code, when=when, **name)
    return Screen(cut(text), _rows(texts, voice, case), protected=True)


def note_asked(texts: Texts, voice: Voice, case: Case) -> Screen:
    """Offer to note in one line what was done."""
    return about(texts, voice, "concern-note-ask", case.concern.code)


def noted(texts: Texts, voice: Voice, case: Case, *, kept: bool) -> Screen:
    """Say that the note was kept, or that there is none."""
    return about(texts, voice, "concern-noted" if kept else "concern-not-noted", case.concern.code)


def abuse_told(texts: Texts, voice: Voice, code: str, words_id: WordsId) -> Screen:
    """Push to the therapist that a patient chose to tell something."""
    text = cut(texts.say(voice, "abuse-told-push", code=code))
    return Screen(text, (row(texts, voice, ("button-read", ReadLeft(words_id))),), protected=True)


def disclosed(texts: Texts, voice: Voice, code: str, disclosure_id: DisclosureId, *, urgent: bool = False) -> Screen:
    """Push to the other contact that a patient confided something to them; `urgent`: it is about dying, too."""
    text = cut(texts.say(voice, "disclosed-push-urgent" if urgent else "disclosed-push", code=code))
    return Screen(text, (row(texts, voice, ("button-read", ReadDisclosure(disclosure_id))),), protected=True)


def disclosure(texts: Texts, voice: Voice, found: Disclosure, page: int = 0) -> Screen:
    """Show what was confided, covered."""
    title = texts.say(voice, "words-title", code=found.code, day=texts.short_day(voice, found.told_at))
    return covered(texts, voice, title, found.text, page, more=ReadDisclosure(found.id, page + 1), below=())


def _rows(texts: Texts, voice: Voice, case: Case) -> tuple[tuple[Button, ...], ...]:
    read: list[tuple[str, Action]] = [("button-read-words", ConcernWords(case.concern.id))] if case.reads else []
    buttons = row(texts, voice, *read, *_next(case))
    return (buttons,) if buttons else ()


def _next(case: Case) -> list[tuple[str, Action]]:
    """Return what can be said next: seen, then contacted, then nothing."""
    if case.concern.seen_at is None:
        return [("button-concern-seen" if case.own else "button-take-over", ConcernSeen(case.concern.id))]
    if case.concern.contacted_at is None:
        return [("button-concern-contacted", ConcernContacted(case.concern.id))]
    return []
