"""What a patient left pending the time before: what the next check-in asks about.  For services of the check-in."""

from dataclasses import dataclass, field

from bot.domain.instrument import MUCH_PENDING
from bot.domain.model import CheckIn, Item, Score, WordsKind
from bot.services.ports import Tx


@dataclass(frozen=True, slots=True)
class LeftPending:
    """The score (7 or more), or the words, or both."""

    score: Score | None = field(repr=False)
    words: str | None = field(repr=False)


async def left_pending(tx: Tx, check_in: CheckIn) -> LeftPending | None:
    """Return what the answered check-in before this one left pending; None if that was nothing."""
    history = await tx.check_ins.history(check_in.treatment_id)
    earlier = [rating for rating in history if rating.session_at < check_in.session_ends_at]
    if not earlier:
        return None
    words = await tx.check_ins.words_of(earlier[-1].check_in_id)
    said = "\n".join(one.text for one in words if one.kind is WordsKind.PENDING) or None
    score = earlier[-1].scores.get(Item.PENDING)
    much = score is not None and score >= MUCH_PENDING
    return LeftPending(score, said) if much or said else None
