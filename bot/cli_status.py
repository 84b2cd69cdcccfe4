"""`microchequeo status`: how the bot is, on one screen of a terminal.  Codes at most; no words, no names.

Exit code 0: all is well; 69: the bot does not run, or something of it is away (a part that stands still, a database
that cannot be used, an alarm that lasts, no first word from Telegram within five minutes).
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.checks import UNAVAILABLE, Finding
from bot.cli_findings import table
from bot.clock import SystemClock
from bot.config import Config
from bot.domain.alarms import SILENT_FOR, Alarm, AlarmRow, is_low
from bot.domain.figures import Coming, Upcoming
from bot.health import OWNER
from bot.keys import Keys
from bot.services.ports_alarms import Space
from bot.status import Rows, Status, look

GIGABYTE: Final = 10**9
MEGABYTE: Final = 10**6

ALARMS: Final = {
    Alarm.SILENT: "nothing comes in from Telegram",
    Alarm.REFUSED: "Telegram refuses the token or the certificate",
    Alarm.DATABASE: "the database, or a part of it, cannot be used",
    Alarm.UNSENT: "an alert or urgent message does not leave",
    Alarm.PARKED: "something was put aside after five tries",
    Alarm.BACKUP: "the backup failed",
    Alarm.CHORE: "a chore fails again and again",
    Alarm.DISK: "little space is left",
}

COMING: Final = {
    Coming.QUESTION: "question to {}",
    Coming.CHECK_IN: "check-in of {}: reminder, end or rules",
    Coming.SESSION: "line to the therapist before a session of {}",
    Coming.DIGEST: "a weekly digest",
    Coming.URGENT: "urgent words of {}: told again or passed on",
    Coming.MESSAGE: "a message leaves, or is tried again",
    Coming.CHORE: "{}",
}


def show(config: Config, keys: Keys, console: Console | None = None) -> int:
    """Print the screen; return the exit code of the command.  Raises StoreRefusedError and StoreUnavailableError."""
    console = console or Console()
    found = asyncio.run(look(config, keys))
    findings = list(_findings(config, found))
    console.print(table(findings))
    if found.rows is not None:
        _show_next(console, found.rows.upcoming, config.practice.timezone)
    return next((finding.exit_code for finding in findings if finding.exit_code), 0)


def _findings(config: Config, found: Status) -> Iterator[Finding]:
    zone = config.practice.timezone
    yield _bot(config, found)
    yield from _parts(found.says)
    if found.rows is None:
        yield Finding("database", fine=False, says=_no_rows(config), exit_code=UNAVAILABLE)
    else:
        yield from _of_rows(found.rows, zone)
    yield found.backups
    yield _disks(found.space)


def _bot(config: Config, found: Status) -> Finding:
    if found.since is None:
        return Finding("bot", fine=False, says="stopped; nobody is asked and nobody is answered", exit_code=UNAVAILABLE)
    if found.nobody:
        return _waiting_for_telegram(config, SystemClock().now() - found.since)
    if found.says is None:
        silent = f"another program answers at {config.health.listen}" if config.health.listen else "is empty"
        says = f"running; how its parts are cannot be asked: [health] listen {silent}"
        return Finding("bot", fine=True, says=says, doubtful=True)
    role = found.says.get("role", OWNER)
    says = "running" if role == OWNER else f"running; the one that is asked at {config.health.listen} {role}"
    return Finding("bot", fine=True, says=says)


def _waiting_for_telegram(config: Config, since: timedelta) -> Finding:
    """Say what a bot does at whose address nobody answers: it opens that once it knows who it is at Telegram."""
    says = (
        f"running for {_ago(since)}, and nothing answers at {config.health.listen}: it still waits for its first word "
        "from Telegram, and nobody is answered (the log says why, or that it could not listen there)"
    )
    late = since >= SILENT_FOR
    return Finding("bot", fine=not late, says=says, doubtful=not late, exit_code=UNAVAILABLE if late else 0)


def _parts(says: Any) -> Iterator[Finding]:
    """Say what the running bot says of itself."""
    if says is None:
        return
    wrong, warned, now = says.get("reasons", {}), says.get("warnings", {}), SystemClock().now()
    for part, name, at in (("poller", "Telegram", "polled_at"), ("scheduler", "scheduler", "ticked_at")):
        reason = wrong.get(part) or warned.get(part)
        moved = says.get(at)
        if not (reason or moved) and says.get("role", OWNER) != OWNER:
            continue  # of which it has none
        last = f"last looked {_ago(now - datetime.fromisoformat(moved))} ago" if moved else "not looked yet"
        code = UNAVAILABLE if part in wrong else 0
        yield Finding(name, fine=not reason, says=f"{reason}; {last}" if reason else last, exit_code=code)
    if owner := wrong.get("owner"):
        yield Finding("owner", fine=False, says=owner, exit_code=UNAVAILABLE)
    if database := wrong.get("database") or warned.get("database"):
        yield Finding("database", fine=False, says=database, exit_code=UNAVAILABLE)


def _no_rows(config: Config) -> str:
    database = config.database
    is_new = database.is_file and not database.path.exists()
    there = "does not exist yet" if is_new else "is not of this version; the next start brings it up to date"
    return f"{database.name} {there}"


def _of_rows(rows: Rows, zone: ZoneInfo) -> Iterator[Finding]:
    for alarm in rows.alarms:
        yield _alarm(alarm, zone)
    yield _waiting(rows, zone)
    yield _open(rows, zone)
    parked = {"updates": rows.waiting["parked"], "messages": rows.waiting["parked_notices"]}
    if any(parked.values()):
        said = ", ".join(f"{name}: {count}" for name, count in parked.items() if count)
        yield Finding("put aside", fine=True, says=f"after five tries; {said}", doubtful=True)
    for chore, reason in rows.failing.items():
        yield Finding(chore, fine=False, says=reason)
    if not rows.operators:
        says = "nobody hears when something breaks: microchequeo invite --operator NAME"
        yield Finding("operator", fine=True, says=says, doubtful=True)


def _alarm(row: AlarmRow, zone: ZoneInfo) -> Finding:
    says = f"{ALARMS[row.alarm]}, since {_clock(row.since_at, zone)} (docs/alarms.md)"
    return Finding("alarm", fine=False, says=says, exit_code=UNAVAILABLE)


def _waiting(rows: Rows, zone: ZoneInfo) -> Finding:
    classes = [f"{count} {urgency.name.lower()}" for urgency, count in rows.figures.waiting.items() if count]
    messages = f"messages: {', '.join(classes)}" if classes else "no messages"
    updates = f"updates: {rows.waiting['inbox']}" if rows.waiting["inbox"] else "no updates"
    since = f"; an alert or urgent one since {_clock(rows.vitals.unsent_at, zone)}" if rows.vitals.unsent_at else ""
    return Finding("waiting", fine=not rows.vitals.unsent, says=f"{messages}, {updates}{since}")


def _open(rows: Rows, zone: ZoneInfo) -> Finding:
    said = [f"episodes open: {rows.figures.episodes}", f"urgent words without contact: {rows.figures.concerns}"]
    if rows.vitals.words_at is not None:
        said.append(f"not seen since {_clock(rows.vitals.words_at, zone)}")
    if rows.vitals.alert_at is not None:
        said.append(f"oldest alert not seen: {_clock(rows.vitals.alert_at, zone)}")
    return Finding("cases", fine=True, says="; ".join(said), doubtful=rows.vitals.words_at is not None)


def _disks(space: Space) -> Finding:
    free = ", ".join(f"{name} {_size(count)}" for name, count in space.free.items())
    low = any(is_low(count, space.least, was_low=False) for count in space.free.values())
    return Finding("free space", fine=not low, says=f"{free} (should be {_size(space.least)})" if low else free)


def _size(count: int) -> str:
    return f"{count / GIGABYTE:.1f} GB" if count >= GIGABYTE else f"{count // MEGABYTE} MB"


def _show_next(console: Console, upcoming: Sequence[Upcoming], zone: ZoneInfo) -> None:
    console.print(f"\nNext ({zone.key})" if upcoming else "\nNothing falls due.")
    coming = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for one in upcoming:
        coming.add_row(f"  {_clock(one.at, zone)}", escape(COMING[one.what].format(one.code or one.chore)))
    console.print(coming)


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %d %b %H:%M}"


def _ago(span: timedelta) -> str:
    seconds = max(0, round(span.total_seconds()))
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"  # noqa: PLR2004 - two minutes
