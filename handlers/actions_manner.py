"""What a button about how a person is spoken to means; see `handlers.actions`."""

from dataclasses import dataclass

from bot.domain.manner import Manner
from bot.domain.model import InvitationId, PatientId, Register


@dataclass(frozen=True, slots=True)
class SetManner:
    """A register, a form or a region; `patient`: below the welcome of this patient, else in `/ajustes`."""

    chosen: Manner
    patient: PatientId | None = None


@dataclass(frozen=True, slots=True)
class OfferManner:
    """The text at the door in another register, before anything is decided."""

    invitation: InvitationId
    register: Register


MannerAction = SetManner | OfferManner
