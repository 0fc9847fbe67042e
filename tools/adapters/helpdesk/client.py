"""Calls to a helpdesk: bounded in time and size, to one host, and silent for as long as it asks us to be."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tools.adapters.answers import body_of, date_of, raise_for
from tools.adapters.channels import Enclosure
from tools.adapters.public_hosts import Lookup, NoAddress, looked_up, pinned
from tools.contract import Json
from tools.faults import (
    Forbidden,
    NotLetIn,
    RateLimited,
    ServiceError,
    Throttled,
    TimedOut,
    Unreachable,
)
from tools.outside import web_address

if TYPE_CHECKING:
    import httpx2

SECONDS = 20.0
"""How long one call may take."""
FILE_SECONDS = 120.0
"""The same of one that brings files."""
LONGEST_SILENCE_SECONDS = 900.0
"""However long the other side asks us to stay away, we look again after so long."""
USUAL_SILENCE_SECONDS = 10.0
"""Where it says 429 and not for how long."""
MOST_ANSWER_BYTES = 8 * 1_048_576
"""A long conversation in one answer."""
AGENT = "Deskhand"


@dataclass
class Client:
    """One account of a helpdesk."""

    url: str
    """https://host[:port][/path], under which its API stands."""
    headers: Mapping[str, str]
    """Those that say who we are."""
    http: httpx2.AsyncClient
    allowed: Collection[str] = ()
    """Hosts that may have a private address."""
    lookup: Lookup = looked_up
    now: Callable[[], float] = time.monotonic
    _silent_until: float = field(default=0.0, init=False)
    _ahead: timedelta = field(default=timedelta(), init=False)
    """How far the other side's clock is before ours, by its last answer."""

    def __post_init__(self) -> None:
        """Raises `AddressRefused` for an address that cannot be called."""
        self._base = web_address(self.url.rstrip("/"))

    @property
    def clock(self) -> datetime:
        """What the other side's clock shows: its moments are compared with that."""
        return datetime.now(UTC) + self._ahead

    async def get(self, path: str, **query: Any) -> Json:
        """Read something. Raises `ToolFault`."""
        return await self._call("GET", path, query, {})

    async def post(self, path: str, body: Json, *, seconds: float = SECONDS) -> Json:
        """Make something. Raises `ToolFault`."""
        return await self._call("POST", path, {}, {"json": body}, seconds=seconds)

    async def put(self, path: str, body: Json) -> Json:
        """Change something. Raises `ToolFault`."""
        return await self._call("PUT", path, {}, {"json": body})

    async def tell(self, path: str, body: Json) -> None:
        """Post something whose answer says nothing. Raises `ToolFault`."""
        await self._call("POST", path, {}, {"json": body}, heard=False)

    async def upload(self, path: str, file: Enclosure, **query: Any) -> Json:
        """Send a file's bytes as they are. Raises `ToolFault`."""
        sent: Json = {"content": file.content, "headers": {"Content-Type": file.media_type}}
        return await self._call("POST", path, query, sent, seconds=FILE_SECONDS)

    async def form(
        self, path: str, fields: Mapping[str, str], part: str, files: Sequence[Enclosure]
    ) -> Json:
        """Send a form whose fields named `part` are the files. Raises `ToolFault`."""
        parts = [(part, (one.name, one.content, one.media_type)) for one in files]
        sent: Json = {"data": dict(fields), "files": parts}
        return await self._call("POST", path, {}, sent, seconds=FILE_SECONDS)

    async def _call(
        self,
        method: str,
        path: str,
        query: Json,
        sent: Json,
        *,
        heard: bool = True,
        seconds: float = SECONDS,
    ) -> Json:
        if (wait := self._silent_until - self.now()) > 0:
            msg = "it asked us to wait"
            raise Throttled(msg, retry_after=wait)
        try:
            async with asyncio.timeout(seconds):
                return await self._send(await self._request(method, path, query, sent), heard=heard)
        except TimeoutError as error:
            raise TimedOut(f"no answer within {seconds:g} s") from error
        except RateLimited as fault:
            wait = min(fault.retry_after or USUAL_SILENCE_SECONDS, LONGEST_SILENCE_SECONDS)
            self._silent_until = self.now() + wait
            raise RateLimited(str(fault), retry_after=wait) from fault

    async def _request(self, method: str, path: str, query: Json, sent: Json) -> httpx2.Request:
        whole = self._base._replace(path=self._base.path + path, query=urlencode(query))
        try:
            at = await pinned(whole, self.allowed, self.lookup)
        except NoAddress as error:
            raise Unreachable(str(error), certain=True) from error
        if self._base.scheme != "https" and self._base.hostname not in self.allowed:
            msg = "use https: the token could be read on the way"
            raise Unreachable(msg, certain=True)
        return self.http.build_request(
            method,
            at.url,
            **{**sent, "headers": {**self._own(), **sent.get("headers", {}), **at.headers}},
            extensions=at.extensions,
        )

    async def _send(self, request: httpx2.Request, *, heard: bool) -> Json:
        import httpx2

        try:
            answer = await self.http.send(request, stream=True, follow_redirects=False)
            try:
                if (shows := date_of(answer.headers.get("date"))) is not None:
                    self._ahead = shows - datetime.now(UTC)
                _check(answer.status_code)
                raise_for(answer)
                return await body_of(answer, MOST_ANSWER_BYTES) if heard else {}
            finally:
                await answer.aclose()
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            msg = f"{self._base.hostname} cannot be reached"
            raise Unreachable(msg, certain=True) from error
        except httpx2.HTTPError as error:
            raise Unreachable(f"no answer came: {type(error).__name__}") from error

    def _own(self) -> dict[str, str]:
        plain = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": AGENT}
        return {**plain, **self.headers}


def _check(status: int) -> None:
    """Raises `ServiceError` where something changed meanwhile: nothing was done, and may be anew.

    And `NotLetIn` for a token that is refused, or `Forbidden` where that is not known yet.
    """
    if status == HTTPStatus.UNAUTHORIZED:
        raise NotLetIn("the token is refused (401): make a new one")
    if status == HTTPStatus.FORBIDDEN:
        raise Forbidden("it does not let our user do that (403)")
    if status == HTTPStatus.CONFLICT:
        msg = "it changed meanwhile"
        raise ServiceError(msg, certain=True)
