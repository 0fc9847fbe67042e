"""Sends one event to one address: signed, bounded, and never to a private address unless listed.

Signatures and headers are those of Standard Webhooks. The name is looked up once and that very
address is connected to, so that a name cannot point elsewhere between the check and the call.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import json
import socket
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

if TYPE_CHECKING:
    import httpx2

SECONDS = 10.0
"""How long one attempt may take."""
MOST_URL_CHARS = 2_000
SECRET_PREFIX = "whsec_"  # noqa: S105 - a prefix, as Standard Webhooks has it
AGENT = "Deskhand-Webhooks"
_PORTS = {"http": 80, "https": 443}

Lookup = Callable[[str, int], Awaitable[list[str]]]
"""Name and port to addresses. Raises `OSError`."""


class HookFailed(Exception):
    """It did not arrive, or nobody said so; the words hold no secret."""


class UrlRefused(ValueError):
    """No event is sent to such an address; the words say why."""


@dataclass(frozen=True)
class Hook:
    """One event, ready to be sent."""

    id: str
    url: str
    secret: str
    body: dict[str, Any]


async def looked_up(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system knows them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


def checked(url: str) -> SplitResult:
    """The parts of a URL that an event may be sent to. Raises `UrlRefused`."""
    if len(url) > MOST_URL_CHARS or not url.isascii() or not url.isprintable():
        msg = f"use at most {MOST_URL_CHARS} plain ASCII characters"
        raise UrlRefused(msg)
    try:
        parts = urlsplit(url)
        usable = parts.scheme in _PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.username or parts.fragment:
        msg = "use https://host[:port]/path, without a name or password in it"
        raise UrlRefused(msg)
    return parts


def signed(hook: Hook, payload: bytes, at: int) -> dict[str, str]:
    """The headers of an event sent at `at`, in seconds since 1970."""
    key = base64.b64decode(hook.secret.removeprefix(SECRET_PREFIX))
    content = f"{hook.id}.{at}.".encode() + payload
    mac = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": hook.id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{mac}",
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "Accept-Encoding": "identity",
    }


@dataclass(frozen=True)
class HookSender:
    """Sends events through one client."""

    client: httpx2.AsyncClient
    allowed: Collection[str] = ()
    """Names and addresses, as they stand in a URL, that may be private ones."""
    lookup: Lookup = looked_up

    async def send(self, hook: Hook, at: int) -> None:
        """One attempt. Raises `HookFailed`."""
        try:
            parts = checked(hook.url)
        except UrlRefused as refused:
            raise HookFailed(str(refused)) from refused
        try:
            async with asyncio.timeout(SECONDS):
                await self._send(hook, parts, await self._address(parts), at)
        except TimeoutError as error:
            msg = f"no answer within {SECONDS:g} s"
            raise HookFailed(msg) from error

    async def _address(self, parts: SplitResult) -> str:
        """An address of the host that may be called."""
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        try:
            found = await self.lookup(host, port)
        except OSError as error:
            msg = f"the name {host} is not known"
            raise HookFailed(msg) from error
        usable = [one for one in found if host in self.allowed or is_public(one)]
        if not usable:
            msg = f"{host} is a private address: an operator can allow it by name"
            raise HookFailed(msg)
        return usable[0]

    async def _send(self, hook: Hook, parts: SplitResult, address: str, at: int) -> None:
        import httpx2

        payload = json.dumps(hook.body, separators=(",", ":"), ensure_ascii=False).encode()
        where = f"[{address}]" if ":" in address else address
        port = parts.port or _PORTS[parts.scheme]
        target = parts._replace(netloc=f"{where}:{port}").geturl()
        request = self.client.build_request(
            "POST",
            target,
            content=payload,
            headers={**signed(hook, payload, at), "Host": parts.netloc},
            extensions={"sni_hostname": parts.hostname},
        )
        try:
            answer = await self.client.send(request, stream=True, follow_redirects=False)
            await answer.aclose()  # what it says is of no interest, and might have no end
        except httpx2.HTTPError as error:
            msg = f"no answer came: {type(error).__name__}"
            raise HookFailed(msg) from error
        if not answer.is_success:
            msg = f"it answered {answer.status_code}"
            raise HookFailed(msg)


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet, also where it wraps another one."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if inner is not None:
            found = inner
    return found.is_global and not found.is_multicast
