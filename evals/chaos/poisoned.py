"""`deskhand up` whose workers do not survive a ticket that asks for it.

    python -m evals.chaos.poisoned up

Production code knows nothing of it: one node is wrapped in the worker that is to die.
"""

import ctypes
import socket
import sys
from collections.abc import Callable, Mapping
from typing import Any

from api.loading import loading
from api.settings import read_settings

NODE = "plan"
"""The step that does not come back."""
SPIN, EAT, CRASH = "#spin", "#eat", "#crash"
SPIN_SECONDS = 3_600
BITE_BYTES = 20_000_000


def _spin() -> None:
    """A call of C that keeps the interpreter's lock, as a hopeless regular expression does."""
    ctypes.PyDLL(None).sleep(SPIN_SECONDS)


def eat() -> None:
    """Memory that is touched, and never given back."""
    held = []
    while True:
        held.append(b"x" * BITE_BYTES)


def crash() -> None:
    """Read where nothing is."""
    ctypes.string_at(0)


POISONS: Mapping[str, Callable[[], None]] = {SPIN: _spin, EAT: eat, CRASH: crash}


def _poison_nodes() -> None:
    """Wrap the node in this process."""
    from graph import build

    node = build.NODES[NODE]

    async def deadly(state: Any, context: Any) -> Any:
        text = str(state["conversation"][-1]["text"])
        for mark, act in POISONS.items():
            if mark in text:
                act()
        return await node(state, context)

    build.NODES = {**build.NODES, NODE: deadly}


def main() -> int:
    """Be the supervisor, or one of its workers."""
    from api.telemetry.logs import configure

    settings = read_settings()
    configure()
    if sys.argv[1:] == ["worker"]:
        with loading():
            from api.worker import process

        _poison_nodes()
        process.main(settings)
        return 0
    from api.cli import supervisor

    with socket.create_server((settings.host, settings.port), backlog=100) as listener:
        worker = (sys.executable, "-m", "evals.chaos.poisoned", "worker")
        return supervisor.up(settings, listener, 1, worker)


if __name__ == "__main__":
    raise SystemExit(main())
