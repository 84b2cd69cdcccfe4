"""The Bot API's methods on the bot itself: commands, descriptions, menu button, webhook."""

import ipaddress
import json
import re
from urllib.parse import urlsplit

from bot.demo import refusals
from bot.demo.backend import Backend, Method
from bot.demo.params import Params
from bot.demo.refusals import bad_request
from bot.demo.state import Json

COMMANDS_LIMIT = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_DESCRIPTION_LIMIT = 256
CONNECTIONS, MOST_CONNECTIONS = 40, 100
"""How many updates are brought to a webhook at the same time, if nobody says; and at most."""

_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


def set_my_commands(backend: Backend, params: Params) -> bool:
    """Keep the command list of one scope and language."""
    commands = params.listed("commands")
    if len(commands) > COMMANDS_LIMIT:
        raise bad_request(refusals.COMMANDS_TOO_MUCH)
    for command in commands:
        _check_command(Params(command))
    backend.settings[_commands_key(params)] = commands
    return True


def get_my_commands(backend: Backend, params: Params) -> list[Json]:
    """Give the list of exactly that scope and language."""
    commands: list[Json] = backend.settings.get(_commands_key(params), [])
    return commands


def delete_my_commands(backend: Backend, params: Params) -> bool:
    """Forget the list of one scope and language."""
    backend.settings.pop(_commands_key(params), None)
    return True


def menu(backend: Backend, chat_id: int, language_code: str) -> list[Json]:
    """List the commands a person sees in a private chat: the narrowest scope that has any, their language first."""
    scopes: list[Json] = [{"type": "chat", "chat_id": chat_id}, {"type": "all_private_chats"}, {"type": "default"}]
    wanted = [Params(scope=scope, language_code=code) for scope in scopes for code in (language_code, "")]
    found: list[Json] = next(filter(None, (get_my_commands(backend, params) for params in wanted)), [])
    return found


def _check_command(command: Params) -> None:
    if not _COMMAND.fullmatch(command.text("command").removeprefix("/")):
        raise bad_request(refusals.COMMAND_INVALID)
    if not 1 <= len(command.text("description")) <= _DESCRIPTION_LIMIT:
        raise bad_request(refusals.COMMAND_DESCRIPTION_INVALID)


def _commands_key(params: Params) -> str:
    scope = params.mapping("scope") or {"type": "default"}
    return f"commands {json.dumps(scope, sort_keys=True)} {params.text('language_code')}"


def _setter(name: str) -> Method:
    def set_words(backend: Backend, params: Params) -> bool:
        backend.settings[f"{name} {params.text('language_code')}"] = params.text(name)
        return True

    return set_words


def _getter(name: str) -> Method:
    def get_words(backend: Backend, params: Params) -> Json:
        return {name: backend.settings.get(f"{name} {params.text('language_code')}", "")}

    return get_words


def set_chat_menu_button(backend: Backend, params: Params) -> bool:
    """Keep the menu button of one chat, or of all."""
    backend.settings[f"menu_button {params.integer('chat_id')}"] = params.mapping("menu_button") or {"type": "default"}
    return True


def get_chat_menu_button(backend: Backend, params: Params) -> Json:
    """Give the menu button of one chat, or of all."""
    button: Json = backend.settings.get(f"menu_button {params.integer('chat_id')}", {"type": "commands"})
    return button


def set_webhook(backend: Backend, params: Params) -> bool:
    """Deliver updates to a loopback URL from now on; an empty URL ends that."""
    url = params.text("url")
    if url and not _is_loopback(url):
        raise bad_request(refusals.WEBHOOK_NOT_LOCAL)
    if not _SECRET.fullmatch(params.text("secret_token")):
        raise bad_request(refusals.SECRET_TOKEN)
    _apply_webhook(backend, params, url)
    return True


def delete_webhook(backend: Backend, params: Params) -> bool:
    """Go back to getUpdates."""
    _apply_webhook(backend, params, "")
    return True


def get_webhook_info(backend: Backend, _: Params) -> Json:
    """Say where updates go and how many wait."""
    info = {"url": webhook_url(backend), "has_custom_certificate": False, "pending_update_count": len(backend.updates)}
    if info["url"]:
        info["max_connections"] = backend.settings["webhook_connections"]
    error: Json = backend.settings.get("webhook_error", {})
    return info | error


def webhook_url(backend: Backend) -> str:
    """Give the address updates are posted to; empty when the bot polls."""
    url: str = backend.settings.get("webhook_url", "")
    return url


def _apply_webhook(backend: Backend, params: Params, url: str) -> None:
    backend.settings |= {
        "webhook_url": url,
        "webhook_secret": params.text("secret_token"),
        "webhook_connections": min(max(params.integer("max_connections", CONNECTIONS), 1), MOST_CONNECTIONS),
        "webhook_error": {},
    }
    if "allowed_updates" in params:
        backend.updates.allow(params.listed("allowed_updates"))
    if params.flag("drop_pending_updates"):
        backend.updates.clear()
    backend.updates.signal.changed()


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _done(_: Backend, __: Params) -> bool:
    return True


SETTING_METHODS: dict[str, Method] = {
    "close": _done,
    "deletemycommands": delete_my_commands,
    "deletewebhook": delete_webhook,
    "getchatmenubutton": get_chat_menu_button,
    "getmycommands": get_my_commands,
    "getmydescription": _getter("description"),
    "getmyname": _getter("name"),
    "getmyshortdescription": _getter("short_description"),
    "getwebhookinfo": get_webhook_info,
    "logout": _done,
    "setchatmenubutton": set_chat_menu_button,
    "setmycommands": set_my_commands,
    "setmydescription": _setter("description"),
    "setmyname": _setter("name"),
    "setmyshortdescription": _setter("short_description"),
    "setwebhook": set_webhook,
}
