"""The vector index behind `chroma run`, as several workers use it."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from evals.stack.wire import wire_to
from memory.encoder.encoder import Vectors
from memory.knowledge.index import ChromaIndex, Entry, IndexUnavailable
from memory.knowledge.index_opening import open_http
from tests.waiting import wait_until

START_SECONDS = 60.0
pytestmark = pytest.mark.chaos  # starts a real server


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """A server on a folder of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    command = [str(Path(sys.executable).parent / "chroma"), "run", "--path", str(tmp_path)]
    server = subprocess.Popen([*command, "--port", str(free)], stdout=subprocess.DEVNULL)
    try:
        _await(free)
        yield free
    finally:
        server.terminate()
        server.wait()


def _await(port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < end, "chroma run did not start"
            time.sleep(0.1)
        else:
            return


def test_two_clients_share_one_index(port: int) -> None:
    """What one worker writes the other one finds."""
    one, other = (open_http(f"127.0.0.1:{port}", "r1") for _ in range(2))
    vector = np.array([1, 0], dtype=np.float32)
    one.upsert("acme", [Entry("a#0", "a", vector)])
    ((found, cosine),) = other.query("acme", vector, 5)
    assert found == "a#0"
    assert cosine == pytest.approx(1.0)
    other.delete("acme", ["a#0"])
    assert one.written("acme") == {}
    one.close()
    other.close()


def test_a_broken_way_to_the_server_is_told_and_mends_itself(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut, or half open, where the server's client would wait for ever; slow is no fault."""
    vector = np.array([1, 0], dtype=np.float32)
    with wire_to(port) as wire:
        patient = open_http(f"127.0.0.1:{wire.port}", "r1")
        patient.upsert("acme", [Entry("a#0", "a", vector)])
        wire.delay_seconds = 0.02
        assert _finds(patient, vector)
        wire.delay_seconds = 0.0
        monkeypatch.setattr("memory.knowledge.index_opening.LIMITS", (1.0,) * 4)
        hasty = open_http(f"127.0.0.1:{wire.port}", "r1")
        for broken in ("is_cut", "is_half_open"):
            wire.cut() if broken == "is_cut" else setattr(wire, broken, True)
            with pytest.raises(IndexUnavailable, match="start the vector server"):
                hasty.query("acme", vector, 5)
            with pytest.raises(IndexUnavailable):
                hasty.check()
            setattr(wire, broken, False)
            wait_until(lambda: _finds(hasty, vector))  # a busy server may take its second
        patient.close()
        hasty.close()


def _finds(index: ChromaIndex, vector: Vectors) -> bool:
    with suppress(IndexUnavailable):
        return [one for one, _ in index.query("acme", vector, 5)] == ["a#0"]
    return False
