"""The way out: screens become Telegram calls, at the pace Telegram allows, and its refusals become ours.

Implements `bot.services.ports.Messenger`.  Texts go out without parse mode; a spoiler is an entity.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    ReplyParameters,
)
from telegram.constants import MessageEntityType
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.clock import Clock
from bot.domain.check_in import face
from bot.domain.errors import StoreUnavailableError, UndeliverableError
from bot.domain.model import CheckIn, Language, Person, Role, Urgency, Voice
from bot.domain.notices import (
    ChatEmptied,
    Consented,
    Enrolled,
    Notice,
    Question,
    ToldReached,
    WordsHidden,
)
from bot.domain.notices_guesses import GuessSettled, PauseShown
from bot.domain.post import OWN_FAULTS, Sent
from bot.services.delivery import UNCERTAIN
from bot.services.ports_metrics import NOBODY, Outcome, Recorder
from bot.texts import Texts, question_version
from handlers import commands, failures
from handlers.flood import HeldBackError
from handlers.notices import Notices
from handlers.pacing import ChatHeldError, Pacer
from handlers.request import call
from handlers.screen import Button, Screen, sound
from handlers.screens_patient import CheckInView, check_in

log = structlog.get_logger()

Answer = TypeVar("Answer")

EMPTY: Final = "·"
"""What stands in place of a message that is too old to be deleted."""

PATIENCE: Final = 2.0
"""Seconds: a chat that Telegram holds for longer is not waited for.  Whoever sends has other chats to see to, and tries
again when it is no longer held."""

TRIES_OF_A_PICTURE: Final = 2

DRAWN_AT_ONCE: Final = 2
"""Questions to many that are made at the same time: a tap that comes meanwhile waits for these, not for all of them."""

EDITS: Final = (WordsHidden, ToldReached, GuessSettled, PauseShown)
"""Notices that change a message which is there already."""

NO_PREVIEW: Final = {"is_disabled": True}


class TelegramMessenger:
    """Sends and edits."""

    def __init__(
        self, bot: Bot, texts: Texts, notices: Notices, pacer: Pacer, clock: Clock, recorder: Recorder = NOBODY
    ) -> None:
        self._recorder = recorder
        self._bot = bot
        self._texts = texts
        self._notices = notices
        self._pacer = pacer
        self._clock = clock
        self._drawing = asyncio.Semaphore(DRAWN_AT_ONCE)
        self.is_ours: Callable[[], bool] = lambda: True
        """Says whether what nobody waits for is certainly this process's to send."""

    def silent(self) -> "SilentMessenger":
        """Return the same way out for a chat whose replies are held back."""
        return SilentMessenger(self._bot, self._texts, self._notices, self._pacer, self._clock, self._recorder)

    # The port

    async def deliver(self, to: Person, notice: Notice, urgency: Urgency) -> Sent:
        """Render a notice as it stands now and send it; a chat that Telegram holds keeps nobody else waiting."""
        self._refuse_held(to.chat_id, urgency)
        if isinstance(notice, Question):
            async with self._drawing if urgency is Urgency.BULK else contextlib.nullcontext():
                view = await self._notices.question(to, notice)
            return await self._deliver_check_in(to, view, urgency) if view else Sent()
        if isinstance(notice, ChatEmptied):
            for old in await self._notices.messages_of(to, notice):
                await self._wipe(to.chat_id, old)
            return Sent()
        screens = await self._notices.render(to, notice)
        if isinstance(notice, EDITS) and notice.message_id is not None:
            for screen in screens:
                await self._edit_if_there(to, notice.message_id, screen, urgency)
            if not screens:  # what stood there before is gone, or no longer theirs
                await self._wipe(to.chat_id, notice.message_id)
            return Sent()
        roles = await self._notices.roles(to) if isinstance(notice, (Enrolled, Consented)) else None
        message_id = await self._send_all(to.chat_id, screens, notice, urgency)
        if roles is not None:
            await self.show_menu(to, roles)
        return Sent(message_id)

    async def _send_all(self, chat_id: int, screens: Sequence[Screen], notice: Notice, urgency: Urgency) -> int | None:
        """Send the first screen, then what adds to it: a picture that fails does not repeat the text before it.

        It is tried once more and then left out.  A further text that fails repeats what was before: what was to be
        read may come twice, but not in part.
        """
        message_id = None
        for screen in screens:
            if message_id is not None and screen.photo is not None:
                if not await self._adds(chat_id, screen, notice, urgency):
                    break
                continue
            sent = await self.send(chat_id, screen, urgency)
            message_id = message_id or sent
        return message_id

    async def _adds(self, chat_id: int, picture: Screen, notice: Notice, urgency: Urgency) -> bool:
        """Send a picture below its text; False if it does not leave."""
        for _ in range(TRIES_OF_A_PICTURE):
            try:
                await self.send(chat_id, picture, urgency)
            except UndeliverableError as error:
                log.warning("a picture was not sent", kind=notice.kind, reason=error.reason)
            else:
                return True
        return False

    async def refresh(self, to: Person, shown: CheckIn) -> Sent:
        """Bring a check-in's message up to date, or send it anew when it is gone."""
        self._refuse_held(to.chat_id, Urgency.REPLY)
        view = await self._notices.view(to, shown)
        return await self.show(to, view, shown.message_id, Urgency.REPLY)

    async def retire(self, chat_id: int, message_id: int, urgency: Urgency = Urgency.REPLY) -> None:
        """Take the keyboard off an older message."""
        try:
            await self._call(
                chat_id,
                urgency,
                lambda: self._bot.edit_message_reply_markup(chat_id, message_id, reply_markup=None),
            )
        except UndeliverableError as error:
            log.info("an old keyboard stays", reason=error.reason)

    # What handlers use

    async def show(self, to: Person, view: CheckInView, message_id: int | None, urgency: Urgency) -> Sent:
        """Edit a check-in's message in place; send it anew when there is none any more."""
        screen = check_in(self._texts, view)
        if message_id is not None and await self._edit_if_there(to, message_id, screen, urgency):
            return self._sent(view, message_id)
        return await self._deliver_check_in(to, view, urgency)

    async def send(self, chat_id: int, screen: Screen, urgency: Urgency, *, reply_to: int | None = None) -> int:
        """Send a screen; return its message id."""
        if screen.file is None and screen.photo is None:
            return await self._send_text(chat_id, screen, urgency, reply_to)
        return await self._send_file(chat_id, screen, urgency, reply_to)

    async def _send_file(self, chat_id: int, screen: Screen, urgency: Urgency, reply_to: int | None) -> int:
        common: dict[str, Any] = {"reply_markup": _markup(screen), "protect_content": screen.protected}
        if reply_to is not None:
            common["reply_parameters"] = ReplyParameters(reply_to, allow_sending_without_reply=True)
        caption = screen.text or None
        if screen.file is not None:
            document = InputFile(screen.file.content, screen.file.name)
            message = await self._call(
                chat_id, urgency, lambda: self._bot.send_document(chat_id, document, caption=caption, **common)
            )
        else:
            photo = screen.photo or b""
            message = await self._call(
                chat_id, urgency, lambda: self._bot.send_photo(chat_id, photo, caption=caption, **common)
            )
        return message.message_id

    async def _send_text(self, chat_id: int, screen: Screen, urgency: Urgency, reply_to: int | None) -> int:
        quoted = {"message_id": reply_to, "allow_sending_without_reply": True} if reply_to is not None else None
        said = {"chat_id": chat_id, **_plain(screen), "reply_parameters": quoted}
        said["protect_content"] = screen.protected or None
        message = await self._call(chat_id, urgency, lambda: call(self._bot, "sendMessage", said))
        return int(message["message_id"])

    async def edit(self, chat_id: int, message_id: int, screen: Screen, urgency: Urgency) -> None:
        """Edit a text message in place; that it looks like that already is no error."""
        said = {"chat_id": chat_id, "message_id": message_id, **_plain(screen)}
        await self._call(chat_id, urgency, lambda: call(self._bot, "editMessageText", said))

    async def delete(self, chat_id: int, message_ids: Sequence[int]) -> bool:
        """Take messages out of the chat, on both sides; False when Telegram does not let us any more (48 hours)."""
        try:
            await self._call(chat_id, Urgency.REPLY, lambda: self._bot.delete_messages(chat_id, message_ids))
        except MessageStaysError:
            return False
        return True

    async def download(self, chat_id: int, file_id: str) -> bytes:
        """Fetch a file that a person sent; also where replies are held back.

        Raises UndeliverableError; FileWithheldError where another try is useless.
        """
        self._refuse_held(chat_id, Urgency.REPLY)
        try:
            file = await self._bot.get_file(file_id)
            return bytes(await file.download_as_bytearray())
        except RetryAfter as error:
            raise self._held_by(chat_id, error) from None
        except (BadRequest, Forbidden, InvalidToken):  # PTB takes every 404 for a wrong token; here the file is gone
            raise FileWithheldError from None
        except TelegramError as error:
            raise failures.translated(error) from None

    async def toast(self, chat_id: int, callback_id: str, text: str | None) -> None:
        """Answer a tap; one that waited too long, or that came in a pause, needs no answer any more."""
        answer = {"callback_query_id": callback_id, "text": text}
        await self._aside(chat_id, "a tap stays unanswered", lambda: call(self._bot, "answerCallbackQuery", answer))

    async def leave(self, chat_id: int) -> None:
        """Leave a group."""
        await self._call(chat_id, Urgency.BULK, lambda: self._bot.leave_chat(chat_id))

    async def show_menu(self, to: Person, roles: Collection[Role]) -> None:
        """Set the command menu of one chat; without it everything still works."""
        menu = [
            BotCommand(name, self._texts.say(to.voice, key))
            for name, key in commands.commands(roles, to.voice.language)
        ]
        await self._aside(
            to.chat_id,
            "a command menu was not set",
            lambda: self._bot.set_my_commands(menu, BotCommandScopeChat(to.chat_id)),
        )

    async def show_general_menu(self, voice: Voice) -> None:
        """Set the menu that strangers see, in each language."""
        for code, said in _menus(self._texts, voice):
            try:
                await self._bot.set_my_commands(said, language_code=code)
            except RetryAfter as error:  # a call that is about no chat: this means everybody
                self._pacer.hold_all(failures.seconds(error))
                return
            except TelegramError as error:
                log.info("the general command menu was not set", reason=type(error).__name__)
                return

    # Inside

    async def _deliver_check_in(self, to: Person, view: CheckInView, urgency: Urgency) -> Sent:
        return self._sent(view, await self.send(to.chat_id, check_in(self._texts, view), urgency))

    def _sent(self, view: CheckInView, message_id: int) -> Sent:
        """Say what was shown; the wording that counts is the one the first question had."""
        first_asked = face(view.check_in) == view.check_in.items[0]
        version = question_version(view.voice, today=view.today) if first_asked else None
        return Sent(message_id, face(view.check_in), version)

    async def _edit_if_there(self, to: Person, message_id: int, screen: Screen, urgency: Urgency) -> bool:
        """Edit; False if the person has deleted the message, so that there is nothing to edit."""
        try:
            await self.edit(to.chat_id, message_id, screen, urgency)
        except MessageGoneError:
            return False
        return True

    async def _wipe(self, chat_id: int, message_id: int) -> None:
        """Delete a message; one that is too old for that says nothing any more; one that is gone is no error."""
        with contextlib.suppress(MessageGoneError):
            try:
                await self._call(chat_id, Urgency.BULK, lambda: self._bot.delete_message(chat_id, message_id))
            except MessageStaysError:
                await self.edit(chat_id, message_id, Screen(EMPTY), Urgency.BULK)

    def _refuse_held(self, chat_id: int, urgency: Urgency) -> None:
        held = self._pacer.held(chat_id, urgency)
        if held:
            raise _held(held)

    def _held_by(self, chat_id: int, error: RetryAfter) -> UndeliverableError:
        """Keep the pause of a 429, and say so."""
        self._pacer.hold(chat_id, failures.seconds(error))
        return failures.translated(error)

    async def _aside(self, chat_id: int, otherwise: str, call: Callable[[], Awaitable[object]]) -> None:
        """Make a call that writes nothing into the chat, and which may be left out: it waits for no turn."""
        try:
            self._pacer.pass_by(chat_id)
            await call()
        except ChatHeldError:
            log.info(otherwise, reason="the chat is held")
        except RetryAfter as error:
            log.info(otherwise, reason=self._held_by(chat_id, error).reason)
        except TelegramError as error:
            log.info(otherwise, reason=type(error).__name__)

    async def _call(self, chat_id: int, urgency: Urgency, call: Callable[[], Awaitable[Answer]]) -> Answer | Any:
        """Make one call in its turn; a 429 holds the chat exactly as long as Telegram says."""
        try:
            async with self._pacer.turn(chat_id, urgency, PATIENCE):
                if urgency is not Urgency.REPLY and not self.is_ours():  # it has waited, perhaps for long
                    raise StoreUnavailableError(UNCERTAIN)
                return await self._counted(chat_id, urgency, call)
        except ChatHeldError as error:
            raise _held(error.seconds) from None

    async def _counted(self, chat_id: int, urgency: Urgency, call: Callable[[], Awaitable[Answer]]) -> Answer | Any:
        """Make a call and count what became of it; a message that is gone or stays was answered, too."""
        try:
            answer = await self._made(chat_id, call)
        except (MessageGoneError, MessageStaysError):
            self._recorder.called(urgency, Outcome.SENT)
            raise
        except UndeliverableError as error:
            self._recorder.called(urgency, _outcome(error))
            raise
        self._recorder.called(urgency, Outcome.SENT)
        return answer

    async def _made(self, chat_id: int, call: Callable[[], Awaitable[Answer]]) -> Answer | Any:
        try:
            return await call()
        except RetryAfter as error:
            self._recorder.limited()
            raise self._held_by(chat_id, error) from None
        except BadRequest as error:
            if failures.same_already(error):
                return None
            if failures.beyond_deleting(error):
                raise MessageStaysError from None
            if failures.beyond_editing(error):
                raise MessageGoneError from None
            raise failures.translated(error) from None
        except TelegramError as error:
            raise failures.translated(error) from None


