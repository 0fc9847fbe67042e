"""What budgets are counted in, and who spends."""

from __future__ import annotations

from dataclasses import dataclass, fields

MICROS = 1_000_000
"""In one unit of the tenant's currency."""


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
class BudgetScope:
    """Who spends."""

    tenant: str
    ticket_id: str
    turn: int


@dataclass(frozen=True)
class Reserved:
    """A reservation to settle."""

    id: str
    """Empty where a drive counts it by itself, so that no row holds it."""
    scope: BudgetScope | None = None
    """Whose it is; None where nobody counts."""
    most: Amounts = Amounts()


@dataclass(frozen=True)
class BudgetRefused:
    """A reservation that was not made."""

    account: str
    """turn | ticket | day"""
    resource: str
    wanted: int
    used: int
    """Spent and held already."""
    limit: int

    @property
    def reason(self) -> str:
        """The refusal in words, with its numbers."""
        used, limit, wanted = map(self._shown, (self.used, self.limit, self.wanted))
        return (
            f"the budget of this {self.account} for {self.resource.removesuffix(' micros')} is "
            f"used up: {used} of {limit} taken, {wanted} wanted"
        )

    def _shown(self, amount: int) -> str:
        """Money in the currency, the rest as it is counted."""
        return f"{amount / MICROS:.4f}" if self.resource.endswith("micros") else str(amount)
