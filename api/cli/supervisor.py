"""`deskhand up`: the API, the workers and, for several of them, the vector server, on one machine.

A process that dies is started again; one that dies again and again ends the whole, with its last
words on the screen, because a stack that limps in silence is worse than one that is down.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from api.settings import Settings
from memory.knowledge.index import hold
from memory.storage.migrate import migrate

log = structlog.get_logger()

RESTARTS = 5
"""Restarts of one process that are tolerated in `RESTART_WINDOW`."""
RESTART_WINDOW = 60.0
"""Seconds."""
STOP_SECONDS = 15.0
"""How long a process may take to end before it is killed."""
POLL_SECONDS = 0.2
PR_SET_PDEATHSIG = 1
"""`man prctl`: the signal a process gets when its parent dies."""
PAUSE_SECONDS = 1.0
"""Rest before a process that died is started again."""


@dataclass
class Child:
    """One process of the stack."""

    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    starts: deque[float] = field(default_factory=lambda: deque(maxlen=RESTARTS + 1))

    def start(self) -> None:
        """Start it, or start it again."""
        self.starts.append(time.monotonic())
        self.process = subprocess.Popen(  # noqa: S603 - our own
            self.command,
            env=self.environment,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - this process has no threads
        )
        log.info("process_started", name=self.name, pid=self.process.pid)

    @property
    def ended(self) -> int | None:
        """Exit status once it has ended, else None."""
        return None if self.process is None else self.process.poll()

    @property
    def hopeless(self) -> bool:
        """Whether it died too often in too short a time."""
        full = len(self.starts) == self.starts.maxlen
        return full and self.starts[-1] - self.starts[0] < RESTART_WINDOW

    def stop(self) -> None:
        """Ask it to end, then make it."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _die_with_parent() -> None:
    """On Linux a child is told to end when the supervisor is killed, so that none is orphaned."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def up(settings: Settings, workers: int = 1) -> int:
    """Run the stack until SIGTERM or SIGINT; the exit status. Raises `StorageUnavailable`."""
    migrate(settings.ledger_url)
    children = stack(settings, workers)
    told: list[int] = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, _frame: told.append(number))
    with _index_held(settings, workers):
        try:
            for child in children:
                child.start()
            while not told:
                if (lost := _revive(children)) is not None:
                    return lost
                time.sleep(POLL_SECONDS)
            return 0
        finally:
            for child in reversed(children):
                child.stop()


def _index_held(settings: Settings, workers: int) -> AbstractContextManager[object]:
    """The index folder's lock, where a vector server of ours has it open for all workers."""
    if workers == 1 or settings.chroma_url is not None:
        return nullcontext()
    return hold(settings.chroma_path)


def stack(settings: Settings, workers: int) -> list[Child]:
    """The processes of a stack, not yet started."""
    environment = dict(os.environ)
    children: list[Child] = []
    if workers > 1 and settings.chroma_url is None:
        port = settings.port + 1
        environment["DESKHAND_CHROMA_URL"] = f"127.0.0.1:{port}"
        children.append(Child("chroma", _chroma(settings.chroma_path, port), environment))
    deskhand = [sys.executable, "-m", "api.cli.main"]
    children.append(Child("api", [*deskhand, "api"], environment))
    children += [Child(f"worker-{n}", [*deskhand, "worker"], environment) for n in range(workers)]
    return children


def _chroma(path: Path, port: int) -> list[str]:
    program = shutil.which("chroma", path=str(Path(sys.executable).parent)) or "chroma"
    return [program, "run", "--path", str(path), "--host", "127.0.0.1", "--port", str(port)]


def _revive(children: list[Child]) -> int | None:
    """Start what has ended; the exit status of a process that will not stay up."""
    for child in children:
        status = child.ended
        if status is None:
            continue
        log.warning("process_ended", name=child.name, status=status)
        if child.hopeless or status == CONFIGURATION:
            return status or 1
        time.sleep(PAUSE_SECONDS)
        child.start()
    return None


CONFIGURATION = 2
"""Exit status of a process that refuses its configuration: starting it again cannot help."""
