"""Where a call may go: never to a private address unless its host is listed.

The name is looked up once and that very address is connected to, so that a name cannot point
elsewhere between the check and the call.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult

from tools.outside import PORTS

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 addresses as networks without them write them (RFC 6052)."""
_GIVEN_OUT = ipaddress.IPv6Network("2000::/3")
"""What of IPv6 is given out to the public internet; all else is of one network, or of nobody."""

Lookup = Callable[[str, int], Awaitable[list[str]]]
"""Name and port to addresses. Raises `OSError`."""


class NoAddress(Exception):
    """The host has no address that may be called; the words say why."""


class PrivateAddress(NoAddress):
    """It has only private ones."""


@dataclass(frozen=True)
class Pinned:
    """A request's address with the host's name taken out of it."""

    url: str
    headers: dict[str, str]
    extensions: dict[str, Any]
    """The name that the certificate must have."""


async def looked_up(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system knows them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


async def pinned(
    parts: SplitResult, allowed: Collection[str] = (), lookup: Lookup = looked_up
) -> Pinned:
    """The URL with an address of its host that may be called. Raises `NoAddress`."""
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    address = await callable_address(host, port, allowed, lookup)
    where = f"[{address}]" if ":" in address else address
    target = parts._replace(netloc=f"{where}:{port}").geturl()
    return Pinned(target, {"Host": parts.netloc}, {"sni_hostname": host})


async def callable_address(
    host: str, port: int, allowed: Collection[str] = (), lookup: Lookup = looked_up
) -> str:
    """The first address of a host, in small letters, that may be called. Raises `NoAddress`."""
    try:
        found = await lookup(host, port)
    except OSError as error:
        raise NoAddress(f"the name {host} is not known") from error
    usable = [one for one in found if host in allowed or is_public(one)]
    if not usable:
        raise PrivateAddress(f"{host} is a private address: an operator can allow it by name")
    return usable[0]


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet, also where it wraps another one."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
        if inner is None and found not in _GIVEN_OUT:
            return False
        found = found if inner is None else inner
    return found.is_global and not found.is_multicast
