"""The settings and keys of a practice that lasts as long as a demonstration, in a folder that goes with it."""

from pathlib import Path

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.config import Backup, Config, Database, Health, Practice, Privacy, Telegram
from bot.config_values import SQLITE
from bot.domain.model import Language


class Settings(Config):
    """The settings of the demo alone: no variable of the environment can lead it to a real bot."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic-settings'
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what is passed, nothing else."""
        return (init_settings,)


def settings(token: str, api_url: str, folder: Path, language: Language = Language.ES) -> Settings:
    """Return the settings of a practice in Spain that keeps everything in `folder`; its data folder is made."""
    data = folder / "data"
    data.mkdir(mode=0o700, exist_ok=True)
    return Settings(
        telegram=Telegram(token=token, api_url=api_url),
        database=Database(url=f"{SQLITE}{data}/microchequeo.db"),
        practice=Practice(country="ES", language=language),
        privacy=Privacy(key_file=data / "microchequeo.key"),
        backup=Backup(folder=None),
        health=Health(listen=""),
    )
