"""Everything held about a person, as files: one to read, in their language; one for machines; one for a spreadsheet.

Files are made in memory and never written to a disk of the bot's.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from io import StringIO
from zoneinfo import ZoneInfo

from bot.domain.holdings import Act, HeldSession, HeldWords, Holdings, Reading
from bot.domain.instrument import THREE_ITEMS
from bot.domain.model import FileForm, Item, Voice
from bot.services.data_requests import Own
from bot.texts import Texts
from handlers.screen import File

NEVER: str = "–"


def own(texts: Texts, voice: Voice, held: Own, form: FileForm, now: datetime) -> File:
    """Write everything held about an account, in each of its roles."""
    name = held.patients[0].code if held.patients else "own"
    if form is FileForm.JSON:
        return File(f"microchequeo-{name}.json", _own_json(held, now))
    parts = [_read(texts, voice, one, now) for one in held.patients]
    if held.therapist is not None or held.contacts:
        parts.append("\n".join(_at_work(texts, voice, held)))
    return File(f"microchequeo-{name}.txt", "\n\n\n".join(parts).encode())


def patient(texts: Texts, voice: Voice, held: Holdings, form: FileForm, now: datetime) -> File:
    """Write everything held about one patient."""
    match form:
        case FileForm.TEXT:
            return File(f"microchequeo-{held.code}.txt", _read(texts, voice, held, now).encode())
        case FileForm.JSON:
            return File(f"microchequeo-{held.code}.json", _dumped({"at": now, "patient": asdict(held)}))
        case FileForm.CSV:
            return File(f"microchequeo-{held.code}.csv", _table(held).encode())


def _own_json(held: Own, now: datetime) -> bytes:
    whole: dict[str, object] = {"at": now, "patients": [asdict(one) for one in held.patients]}
    if held.therapist is not None:
        whole["therapist"] = {
            "name": held.therapist.called.name,
            "article": held.therapist.called.article,
            "zone": held.therapist.zone.key,
            "digest_at": held.therapist.digest_at,
        }
    whole["contacts"] = [{"role": one.role, "name": one.called.name} for one in held.contacts]
    whole["acts"] = [asdict(act) for act in held.acts]
    return _dumped(whole)


def _dumped(whole: object) -> bytes:
    return json.dumps(whole, ensure_ascii=False, indent=1, default=_plain).encode()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    raise TypeError(type(value).__name__)


def _table(held: Holdings) -> str:
    """Write one line per session; a score is empty when it was not given."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(["session_starts_at", "session_ends_at", "session", "check_in", *THREE_ITEMS, "answered_at"])
    for session in held.sessions:
        one = session.check_in
        scores = [one.scores.get(item, "") if one else "" for item in THREE_ITEMS]
        answered = _plain(one.answered_at) if one and one.answered_at else ""
        span = [_plain(session.starts_at), _plain(session.ends_at)]
        writer.writerow([*span, session.state, one.state if one else "", *scores, answered])
    return out.getvalue()


def _read(texts: Texts, voice: Voice, held: Holdings, now: datetime) -> str:
    writer = _Reader(texts, voice)
    parts = (
        writer.head(held, now),
        writer.decisions(held),
        writer.sessions(held),
        writer.left(held),
        writer.episodes(held),
        writer.acts(held.acts),
        writer.rest(held),
    )
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part)))


