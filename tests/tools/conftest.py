"""A gateway with every part replaceable, and a misbehaving service in its own process."""

from collections.abc import Iterator
from typing import Any

import pytest

from evals.faults.process import FaultyService, serving
from memory.budgets.budgets import Budget, UnlimitedBudget
from tests.tools.bench import (
    Bench,
    HandClock,
    MakeBench,
    Makers,
    MakeTool,
    called,
    caller_of,
    spec_of,
    write_spec,
)
from tools.adapters.fakes import ListedLedger, ListedLog, ScriptedTool
from tools.catalog import Catalog
from tools.checks.permission import Permissions
from tools.contract import Tool, ToolSpec
from tools.gateway import ToolGateway
from tools.resilience.clock import Clock
from tools.resilience.guards import Guards
from tools.writes import Ledger


@pytest.fixture
def clock() -> HandClock:
    """A clock for the test alone."""
    return HandClock()


@pytest.fixture
def bench(clock: HandClock) -> MakeBench:
    """Builds a gateway for tools; any part can be given."""

    def build(
        *tools: Tool,
        guards: Guards | None = None,
        budget: Budget | None = None,
        ledger: Ledger | None = None,
        allowed: frozenset[str] | None = None,
        real_time: bool = False,
    ) -> Bench:
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

    return build


@pytest.fixture
def scripted() -> MakeTool:
    """Builds a tool that raises or returns the given things in turn, the last one for ever."""

    def build(spec: ToolSpec, *results: Any, seconds: float = 0.0) -> ScriptedTool:
        left = list(results or ({"order_id": "A1"},))

        def script(arguments: dict[str, Any]) -> dict[str, Any]:
            result = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(result, BaseException):
                raise result
            return dict(result)

        return ScriptedTool(spec, script, seconds)

    return build


@pytest.fixture(scope="session")
def _running() -> Iterator[FaultyService]:
    with serving() as service:
        yield service


@pytest.fixture
def service(_running: FaultyService) -> FaultyService:
    """The misbehaving service, with nothing planned and nothing remembered."""
    _running.reset()
    return _running


@pytest.fixture
def make() -> Makers:
    """Builders of specs and callers."""
    return {"spec": spec_of, "write": write_spec, "caller": caller_of, "call": called}
