"""Minds and tools that lead a ticket where a test wants it."""

from dataclasses import dataclass, field
from typing import Any, Literal, cast

from typing_extensions import override

from graph.minds.contract import Classifier, Planner, PlanRequest, Screener
from graph.minds.scripted import ScriptedScreener
from graph.state import Classification, Planned, Screening, Step
from memory.fingerprints import fingerprint
from memory.tool_names import SEARCH
from tools.contract import ToolSpec as Spec

ORDER = Spec(
    name="lookup_order",
    description="An order.",
    arguments={"order_id": {"type": "string"}},
    answer="Order {order_id} is {status}, it left our house on Monday.",
    customer="email",
)
REFUND = Spec(
    name="refund",
    description="Pays back.",
    effect="write",
    approval="person",
    arguments={"order_id": {"type": "string"}},
)


@dataclass
class Knows(Classifier):
    """Names the intent `orders`, always."""

    @override
    async def classify(self, text: str) -> Classification:
        return {"intent": "orders", "confidence": 0.9, "threshold": 0.35, "ranked": []}


@dataclass
class Plans(Planner):
    """Gives the steps it was told, by round; the last ones for ever."""

    rounds: list[list[Step]]
    overflow: bool = False
    asks: int = 1
    guidance: list[str] = field(default_factory=list)

    @override
    async def plan(self, request: PlanRequest) -> Planned:
        self.guidance.append(request.guidance)
        text = request.screening["text"]
        steps = self.rounds[min(request.round, len(self.rounds)) - 1]
        return {
            "round": request.round,
            "asks": [
                {"id": f"a{n + 1}", "text": text, "query": text, "intent": "orders"}
                for n in range(self.asks)
            ],
            "steps": steps,
            "reason": "as told",
            "overflow": self.overflow,
        }


@dataclass
class Reads(Screener):
    """Screens with parts of one's own."""

    parts: dict[str, Any]

    @override
    async def screen(self, subject: str, text: str, headers: dict[str, str]) -> Screening:
        found = await ScriptedScreener().screen(subject, text, headers)
        return cast("Screening", {**found, **self.parts})


def step(
    tool: str, kind: Literal["search", "tool", "action"], arguments: dict[str, Any], ask: str = "a1"
) -> Step:
    """A step of a plan."""
    return {
        "id": fingerprint(tool, arguments),
        "ask_id": ask,
        "kind": kind,
        "tool": tool,
        "arguments": arguments,
        "cause": "planned",
    }


def search(query: str) -> Step:
    """A search."""
    return step(SEARCH, "search", {"query": query})
