"""`make up-distributed`: the example company on Postgres, with two APIs and three workers."""

import tempfile
import time
from pathlib import Path

from evals.demo.company import COMPANY, CONSOLE, REVIVE_SECONDS, SERVICE, TENANT
from evals.stack.stack import free_port
from evals.stack.topology import Topology, start, topology


def distributed() -> None:
    """Start Postgres, a vector server, two APIs and three workers; what dies is started again."""
    port = free_port()
    service = f"http://127.0.0.1:{port}"
    with (
        tempfile.TemporaryDirectory(prefix="deskhand-distributed-") as folder,
        topology(Path(folder), COMPANY / "desk.yaml", FERNHILL_BACKOFFICE_URL=service) as running,
    ):
        first = running.apis[0]
        first.start_service(SERVICE, port)
        first.run("kb", "add", str(COMPANY / "articles"), "--tenant", TENANT)
        with CONSOLE.status("starting two APIs and three workers"):
            start(running)
        _say(running)
        _hold(running)


def _say(running: Topology) -> None:
    first = running.apis[0]
    addresses = " and ".join(one.url for one in running.apis)
    processes = [
        f"  {host.home.name}: process {process.pid}"
        for host in running.hosts
        for name, process in host.processes.items()
        if name != "service"
    ]
    process = running.vectors.process
    assert process is not None
    processes += [f"  Postgres: process {running.cluster.pid}", f"  vectors: process {process.pid}"]
    CONSOLE.print(
        f"The APIs: {addresses}. The processes, each with a home of its own under "
        f"{first.home.parent}:\n"
        + "\n".join(processes)
        + "\nKill any of them: it is started again, and its tickets are taken up by the others.\n"
        f"  export DESKHAND_URL={first.url} DESKHAND_KEY={first.key(TENANT)}\n"
        '  .venv/bin/deskhand ticket send "How do I reset my password?" --follow\n'
        "Press Ctrl-C to stop everything. Nothing is kept.",
        soft_wrap=True,
        highlight=False,
    )


def _hold(running: Topology) -> None:
    try:
        while True:
            for name in running.revive_servers():
                CONSOLE.print(f"{name} is started again.", style="yellow")
            for host in running.hosts:
                if host.revive():
                    CONSOLE.print(f"{host.home.name} is started again.", style="yellow")
            time.sleep(REVIVE_SECONDS)
    except KeyboardInterrupt:
        CONSOLE.print("Stopping.")
