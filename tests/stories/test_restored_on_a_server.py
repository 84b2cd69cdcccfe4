"""A practice on a server is put back as docs/postgresql.md says, from a dump and to a point in time.

Whoever left since is not written to any more, and nothing of them is left; whoever stays goes on where the copy ends.
The commands of the page are run as they stand there, with this machine's folders and server in the place of the page's.
"""

import re
import shlex
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from bot.demo.phone import Phone
from bot.keys import load_key_file, save_keys, write_keys
from storage.postgres.address import Address
from tests import server
from tests.commands import run
from tests.practice import Practice, opened, said
from tests.process import until
from tests.server import Server
from tests.stories.test_leaving import NOTHING_KEPT, leaves

pytestmark = pytest.mark.file  # its server is its own

PAGE = (Path(__file__).parents[2] / "docs" / "postgresql.md").read_text("utf-8")
ADDRESS = "postgresql://microchequeo@db.example.org/microchequeo?sslmode=verify-full"
TARGET = "2026-11-23 18:04:00+01"
STAYED, LEFT = "nandufrase", "kolibriwort"


def blocks(heading: str, kind: str) -> list[str]:
    """Return what stands in the blocks of this kind under a heading."""
    [section] = re.findall(rf"^#+ {heading}\n(.*?)(?=^#+ |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    found = re.findall(r"^( *)```(\w*)\n(.*?)^ *```$", section, re.MULTILINE | re.DOTALL)
    return [re.sub(rf"(?m)^{margin}", "", text) for margin, of, text in found if of == kind]


@dataclass
class Clinic:
    """A practice on a server of its own, and whoever does there what the page says."""

    practice: Practice
    server: Server

    @property
    def instead(self) -> Mapping[str, str]:
        """Say what stands here for what the page names."""
        return {
            ADDRESS: str(Address(url_on(self.server)).conninfo()),
            "/var/lib/microchequeo": str(self.practice.folder),
            "/var/lib/postgresql/15/main": str(self.server.data),
            "/etc/postgresql/15/main/conf.d": str(self.server.folder / "conf.d"),
            "/usr/lib/postgresql/15/bin/": "",
            "/archive": str(self.server.folder / "archive"),
            "/backup": str(self.server.folder / "backup"),
            "microchequeo.dump": str(self.practice.folder / "microchequeo.dump"),
        }

    def here(self, text: str) -> str:
        named = "|".join(re.escape(name) for name in self.instead)
        return re.sub(named, lambda found: self.instead[found[0]], text)

    async def follows(self, lines: str) -> str:
        """Do what the lines say, one after the other; return what the last one said."""
        told = ""
        for line in lines.splitlines():
            told = await self.does(shlex.split(self.here(line)))
        return told

    async def does(self, words: list[str]) -> str:
        match words:
            case ["sudo", "systemctl", "start", "microchequeo"]:
                await self.practice.start()
                await self.practice.settle()
            case ["sudo", "systemctl", "stop", "microchequeo"]:
                await self.practice.stop()
            case ["sudo", "systemctl", verb, "postgresql@15-main"]:
                {"start": self.server.start, "stop": self.server.stop}[verb]()
            case ["sudo", "-u", "postgres", "touch", file]:
                return self.plainly("touch", file)
            case ["sudo", "-u", "postgres", program, *rest]:
                return self.server.run(program, *rest)
            case ["sudo", "-u", "microchequeo", "microchequeo", *rest]:
                done = await run(*rest, folder=self.practice.folder)
                assert done.code == 0, done
                return done.out
            case ["sudo", "mv" | "cp" | "rm" as program, *rest]:
                return self.plainly(program, *rest)
            case ["pg_dump" | "pg_restore" as program, *rest]:
                return self.plainly(str(self.server.programs / program), *rest)
            case _:
                pytest.fail(f"nobody knows how to do: {words}")
        return ""

    def plainly(self, *words: str) -> str:
        done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - our own page
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self, sql: str) -> list[dict[str, Any]]:
        with closing(psycopg.connect(Address(url_on(self.server)).conninfo(), row_factory=dict_row)) as db:
            return db.execute(sql).fetchall()

    def configured(self, name: str, text: str) -> None:
        """Write a file of settings for the server."""
        (self.server.folder / "conf.d").mkdir(exist_ok=True)
        (self.server.folder / "conf.d" / name).write_text(self.here(text))


def url_on(clinics: Server) -> str:
    return f"postgresql+psycopg://microchequeo@/microchequeo?host={clinics.folder}"


@pytest.fixture
def clinics() -> Iterator[Server]:
    """Run a server whose log can be archived, with what the page's first step makes."""
    programs = server.programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")
    with server.running(programs, wal_level="replica", max_wal_senders="4", full_page_writes="on") as running:
        running.run("createuser", "microchequeo")
        running.run("createdb", "--owner=microchequeo", "--encoding=UTF8", "--template=template0", "microchequeo")
        yield running


