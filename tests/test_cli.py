import os
import stat
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
from tests.commands import done as microchequeo

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"


@pytest.fixture(autouse=True)
def _empty_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("MICROCHEQUEO_")]:
        monkeypatch.delenv(name)


def mode(path: str) -> int:
    return stat.S_IMODE(Path(path).stat().st_mode)


def test_init_writes_settings_keys_and_data_folder() -> None:
    done = microchequeo("init", "--yes")

    assert (done.code, done.err) == (0, "")
    assert Path("config.toml").read_text("utf-8") == example()
    assert (mode("config.toml"), mode("data"), mode("data/microchequeo.key")) == (0o600, 0o700, 0o600)
    assert load_keys(load(Path("config.toml"))).seal


def test_init_says_what_to_do_next() -> None:
    done = microchequeo("init", "--yes")

    for word in ("@BotFather", "microchequeo check", "microchequeo invite --therapist", "microchequeo run", "a copy"):
        assert word in done.out


def test_init_never_prints_the_keys() -> None:
    done = microchequeo("init", "--yes")

    keys = load_keys(load(Path("config.toml")))
    assert not any(key in done.out for key in keys.secrets())


def test_second_init_changes_nothing_and_says_so() -> None:
    microchequeo("init", "--yes")
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}

    done = microchequeo("init", "--yes")

    assert done.code == 0
    assert "config.toml was there; left as it is" in done.out
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


def test_init_completes_what_is_missing() -> None:
    Path("config.toml").write_text('[privacy]\nkey_file = "safe/my.key"')

    done = microchequeo("init", "--yes")

    assert done.code == 0
    assert mode("safe/my.key") == 0o600
    assert Path("config.toml").read_text() == '[privacy]\nkey_file = "safe/my.key"'


def test_init_makes_no_new_keys_for_data_that_needs_the_old_ones() -> None:
    microchequeo("init", "--yes")
    Path("data/microchequeo.key").unlink()
    Path("data/microchequeo.db").touch()

    done = microchequeo("init", "--yes")

    assert done.code == 78
    assert "put your copy of the key file back" in done.err
    assert not Path("data/microchequeo.key").exists()


def test_init_makes_no_key_file_when_the_environment_carries_the_keys() -> None:
    microchequeo("init", "--yes", "--config", "elsewhere/config.toml")
    carried = Path("elsewhere/data/microchequeo.key").read_text()

    done = microchequeo("init", "--yes", MICROCHEQUEO_KEYS=carried)

    assert done.code == 0
    assert not Path("data/microchequeo.key").exists()


def test_init_remembers_where_the_token_is() -> None:
    Path("my.token").write_text(TOKEN)

    microchequeo("init", "--yes", "--token-file", "my.token")

    assert load(Path("config.toml")).telegram.secret() == TOKEN


def test_init_in_a_place_that_cannot_be_written_says_so() -> None:
    Path("data").write_text("a file where the folder should be")

    done = microchequeo("init", "--yes")

    assert done.code == 78
    assert "data cannot be made" in done.err
    assert "Traceback" not in done.err


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

    assert (done.code, done.out) == (78, "")
    assert done.err == "config.toml does not exist; `microchequeo init` writes one.\n"


def test_missing_token_is_one_sentence_and_exit_78() -> None:
    microchequeo("init", "--yes")

    done = microchequeo("run")

    assert done.code == 78
    assert done.err.startswith("config.toml, [telegram] token is missing; write /newbot to @BotFather")
    assert len(done.err.splitlines()) == 1


def test_wrong_variable_is_one_sentence_and_exit_78() -> None:
    microchequeo("init", "--yes")

    done = microchequeo("run", MICROCHEQUEO_DIGEST__HOUR="25")

    assert done.code == 78
    assert done.err == 'MICROCHEQUEO_DIGEST__HOUR = "25" does not work; write a full hour from 0 to 23.\n'


def test_keys_that_others_can_read_are_refused_with_the_remedy() -> None:
    microchequeo("init", "--yes")
    Path("data/microchequeo.key").chmod(0o640)

    done = microchequeo("run", MICROCHEQUEO_TELEGRAM__TOKEN=TOKEN)

    assert done.code == 78
    assert f"run: chmod 600 {Path('data/microchequeo.key').absolute()}" in done.err


