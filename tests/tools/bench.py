"""A gateway on the bench: what the tests of this room are built from."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

from memory.budgets.budgets import Budget, UnlimitedBudget
from memory.effects import Effects
from memory.journal.codes import Cause
from tools.adapters.fakes import ListedLedger, ListedLog, ScriptedTool
from tools.catalog import Catalog
from tools.checks.permission import Permissions
from tools.contract import CallContext, Json, Tool, ToolCall, ToolError, ToolOutcome, ToolSpec
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
    """A `memory.effects.Effects`; most tests look into a `ListedLedger`."""
    budget: Any
    """A `memory.budgets.budgets.Budget`; most tests look into an `UnlimitedBudget`."""
    clock: HandClock

    async def call(self, tool: str, arguments: Json, **caller: Any) -> ToolOutcome:
        """Call a tool for ticket t1, with parts of the caller replaced."""
        return await self.gateway.call(called(tool, arguments), caller_of(**caller))


def bench_of(
    *tools: Tool,
    guards: Guards | None = None,
    budget: Budget | None = None,
    ledger: Effects | None = None,
    allowed: frozenset[str] | None = None,
    real_time: bool = False,
) -> Bench:
    """A gateway for tools; any part can be given."""
    clock = HandClock()
    pace = Clock() if real_time else clock.pace
    names = frozenset(tool.spec.name for tool in tools) if allowed is None else allowed
    guards, log = guards or Guards(pace=pace), ListedLog()
    ledger, budget = ledger or ListedLedger(), budget or UnlimitedBudget()
    gateway = ToolGateway(
        Catalog({tool.spec.name: tool for tool in tools}, "acme"),
        permissions=Permissions(lambda intent: names if intent else frozenset()),
        guards=guards,
        budget=budget,
        ledger=ledger,
        log=log,
        pace=pace,
    )
    return Bench(gateway, guards, log, ledger, budget, clock)


def scripted(spec: ToolSpec, *results: Json | Exception, seconds: float = 0.0) -> ScriptedTool:
    """A tool that raises or returns the given things in turn, the last one for ever."""
    left = list(results or ({"order_id": "A1"},))

    def script(_arguments: Json) -> Json:
        result = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(result, Exception):
            raise result
        return dict(result)

    return ScriptedTool(spec, script, seconds)


def error_of(outcome: ToolOutcome) -> ToolError:
    """Why a call has no result; it must have none."""
    assert outcome["error"] is not None
    return outcome["error"]


def called(tool: str, arguments: Json, cause: Cause = Cause.PLANNED) -> ToolCall:
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
    return cast("CallContext", found)


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


def refund_spec(path: str, **parts: Any) -> ToolSpec:
    """A refund at the misbehaving service, which is not waited for long."""
    found: dict[str, Any] = {
        "name": "refund",
        "description": "Money back.",
        "effect": "write",
        "arguments": {"invoice": {"type": "string"}, "amount": {"type": "number"}},
        "returns": {"type": "object", "required": ["id", "amount"]},
        "service": "shop",
        "method": "POST",
        "path": path,
        "timeout_seconds": 0.5,
        "retry": {"first_wait_seconds": 0.01},
        **parts,
    }
    return ToolSpec.model_validate(found)
