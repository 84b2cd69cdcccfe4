"""`/ajustes`: language, time zone, quiet hours and working hours, by buttons or in one typed line."""

from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.domain.folding import fold
from bot.domain.hours import QuietHours, WorkingHours
from bot.domain.model import Person, Therapist, Visitor, Voice
from bot.domain.places import PLACES, ZONES, zones_named
from bot.services.rights import Rights
from bot.texts import Texts
from bot.when.rest import is_about_work, read_rest, read_work
from handlers import screens_arrival, screens_manner
from handlers import screens_settings as screens
from handlers.access import Visit
from handlers.actions_manner import SetManner
from handlers.actions_settings import OpenSettings, OpenZones, SetLanguage, SetQuiet, SetWorking, SetZone
from handlers.nudge import Nudge
from handlers.screen import Screen
from handlers.screens_patient import not_yours_toast
from handlers.screens_settings import Rest, Work


class Settings:
    """What a person chooses about how and when the bot speaks to them."""

    def __init__(
        self,
        rights: Rights,
        texts: Texts,
        clock: Clock,
        patients: QuietHours,
        therapists: QuietHours,
        working: WorkingHours,
        nudge: Nudge,
    ) -> None:
        self._rights = rights
        self._texts = texts
        self._clock = clock
        self._patients = patients
        self._therapists = therapists
        self._working = working
        self._nudge = nudge

    async def settings(self, visit: Visit) -> None:
        """Show what is chosen now, or change what the typed line says: hours ("22:00-9:00", "trabajo 9-14"), a zone."""
        line = visit.text.partition(" ")[2].strip()
        if not line or visit.visitor.person is None:
            await visit.reply(self._page(visit))
        elif visit.visitor.therapist is not None and is_about_work(line):
            await visit.reply(await self._works(visit, line))
        elif (quiet := read_rest(line)) is not None:
            await self._say(visit, await self._rights.rest(visit.visitor, visit.receipt, quiet))
        else:
            await self._move(visit, line)

    async def _works(self, visit: Visit, line: str) -> Screen:
        """Change the working hours to those that were typed; offer some if they cannot be read."""
        working = read_work(line)
        if working is None:
            return screens.settings_working(self._texts, visit.voice, self._working)
        return self._page(visit, therapist=await self._rights.work(visit.visitor, visit.receipt, working))

    async def _move(self, visit: Visit, line: str) -> None:
        found = self._zones(visit, line)
        country = None if found else self._country(visit, line)
        if country is not None and len(PLACES[country]) > 1:
            await visit.reply(screens.settings_zone(self._texts, visit.voice, country))
            return
        if country is not None:
            found = (ZoneInfo(PLACES[country][0]),)
        if len(found) != 1:
            await visit.reply(screens.settings_unclear(self._texts, visit.voice, found))
            return
        await self._say(visit, await self._rights.speak(visit.visitor, visit.receipt, zone=found[0]))

    def _zones(self, visit: Visit, line: str) -> tuple[ZoneInfo, ...]:
        """Return the zones that may be meant; a city may be called as it is on the buttons («Ciudad de México»)."""
        called = [zone for name in ZONES if fold(self._texts.zone(visit.voice, zone := ZoneInfo(name))) == fold(line)]
        return zones_named(line) or tuple(called)

    def _country(self, visit: Visit, line: str) -> str | None:
        """Return the country that was typed, as it is called on the buttons."""
        return next((one for one in PLACES if fold(self._texts.country(visit.voice, one)) == fold(line)), None)

    async def _say(self, visit: Visit, person: Person | None) -> None:
        """Answer a typed line with the settings as they are now."""
        await visit.reply(self._page(visit, person))
        self._nudge()

    async def open_settings(self, visit: Visit, tap: OpenSettings) -> None:
        """Turn to a page of the settings."""
        await visit.toast()
        match tap.what:
            case "menu":
                await visit.edit(self._page(visit))
            case "language":
                await visit.edit(screens.settings_language(self._texts, visit.voice))
            case "manner":
                await visit.edit(self._manner(visit, visit.voice))
            case "zone":
                await visit.edit(screens.settings_country(self._texts, visit.voice))
            case "quiet":
                practice = self._practice(visit.visitor)
                await visit.edit(screens.settings_quiet(self._texts, visit.voice, practice))
            case "working":
                await visit.edit(screens.settings_working(self._texts, visit.voice, self._working))

    async def open_zones(self, visit: Visit, tap: OpenZones) -> None:
        """Show the time zones of a country."""
        await visit.toast()
        await visit.edit(screens.settings_zone(self._texts, visit.voice, tap.country))

    async def set_language(self, visit: Visit, tap: SetLanguage) -> None:
        """Speak another language from now on, menu included."""
        person = await self._rights.speak(visit.visitor, visit.receipt, language=tap.language)
        await self._changed(visit, person)
        if person is not None:
            await visit.messenger.show_menu(person, visit.visitor.roles)

    async def set_manner(self, visit: Visit, tap: SetManner) -> None:
        """Be spoken to in another manner from now on; the page says so in it."""
        mine = [patient for patient in visit.visitor.patients if tap.patient in (None, patient.id)]
        person = None
        if tap.patient is None or mine:
            person = await self._rights.speak(visit.visitor, visit.receipt, manner=tap.chosen)
        await visit.toast(None if person is not None else not_yours_toast(self._texts, visit.voice))
        if person is None:
            return
        if tap.patient is None:
            await visit.edit(self._manner(visit, person.voice))
        else:
            await visit.edit(screens_arrival.consented(self._texts, person.voice, mine[0].therapist, mine[0].id))
        self._nudge()

    def _manner(self, visit: Visit, voice: Voice) -> Screen:
        return screens_manner.manner(self._texts, voice, is_patient=bool(visit.visitor.patients))

    async def set_zone(self, visit: Visit, tap: SetZone) -> None:
        """Live in another time zone from now on."""
        person = await self._rights.speak(visit.visitor, visit.receipt, zone=ZoneInfo(tap.zone))
        await self._changed(visit, person)

    async def set_quiet(self, visit: Visit, tap: SetQuiet) -> None:
        """Rest at other hours from now on."""
        await self._changed(visit, await self._rights.rest(visit.visitor, visit.receipt, tap.quiet))

    async def set_working(self, visit: Visit, tap: SetWorking) -> None:
        """Work at other hours from now on."""
        therapist = await self._rights.work(visit.visitor, visit.receipt, tap.working)
        await visit.toast(None if therapist is not None else not_yours_toast(self._texts, visit.voice))
        if therapist is not None:
            await visit.edit(self._page(visit, therapist=therapist))

    async def _changed(self, visit: Visit, person: Person | None) -> None:
        await visit.toast(None if person is not None else not_yours_toast(self._texts, visit.voice))
        if person is not None:
            await visit.edit(self._page(visit, person))
            self._nudge()

    def _page(self, visit: Visit, person: Person | None = None, therapist: Therapist | None = None) -> Screen:
        """Show what is chosen, by who they are now."""
        voice = person.voice if person is not None else visit.voice
        hours = self._rest(visit.visitor, person), self._work(therapist or visit.visitor.therapist)
        return screens.settings(self._texts, voice, self._clock.now(), *hours)

    def _work(self, therapist: Therapist | None) -> Work | None:
        """Return when this therapist's sessions begin; None for somebody else."""
        if therapist is None:
            return None
        return Work(therapist.works(self._working), own=therapist.working is not None)

    def _practice(self, visitor: Visitor) -> QuietHours:
        return self._patients if visitor.patients else self._therapists

    def _rest(self, visitor: Visitor, person: Person | None = None) -> Rest | None:
        """Return when this person is left in peace; None for somebody who is never written to unasked by day."""
        if not visitor.rests:
            return None
        practice, now = self._practice(visitor), person or visitor.person
        own = now.quiet if now is not None else None
        return Rest(own or practice, own=own is not None)
