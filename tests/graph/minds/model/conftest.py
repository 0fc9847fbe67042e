"""A misbehaving model for each test, and a desk whose decisions are left to it."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from typing_extensions import override

from evals.faults.model_process import FaultyModel, serving_model
from graph.desk.minds import MindsPolicy, ModelPrice, ModelSpec
from graph.desk.model import Desk, Service
from graph.minds.contract import MindCalls, Minds
from graph.minds.local.grounding.judge import LocalJudge
from graph.minds.model.build import with_models
from graph.minds.model.http_client import open_model_client
from graph.minds.scripted import scripted_minds
from memory.budgets.amounts import Amounts, BudgetRefused, BudgetScope, Reserved
from memory.budgets.budgets import Budget
from memory.encoder.encoder import HashEncoder
from memory.journal import codec
from memory.journal.events import Attempted, Call
from tests.bench import Bench, desk_of, opened
from tools.contract import CallContext, CallLog, ToolSpec

PRICE = ModelPrice(input_per_million=1.0, output_per_million=4.0)
PATIENT, SHORT = 10.0, 0.6
"""Seconds for an answer: plenty on a busy machine, and little where the model hangs."""
FIRST = ModelSpec(model="openai:first", service="llm", price=PRICE, timeout_seconds=PATIENT)
SECOND = ModelSpec(model="openai:second", service="llm", price=PRICE, timeout_seconds=PATIENT)
CALLER: CallContext = {
    "tenant": "acme",
    "ticket_id": "t1",
    "turn": 1,
    "epoch": 1,
    "intent": None,
    "customer": None,
    "approved": [],
}


@pytest.fixture(scope="session")
def server() -> Iterator[FaultyModel]:
    """One process for all tests."""
    with serving_model() as found:
        yield found


@pytest.fixture
def model(server: FaultyModel) -> FaultyModel:
    """The server with nothing planned."""
    server.reset()
    return server


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    """What the models are reached with."""
    async with open_model_client() as found:
        yield found


@dataclass
class Purse(Budget):
    """A budget that writes down what is taken, and refuses where it is told to."""

    calls_left: int = 1_000
    held: list[Amounts] = field(default_factory=list)
    taken: list[Amounts] = field(default_factory=list)

    @override
    async def reserve(self, scope: BudgetScope, most: Amounts) -> Reserved | BudgetRefused:
        if self.calls_left < 1:
            return BudgetRefused("turn", "model calls", 1, 9, 9)
        self.calls_left -= 1
        self.held.append(most)
        return Reserved(str(len(self.held)))

    @override
    async def settle(self, reserved: Reserved, taken: Amounts) -> None:
        self.taken.append(taken)


@dataclass
class Rows(CallLog):
    """A journal of calls."""

    entries: list[SimpleNamespace] = field(default_factory=list)

    @override
    async def record(self, caller: CallContext, event: Call | Attempted) -> None:
        self.entries.append(SimpleNamespace(**codec.values(event)))

    @property
    def told(self) -> list[str]:
        """`name cause outcome` of each row."""
        return [f"{one.name} {one.cause} {one.outcome}" for one in self.entries]


def modelled(
    model: FaultyModel,
    *decisions: str,
    specs: Sequence[ToolSpec] = (),
    streaming: bool = False,
    fallback: bool = True,
    seconds: tuple[float, float] = (PATIENT, PATIENT),
    **parts: Any,
) -> Desk:
    """A desk whose named decisions are a model's, each answer awaited for so many seconds."""
    first, second = (
        one.model_copy(update={"streaming": streaming, "timeout_seconds": most})
        for one, most in zip((FIRST, SECOND), seconds, strict=True)
    )
    families: dict[str, Any] = dict.fromkeys(decisions, "model")
    policy = MindsPolicy(model=first, fallback=second if fallback else None, **families)
    services = {"llm": Service(base_url=model.base_url)}
    return desk_of(specs, minds=policy, services=services, **parts)


def judged(minds: Minds | None = None) -> Minds:
    """Scripted minds with the real judge."""
    return replace(minds or scripted_minds(), judge=LocalJudge(HashEncoder()))


@dataclass
class Bound:
    """Minds of one drive with what they were charged."""

    minds: Minds
    purse: Purse
    rows: Rows


Bind = Callable[..., Bound]


@pytest.fixture
def bind(client: httpx2.AsyncClient) -> Bind:
    """Minds of a desk, bound to a drive of their own."""

    def bound(desk: Desk, purse: Purse | None = None, local: Minds | None = None) -> Bound:
        purse, rows = purse or Purse(), Rows()
        minds = with_models(desk, local or judged(), client)
        return Bound(minds.bound(MindCalls(CALLER, purse, rows)), purse, rows)

    return bound


OpenDesk = Callable[..., AbstractAsyncContextManager[Bench]]


@pytest.fixture
def open_desk(
    tmp_path: Path, template: Path, model: FaultyModel, client: httpx2.AsyncClient
) -> OpenDesk:
    """The real graph, ledger and journal, with models in front of scripted minds."""

    @asynccontextmanager
    async def desk(*decisions: str, **parts: Any) -> AsyncIterator[Bench]:
        tools, seconds = parts.pop("tools", ()), parts.pop("seconds", (PATIENT, PATIENT))
        policy = modelled(model, *decisions, seconds=seconds)
        given = {"minds": policy.minds, "services": policy.services, **parts.pop("desk", {})}
        async with opened(tmp_path / "home", template, tools=tools, desk=given, **parts) as bench:
            local = judged(bench.runtime.minds)
            bench.change(minds=with_models(bench.runtime.desk, local, client))
            yield bench

    return desk
