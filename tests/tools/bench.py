"""A gateway on the bench: what the tests of this room are built from."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tools.adapters.fakes import ListedLog, ScriptedTool
from tools.contract import CallContext, ToolCall, ToolOutcome, ToolSpec
from tools.gateway import ToolGateway
from tools.resilience.clock import Clock
from tools.resilience.guards import Guards


@dataclass
class HandClock:
    """Time that moves only when it is told to, or when someone sleeps."""

    seconds: float = 1_000.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        """The present second."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Jump ahead, and let others run."""
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)

    @property
    def pace(self) -> Clock:
        """It as the gateway takes it, with jitter at its most."""
        return Clock(self.now, self.sleep, lambda: 1.0)


@dataclass
class Bench:
    """A gateway on the bench, with what it wrote."""

    gateway: ToolGateway
    guards: Guards
    log: ListedLog
    ledger: Any
    """A `tools.writes.Ledger`; most tests look into a `ListedLedger`."""
    budget: Any
    """A `memory.budgets.budgets.Budget`; most tests look into an `UnlimitedBudget`."""
    clock: HandClock

    async def call(self, tool: str, arguments: dict[str, Any], **caller: Any) -> ToolOutcome:
        """Call a tool for ticket t1, with parts of the caller and the cause replaced."""
        cause = caller.pop("cause", "planned")
        return await self.gateway.call(called(tool, arguments, cause), caller_of(**caller))


def called(tool: str, arguments: dict[str, Any], cause: str = "planned") -> ToolCall:
    """A request."""
    return {"tool": tool, "arguments": arguments, "step_id": "s1", "cause": cause}


def caller_of(**parts: Any) -> CallContext:
    """On behalf of ada's ticket t1, turn 1."""
    found: dict[str, Any] = {
        "tenant": "acme",
        "ticket_id": "t1",
        "turn": 1,
        "epoch": 1,
        "intent": "orders",
        "customer": "ada@example.com",
        "approved": [],
        **parts,
    }
    return found  # type: ignore[return-value]


def spec_of(name: str = "lookup_order", **parts: Any) -> ToolSpec:
    """A tool with one text argument."""
    found: dict[str, Any] = {
        "name": name,
        "description": "For tests.",
        "arguments": {"order_id": {"type": "string", "pattern": "^A[0-9]+$"}},
        **parts,
    }
    return ToolSpec.model_validate(found)


def write_spec(name: str = "refund", **parts: Any) -> ToolSpec:
    """A write that nobody needs to approve."""
    return spec_of(name, effect="write", **parts)


MakeBench = Callable[..., Bench]
"""Takes tools, and any part of the gateway by name."""
MakeTool = Callable[..., ScriptedTool]
"""Takes a spec and what the calls bring in turn."""
Makers = dict[str, Callable[..., Any]]
"""spec, write, caller, call."""
