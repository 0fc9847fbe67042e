"""One connection of the server, bounded: the size of a request's head, and how long each part takes.

uvicorn times a connection only between two requests. A client that sends its head or its body byte
by byte would hold a connection for as long as it likes.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from api.http.middleware.body_limit import FILES

MAX_HEAD_BYTES = 32_768
"""Request line and headers; more gets 431."""
HEAD_SECONDS = 10.0
"""From the connection, or the first byte of a further request, to the end of the headers; then 408."""
REQUEST_SECONDS = 40.0
"""From the headers to the end of the body: the connection is closed, whatever the application does.
Longer than `BODY_SECONDS`, after which the application itself answers 408."""
FILE_SECONDS = 190.0
"""The same of a file, which may come from a phone; of one that was answered already, `HEAD_SECONDS` are left."""
WRITE_SECONDS = 30.0
"""How long a client may take nothing of an answer that waits for it; then it is cut off."""
MAX_CONNECTIONS = 1_000
"""Of one process, event streams and the console's sockets included; a further one is cut off."""
BUSY_CONNECTIONS = 900
"""From here on requests get 503."""


class HeadTooLarge(Exception):
    """The request's head passed its bound."""


class BoundedConnection(HttpToolsProtocol):
    """uvicorn's connection with a bound on everything that a stranger decides."""

    _head_bytes = 0
    _in_head = True
    _refusal = HTTPStatus.BAD_REQUEST
    _deadline: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin; one connection too many is cut off."""
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS:
            transport.abort()
            return
        self._allow(HEAD_SECONDS)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadlines."""
        self._cancel()
        self._read_on()
        super().connection_lost(exc)

    @override
    def pause_writing(self) -> None:
        """The client does not take what is sent: it may do so for a while."""
        super().pause_writing()
        self._read_on()
        self._unread = self.loop.call_later(WRITE_SECONDS, self._cut_off)

    @override
    def resume_writing(self) -> None:
        """It reads again."""
        self._read_on()
        super().resume_writing()

    @override
    def data_received(self, data: bytes) -> None:
        """Take what came; a head that grows without an end is refused."""
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    @override
    def on_message_begin(self) -> None:
        """A request begins."""
        self._in_head, self._head_bytes = True, 0
        self._allow(HEAD_SECONDS)
        super().on_message_begin()

    @override
    def on_url(self, url: bytes) -> None:
        """Count, then keep."""
        self._count(len(url))
        super().on_url(url)

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        """Count, then keep."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    @override
    def on_headers_complete(self) -> None:
        """From now on the body is waited for."""
        self._in_head = False
        super().on_headers_complete()
        is_file = FILES.match(self.scope.get("path", "")) is not None
        self._allow(FILE_SECONDS if is_file else REQUEST_SECONDS)

    @override
    def on_message_complete(self) -> None:
        """The request is whole: how long the answer takes is ours."""
        self._cancel()
        super().on_message_complete()

    @override
    def on_response_complete(self) -> None:
        """Of a body that is not there by now nobody reads the rest."""
        super().on_response_complete()
        if self._deadline is not None and not self._in_head:
            self._allow(HEAD_SECONDS)

    @override
    def handle_websocket_upgrade(self) -> None:
        """From now on it is a socket, which has bounds of its own."""
        self._cancel()
        super().handle_websocket_upgrade()

    @override
    def send_400_response(self, msg: str) -> None:
        """The answer to what is no request, or too large a one."""
        self._refuse(self._refusal, msg)

    def _count(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > MAX_HEAD_BYTES:
            self._refusal = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise HeadTooLarge  # the parser stops, and has the answer sent

    def _allow(self, seconds: float) -> None:
        self._cancel()
        self._deadline = self.loop.call_later(seconds, self._late)

    def _cancel(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _read_on(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _cut_off(self) -> None:
        self.pipeline.clear()
        if self.cycle is not None:
            self.cycle.disconnected = True  # what the application still sends goes nowhere
        self.transport.abort()

    def _late(self) -> None:
        if self._in_head and self._head_bytes and not self._answering():
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        elif not self.transport.is_closing():
            self.transport.close()

    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _refuse(self, status: HTTPStatus, words: str = "") -> None:
        if self.transport.is_closing():
            return
        body = (words or status.phrase).encode("ascii", "replace")
        head = b"content-type: text/plain; charset=utf-8\r\nconnection: close\r\n"
        size = b"content-length: %d\r\n\r\n" % len(body)
        self.transport.write(STATUS_LINE[status] + head + size + body)
        self.transport.close()
