"""The ledger's rows of one ticket, and what was copied from it elsewhere. Never commits."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, or_, update
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.files import message_files
from memory.handoffs import fulltext as handoff_text
from memory.insight import sums
from memory.sealing.columns import placed
from memory.storage.copies import without
from memory.storage.engines import hold_tickets
from memory.storage.queue import letter_workflow, workflow_id
from memory.storage.units_session import within
from memory.tables import (
    BudgetAccount,
    BudgetReservation,
    ChannelMessage,
    ChannelOutgoing,
    ChannelThread,
    Correction,
    CorrectionKind,
    Drive,
    DriveDeath,
    Effect,
    Feedback,
    Handoff,
    HandoffEvent,
    HandoffNote,
    IdentityChallenge,
    JournalRow,
    Letter,
    LiveDraft,
    Memory,
    Message,
    Ticket,
    WebhookDelivery,
)
from memory.tickets import fulltext as ticket_text

FIRST = ""
"""Where the looking for copies begins."""
STORIES_AT_ONCE = 200
"""Stories that one transaction reads through."""
BY_TICKET: tuple[type[SQLModel], ...] = (
    Letter,
    HandoffEvent,
    HandoffNote,
    Handoff,
    Feedback,
    ChannelOutgoing,
    ChannelMessage,
    ChannelThread,
    Message,
    Memory,
    Effect,
    IdentityChallenge,
    BudgetReservation,
    JournalRow,
    Drive,
    DriveDeath,
    LiveDraft,
    WebhookDelivery,
)
"""Tables whose rows hang on a ticket, what is referred to last."""


async def remove(session: AsyncSession, ticket_id: str) -> dict[str, int]:
    """Delete all that the ledger holds of a ticket; how many rows of each table."""
    await hold_tickets(session, [ticket_id])
    counts = {
        "corrections": await _corrections(session, ticket_id),
        "files": await message_files.forget(session, ticket_id),
        "handoff_text": await handoff_text.forget(session, ticket_id),
        "ticket_text": await ticket_text.forget(session, ticket_id),
        "insight_tickets": await within(session, lambda do: sums.forget_in(do, ticket_id)),
        "budget_accounts": await _delete(session, BudgetAccount, _accounts(ticket_id)),
    }
    for table in BY_TICKET:
        counts[name_of(table)] = await _delete(session, table, table.ticket_id == ticket_id)  # type: ignore[attr-defined]
    counts["tickets"] = await _delete(session, Ticket, col(Ticket.id) == ticket_id)
    return counts


async def forget_copies(
    session: AsyncSession, tenant: str, tickets: Collection[str], *, after: str
) -> tuple[int, str | None]:
    """Take what was copied from tickets out of other tickets' stories, some stories at a time.

    How many of the looked-at stories held any, and where to go on; None at the end.
    """
    query = select(Handoff.id, Handoff.story).where(
        Handoff.tenant == tenant, col(Handoff.id) > after
    )
    looked_at = (await session.exec(query.order_by(col(Handoff.id)).limit(STORIES_AT_ONCE))).all()
    holding = [one for one, story in looked_at if without(story, tickets) != story]
    changed = 0
    for one in holding:
        whole = select(Handoff.story).where(Handoff.id == one).with_for_update()
        story = (await session.exec(whole)).one()
        cleaned = without(story, tickets)
        changed += cleaned != story
        new = placed(Handoff, {"story": cleaned}, tenant=tenant, id=one)
        await session.execute(update(Handoff).where(col(Handoff.id) == one).values(new))
    return changed, looked_at[-1][0] if len(looked_at) == STORIES_AT_ONCE else None


async def workflows_of(session: AsyncSession, ticket_id: str) -> list[str]:
    """Ids of the engine's jobs that were ever queued for a ticket."""
    runs = (await session.exec(select(Ticket.run).where(Ticket.id == ticket_id))).one_or_none()
    names = [workflow_id(ticket_id, number + 1) for number in range(runs or 0)]
    letters = select(Letter.id, Letter.attempts).where(Letter.ticket_id == ticket_id)
    for letter, attempts in await session.exec(letters):
        names += [letter_workflow(letter, number) for number in range(attempts + 1)]
    of_handoffs = select(Handoff.id).where(Handoff.ticket_id == ticket_id)
    return names + [f"story:{one}" for one in await session.exec(of_handoffs)]


async def memories_of(session: AsyncSession, tickets: Collection[str]) -> list[str]:
    """Ids of what was remembered of these tickets: their vectors carry the same."""
    found = await session.exec(select(Memory.id).where(col(Memory.ticket_id).in_(tickets)))
    return list(found)


async def drives_of(session: AsyncSession, tickets: Collection[str]) -> int:
    """How many of these tickets a worker still drives."""
    found = await session.exec(select(Drive.ticket_id).where(col(Drive.ticket_id).in_(tickets)))
    return len(found.all())


def name_of(table: type[SQLModel]) -> str:
    """The table's name, as the receipt says it."""
    return str(table.__tablename__)


def _accounts(ticket_id: str) -> Any:
    key = col(BudgetAccount.key)
    return or_(key == f"ticket:{ticket_id}", key.startswith(f"turn:{ticket_id}:", autoescape=True))


async def _corrections(session: AsyncSession, ticket_id: str) -> int:
    """Delete them; what is wrong with an article stays, without a word of the customer's."""
    mine = col(Correction.ticket_id) == ticket_id
    wrong = col(Correction.kind) == CorrectionKind.ARTICLE_WRONG
    emptied = await session.execute(
        update(Correction)
        .where(mine, wrong, or_(col(Correction.question) != "", col(Correction.note) != ""))
        .values(question="", note="")
    )
    return emptied.rowcount + await _delete(session, Correction, mine & ~wrong)  # type: ignore[attr-defined, no-any-return]


async def _delete(session: AsyncSession, table: type[SQLModel], which: Any) -> int:
    done = await session.execute(delete(table).where(which))
    return int(done.rowcount)  # type: ignore[attr-defined]
