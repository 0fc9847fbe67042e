"""Who is asked whether they are there, and whom nobody waits for."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest

from memory.storage import stuck_connections
from memory.storage.stuck_connections import StuckWatch

NAME = "ledger.example"
OLD, NEW, CUSTOMER = "127.0.0.2", "127.0.0.3", "127.0.0.4"


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds as tenths."""
    for name, seconds in (("LOOK", 0.05), ("PATIENCE", 0.1), ("ANSWER", 0.2)):
        monkeypatch.setattr(stuck_connections, f"{name}_SECONDS", seconds)


@pytest.fixture
def open_ones() -> Iterator[ExitStack]:
    """Sockets, which are closed at the end."""
    with ExitStack() as found:
        yield found


@pytest.fixture
def stands_for(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The address that the ledger's name stands for."""
    found, really = [OLD], socket.getaddrinfo

    def looked_up(host: str, port: int, *given: Any, **named: Any) -> list[Any]:
        if host != NAME:
            return really(host, port, *given, **named)
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (found[0], port))]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    return found


def listening(
    open_ones: ExitStack, address: str, port: int = 0, *, silent: bool = False
) -> socket.socket:
    """A server that answers whoever asks, unless it is silent: then it takes connections and says nothing."""
    one = open_ones.enter_context(socket.socket())
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    one.bind((address, port))
    one.listen()
    if not silent:
        threading.Thread(target=answer, args=(one,), daemon=True).start()
    return one


def answer(one: socket.socket) -> None:
    """Until it is closed, several at a time."""

    def talk(near: socket.socket) -> None:
        with near, suppress(OSError):
            while near.recv(8):
                near.sendall(b"N")

    with suppress(OSError):
        while True:
            threading.Thread(target=talk, args=(one.accept()[0],), daemon=True).start()


def until(is_so: Callable[[], bool]) -> None:
    """Wait; bounded by the test's timeout."""
    while not is_so():
        time.sleep(0.01)


def test_a_name_that_stands_for_another_server_is_waited_for_again(
    open_ones: ExitStack, stands_for: list[str]
) -> None:
    """After a failover the old address says nothing for ever, and nobody cares."""
    port = listening(open_ones, OLD, silent=True).getsockname()[1]
    listening(open_ones, NEW, port)
    kept = open_ones.enter_context(socket.create_connection((OLD, port)))
    watch = StuckWatch([(NAME, port)])
    open_ones.callback(watch.stop)
    with watch.waiting():
        until(lambda: watch.away)
    assert kept.recv(1) == b""
    stands_for[0] = NEW
    until(lambda: not watch.away)


def test_of_several_servers_one_that_is_gone_keeps_nobody_away(open_ones: ExitStack) -> None:
    """While another answers, and whoever waits for that one keeps the connection."""
    gone = listening(open_ones, OLD, silent=True).getsockname()
    here = listening(open_ones, NEW, gone[1]).getsockname()
    kept = open_ones.enter_context(socket.create_connection(here))
    watch = StuckWatch([gone, here])
    open_ones.callback(watch.stop)
    with watch.waiting():
        until(lambda: watch._answered_at > 0 or watch.away)
    assert not watch.away
    kept.sendall(b"?")
    assert kept.recv(1) == b"N"


@pytest.mark.usefixtures("stands_for")
def test_a_customer_whose_port_is_the_servers_is_no_server(open_ones: ExitStack) -> None:
    """Whoever connects to us chooses the port at their end: they are neither asked nor cut off."""
    port = listening(open_ones, OLD).getsockname()[1]
    asked = listening(open_ones, CUSTOMER, port, silent=True)
    ours = listening(open_ones, "127.0.0.1", silent=True)
    customer = open_ones.enter_context(socket.socket())
    customer.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    customer.bind((CUSTOMER, port))
    customer.connect(ours.getsockname())
    near = open_ones.enter_context(ours.accept()[0])
    watch = StuckWatch([(NAME, port)])
    open_ones.callback(watch.stop)
    with watch.waiting():
        until(lambda: watch._answered_at > 0 or watch.away)
    assert not watch.away
    customer.sendall(b"?")
    assert near.recv(1) == b"?"
    asked.settimeout(0)
    with pytest.raises(BlockingIOError):
        asked.accept()
