"""What people said was wrong. A correction counts until it is undone; functions never commit.

It lands where the next ticket finds it: an article marked wrong is left out of the search while
its text stays the same, a ticket whose intent was wrong becomes an example of the right one, and
the answer of a ticket that was answered wrongly is not shown as a settled case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.faults import MemoryFault
from memory.handoffs.asks import texts
from memory.handoffs.model import story_of
from memory.storage.engines import changed, hold_tickets
from memory.storage.units import Statements
from memory.tables import (
    Article,
    Correction,
    CorrectionKind,
    Handoff,
    Memory,
    Message,
    Ticket,
    now,
)
from memory.tickets import tickets

Examples = Mapping[str, Sequence[str]]
"""Texts by the intent that people said is theirs."""
MOST_EXAMPLES = 50
"""Corrected tickets that become examples of one intent: the newest ones."""
MOST_EXAMPLE_CHARS = 4_000
"""Of a ticket's text so much is an example."""
LISTED_AT_ONCE = 500
REVISION = "SELECT count(*), max(created_at), max(undone_at) FROM corrections WHERE tenant = ? AND kind = ?"
MARKED_WRONG = (
    "EXISTS (SELECT 1 FROM corrections AS wrong WHERE wrong.tenant = a.tenant"  # noqa: S608 - our own names
    f" AND wrong.kind = '{CorrectionKind.ARTICLE_WRONG}' AND wrong.undone_at IS NULL"
    " AND wrong.article = a.doc_id AND wrong.content_hash = a.content_hash)"
)
"""In plain SQL: the article `a` has been marked wrong with the very text it has now."""


class CorrectionUnknown(MemoryFault):
    """No such correction in this tenant."""


class ArticleUnknown(MemoryFault):
    """No such article in this tenant."""


class AskUnknown(MemoryFault):
    """No such ask in this ticket, or its words have been erased."""


class AlreadyUndone(MemoryFault):
    """Somebody took the correction back before."""

    def __init__(self, by: str | None) -> None:
        super().__init__(f"{by or 'somebody'} took this correction back already")
        self.by = by


@dataclass(frozen=True)
class New:
    """What a person says is wrong."""

    kind: CorrectionKind
    article: str | None = None
    """doc_id, for article_wrong."""
    intent: str | None = None
    """The right one, for intent_wrong; None: none of the desk's."""
    ask: str | None = None
    """Its id within the ticket, for gap_dismissed; None for an article that a person missed."""
    note: str = ""


async def make(
    session: AsyncSession,
    *,
    tenant: str,
    ticket: Ticket,
    who: str,
    new: New,
    handoff: Handoff | None = None,
) -> Correction:
    """Store a correction; the same one that still counts is given back, not stored twice.

    Raises `ArticleUnknown`, `AskUnknown`.
    """
    turn = ticket.turn if handoff is None else handoff.turn
    await hold_tickets(session, [ticket.id])
    question = await _asked(session, ticket, handoff, new)
    if (known := await _same(session, ticket, turn, new, question)) is not None:
        return known
    content = await _content_hash(session, tenant, new.article) if new.article else None
    correction = Correction(
        id=tickets.new_id("cor"),
        tenant=tenant,
        kind=new.kind,
        ticket_id=ticket.id,
        turn=turn,
        handoff_id=None if handoff is None else handoff.id,
        article=new.article,
        content_hash=content,
        intent=new.intent,
        was=ticket.intent if handoff is None else handoff.intent or ticket.intent,
        question=question,
        note=new.note,
        by=who,
    )
    session.add(correction)
    await session.flush()
    return correction


async def undo(session: AsyncSession, tenant: str, correction_id: str, who: str) -> Correction:
    """Take a correction back. Raises `CorrectionUnknown`, `AlreadyUndone`."""
    correction = await get(session, tenant, correction_id)
    counts = (col(Correction.id) == correction_id, col(Correction.undone_at).is_(None))
    if not await changed(session, Correction, *counts, undone_at=now(), undone_by=who):
        await session.refresh(correction)
        raise AlreadyUndone(correction.undone_by)
    return correction


async def get(session: AsyncSession, tenant: str, correction_id: str) -> Correction:
    """The correction. Raises `CorrectionUnknown`, also where it belongs to another tenant."""
    correction = await session.get(Correction, correction_id)
    if correction is None or correction.tenant != tenant:
        raise CorrectionUnknown(f"there is no correction {correction_id!r}")
    return correction


async def listed(
    session: AsyncSession,
    tenant: str,
    *,
    kind: str | None = None,
    counting: bool | None = None,
    ticket_id: str | None = None,
    limit: int = LISTED_AT_ONCE,
    offset: int = 0,
) -> list[Correction]:
    """Corrections, newest first; `counting` picks those that count, or those taken back."""
    query = select(Correction).where(Correction.tenant == tenant)
    if kind is not None:
        query = query.where(Correction.kind == kind)
    if ticket_id is not None:
        query = query.where(Correction.ticket_id == ticket_id)
    if counting is not None:
        undone = col(Correction.undone_at)
        query = query.where(undone.is_(None) if counting else undone.is_not(None))
    newest = query.order_by(col(Correction.created_at).desc(), col(Correction.id).desc())
    return list(await session.exec(newest.limit(limit).offset(offset)))


