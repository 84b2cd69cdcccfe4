"""Help, settings, and whatever nobody else understood."""

from zoneinfo import ZoneInfo

import structlog

from bot.clock import Clock
from bot.domain.errors import StoreUnavailableError
from bot.domain.safety import HelpCard
from bot.services.checkins import CheckIns
from bot.services.rights import Rights
from bot.texts import Texts
from handlers import screens_help as screens
from handlers.access import Visit
from handlers.actions import OpenSettings, SetLanguage, SetZone
from handlers.nudge import Nudge
from handlers.screens_patient import not_yours_toast

log = structlog.get_logger()


class Help:
    """What anybody may ask."""

    def __init__(
        self, rights: Rights, check_ins: CheckIns, texts: Texts, clock: Clock, card: HelpCard, nudge: Nudge
    ) -> None:
        self._rights = rights
        self._check_ins = check_ins
        self._texts = texts
        self._clock = clock
        self._card = card
        self._nudge = nudge

    async def help(self, visit: Visit) -> None:
        """Show whom to call, then what can be done here; a question that was being answered comes below."""
        await visit.reply(screens.help_page(self._texts, visit.voice, self._card, visit.visitor.roles))
        if not visit.visitor.patients:
            return
        try:
            await self._check_ins.show_again(visit.visitor, visit.receipt)
        except StoreUnavailableError:
            log.warning("a question was not shown again", inbox=visit.receipt)  # rather than help over and over
        self._nudge()

    async def unknown(self, visit: Visit) -> None:
        """Say kindly that this command does not exist."""
        await visit.reply(screens.unknown_command(self._texts, visit.voice))

    async def settings(self, visit: Visit) -> None:
        """Show language and time zone."""
        await visit.reply(screens.settings(self._texts, visit.voice, self._clock.now()))

    async def open_settings(self, visit: Visit, tap: OpenSettings) -> None:
        """Turn to a page of the settings."""
        await visit.toast()
        match tap.what:
            case "menu":
                await visit.edit(screens.settings(self._texts, visit.voice, self._clock.now()))
            case "language":
                await visit.edit(screens.settings_language(self._texts, visit.voice))
            case "zone":
                await visit.edit(screens.settings_zone(self._texts, visit.voice))

    async def set_language(self, visit: Visit, tap: SetLanguage) -> None:
        """Speak another language from now on, menu included."""
        voice = await self._rights.speak(visit.visitor, visit.receipt, language=tap.language)
        await self._changed(visit, voice is not None)
        if voice is not None and visit.visitor.person is not None:
            await visit.edit(screens.settings(self._texts, voice, self._clock.now()))
            person = type(visit.visitor.person)(visit.visitor.person.id, visit.chat_id, voice)
            await visit.messenger.show_menu(person, visit.visitor.roles)

    async def set_zone(self, visit: Visit, tap: SetZone) -> None:
        """Live in another time zone from now on."""
        voice = await self._rights.speak(visit.visitor, visit.receipt, zone=ZoneInfo(tap.zone))
        await self._changed(visit, voice is not None)
        if voice is not None:
            await visit.edit(screens.settings(self._texts, voice, self._clock.now()))

    async def _changed(self, visit: Visit, changed: bool) -> None:  # noqa: FBT001 - private, one meaning
        await visit.toast(None if changed else not_yours_toast(self._texts, visit.voice))

    async def unreadable_tap(self, visit: Visit) -> None:
        """Answer a button whose data we never wrote; nothing changes."""
        await visit.toast(not_yours_toast(self._texts, visit.voice))
