"""The room of what is read again: a patient's history, and the alerts that a report leads to."""

from dataclasses import replace

from bot.domain.model import PatientId
from bot.services.alerts import Alerts
from bot.services.histories import Histories
from bot.texts import Texts
from handlers import screens_alerts, screens_arrival, screens_therapist
from handlers import screens_history as screens
from handlers.access import Visit
from handlers.actions_reports import HistoryPage, OpenAlert, OpenHistory, PickHistory
from handlers.gate import Gate
from handlers.panels import alert_picture, course_picture
from handlers.parts import called
from handlers.screens_patient import not_yours_toast


class Reports:
    """What a therapist looks up."""

    def __init__(self, histories: Histories, alerts: Alerts, gate: Gate, texts: Texts) -> None:
        self._histories = histories
        self._alerts = alerts
        self._gate = gate
        self._texts = texts

    async def history(self, visit: Visit) -> None:
        """Show the history of the patient named in the line; ask whose it is where none is."""
        if visit.visitor.therapist is None:
            await visit.reply(screens_arrival.not_here(self._texts, visit.voice, visit.visitor))
            return
        patients = await self._histories.patients(visit.visitor)
        _, *words = visit.text.split(maxsplit=1)
        if not words:
            await visit.reply(screens.pick(self._texts, visit.voice, patients))
            return
        word = words[0].split()[0]
        patient = called(patients, word)
        if patient is None:
            await visit.reply(screens_therapist.no_such_patient(self._texts, visit.voice, word, patients))
        else:
            await self.show(visit, patient.id)

    async def ask(self, visit: Visit, tap: OpenHistory) -> None:
        """Ask whose history is to be shown, in a message of its own."""
        del tap
        if visit.visitor.therapist is None:
            await visit.toast(not_yours_toast(self._texts, visit.voice))
            return
        await visit.toast()
        await visit.reply(screens.pick(self._texts, visit.voice, await self._histories.patients(visit.visitor)))

    async def pick(self, visit: Visit, tap: PickHistory) -> None:
        """Show the history of a patient who was picked."""
        shown = await self.show(visit, tap.patient)
        await visit.toast(None if shown else not_yours_toast(self._texts, visit.voice))

    async def turn(self, visit: Visit, tap: HistoryPage) -> None:
        """Turn to another page of the table, in place."""
        found = await self._histories.of(visit.visitor, tap.patient)
        first = await self._gate.before_history(visit.visitor, visit.voice, found) if found else None
        screen = first or (screens.history(self._texts, visit.voice, found, tap.page) if found else None)
        await visit.answer(screen, otherwise=not_yours_toast(self._texts, visit.voice))

    async def alert(self, visit: Visit, tap: OpenAlert) -> None:
        """Open an alert below the report that leads to it, which stays as it is."""
        detail = await self._alerts.detail(visit.visitor, tap.episode)
        if detail is None:
            await visit.toast(not_yours_toast(self._texts, visit.voice))
            return
        await visit.toast()
        first = await self._gate.before_alert(visit.visitor, visit.voice, detail)
        screen = first or screens_alerts.alert_detail(self._texts, visit.voice, detail.view)
        await visit.reply(replace(screen, protected=True))
        if first is None:
            await visit.reply(await alert_picture(self._texts, visit.voice, detail))

    async def show(self, visit: Visit, patient_id: PatientId) -> bool:
        """Send the chart and the table below it; False if it is not this therapist's patient."""
        found = await self._histories.of(visit.visitor, patient_id)
        if found is None:
            return False
        first = await self._gate.before_history(visit.visitor, visit.voice, found)
        if first is None and found.rows:
            picture = course_picture(self._texts, visit.voice, found.code, found.course, found.episodes, found.rules)
            await visit.reply(await picture)
        await visit.reply(first or screens.history(self._texts, visit.voice, found))
        return True
