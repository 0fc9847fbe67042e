"""Tries a helpdesk before it is used: in plain words what is wrong, and the first message coming in."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import timedelta

from tools.adapters.helpdesk.contract import Entry, Helpdesk
from tools.contract import Json
from tools.faults import Forbidden, NotFound, NotLetIn, RateLimited, ToolFault

LOOK_SECONDS = 3.0
"""How often a first message is looked for: helpdesks count calls."""


def in_words(fault: ToolFault, name: str) -> str:
    """What to do about it."""
    words = str(fault)
    match fault:
        case NotFound():
            return f"there is no {name} API at this address: check the address and the account"
        case RateLimited():
            return f"{name} asks for a pause: try again in {fault.retry_after or 60:.0f} s"
        case NotLetIn() | Forbidden():
            return f"{name} refuses the token, or its user may not read conversations: check both"
        case _ if "private address" in words:
            host = words.partition(" ")[0]
            return f"{words}, with DESKHAND_WEBHOOK_PRIVATE_HOSTS='[\"{host}\"]'"
    return f"{name}: {words}"


async def first_message(
    desk: Helpdesk, cursor: Json, groups: Collection[str], seconds: float
) -> Entry | None:
    """The first message of a customer behind the cursor; None if none comes in time.

    Raises `ToolFault`.
    """
    begun = desk.clock - timedelta(minutes=1)
    try:
        async with asyncio.timeout(seconds):
            while True:
                for ref in (await desk.changes(cursor)).refs:
                    found = await desk.read(ref, begun)
                    if found is None or (groups and found.group not in groups):
                        continue
                    for one in found.entries:
                        if one.author == "customer" and one.at >= begun:
                            return one
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        return None
