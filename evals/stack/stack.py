"""A real stack in a folder of its own: API, worker and outside service, each a process.

The demo, the journey figures, the benchmarks and the chaos tests all run on it, so what they
show is what a customer gets. Nothing in it is faked but the outside service's business.
"""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import httpx2

from api.cli.failures import PARTLY
from api.ledger import open_ledger
from api.settings import Settings
from memory.people import keys
from memory.storage.migrate import migrate

READY_SECONDS = 600.0
"""How long a process that lives may take to be ready: on a busy machine it takes minutes."""
STOP_SECONDS = 20.0
POLL_SECONDS = 0.05
CALL_SECONDS = 60.0
TAIL_LINES = 30
"""Lines of a log shown when its process fails."""


PROJECT_CACHE = Path(__file__).parents[2] / ".cache"
"""Where `make setup` keeps the encoder."""


class StackFailed(Exception):
    """A process did not start, or ended; the message holds the end of its log."""


@dataclass
class Stack:
    """The running processes, by name: api, service, worker-0, worker-1 ..."""

    home: Path
    desk: Path
    port: int
    extra: Mapping[str, str] = field(default_factory=dict)
    """Further environment, such as DESKHAND_MINDS."""
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    commands: dict[str, list[str]] = field(default_factory=dict)
    """What each was started with."""
    code: Path | None = None
    """The tree whose code its processes run; None for this one's."""

    @property
    def url(self) -> str:
        """Where the API listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What the stack's processes get."""
        return {
            "DESKHAND_CACHE": str(PROJECT_CACHE),
            **os.environ,
            "DESKHAND_HOME": str(self.home),
            "DESKHAND_DESK": str(self.desk),
            "DESKHAND_PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            **({} if self.code is None else {"PYTHONPATH": str(self.code)}),
            **self.extra,
        }

    @property
    def settings(self) -> Settings:
        """The same settings, for reading the stack's data beside it."""
        return Settings(
            home=self.home,
            desk=self.desk,
            port=self.port,
            database_url=self.extra.get("DESKHAND_DATABASE_URL"),
            encryption_key=self.environment.get("DESKHAND_ENCRYPTION_KEY"),
        )

    def start_api(self, *, wait: bool = True) -> None:
        """Start the API and, unless told otherwise, wait until it answers."""
        self._start("api", _deskhand("api"))
        if wait:
            self._await("api", self._answers)

    def start_worker(self, number: int = 0, *, wait: bool = True) -> None:
        """Start a worker and, unless told otherwise, wait until it takes jobs."""
        name = f"worker-{number}"
        self._start(name, _deskhand("worker"))
        if wait:
            self.await_log(name, b"worker ready")

    def start_module(self, name: str, module: str, *arguments: str) -> None:
        """Start a module as one of the processes; see `await_log`."""
        self._start(name, [sys.executable, "-m", module, *arguments])

    def start_command(self, name: str, *arguments: str) -> None:
        """Start a `deskhand` command as one of the processes; see `await_log`."""
        self._start(name, _deskhand(*arguments))

    def await_log(self, name: str, words: bytes) -> None:
        """Wait until a process has said so. Raises `StackFailed`."""
        self._await(name, lambda: words in self.log(name).read_bytes())

    def await_answer(self, name: str, url: str) -> None:
        """Wait until a process answers there. Raises `StackFailed`."""
        self._await(name, lambda: _healthy(url))

    def start_service(self, module: str, port: int) -> None:
        """Start an outside service that listens on `port` and answers /health."""
        command = [sys.executable, "-m", module, "--port", str(port)]
        self._start("service", [*command, "--db", str(self.home / "service.db")])
        self._await("service", lambda: _healthy(f"http://127.0.0.1:{port}/health"))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Run a `deskhand` command on this stack, with its output shown."""
        command = _deskhand(*arguments)
        return subprocess.run(command, env=self.environment, cwd=self.code, check=True)  # noqa: S603

    def load(self, *paths: str, tenant: str) -> None:
        """Load articles, whoever wrote them: some of them may be none that can be read."""
        command = _deskhand("kb", "add", *paths, "--tenant", tenant)
        done = subprocess.run(command, env=self.environment, check=False)  # noqa: S603
        if done.returncode != PARTLY:
            done.check_returncode()

    def said(self, *arguments: str) -> str:
        """What a `deskhand` command prints. Raises `CalledProcessError`."""
        command = _deskhand(*arguments)
        done = subprocess.run(  # noqa: S603 - our own commands
            command,
            env=self.environment,
            cwd=self.code,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def kill(self, name: str) -> None:
        """SIGKILL: no warning, no clean-up."""
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def revive(self) -> list[str]:
        """Start again what has ended by itself; their names. Goes on with their logs."""
        ended = [name for name, process in self.processes.items() if process.poll() is not None]
        for name in ended:
            self._start(name, self.commands[name], mode="ab")
        return ended

    def stop(self) -> None:
        """Ask every process to end, newest first."""
        for name in reversed(list(self.processes)):
            process = self.processes.pop(name)
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
            process.kill()
            process.wait()

    def key(self, tenant: str, *scopes: str, name: str = "stack") -> str:
        """A new API key."""
        wanted = scopes or ("intake", "vouch", "agent", "admin")
        return asyncio.run(self.new_key(tenant, *wanted, name=name))

    def client(self, key: str) -> httpx2.Client:
        """An HTTP client that speaks for the holder of `key`."""
        return httpx2.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {key}"}, timeout=CALL_SECONDS
        )

    def log(self, name: str) -> Path:
        """Where a process writes what it says."""
        return self.home / f"{name}.log"

    def memory_mb(self) -> dict[str, float]:
        """Resident memory of each process, in MB."""
        return {name: _resident(process.pid) for name, process in self.processes.items()}

    async def new_key(self, tenant: str, *scopes: str, name: str = "stack") -> str:
        """The same within an event loop."""
        database = open_ledger(self.settings)
        try:
            async with database.transaction() as session:
                return (await keys.create(session, tenant, name, list(scopes)))[1]
        finally:
            await database.close()

    def _start(self, name: str, command: list[str], mode: Literal["wb", "ab"] = "wb") -> None:
        self.commands[name] = command
        with self.log(name).open(mode) as log:
            self.processes[name] = subprocess.Popen(  # noqa: S603 - our own commands
                command, env=self.environment, cwd=self.code, stdout=log, stderr=subprocess.STDOUT
            )

    def _await(self, name: str, ready: Callable[[], bool]) -> None:
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            if ready():
                return
            if self.processes[name].poll() is not None:
                break
            time.sleep(POLL_SECONDS)
        lines = self.log(name).read_text(errors="replace").splitlines()[-TAIL_LINES:]
        ended = self.processes[name].returncode
        how = "it still runs" if ended is None else f"it ended with status {ended}"
        raise StackFailed(f"{name} is not ready ({how}):\n" + "\n".join(lines))

    def _answers(self) -> bool:
        return _healthy(f"{self.url}/health/live")


@contextmanager
def scratch(home: Path, desk: Path, *, fresh: bool = True, **extra: str) -> Iterator[Stack]:
    """A stack over `home`, migrated, nothing started; everything is stopped at the end."""
    if fresh:
        shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True, exist_ok=True)
    stack = Stack(home.resolve(), desk.resolve(), free_port(), extra)
    migrate(stack.settings.ledger_url)
    try:
        yield stack
    finally:
        stack.stop()


def free_port() -> int:
    """A loopback port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _deskhand(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "api.cli.main", *arguments]


def _healthy(url: str) -> bool:
    try:
        return httpx2.get(url, timeout=2.0).status_code < 400  # noqa: PLR2004
    except httpx2.TransportError:
        return False


def _resident(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return round(int(line.split()[1]) / 1024, 1)
    return 0.0
