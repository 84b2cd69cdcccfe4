"""What therapist and patients do in every story, in the words of the bot's own buttons."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.demo.phone import Phone
from bot.demo.web.cast import THERAPIST
from bot.demo.web.scene import Playing, Scene
from bot.demo.web.window import ZONE
from bot.demo.web.words import words
from bot.domain.model import Form, Language, Register, Role, Voice
from bot.texts import Texts

NAME: Final = {Language.ES: "Dra. Ruiz", Language.EN: "Dr Ruiz"}
WEEKLY: Final = {
    Language.ES: "/sesion {code} miércoles 18:00 50m semanal",
    Language.EN: "/session {code} Wednesday 18:00 50m weekly",
}
INVITE: Final = {Language.ES: "/nuevo {code}", Language.EN: "/new {code}"}

FIRST_QUESTION: Final = datetime(2026, 10, 7, 19, 5, tzinfo=ZONE)
"""A quarter of an hour after the end of the first session: Wednesday, 18:00 to 18:50."""

A_WHILE: Final = timedelta(minutes=3)
"""After so long a patient looks at the phone."""

GRACE: Final = timedelta(minutes=20)
"""After so long the rules have looked at what was answered."""

DIGEST: Final = timedelta(days=4, minutes=25)
"""From a question to half an hour after the digest of that week, Sunday at 19:00."""


@dataclass(slots=True)
class Company:
    """Everybody in a story of `steps` steps."""

    scene: Scene
    texts: Texts
    voice: Voice
    steps: int = 0
    step: int = 0

    def goes_on(self, key: str, **values: int) -> None:
        """Say how far the story has come."""
        self.step += 1
        label = words(self.scene.language)[key].format_map(values)
        self.scene.playing = Playing(label, self.step, self.steps)
        self.scene.watch()

    @property
    def therapist(self) -> Phone:
        """The therapist's phone."""
        return self.scene.cast.add(NAME[self.scene.language], THERAPIST)

    async def therapist_arrives(self) -> None:
        """Let the therapist open her link and choose how her name is said."""
        name = NAME[self.scene.language]
        token = (await self.scene.bot.ask("invite", role=Role.THERAPIST, name=name))["token"]
        await self.scene.says(self.therapist, f"/start {token}")
        await self.scene.taps(self.therapist, self.therapist.last().labels()[0])

    async def invite(self, code: str) -> str:
        """Let the therapist make a patient's link; return its token."""
        await self.scene.says(self.therapist, INVITE[self.scene.language].format(code=code))
        self.scene.sees(self.therapist, "?start=")
        return self.therapist.last().text.partition("?start=")[2].split()[0]

    async def patient(self, code: str) -> Phone:
        """Let a patient come in, accept, and have a session every Wednesday."""
        token = await self.invite(code)
        phone = self.scene.cast.add(code)
        await self.scene.says(phone, f"/start {token}")
        await self.scene.taps(phone, self._says("button-accept"))
        await self.scene.says(self.therapist, WEEKLY[self.scene.language].format(code=code))
        return phone

    async def asked(self, week: int) -> None:
        """Let time pass until the question of a week, counted from 1, has come."""
        await self.scene.until(FIRST_QUESTION + timedelta(weeks=week - 1) + A_WHILE)

    async def answers(self, phone: Phone, *scores: int, words: str = "") -> None:
        """Let a patient tap three numbers and say something, or nothing; the rules look at it."""
        for score in scores:
            message = next(one for one in reversed(phone.messages) if str(score) in one.labels())
            data = next(one.data for row in message.keyboard for one in row if one.label == str(score))
            self.scene.tally.tapped(phone, data or "")
            await self.scene.taps(phone, str(score))
        if words:
            await self.scene.says(phone, words)
        else:
            await self.scene.taps(phone, self._says("button-done"))
        await self.scene.until(self.scene.clock.now() + GRACE)

    async def digest(self, week: int) -> None:
        """Let time pass until the digest of a week has come."""
        await self.scene.until(FIRST_QUESTION + timedelta(weeks=week - 1) + DIGEST)

    def _says(self, key: str) -> str:
        return self.texts.say(self.voice, key)


def company_of(scene: Scene) -> Company:
    """Return the people of a scene, who speak the practice's language."""
    return Company(scene, Texts.load(), Voice(scene.language, Register.USTED, Form.NEUTRAL, ZONE))
