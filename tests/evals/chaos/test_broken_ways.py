"""What `evals network` counts under each fault, and the wire that it breaks."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import pytest

from evals.chaos.network import FAULTS, Fault, Seen
from evals.chaos.observing import Observed
from evals.stack.wire import Wire, wire_to

SECONDS = 30.0


@pytest.fixture
def echo() -> Iterator[int]:
    """A server that gives back what it gets."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server,), daemon=True).start()
        yield int(server.getsockname()[1])


def _serve(server: socket.socket) -> None:
    with suppress(OSError):
        while True:
            near, _ = server.accept()
            threading.Thread(target=_echo, args=(near,), daemon=True).start()


def _echo(near: socket.socket) -> None:
    with near, suppress(OSError):
        while piece := near.recv(100):
            near.sendall(piece)


def answered(wire: Wire) -> bytes:
    """What comes back of a word on a new connection."""
    with socket.create_connection(("127.0.0.1", wire.port), timeout=SECONDS) as one:
        one.sendall(b"word")
        return one.recv(100)


@pytest.mark.parametrize("fault", FAULTS[:3], ids=lambda one: one.prefix)
def test_a_way_that_was_mended_is_whole(echo: int, fault: Fault) -> None:
    """After each of the faults, for whoever connects anew."""
    with wire_to(echo) as wire:
        assert answered(wire) == b"word"
        fault.begin(wire)
        assert wire.is_cut or wire.is_half_open or wire.delay_seconds
        wire.mend()
        assert answered(wire) == b"word"


def view(ticket_id: str, **parts: str | None) -> dict[str, str | None]:
    """A ticket as its status URL shows it."""
    return {"id": ticket_id, "status": "waiting", "outcome": None, "reason": None, **parts}


def test_outcomes_and_reasons_are_counted_by_fault() -> None:
    """And a handoff without a reason must not be, nor a worker that has ended."""
    views = [
        view("a", status="settled", outcome="delivered"),
        view("b", reason="tool_failed"),
        view("c", reason="tool_failed"),
    ]
    seen = Seen(
        Observed(tickets=3, views=views, sent=Counter({(one, "answer"): 1 for one in "abc"}))
    )
    seen.sent_in = {"vectors cut": ["a", "b"], "vectors slow": ["c"]}
    assert seen.outcomes("vectors cut") == Counter(delivered=1, tool_failed=1)
    assert seen.faults == []
    seen.alive = 1
    views[2]["reason"] = None
    assert seen.faults == ["a worker ended by itself", "c waits for a person without a reason"]
