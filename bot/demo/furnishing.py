"""The settings of a practice that lasts as long as a demonstration, in a folder that goes with it.

They are made here, not loaded: no variable of the environment can lead the demo to a real bot.
"""

from pathlib import Path

from bot.config import Backup, Config, Database, Health, Practice, Privacy, Telegram
from bot.config_values import SQLITE
from bot.domain.model import Language


def settings(token: str, api_url: str, folder: Path, language: Language = Language.ES) -> Config:
    """Return the settings of a practice in Spain that keeps everything in `folder`; its data folder is made."""
    data = folder / "data"
    data.mkdir(mode=0o700, exist_ok=True)
    return Config(
        telegram=Telegram(token=token, api_url=api_url),
        database=Database(url=f"{SQLITE}{data}/microchequeo.db"),
        practice=Practice(country="ES", language=language),
        privacy=Privacy(key_file=data / "microchequeo.key"),
        backup=Backup(folder=None),
        health=Health(listen=""),
    )
