"""An HTTP operation that a tenant declared, as a tool.

Calls leave to the host that the tenant listed and to no other: arguments are quoted into the
path, redirects are not followed, the environment's proxies are not used. A private address is
reached only because the tenant wrote that very base_url.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from opentelemetry import propagate
from typing_extensions import override

from memory.admission import waiting_outside
from tools.adapters.answers import body_of, raise_for
from tools.contract import PLACEHOLDER, CallContext, Json, Tool, ToolSpec
from tools.faults import NotFound, Rejected, SchemaChanged, Unreachable
from tools.outside import web_address

if TYPE_CHECKING:
    import httpx2

MOST_CONNECTIONS = 200
"""Over all services of a process; each tool's slots are its own bound."""
IDLE_SECONDS = 2.0
"""Shorter than servers keep idle connections (often 5 s): a write that is sent just when the
other side hangs up would be in doubt for nothing."""
EFFECTS = "/effects/"
"""Where a service tells what it did under an Idempotency-Key."""


def open_client() -> httpx2.AsyncClient:
    """The client that all HTTP tools of a process share. Whoever opens it closes it."""
    import httpx2

    from tools.adapters.connections import no_cookies, transport

    through = transport(MOST_CONNECTIONS, IDLE_SECONDS)
    # No time-out here: the gateway has one for each tool and cancels the call for real.
    return httpx2.AsyncClient(
        follow_redirects=False,
        trust_env=False,
        timeout=None,
        transport=through,
        cookies=no_cookies(),
    )


@dataclass(frozen=True)
class Endpoint:
    """A service of the tenant: the one host that may be called, and how to say who we are."""

    base_url: str
    token: str
    client: httpx2.AsyncClient

    def __post_init__(self) -> None:
        web_address(self.base_url)

    async def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | list[str]] | None = None,
        body: Json | None = None,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Json:
        """One request, one answer as a JSON object. Raises `ToolFault`."""
        import httpx2

        url = f"{self.base_url.rstrip('/')}{path}"
        request = self.client.build_request(
            method,
            url,
            params=query or None,
            json=body,
            headers={**(headers or {}), **self._headers(key)},
        )
        self._stay_home(request)
        try:
            with waiting_outside():
                answer = await self.client.send(request, stream=True, follow_redirects=False)
            try:
                raise_for(answer)
                return await body_of(answer)
            finally:
                await answer.aclose()
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            raise Unreachable(_words(error), certain=True) from error
        except httpx2.HTTPError as error:
            raise Unreachable(_words(error)) from error

    def _headers(self, key: str | None) -> dict[str, str]:
        # An answer that unpacks itself could be larger than any bound on what we read.
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if key is not None:
            headers["Idempotency-Key"] = key
        propagate.inject(headers)  # `traceparent`, where a trace is recorded; nothing otherwise
        return headers

    def _stay_home(self, request: httpx2.Request) -> None:
        base, target = self.client.build_request("GET", self.base_url).url, request.url
        if (target.scheme, target.host, target.port) != (base.scheme, base.host, base.port):
            raise Rejected("the call would leave the service's host")

    async def performed(self, key: str) -> Json | None:
        """What the service did under the key, None if nothing. Raises `ToolFault`."""
        try:
            found = await self.send("GET", EFFECTS + quote(key, safe=""))
        except NotFound:
            return None
        result = found.get("result")
        if not isinstance(result, dict):
            raise SchemaChanged("the answer about an effect has no object 'result'")
        return result


class HttpTool(Tool):
    """One declared operation: method and path of a service."""

    def __init__(
        self, spec: ToolSpec, base_url: str, token: str, client: httpx2.AsyncClient
    ) -> None:
        """Raises `ValueError` for a base_url or path that cannot be called."""
        self.spec = spec
        self._endpoint = Endpoint(base_url, token, client)
        self._placeholders = placeholders(spec)

    @override
    async def call(self, arguments: Json, *, key: str | None, caller: CallContext) -> Json:
        """Raises `ToolFault`."""
        path = PLACEHOLDER.sub(lambda m: _segment(m[1], arguments[m[1]]), self.spec.path)
        body = self._at("body", arguments)
        always = self._in_body and self.spec.operation is None
        return await self._endpoint.send(
            self.spec.method,
            path,
            query={k: self._query(k, v) for k, v in self._at("query", arguments).items()},
            body=body if body or always else None,
            key=key,
            headers={k: _header(k, v) for k, v in self._at("header", arguments).items()},
        )

    @property
    def _in_body(self) -> bool:
        return self.spec.method in ("POST", "PUT", "PATCH")

    def _at(self, place: str, arguments: Json) -> Json:
        """The arguments that travel in one place."""
        usual = "body" if self._in_body else "query"
        return {
            name: value
            for name, value in arguments.items()
            if name not in self._placeholders and self.spec.places.get(name, usual) == place
        }

    def _query(self, name: str, value: Any) -> str | list[str]:
        repeated = isinstance(value, list) and name in self.spec.places
        return [_text(item) for item in value] if repeated else _text(value)

    @override
    async def reconcile(self, key: str) -> Json | None:
        """Asks `GET {base}/effects/{key}`."""
        return await self._endpoint.performed(key)


def placeholders(spec: ToolSpec) -> frozenset[str]:
    """The arguments that stand in the path. Raises `ValueError` for one that cannot be called."""
    names = spec.path_arguments
    required = spec.schema_of_arguments["required"]
    if not spec.path.startswith("/"):
        raise ValueError(f"path {spec.path!r} must begin with /")
    if lacking := sorted(names - set(required)):
        msg = f"path {spec.path!r} needs the arguments {lacking}: declare and require them"
        raise ValueError(msg)
    return names


def _segment(name: str, value: Any) -> str:
    text = _text(value)
    if text in ("", ".", ".."):
        raise Rejected(f"{name} cannot be part of a path")
    return quote(text, safe="")


def _header(name: str, value: Any) -> str:
    text = _text(value)
    if not (text.isascii() and text.isprintable()):
        raise Rejected(f"{name} cannot be part of a header")
    return text


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _words(error: Exception) -> str:
    return f"no answer came: {type(error).__name__}"
