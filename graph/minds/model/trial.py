"""One call of each decision of a model, with material made from the desk itself and no customer's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graph.desk.model import Desk
from graph.minds.contract import MindCalls, MindFault, PlanRequest, WriteRequest
from graph.minds.model.asking import Asker, Question
from graph.minds.model.chat import Model
from graph.minds.model.classifier import sorting
from graph.minds.model.judge import judgement
from graph.minds.model.planner import first_plan
from graph.minds.model.writer import reply
from graph.state import Ask, Claim, Classification, Evidence, IntentGuess, Screening
from memory.budgets.budgets import UnlimitedBudget
from memory.journal.codes import CallStatus, MindDecision, Wrong
from memory.journal.events import Attempted, Call, ModelAsked
from tools.contract import CallContext

SAMPLE = "How do I reset my password?"
"""Of a desk without intents."""
PASSAGE = "Open the settings and press Reset. A link is sent to your address within 15 minutes."
EVIDENCE = Evidence(
    id="trial-1",
    kind="article",
    source="trial",
    title=SAMPLE,
    heading="",
    text=PASSAGE,
    score=1.0,
    features={},
)
CLAIM = Claim(text="A link is sent to your address.", ask_id="ask-1", evidence=[EVIDENCE["id"]])


@dataclass(frozen=True)
class Trial:
    """How one decision went."""

    decision: MindDecision
    calls: tuple[ModelAsked, ...]
    """The first, and the one that repaired it if it was made."""
    fault: Exception | None
    """Why there is no valid answer."""

    @property
    def seconds(self) -> float:
        """Of all its calls."""
        return sum(call.duration_ms or 0 for call in self.calls) / 1000

    @property
    def tokens(self) -> tuple[int, int]:
        """In and out, of all its calls."""
        return sum(call.tokens_in for call in self.calls), sum(
            call.tokens_out for call in self.calls
        )

    @property
    def cost_micros(self) -> int:
        """Of all its calls."""
        return sum(call.cost_micros for call in self.calls)

    @property
    def estimated(self) -> bool:
        """Whether the provider did not say how many tokens it took."""
        return any(call.estimated for call in self.calls if call.outcome == CallStatus.OK)

    @property
    def wrong(self) -> tuple[Wrong, ...]:
        """What was wrong with each answer that could not be used."""
        kinds = (None if call.error is None else call.error.kind for call in self.calls)
        return tuple(kind for kind in kinds if isinstance(kind, Wrong))


async def tried(desk: Desk, model: Model, decision: MindDecision) -> Trial:
    """Ask the model once for the decision, and once more if its answer cannot be used.

    As in a drive: the same prompt, time and checks. Nothing is charged to the desk's budgets.
    """
    log = _Rows()
    calls = MindCalls(_caller(desk), UnlimitedBudget(), log)
    fault: Exception | None = None
    try:
        await Asker([model], calls, desk.limits.node_seconds).ask(_question(desk, decision))
    except MindFault as error:
        fault = error
    return Trial(decision, tuple(log.asked()), fault)


@dataclass
class _Rows:
    """A journal that is read at once."""

    rows: list[Call | Attempted] = field(default_factory=list)

    async def record(self, caller: CallContext, event: Call | Attempted) -> None:
        self.rows.append(event)

    def asked(self) -> Iterator[ModelAsked]:
        yield from (row for row in self.rows if isinstance(row, ModelAsked))


def _caller(desk: Desk) -> CallContext:
    return {
        "tenant": desk.tenant,
        "ticket_id": "model-check",
        "turn": 1,
        "epoch": 1,
        "intent": None,
        "customer": None,
        "approved": [],
    }


def _question(desk: Desk, decision: MindDecision) -> Question[Any, Any]:
    match decision:
        case MindDecision.CLASSIFY:
            return sorting(desk, _text(desk))
        case MindDecision.PLAN:
            return first_plan(_plan_request(desk))
        case MindDecision.WRITE:
            return reply(_write_request(desk))
        case MindDecision.JUDGE:
            return judgement(desk, CLAIM, [EVIDENCE])


def _text(desk: Desk) -> str:
    """What a customer of this desk might write."""
    return next((one.examples[0] for one in desk.intents if one.handling == "answer"), SAMPLE)


def _plan_request(desk: Desk) -> PlanRequest:
    text = _text(desk)
    intent = next((one.name for one in desk.intents if one.handling == "answer"), None)
    ranked = [] if intent is None else [IntentGuess(name=intent, confidence=1.0)]
    return PlanRequest(
        desk=desk,
        conversation=[{"seq": 1, "role": "customer", "kind": "message", "text": text}],
        screening=Screening(
            text=text,
            masked=text,
            language=desk.language,
            automatic=None,
            injection=0.0,
            injected=[],
            personal_data=[],
            empty=False,
            truncated=False,
        ),
        classification=Classification(intent=intent, confidence=1.0, threshold=0.0, ranked=ranked),
        round=1,
    )


def _write_request(desk: Desk) -> WriteRequest:
    return WriteRequest(
        desk=desk,
        asks=[Ask(id="ask-1", text=SAMPLE, query=SAMPLE, intent=None)],
        assessments=[
            {
                "ask_id": "ask-1",
                "confidence": 1.0,
                "threshold": 0.0,
                "supported": True,
                "evidence": [EVIDENCE["id"]],
                "question": None,
                "why": "",
            }
        ],
        evidence={EVIDENCE["id"]: EVIDENCE},
        answers={},
        attempt=1,
    )
