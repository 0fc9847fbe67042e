"""What leaves by a channel: stored with the effect that wants it, sent once, in order.

A row is `intended`, and committed, before the other side is called. Whoever finds one that was
left so asks the other side whether it has the message before it is sent again. Of the messages of
one ticket only the oldest that has not come to an end may leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory import sending, webhooks
from memory.journal import journal
from memory.journal.events import Undelivered
from memory.sealing.columns import placed
from memory.storage.engines import changed, hold_tickets, insert
from memory.storage.units_session import within
from memory.tables import (
    ChannelOutgoing,
    ChannelThread,
    OutgoingStatus,
    Ticket,
    now,
)

Json = dict[str, Any]

WIDGET = "widget"
"""Name of the channel of a website."""
HELPDESKS = ("chatwoot", "zammad", "zendesk")
"""Names of the channels whose conversations live in a helpdesk."""
NOTE, STEP = "note", "step"
BESIDE = (NOTE, STEP)
"""Kinds that the customer does not see: a private note, and how the conversation stands."""
DRAFTS = webhooks.DRAFTS
BY_HAND = "console"
"""Name of the channel of tickets that a person opened and whose answers leave by no other way."""
KEPT = frozenset({WIDGET, BY_HAND})
"""Channels whose answers are read where they stand: nothing is sent."""
CODE = "code"
"""Kind of a message that holds a one-time code."""
OPEN = (OutgoingStatus.WANTED.value, OutgoingStatus.INTENDED.value)
"""Not at an end: what comes after it on the same ticket waits."""
MOST_ERROR_CHARS = 500
LISTED = ("failed", "bounced", "unknown")
"""Ends that a person must see."""


@dataclass(frozen=True)
class Wanted:
    """A message to a customer, as the graph hands it over."""

    key: str
    ticket_id: str
    turn: int
    kind: str
    body: Json


async def want(session: AsyncSession, tenant: str, foreign_id: str, one: Wanted) -> bool:
    """Store a message to be sent, once for its key; False where it was stored before.

    Raises `LookupError` where the ticket came by no channel.
    """
    thread = await session.get(ChannelThread, one.ticket_id)
    if thread is None or thread.tenant != tenant:
        raise LookupError(one.ticket_id)
    values = {
        "key": one.key,
        "tenant": tenant,
        "channel": thread.channel,
        "ticket_id": one.ticket_id,
        "turn": one.turn,
        "kind": one.kind,
        "body": one.body,
        "foreign_id": foreign_id,
        "status": _first(thread.channel).value,
        "attempts": 0,
        "not_before": now(),
        "created_at": now(),
    }
    statement = insert(session, ChannelOutgoing).values(placed(ChannelOutgoing, values))
    once = statement.on_conflict_do_nothing().returning(ChannelOutgoing.id)
    return bool((await session.execute(once)).first())


async def want_step(
    session: AsyncSession, tenant: str, key: str, ticket_id: str, turn: int
) -> None:
    """Bring the conversation in step once what was wanted before has left; once for the key."""
    one = Wanted(f"{key}:{STEP}", ticket_id, turn, STEP, {})
    await want(session, tenant, one.key, one)


def _first(channel: str) -> OutgoingStatus:
    """A page fetches its messages by itself: what is stored there has arrived."""
    return OutgoingStatus.SENT if channel in KEPT else OutgoingStatus.WANTED


async def by_key(session: AsyncSession, key: str) -> ChannelOutgoing | None:
    """The message that the effect of this key wants."""
    return (await session.exec(select(ChannelOutgoing).where(ChannelOutgoing.key == key))).first()


async def by_foreign_id(
    session: AsyncSession, tenant: str, channel: str, ids: Sequence[str]
) -> ChannelOutgoing | None:
    """The first of our messages that one of the other side's ids names."""
    query = select(ChannelOutgoing).where(
        ChannelOutgoing.tenant == tenant,
        ChannelOutgoing.channel == channel,
        col(ChannelOutgoing.foreign_id).in_(list(ids)),
    )
    return (await session.exec(query)).first()


async def due(
    session: AsyncSession, tenant: str, channel: str, limit: int
) -> list[ChannelOutgoing]:
    """What may leave now, the oldest first; at most one message of each ticket."""
    before = aliased(ChannelOutgoing)
    earlier = (
        select(before.id)
        .where(
            before.ticket_id == ChannelOutgoing.ticket_id,
            col(before.id) < col(ChannelOutgoing.id),
            col(before.status).in_(OPEN),
        )
        .exists()
    )
    query = (
        select(ChannelOutgoing)
        .where(
            ChannelOutgoing.tenant == tenant,
            ChannelOutgoing.channel == channel,
            col(ChannelOutgoing.status).in_(OPEN),
            ChannelOutgoing.not_before <= now(),
            ~earlier,
        )
        .order_by(col(ChannelOutgoing.id))
        .limit(limit)
    )
    return list(await session.exec(query))


async def intend(session: AsyncSession, one: ChannelOutgoing) -> ChannelOutgoing | None:
    """Take a message up before it is sent.

    None where somebody else has, a person took the ticket over, or all sending is stopped.
    """
    if not await sending.may_send(session, one.tenant):
        return None
    taken = await changed(
        session,
        ChannelOutgoing,
        col(ChannelOutgoing.id) == one.id,
        col(ChannelOutgoing.status) == one.status,
        col(ChannelOutgoing.attempts) == one.attempts,
        status=OutgoingStatus.INTENDED.value,
        attempts=one.attempts + 1,
        intended_at=now(),
        error=None,
    )
    return next(iter(taken), None)


