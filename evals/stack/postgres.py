"""A private Postgres in a temporary folder: for the tests, the chaos runs and the benchmarks.

The server is Debian's `postgresql` package. It refuses to run as root, so root starts it as the
package's own user. Nothing in it is meant to be kept: it does not wait for the disk.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from evals.stack.stack import free_port

SERVER_USER = "postgres"
"""The account of the package, and the database's superuser."""
BINARIES = Path("/usr/lib/postgresql")
START_SECONDS = 120
MOST_CONNECTIONS = 400
POLL_SECONDS = 0.05
TAIL_CHARS = 2_000
"""Of what a failed command said."""
MEMORY = Path("/dev/shm")  # noqa: S108 - it is a folder in memory, and what is in it has a name of its own
"""Where the data goes if there is room: a database is some seven hundred files."""
ROOM_BYTES = 4_000_000_000


class PostgresMissing(Exception):
    """No server is installed on this machine, or it did not start; the message says what to do."""


@dataclass(frozen=True)
class Cluster:
    """A running server."""

    folder: Path
    port: int

    def url(self, name: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://{SERVER_USER}@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, template: str | None = None) -> str:
        """The address of a new database, a copy of `template` where one is named."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template or "template1")
        )
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)
        return self.url(name)

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server, by default as a crash would."""
        run(["pg_ctl", "-D", str(self.folder / "data"), "-m", mode, "-w", "stop"])

    @property
    def pid(self) -> int | None:
        """Of the server's first process, as it says itself; None before its start and after an end in order."""
        try:
            return int((self.folder / "data" / "postmaster.pid").read_text().partition("\n")[0])
        except (OSError, ValueError):
            return None

    @property
    def alive(self) -> bool:
        """Whether that process runs."""
        pid = self.pid
        try:
            state = "" if pid is None else Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return False
        return state.rpartition(")")[2].split()[:1] not in ([], ["Z"])

    def stop_if_runs(self) -> None:
        """Stop the server unless it is down already."""
        if self.alive:
            self.stop()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder,
            "max_connections": MOST_CONNECTIONS,
            "fsync": "off",
            "shared_buffers": "64MB",
        }
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        log = str(self.folder / "server.log")
        data = str(self.folder / "data")
        run(["pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start"])


def missing() -> str | None:
    """Why no server can be started here; None if one can."""
    if _binaries() is None:
        return "Postgres is not installed: `apt-get install postgresql` brings it"
    return None


@contextmanager
def private_cluster() -> Iterator[Cluster]:
    """A server of one's own, gone at the end. Raises `PostgresMissing`."""
    if (reason := missing()) is not None:
        raise PostgresMissing(reason)
    folder = Path(tempfile.mkdtemp(prefix="deskhand-postgres-", dir=roomy()))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, SERVER_USER, SERVER_USER)
        data = str(folder / "data")
        run(["initdb", "-D", data, "-U", SERVER_USER, "-A", "trust", "-N", "--encoding=UTF8"])
        cluster = Cluster(folder, free_port())
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop_if_runs()
    finally:
        remove(folder)


def roomy() -> Path | None:
    """The folder in memory if it has room; None for the usual temporary one."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES:
        return MEMORY
    return None


def _binaries() -> Path | None:
    found = sorted(BINARIES.glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    return None if elsewhere is None else Path(elsewhere).parent


def run(command: Sequence[str]) -> None:
    """Run a program of the package as its own user. Raises `PostgresMissing`."""
    folder = _binaries()
    assert folder is not None
    whole = [str(folder / command[0]), *command[1:]]
    identity = pwd.getpwnam(SERVER_USER) if os.geteuid() == 0 else None
    done = subprocess.run(  # noqa: S603 - our own commands
        whole,
        user=None if identity is None else identity.pw_uid,
        group=None if identity is None else identity.pw_gid,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=START_SECONDS,
        cwd="/",
        check=False,
        text=True,
        env={"LC_ALL": "C.UTF-8", "PATH": os.environ.get("PATH", "")},
    )
    if done.returncode != 0:
        raise PostgresMissing(f"{command[0]} failed: {done.stdout[-TAIL_CHARS:]}")


def remove(folder: Path) -> None:
    """Remove a server's folder."""
    # A stopped server may still be writing its last file.
    until = time.monotonic() + START_SECONDS
    while folder.exists() and time.monotonic() < until:
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(POLL_SECONDS)
