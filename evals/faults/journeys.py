"""The journeys that meet a fault: one a kind of tool, each led by minds that always do the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from graph.desk import Desk, Intent
from graph.limits import Limits
from graph.minds.contract import Minds, PlanRequest
from graph.minds.scripted import SEARCH, scripted_minds
from graph.state import Classification, Planned, Step
from memory.knowledge.contract import Hit
from tools.adapters.http import Endpoint
from tools.contract import Json, RetrySpec, SchemaChanged, ToolSpec, WrongAnswer, fingerprint

TENANT = "faults"
INTENT = "orders"
SECONDS = 0.5
"""Time-out of every tool, so that a fault for good ends soon."""
COST = 1_000
"""Micros that each attempt costs."""
RETRY = RetrySpec(first_wait_seconds=0.05, longest_wait_seconds=0.3)
LIMITS = Limits(run_seconds=30.0, node_seconds=15.0)

StepKind = Literal["search", "tool", "action"]


@dataclass(frozen=True)
class Journey:
    """A ticket that leads to one operation of the service."""

    name: str
    operation: str
    """The operation of the service that meets the fault."""
    tool: str
    step: StepKind
    argument: str
    """The one argument of the step; each ticket gives it a value of its own."""
    truth: str
    """What an answer must say, with {it} for that value."""

    @property
    def effect(self) -> bool:
        """Whether a person approves an action on the way."""
        return self.step == "action"


JOURNEYS: tuple[Journey, ...] = (
    Journey("read", "orders", "lookup_order", "tool", "order_id", "Order {it} is shipped"),
    Journey("search", "passages", SEARCH, "search", "query", "To do {it}, open the settings"),
    Journey("write", "refunds", "refund", "action", "order_id", "The refund of {it} is made"),
    Journey("unkeyed", "unkeyed", "pay", "action", "order_id", "The refund of {it}"),
    Journey("delivery", "replies", SEARCH, "search", "query", "To do {it}, open the settings"),
)


def desk_for(base_url: str) -> Desk:
    """A desk whose tools are all operations of the service."""
    specs = (_lookup(), _refund("refund", "/refunds"), _refund("pay", "/unkeyed/refunds"))
    return Desk.model_validate(
        {
            "tenant": TENANT,
            "company": "Acme",
            "limits": LIMITS,
            "services": {"office": {"base_url": base_url}},
            "delivery": {"service": "office"},
            "tools": specs,
            "intents": [
                Intent(
                    name=INTENT,
                    examples=("where is it", "my order"),
                    tools=tuple(s.name for s in specs),
                )
            ],
        }
    )


def minds_for(journey: Journey, value: str) -> Minds:
    """Minds that take the one step of the journey."""
    planner = OneStep(journey, value)
    return replace(scripted_minds(), classifier=KnowsOrders(), planner=planner)


@dataclass(frozen=True)
class KnowsOrders:
    """Names the one intent, always."""

    async def classify(self, text: str) -> Classification:
        """See `Classifier`."""
        return {"intent": INTENT, "confidence": 0.9, "threshold": 0.35, "ranked": []}


@dataclass(frozen=True)
class OneStep:
    """Plans the journey's step, and the same again when asked again."""

    journey: Journey
    value: str

    async def plan(self, request: PlanRequest) -> Planned:
        """See `Planner`."""
        text, arguments = request.screening["text"], {self.journey.argument: self.value}
        step: Step = {
            "id": fingerprint(self.journey.tool, arguments),
            "ask_id": "a1",
            "kind": self.journey.step,
            "tool": self.journey.tool,
            "arguments": arguments,
            "cause": "planned" if request.round == 1 else "replan",
        }
        return {
            "round": request.round,
            "asks": [{"id": "a1", "text": text, "query": text, "intent": INTENT}],
            "steps": [step],
            "reason": "one step",
            "overflow": False,
        }


@dataclass(frozen=True)
class RemoteKnowledge:
    """A knowledge base behind the service, so that a search meets its faults too."""

    endpoint: Endpoint

    async def search(self, tenant: str, query: str, limit: int) -> list[Hit]:
        """See `KnowledgeBase.search`. Raises `ToolFault`."""
        found = await self.endpoint.send("GET", f"/passages/{query}")
        if not isinstance(found.get("text"), str):
            msg = "the answer has no text"
            raise SchemaChanged(msg)
        if found.get("query") != query:
            msg = "the answer is about another question"
            raise WrongAnswer(msg)
        return [Hit(f"passage-{query}", "reset", "Reset", "", found["text"], None, 0.03)]


def _lookup() -> ToolSpec:
    return ToolSpec(
        name="lookup_order",
        description="An order.",
        arguments={"order_id": {"type": "string"}},
        returns=_object("order_id", "email", "status"),
        service="office",
        path="/orders/{order_id}",
        answer="Order {order_id} is {status} and on its way.",
        customer="email",
        timeout_seconds=SECONDS,
        retry=RETRY,
        cost_micros=COST,
    )


def _refund(name: str, path: str) -> ToolSpec:
    return ToolSpec(
        name=name,
        description="Pays back.",
        effect="write",
        approval="person",
        arguments={"order_id": {"type": "string"}},
        returns=_object("id", "order_id"),
        echoes=("order_id",),
        service="office",
        method="POST",
        path=path,
        honours_key=name == "refund",
        timeout_seconds=SECONDS,
        retry=RETRY,
        cost_micros=COST,
    )


def _object(*names: str) -> Json:
    texts = {name: {"type": "string"} for name in names}
    return {"type": "object", "required": list(names), "properties": texts}
