"""deliver: send the reply, once. Delivering is an effect like any other."""

from __future__ import annotations

from graph.context import NodeFault, NodeResult, TicketContext
from graph.nodes.draft import evidence_of
from graph.policies import Reason
from graph.state import Decided, Delivered, Drafted, TicketState
from tools.contract import ToolCall

DELIVER = "deliver_reply"


async def run(state: TicketState, context: TicketContext) -> NodeResult:
    """Send the person's words where a person decided, the checked draft otherwise."""
    decided, drafted = state.get("decided"), state.get("drafted")
    by_person = decided is not None and decided["kind"] != "return"
    text, kind = _content(decided if by_person else None, drafted)
    sources = [] if by_person and decided and decided["kind"] == "reply" else cited(state)
    call: ToolCall = {
        "tool": DELIVER,
        "arguments": {"kind": kind, "text": text, "citations": sources},
        "step_id": f"deliver:{context.turn}",
        "cause": "deliver",
    }
    outcome = await context.gateway.call(call, context.caller())
    if outcome["status"] not in {"ok", "suppressed"}:
        error = outcome["error"]
        raise NodeFault(Reason.DELIVERY_FAILED, "no answer" if error is None else error["message"])
    key = _key(state, decided if by_person else None)
    await context.ledger.sent(
        key,
        kind=kind,
        text=text,
        role="person" if by_person else "agent",
        author=decided["by"] if by_person and decided else None,
        citations=sources,
    )
    delivered: Delivered = {
        "key": key,
        "kind": "clarification" if kind == "clarification" else "reply",
        "by": "person" if by_person else "agent",
    }
    return NodeResult({"delivered": delivered}, cause="deliver", numbers={"sources": len(sources)})


def cited(state: TicketState) -> list[dict[str, str]]:
    """The sources of the draft's claims, each once, in the order of their first use."""
    drafted, evidence = state.get("drafted"), evidence_of(state)
    if drafted is None:
        return []
    names = [name for claim in drafted["claims"] for name in claim["evidence"]]
    found: dict[str, dict[str, str]] = {}
    for item in (evidence[name] for name in names if name in evidence):
        found.setdefault(
            item["source"],
            {"source": item["source"], "title": item["title"], "kind": item["kind"]},
        )
    return list(found.values())


def _key(state: TicketState, decided: Decided | None) -> str:
    """One message for each time this turn gets as far as a delivery."""
    stretch = state.get("handoffs", 0) if decided is None else decided["handoff_id"]
    return f"reply:{state['turn']}:{stretch}"


def _content(decided: Decided | None, drafted: Drafted | None) -> tuple[str, str]:
    if decided is not None and decided["text"]:
        return decided["text"], "reply"
    if drafted is None:
        raise NodeFault(Reason.DELIVERY_FAILED, "There is no text to send.")
    return drafted["text"], drafted["kind"]