class _Reader:
    """Writes the file that a person reads; a part about which there is nothing to say is empty."""

    def __init__(self, texts: Texts, voice: Voice) -> None:
        self._texts = texts
        self._voice = voice

    def _say(self, key: str, **values: str | int) -> str:
        return self._texts.say(self._voice, f"data-{key}", **values)

    def _at(self, instant: datetime | None) -> str:
        return f"{instant.astimezone(self._voice.zone):%Y-%m-%d %H:%M}" if instant else NEVER

    def head(self, held: Holdings, now: datetime) -> Iterator[str]:
        yield self._say("title", code=held.code, at=self._at(now), city=self._texts.zone(self._voice, self._voice.zone))
        state = self._texts.say(self._voice, f"patient-state-{held.state}")
        yield self._say("state", state=state, at=self._at(held.state_at))
        yield self._say("therapist", name=held.therapist.name)
        if held.language and held.zone:
            city = self._texts.zone(self._voice, ZoneInfo(held.zone))
            yield self._say("settings", language=self._texts.say(self._voice, f"language-{held.language}"), city=city)
        if held.quiet:
            yield self._say("quiet", hours=held.quiet)
        if held.minor:
            yield self._say("minor", reference=held.guardian or NEVER)

    def decisions(self, held: Holdings) -> Iterator[str]:
        if held.decisions:
            yield self._say("decisions")
        for one in held.decisions:
            key = "decision-yes" if one.accepted else "decision-no"
            yield self._say(key, at=self._at(one.decided_at), version=one.version, hash=one.text_hash)

    def sessions(self, held: Holdings) -> Iterator[str]:
        if held.sessions:
            yield self._say("sessions")
        for session in held.sessions:
            yield from self._session(session)

    def _session(self, session: HeldSession) -> Iterator[str]:
        one = session.check_in
        state = self._say(f"check-in-{one.state}") if one else NEVER
        yield self._say("session", starts=self._at(session.starts_at), ends=self._at(session.ends_at), state=state)
        if one is None:
            return
        if one.asked_at:
            yield self._say("asked", asked=self._at(one.asked_at), answered=self._at(one.answered_at))
        for item, score in one.scores.items():
            yield f"  {self._question(item)} {score}"
        for words in one.words:
            yield from self._words(words)

    def _question(self, item: Item) -> str:
        return self._texts.say(self._voice, f"question-{item}-dated" if item is Item.UNDERSTOOD else f"question-{item}")

    def _words(self, words: HeldWords) -> Iterator[str]:
        kind = self._texts.say(self._voice, f"words-kind-{words.kind}")
        yield f"  {self._at(words.written_at)} · {kind} «{words.text}»"
        for name in words.told:
            yield self._say("told", name=name)
        if words.urgent_seen_at:
            yield self._say("urgent-seen", at=self._at(words.urgent_seen_at))
        for reading in words.read:
            yield self._read(reading)
        if not words.read:
            yield self._say("unread")

    def _read(self, reading: Reading) -> str:
        at = self._at(reading.at)
        if reading.exported and reading.by is None:
            return self._say("exported-here", at=at)
        return self._say("exported" if reading.exported else "read", at=at, name=reading.by or NEVER)

    def left(self, held: Holdings) -> Iterator[str]:
        if held.messages_left:
            yield self._say("messages-left")
        for words in held.messages_left:
            yield from self._words(words)
        if held.confided:
            yield self._say("confided")
        for words in held.confided:
            yield from self._words(words)

    def episodes(self, held: Holdings) -> Iterator[str]:
        if held.episodes:
            yield self._say("episodes")
        for one in held.episodes:
            state = self._say(f"episode-{one.state}")
            at = {
                "opened": self._at(one.opened_at),
                "seen": self._at(one.acknowledged_at),
                "talked": self._at(one.talked_at),
                "closed": self._at(one.closed_at),
            }
            yield self._say("episode", rule=one.rule, state=state, **at)
            if one.note is not None:
                yield self._say("episode-note", note=one.note)
            elif one.noted:
                yield self._say("episode-noted")

    def acts(self, acts: Sequence[Act]) -> Iterator[str]:
        if acts:
            yield self._say("acts")
        for one in acts:
            yield self._say("act", at=self._at(one.at), name=one.by or NEVER, act=f"{one.act} · {one.subject}")

    def rest(self, held: Holdings) -> Iterator[str]:
        yield self._say("rest", messages=held.messages, waiting=held.waiting, received=held.received)
        if held.words_deleted_at:
            yield self._say("words-go", at=self._at(held.words_deleted_at))


def _at_work(texts: Texts, voice: Voice, held: Own) -> Iterator[str]:
    """Write what is held about somebody of the practice."""
    if held.therapist is not None:
        zone = texts.zone(voice, held.therapist.zone)
        yield texts.say(voice, "data-therapist-title", name=held.therapist.called.name, city=zone)
    for one in held.contacts:
        yield f"{one.called.name} · {texts.say(voice, f'role-{one.role}')}"
    yield from _Reader(texts, voice).acts(held.acts)
