"""Everything Telegram: what the bot understands, and in which room.  The only package that imports `telegram`."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from telegram import Update
from telegram.ext import (
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from handlers import (
    actions,
    actions_agenda,
    actions_alerts,
    actions_guesses,
    actions_manner,
    actions_records,
    actions_reports,
    actions_settings,
    commands,
)
from handlers.access import Door, Room, Rooms, Visit
from handlers.agenda import Agenda
from handlers.appointments import Appointments
from handlers.arrival import Arrival
from handlers.calendars import Calendars
from handlers.danger import Danger
from handlers.failures import LastResort
from handlers.guessing import Guessing
from handlers.help import Help
from handlers.knock import Knock
from handlers.moves import Moves
from handlers.notes import Notes
from handlers.patient import Patient, treated_by_another
from handlers.patient_pages import PatientPages
from handlers.pauses import Pauses
from handlers.records import Records
from handlers.reports import Reports
from handlers.rights import Rights
from handlers.settings import Settings
from handlers.therapist import Therapist
from handlers.urgent import Urgent

BEFORE_ALL: Final = -1

Tapped = Callable[[Visit, Any], Awaitable[None]]
Tapping = Callable[[Knock], Awaitable[None]]
"""What is done about a tap; it raises nothing."""


@dataclass(frozen=True, slots=True)
class House:
    """All the rooms."""

    door: Door
    danger: Danger
    urgent: Urgent
    arrival: Arrival
    patient: Patient
    therapist: Therapist
    pages: PatientPages
    guessing: Guessing
    pauses: Pauses
    notes: Notes
    agenda: Agenda
    appointments: Appointments
    moves: Moves
    calendars: Calendars
    records: Records
    reports: Reports
    rights: Rights
    settings: Settings
    help: Help
    last_resort: LastResort


def register(rooms: Rooms, house: House) -> Tapping:
    """Tell PTB what the bot understands: this is the table of contents.  Taps go past PTB: return where to."""
    door = house.door
    rooms.add_handler(TypeHandler(Update, door.only_private), group=BEFORE_ALL)
    rooms.add_handler(ChatMemberHandler(door.to(house.arrival.membership), ChatMemberHandler.MY_CHAT_MEMBER))
    new = filters.UpdateType.MESSAGE
    for name, room in _commands(house).items():
        listening = _writing if name in WRITE else _listening
        inside = door.to(listening(house, room), open_always=name in HELP, only_tells=name in ONLY_TELL)
        rooms.add_handler(CommandHandler(name, inside, filters=new))
    rooms.add_handler(MessageHandler(new & _WITH_ACCENT, door.to(_listening(house, house.agenda.session))))
    rooms.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, door.to(house.patient.edited)))
    rooms.add_handler(MessageHandler(filters.COMMAND, door.to(_listening(house, house.help.unknown), only_tells=True)))
    rooms.add_handler(MessageHandler(filters.TEXT & filters.REPLY, door.to(_replies(house))))
    rooms.add_handler(MessageHandler(filters.TEXT, door.to(house.patient.words)))
    rooms.add_handler(MessageHandler(_CALENDAR, door.to(_listening(house, _calendar(house)))))
    rooms.add_handler(MessageHandler(~filters.StatusUpdate.ALL, door.to(house.patient.media, only_tells=True)))
    rooms.add_error_handler(house.last_resort.note)
    return _tapping(house)


HELP: Final = commands.names("ayuda")
_SHOWING: Final = ("pacientes", "agenda", "alertas", "resumen", "historial")
ONLY_TELL: Final = {name for command in _SHOWING for name in commands.names(command)}
"""Commands that change nothing."""


WRITE: Final = {name for command in ("acuerdo", "nota") for name in commands.names(command)}
"""Commands after which a therapist writes about a patient, and may name what cannot wait."""

_WITH_ACCENT: Final = filters.Regex(re.compile(r"^/sesi(?:ó|o\u0301)n(?:\s|$)", re.IGNORECASE))
"""As a keyboard that corrects writes the command; Telegram calls it none, for an accent is in no command."""

_CALENDAR: Final = filters.Document.FileExtension("ics") | filters.Document.MimeType("text/calendar")


def _calendar(house: House) -> Room:
    """Lead therapists with a calendar file to the calendars; everybody else's is refused like any other file."""

    async def room(visit: Visit) -> None:
        await (house.calendars.file(visit) if visit.visitor.therapist else house.patient.media(visit))

    return room


