"""Several hosts on one machine: each process in a home of its own, sharing Postgres and vectors.

What `examples/deploy/compose.yaml` starts as containers, started as processes.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx2

from evals.stack.postgres import Cluster, PostgresMissing, private_cluster
from evals.stack.stack import POLL_SECONDS, Stack, free_port, scratch

APIS = 2
WORKERS = 3
CHROMA_SECONDS = 60.0
"""How long the vector server may take to answer."""


@dataclass
class VectorServer:
    """A `chroma run` that can be killed and started again on its port."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """As DESKHAND_CHROMA_URL says it."""
        return f"127.0.0.1:{self.port}"

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it and wait until it answers. Raises `TimeoutError`."""
        program = shutil.which("chroma", path=str(Path(sys.executable).parent)) or "chroma"
        place = ["--path", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port)]
        quiet = subprocess.DEVNULL
        command = [program, "run", *place]
        self.process = subprocess.Popen(command, stdout=quiet, stderr=quiet)  # noqa: S603 - our own
        until = time.monotonic() + CHROMA_SECONDS
        while time.monotonic() < until:
            try:
                httpx2.get(f"http://{self.address}/api/v2/heartbeat").raise_for_status()
            except httpx2.HTTPError:
                time.sleep(POLL_SECONDS)
            else:
                return
        raise TimeoutError(f"the vector server did not answer within {CHROMA_SECONDS:g} s")

    def kill(self) -> None:
        """SIGKILL, if it runs."""
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.wait()


@contextmanager
def vector_server(folder: Path) -> Iterator[VectorServer]:
    """One that runs, on a free port and with its data in `folder`. Raises `TimeoutError`."""
    server = VectorServer(folder, free_port())
    try:
        server.start()
        yield server
    finally:
        server.kill()


@dataclass
class Topology:
    """What runs; the first API's stack makes keys and runs commands."""

    cluster: Cluster
    vectors: VectorServer
    apis: list[Stack] = field(default_factory=list)
    workers: list[Stack] = field(default_factory=list)

    @property
    def hosts(self) -> list[Stack]:
        """All of them."""
        return [*self.apis, *self.workers]

    def revive_servers(self) -> list[str]:
        """Start those again that have died; what they are called."""
        dead = []
        if not self.cluster.alive:
            with suppress(
                PostgresMissing
            ):  # its other processes may still be ending: the next look
                self.cluster.start()
                dead.append("Postgres")
        if not self.vectors.alive:
            self.vectors.start()
            dead.append("The vector server")
        return dead


def another_host(folder: Path, like: Stack, name: str) -> Stack:
    """A host with a home of its own that shares the ledger and the vectors with `like`."""
    home = folder / name
    home.mkdir()
    return replace(like, home=home.resolve(), port=free_port(), processes={}, commands={})


@contextmanager
def topology(folder: Path, desk: Path, **extra: str) -> Iterator[Topology]:
    """Postgres, a vector server, and hosts for APIs and workers, which are not started yet.

    Raises `PostgresMissing`.
    """
    with ExitStack() as open_parts:
        cluster = open_parts.enter_context(private_cluster())
        vectors = open_parts.enter_context(vector_server(folder / "chroma"))
        shared = {
            "DESKHAND_DATABASE_URL": cluster.create("desk"),
            "DESKHAND_CHROMA_URL": vectors.address,
            **extra,
        }
        first = open_parts.enter_context(scratch(folder / "api-0", desk, fresh=True, **shared))
        running = Topology(cluster, vectors, [first])
        for kind, many, hosts in (
            ("api", APIS, running.apis),
            ("worker", WORKERS, running.workers),
        ):
            for number in range(len(hosts), many):
                host = another_host(folder, first, f"{kind}-{number}")
                open_parts.callback(host.stop)
                hosts.append(host)
        yield running


def start(running: Topology) -> None:
    """Start every process at once and wait until all are ready. Raises `StackFailed`."""
    for api in running.apis:
        api.start_api(wait=False)
    for worker in running.workers:
        worker.start_worker(wait=False)
    for api in running.apis:
        api.await_answer("api", f"{api.url}/health/live")
    for worker in running.workers:
        worker.await_log("worker-0", b"worker ready")
