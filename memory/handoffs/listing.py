"""The queue as people look at it: filtered, searched, most urgent first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, String, and_, cast, false, func, or_
from sqlalchemy.orm import defer
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.handoffs import fulltext
from memory.handoffs.changing import lapsed
from memory.sealing.columns import ring_of
from memory.storage.customer_digest import customer_digest
from memory.storage.engines import is_postgres
from memory.storage.near_words import MOST_COMPARED, near
from memory.tables import Handoff, HandoffStatus, Message, Ticket, now
from memory.tickets import fulltext as ticket_text
from memory.tickets import messages

WAITING = (HandoffStatus.OPEN, HandoffStatus.CLAIMED)
"""What is shown where no status is asked for."""
RECENT = timedelta(days=7)
"""How far back a customer's other handoffs count for the priority of a new one."""


@dataclass(frozen=True)
class Filter:
    """Which handoffs are wanted; None and False leave a part open."""

    statuses: Sequence[str] = WAITING
    team: str | None = None
    skill: str | None = None
    reason: str | None = None
    intent: str | None = None
    ticket_id: str | None = None
    customer: str | None = None
    """The exact address, in whatever case."""
    query: str | None = None
    """Words to be found in subject, explanation, customer and ids, or in what was said."""
    claimed_by: str | None = None
    unassigned: bool = False
    overdue: bool = False


@dataclass(frozen=True)
class Listed:
    """A handoff with what a list shows of its ticket. Its story and decision are not loaded."""

    handoff: Handoff
    subject: str
    title: str
    """The subject, or the first words where there is none."""
    customer_name: str | None
    unread: int


async def listed(
    session: AsyncSession, tenant: str, wanted: Filter, *, limit: int = 50, offset: int = 0
) -> list[Listed]:
    """Most urgent first, then the one that is due first, then the oldest.

    A claim whose lease ran out counts as open. Where nothing holds the words of the query, those
    with words that are spelt nearly so are found.
    """
    conditions = _conditions(session, tenant, wanted, now())
    query = select(Handoff.id).where(*conditions)
    order = (
        col(Handoff.priority),
        col(Handoff.due_at).is_(None),
        col(Handoff.due_at),
        col(Handoff.created_at),
        col(Handoff.id),
    )
    found = list((await session.exec(query.order_by(*order).limit(limit).offset(offset))).all())
    if not found and wanted.query and not offset:
        others = _conditions(session, tenant, replace(wanted, query=None), now())
        found = (await _nearly(session, others, wanted.query))[:limit]
    return await _rows(session, found)


async def _nearly(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], query: str
) -> list[str]:
    """Ids of the handoffs whose subject or customer nearly holds the words, the newest first."""
    rows = await session.exec(
        select(Handoff.id, Ticket.subject, Ticket.customer_name, Ticket.customer_email)
        .join(Ticket, col(Ticket.id) == Handoff.ticket_id)
        .where(*conditions)
        .order_by(col(Handoff.created_at).desc())
        .limit(MOST_COMPARED)
    )
    every = list(rows.all())
    texts = (f"{subject} {name or ''} {email or ''}" for _, subject, name, email in every)
    return [every[place][0] for place in near(query, texts)]


async def _rows(session: AsyncSession, ids: Sequence[str]) -> list[Listed]:
    if not ids:
        return []
    query = (
        select(Handoff, Ticket.subject, Ticket.customer_name, Ticket.customer_email)
        .join(Ticket, col(Ticket.id) == Handoff.ticket_id)
        .where(col(Handoff.id).in_(ids))
        .options(defer(Handoff.story, raiseload=True), defer(Handoff.decision, raiseload=True))  # type: ignore[arg-type]
    )
    unread = await unread_of(session, ids)
    found = (await session.exec(query)).all()
    titles = await messages.titles(session, {row[0].ticket_id: row[1] for row in found})
    rows = {
        handoff.id: Listed(
            handoff, subject, titles[handoff.ticket_id], name or email, unread.get(handoff.id, 0)
        )
        for handoff, subject, name, email in found
    }
    return [rows[one] for one in ids]