def _replies(house: House) -> Room:
    """Lead a therapist's answer to the page of a move to the moves; every other reply is words like any."""
    moves = _listening(house, house.moves.line)

    async def room(visit: Visit) -> None:
        await (moves(visit) if house.moves.answers(visit) else house.patient.words(visit))

    return room


def _listening(house: House, room: Room) -> Room:
    """Listen for what cannot wait before a command is obeyed: `/ayuda` may be followed by what it is about."""

    async def listens(visit: Visit) -> None:
        if not await house.danger.hears(visit):
            await room(visit)

    return listens


def _writing(house: House, room: Room) -> Room:
    """Let a therapist write of self-harm or abuse without being taken for the one who speaks of it.

    Whoever is in treatment with somebody else may mean themselves: they are heard first.
    """
    listens = _listening(house, room)

    async def writes(visit: Visit) -> None:
        at_work = visit.visitor.therapist is not None and not treated_by_another(visit.visitor)
        await (room if at_work else listens)(visit)

    return writes


def _commands(house: House) -> dict[str, Room]:
    """Return every command, by its Spanish and its English name."""
    spanish: dict[str, Room] = {
        "nuevo": house.arrival.new_patient,
        "pacientes": house.pages.patients,
        "sesion": house.agenda.session,
        "agenda": house.appointments.agenda,
        "resumen": house.therapist.summary,
        "acuerdo": house.records.agreement,
        "nota": house.records.note,
        "alertas": house.therapist.following,
        "historial": house.reports.history,
        "exportar": house.rights.export,
        "misdatos": house.rights.own_data,
        "privacidad": house.rights.privacy,
        "baja": house.rights.leave,
        "pausa": house.arrival.pause,
        "reanudar": house.arrival.resume,
        "ajustes": house.settings.settings,
        "ayuda": house.help.help,
        "nada": house.notes.nothing,
    }
    both = {name: room for command, room in spanish.items() for name in commands.names(command)}
    return {"start": house.arrival.start, **both}


def _tapping(house: House) -> Tapping:
    """Lead every tap to the room of its button; what that raises is noted."""
    room = _taps(house)

    async def tapped(knock: Knock) -> None:
        action = knock.tapped.action if knock.tapped is not None else None
        only_tells = action is None or isinstance(action, actions.ONLY_SHOW)
        try:
            await house.door.tap(knock, room, only_tells=only_tells)
        except Exception as error:  # noqa: BLE001 - the last resort, as PTB's for every other update
            house.last_resort.raised(knock.receipt, error)

    return tapped


