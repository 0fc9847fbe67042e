"""The way to a helpdesk of our own that has bad days: slow, 429, 500 before or after the effect, cut."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import httpx2

Fault = Literal["slow", "throttle", "error", "error_after", "drop", "drop_after", "redirect"]
FAULTS: tuple[Fault, ...] = ("slow", "throttle", "error", "error_after", "drop", "drop_after")
ASKED_SECONDS = 7


@dataclass
class FaultyTransport(httpx2.AsyncBaseTransport):
    """Stands before another transport and asks for each request what to do to it."""

    inner: httpx2.AsyncBaseTransport
    next_fault: Callable[[httpx2.Request], Fault | None] = lambda _request: None
    calls: list[str] = field(default_factory=list)
    """Method and path of each request."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer, fail, or do both."""
        self.calls.append(f"{request.method} {request.url.path}")
        match self.next_fault(request):
            case "throttle":
                return httpx2.Response(429, headers={"Retry-After": str(ASKED_SECONDS)})
            case "redirect":
                return httpx2.Response(302, headers={"Location": "https://elsewhere.example/"})
            case "error":
                return httpx2.Response(500)
            case "drop":
                raise httpx2.ReadError("cut")
            case "slow":  # as if the time were up; what it did it did
                await self.inner.handle_async_request(request)
                raise TimeoutError
            case "error_after":
                await self.inner.handle_async_request(request)
                return httpx2.Response(500)
            case "drop_after":
                await self.inner.handle_async_request(request)
                raise httpx2.ReadError("cut")
        return await self.inner.handle_async_request(request)
