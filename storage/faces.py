"""Marks of what a person was shown, made without a look at the row: they go along with somebody else's transaction."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Integer, String, bindparam, case, func, null, or_, update

from bot.domain.check_in import CLOSING_STATES
from bot.domain.model import CheckIn, CheckInState
from bot.domain.post import Sent
from bot.domain.timing import LAG
from storage.columns import Instant
from storage.prepared import Prepared
from storage.rows import Rows
from storage.schema import check_ins

_ROW: Final = check_ins.c
_AT: Final[Any] = bindparam("at", type_=Instant)
_STANDS: Final = (
    (_ROW.state == bindparam("stood", type_=String))
    & (_ROW.step == bindparam("at_step", type_=String))
    & (_ROW.has_words == bindparam("with_words", type_=Integer))
    & (_ROW.ask_again_at.is_not_distinct_from(bindparam("again_at", type_=Instant)))
)
"""Whether the row has the face that was shown (`bot.domain.check_in.face`)."""

_HAS_FACE: Final = or_(*(_ROW.state == state for state in (CheckInState.OPEN, CheckInState.DONE, *CLOSING_STATES)))
_MARK: Final = Prepared(
    update(check_ins)
    .where(_ROW.id == bindparam("row"), _ROW.message_id == bindparam("message", type_=Integer))
    .values(
        shown=bindparam("face", type_=String),
        text_version=func.coalesce(bindparam("version", type_=String), _ROW.text_version),
        sent_at=case(
            (_ROW.sent_at.is_(None) & _ROW.asked_at.is_not(None), func.min(_AT, func.coalesce(_ROW.opened_at, _AT))),
            else_=_ROW.sent_at,
        ),
        lag_at=case(
            (_STANDS, null()),
            (_HAS_FACE & _ROW.asked_at.is_not(None), bindparam("lag", type_=Instant)),
            else_=_ROW.lag_at,
        ),
    )
)


class FaceRows(Rows):
    """The part of `bot.services.ports.CheckIns` that is about what was shown."""

    async def mark_face(self, check_in: CheckIn, sent: Sent, at: datetime) -> None:
        """Note what its message shows; the lag ends if the check-in stands as it did then, else it begins anew.

        Nothing is noted where the check-in has another message meanwhile, or none any more.
        """
        stood = {"stood": check_in.state, "at_step": check_in.step, "with_words": int(check_in.has_words)}
        shown = {"face": sent.face, "message": sent.message_id, "version": sent.text_version}
        again = {"again_at": check_in.ask_again_at, "at": at, "lag": at + LAG}
        self._later(_MARK, {"row": check_in.id, **stood, **shown, **again})
