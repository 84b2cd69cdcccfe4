"""What is in deploy/ is true: systemd understands the unit, it is hardened, and the bot runs inside its filter."""

import asyncio
import ctypes
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.config import Telegram, load
from tests import jail
from tests.faults.people import Said, calendar, code, enrol
from tests.faults.stopping import ENDS_WITHIN
from tests.listener import listening
from tests.practice import said
from tests.process import BotProcess, housed

ROOT = Path(__file__).parent.parent
UNIT = ROOT / "deploy" / "microchequeo.service"
SEVERAL = ROOT / "deploy" / "several.conf"
CONTAINERFILE = (ROOT / "deploy" / "Containerfile").read_text("utf-8")
MOST_EXPOSED = 1.5

analyze = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(analyze is None, reason="systemd-analyze is not installed (Debian: systemd)")


def analyzed(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    assert analyze is not None
    around = os.environ | environment
    return subprocess.run([analyze, *words], capture_output=True, text=True, env=around, check=False)  # noqa: S603 - ours


def has_libseccomp() -> bool:
    try:
        ctypes.CDLL(jail.LIBRARY)
    except OSError:
        return False
    return True


# The unit


@needs_systemd
def test_the_unit_is_hardly_exposed() -> None:
    found = analyzed("security", "--offline=true", str(UNIT)).stdout

    level = re.search(r"Overall exposure level for \S+: ([\d.]+)", found)
    assert level is not None, found
    assert float(level.group(1)) <= MOST_EXPOSED, found


@needs_systemd
def test_systemd_understands_every_line_of_the_unit(tmp_path: Path) -> None:
    """With a program that is there in the place of the installed one."""
    unit = tmp_path / UNIT.name
    unit.write_text(runnable())

    done = analyzed("verify", str(unit))

    assert (done.returncode, done.stderr.strip()) == (0, "")


def runnable() -> str:
    """Return the unit with a program that is there."""
    return re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={sys.executable}", UNIT.read_text("utf-8"))


@needs_systemd
def test_systemd_understands_the_unit_as_a_template_of_several(tmp_path: Path) -> None:
    """Installed as docs/postgresql.md says: one unit under another name, and what differs beside it."""
    (tmp_path / "microchequeo@.service").write_text(runnable())
    (tmp_path / "microchequeo@.service.d").mkdir()
    shutil.copy(SEVERAL, tmp_path / "microchequeo@.service.d")

    done = analyzed("verify", "microchequeo@8080.service", SYSTEMD_UNIT_PATH=f"{tmp_path}:")

    assert (done.returncode, done.stderr.strip()) == (0, "")


def test_several_on_one_machine_listen_where_their_names_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.toml").write_text(
        '[practice]\ncountry = "ES"\n[telegram]\nmode = "webhook"\nwebhook_url = "https://bot.example.org/telegram"\n'
        'webhook_listen = "127.0.0.1:9000"\n[health]\nlisten = "127.0.0.1:9477"\n'
    )
    found = []
    for port in ("8080", "8081"):
        for name, _, value in (line.partition("=") for line in jail.settings(SEVERAL, "Environment")):
            monkeypatch.setenv(name, value.replace("%i", port))
        config = load(tmp_path / "config.toml")
        found += [config.telegram.webhook_listen, config.health.listen]

    assert found == ["127.0.0.1:8080", "127.0.0.1:18080", "127.0.0.1:8081", "127.0.0.1:18081"]


def test_the_page_about_several_installs_what_is_there() -> None:
    page = (ROOT / "docs" / "postgresql.md").read_text("utf-8")

    named = re.findall(r"install .*(deploy/\S+) /etc/systemd/system/(\S+)", page)

    assert named == [
        ("deploy/microchequeo.service", "microchequeo@.service"),
        ("deploy/several.conf", "microchequeo@.service.d/several.conf"),
    ]
    assert all((ROOT / source).exists() for source, _ in named)


def test_a_wrong_setting_is_not_tried_again_and_a_missing_network_is() -> None:
    [codes] = jail.settings(UNIT, "RestartPreventExitStatus")

    assert {"2", "64", "65", "78"} <= set(codes.split())
    assert not {"69", "70"} & set(codes.split())


def test_stopping_and_polling_have_the_time_they_need() -> None:
    assert int(jail.settings(UNIT, "TimeoutStopSec")[0]) > ENDS_WITHIN
    assert jail.settings(UNIT, "WatchdogSec") == ["5min"]
    assert jail.settings(UNIT, "TimeoutStartSec") == ["infinity"]


