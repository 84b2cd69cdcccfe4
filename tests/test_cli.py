import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import cli
from bot.config import load
from bot.domain.errors import (
    ConfigurationError,
    StoreRefusedError,
    StoreUnavailableError,
    TelegramRefusedTokenError,
)
from bot.domain.model import Language
from bot.installation import example
from bot.keys import load_keys
from bot.vault import ring
from storage.opening import prepare

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"


@pytest.fixture(autouse=True)
def _empty_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("MICROCHEQUEO_")]:
        monkeypatch.delenv(name)


def microchequeo(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "bot", *words],
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def mode(path: str) -> int:
    return stat.S_IMODE(Path(path).stat().st_mode)


def test_init_writes_settings_keys_and_data_folder() -> None:
    done = microchequeo("init", "--yes")

    assert (done.returncode, done.stderr) == (0, "")
    assert Path("config.toml").read_text("utf-8") == example()
    assert (mode("config.toml"), mode("data"), mode("data/microchequeo.key")) == (0o600, 0o700, 0o600)
    assert load_keys(load(Path("config.toml"))).seal


def test_init_says_what_to_do_next() -> None:
    done = microchequeo("init", "--yes")

    for word in ("@BotFather", "microchequeo check", "microchequeo invite --therapist", "microchequeo run", "a copy"):
        assert word in done.stdout


def test_init_never_prints_the_keys() -> None:
    done = microchequeo("init", "--yes")

    keys = load_keys(load(Path("config.toml")))
    assert not any(key in done.stdout for key in keys.secrets())


def test_second_init_changes_nothing_and_says_so() -> None:
    microchequeo("init", "--yes")
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}

    done = microchequeo("init", "--yes")

    assert done.returncode == 0
    assert "config.toml was there; left as it is" in done.stdout
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


def test_init_completes_what_is_missing() -> None:
    Path("config.toml").write_text('[privacy]\nkey_file = "safe/my.key"')

    done = microchequeo("init", "--yes")

    assert done.returncode == 0
    assert mode("safe/my.key") == 0o600
    assert Path("config.toml").read_text() == '[privacy]\nkey_file = "safe/my.key"'


def test_init_makes_no_new_keys_for_data_that_needs_the_old_ones() -> None:
    microchequeo("init", "--yes")
    Path("data/microchequeo.key").unlink()
    Path("data/microchequeo.db").touch()

    done = microchequeo("init", "--yes")

    assert done.returncode == 78
    assert "put your copy of the key file back" in done.stderr
    assert not Path("data/microchequeo.key").exists()


def test_init_makes_no_key_file_when_the_environment_carries_the_keys() -> None:
    microchequeo("init", "--yes", "--config", "elsewhere/config.toml")
    carried = Path("elsewhere/data/microchequeo.key").read_text()

    done = microchequeo("init", "--yes", MICROCHEQUEO_KEYS=carried)

    assert done.returncode == 0
    assert not Path("data/microchequeo.key").exists()


def test_init_remembers_where_the_token_is() -> None:
    Path("my.token").write_text(TOKEN)

    microchequeo("init", "--yes", "--token-file", "my.token")

    assert load(Path("config.toml")).telegram.secret() == TOKEN


def test_init_in_a_place_that_cannot_be_written_says_so() -> None:
    Path("data").write_text("a file where the folder should be")

    done = microchequeo("init", "--yes")

    assert done.returncode == 78
    assert "data cannot be made" in done.stderr
    assert "Traceback" not in done.stderr


def test_init_asks_until_the_answers_make_sense() -> None:
    answers = ["America/Santigo", "America/Santiago", "Chile", "cl", "en", TOKEN]

    done = CliRunner().invoke(cli.command_line, ["init"], input="\n".join(answers) + "\n")

    config = load(Path("config.toml"))
    assert done.exit_code == 0, done.output
    assert "did you mean America/Santiago?" in done.output
    assert (config.practice.timezone.key, config.practice.country) == ("America/Santiago", "CL")
    assert config.practice.language is Language.EN


def test_init_puts_the_token_into_a_file_of_its_own() -> None:
    done = CliRunner().invoke(cli.command_line, ["init"], input=f"\n\n\n{TOKEN}\n")

    assert load(Path("config.toml")).telegram.secret() == TOKEN
    assert mode("data/telegram.token") == 0o600
    assert TOKEN not in done.output
    assert TOKEN not in Path("config.toml").read_text("utf-8")


def test_init_without_a_token_says_how_to_get_one() -> None:
    done = CliRunner().invoke(cli.command_line, ["init"], input="\n\n\n\n")

    assert done.exit_code == 0
    assert "/newbot" in done.output


@pytest.mark.parametrize("command", [("run",), ("invite", "--therapist", "Dra. Ruiz")])
def test_missing_settings_are_one_sentence_and_exit_78(command: tuple[str, ...]) -> None:
    done = microchequeo(*command)

    assert (done.returncode, done.stdout) == (78, "")
    assert done.stderr == "config.toml does not exist; `microchequeo init` writes one.\n"


