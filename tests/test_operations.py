"""docs/operations.md is true: what can be run without root, systemd and network is run, in the order of the page."""

import re
import shlex
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from bot.clock import SystemClock
from bot.demo.server import LocalTelegram
from storage.backups import in_folder
from tests.commands import Begun, begin, run
from tests.process import START_WITHIN, STOP_WITHIN, until

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
UNIT = (ROOT / "deploy" / "microchequeo.service").read_text("utf-8")

OURS = "sudo -u microchequeo microchequeo "
NOT_HERE = (
    "sudo useradd ",
    "sudo install -d ",
    "sudo install -m 0644 deploy/microchequeo.service ",
    "sudo python3 -m venv ",
    "sudo /opt/microchequeo/bin/pip ",
    "sudo ln -s ",
    "sudo chown ",
    "sudo systemctl daemon-reload",
    "systemctl status ",
    "journalctl ",
)
"""What needs root, systemd or the network."""

STARTS = ("enable --now", "start", "restart")
STOPS = ("stop", "disable --now", "restart")


def commands() -> list[str]:
    """Return every line of every shell block of the page."""
    return [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]


@dataclass
class Machine:
    """Folders in the place of those of the page, and the service as the unit starts it."""

    folder: Path
    telegram: LocalTelegram
    service: Begun | None = None
    ran: list[str] = field(default_factory=list)

    @property
    def home(self) -> Path:
        """What the page calls /var/lib/microchequeo."""
        return self.folder / "lib" / "microchequeo"

    @property
    def around(self) -> dict[str, str]:
        return {"MICROCHEQUEO_TELEGRAM__API_URL": self.telegram.url, "MICROCHEQUEO_OPERATOR__LEAST_FREE": "1"}

    async def does(self, line: str) -> None:
        """Do what a line of the page says, here."""
        if line.startswith(OURS):
            done = await run(*self._here(line.removeprefix(OURS)), folder=self.folder, **self.around)
            assert done.code == 0, f"{line}: {done}"
        elif line.startswith("sudo systemctl ") and line.endswith(" microchequeo"):
            await self._service(line.removeprefix("sudo systemctl ").removesuffix(" microchequeo"))
        elif line.startswith(("sudo tar ", "sudo install -m 0600 ")):
            self._plain(self._here(line.removeprefix("sudo ").replace("-o microchequeo ", "")))
        else:
            assert line.startswith(NOT_HERE), f"nobody knows how to run: {line}"
            return
        self.ran.append(line)

    def _here(self, words: str) -> list[str]:
        made = [str(path) for path in in_folder(self.home / "data" / "backups")]
        if made:
            words = re.sub(r"\S+\.backup", made[-1], words)
        return shlex.split(words.replace("/var/lib", str(self.home.parent)).replace("/media/usb", str(self.usb)))

    @property
    def usb(self) -> Path:
        return self.folder / "usb"

    def _plain(self, words: list[str]) -> None:
        if "--extract" in words:
            self.home.rename(self.folder / "the old machine")
        subprocess.run(words, cwd=self.folder, check=True)  # noqa: S603 - our own page

    async def _service(self, verb: str) -> None:
        assert verb in {*STARTS, *STOPS}
        if verb in STOPS:
            assert self.service is not None
            self.service.process.terminate()
            await until(lambda: self.service is not None and self.service.code is not None, "it ends", STOP_WITHIN)
            assert self.service.code == 0
            await self.telegram.unpolled()
        if verb in STARTS:
            said = self.folder / "said"
            self.service = begin(*self._started_with(), out=said, err=said, folder=self.folder, **self.around)
            await self.telegram.polled(START_WITHIN)

    def _started_with(self) -> list[str]:
        """Return the words after the program's name in the unit."""
        [line] = re.findall(r"(?m)^ExecStart=\S+ (.*)$", UNIT)
        return shlex.split(line.replace("%S", str(self.home.parent)))


async def test_the_page_works_as_written_from_installing_to_another_machine(tmp_path: Path) -> None:
    async with LocalTelegram(now=SystemClock().now) as telegram:
        machine = Machine(tmp_path, telegram)
        machine.home.mkdir(mode=0o700, parents=True)
        machine.usb.mkdir()
        (tmp_path / "telegram.token").write_text(telegram.token)
        try:
            for line in commands():
                await machine.does(line)
        finally:
            if machine.service is not None:
                machine.service.kill()

        assert len(machine.ran) > 15
        assert len(in_folder(machine.usb)) == 1
        assert (tmp_path / "the old machine").is_dir()


def test_what_is_run_elsewhere_names_what_is_there() -> None:
    names = [word for line in commands() for word in line.split() if "/" not in word and "." in word]

    assert {"requirements-run.lock", "telegram.token"} <= set(names)
    assert all((ROOT / name).exists() for name in names if name.endswith(".lock"))
    assert "/etc/systemd/system/microchequeo.service" in PAGE
