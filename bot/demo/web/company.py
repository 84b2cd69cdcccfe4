"""What therapist and patients do in every story, in the words of the bot's own buttons."""

from dataclasses import dataclass
from typing import Final

from bot.demo.phone import Phone
from bot.demo.web.cast import THERAPIST
from bot.demo.web.scene import Scene
from bot.demo.web.window import ZONE
from bot.domain.model import Form, Language, Register, Role, Voice
from bot.texts import Texts

NAME: Final = {Language.ES: "Dra. Ruiz", Language.EN: "Dr Ruiz"}


@dataclass(slots=True)
class Company:
    """Everybody in a story."""

    scene: Scene
    texts: Texts
    voice: Voice

    @property
    def therapist(self) -> Phone:
        """The therapist's phone."""
        return self.scene.cast.add(NAME[self.scene.language], THERAPIST)

    async def therapist_arrives(self) -> None:
        """Let the therapist open her link and choose how her name is said."""
        name = NAME[self.scene.language]
        token = (await self.scene.bot.ask("invite", role=Role.THERAPIST, name=name))["token"]
        await self.scene.says(self.therapist, f"/start {token}")
        buttons = [button for row in self.therapist.last().keyboard for button in row]
        await self.scene.taps(self.therapist, buttons[0].label)

    async def invite(self, code: str) -> None:
        """Let the therapist make a patient's link."""
        await self.scene.says(self.therapist, f"/nuevo {code}")


def company_of(scene: Scene) -> Company:
    """Return the people of a scene, who speak the practice's language."""
    return Company(scene, Texts.load(), Voice(scene.language, Register.USTED, Form.NEUTRAL, ZONE))
