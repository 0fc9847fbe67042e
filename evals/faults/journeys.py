"""The journeys that meet a fault: one for each kind of tool, each led by minds that always do the same."""

from dataclasses import dataclass, replace
from typing import Literal

from typing_extensions import override

from evals.faults.specs import TENANT, Via, specs_for
from graph.desk.limits import Limits
from graph.desk.model import Desk, Intent
from graph.minds.contract import Classifier, Minds, Planner, PlanRequest
from graph.minds.scripted import scripted_minds
from graph.state import Classification, Planned, Step
from memory.fingerprints import fingerprint
from memory.knowledge.contract import Hit, KnowledgeBase
from memory.tool_names import SEARCH
from tools.adapters.http import Endpoint
from tools.faults import SchemaChanged, WrongAnswer

INTENT = "orders"
LIMITS = Limits(run_seconds=30.0, node_seconds=15.0)

StepKind = Literal["search", "tool", "action"]


@dataclass(frozen=True)
class Journey:
    """A ticket that leads to one operation of the service."""

    base: str
    """What is done, whatever the tool reaches the service by."""
    operation: str
    """The operation of the service that meets the fault."""
    tool: str
    step: StepKind
    argument: str
    """The one argument of the step; each ticket gives it a value of its own."""
    truth: str
    """What an answer must say, with {it} for that value."""
    via: Via = "http"

    @property
    def name(self) -> str:
        """Such as `read` or `read mcp stdio`."""
        return self.base if self.via == "http" else f"{self.base} {self.via}"

    @property
    def effect(self) -> bool:
        """Whether a person approves an action on the way."""
        return self.step == "action"


READ = Journey("read", "orders", "lookup_order", "tool", "order_id", "Order {it} is shipped")
WRITE = Journey("write", "refunds", "refund", "action", "order_id", "The refund of {it} is made")
UNKEYED = Journey("unkeyed", "unkeyed", "pay", "action", "order_id", "The refund of {it}")
VIAS: tuple[Via, ...] = ("openapi", "mcp stdio", "mcp http")
MCP: tuple[Via, ...] = ("mcp stdio", "mcp http")

JOURNEYS: tuple[Journey, ...] = (
    READ,
    Journey("search", "passages", SEARCH, "search", "query", "To do {it}, open the settings"),
    WRITE,
    UNKEYED,
    Journey("delivery", "replies", SEARCH, "search", "query", "To do {it}, open the settings"),
    *(replace(READ, via=via) for via in VIAS),
    *(replace(WRITE, via=via) for via in VIAS),
    *(replace(UNKEYED, via=via) for via in MCP),
)


def desk_for(base_url: str, via: Via = "http") -> Desk:
    """A desk whose tools are all operations of the service. Raises `McpFault`, `OpenApiFault`."""
    service, specs = specs_for(base_url, via)
    return Desk.model_validate(
        {
            "tenant": TENANT,
            "company": "Acme",
            "limits": LIMITS,
            "services": {"office": {"base_url": base_url}, "under_test": service},
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
class KnowsOrders(Classifier):
    """Names the one intent, always."""

    @override
    async def classify(self, text: str) -> Classification:
        return {"intent": INTENT, "confidence": 0.9, "threshold": 0.35, "ranked": []}


@dataclass(frozen=True)
class OneStep(Planner):
    """Plans the journey's step, and the same again when asked again."""

    journey: Journey
    value: str

    @override
    async def plan(self, request: PlanRequest) -> Planned:
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
class RemoteKnowledge(KnowledgeBase):
    """A knowledge base behind the service, so that a search meets its faults too."""

    endpoint: Endpoint

    @override
    async def search(self, tenant: str, query: str, limit: int) -> list[Hit]:
        """Raises `ToolFault`."""
        found = await self.endpoint.send("GET", f"/passages/{query}")
        if not isinstance(found.get("text"), str):
            raise SchemaChanged("the answer has no text")
        if found.get("query") != query:
            raise WrongAnswer("the answer is about another question")
        return [Hit(f"passage-{query}", "reset", "Reset", "", found["text"], None, 0.03)]
