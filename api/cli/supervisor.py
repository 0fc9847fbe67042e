"""`deskhand up`: the API, the workers and, for several of them, the vector server, on one machine.

Every process of ours shows by a pipe that its event loop goes on. One that is silent for too long
is killed, whatever holds it; one that dies is started again; one that dies again and again, or
cannot start, ends the whole with its last words on the screen: a stack that limps in silence is
worse than one that is down.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import structlog

from api.cli.child import CONFIGURATION, Bounds, Child
from api.cli.desk_watch import DeskWatch
from api.desks import Desks
from api.ledger import check_keys
from api.settings import Settings
from api.telemetry.heartbeat import LISTENER, NOTIFY_SOCKET, notify
from memory.knowledge.index_opening import hold
from memory.storage.migrate import migrate

log = structlog.get_logger()

STOP_SECONDS = 15.0
"""How long the processes may take to end before they are killed."""
POLL_SECONDS = 0.2
LONGEST_TICK = 1.0
"""Of a round that took longer so much counts: a machine that sleeps, or starves us, starves all."""
PROGRAM = ("-P", "-m", "api.cli.main")
"""Ourselves, under this interpreter. -P: a folder `api` where we are started is not our code."""
DESKHAND = (sys.executable, *PROGRAM)
API, VECTORS, CHANNELS = "api", "chroma", "channels"


def up(
    settings: Settings,
    listener: socket.socket,
    workers: int = 1,
    worker: Sequence[str] = (*DESKHAND, "worker"),
) -> int:
    """Run the stack until SIGTERM or SIGINT; the exit status. Raises `StorageUnavailable`."""
    migrate(settings.ledger_url, lambda: settings.hmac_key)
    asyncio.run(check_keys(settings))
    children, later = stack(settings, workers, listener.fileno(), worker)
    watch = DeskWatch(Desks(settings), later, children)
    told: list[int] = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, _frame: told.append(number))
    with _index_held(settings, workers):
        try:
            for child in children:
                child.start()
            return _watched(children, told, watch.look)
        finally:
            notify("STOPPING=1")
            _end(children)


def _watched(children: Sequence[Child], told: Sequence[int], look: Callable[[], None]) -> int:
    """Until it is told to end; or the status of a process that will not stay up."""
    before, announced = time.monotonic(), False
    while not told:
        moment = time.monotonic()
        passed, before = min(moment - before, LONGEST_TICK), moment
        for child in children:
            child.watch(passed)
            if (lost := _revived(child)) is not None:
                return lost
        look()
        if not announced and all(child.ready for child in children):
            announced = notify("READY=1")
        notify("WATCHDOG=1")
        time.sleep(POLL_SECONDS)
    return 0


def _revived(child: Child) -> int | None:
    """Start it again where it has ended; the exit status of one that will not stay up."""
    if child.process is None and time.monotonic() >= child.not_before:
        child.start()
    status = child.ended
    if status is None:
        return None
    log.warning("process_ended", name=child.name, status=status)
    child.note_end(status)
    child.process = None
    if child.hopeless or status == CONFIGURATION:
        return status if status > 0 else 1
    return None


def _end(children: Sequence[Child]) -> None:
    """Ask all at once, then make them; what the others use comes last."""
    last = [child for child in children if child.name == VECTORS]
    for some in ([child for child in children if child not in last], last):
        until = time.monotonic() + STOP_SECONDS
        for child in some:
            child.ask_to_end()
        for child in some:
            child.make_end(until)


def _index_held(settings: Settings, workers: int) -> AbstractContextManager[object]:
    """The index folder's lock, where a vector server of ours has it open for all workers."""
    if workers == 1 or settings.chroma_url is not None:
        return nullcontext()
    return hold(settings.chroma_path)


def stack(
    settings: Settings,
    workers: int,
    listener: int,
    worker: Sequence[str],
) -> tuple[list[Child], Child]:
    """The processes of a stack, not yet started, and the one that desks with channels need."""
    # systemd hears the supervisor, which hears the others.
    environment = {name: value for name, value in os.environ.items() if name != NOTIFY_SOCKET}
    children: list[Child] = []
    if workers > 1 and settings.chroma_url is None:
        port = _free_port()
        environment["DESKHAND_CHROMA_URL"] = f"127.0.0.1:{port}"
        children.append(Child(VECTORS, _chroma(settings.chroma_path, port), environment))
    silent = settings.watchdog_seconds
    children.append(
        Child(
            API,
            [*DESKHAND, "api"],
            {**environment, LISTENER: str(listener)},
            Bounds(silent),
            pass_on=(listener,),
        )
    )
    bounds = Bounds(silent, settings.worker_memory_mb, settings.locks_path)
    children += [Child(f"worker-{n}", [*worker], environment, bounds) for n in range(workers)]
    later = Child(CHANNELS, [*DESKHAND, "channels"], environment, Bounds(silent))
    return children, later


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _chroma(path: Path, port: int) -> list[str]:
    program = shutil.which("chroma", path=str(Path(sys.executable).parent)) or "chroma"
    return [program, "run", "--path", str(path), "--host", "127.0.0.1", "--port", str(port)]
