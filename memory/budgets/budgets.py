"""Budgets: reserve before a call, settle after it, and nobody spends what others hold.

A call reserves the most it can take; settling charges what it took and gives back the rest,
and with nothing taken that is a refund. However many runs, branches and processes ask at once,
they share one truth (see ledger.py).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol
from weakref import WeakKeyDictionary

from typing_extensions import override

from memory.budgets.amounts import (
    RESOURCES,
    Amounts,
    BudgetRefused,
    BudgetScope,
    Ceiling,
    Reserved,
)
from memory.budgets.counting import Tally, accounts_in, charge_in, is_counted
from memory.budgets.ledger import (
    BudgetShort,
    Wanted,
    reserve_in,
    settle_in,
)
from memory.storage.database import Database
from memory.storage.step import Step, present_step
from memory.storage.units import Statements
from memory.tables import now

RESERVED_SECONDS = 900.0
"""A reservation that is older belongs to a process that died."""


class Budget(Protocol):
    """What a caller of tools or models asks before each call."""

    async def reserve(self, scope: BudgetScope, most: Amounts) -> Reserved | BudgetRefused:
        """Hold the most that a call can take, in every account, or nothing."""
        ...

    async def settle(self, reserved: Reserved, taken: Amounts) -> None:
        """Charge what was taken, give back the rest. Doing it twice does it once."""
        ...


class UnlimitedBudget:
    """A budget without end, which still adds up what is taken."""

    def __init__(self) -> None:
        self.taken = Amounts()

    async def reserve(self, scope: BudgetScope, most: Amounts) -> Reserved | BudgetRefused:
        """Always granted."""
        return Reserved("unlimited")

    async def settle(self, reserved: Reserved, taken: Amounts) -> None:
        """Add it up."""
        sums = {name: getattr(self.taken, name) + getattr(taken, name) for name in RESOURCES}
        self.taken = Amounts(**sums)


class LedgerBudget(Budget):
    """The budget of one tenant, in the ledger's database, shared by all its processes."""

    def __init__(
        self,
        database: Database,
        *,
        turn: Ceiling,
        ticket: Ceiling | None = None,
        day: Ceiling | None = None,
        clock: Callable[[], datetime] = now,
        reserved_seconds: float = RESERVED_SECONDS,
    ) -> None:
        self._database = database
        self._turn = turn
        self._ticket = ticket or Ceiling()
        self._day = day or Ceiling()
        self._clock = clock
        self._lifetime = timedelta(seconds=reserved_seconds)
        self._tallies: WeakKeyDictionary[Step, Tally] = WeakKeyDictionary()

    @override
    async def reserve(self, scope: BudgetScope, most: Amounts) -> Reserved | BudgetRefused:
        moment = self._clock()
        wanted = Wanted(
            secrets.token_hex(12), scope, most, self._turn, self._ticket, self._day, moment
        )
        step = present_step(scope.ticket_id)
        if step is not None and is_counted(most, self._day):
            return await self._count(step, scope, most)
        write = self._database.units.write if step is None else step.commit
        try:
            await write(lambda do: reserve_in(do, wanted, moment + self._lifetime))
        except BudgetShort as short:
            return short.refused
        if step is not None and (tally := self._tallies.get(step)):
            tally.add(most.tool_calls)
        return Reserved(wanted.id, scope, most)

    @override
    async def settle(self, reserved: Reserved, taken: Amounts) -> None:
        """Within a drive it waits for the step's commit."""
        moment, scope = self._clock(), reserved.scope

        def settled(do: Statements) -> None:
            if reserved.id:
                settle_in(do, reserved.id, taken, moment)
            elif scope is not None:
                charge_in(do, scope, taken, moment)

        step = None if scope is None else present_step(scope.ticket_id)
        if step is None:
            await self._database.units.write(settled)
            return
        if tally := self._tallies.get(step):
            tally.add(taken.tool_calls - reserved.most.tool_calls)
        step.leave(settled, fact=bool(reserved.id))

    async def _count(
        self, step: Step, scope: BudgetScope, most: Amounts
    ) -> Reserved | BudgetRefused:
        tally = self._tallies.setdefault(step, Tally())
        if not tally.used:
            moment = self._clock()
            tally.read(await self._database.units.look(lambda do: accounts_in(do, scope, moment)))
        refused = tally.take(most, {"turn": self._turn, "ticket": self._ticket})
        return refused or Reserved("", scope, most)
