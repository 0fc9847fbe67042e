"""Tries a website and our own address before the widget is used: what a browser would run into."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from api.channels.widget.origins import SCRIPT, origin_of
from memory.channels.outgoing import WIDGET
from memory.storage.database import Database
from memory.tables import Message, Ticket
from tools.adapters.public_hosts import NoAddress, Pinned, pinned
from tools.outside import AddressRefused, web_address

if TYPE_CHECKING:
    import httpx2

MOST_MOVES = 3
"""Redirects of a website that are followed."""
LOOK_SECONDS = 1.0
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that a browser trusts without TLS."""
_NEEDED = ("script-src", "connect-src")
"""What a page's policy must let the script do."""


@dataclass(frozen=True)
class Website:
    """What was found at one address."""

    origin: str
    """As it was given, without a path."""
    at: str = ""
    """The origin at which it really stands; empty where nothing answered."""
    trouble: str = ""
    """Why it could not be looked at."""
    forbids: tuple[str, ...] = ()
    """Parts of its Content-Security-Policy that keep our script out."""

    @property
    def well(self) -> bool:
        """Whether the widget can show there."""
        return self.at == self.origin and not self.forbids


async def look_at(
    http: httpx2.AsyncClient, origin: str, ours: str, hosts: Collection[str] | None
) -> Website:
    """Open the website's first page. `ours` is where the script will come from.

    With `hosts` only these may have a private address; whoever runs Deskhand may look at any.
    """
    import httpx2

    url = f"{origin}/"
    try:
        for _ in range(MOST_MOVES + 1):
            to = (
                Pinned(url, {}, {})
                if hosts is None
                else await pinned(web_address(url, query=True), hosts)
            )
            asked = http.stream(
                "GET", to.url, headers=to.headers, extensions=to.extensions, follow_redirects=False
            )
            async with asked as answer:
                where, policy = answer.headers.get("location"), _policies(answer)
            if not answer.is_redirect or where is None:
                return Website(origin, origin_of(url), "", forbidden(policy, ours))
            url = urljoin(url, where)
    except (NoAddress, AddressRefused) as error:
        return Website(origin, trouble=str(error))
    except (httpx2.HTTPError, ValueError) as error:
        return Website(origin, trouble=type(error).__name__)
    return Website(origin, trouble="it leads from page to page without an end")


async def serves_script(http: httpx2.AsyncClient, ours: str) -> bool:
    """Whether our API answers at this address."""
    import httpx2

    try:
        answer = await http.get(ours + SCRIPT)
    except (httpx2.HTTPError, ValueError):
        return False
    return answer.is_success and "deskhand" in answer.text


def _policies(answer: httpx2.Response) -> str:
    return answer.headers.get("content-security-policy", "")


def forbidden(policy: str, ours: str) -> tuple[str, ...]:
    """The parts of a Content-Security-Policy that would have to name our address."""
    given: dict[str, list[str]] = {}
    for part in policy.split(";"):
        name, *sources = part.split() or [""]
        given.setdefault(name.lower(), sources)
    known = {ours, urlsplit(ours).netloc, f"{urlsplit(ours).scheme}:", "*"}
    wanted = ((name, given.get(name, given.get("default-src"))) for name in _NEEDED)
    return tuple(name for name, has in wanted if has is not None and not known & set(has))


def lines(found: Website, ours: str) -> Iterator[str]:
    """What was found, and what to do about it, a sentence a line."""
    if found.trouble:
        yield f"{found.origin} could not be opened from here ({found.trouble}): check the address."
    elif found.at != found.origin:
        yield (
            f"{found.origin} leads to {found.at}: the widget shows where people end up, so name that."
        )
    else:
        yield f"{found.origin} can be opened."
    for one in found.forbids:
        yield f"Its Content-Security-Policy keeps the script out: add {ours} to {one}."
    if found.origin.startswith("https:") and not _safe(ours):
        yield (
            f"A page under https loads nothing from {ours}: put Deskhand behind TLS, and name that"
            " address with --public."
        )


def _safe(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in LOCAL


async def first_message(
    database: Database, tenant: str, begun: datetime, seconds: float
) -> str | None:
    """The first message of a visitor since `begun`; None if none comes in time."""
    from sqlmodel import col, select

    query = (
        select(Message.text)
        .join(Ticket, col(Ticket.id) == Message.ticket_id)
        .where(Ticket.tenant == tenant, Ticket.channel == WIDGET, Message.role == "customer")
        .where(col(Message.created_at) >= begun)
        .order_by(col(Message.created_at))
        .limit(1)
    )
    try:
        async with asyncio.timeout(seconds):
            while True:
                async with database.reading() as session:
                    found = (await session.exec(query)).first()
                if found is not None:
                    return found
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        return None