def _taps(house: House) -> Room:
    """Return the room of every button."""
    rooms: dict[type[Any], Tapped] = {
        actions.ScoreTap: house.patient.score,
        actions.Back: house.patient.back,
        actions.Later: house.patient.later,
        actions.NotThisTime: house.patient.decline,
        actions.NoSession: house.patient.no_session,
        actions.AnswerNow: house.patient.answer_now,
        actions.Done: house.patient.done,
        actions.Correct: house.patient.correct,
        actions.KeepMessage: house.patient.keep_message,
        actions.ConsentTap: house.arrival.decide,
        actions.ConsentAgainTap: house.rights.decide_again,
        actions.LeaveTap: house.rights.leaves,
        actions.ExportTap: house.rights.hand_over,
        actions.EnrolTap: house.arrival.enrol,
        actions_alerts.See: house.therapist.see,
        actions_alerts.ReadWords: house.therapist.words,
        actions_alerts.RepairGuide: house.therapist.guide,
        actions_alerts.Talked: house.therapist.talked,
        actions_alerts.FalseAlarm: house.therapist.false_alarm,
        actions_alerts.Seen: house.therapist.seen,
        actions_alerts.BackToAlert: house.therapist.back_to_alert,
        actions_alerts.SaidRepaired: house.therapist.said_repaired,
        actions_alerts.ReadNote: house.notes.read,
        actions_alerts.NoNote: house.notes.none,
        actions_alerts.DropNote: house.notes.drop,
        actions_alerts.OpenFollowing: house.therapist.turn_following,
        actions.ConcernSeen: house.urgent.seen,
        actions.ConcernWords: house.urgent.words,
        actions.ConcernContacted: house.urgent.contacted,
        actions.TellTherapist: house.danger.tell_therapist,
        actions.TellOther: house.danger.tell_other,
        actions.TellNobody: house.danger.tell_nobody,
        actions.ForgetHere: house.danger.forget,
        actions.ReadDisclosure: house.urgent.disclosed,
        actions.ReadLeft: house.therapist.read_left,
        actions.ReadWritten: house.therapist.written,
        actions.NoSessionConfirm: house.therapist.no_session,
        actions.UndoSession: house.agenda.undo,
        actions_agenda.JustEnded: house.agenda.just_ended,
        actions.PickPatient: house.agenda.pick_patient,
        actions.PickWhen: house.agenda.pick_when,
        actions.PickDay: house.agenda.pick_day,
        actions.PickHour: house.agenda.pick_hour,
        actions_agenda.WeeklyDay: house.agenda.weekly_day,
        actions_agenda.WeeklyHour: house.agenda.weekly_hour,
        actions_agenda.ItWasThen: house.agenda.it_was_then,
        actions_agenda.PickSeries: house.agenda.pick_series,
        actions_agenda.UndoSeries: house.appointments.undo_series,
        actions_agenda.OpenAgenda: house.appointments.open_agenda,
        actions_agenda.OpenSession: house.appointments.open_session,
        actions_agenda.OpenSeries: house.appointments.open_series,
        actions_agenda.MoveSession: house.appointments.move,
        actions_agenda.MoveDay: house.appointments.move_day,
        actions_agenda.MoveHour: house.appointments.move_hour,
        actions_agenda.CallOff: house.appointments.call_off,
        actions_agenda.RestoreSession: house.appointments.restore,
        actions_agenda.SetPlace: house.appointments.set_place,
        actions_agenda.SetCut: house.appointments.set_cut,
        actions_agenda.EndSeries: house.appointments.end_series,
        actions_agenda.ResumeSeries: house.appointments.resume_series,
        actions_agenda.NameTitle: house.calendars.name_title,
        actions_agenda.NobodysTitles: house.calendars.nobodys_titles,
        actions_agenda.CallOffMissing: house.calendars.call_off_missing,
        actions_records.TakenUpTap: house.patient.taken_up,
        actions_records.ShowPending: house.patient.show_pending,
        actions_records.OpenAgreement: house.records.open_agreement,
        actions_records.OpenNotes: house.records.open_notes,
        actions_records.ShowWritten: house.records.show_written,
        actions_records.AskRecord: house.records.ask,
        actions_records.NoteKind: house.records.kind,
        actions_records.RetireAgreement: house.records.retire,
        actions_records.StrikeRecord: house.records.strike,
        actions_records.SeeAgreement: house.records.see_agreement,
        actions_records.SeeBefore: house.records.see_before,
        actions_manner.OfferManner: house.arrival.offer_manner,
        actions_manner.SetManner: house.settings.set_manner,
        actions_settings.SetLanguage: house.settings.set_language,
        actions_settings.SetZone: house.settings.set_zone,
        actions_settings.SetQuiet: house.settings.set_quiet,
        actions_settings.SetWorking: house.settings.set_working,
        actions_settings.OpenSettings: house.settings.open_settings,
        actions_settings.OpenZones: house.settings.open_zones,
        actions_guesses.Guessed: house.guessing.guessed,
        actions_guesses.GuessedBefore: house.guessing.guessed_before,
        actions_guesses.SeeNow: house.guessing.see_now,
        actions_guesses.OpenGuess: house.guessing.open,
        actions_guesses.OpenPatients: house.pages.turn,
        actions_guesses.OpenPatient: house.pages.open,
        actions_guesses.OfferPause: house.pages.offer_pause,
        actions_guesses.StartPause: house.pauses.start,
        actions_guesses.StopPause: house.pauses.stop,
        actions_reports.OpenAlert: house.reports.alert,
        actions_reports.OpenHistory: house.reports.ask,
        actions_reports.PickHistory: house.reports.pick,
        actions_reports.HistoryPage: house.reports.turn,
    }

    async def tapped(visit: Visit) -> None:
        action = visit.knock.tapped.action if visit.knock.tapped is not None else None
        if action is None:
            await house.help.unreadable_tap(visit)
        else:
            await rooms[type(action)](visit, action)

    return tapped
