"""`microchequeo check`: settings, keys, token, database, backups, texts, time zones and clock on one screen."""

import asyncio
from pathlib import Path

from rich.console import Console

from bot import checks, errands, vault
from bot.checks import Finding
from bot.cli_findings import table
from bot.clock import SystemClock
from bot.config import Config
from bot.domain.errors import MicrochequeoError
from bot.keys import Keys


def show(path: Path) -> int:
    """Print the screen; return the exit code of the command."""
    findings = _findings(path)
    Console().print(table(findings))
    return next((finding.exit_code for finding in findings if not finding.fine), 0)


def _findings(path: Path) -> list[Finding]:
    """Look at everything that can be looked at; what needs settings or keys that are not there is left out."""
    first, config = checks.configuration(path)
    findings = [first]
    if config is not None:
        second, keys = checks.keys(config)
        findings += [second, checks.help_lines(config, SystemClock())]
        if keys is not None:
            findings += _found_by_app(config, keys)
    return [*findings, *checks.surroundings(SystemClock())]


def _found_by_app(config: Config, keys: Keys) -> list[Finding]:
    last = vault.inspect(config, SystemClock())
    try:
        return [*asyncio.run(errands.inspect(config, keys)), last]
    except MicrochequeoError as error:
        return [Finding("token and database", fine=False, says=str(error), exit_code=checks.exit_code(error)), last]
