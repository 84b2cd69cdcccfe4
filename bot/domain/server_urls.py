"""How the address of a database server is written, and what it says in the words of PostgreSQL's own library.

It is read more strictly than anybody else reads it: what two readers would take for different things is refused, for a
piece of a password that one of them takes for a name would be shown.  Whether there is such a parameter, and whether
the server is there, is not known here.
"""

import re
from typing import Final
from urllib.parse import unquote

POSTGRES: Final = "postgresql+psycopg://"

_PLAIN: Final = r"(?:[^\s/?#@%]|%[0-9A-Fa-f]{2})"
_WRITTEN: Final = re.compile(
    rf"""{re.escape(POSTGRES)}
    (?:(?P<user>(?:(?!:){_PLAIN})*)(?::(?P<password>{_PLAIN}*))?@)?
    (?P<hosts>{_PLAIN}*)
    (?:/(?P<name>{_PLAIN}*))?
    (?:\?(?P<query>(?:{_PLAIN}|/)*))?""",
    re.VERBOSE,
)
_HOST: Final = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>\d{1,5}))?", re.ASCII)
_PARAMETER: Final = re.compile(r"(?P<name>\w+)=(?P<value>[^=]*)", re.ASCII)
_SECRET: Final = re.compile(r"password|secret|^scram_")
_SEVERAL: Final = frozenset({"host", "port"})
"""What several servers have one each of."""

_UNREADABLE: Final = (
    "the address of the server cannot be read: in a name, a password or a value, a space is written %20, "
    "@ is %40, : is %3A, / is %2F, ? is %3F, # is %23, = is %3D and % is %25"
)


def parameters_of(url: str) -> dict[str, str]:
    """Return what an address says, by libpq's names; several servers stand in `host` and `port`, with commas between.

    Raises ValueError with the reason, in which nothing of the address is but names of parameters.
    """
    parts = _matched(url)
    asked = _asked(parts["query"] or "")
    said = {"user": parts["user"], "password": parts["password"], "dbname": parts["name"]}
    said |= _servers(parts["hosts"] or ",".join(asked.pop("host", [])))
    written = {name: value for name, value in said.items() if value}
    for name, values in asked.items():
        if name in written or (len(values) > 1 and name not in _SEVERAL):
            raise ValueError(f"{name} is there twice")
        written[name] = ",".join(values)
    if "dbname" not in written:
        raise ValueError("the database has no name")
    return {name: _read(value) for name, value in written.items()}


def password_in(url: str) -> str:
    """Return the password as it is written in an address that can be read; "" if there is none."""
    return _matched(url)["password"] or ""


def without_password(url: str) -> str:
    """Return an address that can be read as it may be shown."""
    parts = _matched(url)
    start, end = parts.span("password")
    return f"{url[:start]}…{url[end:]}" if parts["password"] else url


def _matched(url: str) -> re.Match[str]:
    parts = _WRITTEN.fullmatch(url)
    if parts is None:
        raise ValueError(_UNREADABLE)
    return parts


def _asked(query: str) -> dict[str, list[str]]:
    """Return what stands behind the question mark, as it is written."""
    found: dict[str, list[str]] = {}
    for pair in filter(None, query.split("&")):
        parts = _PARAMETER.fullmatch(pair)
        if parts is None:
            raise ValueError(_UNREADABLE)
        if _SECRET.search(parts["name"]):
            raise ValueError("the password stands before the @, or in a file of its own (passfile=)")
        found.setdefault(parts["name"], []).append(parts["value"])
    return found


def _servers(written: str) -> dict[str, str]:
    """Return hosts and ports, as they are written; empty where there are none."""
    servers = [_HOST.fullmatch(one) for one in written.split(",")]
    known = [server for server in servers if server is not None]
    if len(known) < len(servers):
        raise ValueError(_UNREADABLE)
    hosts = [server["host"].strip("[]") for server in known]
    ports = [server["port"] or "" for server in known]
    return {"host": _joined(hosts), "port": _joined(ports)}


def _joined(each: list[str]) -> str:
    return ",".join(each) if any(each) else ""


def _read(value: str) -> str:
    try:
        read = unquote(value, errors="strict")
    except UnicodeDecodeError:
        raise ValueError(_UNREADABLE) from None
    if "\0" in read:
        raise ValueError(_UNREADABLE)
    return read
