"""Starts the misbehaving service in a process of its own, and tells it what to do."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

READY_SECONDS = 120.0
"""How long the process may take until it answers."""


@dataclass(frozen=True)
class FaultyService:
    """A running service."""

    base_url: str
    client: httpx2.Client

    def plan(self, operation: str, *faults: dict[str, Any], forever: bool = False) -> None:
        """What the next calls of an operation meet; see `evals.faults.service.Fault`."""
        body = {"operation": operation, "faults": list(faults), "forever": forever}
        self.client.post(f"{self.base_url}/_control/plan", json=body).raise_for_status()

    def reset(self) -> None:
        """Forget plans, calls and effects."""
        self.client.post(f"{self.base_url}/_control/reset").raise_for_status()

    def stats(self) -> dict[str, Any]:
        """{"calls": {operation: n}, "performed": [...], "repeats": n}."""
        found: dict[str, Any] = self.client.get(f"{self.base_url}/_control/stats").json()
        return found

    def calls(self, operation: str) -> int:
        """Calls of an operation that have arrived."""
        return int(self.stats()["calls"].get(operation, 0))

    def performed(self, operation: str) -> int:
        """Effects of an operation that were performed."""
        return sum(one["operation"] == operation for one in self.stats()["performed"])


def listening(port: int) -> socket.socket:
    """A socket on loopback (0: a free port), which is printed as the first line."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind(("127.0.0.1", port))
    sys.stdout.write(f"{found.getsockname()[1]}\n")
    sys.stdout.flush()
    return found


@contextmanager
def serving(module: str = "evals.faults.service", *arguments: str) -> Iterator[FaultyService]:
    """A service on a free port of loopback, ended at the end.

    `module` prints its port as its first line and answers /_control/stats.
    """
    command = [sys.executable, "-m", module, *arguments, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  our own module
        try:
            assert process.stdout is not None
            base_url = f"http://127.0.0.1:{int(process.stdout.readline())}"
            with httpx2.Client(trust_env=False) as client:
                _await_ready(client, base_url)
                yield FaultyService(base_url, client)
        finally:
            process.kill()


def _await_ready(client: httpx2.Client, base_url: str) -> None:
    end = time.monotonic() + READY_SECONDS
    while True:
        try:
            client.get(f"{base_url}/_control/stats").raise_for_status()
        except httpx2.TransportError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return
