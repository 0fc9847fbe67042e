"""Calls that a drive counts by itself: those that take no money and no tokens.

Only the ticket's own drive takes from the accounts of its turn and its ticket, so it need not hold
there what only counts: it asks once what they have used, and charges with its next commit.
A drive that dies before has not counted its last calls, which cost nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from memory.budgets.amounts import RESOURCES, Amounts, BudgetRefused, BudgetScope, Ceiling
from memory.budgets.ledger import HELD, SPENT, accounts_of, short, used_in
from memory.storage.units import Statements, marks

_SUMMED = ", ".join(
    f"{n}_spent = budget_accounts.{n}_spent + excluded.{n}_spent" for n in RESOURCES
)
_ROW = f"(?, ?, {marks(RESOURCES)}, {', '.join('0' * len(RESOURCES))}, ?)"
ADD = (
    f"INSERT INTO budget_accounts (key, tenant, {SPENT}, {HELD}, created_at)"  # noqa: S608 - fixed names
    f" VALUES {_ROW}, {_ROW}, {_ROW} ON CONFLICT (key) DO UPDATE SET {_SUMMED}"
)


def is_counted(most: Amounts, day: Ceiling) -> bool:
    """Whether a drive may count it by itself: it costs nothing, and no other ticket waits for it."""
    return most == Amounts(tool_calls=most.tool_calls) and day.tool_calls is None


@dataclass
class Tally:
    """What the accounts of one drive's turn and ticket have used."""

    used: dict[str, dict[str, int]] = field(default_factory=dict)
    """By the account's kind and the resource; empty until it was read."""

    def read(self, found: Mapping[str, dict[str, int]]) -> None:
        """As the ledger had it; whoever was first to ask has begun to count."""
        self.used = self.used or dict(found)

    def take(self, most: Amounts, ceilings: Mapping[str, Ceiling]) -> BudgetRefused | None:
        """Count it, or say what is short."""
        for kind, ceiling in ceilings.items():
            if (refused := short(kind, self.used[kind], most, ceiling)) is not None:
                return refused
        self.add(most.tool_calls)
        return None

    def add(self, calls: int) -> None:
        """That many more, or fewer."""
        for used in self.used.values():
            used["tool_calls"] += calls


def accounts_in(do: Statements, scope: BudgetScope, moment: datetime) -> dict[str, dict[str, int]]:
    """What the turn's and the ticket's account have used."""
    turn, ticket, _ = accounts_of(scope, moment)
    return {"turn": used_in(do, turn), "ticket": used_in(do, ticket)}


def charge_in(do: Statements, scope: BudgetScope, taken: Amounts, moment: datetime) -> None:
    """Charge the turn, the ticket and the day, in the order in which reservations take from them."""
    amounts, at = [getattr(taken, name) for name in RESOURCES], do.moment(moment)
    values: list[Any] = []
    for key in accounts_of(scope, moment):
        values += [key, scope.tenant, *amounts, at]
    do.run(ADD, values)