class SilentMessenger(TelegramMessenger):
    """The way out of a chat that writes too fast: taps stay unanswered, and the first reply ends the visit."""

    async def toast(self, chat_id: int, callback_id: str, text: str | None) -> None:
        """Leave a tap unanswered."""

    async def retire(self, chat_id: int, message_id: int, urgency: Urgency = Urgency.REPLY) -> None:
        """Leave an old keyboard where it is."""

    async def show_menu(self, to: Person, roles: Collection[Role]) -> None:
        """Leave the menu as it is; the next change of language sets it."""

    async def _call(self, chat_id: int, urgency: Urgency, call: Callable[[], Awaitable[Answer]]) -> Answer | Any:
        del chat_id, urgency, call
        raise HeldBackError


class FileWithheldError(UndeliverableError):
    """Telegram does not hand out a file that somebody sent, however often it is asked."""

    def __init__(self) -> None:
        super().__init__("the file is withheld", permanent=True)


class MessageGoneError(UndeliverableError):
    """The message to edit does not exist any more."""

    def __init__(self) -> None:
        super().__init__("the message is gone", permanent=False)


class MessageStaysError(UndeliverableError):
    """The message is too old to be deleted."""

    def __init__(self) -> None:
        super().__init__("the message stays", permanent=False)


def _outcome(error: UndeliverableError) -> Outcome:
    if error.retry_after is not None:
        return Outcome.LIMITED
    if error.permanent:
        return Outcome.GONE
    return Outcome.REFUSED if error.reason.startswith(OWN_FAULTS) else Outcome.FAILED


