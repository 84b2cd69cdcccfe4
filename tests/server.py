"""A private PostgreSQL for tests: made in a folder of its own, reached by a socket in it, gone with the tests.

Without PostgreSQL's programs on the machine, what needs them is skipped, and says so; `.ci/run` installs them.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, Final

import psutil
import psycopg

from storage.postgres.address import Address
from storage.postgres.migrating import migrate

DEBIAN: Final = Path("/usr/lib/postgresql")
"""Debian keeps the programs apart from PATH, in a folder for each version."""

STARTS_WITHIN: Final = 30.0
MASTER: Final = "postgres"
OWNER: Final = "practice"
"""The role that a practice's bot uses: it owns its database and can do nothing else."""

SETTINGS: Final = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "64MB",
    "shared_buffers": "16MB",
    "autovacuum": "off",
}
"""Nothing of it has to survive a power cut."""

FOLLOWED: Final = {"wal_level": "replica", "max_wal_senders": "4"}

UNTIL_WE_ARE_GONE: Final = """
"$@" & server=$!
if read -r word; then kill -INT $server; wait $server
else kill -QUIT $server; wait $server; rm -rf "$0"; fi
"""
"""Runs a server until it is told to stop; where the tests were killed, it ends too, and leaves nothing."""

EMPTY: Final = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
SET session_replication_role = replica;
DO $$
DECLARE one text;
BEGIN
    FOR one IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
    LOOP EXECUTE format('DELETE FROM %I', one); END LOOP;
    FOR one IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
    LOOP EXECUTE format('ALTER SEQUENCE %I RESTART', one); END LOOP;
END $$;
"""
"""Triggers and foreign keys aside, every row goes: to make a database anew takes five times as long."""


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL's programs; None if there is none."""
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda program: int(program.parts[-3]))
    elsewhere = shutil.which("initdb")
    return found[-1].parent if found else Path(elsewhere).parent if elsewhere else None