@pytest.fixture
async def clinic(clinics: Server, tmp_path: Path) -> AsyncIterator[Clinic]:
    settings = f'[database]\nurl = "{url_on(clinics)}"\n{NOTHING_KEPT}'
    async with opened(tmp_path, settings=settings) as practice:
        key_file = practice.folder / "data" / "microchequeo.key"
        key_file.parent.mkdir(exist_ok=True, mode=0o700)
        write_keys(key_file)
        save_keys(key_file, practice.keys)
        yield Clinic(practice, clinics)


async def lived_in(practice: Practice) -> tuple[Phone, Phone, Phone]:
    """Let two weeks pass, and a session end for both: P-08 is being asked, P-07 will be in a quarter of an hour."""
    ruiz = await practice.therapist()
    ana, luz = await practice.patient(ruiz), await practice.patient(ruiz, "P-08", 201)
    await practice.week(ruiz, ana, 9, 8, 2, words=LEFT)
    await practice.week(ruiz, luz, 9, 8, 2, code="P-08", words=STAYED)
    await practice.session_ends(ruiz, "P-08")
    await practice.session_ends(ruiz, ask=False)
    return ruiz, ana, luz


async def nobody_who_left_is_there(clinic: Clinic, ruiz: Phone, ana: Phone, luz: Phone, seen: tuple[int, int]) -> None:
    """See that who left hears nothing more, that nothing of them is left, and that who stays goes on."""
    practice = clinic.practice
    await until(lambda: clinic.rows("SELECT FROM lanes") == [], "what was in hand when the copy was made is taken over")
    await practice.answers(luz, 7, 8, 2)
    for span in (timedelta(minutes=15), *[timedelta(days=1)] * 4):
        await practice.pass_time(span)

    assert len(ana.messages) == seen[0]
    assert not [text for text in said(ruiz)[seen[1] :] if "P-07" in text]
    assert clinic.rows("SELECT code FROM patients") == [{"code": "P-08"}]
    assert len(clinic.rows("SELECT id FROM people")) == 2
    assert clinic.rows("SELECT patient_id FROM erasures") == []
    assert clinic.rows("SELECT DISTINCT patient_id FROM words") == [{"patient_id": 2}]
    assert len(clinic.rows("SELECT id FROM check_ins WHERE answered_at IS NOT NULL")) == 2


async def test_from_a_dump_everything_is_back_but_who_left_since(clinic: Clinic) -> None:
    ruiz, ana, luz = await lived_in(clinic.practice)
    [dump] = blocks("Backups", "sh")
    await clinic.follows(dump)
    await leaves(clinic.practice, ana)
    seen = len(ana.messages), len(said(ruiz))

    [back] = blocks("From a dump", "sh")
    await clinic.follows(back)

    await nobody_who_left_is_there(clinic, ruiz, ana, luz, seen)


async def test_at_a_point_in_time_everything_is_back_but_who_left_since(clinic: Clinic) -> None:
    archived, wanted = blocks("To a point in time", "")
    based, back, after = blocks("To a point in time", "sh")
    for name in ("archive", "backup"):
        clinic.server.make_folder(name)
    clinic.configured("archive.conf", archived)
    with (clinic.server.data / "postgresql.conf").open("a") as settings:
        settings.write(f"include_dir = '{clinic.server.folder}/conf.d'\n")
    await clinic.practice.stop()
    clinic.server.restart()
    await clinic.practice.start()
    await clinic.follows(based)
    ruiz, ana, luz = await lived_in(clinic.practice)
    [moment] = clinic.rows("SELECT clock_timestamp()::text AS at")
    await leaves(clinic.practice, ana)
    seen = len(ana.messages), len(said(ruiz))

    clinic.configured("restore.conf", wanted.replace(TARGET, moment["at"]))
    await clinic.follows(back)
    *_, asks = back.splitlines()
    await until(lambda: clinic.server.run(*shlex.split(asks)[3:]).strip() == "f", "the server is back")
    [there] = clinic.rows("SELECT count(*) AS count FROM patients WHERE state <> 'left'")
    told = await clinic.follows(after)

    assert there["count"] == 2
    assert told == ""
    await nobody_who_left_is_there(clinic, ruiz, ana, luz, seen)


async def test_a_dump_from_before_new_keys_opens_with_the_earlier_key_file(clinic: Clinic) -> None:
    ruiz, ana, luz = await lived_in(clinic.practice)
    key_file = clinic.practice.folder / "data" / "microchequeo.key"
    earlier = key_file.read_bytes()
    [dump], [back] = blocks("Backups", "sh"), blocks("From a dump", "sh")
    await clinic.follows(dump)
    await leaves(clinic.practice, ana)
    seen = len(ana.messages), len(said(ruiz))
    stop, *database, erase, check, start = back.splitlines()
    rotate = erase.replace("erase-again", "rotate-key")
    await clinic.follows("\n".join([stop, rotate, *database]))
    refused = await run(*shlex.split(clinic.here(erase))[4:], folder=clinic.practice.folder)

    key_file.write_bytes(earlier)
    await clinic.follows(f"{erase}\n{rotate}\n{check}")
    clinic.practice.keys = load_key_file(key_file)
    await clinic.follows(start)

    assert refused.code == 65
    assert "The keys do not open this database" in refused.err
    assert key_file.read_bytes() != earlier
    await nobody_who_left_is_there(clinic, ruiz, ana, luz, seen)