def _held(seconds: float) -> UndeliverableError:
    return UndeliverableError("the chat is held", permanent=False, retry_after=seconds)


def _menus(texts: Texts, voice: Voice) -> list[tuple[str | None, list[BotCommand]]]:
    menus: list[tuple[str | None, list[BotCommand]]] = []
    for code, language in ((None, voice.language), *((str(language), language) for language in Language)):
        spoken = replace(voice, language=language)
        said = [BotCommand(name, texts.say(spoken, key)) for name, key in commands.commands((), language)]
        menus.append((code, said))
    return menus


def _markup(screen: Screen) -> InlineKeyboardMarkup | None:
    if not screen.rows:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(sound(button.label), callback_data=button.data, url=button.url) for button in row]
            for row in screen.rows
        ]
    )


def _plain(screen: Screen) -> dict[str, Any]:
    """Write a screen of text as Telegram reads it."""
    return {
        "text": screen.text,
        "entities": _entities(screen),
        "link_preview_options": NO_PREVIEW,
        "reply_markup": {"inline_keyboard": [[_button(one) for one in row] for row in screen.rows]}
        if screen.rows
        else None,
    }


def _button(button: Button) -> dict[str, str]:
    leads = {"url": button.url} if button.url is not None else {"callback_data": button.data or ""}
    return {"text": button.label, **leads}


def _entities(screen: Screen) -> list[dict[str, Any]] | None:
    marked = {MessageEntityType.SPOILER: screen.spoiler, MessageEntityType.PRE: screen.fixed}
    found = [(kind, span) for kind, span in marked.items() if span is not None]
    return [{"type": kind, "offset": offset, "length": length} for kind, (offset, length) in found] or None
