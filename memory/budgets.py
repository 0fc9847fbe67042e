"""Budgets: reserve before a call, settle after it, and nobody spends what others hold.

Each account is one row, and taking from it is one conditional UPDATE: however many runs and
branches ask at once, they share one truth. A call reserves the most it can take; settling
charges what it took and gives back the rest, and with nothing taken that is a refund.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.database import Database, MemoryFault
from memory.tables import BudgetAccount, BudgetReservation, ReservationStatus, now

RESERVED_SECONDS = 900.0
"""A reservation that is older belongs to a process that died."""
MOST_EXPIRED = 500
"""Reservations that one transaction expires."""


@dataclass(frozen=True)
class Amounts:
    """What a call takes, at most or really."""

    money_micros: int = 0
    """Millionths of the tenant's currency."""
    tool_calls: int = 0
    model_calls: int = 0
    tokens: int = 0


RESOURCES: tuple[str, ...] = tuple(part.name for part in fields(Amounts))


@dataclass(frozen=True)
class Ceiling:
    """The most an account may have spent and held; None sets no limit."""

    money_micros: int | None = None
    tool_calls: int | None = None
    model_calls: int | None = None
    tokens: int | None = None


@dataclass(frozen=True)
class Scope:
    """Who spends."""

    tenant: str
    ticket_id: str
    turn: int


@dataclass(frozen=True)
class Reserved:
    """A reservation to settle."""

    id: str


@dataclass(frozen=True)
class Refused:
    """A reservation that was not made."""

    account: str
    """turn | day"""
    resource: str
    wanted: int
    used: int
    """Spent and held already."""
    limit: int

    @property
    def reason(self) -> str:
        """The refusal in words, with its numbers."""
        return (
            f"the budget of this {self.account} for {self.resource} is used up: "
            f"{self.used} of {self.limit} taken, {self.wanted} wanted"
        )


class Budget(Protocol):
    """What a caller of tools or models asks before each call."""

    async def reserve(self, scope: Scope, most: Amounts) -> Reserved | Refused:
        """Hold the most that a call can take, in every account, or nothing."""
        ...

    async def settle(self, reserved: Reserved, taken: Amounts) -> None:
        """Charge what was taken, give back the rest. Doing it twice does it once."""
        ...


class UnlimitedBudget:
    """A budget without end, which still adds up what is taken."""

    def __init__(self) -> None:
        self.taken = Amounts()

    async def reserve(self, scope: Scope, most: Amounts) -> Reserved | Refused:
        """Always granted."""
        return Reserved("unlimited")

    async def settle(self, reserved: Reserved, taken: Amounts) -> None:
        """Add it up."""
        sums = {name: getattr(self.taken, name) + getattr(taken, name) for name in RESOURCES}
        self.taken = Amounts(**sums)


class LedgerBudget:
    """The budget of one tenant, in the ledger's database, shared by all its processes."""

    def __init__(
        self,
        database: Database,
        *,
        turn: Ceiling,
        day: Ceiling | None = None,
        clock: Callable[[], datetime] = now,
        reserved_seconds: float = RESERVED_SECONDS,
    ) -> None:
        self._database = database
        self._turn = turn
        self._day = day or Ceiling()
        self._clock = clock
        self._lifetime = timedelta(seconds=reserved_seconds)

    async def reserve(self, scope: Scope, most: Amounts) -> Reserved | Refused:
        """See `Budget.reserve`."""
        moment = self._clock()
        try:
            async with self._database.transaction() as session:
                return await reserve(
                    session,
                    scope,
                    most,
                    turn=self._turn,
                    day=self._day,
                    moment=moment,
                    lifetime=self._lifetime,
                )
        except BudgetShort as short:
            return short.refused

    async def settle(self, reserved: Reserved, taken: Amounts) -> None:
        """See `Budget.settle`."""
        async with self._database.transaction() as session:
            await settle(session, reserved.id, taken, self._clock())


