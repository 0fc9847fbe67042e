"""check: may this draft be sent, should it be revised, or must a person see it?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from graph import checks, guidance
from graph.context import NodeResult, TicketContext
from graph.gate import Draft, Facts, Way, gate
from graph.nodes.draft import evidence_of
from graph.state import Checked, Finding, TicketState, intents_of
from memory.journal.codes import Check, CheckVerdict
from memory.journal.events import CheckRan, Objected
from memory.tables import AutonomyLevel

VERDICTS: Mapping[Way, str] = MappingProxyType(
    {
        Way.SEND: "pass",
        Way.SUGGEST: "suggest",
        Way.REVISE: "revise",
        Way.OBJECTED: "hand_off",
    }
)
"""What the state calls the ways out of the gate behind a draft."""


async def run(state: TicketState, context: TicketContext) -> NodeResult:
    """Run the whole chain, so that one revision can settle every finding."""
    drafted = state["drafted"]
    assert drafted is not None
    review = checks.Review(
        desk=context.desk,
        drafted=drafted,
        evidence=evidence_of(state),
        state=state,
        known=_known(state, context),
    )
    findings = [finding for check in checks.CHAIN for finding in check(review)]
    ungrounded, lowest = await checks.grounding(review, context.minds.judge)
    findings += ungrounded + await checks.language(review, context.minds.screener)
    checked: Checked = {"verdict": _verdict(state, context, findings), "findings": findings}  # type: ignore[typeddict-item]
    return NodeResult(
        {"checked": checked},
        CheckRan(
            outcome=CheckVerdict(checked["verdict"]),
            findings=len(findings),
            lowest_grounding=round(lowest, 3),
            grounding_limit=context.desk.thresholds.grounding,
        ),
        [Objected(check=Check(one["check"]), detail=one["detail"]) for one in findings],
    )


def _verdict(state: TicketState, context: TicketContext, findings: list[Finding]) -> str:
    draft = Draft(
        objections=len(findings),
        settled_by_revision=all(finding["revisable"] for finding in findings),
        attempt=(state.get("spent") or {}).get("draft", 0),
        attempts=context.desk.limits.revisions + 1,
        may_send=_may_send(state, context),
    )
    return VERDICTS[gate(Facts(draft=draft))]


def _may_send(state: TicketState, context: TicketContext) -> bool:
    """Whether it goes out by itself: not where somebody asked to see the draft."""
    decided = guidance.returned(state)
    if decided is not None and decided.get("redraft"):
        return False
    return context.autonomy.of(*intents_of(state)) is AutonomyLevel.AUTO


def _known(state: TicketState, context: TicketContext) -> frozenset[str]:
    triaged = state["triaged"]
    assert triaged is not None
    screening = triaged["screening"]
    said = {screening["text"][d["start"] : d["end"]] for d in screening["personal_data"]}
    return frozenset(said | {context.sender.email or ""})