async def later(
    session: AsyncSession,
    one_id: int,
    error: str,
    moment: datetime,
    *,
    doubt: bool,
    attempts: int | None = None,
) -> None:
    """It did not leave, or nobody knows yet: it is looked at again at `moment`.

    What is in doubt stays `intended`, so that the other side is asked first. `attempts` is how many
    count, if that is another number than before.
    """
    status = OutgoingStatus.INTENDED if doubt else OutgoingStatus.WANTED
    values = {"status": status.value, "error": error[:MOST_ERROR_CHARS], "not_before": moment}
    counted = {} if attempts is None else {"attempts": attempts}
    await _change(session, one_id, **values, **counted)


async def settle(
    session: AsyncSession, one_id: int, status: OutgoingStatus, error: str | None = None
) -> bool:
    """Write how it ended, once; whether this call did. A one-time code is taken out of the row."""
    row = await session.get(ChannelOutgoing, one_id)
    if row is None:
        return False  # erased while it was on its way
    # The ticket first, as all do who change both.
    await hold_tickets(session, [row.ticket_id])
    values: dict[str, Any] = {"body": {}} if row.kind == "code" else {}
    words = None if error is None else error[:MOST_ERROR_CHARS]
    ended = await _change(
        session, one_id, status=status.value, error=words, settled_at=now(), **values
    )
    if ended and status is not OutgoingStatus.SENT:
        await tell(session, [row], status)
    elif ended and row.kind in DRAFTS:
        await _told_again(session, row)
    return ended


async def _told_again(session: AsyncSession, row: ChannelOutgoing) -> None:
    """The answer has left behind the end of its turn: only now its outcome may be told.

    Whoever ends the turn holds the ticket as well, so one of the two knows of both.
    """
    if not await within(session, webhooks.any_in):
        return
    outcome = await journal.outcome_of(session, row.ticket_id, row.turn)
    if outcome is not None:
        told, ticket_id = {"turn": row.turn, "outcome": outcome}, row.ticket_id
        settled = webhooks.SETTLED
        await within(session, lambda do: webhooks.note_in(do, row.tenant, ticket_id, settled, told))


async def tell(
    session: AsyncSession, rows: Sequence[ChannelOutgoing], became: OutgoingStatus
) -> None:
    """Write into the journal which answers did not reach their customer."""
    for row in rows:
        if row.kind in DRAFTS:
            ticket = await session.get_one(Ticket, row.ticket_id)
            await journal.append_at(
                session,
                ticket.id,
                ticket.tenant,
                turn=row.turn,
                epoch=ticket.epoch,
                events=[Undelivered(outcome=became)],
            )


async def bounced(session: AsyncSession, one: ChannelOutgoing, error: str) -> bool:
    """The other side took it and could not deliver it; whether that is news."""
    news = await changed(
        session,
        ChannelOutgoing,
        col(ChannelOutgoing.id) == one.id,
        col(ChannelOutgoing.status).in_((*OPEN, OutgoingStatus.SENT, OutgoingStatus.UNKNOWN)),
        status=OutgoingStatus.BOUNCED.value,
        error=error[:MOST_ERROR_CHARS],
        settled_at=now(),
    )
    await tell(session, news, OutgoingStatus.BOUNCED)
    return bool(news)


async def withdraw(session: AsyncSession, ticket_id: str) -> int:
    """A person took the ticket over: what the agent wanted and has not begun does not leave."""
    beside = col(ChannelOutgoing.kind).not_in(BESIDE)
    return await take_back(session, col(ChannelOutgoing.ticket_id) == ticket_id, beside)


async def take_back(session: AsyncSession, *which: ColumnElement[bool]) -> int:
    """What has not begun to leave does not leave; the journal tells of answers."""
    waits = col(ChannelOutgoing.status) == OutgoingStatus.WANTED
    ended = {"status": OutgoingStatus.WITHDRAWN.value, "settled_at": now()}
    gone = await changed(session, ChannelOutgoing, waits, *which, **ended)
    await tell(session, gone, OutgoingStatus.WITHDRAWN)
    return len(gone)


async def doubt_all(session: AsyncSession) -> None:
    """After a restore: what waits to leave may have left since the backup, so it is asked first."""
    await changed(
        session,
        ChannelOutgoing,
        col(ChannelOutgoing.status) == OutgoingStatus.WANTED,
        status=OutgoingStatus.INTENDED.value,
        intended_at=col(ChannelOutgoing.created_at),
        attempts=col(ChannelOutgoing.attempts) + 1,
    )


async def of_ticket(session: AsyncSession, ticket_id: str) -> list[ChannelOutgoing]:
    """All that left for a ticket's customer or is to leave, oldest first."""
    query = select(ChannelOutgoing).where(ChannelOutgoing.ticket_id == ticket_id)
    return list(await session.exec(query.order_by(col(ChannelOutgoing.id))))


async def _change(session: AsyncSession, one_id: int, **values: Any) -> bool:
    """Only while it has not come to an end."""
    which = (col(ChannelOutgoing.id) == one_id, col(ChannelOutgoing.status).in_(OPEN))
    return bool(await changed(session, ChannelOutgoing, *which, **values))
