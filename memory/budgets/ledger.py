"""Budget accounts: taking from one is one conditional UPDATE, so nobody spends what others hold.

Functions take the caller's unit of work or session and never commit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from memory.budgets.amounts import RESOURCES, Amounts, BudgetRefused, BudgetScope, Ceiling
from memory.faults import MemoryFault
from memory.storage.columns import Columns
from memory.storage.units import Statements, marks
from memory.tables import BudgetAccount, BudgetReservation, ReservationStatus

RESERVATIONS = Columns(BudgetReservation)
HELD = ", ".join(f"{name}_held" for name in RESOURCES)
SPENT = ", ".join(f"{name}_spent" for name in RESOURCES)
_ZEROS = ", ".join("0" * len(RESOURCES))
_ADDED = ", ".join(f"{n}_held = budget_accounts.{n}_held + excluded.{n}_held" for n in RESOURCES)
_USED = ", ".join(f"{name}_spent + {name}_held" for name in RESOURCES)
_CHARGED = ", ".join(f"{name}_spent = {name}_spent + ?" for name in RESOURCES)
_GIVEN_BACK = ", ".join(f"{name}_held = {name}_held - ?" for name in RESOURCES)
TAKE = (
    f"INSERT INTO budget_accounts (key, tenant, {HELD}, {SPENT}, created_at)"  # noqa: S608 - fixed names
    f" VALUES (?, ?, {marks(RESOURCES)}, {_ZEROS}, ?) ON CONFLICT (key) DO UPDATE SET {_ADDED}"
)
"""Makes the account if it is new; the first calls of a turn may do so at once."""
BALANCE = f"SELECT {_USED} FROM budget_accounts WHERE key = ?"  # noqa: S608 - fixed names
CHARGE = f"UPDATE budget_accounts SET {_CHARGED}, {_GIVEN_BACK} WHERE key = ?"  # noqa: S608 - fixed names
CLOSE = (
    "UPDATE budget_reservations SET status = 'settled', settled_at = ?"  # noqa: S608 - fixed names
    " WHERE id = ? AND status = ?"
    f" RETURNING turn_account, 'ticket:' || ticket_id, day_account, {', '.join(RESOURCES)}"
)


class BudgetShort(MemoryFault):
    """An account has too little left. The transaction must be rolled back."""

    def __init__(self, refused: BudgetRefused) -> None:
        super().__init__(refused.reason)
        self.refused = refused


@dataclass(frozen=True)
class Wanted:
    """A reservation that somebody would like to have."""

    id: str
    scope: BudgetScope
    most: Amounts
    turn: Ceiling
    ticket: Ceiling
    day: Ceiling
    moment: datetime


def reserve_in(do: Statements, wanted: Wanted, expires_at: datetime) -> None:
    """Hold it in the turn's, the ticket's and the day's account. Raises `BudgetShort`."""
    scope = wanted.scope
    turn, ticket, day = accounts_of(scope, wanted.moment)
    for kind, key, ceiling in (
        ("turn", turn, wanted.turn),
        ("ticket", ticket, wanted.ticket),
        ("day", day, wanted.day),
    ):
        _take(do, kind, key, scope.tenant, wanted, ceiling)
    row = {
        "id": wanted.id,
        "tenant": scope.tenant,
        "ticket_id": scope.ticket_id,
        "turn": scope.turn,
        "turn_account": turn,
        "day_account": day,
        "status": ReservationStatus.HELD.value,
        "created_at": wanted.moment,
        "expires_at": expires_at,
        **asdict(wanted.most),
    }
    do.run(RESERVATIONS.insert, RESERVATIONS.values(do, row))


def settle_in(do: Statements, key: str, taken: Amounts, moment: datetime) -> None:
    """Charge what a reservation's call took. One that expired meanwhile is corrected."""
    for before in (ReservationStatus.HELD, ReservationStatus.EXPIRED):
        row = do.row(CLOSE, (do.moment(moment), key, before.value))
        if row is not None:
            accounts, held = row[:3], Amounts(*row[3:])
            was_held = before is ReservationStatus.HELD
            _charge_in(do, accounts, taken if was_held else _minus(taken, held), held, was_held)
            return


def used_in(do: Statements, key: str) -> dict[str, int]:
    """What an account has spent and holds, by resource."""
    return dict(zip(RESOURCES, do.row(BALANCE, (key,)) or (0,) * len(RESOURCES), strict=True))


def accounts_of(scope: BudgetScope, moment: datetime) -> tuple[str, str, str]:
    """The turn's, the ticket's and the day's."""
    return turn_account(scope), ticket_account(scope.ticket_id), day_account(scope.tenant, moment)


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


def _take(  # noqa: PLR0917
    do: Statements, kind: str, key: str, tenant: str, wanted: Wanted, ceiling: Ceiling
) -> None:
    """The one place where anything is taken: the condition and the change are one statement."""
    most = wanted.most
    limits = [
        (name, getattr(most, name), getattr(ceiling, name))
        for name in RESOURCES
        if getattr(ceiling, name) is not None and getattr(most, name) > 0
    ]
    if all(amount <= limit for _, amount, limit in limits):
        room = " AND ".join(
            f"budget_accounts.{name}_spent + budget_accounts.{name}_held <= ?"
            for name, _, _ in limits
        )
        amounts = [getattr(most, name) for name in RESOURCES]
        values = [key, tenant, *amounts, do.moment(wanted.moment)]
        values += [limit - amount for _, amount, limit in limits]
        if do.row(TAKE + (f" WHERE {room}" if room else "") + " RETURNING key", values):
            return
    raise BudgetShort(_why(do, kind, key, most, ceiling))


def _why(do: Statements, kind: str, key: str, most: Amounts, ceiling: Ceiling) -> BudgetRefused:
    refused = short(kind, used_in(do, key), most, ceiling)
    if refused is None:
        raise MemoryFault(f"account {key} refused an amount that it has")
    return refused


def short(
    kind: str, used: Mapping[str, int], most: Amounts, ceiling: Ceiling
) -> BudgetRefused | None:
    """What an account that has used so much has too little of; None where there is enough."""
    for name, already in used.items():
        wanted, limit = getattr(most, name), getattr(ceiling, name)
        if limit is not None and 0 < wanted > limit - already:
            return BudgetRefused(kind, name.replace("_", " "), wanted, already, limit)
    return None


def _charge_in(
    do: Statements, accounts: Sequence[str], taken: Amounts, held: Amounts, was_held: bool
) -> None:
    """In the order in which `reserve_in` takes from them: no two wait in a ring."""
    amounts = [getattr(taken, name) for name in RESOURCES]
    back = [getattr(held, name) if was_held else 0 for name in RESOURCES]
    for key in accounts:
        do.run(CHARGE, (*amounts, *back, key))


def _minus(taken: Amounts, charged: Amounts) -> Amounts:
    parts = {name: getattr(taken, name) - getattr(charged, name) for name in RESOURCES}
    return Amounts(**parts)