@needs_systemd
@pytest.mark.skipif(not has_libseccomp(), reason="libseccomp is not installed (Debian: libseccomp2)")
async def test_inside_the_units_filter_it_reads_its_credentials_works_says_so_and_stops(tmp_path: Path) -> None:
    """A check-in, a chart and a backup under the system call filter; keys and token as systemd would lay them out."""
    async with housed(tmp_path) as bot:
        ruiz, [ana] = await enrol(bot, 1)
        environment = credentials(bot) | {"WATCHDOG_USEC": "8000000", "NOTIFY_SOCKET": str(tmp_path / "notify")}
        with listening(environment["NOTIFY_SOCKET"]) as ear:
            inside = (sys.executable, "-m", "tests.jail", str(UNIT), sys.executable)
            with (tmp_path / "said").open("w") as errors:
                process = await asyncio.create_subprocess_exec(
                    *(*inside, "-m", "bot", "run", "--config", str(bot.config_file)),
                    cwd=ROOT,
                    env=os.environ | environment,
                    stderr=errors,
                )
            try:
                await ear.hears("READY=1")
                async with calendar(bot, Said()) as book:
                    await book.note(code(1))
                await ana.wait_for(lambda message: "10" in message.labels(), timeout=30)
                for label in ("9", "8", "2"):
                    await ana.tap(label, wait=True)
                await ruiz.send("/resumen")
                await ruiz.wait_for(lambda message: bool(message.photo), timeout=60)
                await ear.hears("WATCHDOG=1")
                process.terminate()
                await ear.hears("STOPPING=1")
                assert await asyncio.wait_for(process.wait(), 20) == 0, (tmp_path / "said").read_text()
            finally:
                if process.returncode is None:
                    process.kill()
                await process.wait()
        assert any("Semana" in text for text in said(ruiz))
        assert "error" not in (tmp_path / "said").read_text()


def credentials(bot: BotProcess) -> dict[str, str]:
    """Lay the two secrets out as systemd does, readable by their owner alone; elsewhere they are not found."""
    folder = bot.folder / "credentials"
    folder.mkdir(mode=0o700)
    for name, content in (
        ("microchequeo.key", bot.config.privacy.key_file.read_bytes()),
        ("telegram.token", bot.telegram.token.encode()),
    ):
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o400)
    bot.config_file.write_text(re.sub(r"(?m)^token = .*\n", "", bot.config_file.read_text()))
    [variable] = [line for line in jail.settings(UNIT, "Environment") if "TOKEN_FILE" in line]
    name, _, value = variable.partition("=")
    nowhere = {"MICROCHEQUEO_PRIVACY__KEY_FILE": str(folder / "none")}
    return {"CREDENTIALS_DIRECTORY": str(folder), name: value.replace("%d", str(folder))} | nowhere


# The container


def copied() -> list[str]:
    """Return what the first stage takes from the checkout."""
    lines = re.findall(r"(?m)^COPY (?!--from)(.*)$", CONTAINERFILE)
    return [word for line in lines for word in line.split()[:-1]]


def test_everything_the_container_is_made_of_is_there_and_enough_to_install_from() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    built = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {"pyproject.toml", "requirements-run.lock", *built["packages"], *built["force-include"]}

    assert [name for name in copied() if not (ROOT / name).exists()] == []
    assert needed | {project["project"]["readme"], *project["project"]["license-files"]} <= set(copied())


def test_the_container_has_one_python_that_is_new_enough_hashed_packages_and_no_root() -> None:
    stages = re.findall(r"(?m)^FROM \S+/python:3\.(\d+)\S*", CONTAINERFILE)
    last = CONTAINERFILE.rpartition("\nFROM ")[2]

    assert len(stages) == 2
    assert len(set(stages)) == 1
    assert int(stages[0]) >= 11
    assert "--require-hashes -r requirements-run.lock" in CONTAINERFILE
    assert re.search(r"(?m)^USER (?!root)\w+$", last)
    assert re.search(r"(?m)^VOLUME /data$", last)


def test_the_container_names_settings_and_commands_that_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [address] = re.findall(r"MICROCHEQUEO_HEALTH__LISTEN=(\S+)", CONTAINERFILE)
    monkeypatch.setenv("MICROCHEQUEO_HEALTH__LISTEN", address)
    (tmp_path / "config.toml").write_text('[practice]\ncountry = "ES"\n')

    assert load(tmp_path / "config.toml").health.listen == address
    assert f"http://{address}/healthz" in CONTAINERFILE
    assert address != Telegram().webhook_listen, "both are listened at"
    assert 'ENTRYPOINT ["microchequeo"]\nCMD ["run"]' in CONTAINERFILE
