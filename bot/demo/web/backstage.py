"""What happens inside the bot, for whoever looks behind the scenes: rows and sums.  In the bot's process."""

from bot.app import Running
from bot.clock import Clock
from bot.config import Config
from bot.demo.web.lines import Message
from bot.domain.model import Role, Visitor


class Backstage:
    """Looks at the rows; changes nothing."""

    def __init__(self, bot: Running, config: Config, clock: Clock) -> None:
        self._bot = bot
        self._config = config
        self._clock = clock

    async def look(self, message: Message) -> Message:
        """Say what stands in the rows; `message["chats"]` names the phones whose roles are wanted."""
        return {"people": [await self._person(int(chat)) for chat in message["chats"]]}

    async def _person(self, chat: int) -> Message:
        visitor = await self._bot.services.people.visitor(chat)
        return {"id": chat, "role": _role(visitor), "code": visitor.patient.code if visitor.patient else None}


def _role(visitor: Visitor) -> str:
    return next((str(role) for role in visitor.roles if role in {Role.THERAPIST, Role.PATIENT}), "stranger")
