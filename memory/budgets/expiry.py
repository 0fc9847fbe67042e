"""What vanished processes hold is charged in full, and what was settled long ago is forgotten.

Functions take the caller's session and never commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, literal, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.budgets.amounts import RESOURCES
from memory.budgets.ledger import ticket_account
from memory.storage.engines import hold_name, needs_locks
from memory.storage.units import Statements
from memory.tables import BudgetAccount, BudgetReservation, ReservationStatus

MOST_EXPIRED = 500
"""Reservations that one transaction expires."""
EXPIRED = "SELECT 1 FROM budget_reservations WHERE status = ? AND expires_at < ? LIMIT 1"


def any_expired_in(do: Statements, moment: datetime) -> bool:
    """Whether `expire` would find something."""
    held = (ReservationStatus.HELD.value, do.moment(moment))
    return do.row(EXPIRED, held) is not None


async def expire(session: AsyncSession, moment: datetime) -> list[BudgetReservation]:
    """Charge in full what vanished processes hold, at most `MOST_EXPIRED` of them."""
    await hold_name(session, "expired budgets")
    query = select(BudgetReservation).where(
        BudgetReservation.status == ReservationStatus.HELD.value,
        col(BudgetReservation.expires_at) < moment,
    )
    query = query.order_by(col(BudgetReservation.expires_at)).limit(MOST_EXPIRED)
    over = (await session.exec(query)).all()
    await _lock(session, over)
    expired = []
    for key in [one.id for one in over]:
        found = await _close(
            session, key, ReservationStatus.HELD, ReservationStatus.EXPIRED, moment
        )
        if found is not None:
            await _charge_in_full(session, found)
            expired.append(found)
    return expired


async def prune(
    session: AsyncSession, before: datetime, accounts_before: datetime | None = None
) -> int:
    """Forget reservations that were settled, and accounts that were opened, before a moment.

    A turn or ticket whose account is forgotten begins anew: keep them for as long as tickets
    may wait, by an earlier moment of their own where reservations shall go sooner.
    """
    ticket = literal("ticket:") + col(BudgetReservation.ticket_id)
    settled = delete(BudgetReservation).where(
        col(BudgetReservation.status) != ReservationStatus.HELD.value,
        col(BudgetReservation.settled_at) < before,
    )
    held = select(BudgetReservation.id).where(
        BudgetReservation.status == ReservationStatus.HELD.value,
        col(BudgetAccount.key).in_(
            (BudgetReservation.turn_account, ticket, BudgetReservation.day_account)
        ),
    )
    unused = delete(BudgetAccount).where(
        col(BudgetAccount.created_at) < (accounts_before or before),
        ~held.correlate(BudgetAccount).exists(),
    )
    gone = (await session.execute(settled.returning(col(BudgetReservation.id)))).all()
    closed = (await session.execute(unused.returning(col(BudgetAccount.key)))).all()
    return len(gone) + len(closed)


async def _close(
    session: AsyncSession,
    key: str,
    before: ReservationStatus,
    after: ReservationStatus,
    moment: datetime,
) -> BudgetReservation | None:
    statement = (
        update(BudgetReservation)
        .where(col(BudgetReservation.id) == key, col(BudgetReservation.status) == before.value)
        .values(status=after.value, settled_at=moment)
        .returning(BudgetReservation)
    )
    found: Sequence[BudgetReservation] = (await session.scalars(statement)).all()
    return found[0] if found else None


async def _charge_in_full(session: AsyncSession, reservation: BudgetReservation) -> None:
    changes: dict[str, Any] = {}
    for name in RESOURCES:
        spent, held = _columns(name)
        changes[f"{name}_spent"] = spent + getattr(reservation, name)
        changes[f"{name}_held"] = held - getattr(reservation, name)
    accounts = [key for keys in _accounts([reservation]) for key in keys]
    await _lock(session, [reservation])
    statement = update(BudgetAccount).where(col(BudgetAccount.key).in_(accounts))
    await session.execute(statement.values(**changes))


def _accounts(reservations: Sequence[BudgetReservation]) -> tuple[list[str], ...]:
    """The accounts of reservations by kind, in the order in which they are taken from."""
    return (
        sorted({one.turn_account for one in reservations}),
        sorted({ticket_account(one.ticket_id) for one in reservations}),
        sorted({one.day_account for one in reservations}),
    )


async def _lock(session: AsyncSession, reservations: Sequence[BudgetReservation]) -> None:
    """Hold the accounts in the order in which `reserve` takes from them: no two wait in a ring."""
    if not needs_locks(session):
        return
    for keys in _accounts(reservations):
        query = select(BudgetAccount.key).where(col(BudgetAccount.key).in_(keys))
        await session.exec(query.order_by(col(BudgetAccount.key)).with_for_update())


def _columns(name: str) -> tuple[Any, Any]:
    return getattr(BudgetAccount, f"{name}_spent"), getattr(BudgetAccount, f"{name}_held")
