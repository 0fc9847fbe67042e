"""Every number that bounds a run, in one frozen place."""

from __future__ import annotations

from pydantic import Field

from memory.budgets.amounts import MICROS, Ceiling
from tools.declared import Declared

MOST = 1_000_000_000_000
"""More of anything is no limit."""


class Limits(Declared):
    """Bounds of one turn of one ticket. `desk.yaml` may lower or raise them within the ranges."""

    replans: int = Field(default=1, ge=0, le=5)
    """Times the plan may be made anew after the first."""
    revisions: int = Field(default=2, ge=0, le=2)
    """Times a draft may be revised after the first: at most 3 drafts in all."""
    asks: int = Field(default=4, ge=1, le=10)
    """Asks that are answered in one turn; more go to a person."""
    steps: int = Field(default=6, ge=1, le=20)
    """Steps of one plan."""
    tool_calls: int = Field(default=12, ge=1, le=100)
    """Calls through the gateway in one turn, searches included."""
    model_calls: int = Field(default=40, ge=1, le=1_000)
    """Calls of language models in one turn, repairs and fallbacks included."""
    tokens: int = Field(default=150_000, ge=1, le=100_000_000)
    """Tokens of those calls, in and out."""
    cost_micros: int = Field(default=500_000, ge=0, le=1_000_000_000)
    """Millionths of the tenant's currency that the calls of one turn may cost, tools included."""
    returns: int = Field(default=2, ge=0, le=5)
    """Times a person may give one turn back to the agent."""
    evidence: int = Field(default=6, ge=1, le=20)
    """Passages kept for one ask."""
    text_chars: int = Field(default=8_000, ge=200, le=100_000)
    """Characters of the customer's text that are read; the middle of a longer one is left out."""
    node_seconds: float = Field(default=60.0, gt=0, le=300)
    """Wall clock of one attempt of one node: the longest call of every tool must fit into it."""
    run_seconds: float = Field(default=120.0, gt=0, le=3600)
    """Wall clock of one drive of the graph."""
    node_attempts: int = Field(default=3, ge=1, le=3)
    """Attempts of a node that failed for a passing reason."""
    redrives: int = Field(default=3, ge=0, le=10)
    """Times a ticket without a live workflow is enqueued again before a person gets it."""

    @property
    def ceiling(self) -> Ceiling:
        """What the calls of one turn may take."""
        return Ceiling(
            money_micros=self.cost_micros,
            tool_calls=self.tool_calls,
            model_calls=self.model_calls,
            tokens=self.tokens,
        )


class Allowance(Declared):
    """What may be spent at most; where nothing is said there is no limit."""

    money: float | None = Field(default=None, ge=0, le=1_000_000)
    """In the tenant's currency; models and tools together."""
    tokens: int | None = Field(default=None, ge=0, le=MOST)
    """In and out."""
    model_calls: int | None = Field(default=None, ge=0, le=MOST)
    tool_calls: int | None = Field(default=None, ge=0, le=MOST)
    """Calls through the gateway, searches included."""

    @property
    def ceiling(self) -> Ceiling:
        """The same for the accounts."""
        return Ceiling(
            money_micros=None if self.money is None else round(self.money * MICROS),
            tool_calls=self.tool_calls,
            model_calls=self.model_calls,
            tokens=self.tokens,
        )


class Budgets(Declared):
    """What a tenant spends at most, besides `limits`, which bound one turn."""

    ticket: Allowance = Allowance()
    """One ticket, all its turns together."""
    day: Allowance = Allowance()
    """All tickets of one day, in UTC."""