def test_missing_token_is_one_sentence_and_exit_78() -> None:
    microchequeo("init", "--yes")

    done = microchequeo("run")

    assert done.returncode == 78
    assert done.stderr.startswith("config.toml, [telegram] token is missing; write /newbot to @BotFather")
    assert len(done.stderr.splitlines()) == 1


def test_wrong_variable_is_one_sentence_and_exit_78() -> None:
    microchequeo("init", "--yes")

    done = microchequeo("run", MICROCHEQUEO_DIGEST__HOUR="25")

    assert done.returncode == 78
    assert done.stderr == 'MICROCHEQUEO_DIGEST__HOUR = "25" does not work; write a full hour from 0 to 23.\n'


def test_keys_that_others_can_read_are_refused_with_the_remedy() -> None:
    microchequeo("init", "--yes")
    Path("data/microchequeo.key").chmod(0o640)

    done = microchequeo("run", MICROCHEQUEO_TELEGRAM__TOKEN=TOKEN)

    assert done.returncode == 78
    assert f"run: chmod 600 {Path('data/microchequeo.key').absolute()}" in done.stderr


def test_keys_never_show_in_what_the_commands_say() -> None:
    microchequeo("init", "--yes")
    config = load(Path("config.toml"))
    before = load_keys(config)
    prepare(config.database.path, ring(before))

    said = [microchequeo(*words) for words in (("backup",), ("rotate-key",), ("rotate-key",), ("backup",))]
    after = load_keys(config)

    assert [done.returncode for done in said] == [0] * 4
    assert not any(key in done.stdout + done.stderr for done in said for key in (*before.secrets(), *after.secrets()))


@pytest.mark.parametrize(
    ("words", "code"),
    [(("backup",), 69), (("rotate-key",), 69), (("restore", "no.backup"), 69), (("restore",), 2)],
    ids=str,
)
def test_where_there_is_nothing_yet_it_is_said_in_one_sentence(words: tuple[str, ...], code: int) -> None:
    microchequeo("init", "--yes")

    done = microchequeo(*words)

    assert (done.returncode, done.stdout) == (code, "")
    assert code == 2 or len(done.stderr.splitlines()) == 1


def test_check_without_settings_says_so_and_still_looks_at_the_rest() -> None:
    done = microchequeo("check")

    assert done.returncode == 78
    assert "config.toml does not exist" in done.stdout
    for what in ("texts", "time zones", "clock"):
        assert f"✓  {what}" in done.stdout


def test_check_shows_section_names_as_they_are_written() -> None:
    Path("config.toml").write_text("[digest]\nhour = 25")

    done = microchequeo("check")

    assert "config.toml, [digest] hour = 25 does not work; write a full hour from 0 to 23." in done.stdout


def test_terminal_that_knows_only_ascii_gets_its_answer_too() -> None:
    done = microchequeo("check", PYTHONIOENCODING="ascii")

    assert done.returncode == 78
    assert "config.toml does not exist" in done.stdout


@pytest.mark.parametrize(
    "words",
    [(), ("fly",), ("run", "--fast"), ("invite",), ("invite", "--therapist", " ")],
    ids=" ".join,
)
def test_wrong_command_exits_2(words: tuple[str, ...]) -> None:
    done = microchequeo(*words)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_wrong_log_level_exits_2() -> None:
    microchequeo("init", "--yes")

    assert microchequeo("run", "--log-level", "loud", MICROCHEQUEO_TELEGRAM__TOKEN=TOKEN).returncode == 2


def test_version_is_printed_alone() -> None:
    done = microchequeo("--version")

    assert (done.returncode, done.stdout) == (0, "microchequeo 0.1.0\n")


@pytest.mark.parametrize(
    ("failure", "code", "sentence"),
    [
        (ConfigurationError("write this"), 78, "write this"),
        (StoreRefusedError("too new"), 65, "too new"),
        (StoreUnavailableError("locked"), 69, "locked"),
        (TelegramRefusedTokenError("not known"), 69, "not known"),
        (ExceptionGroup("tasks", [StoreRefusedError("too new")]), 65, "too new"),
        (ValueError("words"), 70, "microchequeo stopped: ValueError. This is a fault of the program."),
        (ExceptionGroup("tasks", [StoreRefusedError("too new"), ValueError()]), 70, "microchequeo stopped: Exception"),
    ],
    ids=repr,
)
def test_failure_becomes_a_sentence_and_a_code(failure: Exception, code: int, sentence: str) -> None:
    said, exit_code = cli.explained(failure)

    assert said.startswith(sentence)
    assert exit_code == code


def test_every_command_explains_itself() -> None:
    for command in ("run", "demo", "init", "check", "invite", "backup", "restore", "rotate-key"):
        assert microchequeo(command, "--help").returncode == 0
