"""What a practice does at the command line about people's data: requests on paper, the audit, what is kept too long.

Works while the bot runs, which then does the rest (goodbyes, messages to therapists), and while it does not.
Each verb returns the sentences, or the files, that the person at the command line gets; None: no such patient.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot import errands
from bot.config import Config
from bot.domain.holdings import Act
from bot.domain.model import FileForm
from bot.keys import Keys
from bot.services.data_requests import FORMS_OF_ALL
from bot.services.enrolment import clean_code

NOBODY: Final = "–"
NOT_LISTED: Final = (
    "Not listed, whether or not there is any: what was confided to somebody other than the therapist, and who read it. "
    "The patient sees that with /misdatos."
)
"""Said every time: whoever asks may be the therapist, and that something was confided gives it away."""

WORDS: Final = {
    "words": "texts",
    "scores": "patients' series of numbers",
    "confided": "texts confided to a second contact",
    "outbox": "records of sent messages",
    "inbox": "records of updates",
    "failed_starts": "wrong links",
    "sent_messages": "message numbers",
    "calendars": "sessions of a calendar whose title nobody was named for",
    "accounts": "accounts that opened a link and became nobody here",
    "audit": "lines of the audit",
}


async def erase(config: Config, keys: Keys, code: str) -> list[str] | None:
    """Let a patient go who asked on paper."""
    async with errands.without_telegram(config, keys) as services:
        if not await services.leaving.erase(_kept(code)):
            return None
    said = [f"{code} has left: nothing is asked any more, and the account is forgotten."]
    if config.privacy.keep_scores:
        hours = round(config.privacy.export_within.total_seconds() / 3600)
        said.append(f"The words are erased in {hours} hours, or an hour after an export: microchequeo export {code}")
        said.append("Urgent words that nobody has seen wait for that, within those hours.")
    return [*said, "The bot, when it runs, says goodbye, deletes its messages in the chat and tells the therapist."]


async def export(config: Config, keys: Keys, code: str) -> Mapping[str, bytes] | None:
    """Return the files with everything held about a patient, by name."""
    async with errands.without_telegram(config, keys) as services:
        held = await services.data_requests.of_code(_kept(code))
    return None if held is None else errands.written(config, [held], FileForm, held.code)


async def export_all(config: Config, keys: Keys) -> Mapping[str, bytes]:
    """Return the files with everything held about all patients, by name: each one's to read, the others together."""
    async with errands.without_telegram(config, keys) as services:
        held = await services.data_requests.of_everybody()
    read = [errands.written(config, [one], [FileForm.TEXT], one.code) for one in held]
    together = errands.written(config, held, FORMS_OF_ALL) if held else {}
    return {name: content for files in (*read, together) for name, content in files.items()}


async def audit(config: Config, keys: Keys, code: str) -> list[str] | None:
    """Say who did and read what about a patient, and when."""
    async with errands.without_telegram(config, keys) as services:
        acts = await services.data_requests.acts_about(_kept(code))
    return None if acts is None else [*(_line(act, config) for act in acts), NOT_LISTED]


async def retention(config: Config, keys: Keys, *, dry_run: bool) -> list[str]:
    """Delete what was kept long enough (and announced, where it has to be), or only count it."""
    async with errands.without_telegram(config, keys) as services:
        counted = await (services.retention.due() if dry_run else services.retention.run())
    verb = "would be deleted" if dry_run else "deleted"
    return [f"{verb}: {count} {WORDS[kind]}" for kind, count in counted.items() if count] or ["Nothing is due."]


def _kept(code: str) -> str:
    return clean_code(code) or code


def _line(act: Act, config: Config) -> str:
    return f"{_at(act.at, config)}  {act.by or NOBODY}  {act.act}  {act.subject}"


def _at(instant: datetime, config: Config) -> str:
    return f"{instant.astimezone(config.practice.timezone):%Y-%m-%d %H:%M:%S}"
