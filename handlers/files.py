"""Everything held about a person, as files: one to read, in their language; the others for programs (`bot.exporting`).

Files are made in memory and never written to a disk of the bot's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.carried import TakenUp
from bot.domain.holdings import Act, HeldSession, HeldWords, Holdings, Reading
from bot.domain.model import FileForm, Item, Voice
from bot.exporting.fhir import bundle
from bot.exporting.fhir_questionnaires import WORDS, Wording
from bot.exporting.long_table import long_table
from bot.exporting.record import dumped, record
from bot.exporting.records_table import records_table
from bot.services.data_requests import Own
from bot.texts import Texts, questions_of
from handlers.screen import File

NEVER: Final = "–"
ALL: Final = "all"
"""Stands in the names of files about all patients."""

ENDINGS: Final = {
    FileForm.TEXT: "txt",
    FileForm.JSON: "json",
    FileForm.CSV: "csv",
    FileForm.RECORDS: "records.csv",
    FileForm.FHIR: "fhir.json",
}


def own(texts: Texts, voice: Voice, held: Own, form: FileForm, rules: str, now: datetime) -> File:
    """Write everything held about an account, in each of its roles."""
    name = held.patients[0].code if held.patients else "own"
    if form is FileForm.JSON:
        return File(f"microchequeo-{name}.json", _own_json(held, rules, now))
    parts = [_read(texts, voice, one, now) for one in held.patients]
    if held.therapist is not None or held.contacts:
        parts.append("\n".join(_at_work(texts, voice, held)))
    return File(f"microchequeo-{name}.txt", "\n\n\n".join(parts).encode())


def patients(
    texts: Texts, voice: Voice, held: Sequence[Holdings], form: FileForm, rules: str, now: datetime, code: str | None
) -> File | None:
    """Write everything held about patients; `rules` names those in force; without `code`, about all of them.

    None where nothing was written down that a table of records could hold.
    """
    if form is FileForm.RECORDS and not any(one.records for one in held):
        return None
    content = _content(texts, voice, held, form, rules, now)
    return File(f"microchequeo-{code or ALL}.{ENDINGS[form]}", content)


def _content(texts: Texts, voice: Voice, held: Sequence[Holdings], form: FileForm, rules: str, now: datetime) -> bytes:
    match form:
        case FileForm.TEXT:
            return "\n\n\n".join(_read(texts, voice, one, now) for one in held).encode()
        case FileForm.JSON:
            return dumped(record(held, rules, now))
        case FileForm.CSV:
            return long_table(held, rules)
        case FileForm.RECORDS:
            return records_table(held)
        case FileForm.FHIR:
            return dumped(bundle(held, _wording(texts), now))


def _wording(texts: Texts) -> Wording:
    """Return what gives the words in which something was asked."""
    labels = {link_id: f"words-kind-{kind}" for kind, link_id in WORDS.items()}

    def wording(version: str, link_id: str) -> str | None:
        known = questions_of(version)
        if known is None:
            return None
        voice, dated = known
        key = f"question-{link_id}{dated if link_id == Item.UNDERSTOOD else ''}"
        return texts.say(voice, labels.get(link_id, key)).rstrip(":")

    return wording


def _own_json(held: Own, rules: str, now: datetime) -> bytes:
    whole = record(held.patients, rules, now)
    if held.therapist is not None:
        whole["therapist"] = {
            "name": held.therapist.called.name,
            "article": held.therapist.called.article,
            "zone": held.therapist.zone.key,
            "digest_at": held.therapist.digest_at,
        }
    whole["contacts"] = [{"role": one.role, "name": one.called.name} for one in held.contacts]
    whole["acts"] = [asdict(act) for act in held.acts]
    return dumped(whole)


def _read(texts: Texts, voice: Voice, held: Holdings, now: datetime) -> str:
    writer = _Reader(texts, voice)
    parts = (
        writer.head(held, now),
        writer.decisions(held),
        writer.sessions(held),
        writer.left(held),
        writer.episodes(held),
        writer.records(held),
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
        if held.manner:
            kinds = zip(("register", "form", "region"), held.manner.split(), strict=True)
            chosen = [self._texts.say(self._voice, f"button-{kind}-{one}") for kind, one in kinds]
            yield self._say("manner", manner=" · ".join(chosen))
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
        if one.taken_up not in (None, TakenUp.ASKED):
            yield f"  {self._texts.say(self._voice, f'label-taken-up-{one.taken_up}')}"
        if one.guess is not None:
            yield self._say("guess", guess=str(one.guess))
        if one.pause_at:
            yield self._say("pause", at=self._at(one.pause_at))
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

    def records(self, held: Holdings) -> Iterator[str]:
        if held.records:
            yield self._say("records")
        for one in held.records:
            kind = self._texts.say(self._voice, f"record-{one.kind}")
            yield self._say("record", at=self._at(one.recorded_at), until=self._at(one.ended_at), kind=kind)
            if one.text is not None:
                yield f"    «{one.text}»"
            else:
                yield self._say("record-reserved" if one.reserved else "record-struck", at=self._at(one.struck_at))

    def acts(self, acts: Sequence[Act]) -> Iterator[str]:
        if acts:
            yield self._say("acts")
        for one in acts:
            yield self._say("act", at=self._at(one.at), name=one.by or NEVER, act=one.act, subject=one.subject)

    def rest(self, held: Holdings) -> Iterator[str]:
        yield self._say("rest", messages=held.messages, waiting=held.waiting, received=held.received)
        if held.guesses_kept:
            yield self._say("guesses-kept", count=held.guesses_kept)
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
