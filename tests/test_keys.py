import json
from pathlib import Path

import pytest

from bot.config import Config, load
from bot.domain.errors import ConfigurationError
from bot.keys import VARIABLE, load_keys, new_keys, write_keys


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.delenv(VARIABLE, raising=False)
    path = tmp_path / "config.toml"
    path.write_text('[privacy]\nkey_file = "my.key"')
    return load(path)


def test_written_keys_are_read_back_the_same(config: Config) -> None:
    write_keys(config.privacy.key_file)

    once, again = load_keys(config), load_keys(config)

    assert once == again
    assert len(once.index) == 32


def test_keys_are_never_replaced(config: Config) -> None:
    write_keys(config.privacy.key_file)

    with pytest.raises(FileExistsError):
        write_keys(config.privacy.key_file)


def test_no_two_keys_are_alike() -> None:
    assert new_keys() != new_keys()


def test_keys_do_not_show_themselves() -> None:
    keys = new_keys()

    assert repr(keys) == "Keys(…)"
    assert f"{[keys]}" == "[Keys(…)]"


def test_environment_may_carry_the_keys(config: Config, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_keys(tmp_path / "other.key")
    monkeypatch.setenv(VARIABLE, (tmp_path / "other.key").read_text())

    assert load_keys(config).seal


def test_missing_key_file_names_the_command_that_makes_it(config: Config) -> None:
    with pytest.raises(ConfigurationError, match=r"my\.key does not exist; `microchequeo init` makes one"):
        load_keys(config)


GOOD = new_keys()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "open sesame",
        "[]",
        "{}",
        json.dumps({"seal": [], "index": GOOD.secrets()[-1]}),
        json.dumps({"seal": ["sesame"], "index": GOOD.secrets()[-1]}),
        json.dumps({"seal": [7], "index": GOOD.secrets()[-1]}),
        json.dumps({"seal": GOOD.seal[0], "index": GOOD.secrets()[-1]}),
        json.dumps({"seal": GOOD.seal, "index": "c2VzYW1l"}),
        json.dumps({"seal": GOOD.seal, "index": "?"}),
    ],
)
def test_harmed_key_file_is_refused_without_showing_it(config: Config, content: str) -> None:
    config.privacy.key_file.touch(mode=0o600)
    config.privacy.key_file.write_text(content)

    with pytest.raises(ConfigurationError, match="put an unharmed copy back") as caught:
        load_keys(config)

    assert "sesame" not in str(caught.value)
