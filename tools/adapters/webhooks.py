"""Sends one event to one address: signed, bounded, and never to a private address unless listed.

Signatures and headers are those of Standard Webhooks.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from memory.webhooks import SECRET_PREFIX
from tools.adapters.public_hosts import (
    Lookup,
    NoAddress,
    Pinned,
    looked_up,
    pinned,
)
from tools.outside import AddressRefused, web_address

if TYPE_CHECKING:
    import httpx2

SECONDS = 10.0
"""How long one attempt may take."""
AGENT = "Deskhand-Webhooks"


class HookFailed(Exception):
    """It did not arrive, or nobody said so; the words hold no secret."""


class HookGone(HookFailed):
    """The receiver says that there is nobody any more: another attempt will not arrive either."""


@dataclass(frozen=True)
class Hook:
    """One event, ready to be sent."""

    id: str
    url: str
    secret: str
    body: dict[str, Any]


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
            parts = web_address(hook.url, query=True)
            async with asyncio.timeout(SECONDS):
                await self._send(hook, await pinned(parts, self.allowed, self.lookup), at)
        except (AddressRefused, NoAddress) as refused:
            raise HookFailed(str(refused)) from refused
        except TimeoutError as error:
            raise HookFailed(f"no answer within {SECONDS:g} s") from error

    async def _send(self, hook: Hook, at_address: Pinned, at: int) -> None:
        import httpx2

        payload = json.dumps(hook.body, separators=(",", ":"), ensure_ascii=False).encode()
        request = self.client.build_request(
            "POST",
            at_address.url,
            content=payload,
            headers={**signed(hook, payload, at), **at_address.headers},
            extensions=at_address.extensions,
        )
        try:
            answer = await self.client.send(request, stream=True, follow_redirects=False)
            await answer.aclose()  # what it says is of no interest, and might have no end
        except httpx2.HTTPError as error:
            raise HookFailed(f"no answer came: {type(error).__name__}") from error
        if answer.status_code == HTTPStatus.GONE:
            raise HookGone("it answered 410: nobody takes events there any more")
        if not answer.is_success:
            raise HookFailed(f"it answered {answer.status_code}")