class Server:
    """One server with a database of the present schema in which nobody is, of which tests get copies."""

    def __init__(self, programs: Path, folder: Path, settings: Mapping[str, str]) -> None:
        self.programs = programs
        self._settings = settings
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count()
        self._made: set[str] = set()
        self._named: dict[Path, str] = {}
        self._spare: list[str] = []

    def begin(self) -> None:
        """Make the files, start, and lay out what is copied."""
        if os.geteuid() == 0:
            shutil.chown(self.folder, MASTER)
        how = ["--auth=trust", f"--username={MASTER}", "--encoding=UTF8", "--locale=C", "--no-sync"]
        self.run("initdb", f"--pgdata={self.data}", "--no-instructions", *how)
        self.start()
        with self._master() as db:
            db.execute(f"CREATE ROLE {OWNER} LOGIN")
            db.execute(f"CREATE DATABASE empty OWNER {OWNER}")
        migrate(Address(self.url("empty")))

    def follow(self, other: "Server") -> None:
        """Become what another one is, and follow it: from then on that confirms nothing that is not here, too."""
        if os.geteuid() == 0:
            shutil.chown(self.folder, MASTER)
        where = [f"--host={other.folder}", f"--username={MASTER}", f"--pgdata={self.data}"]
        self.run("pg_basebackup", *where, "--write-recovery-conf", "--checkpoint=fast", "--no-sync")
        self.start()
        other.confirm_with("*")

    def confirm_with(self, others: str) -> None:
        """Confirm what these servers have, too; "": all by itself."""
        with self._master() as db:
            db.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{others}'")
            db.execute("SELECT pg_reload_conf()")

    def promote(self) -> None:
        """Follow nobody any more, and be written to."""
        with self._master() as db:
            db.execute("SELECT pg_promote()")

    def start(self) -> None:
        """Start, and wait until it answers."""
        settings = [f"-c{name}={value}" for name, value in self._settings.items()]
        postgres = [str(self.programs / "postgres"), "-D", str(self.data), "-k", str(self.folder), *settings]
        command = ["/bin/sh", "-c", UNTIL_WE_ARE_GONE, str(self.folder), *postgres]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own words
                command, stdin=subprocess.PIPE, stdout=log, stderr=log, user=_user(), cwd=self.folder
            )
        given_up = time.monotonic() + STARTS_WITHIN
        while not self._answers():
            assert self._process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < given_up, (self.folder / "log").read_text()
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop at once, whoever is connected."""
        if self._process is not None:
            self._process.communicate(b"stop\n", STARTS_WITHIN)
            self._process = None

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Be away for a while."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def restart(self) -> None:
        """Cut every connection."""
        with self.stopped():
            pass

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Answer nobody for a while, and refuse nobody: every process of the server stands still."""
        assert self._process is not None
        [postmaster] = psutil.Process(self._process.pid).children()
        postmaster.suspend()
        workers = postmaster.children()
        for worker in workers:
            worker.suspend()
        try:
            yield
        finally:
            for one in (*workers, postmaster):
                with suppress(psutil.NoSuchProcess):
                    one.resume()

    def url(self, name: str) -> str:
        """Return the address of a database, as the settings have it."""
        return f"postgresql+psycopg://{OWNER}@/{name}?host={self.folder}"

    def url_of(self, file: Path) -> str:
        """Return the address of the database that takes the place of a file; nobody is in it at first."""
        if file not in self._named:
            self._named[file] = self._spare.pop() if self._spare else self._copied()
        return self.url(self._named[file])

    def _copied(self) -> str:
        with self._master() as db:
            name = f"copy_{next(self._numbers)}"
            db.execute(f"CREATE DATABASE {name} TEMPLATE empty OWNER {OWNER}")
        return name

    def make(self, name: str, options: str = "") -> str:
        """Make a database without any schema; return its address."""
        with self._master() as db:
            db.execute(f"CREATE DATABASE {name} TEMPLATE template0 OWNER {OWNER} {options}")
        self._made.add(name)
        return self.url(name)

    def is_changed(self, file: Path) -> None:
        """Do not use again what stands for a file: its schema is another from now on."""
        self._made.add(self._named[file])

    def forget(self) -> None:
        """Empty what stood for files since the last time, to be used again, and drop what else was made."""
        again = [name for name in self._named.values() if name not in self._made]
        for name in again:
            with self._master(name) as db:
                db.execute(EMPTY)
        self._spare += again
        self._named.clear()
        if self._made:
            with self._master() as db:
                for name in self._made:
                    db.execute(f"DROP DATABASE {name} WITH (FORCE)")
        self._made.clear()

    def cpu(self) -> float:
        """Return the seconds of the processor that all its processes have taken, those that have ended included."""
        assert self._process is not None
        [master] = psutil.Process(self._process.pid).children()
        backends = 0.0
        for one in master.children():
            with suppress(psutil.NoSuchProcess):  # it has ended since, and is among those that the first one counts
                backends += sum(one.cpu_times()[:2])
        return backends + sum(master.cpu_times()[:4])

    def files_written(self) -> list[Path]:
        """Return every file of the server, logs and all, after everything that is in memory was written."""
        with self._master() as db:
            db.execute("CHECKPOINT")
        return [file for file in self.folder.rglob("*") if file.is_file()]

    @property
    def data(self) -> Path:
        """The folder of its data."""
        return self.folder / "data"

    def make_folder(self, name: str) -> Path:
        """Make a folder beside its data, in which it may write."""
        folder = self.folder / name
        folder.mkdir()
        if os.geteuid() == 0:
            shutil.chown(folder, MASTER)
        return folder

    def _master(self, name: str = "postgres") -> "psycopg.Connection[Any]":
        return psycopg.connect(host=str(self.folder), user=MASTER, dbname=name, autocommit=True)

    def _answers(self) -> bool:
        try:
            self._master().close()
        except psycopg.OperationalError:
            return False
        return True

    def run(self, program: str, *arguments: str) -> str:
        """Run a program of PostgreSQL's as its administrator; return what it says.  AssertionError if it fails."""
        here = os.environ | {"PGHOST": str(self.folder), "PGUSER": MASTER}
        command = [str(self.programs / program), *arguments]
        done = subprocess.run(  # noqa: S603 - as above
            command, capture_output=True, user=_user(), cwd=self.folder, env=here, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()


def _user() -> str | None:
    """PostgreSQL refuses to run as root; Debian's package makes the user it wants to run as."""
    return MASTER if os.geteuid() == 0 else None


@contextmanager
def running(programs: Path, connections: int = 60, **settings: str) -> Iterator[Server]:
    """Run a server of one's own while the context is open, which takes so many connections."""
    with _housed(programs, {"max_connections": str(connections)} | settings) as server:
        server.begin()
        yield server


@contextmanager
def followed(programs: Path) -> Iterator[tuple[Server, Server]]:
    """Run a server, and one that follows it."""
    with _housed(programs, FOLLOWED) as first, _housed(programs, FOLLOWED) as second:
        first.begin()
        second.follow(first)
        yield first, second


@contextmanager
def _housed(programs: Path, settings: dict[str, str]) -> Iterator[Server]:
    memory = Path("/dev/shm")  # noqa: S108 - the folder in it is private
    folder = Path(tempfile.mkdtemp(prefix="microchequeo-pg-", dir=memory if memory.is_dir() else None))
    server = Server(programs, folder, SETTINGS | settings)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)
