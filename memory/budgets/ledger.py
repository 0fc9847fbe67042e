"""Budget accounts: taking from one is one conditional UPDATE, so nobody spends what others hold.

Functions take the caller's session and never commit.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, literal, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.budgets.amounts import RESOURCES, Amounts, BudgetRefused, BudgetScope, Ceiling, Reserved
from memory.storage.database import MemoryFault
from memory.storage.engines import hold_name, insert, needs_locks
from memory.tables import BudgetAccount, BudgetReservation, ReservationStatus

MOST_EXPIRED = 500
"""Reservations that one transaction expires."""


class BudgetShort(MemoryFault):
    """An account has too little left. The transaction must be rolled back."""

    def __init__(self, refused: BudgetRefused) -> None:
        super().__init__(refused.reason)
        self.refused = refused


async def reserve(
    session: AsyncSession,
    scope: BudgetScope,
    most: Amounts,
    *,
    turn: Ceiling,
    day: Ceiling,
    moment: datetime,
    lifetime: timedelta,
    ticket: Ceiling = Ceiling(),  # noqa: B008 - frozen
) -> Reserved:
    """Hold `most` in the turn's, the ticket's and the day's account. Raises `BudgetShort`."""
    made = BudgetReservation(
        id=secrets.token_hex(12),
        tenant=scope.tenant,
        ticket_id=scope.ticket_id,
        turn=scope.turn,
        turn_account=turn_account(scope),
        day_account=day_account(scope.tenant, moment),
        expires_at=moment + lifetime,
        created_at=moment,
        **asdict(most),
    )
    for kind, key, ceiling in (
        ("turn", made.turn_account, turn),
        ("ticket", ticket_account(made.ticket_id), ticket),
        ("day", made.day_account, day),
    ):
        await _hold(session, made.tenant, kind, key, most, ceiling)
    session.add(made)
    return Reserved(made.id)


async def settle(session: AsyncSession, key: str, taken: Amounts, moment: datetime) -> None:
    """Charge what a reservation's call took. One that expired meanwhile is corrected."""
    held = await _close(session, key, ReservationStatus.HELD, ReservationStatus.SETTLED, moment)
    if held is not None:
        await _charge(session, held, taken, was_held=True)
        return
    late = await _close(session, key, ReservationStatus.EXPIRED, ReservationStatus.SETTLED, moment)
    if late is not None:
        await _charge(session, late, _less(taken, late), was_held=False)


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
            await _charge(session, found, _amounts(found), was_held=True)
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


async def balance(session: AsyncSession, account: str) -> dict[str, tuple[int, int]]:
    """(spent, held) of each resource; zeros for an account that was never used."""
    row = await session.get(BudgetAccount, account)
    found = row or BudgetAccount(key=account, tenant="")
    return {
        name: (getattr(found, f"{name}_spent"), getattr(found, f"{name}_held"))
        for name in RESOURCES
    }


def turn_account(scope: BudgetScope) -> str:
    """The account of one turn of a ticket."""
    return f"turn:{scope.ticket_id}:{scope.turn}"


def ticket_account(ticket_id: str) -> str:
    """The account of all turns of a ticket."""
    return f"ticket:{ticket_id}"


def day_account(tenant: str, moment: datetime) -> str:
    """The account of a tenant's day in UTC."""
    return f"day:{tenant}:{moment:%Y-%m-%d}"


async def _hold(  # noqa: PLR0917
    session: AsyncSession, tenant: str, kind: str, key: str, most: Amounts, ceiling: Ceiling
) -> None:
    if await _take(session, key, most, ceiling):
        return
    await _open(session, key, tenant)
    if not await _take(session, key, most, ceiling):
        raise BudgetShort(await _why(session, kind, key, most, ceiling))


async def _open(session: AsyncSession, key: str, tenant: str) -> None:
    """Make the account if it is new; the first calls of a turn may do so at once."""
    row = BudgetAccount(key=key, tenant=tenant).model_dump()
    await session.execute(insert(session, BudgetAccount).values(row).on_conflict_do_nothing())


async def _take(session: AsyncSession, key: str, most: Amounts, ceiling: Ceiling) -> bool:
    """The one place where anything is taken: the condition and the change are one statement."""
    statement = update(BudgetAccount).where(col(BudgetAccount.key) == key)
    changes: dict[str, Any] = {}
    for name in RESOURCES:
        spent, held = _columns(name)
        wanted, limit = getattr(most, name), getattr(ceiling, name)
        changes[f"{name}_held"] = held + wanted
        if limit is not None and wanted > 0:
            statement = statement.where(spent + held + wanted <= limit)
    taken = statement.values(**changes).returning(col(BudgetAccount.key))
    return bool((await session.execute(taken)).first())


async def _why(
    session: AsyncSession, kind: str, key: str, most: Amounts, ceiling: Ceiling
) -> BudgetRefused:
    for name, (spent, held) in (await balance(session, key)).items():
        wanted, limit = getattr(most, name), getattr(ceiling, name)
        if limit is not None and 0 < wanted > limit - spent - held:
            return BudgetRefused(kind, name.replace("_", " "), wanted, spent + held, limit)
    msg = f"account {key} refused an amount that it has"
    raise MemoryFault(msg)


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


async def _charge(
    session: AsyncSession, reservation: BudgetReservation, taken: Amounts, *, was_held: bool
) -> None:
    changes: dict[str, Any] = {}
    for name in RESOURCES:
        spent, held = _columns(name)
        changes[f"{name}_spent"] = spent + getattr(taken, name)
        changes[f"{name}_held"] = held - (getattr(reservation, name) if was_held else 0)
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


def _amounts(reservation: BudgetReservation) -> Amounts:
    return Amounts(**{name: getattr(reservation, name) for name in RESOURCES})


def _less(taken: Amounts, charged: BudgetReservation) -> Amounts:
    parts = {name: getattr(taken, name) - getattr(charged, name) for name in RESOURCES}
    return Amounts(**parts)