async def unread_of(session: AsyncSession, ids: Sequence[str]) -> dict[str, int]:
    """How many messages of the customer each handoff's holder has not seen, if there are any."""
    query = (
        select(Handoff.id, func.count())
        .join(Message, col(Message.ticket_id) == Handoff.ticket_id)
        .where(
            col(Handoff.id).in_(ids),
            Message.role == "customer",
            col(Message.seq) > col(Handoff.seen_seq),
        )
        .group_by(col(Handoff.id))
    )
    return {str(row[0]): int(row[1]) for row in (await session.exec(query)).all()}


def _conditions(
    session: AsyncSession, tenant: str, wanted: Filter, moment: datetime
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [col(Handoff.tenant) == tenant]
    found += _standing(wanted.statuses, moment)
    for column, value in (
        (Handoff.team, wanted.team),
        (Handoff.reason, wanted.reason),
        (Handoff.intent, wanted.intent),
        (Handoff.ticket_id, wanted.ticket_id),
        (Handoff.claimed_by, wanted.claimed_by),
    ):
        if value is not None:
            found.append(col(column) == value)
    if wanted.skill is not None:
        found.append(
            cast(col(Handoff.skills), String).contains(f'"{wanted.skill}"', autoescape=True)
        )
    if wanted.customer is not None:
        digest = customer_digest(session, tenant, wanted.customer)
        found.append(col(Handoff.customer) == digest)
    if wanted.query is not None:
        found.append(_matches(session, tenant, wanted.query))
    if wanted.unassigned:
        found.append(or_(col(Handoff.claimed_by).is_(None), lapsed(moment)))
    if wanted.overdue:
        found.append(overdue(moment))
    return found


def _matches(session: AsyncSession, tenant: str, query: str) -> ColumnElement[bool]:
    ring = ring_of(session.get_bind().dialect)
    known = fulltext.matching(query, tenant, postgres=is_postgres(session), ring=ring)
    said = ticket_text.matching(session, tenant, query)
    if known is None or said is None:
        return false()
    return or_(col(Handoff.id).in_(known), col(Handoff.ticket_id).in_(said))


def overdue(moment: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """A target has passed that was not met. Nothing is due while the customer is asked."""
    return and_(
        col(Handoff.status).in_((HandoffStatus.OPEN, HandoffStatus.CLAIMED, HandoffStatus.SNOOZED)),
        or_(
            and_(col(Handoff.responded_at).is_(None), col(Handoff.due_at) < moment),
            col(Handoff.resolve_by) < moment,
        ),
    )


def is_overdue(handoff: Handoff, moment: datetime) -> bool:
    """The same of a row in hand."""
    if handoff.status not in (HandoffStatus.OPEN, HandoffStatus.CLAIMED, HandoffStatus.SNOOZED):
        return False
    late = handoff.responded_at is None and handoff.due_at is not None and handoff.due_at < moment
    return late or (handoff.resolve_by is not None and handoff.resolve_by < moment)


def _standing(statuses: Sequence[str], moment: datetime) -> list[ColumnElement[bool]]:
    """Where they stand, first by what is stored, which an index finds; then by the lease."""
    wanted = set(statuses)
    stored = wanted | ({HandoffStatus.CLAIMED.value} if HandoffStatus.OPEN in wanted else set())
    found: list[ColumnElement[bool]] = [col(Handoff.status).in_(sorted(stored))]
    if len(wanted & set(WAITING)) == 1:
        # Of open and claimed only one is wanted: the lease tells them apart.
        found.append(or_(*(_stands(status, moment) for status in statuses)))
    return found


def _stands(status: str, moment: datetime) -> ColumnElement[bool]:
    if status == HandoffStatus.OPEN:
        return or_(col(Handoff.status) == HandoffStatus.OPEN, lapsed(moment))
    if status == HandoffStatus.CLAIMED:
        return and_(
            col(Handoff.status) == HandoffStatus.CLAIMED,
            col(Handoff.lease_expires_at) >= moment,
        )
    return col(Handoff.status) == status


async def recent_of_customer(session: AsyncSession, tenant: str, email: str, ticket_id: str) -> int:
    """How many other tickets of one customer came to people in the last days."""
    digest = customer_digest(session, tenant, email)
    found = await session.exec(
        select(func.count(func.distinct(col(Handoff.ticket_id)))).where(
            Handoff.tenant == tenant,
            Handoff.customer == digest,
            Handoff.ticket_id != ticket_id,
            col(Handoff.created_at) > now() - RECENT,
        )
    )
    return int(found.one())
