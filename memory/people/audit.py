"""Who did what: written before it is done, completed with how it ended. Never commits."""

from __future__ import annotations

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.storage.engines import changed
from memory.tables import AuditRow

MAX_ACTION_CHARS = 200


async def note(
    session: AsyncSession,
    *,
    tenant: str,
    who: str,
    via: str,
    action: str,
    subject: str | None = None,
    status: int | None = None,
) -> int:
    """Write one row; its id."""
    row = AuditRow(
        tenant=tenant,
        who=who,
        via=via,
        action=action[:MAX_ACTION_CHARS],
        subject=subject,
        status=status,
    )
    session.add(row)
    await session.flush()
    assert row.id is not None
    return row.id


async def ended(session: AsyncSession, row_id: int, status: int) -> bool:
    """Complete a row with the answer's status, once."""
    open_ = (col(AuditRow.id) == row_id, col(AuditRow.status).is_(None))
    return bool(await changed(session, AuditRow, *open_, status=status))


async def listed(
    session: AsyncSession,
    tenant: str,
    *,
    who: str | None = None,
    subject: str | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[AuditRow]:
    """The newest first; `before` is the id of the last row of the page before."""
    query = select(AuditRow).where(AuditRow.tenant == tenant)
    if who is not None:
        query = query.where(AuditRow.who == who)
    if subject is not None:
        query = query.where(AuditRow.subject == subject)
    if before is not None:
        query = query.where(col(AuditRow.id) < before)
    found = await session.exec(query.order_by(col(AuditRow.id).desc()).limit(limit))
    return list(found.all())