class BudgetShort(MemoryFault):
    """An account has too little left. The transaction must be rolled back."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.reason)
        self.refused = refused


async def reserve(
    session: AsyncSession,
    scope: Scope,
    most: Amounts,
    *,
    turn: Ceiling,
    day: Ceiling,
    moment: datetime,
    lifetime: timedelta,
) -> Reserved:
    """Hold `most` in the turn's and the day's account. Raises `BudgetShort`."""
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
    await _open(session, scope.tenant, made.turn_account, made.day_account)
    await _hold(session, "turn", made.turn_account, most, turn)
    await _hold(session, "day", made.day_account, most, day)
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
    query = select(BudgetReservation.id).where(
        BudgetReservation.status == ReservationStatus.HELD.value,
        col(BudgetReservation.expires_at) < moment,
    )
    query = query.order_by(col(BudgetReservation.expires_at)).limit(MOST_EXPIRED)
    expired = []
    for key in (await session.exec(query)).all():
        found = await _close(
            session, key, ReservationStatus.HELD, ReservationStatus.EXPIRED, moment
        )
        if found is not None:
            await _charge(session, found, _amounts(found), was_held=True)
            expired.append(found)
    return expired


async def prune(session: AsyncSession, before: datetime) -> int:
    """Forget reservations that were settled, and accounts that were opened, before a moment.

    A turn whose account is forgotten begins anew: keep them for as long as tickets may wait.
    """
    settled = delete(BudgetReservation).where(
        col(BudgetReservation.status) != ReservationStatus.HELD.value,
        col(BudgetReservation.settled_at) < before,
    )
    held = select(BudgetReservation.id).where(
        BudgetReservation.status == ReservationStatus.HELD.value,
        col(BudgetAccount.key).in_((BudgetReservation.turn_account, BudgetReservation.day_account)),
    )
    unused = delete(BudgetAccount).where(
        col(BudgetAccount.created_at) < before, ~held.correlate(BudgetAccount).exists()
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


def turn_account(scope: Scope) -> str:
    """The account of one turn of a ticket."""
    return f"turn:{scope.ticket_id}:{scope.turn}"


def day_account(tenant: str, moment: datetime) -> str:
    """The account of a tenant's day in UTC."""
    return f"day:{tenant}:{moment:%Y-%m-%d}"


async def _open(session: AsyncSession, tenant: str, *accounts: str) -> None:
    known = select(BudgetAccount.key).where(col(BudgetAccount.key).in_(accounts))
    missing = set(accounts) - set((await session.exec(known)).all())
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    for key in sorted(missing):
        row = BudgetAccount(key=key, tenant=tenant).model_dump()
        await session.execute(dialect.insert(BudgetAccount).values(row).on_conflict_do_nothing())


async def _hold(
    session: AsyncSession, kind: str, key: str, most: Amounts, ceiling: Ceiling
) -> None:
    if not await _take(session, key, most, ceiling):
        raise BudgetShort(await _why(session, kind, key, most, ceiling))


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
) -> Refused:
    for name, (spent, held) in (await balance(session, key)).items():
        wanted, limit = getattr(most, name), getattr(ceiling, name)
        if limit is not None and 0 < wanted > limit - spent - held:
            return Refused(kind, name.replace("_", " "), wanted, spent + held, limit)
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
    accounts = [reservation.turn_account, reservation.day_account]
    statement = update(BudgetAccount).where(col(BudgetAccount.key).in_(accounts))
    await session.execute(statement.values(**changes))


def _columns(name: str) -> tuple[Any, Any]:
    return getattr(BudgetAccount, f"{name}_spent"), getattr(BudgetAccount, f"{name}_held")


def _amounts(reservation: BudgetReservation) -> Amounts:
    return Amounts(**{name: getattr(reservation, name) for name in RESOURCES})


def _less(taken: Amounts, charged: BudgetReservation) -> Amounts:
    parts = {name: getattr(taken, name) - getattr(charged, name) for name in RESOURCES}
    return Amounts(**parts)
