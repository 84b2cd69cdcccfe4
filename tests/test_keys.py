import json
from pathlib import Path

import pytest

from bot.config import Config, load
from bot.domain.errors import ConfigurationError
from bot.keys import CREDENTIALS, VARIABLE, Keys, load_key_file, load_keys, new_keys, save_keys, write_keys


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    for name in (VARIABLE, CREDENTIALS):
        monkeypatch.delenv(name, raising=False)
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


@pytest.fixture
def credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "credentials").mkdir()
    monkeypatch.setenv(CREDENTIALS, str(tmp_path / "credentials"))
    return tmp_path / "credentials" / "microchequeo.key"


def test_systemd_may_carry_the_keys_readable_by_its_group_as_it_hands_them_over(
    config: Config, credential: Path
) -> None:
    write_keys(config.privacy.key_file)
    write_keys(credential)
    expected = load_key_file(credential)
    credential.chmod(0o440)

    assert load_keys(config) == expected
    assert load_keys(config) != load_key_file(config.privacy.key_file)


def test_credentials_of_something_else_are_passed_over(config: Config, credential: Path) -> None:
    write_keys(config.privacy.key_file)
    credential.with_name("something.else").touch()

    assert load_keys(config) == load_key_file(config.privacy.key_file)


def test_a_credential_that_is_no_key_is_named(config: Config, credential: Path) -> None:
    credential.write_text("open sesame")

    with pytest.raises(ConfigurationError, match=r"systemd credential microchequeo\.key does not hold keys") as caught:
        load_keys(config)

    assert "sesame" not in str(caught.value)


def test_the_environment_comes_before_systemd(
    config: Config, credential: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_keys(credential)
    write_keys(tmp_path / "other.key")
    monkeypatch.setenv(VARIABLE, (tmp_path / "other.key").read_text())

    assert load_keys(config) == load_key_file(tmp_path / "other.key")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777])
def test_a_key_file_that_others_can_open_is_refused_with_the_remedy(config: Config, mode: int) -> None:
    write_keys(config.privacy.key_file)
    config.privacy.key_file.chmod(mode)

    with pytest.raises(ConfigurationError, match="run: chmod 600"):
        load_keys(config)


# Rings


def test_newer_keys_come_first_and_the_index_key_stays() -> None:
    old = new_keys()

    new = old.with_newer()

    assert (new.seal[1:], new.backup[1:], new.index) == (old.seal, old.backup, old.index)
    assert len({*new.seal}) == len({*new.backup}) == 2


def test_the_newest_keys_stay_and_of_the_backup_keys_those_that_are_still_read() -> None:
    ring = new_keys().with_newer().with_newer().with_newer()

    left = ring.without_older({ring.backup[3]})

    assert left == Keys(ring.seal[:1], ring.index, (*ring.backup[:2], ring.backup[3]))


def test_saved_keys_are_read_back_and_stay_their_owners_alone(config: Config) -> None:
    write_keys(config.privacy.key_file)
    newer = load_keys(config).with_newer()

    save_keys(config.privacy.key_file, newer)

    assert load_keys(config) == newer
    assert config.privacy.key_file.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in config.privacy.key_file.parent.glob("*.key*")] == ["my.key"]


def test_keys_saved_through_a_link_leave_the_link(config: Config, tmp_path: Path) -> None:
    (tmp_path / "safe").mkdir()
    write_keys(tmp_path / "safe" / "real.key")
    config.privacy.key_file.symlink_to(tmp_path / "safe" / "real.key")
    newer = load_keys(config).with_newer()

    save_keys(config.privacy.key_file, newer)

    assert config.privacy.key_file.is_symlink()
    assert load_key_file(tmp_path / "safe" / "real.key") == newer


def test_what_a_kill_left_of_saving_does_not_stand_in_the_way(config: Config) -> None:
    write_keys(config.privacy.key_file)
    config.privacy.key_file.with_name("my.key.new").write_text("half a key")

    save_keys(config.privacy.key_file, newer := load_keys(config).with_newer())

    assert load_keys(config) == newer


def test_keys_that_cannot_be_saved_stay_as_they_were(config: Config) -> None:
    write_keys(config.privacy.key_file)
    before = load_keys(config)
    config.privacy.key_file.with_name("my.key.new").mkdir()

    with pytest.raises(ConfigurationError, match="cannot be written"):
        save_keys(config.privacy.key_file, before.with_newer())

    assert load_keys(config) == before


def test_keys_from_before_there_were_backups_have_a_backup_key_that_never_changes(config: Config) -> None:
    write_keys(config.privacy.key_file)
    found = json.loads(config.privacy.key_file.read_text())
    del found["backup"]
    config.privacy.key_file.write_text(json.dumps(found))

    once, again = load_keys(config), load_keys(config)

    assert once.backup == again.backup
    assert once.backup[0] not in {once.index, *map(str.encode, once.seal)}
    assert "backup" not in config.privacy.key_file.read_text()


def test_every_key_is_struck_out_of_the_logs(config: Config) -> None:
    write_keys(config.privacy.key_file)
    found = json.loads(config.privacy.key_file.read_text())

    assert {*load_keys(config).secrets()} == {*found["seal"], found["index"], *found["backup"]}


def test_missing_key_file_names_the_command_that_makes_it(config: Config) -> None:
    with pytest.raises(ConfigurationError, match=r"my\.key does not exist; `microchequeo init` makes one"):
        load_keys(config)


GOOD = new_keys()
INDEX = GOOD.secrets()[1]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "open sesame",
        "[]",
        "{}",
        json.dumps({"seal": [], "index": INDEX}),
        json.dumps({"seal": ["sesame"], "index": INDEX}),
        json.dumps({"seal": [7], "index": INDEX}),
        json.dumps({"seal": GOOD.seal[0], "index": INDEX}),
        json.dumps({"seal": GOOD.seal, "index": "c2VzYW1l"}),
        json.dumps({"seal": GOOD.seal, "index": "?"}),
        json.dumps({"seal": GOOD.seal, "index": INDEX, "backup": ["c2VzYW1l"]}),
        json.dumps({"seal": GOOD.seal, "index": INDEX, "backup": 7}),
    ],
)
def test_harmed_key_file_is_refused_without_showing_it(config: Config, content: str) -> None:
    config.privacy.key_file.touch(mode=0o600)
    config.privacy.key_file.write_text(content)

    with pytest.raises(ConfigurationError, match="put an unharmed copy back") as caught:
        load_keys(config)

    assert "sesame" not in str(caught.value)
