"""The room of what therapists write down, of the patient's view of it, and of the word before a session."""

from datetime import datetime

from bot.clock import Clock
from bot.domain import records as rules
from bot.domain.model import Patient, PatientId, Therapist, Visitor
from bot.domain.post import Source
from bot.domain.records import RecordKind
from bot.services.preparing import Preparing
from bot.services.records import NotRecorded
from bot.services.records import Records as RecordService
from bot.texts import Texts
from handlers import screens_arrival
from handlers import screens_before as before
from handlers import screens_records as screens
from handlers.access import Visit
from handlers.actions_records import (
    AskRecord,
    NoteKind,
    OpenAgreement,
    OpenNotes,
    RetireAgreement,
    SeeAgreement,
    SeeBefore,
    ShowWritten,
    StrikeRecord,
)
from handlers.gate import Gate
from handlers.nudge import Nudge
from handlers.parts import called
from handlers.screen import Screen
from handlers.screens_patient import not_yours_toast


class Records:
    """What is written down, seen and taken back."""

    def __init__(
        self, records: RecordService, preparing: Preparing, gate: Gate, texts: Texts, clock: Clock, nudge: Nudge
    ) -> None:
        self._records = records
        self._preparing = preparing
        self._gate = gate
        self._texts = texts
        self._clock = clock
        self._nudge = nudge

    # The commands

    async def agreement(self, visit: Visit) -> None:
        """Read `/acuerdo CODE TEXT`; with a code only, show it; alone, offer buttons.  A patient sees their own."""
        therapist = visit.visitor.therapist
        if visit.visitor.patients and (therapist is None or len(visit.text.split()) == 1):
            await visit.reply(screens.held(self._texts, visit.voice, await self._records.held(visit.visitor)))
        if therapist is None:
            if not visit.visitor.patients:
                await visit.reply(screens_arrival.not_here(self._texts, visit.voice, visit.visitor))
            return
        patient, line = await self._read(visit, therapist, RecordKind.AGREEMENT)
        if patient is not None and line:
            await self._write(visit, patient.id, RecordKind.AGREEMENT, line, visit.source)
        elif patient is not None:
            await self._show(visit, await self._agreements(visit, patient.id, 0))

    async def note(self, visit: Visit) -> None:
        """Read `/nota CODE TEXT`; the kind is its first word, or is asked; with a code only, show the last ones."""
        therapist = visit.visitor.therapist
        if therapist is None:
            await visit.reply(screens_arrival.not_here(self._texts, visit.voice, visit.visitor))
            return
        patient, line = await self._read(visit, therapist, RecordKind.MARKER)
        if patient is None:
            return
        kind, text = rules.leading_kind(line)
        if not line:
            await self._show(visit, await self._notes(visit, patient.id, 0))
        elif rules.too_long(text):
            await visit.reply(screens.too_long(self._texts, visit.voice))
        elif kind is None:
            asked = screens.which_kind(self._texts, visit.voice, patient, visit.message_id)
            await visit.reply(asked, quoting=True)
        elif text:
            await self._write(visit, patient.id, kind, text, visit.source)
        else:
            await self._records.ask(therapist, patient.id, kind, visit.receipt)
            self._nudge()

    async def _read(self, visit: Visit, therapist: Therapist, kind: RecordKind) -> tuple[Patient | None, str]:
        """Return whose code was typed, and what follows it; without a code offer buttons."""
        _, *words = visit.text.split(maxsplit=2)
        patients = await self._records.patients(therapist)
        if not words:
            await visit.reply(screens.pick_patient(self._texts, visit.voice, patients, kind))
            return None, ""
        patient = called(patients, words[0].rstrip(",.;:"))
        if patient is None:
            await visit.reply(screens.no_such_patient(self._texts, visit.voice, words[0], patients, kind))
        return patient, rules.written(words[1]) if len(words) > 1 else ""

    async def _write(self, visit: Visit, patient: PatientId, kind: RecordKind, text: str, source: Source) -> bool:
        """Write it down; the confirmation is on its way.  False, and why, if it is not."""
        therapist = visit.visitor.therapist
        refused = (
            await self._records.write(therapist, patient, kind, text, source, visit.receipt)
            if therapist
            else NotRecorded.NO_SUCH_PATIENT
        )
        if refused is None:
            self._nudge()
        elif refused is NotRecorded.TOO_LONG:
            await visit.reply(screens.too_long(self._texts, visit.voice))
        return refused is None

    # The line that a button asked for

    async def asked_at(self, visitor: Visitor) -> datetime | None:
        """Return when a therapist was asked to type a record that has not come and may still come."""
        awaited = await self._records.awaited(visitor)
        return awaited.asked_at if awaited else None

    async def keeps_line(self, visit: Visit, text: str | None) -> bool:
        """Take what is typed as the record that was asked for a moment ago; None, `/nada`: write nothing down."""
        awaited = await self._records.awaited(visit.visitor)
        if awaited is None:
            return False
        if text is None or not rules.written(text):
            await visit.reply(screens.nothing_written(self._texts, visit.voice))
            await self._records.drop(visit.visitor)
            return True
        kept = await self._write(visit, awaited.patient_id, awaited.kind, text, visit.source)
        return kept or rules.too_long(text.strip())

    async def waits_no_more(self, visit: Visit) -> bool:
        """Take no line as a record any more; False if none was asked for."""
        if await self._records.awaited(visit.visitor) is None:
            return False
        await self._records.drop(visit.visitor)
        return True

    async def ask(self, visit: Visit, tap: AskRecord) -> None:
        """Ask for the line."""
        therapist = visit.visitor.therapist
        asked = therapist is not None and await self._records.ask(therapist, tap.patient, tap.kind, visit.receipt)
        await visit.toast(None if asked else not_yours_toast(self._texts, visit.voice))
        self._nudge()

    # Taps

    async def kind(self, visit: Visit, tap: NoteKind) -> None:
        """Write the quoted line down as the kind that was tapped; we held none of it."""
        tapped = visit.update.effective_message
        quoted = tapped.reply_to_message if tapped is not None else None
        found = quoted.text if quoted is not None and quoted.message_id == tap.message_id else None
        _, _, text = (*(found or "").split(maxsplit=2), "", "", "")[:3]
        source = Source(visit.chat_id, tap.message_id)
        written = bool(text) and await self._write(visit, tap.patient, tap.kind, text, source)
        await visit.toast(None if written else not_yours_toast(self._texts, visit.voice))
        if written:
            await visit.messenger.retire(visit.chat_id, visit.message_id)

    async def open_agreement(self, visit: Visit, tap: OpenAgreement) -> None:
        """Show an agreement in place."""
        await self._turn(visit, await self._agreements(visit, tap.patient, tap.page))

    async def open_notes(self, visit: Visit, tap: OpenNotes) -> None:
        """Show a page of notes in place."""
        await self._turn(visit, await self._notes(visit, tap.patient, tap.page))

    async def show_written(self, visit: Visit, tap: ShowWritten) -> None:
        """Show an agreement or the notes below what led to them."""
        page = self._agreements if tap.kind is RecordKind.AGREEMENT else self._notes
        screen = await page(visit, tap.patient, 0)
        await visit.toast(None if screen else not_yours_toast(self._texts, visit.voice))
        await self._show(visit, screen)

    async def retire(self, visit: Visit, tap: RetireAgreement) -> None:
        """Note that an agreement holds no more."""
        record = await self._records.retire(visit.visitor, tap.record, visit.receipt)
        await self._turn(visit, await self._agreements(visit, record.patient_id, 0) if record else None)

    async def strike(self, visit: Visit, tap: StrikeRecord) -> None:
        """Strike out what was written by mistake."""
        record = await self._records.strike(visit.visitor, tap.record, visit.receipt)
        if record is not None and record.struck_at is None:
            await visit.toast(screens.too_late_toast(self._texts, visit.voice))
            return
        await self._turn(visit, screens.struck(self._texts, visit.voice, record) if record else None)

    async def see_agreement(self, visit: Visit, tap: SeeAgreement) -> None:
        """Show a patient the agreement that stands."""
        found = await self._records.held_in(visit.visitor, tap.patient)
        await self._turn(visit, screens.held(self._texts, visit.voice, [found]) if found else None)

    async def see_before(self, visit: Visit, tap: SeeBefore) -> None:
        """Show what there is to know before a session; a guess that is still to come is asked for first."""
        found = await self._preparing.before(visit.visitor, tap.session)
        if found is None:
            await self._turn(visit, None)
            return
        first = await self._gate.before_session(visit.visitor, visit.voice, found)
        await self._turn(visit, first or before.detail(self._texts, visit.voice, found, self._clock.now()))

    async def _agreements(self, visit: Visit, patient: PatientId, page: int) -> Screen | None:
        therapist = visit.visitor.therapist
        found = await self._records.agreements(therapist, patient, page) if therapist else None
        return screens.agreements(self._texts, visit.voice, found) if found else None

    async def _notes(self, visit: Visit, patient: PatientId, page: int) -> Screen | None:
        therapist = visit.visitor.therapist
        found = await self._records.notes(therapist, patient, page) if therapist else None
        return screens.notes(self._texts, visit.voice, found) if found else None

    async def _show(self, visit: Visit, screen: Screen | None) -> None:
        if screen is not None:
            await visit.reply(screen)

    async def _turn(self, visit: Visit, screen: Screen | None) -> None:
        """Show a page in place; None: it is not theirs."""
        await visit.answer(screen, otherwise=not_yours_toast(self._texts, visit.voice))
