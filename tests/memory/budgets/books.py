"""Budgets on a ledger of their own, under a clock that stands where it is put."""

from datetime import UTC, datetime

from memory.budgets import ledger
from memory.budgets.amounts import Amounts, BudgetScope, Ceiling, Reserved
from memory.budgets.budgets import Budget, LedgerBudget
from memory.storage.database import Database

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = "day:acme:2026-11-22"


class Clock:
    """A moment that is set by hand."""

    moment = NOON

    def __call__(self) -> datetime:
        """The present moment."""
        return self.moment


def scope(ticket: str = "t1", turn: int = 1) -> BudgetScope:
    """A turn of a ticket of acme."""
    return BudgetScope("acme", ticket, turn)


def budget(
    database: Database,
    clock: Clock,
    *,
    turn: Ceiling | None = None,
    ticket: Ceiling | None = None,
    day: Ceiling | None = None,
) -> LedgerBudget:
    """A budget with no limits but those given."""
    return LedgerBudget(database, turn=turn or Ceiling(), ticket=ticket, day=day, clock=clock)


async def granted(made: Budget, most: Amounts, where: BudgetScope | None = None) -> Reserved:
    """A reservation that must succeed."""
    reserved = await made.reserve(where or scope(), most)
    assert isinstance(reserved, Reserved)
    return reserved


async def held(database: Database, account: str = DAY) -> dict[str, tuple[int, int]]:
    """(spent, held) by resource."""
    async with database.reading() as session:
        return await ledger.balance(session, account)
