"""Real workers that start at once: the modules are loaded in a parent, each worker is a fork of it.

A chaos run kills a worker every second or so; importing everything anew each time would measure
the imports. The fork runs what `deskhand worker` runs, on the same settings; an API and the process
of the channels can be had in the same way.
"""

import importlib
import os
import signal
import subprocess
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from api.loading import loading
from evals.stack.stack import READY_SECONDS, TAIL_LINES, Stack, StackFailed

Program = Literal["worker", "api", "channels"]
LONGEST_LIFE_SECONDS = 1.5
"""Of a process in a run with kills, from the moment it is ready."""
KILLED_EARLY = 0.1
"""Share of the processes that such a run kills before they are ready."""
HEAVY: dict[Program, tuple[str, ...]] = {
    "worker": (
        "api.worker.process",
        "chromadb",
        "chromadb.api.rust",
        "dbos",
        "memory.storage.ledger_checkpoints",
    ),
    "api": ("api.console.mount", "api.http.serve", "dbos"),
    "channels": ("api.channels.process", "tools.adapters.mail.sender", "dbos"),
}
"""What takes its time to import and starts no thread."""
READY: dict[Program, bytes] = {
    "worker": b"worker ready",
    "api": b"listening on",
    "channels": b"channels ready",
}
"""What each says once it does its work."""
POLL_SECONDS = 0.01


@dataclass
class WorkerPool:
    """The parent process, and the one worker (or other `program`) that is alive."""

    stack: Stack
    program: Program = "worker"
    parent: subprocess.Popen[str] | None = None
    pid: int | None = None
    starts: int = 0
    logs: list[Path] = field(default_factory=list)

    def start(self, place: str = "", *, wait: bool = True) -> int:
        """Start a worker, which ends itself at `place` if one is named; its process id."""
        parent = self.parent or self._open()
        self.starts += 1
        log = self.stack.log(f"{self.program}-{self.starts}")
        log.touch()
        self.logs.append(log)
        assert parent.stdin is not None
        assert parent.stdout is not None
        parent.stdin.write(f"{log}\t{place}\n")
        parent.stdin.flush()
        self.pid = int(parent.stdout.readline())
        if wait:
            self.await_ready()
        return self.pid

    def await_ready(self) -> None:
        """Until the worker takes jobs, or has ended. Raises `StackFailed`."""
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until and self.alive:
            if self._has_said_so():
                return
            time.sleep(POLL_SECONDS)
        if self.alive or not self._has_said_so():
            lines = self.logs[-1].read_text(errors="replace").splitlines()[-TAIL_LINES:]
            raise StackFailed(f"the {self.program} is not ready:\n" + "\n".join(lines))

    @property
    def alive(self) -> bool:
        """Whether the worker that was started last still runs."""
        return self.pid is not None and Path(f"/proc/{self.pid}").exists()

    @property
    def ready(self) -> bool:
        """Whether the worker that was started last takes jobs."""
        return self.alive and self._has_said_so()

    def _has_said_so(self) -> bool:
        return READY[self.program] in self.logs[-1].read_bytes()

    def kill(self, number: int = signal.SIGKILL) -> None:
        """SIGKILL to the worker, and wait until it is gone."""
        assert self.pid is not None
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)
        while self.alive:
            time.sleep(POLL_SECONDS)

    def close(self) -> None:
        """End the worker and the parent."""
        if self.alive:
            self.kill()
        if self.parent is not None:
            with self.parent:  # closes its pipes
                self.parent.kill()

    def _open(self) -> subprocess.Popen[str]:
        self.parent = subprocess.Popen(  # noqa: S603 - our own
            [sys.executable, "-m", "evals.stack.worker_pool", self.program],
            env=self.stack.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self.parent


def main() -> None:
    """Fork a process for each line of standard input: its log, a tab, where it ends itself."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    program: Program = sys.argv[1]  # type: ignore[assignment]
    with loading():
        for name in HEAVY[program]:
            with suppress(ModuleNotFoundError):
                importlib.import_module(name)
    for line in sys.stdin:
        log, _, place = line.rstrip("\n").partition("\t")
        pid = os.fork()
        if pid == 0:
            _become(program, Path(log), place)
        print(pid, flush=True)


def _become(program: Program, log: Path, place: str) -> None:
    """The child's whole life."""
    status = 1
    try:
        _redirect(log)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        from api.cli import processes
        from evals.stack.crash_points import arm

        arm(place)
        processes.COMMANDS[program]()
        status = 0
    except BaseException:  # noqa: BLE001 - the last words of a process
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _redirect(log: Path) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(nothing, 0)
    os.dup2(out, 1)
    os.dup2(out, 2)


if __name__ == "__main__":
    main()
