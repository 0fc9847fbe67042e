"""The HTTP under an MCP session: stays on the tenant's host, is bounded, and always answers.

The client library lets a failed POST end the whole session, and lets a caller wait for ever where
an answer breaks off or is no message. So a request's failure becomes an answer of its own here (a
JSON-RPC error), its fault is kept for the caller under the request's number, and other calls of
the session go on.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import AsyncIterator, Coroutine
from typing import Any, TypeVar

import httpx
from typing_extensions import override

from tools.adapters.answers import MOST_RESPONSE_BYTES, fault_of, retry_after
from tools.adapters.mcp.declared import KEY
from tools.contract import Json
from tools.faults import Rejected, SchemaChanged, ToolFault, Unreachable

T = TypeVar("T")

MOST_FAULTS = 1_000
"""Faults kept for callers; those of callers who have gone away are forgotten first."""
FAILED = -32_050
"""Code of the errors that we answer ourselves."""
TRACE = "traceparent"
HEADERS = {KEY: "Idempotency-Key", TRACE: TRACE}
NOT_FOUND = 404
FIRST = "notifications/initialized"
"""What a server must hear before anything else."""
TELL_SECONDS = 2.0
MOST_TELLING = 100
"""Messages without an answer that are on their way at once; more are not sent."""
SESSION = "mcp-session-id"


class HttpTransport(httpx.AsyncBaseTransport):
    """The transport of one session."""

    def __init__(self, url: str, inner: httpx.AsyncBaseTransport | None = None) -> None:
        self._home = _origin(httpx.URL(url))
        # Neither the environment's proxies nor a retry of its own: one layer repeats calls.
        self._inner = inner or httpx.AsyncHTTPTransport(trust_env=False, retries=0)
        self._under_way: dict[int | str, asyncio.Future[Any]] = {}
        self._faults: OrderedDict[int | str, ToolFault] = OrderedDict()
        self._telling: set[asyncio.Task[None]] = set()

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request. Raises only for what no caller waits for."""
        if _origin(request.url) != self._home:
            raise httpx.UnsupportedProtocol("the call would leave the server's host")
        if request.method != "POST":
            answer = await self._inner.handle_async_request(request)
            return _with_stream(answer, _Bounded(answer))
        message = json.loads(request.content)
        if message.get("id") is None or "method" not in message:
            return await self._told(request, str(message.get("method")))
        _carry(request, message)
        number = message["id"]
        try:
            return await self._while(number, self._asked(request, number))
        except ToolFault as fault:
            return httpx.Response(200, json=self.instead(number, fault))

    def abort(self, number: int | str) -> None:
        """Give a request up for real: its connection is closed."""
        step = self._under_way.get(number)
        if step is not None:
            step.cancel()

    def fault(self, number: int | str) -> ToolFault | None:
        """Why we answered the request ourselves, once."""
        return self._faults.pop(number, None)

    @property
    def last_fault(self) -> ToolFault | None:
        """The newest of those that nobody has asked for."""
        return next(reversed(self._faults.values()), None)

    def instead(self, number: int | str, fault: ToolFault) -> Json:
        """The message that stands for an answer that did not come."""
        self._faults[number] = fault
        while len(self._faults) > MOST_FAULTS:
            self._faults.popitem(last=False)
        error = {"code": FAILED, "message": fault.kind}
        return {"jsonrpc": "2.0", "id": number, "error": error}

    async def step(self, number: int | str, work: Coroutine[Any, Any, T]) -> T:
        """A part of a request that `abort` can end. Raises `ToolFault`."""
        return await self._while(number, work)

    @override
    async def aclose(self) -> None:
        """Close every connection."""
        for task in self._telling:
            task.cancel()
        await self._inner.aclose()

    async def _told(self, request: httpx.Request, method: str) -> httpx.Response:
        """A message that nobody answers; if it is lost, the next request will say why.

        The library sends nothing else before it returns, so only the first one is waited for.
        """
        if len(self._telling) < MOST_TELLING:
            task = asyncio.ensure_future(self._tell(request))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)
            if method == FIRST:
                await asyncio.wait({task})
        return httpx.Response(202)

    async def _tell(self, request: httpx.Request) -> None:
        try:
            async with asyncio.timeout(TELL_SECONDS):
                await (await self._inner.handle_async_request(request)).aclose()
        except (httpx.TransportError, TimeoutError):
            return

    async def _asked(self, request: httpx.Request, number: int | str) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        if answer.status_code == NOT_FOUND and SESSION in request.headers:
            return answer  # the session has ended; the library knows what that means
        kind = answer.headers.get("content-type", "").lower()
        if answer.is_success and kind.startswith("text/event-stream"):
            return _with_stream(answer, _Answering(answer, self, number))
        try:
            _check(answer)
            message = _message(b"".join([chunk async for chunk in _Bounded(answer)]), number)
        finally:
            await answer.aclose()
        headers = {n: v for n, v in answer.headers.items() if n.lower() == SESSION}
        return httpx.Response(200, json=message, headers=headers)

    async def _while(self, number: int | str, work: Coroutine[Any, Any, T]) -> T:
        step = self._under_way[number] = asyncio.ensure_future(work)
        try:
            await asyncio.wait({step})
        finally:
            self._under_way.pop(number, None)
            if not step.done():
                step.cancel()
        if step.cancelled():
            raise Unreachable("the call was given up")
        try:
            found: T = step.result()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Unreachable(_words(error), certain=True) from error
        except httpx.TransportError as error:
            raise Unreachable(_words(error)) from error
        return found


