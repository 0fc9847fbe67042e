"""The way to a helpdesk of our own that has bad days: slow, 429, 500 before or after the effect, cut."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Literal, get_args

import httpx2
from typing_extensions import override

Fault = Literal[
    "slow",
    "throttle",
    "error",
    "error_after",
    "drop",
    "drop_after",
    "lie",
    "lie_after",
    "redirect",
    "refused",
    "refused_user",
]
FAULTS: tuple[Fault, ...] = tuple(one for one in get_args(Fault) if not one.startswith("re"))
"""`lie`: a 200 whose body is an error."""
ASKED_SECONDS = 7


@dataclass
class FaultyTransport(httpx2.AsyncBaseTransport):
    """Stands before another transport and asks for each request what to do to it."""

    inner: httpx2.AsyncBaseTransport
    next_fault: Callable[[httpx2.Request], Fault | None] = lambda _request: None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    """What its answers say that its clock shows."""
    calls: list[str] = field(default_factory=list)
    """Method and path of each request."""

    @override
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer, fail, or do both."""
        self.calls.append(f"{request.method} {request.url.path}")
        fault = self.next_fault(request)
        if fault in BEFORE:
            return _answered(fault)
        answer = await self.inner.handle_async_request(request)
        answer.headers["Date"] = format_datetime(self.clock())
        return _answered(fault) if fault is not None else answer


BEFORE = ("throttle", "error", "drop", "lie", "redirect", "refused", "refused_user")
"""Faults in which nothing is done; of the others it is done and not told."""


def _answered(fault: Fault) -> httpx2.Response:
    match fault:
        case "slow":
            raise TimeoutError  # as if the time were up
        case "drop" | "drop_after":
            raise httpx2.ReadError("cut")
        case "lie" | "lie_after":
            return httpx2.Response(200, json={"error": "try again later"})
    headers = {"Retry-After": str(ASKED_SECONDS), "Location": "https://elsewhere.example/"}
    return httpx2.Response(STATUS.get(fault, 500), headers=headers)


STATUS = {"throttle": 429, "redirect": 302, "refused": 401, "refused_user": 403}