def answered_wrong() -> ColumnElement[bool]:
    """That the ticket of a row of `Memory` was answered wrongly in that turn."""
    found: ColumnElement[bool] = (
        select(Correction.id)
        .where(
            Correction.kind == CorrectionKind.ANSWER_WRONG,
            col(Correction.tenant) == Memory.tenant,
            col(Correction.ticket_id) == Memory.ticket_id,
            col(Correction.turn) == Memory.turn,
            col(Correction.undone_at).is_(None),
        )
        .exists()
    )
    return found


def revision_in(do: Statements, tenant: str) -> str:
    """Changes whenever a correction of an intent is made or taken back."""
    (found,) = do.rows(REVISION, (tenant, CorrectionKind.INTENT_WRONG.value))
    return "|".join(str(part) for part in found)


async def examples(session: AsyncSession, tenant: str) -> Examples:
    """Texts of tickets by the intent that people said is the right one.

    Of several about one turn of a ticket the newest counts, also where it says that none applies.
    Read from the tickets' own messages, so that what is erased there is no example any more.
    """
    query = (
        select(Correction.intent, Correction.ticket_id, Correction.turn)
        .where(
            Correction.tenant == tenant,
            Correction.kind == CorrectionKind.INTENT_WRONG,
            col(Correction.undone_at).is_(None),
        )
        .order_by(col(Correction.created_at).desc(), col(Correction.id).desc())
    )
    newest: dict[tuple[str, int], str | None] = {}
    for intent, ticket_id, turn in (await session.exec(query)).all():
        newest.setdefault((ticket_id, turn), intent)
    found: dict[str, list[str]] = defaultdict(list)
    for (ticket_id, turn), intent in newest.items():
        if intent is None or len(found[intent]) >= MOST_EXAMPLES:
            continue
        if text := await _text(session, ticket_id, turn):
            found[intent].append(text)
    return dict(found)


async def _text(session: AsyncSession, ticket_id: str, turn: int) -> str:
    query = select(Message.text).where(
        Message.ticket_id == ticket_id, Message.turn == turn, Message.role == "customer"
    )
    texts = (await session.exec(query.order_by(col(Message.seq)))).all()
    return "\n\n".join(texts).strip()[:MOST_EXAMPLE_CHARS]


async def _same(
    session: AsyncSession, ticket: Ticket, turn: int, new: New, question: str
) -> Correction | None:
    query = select(Correction).where(
        Correction.tenant == ticket.tenant,
        Correction.kind == new.kind,
        Correction.ticket_id == ticket.id,
        Correction.turn == turn,
        col(Correction.undone_at).is_(None),
    )
    newest = query.order_by(col(Correction.created_at).desc(), col(Correction.id).desc())
    found = (await session.exec(newest)).all()
    if new.kind == CorrectionKind.INTENT_WRONG:
        found = found[:1]  # an older one does not count any more
    if new.kind == CorrectionKind.GAP_DISMISSED:
        found = [one for one in found if one.question == question]
    same = (one for one in found if (one.article, one.intent) == (new.article, new.intent))
    return next(same, None)


async def _content_hash(session: AsyncSession, tenant: str, doc_id: str) -> str:
    query = select(Article.content_hash).where(Article.tenant == tenant, Article.doc_id == doc_id)
    found = (await session.exec(query)).first()
    if found is None:
        msg = f"there is no article {doc_id!r}: send the doc_id as the evidence names it"
        raise ArticleUnknown(msg)
    return found


async def dismissed(session: AsyncSession, tenant: str) -> dict[str, str]:
    """Ids of the corrections that dismiss a gap, by the words of the ask; the newest ones."""
    found = await listed(session, tenant, kind=CorrectionKind.GAP_DISMISSED, counting=True)
    return {one.question: one.id for one in reversed(found) if one.question}


async def _asked(session: AsyncSession, ticket: Ticket, handoff: Handoff | None, new: New) -> str:
    """The words that it is about."""
    if new.kind != CorrectionKind.GAP_DISMISSED:
        return await _question(session, ticket, handoff)
    asked = (ticket.id, new.ask or "")
    if found := (await texts(session, ticket.tenant, [asked])).get(asked):
        return found
    raise AskUnknown(f"ticket {ticket.id} has no ask {new.ask!r}: send the one that the gap names")


async def _question(session: AsyncSession, ticket: Ticket, handoff: Handoff | None) -> str:
    """What was asked, masked: from the story, or from what was remembered of the ticket."""
    if handoff is not None and (words := story_of(handoff).question):
        return words
    query = select(Memory.question).where(Memory.ticket_id == ticket.id)
    return (await session.exec(query.order_by(col(Memory.turn).desc()).limit(1))).first() or ""
