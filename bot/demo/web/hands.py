"""Does what a visitor does, on the scene that is on."""

from datetime import datetime, timedelta
from itertools import count
from typing import Final
from urllib.parse import parse_qs, urlsplit

from bot.demo.acting import StageError
from bot.demo.phone import Phone
from bot.demo.state import Json, Message
from bot.demo.updates import KEPT_FOR
from bot.demo.web import actions, samples
from bot.demo.web.bot_process import BotGoneError, State
from bot.demo.web.cast import THERAPIST
from bot.demo.web.samples import Sample
from bot.demo.web.scene import Scene
from bot.demo.web.window import Window
from bot.demo.web.words import RefusedError, words

_GONE: Final = 404


class Hands:
    """The visitor's hands."""

    def __init__(self, scene: Scene, window: Window) -> None:
        self._scene = scene
        self._window = window

    async def do(self, action: actions.Action) -> Json:
        """Do it and return what the page needs to know.  Raises RefusedError."""
        match action:
            case actions.Clock():
                await self._pass_time(action)
            case actions.Person():
                return {"chat": self._newcomer(action.name).chat_id}
            case actions.OpenLink():
                return {"chat": await self._open(action)}
            case actions.Break():
                await self._scene.weather.begin(action.fault, action.seconds)
            case actions.Lift():
                await self._scene.weather.lift(action.fault)
            case actions.Whole():
                await self._whole(action)
            case actions.Tell():
                raise RefusedError("error-playing")
            case _:
                await self._on_phone(action)
        return {}

    async def _on_phone(
        self, action: actions.Send | actions.Tap | actions.Edit | actions.Delete | actions.SendFile | actions.Block
    ) -> None:
        phone = self._phone(action.chat)
        if phone.blocked and not isinstance(action, actions.Block | actions.Delete):
            raise RefusedError("error-blocked")
        match action:
            case actions.Send():
                await self._send(phone, action)
            case actions.Tap():
                await self._tap(phone, action)
            case actions.Edit():
                await phone.edit(self._own(phone, action.message), action.text)
            case actions.Delete():
                await phone.delete(_message(phone, action.message))
            case actions.SendFile():
                await self._send_file(phone, action)
            case actions.Block():
                await (phone.block() if action.act == "block" else phone.unblock())

    # On a phone

    def _phone(self, chat: int) -> Phone:
        phone = self._scene.cast.phones.get(chat)
        if phone is None:
            raise RefusedError("error-nobody", _GONE)
        return phone

    async def _send(self, phone: Phone, action: actions.Send) -> None:
        if not action.text.strip():
            raise RefusedError("error-blank", 400)
        self._scene.tally.typed(phone, action.text)
        extra: Json = {}
        if action.reply_to is not None:
            replied = _message(phone, action.reply_to)
            extra = {"reply_to_message": replied.to_json({"id": phone.chat_id, "type": "private"})}
        await phone.send(action.text, **extra)

    async def _tap(self, phone: Phone, action: actions.Tap) -> None:
        message = _message(phone, action.message)
        if not message.from_bot:
            raise RefusedError("error-gone", _GONE)
        self._scene.tally.tapped(phone, action.data)
        self._window.tapped(await phone.tap_data(action.data, message), phone.chat_id)

    @staticmethod
    def _own(phone: Phone, number: int) -> Message:
        message = _message(phone, number)
        if message.from_bot or message.media:
            raise RefusedError("error-not-yours", 400)
        return message

    async def _send_file(self, phone: Phone, action: actions.SendFile) -> None:
        send = {"photo": phone.send_photo, "voice": phone.send_voice, "sticker": phone.send_sticker}
        sample = self._sample(phone, action)
        await send.get(action.act, phone.send_document)(sample.data, action.name or sample.filename, sample.mime)

    def _sample(self, phone: Phone, action: actions.SendFile) -> Sample:
        made = {"photo": samples.photo, "voice": samples.voice, "sticker": samples.sticker, "document": samples.note}
        if action.act == "document" and phone.chat_id == THERAPIST:
            return samples.calendar(self._scene.clock.now(), next(iter(self._scene.cast.codes.values()), "P-07"))
        return made[action.act](self._scene.language)

    # People who come

    def _newcomer(self, name: str) -> Phone:
        if self._scene.cast.is_full:
            raise RefusedError("error-full")
        return self._scene.cast.add(name)

    async def _open(self, action: actions.OpenLink) -> int:
        payload = self._payload(action.url)
        phone = self._newcomer(self._name()) if action.chat is None else self._phone(action.chat)
        if phone.blocked:
            raise RefusedError("error-blocked")
        await phone.start(payload)
        return phone.chat_id

    def _name(self) -> str:
        """Name somebody of whom nothing is known yet."""
        names = {phone.first_name for phone in self._scene.cast.phones.values()}
        made = (words(self._scene.language)["person-name"].format(n=number) for number in count(1))
        return next(name for name in made if name not in names)

    def _payload(self, url: str) -> str:
        """Read what a deep link of this bot carries."""
        parts = urlsplit(url)
        is_ours = parts.hostname in {"t.me", "telegram.me"} and parts.path.strip("/") == self._scene.telegram.username
        if not is_ours:
            raise RefusedError("error-link", 400)
        return parse_qs(parts.query).get("start", [""])[0]

    # Time

    async def _pass_time(self, action: actions.Clock) -> None:
        target = self._target(action)
        if not self._scene.can_rest and self._scene.telegram.pending_updates() and self._is_too_far(target):
            raise RefusedError("error-too-far")
        await self._go_to(target)

    def _is_too_far(self, target: datetime) -> bool:
        """Say whether Telegram would forget on the way what the bot has not fetched."""
        return target - self._scene.clock.now() > KEPT_FOR - timedelta(hours=1)

    def _target(self, action: actions.Clock) -> datetime:
        if action.jump == "minutes":
            return self._scene.clock.now() + timedelta(minutes=action.minutes)
        at = self._window.jumps()[action.jump]
        if at is None:
            raise RefusedError(f"error-no-{action.jump}")
        return at

    async def _go_to(self, target: datetime) -> None:
        """Go there step by step if the bot can come to rest on the way; else the clock goes, and the bot catches up."""
        scene = self._scene
        try:
            if scene.can_rest:
                await scene.settle()
                await scene.until(target)
        except (StageError, BotGoneError):
            pass
        if scene.clock.now() < target:
            scene.clock.move_to(target)
        if scene.bot.state is State.RUNNING:
            await scene.bot.ask("nudge")

    # The whole stage

    async def _whole(self, action: actions.Whole) -> None:
        scene = self._scene
        match action.act:
            case "kill":
                if scene.bot.state is State.KILLED:
                    raise RefusedError("error-killed")
                await scene.bot.kill()
            case "restart":
                if scene.bot.state is not State.KILLED:
                    raise RefusedError("error-running")
                await scene.bot.start()
                scene.group.create_task(scene.bot.listen())


def _message(phone: Phone, number: int) -> Message:
    message = next((one for one in phone.messages if one.message_id == number), None)
    if message is None:
        raise RefusedError("error-gone", _GONE)
    return message
