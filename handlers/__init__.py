"""Everything Telegram: what the bot understands, and in which room.  The only package that imports `telegram`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from telegram import Update
from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from handlers import commands, keyboards
from handlers.access import Door, Room, Rooms, Visit
from handlers.agenda import Agenda
from handlers.arrival import Arrival
from handlers.failures import LastResort
from handlers.help import Help
from handlers.patient import Patient
from handlers.therapist import Therapist

BEFORE_ALL: Final = -1

Tapped = Callable[[Visit, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class House:
    """All the rooms."""

    door: Door
    arrival: Arrival
    patient: Patient
    therapist: Therapist
    agenda: Agenda
    help: Help
    last_resort: LastResort


def register(rooms: Rooms, house: House) -> None:
    """Tell PTB what the bot understands: this is the table of contents."""
    door = house.door
    rooms.add_handler(TypeHandler(Update, door.only_private), group=BEFORE_ALL)
    rooms.add_handler(CallbackQueryHandler(door.to(_taps(house))))
    rooms.add_handler(ChatMemberHandler(door.to(house.arrival.membership), ChatMemberHandler.MY_CHAT_MEMBER))
    new = filters.UpdateType.MESSAGE
    for name, room in _commands(house).items():
        rooms.add_handler(CommandHandler(name, door.to(room, open_always=name in HELP), filters=new))
    rooms.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, door.to(house.patient.edited)))
    rooms.add_handler(MessageHandler(filters.COMMAND, door.to(house.help.unknown)))
    rooms.add_handler(MessageHandler(filters.TEXT, door.to(house.patient.words)))
    rooms.add_handler(MessageHandler(~filters.StatusUpdate.ALL, door.to(house.patient.media)))
    rooms.add_error_handler(house.last_resort.note)


HELP: Final = commands.names("ayuda")


def _commands(house: House) -> dict[str, Room]:
    """Return every command, by its Spanish and its English name."""
    spanish: dict[str, Room] = {
        "nuevo": house.arrival.new_patient,
        "pacientes": house.therapist.patients,
        "sesion": house.agenda.session,
        "resumen": house.therapist.summary,
        "pausa": house.arrival.pause,
        "reanudar": house.arrival.resume,
        "ajustes": house.help.settings,
        "ayuda": house.help.help,
    }
    both = {name: room for command, room in spanish.items() for name in commands.names(command)}
    return {"start": house.arrival.start, **both}


def _taps(house: House) -> Room:
    """Return the room of every button."""
    rooms: dict[type[Any], Tapped] = {
        keyboards.ScoreTap: house.patient.score,
        keyboards.Back: house.patient.back,
        keyboards.Later: house.patient.later,
        keyboards.NotThisTime: house.patient.decline,
        keyboards.NoSession: house.patient.no_session,
        keyboards.AnswerNow: house.patient.answer_now,
        keyboards.Done: house.patient.done,
        keyboards.Correct: house.patient.correct,
        keyboards.KeepMessage: house.patient.keep_message,
        keyboards.ConsentTap: house.arrival.decide,
        keyboards.EnrolTap: house.arrival.enrol,
        keyboards.See: house.therapist.see,
        keyboards.ReadWords: house.therapist.words,
        keyboards.RepairGuide: house.therapist.guide,
        keyboards.Talked: house.therapist.talked,
        keyboards.FalseAlarm: house.therapist.false_alarm,
        keyboards.Seen: house.therapist.seen,
        keyboards.BackToAlert: house.therapist.back_to_alert,
        keyboards.ConcernSeen: house.therapist.concern_seen,
        keyboards.ConcernWords: house.therapist.concern_words,
        keyboards.ReadLeft: house.therapist.read_left,
        keyboards.NoSessionConfirm: house.therapist.no_session,
        keyboards.UndoSession: house.agenda.undo,
        keyboards.PickPatient: house.agenda.pick_patient,
        keyboards.PickWhen: house.agenda.pick_when,
        keyboards.SetLanguage: house.help.set_language,
        keyboards.SetZone: house.help.set_zone,
        keyboards.OpenSettings: house.help.open_settings,
    }

    async def tapped(visit: Visit) -> None:
        query = visit.update.callback_query
        action = keyboards.decode(query.data or "") if query is not None else None
        if action is None:
            await house.help.unreadable_tap(visit)
        else:
            await rooms[type(action)](visit, action)

    return tapped
