"""Who takes nothing of an answer does not hold a connection for ever."""

import socket
import threading
from pathlib import Path

import pytest

from api.http import connection
from tests import desks


def test_an_answer_that_nobody_takes_ends(
    tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that asks on and reads nothing loses its connection."""
    monkeypatch.setattr(connection, "WRITE_SECONDS", 0.3)
    gone, lost = threading.Event(), connection.BoundedConnection.connection_lost

    def told(self: connection.BoundedConnection, exc: Exception | None) -> None:
        lost(self, exc)
        gone.set()

    monkeypatch.setattr(connection.BoundedConnection, "connection_lost", told)
    asked = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 200
    with desks.listening(desks.settings_in(tmp_path, template)) as url:
        host, port = url.removeprefix("http://").split(":")
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect((host, int(port)))
            client.sendall(asked)
            assert gone.wait(60), "the connection is held"
