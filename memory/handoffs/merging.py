"""Duplicates: two tickets of one customer become one answer, and the customer is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.handoffs import outbox
from memory.handoffs.changing import UNDECIDED, Doing, change, free_for, get, hold_all, undecided
from memory.handoffs.faults import NotMergeable
from memory.handoffs.model import story_of
from memory.journal import journal
from memory.journal.codes import Act, Cause, Reason
from memory.journal.events import TurnSettled
from memory.storage.engines import changed
from memory.storage.queue import Queue
from memory.tables import DecisionKind, Handoff, HandoffStatus, Outcome, now
from memory.tickets import lifecycle, tickets

TOLD = "We answer this together with your other message{subject}. You need not do anything."
"""What the customer hears on the ticket that was merged."""
SHOWN_SUBJECT_CHARS = 120
_UNTOLD = frozenset({Reason.AUTOMATIC_MAIL, Reason.SPAM})
"""Reasons of a merged handoff whose sender hears nothing of it."""


async def merge(
    session: AsyncSession,
    queue: Queue,
    *,
    tenant: str,
    handoff_id: str,
    into: str,
    who: str,
    version: int | None = None,
) -> Handoff:
    """End the ticket of `handoff_id`; its messages are shown and answered with `into`.

    Both must be undecided and of one customer, since the answer goes to that customer only.
    Who sent automatic mail or spam is told nothing.
    Raises `NotMergeable`, `ClaimedByOther`, `AlreadyDecided`, `Stale`. The other handoff may be
    anybody's: its holder sees what was added by its version.
    """
    moment = now()
    await hold_all(session, [handoff_id, into])
    source, target = await get(session, tenant, handoff_id), await get(session, tenant, into)
    _fits(source, target)
    for one in sorted({source.ticket_id, target.ticket_id}):
        await lifecycle.hold(session, one)
    merged = await change(
        session,
        source,
        [undecided(), free_for(who, moment)],
        _closing(source, target, who, moment),
        Doing(who, Act.MERGED, moment, version, {"into": target.id}),
    )
    await change(
        session,
        target,
        [undecided()],
        {},
        Doing(who, Act.ABSORBED, moment, details={"from": merged.id}),
    )
    await _hand_on(session, merged, target)
    await _end(session, merged)
    if source.reason not in _UNTOLD:
        await _tell(session, queue, merged, target)
    return merged


def _closing(source: Handoff, target: Handoff, who: str, moment: datetime) -> dict[str, Any]:
    """How a merged handoff ends: what was proposed in it is refused, and kept as such."""
    refused = [one.fingerprint for one in story_of(source).actions]
    return {
        "status": HandoffStatus.CLOSED,
        "merged_into": target.id,
        "decision": {"kind": str(DecisionKind.MERGE), "into": target.id, "refused": refused},
        "decided_by": who,
        "decided_at": moment,
        "closed_at": moment,
        "lease_expires_at": None,
        "snoozed_until": None,
        "asked_at": None,
    }


async def _tell(session: AsyncSession, queue: Queue, merged: Handoff, target: Handoff) -> None:
    subject = (await tickets.get(session, target.tenant, target.ticket_id)).subject
    shown = f' ("{subject[:SHOWN_SUBJECT_CHARS]}")' if subject.strip() else ""
    text = TOLD.format(subject=shown)
    await outbox.want(session, queue, merged, kind="notice", purpose="merged", text=text)


def _fits(source: Handoff, target: Handoff) -> None:
    if source.id == target.id or source.ticket_id == target.ticket_id:
        raise NotMergeable("a handoff cannot be merged into its own ticket: name another one")
    if source.customer is None or source.customer != target.customer:
        msg = "only tickets of one and the same known customer can be merged: their answer is one"
        raise NotMergeable(msg)
    if target.status not in UNDECIDED:
        msg = f"the handoff to merge into is {target.status}: choose one that waits for an answer"
        raise NotMergeable(msg)


async def _end(session: AsyncSession, merged: Handoff) -> None:
    last = max(one.seq for one in await tickets.messages(session, merged.ticket_id))
    ticket = lifecycle.made(await lifecycle.merge(session, merged.ticket_id, handled=last))
    ended = TurnSettled(cause=Cause.PERSON, outcome=Outcome.MERGED)
    await journal.append(session, ticket, ended)


async def _hand_on(session: AsyncSession, source: Handoff, target: Handoff) -> None:
    """What was to be answered with the source is answered with the target now."""
    for one in await merged_into(session, source.ticket_id, source.turn):
        if one.ticket_id != target.ticket_id:
            await changed(session, Handoff, col(Handoff.id) == one.id, merged_into=target.id)


async def merged_into(
    session: AsyncSession, ticket_id: str, turn: int | None = None
) -> list[Handoff]:
    """The duplicates that are answered with this ticket, or in one turn of it, oldest first.

    By the ticket, since a turn may have several handoffs: the promise is the ticket's.
    """
    targets = select(Handoff.id).where(Handoff.ticket_id == ticket_id)
    if turn is not None:
        targets = targets.where(Handoff.turn == turn)
    query = select(Handoff).where(col(Handoff.merged_into).in_(targets))
    return list(await session.exec(query.order_by(col(Handoff.created_at), col(Handoff.id))))
