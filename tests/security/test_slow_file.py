"""A file has longer than any other body."""

import asyncio
import socket
import time
from pathlib import Path

import pytest

from api.http import connection
from tests import desks
from tests.waiting import LONGEST_SECONDS


def test_a_file_may_take_its_time(
    tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes from a phone: longer than any other body it is waited for."""
    monkeypatch.setattr(connection, "REQUEST_SECONDS", 0.5)
    settings = desks.settings_in(tmp_path, template)
    key = asyncio.run(desks.new_key(settings, "Ada", ["admin"]))["Authorization"]
    head = (
        "POST /v1/files?name=a.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        f"Content-Type: text/plain\r\nContent-Length: 6\r\nAuthorization: {key}\r\n\r\n"
    )
    with desks.listening(settings) as url:
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=LONGEST_SECONDS) as line:
            line.sendall(head.encode() + b"sl")
            time.sleep(1.5)
            line.sendall(b"owly")
            assert line.recv(65_536).startswith(b"HTTP/1.1 201 ")
