"""Help, and whatever nobody else understood."""

import structlog

from bot.domain.errors import StoreTroubleError
from bot.domain.safety import HelpCard
from bot.services.checkins import CheckIns
from bot.texts import Texts
from handlers import screens_help as screens
from handlers.access import Visit
from handlers.nudge import Nudge
from handlers.screens_patient import not_yours_toast

log = structlog.get_logger()


class Help:
    """What anybody may ask."""

    def __init__(self, check_ins: CheckIns, texts: Texts, card: HelpCard, nudge: Nudge) -> None:
        self._check_ins = check_ins
        self._texts = texts
        self._card = card
        self._nudge = nudge

    async def help(self, visit: Visit) -> None:
        """Show whom to call, then what can be done here; a question that was being answered comes below."""
        await visit.reply(screens.help_page(self._texts, visit.voice, self._card, visit.visitor.roles))
        if not visit.visitor.patients:
            return
        try:
            await self._check_ins.show_again(visit.visitor, visit.receipt)
        except StoreTroubleError:
            log.warning("a question was not shown again", inbox=visit.receipt)  # rather than help over and over
        self._nudge()

    async def unknown(self, visit: Visit) -> None:
        """Say kindly that this command does not exist."""
        await visit.reply(screens.unknown_command(self._texts, visit.voice))

    async def unreadable_tap(self, visit: Visit) -> None:
        """Answer a button whose data we never wrote; nothing changes."""
        await visit.toast(not_yours_toast(self._texts, visit.voice))