class _Bounded(httpx.AsyncByteStream):
    """An answer's bytes, up to a bound. Raises `SchemaChanged` beyond it."""

    def __init__(self, answer: httpx.Response) -> None:
        assert isinstance(answer.stream, httpx.AsyncByteStream)
        self.inner = answer.stream

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self.inner:
            size += len(chunk)
            if size > MOST_RESPONSE_BYTES:
                raise SchemaChanged(f"the answer is longer than {MOST_RESPONSE_BYTES} bytes")
            yield chunk

    @override
    async def aclose(self) -> None:
        """Let the connection go."""
        await self.inner.aclose()


class _Answering(_Bounded):
    """Events that end with an answer in any case: the server's, or ours.

    Whoever reads stops at the server's answer, so that ours is only ever read without it.
    """

    def __init__(self, answer: httpx.Response, wire: HttpTransport, number: int | str) -> None:
        super().__init__(answer)
        self._wire = wire
        self._number = number

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        chunks = super().__aiter__()
        fault: ToolFault = Unreachable("the answer broke off")
        try:
            while True:
                chunk = await self._wire.step(self._number, _next(chunks))
                if chunk is None:
                    break
                yield chunk
        except ToolFault as found:
            fault = found
        yield b"\n\nevent: message\ndata: "
        yield json.dumps(self._wire.instead(self._number, fault)).encode() + b"\n\n"


async def _next(chunks: AsyncIterator[bytes]) -> bytes | None:
    return await anext(chunks, None)


def _check(answer: httpx.Response) -> None:
    if not answer.is_success:
        raise fault_of(answer.status_code, retry_after(answer.headers.get("retry-after")))
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise SchemaChanged("the answer is compressed although we asked for plain text")


def _message(raw: bytes, number: int | str) -> Json:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise SchemaChanged("the answer is not valid JSON") from error
    if not isinstance(found, dict) or found.get("id") != number:
        raise SchemaChanged("this is not an answer to the request")
    if not isinstance(found.get("result", found.get("error")), dict):
        raise SchemaChanged("the answer has neither a result nor an error")
    return found


def _carry(request: httpx.Request, message: Json) -> None:
    """Repeat in headers what a call has in `_meta`, for those on the way."""
    params = message.get("params")
    meta = params.get("_meta") if isinstance(params, dict) else None
    for name, header in HEADERS.items():
        if isinstance(meta, dict) and isinstance(meta.get(name), str):
            request.headers[header] = meta[name]


def _with_stream(answer: httpx.Response, stream: httpx.AsyncByteStream) -> httpx.Response:
    return httpx.Response(answer.status_code, headers=answer.headers, stream=stream)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _words(error: Exception) -> str:
    return f"no answer came: {type(error).__name__}"


def open_http(wire: HttpTransport, token: str) -> Any:
    """Makes the client that the library asks for: our headers, our transport, no redirects."""

    def factory(
        headers: dict[str, str] | None = None,
        timeout: httpx.Timeout | None = None,
        auth: httpx.Auth | None = None,
    ) -> httpx.AsyncClient:
        if auth is not None:
            raise Rejected("give the server's token in the desk")
        sent = {**(headers or {}), "Accept-Encoding": "identity"}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        return httpx.AsyncClient(
            headers=sent, timeout=timeout, transport=wire, trust_env=False, follow_redirects=False
        )

    return factory
