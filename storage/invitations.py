"""One-time links and the wrong tokens that were tried."""

from datetime import datetime
from typing import Final

from sqlalchemy import RowMapping, Select, bindparam, func, select, update

from bot.domain.model import Invitation, InvitationId, PatientId, PersonId, Role
from storage.dialects import insert_into
from storage.rows import Rows
from storage.schema import failed_starts, invitations

_BY_TOKEN: Final = select(invitations).where(invitations.c.token_ref == bindparam("token"))
_BY_ID: Final = select(invitations).where(invitations.c.id == bindparam("invitation"))
_OF_ALL: Final = select(func.count()).select_from(failed_starts).where(failed_starts.c.at >= bindparam("since"))
_OF_CHAT: Final = _OF_ALL.where(failed_starts.c.chat_ref == bindparam("chat"))
"""What each guess of a stranger asks, built once."""


class InvitationRows(Rows):
    """The part of `bot.services.ports.People` that is about getting in."""

    async def add_invitation(
        self, role: Role, token: str, name: str, patient_id: PatientId | None, at: datetime, expires_at: datetime
    ) -> InvitationId:
        """Add a link; earlier unused ones of the same patient end now."""
        if patient_id is not None:
            earlier = (invitations.c.patient_id == patient_id) & invitations.c.used_at.is_(None)
            await self._do(update(invitations).where(earlier).values(expires_at=at))
        row = {
            "role": role,
            "token_ref": self._ring.blind("token", token),
            "name": self._ring.seal(name),
            "patient_id": patient_id,
            "created_at": at,
            "expires_at": expires_at,
        }
        return InvitationId(await self._add(insert_into(invitations).values(row)))

    async def invitation_of(self, token: str) -> Invitation | None:
        """Find by token."""
        return await self._invitation(_BY_TOKEN, token=self._ring.blind("token", token))

    async def invitation(self, invitation_id: InvitationId) -> Invitation | None:
        """Find by id."""
        return await self._invitation(_BY_ID, invitation=invitation_id)

    async def opened_invitation(self, person_id: PersonId) -> Invitation | None:
        """Return the newest unused invitation this person has opened."""
        mine = (invitations.c.opened_by == person_id) & invitations.c.used_at.is_(None)
        return await self._invitation(select(invitations).where(mine).order_by(invitations.c.id.desc()).limit(1))

    async def open_invitation(self, invitation_id: InvitationId, person_id: PersonId, at: datetime) -> None:
        """Bind to the first account that opens it."""
        unopened = (invitations.c.id == invitation_id) & invitations.c.opened_by.is_(None)
        await self._do(update(invitations).where(unopened).values(opened_by=person_id, opened_at=at))

    async def rename_invitation(self, invitation_id: InvitationId, name: str) -> None:
        """Change the name before enrolling."""
        sealed = self._ring.seal(name)
        await self._do(update(invitations).where(invitations.c.id == invitation_id).values(name=sealed))

    async def use_invitation(self, invitation_id: InvitationId, at: datetime) -> None:
        """Use it up."""
        await self._do(update(invitations).where(invitations.c.id == invitation_id).values(used_at=at))

    async def failed_starts(self, chat_id: int, since: datetime) -> int:
        """Count wrong tokens from this chat."""
        return int(await self._value(_OF_CHAT, chat=self._ring.blind("chat", chat_id), since=since))

    async def wrong_links(self, since: datetime) -> int:
        """Count wrong tokens from everybody."""
        return int(await self._value(_OF_ALL, since=since))

    async def note_failed_start(self, chat_id: int, at: datetime) -> None:
        """Count one more."""
        await self._do(insert_into(failed_starts).values(chat_ref=self._ring.blind("chat", chat_id), at=at))

    async def _invitation(self, statement: Select[tuple[object, ...]], **values: object) -> Invitation | None:
        row = await self._one(statement, **values)
        return self._read(row) if row else None

    def _read(self, row: RowMapping) -> Invitation:
        return Invitation(
            InvitationId(row["id"]),
            Role(row["role"]),
            self._ring.unseal(row["name"]),
            row["patient_id"],
            row["expires_at"],
            row["opened_by"],
            row["used_at"],
        )
