"""The microchequeo: three items, always in this order, 0–10 each (wording: `bot/texts`, after seed 0).

`pending` has reversed polarity (10 = much was left) and never enters the alliance.
"""

from typing import Final

from bot.domain.model import Item

ALLIANCE: Final = (Item.UNDERSTOOD, Item.SENSE)
THREE_ITEMS: Final = (Item.UNDERSTOOD, Item.SENSE, Item.PENDING)
TWO_ITEMS: Final = (Item.UNDERSTOOD, Item.SENSE)

MUCH_PENDING: Final = 7
"""From this `pending` score on, the patient is asked what was left (DESIGN §5)."""

WORDING: Final = 1
"""Grows when an item is reworded: a reworded item is another measure."""