def test_keys_never_show_in_what_the_commands_say() -> None:
    microchequeo("init", "--yes")
    config = load(Path("config.toml"))
    before = load_keys(config)
    prepare(config.database.path, ring(before))

    said = [microchequeo(*words) for words in (("backup",), ("rotate-key",), ("rotate-key",), ("backup",))]
    after = load_keys(config)

    assert [done.code for done in said] == [0] * 4
    assert not any(key in done.out + done.err for done in said for key in (*before.secrets(), *after.secrets()))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("backup",), 69),
        (("rotate-key",), 69),
        (("restore", "no.backup"), 69),
        (("restore",), 2),
        (("erase-again",), 65),
    ],
    ids=str,
)
def test_where_there_is_nothing_yet_it_is_said_in_one_sentence(words: tuple[str, ...], code: int) -> None:
    microchequeo("init", "--yes")

    done = microchequeo(*words)

    assert (done.code, done.out) == (code, "")
    assert code == 2 or len(done.err.splitlines()) == 1


def test_check_without_settings_says_so_and_still_looks_at_the_rest() -> None:
    done = microchequeo("check")

    assert done.code == 78
    assert "config.toml does not exist" in done.out
    for what in ("texts", "time zones", "clock"):
        assert f"✓  {what}" in done.out


def test_run_without_a_country_does_not_start() -> None:
    microchequeo("init", "--yes")
    text = Path("config.toml").read_text("utf-8")
    Path("config.toml").write_text(text.replace('country = "ES"', ""), "utf-8")

    done = microchequeo("run", MICROCHEQUEO_TELEGRAM__TOKEN=TOKEN)

    assert done.code == 78
    assert done.err == (
        'config.toml, [practice] country is missing; write the two letters of a country, like "ES": '
        "it decides which help lines people see.\n"
    )


def test_check_names_the_help_lines_that_nobody_has_looked_at_for_six_months() -> None:
    microchequeo("init", "--yes")
    lines = (
        'help_lines = [{ number = "016", says_es = "-", says_en = "-", checked_on = 2020-01-31, kind = "violence" }]'
    )
    text = Path("config.toml").read_text("utf-8").replace("# help_lines = [", f"{lines}\n# [")
    Path("config.toml").write_text(text, "utf-8")

    done = microchequeo("check")

    said = " ".join(done.out.split())
    assert "!  help lines" in done.out
    assert "016 was last checked on 2020-01-31" in said
    assert "help lines" not in "".join(line for line in done.out.splitlines() if line.startswith("✗"))


def test_check_shows_section_names_as_they_are_written() -> None:
    Path("config.toml").write_text("[digest]\nhour = 25")

    done = microchequeo("check")

    assert "config.toml, [digest] hour = 25 does not work; write a full hour from 0 to 23." in done.out


def test_terminal_that_knows_only_ascii_gets_its_answer_too() -> None:
    done = microchequeo("check", PYTHONIOENCODING="ascii")

    assert done.code == 78
    assert "config.toml does not exist" in done.out


@pytest.mark.parametrize(
    "words",
    [
        *((), ("fly",), ("run", "--fast"), ("invite",), ("invite", "--therapist", " ")),
        ("invite", "--therapist", "Dra. Ruiz", "--operator", "Iker"),
    ],
    ids=" ".join,
)
def test_wrong_command_exits_2(words: tuple[str, ...]) -> None:
    done = microchequeo(*words)

    assert done.code == 2
    assert "Traceback" not in done.err


def test_wrong_log_level_exits_2() -> None:
    microchequeo("init", "--yes")

    assert microchequeo("run", "--log-level", "loud", MICROCHEQUEO_TELEGRAM__TOKEN=TOKEN).code == 2


def test_version_is_printed_alone() -> None:
    done = microchequeo("--version")

    assert (done.code, done.out) == (0, "microchequeo 0.1.0\n")


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
    words = "run demo local-api init check invite backup restore erase-again rotate-key move-database"
    for command in words.split():
        assert microchequeo(command, "--help").code == 0
