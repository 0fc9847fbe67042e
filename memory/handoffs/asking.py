"""A question of a person to the customer: sent once, waited for, and answered to the same person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from memory import enclosures, sending
from memory.handoffs import outbox
from memory.handoffs.changing import Doing, change, free_for, get, undecided
from memory.handoffs.faults import AlreadyAsked
from memory.journal.codes import Act
from memory.storage.queue import Queue
from memory.tables import Handoff, HandoffStatus, OutboxStatus, now

WAITS_FOR = timedelta(days=3)
"""How long an answer is waited for unless something else is said."""
_GONE = (OutboxStatus.FAILED, OutboxStatus.WITHDRAWN)


async def ask(
    session: AsyncSession,
    queue: Queue,
    *,
    tenant: str,
    handoff_id: str,
    who: str,
    text: str,
    until: datetime | None = None,
    version: int | None = None,
    files: Sequence[str] = (),
    uploader: str = "",
) -> Handoff:
    """Send the customer a question in the person's name, with these uploads, and wait for the answer.

    Raises `AlreadyAsked` if the same words went out in this turn: one effect has one key; and
    `SendingStopped`, `FileUnknown`, `FileRefused`.
    """
    moment, handoff = now(), await get(session, tenant, handoff_id)
    await sending.check(session, tenant)
    for letter in await outbox.of_turn(session, handoff.ticket_id, handoff.turn):
        if letter.text == text and letter.status not in _GONE:
            msg = "this very question was sent already: word it differently to ask again"
            raise AlreadyAsked(msg)
    values = {
        "status": HandoffStatus.WAITING_CUSTOMER,
        "claimed_by": who,
        "lease_expires_at": None,
        "asked_at": moment,
        "snoozed_until": until or moment + WAITS_FOR,
        "responded_at": handoff.responded_at or moment,
    }
    asked = await change(
        session,
        handoff,
        [undecided(), free_for(who, moment)],
        values,
        Doing(who, Act.ASKED, moment, version),
    )
    enclosed = (
        await enclosures.enclose(session, tenant, uploader, files, asked.ticket_id) if files else ()
    )
    await outbox.want(
        session,
        queue,
        asked,
        kind="clarification",
        purpose="ask",
        text=text,
        author=who,
        files=enclosed,
    )
    return asked
