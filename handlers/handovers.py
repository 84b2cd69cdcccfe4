"""The files that are handed over are made when they leave: what is held then stands in them."""

import asyncio

from bot.clock import Clock
from bot.domain.model import Person
from bot.domain.notices import OwnData, PatientExport
from bot.services.data_requests import DataRequests
from bot.services.people import People
from bot.texts import Texts
from handlers import screens_rights as screens
from handlers.screen import Screen


class Handovers:
    """Makes files of notices."""

    def __init__(self, data_requests: DataRequests, people: People, texts: Texts, rules: str, clock: Clock) -> None:
        self._data_requests = data_requests
        self._people = people
        self._texts = texts
        self._rules = rules
        self._clock = clock

    async def own(self, to: Person, notice: OwnData) -> list[Screen]:
        """Return the file about a person; nothing if they have left meanwhile."""
        held = await self._data_requests.own(await self._people.visitor(to.chat_id))
        if held is None:
            return []
        from handlers import files  # noqa: PLC0415 - a bot that hands nothing over holds none of what makes files

        file = files.own(self._texts, to.voice, held, notice.form, self._rules, self._clock.now())
        return [screens.own_file(self._texts, to.voice, notice.form, file)]

    async def patient(self, to: Person, notice: PatientExport) -> list[Screen]:
        """Return the file about a patient, or about all of them; nothing if there is none, or it is not theirs."""
        held = await self._data_requests.held(await self._people.visitor(to.chat_id), notice.patient_id)
        if not held:
            return []
        from handlers import files  # noqa: PLC0415 - as above

        code, now = held[0].code if notice.patient_id else None, self._clock.now()
        file = await asyncio.to_thread(
            files.patients, self._texts, to.voice, held, notice.form, self._rules, now, code
        )  # of a whole practice, long enough for somebody who taps to notice
        return [screens.export_file(self._texts, to.voice, notice.form, code, file)] if file else []
