"""deliver: send the reply, once. Delivering is an effect like any other."""

from __future__ import annotations

from collections.abc import Sequence

from graph.context import NodeFault, NodeResult, TicketContext
from graph.nodes.draft import evidence_of
from graph.state import Decided, Delivered, Drafted, TicketState, intents_of, results_of
from memory.fingerprints import effect_key
from memory.journal.codes import Cause, ErrorKind, Reason
from memory.journal.events import DeliverRan
from memory.sending import SendingStopped
from memory.tables import AutonomyLevel
from memory.tickets.messages import Said
from memory.tool_names import DELIVER, SEND_CODE
from tools.contract import CallContext, ToolCall, ToolOutcome, answered

LONGEST_GREETING = 100
"""Characters; a longer first line is no greeting."""


async def run(state: TicketState, context: TicketContext) -> NodeResult:
    """Send the person's words where a person decided, the checked draft otherwise."""
    call = sending(state)
    if call is None:
        raise NodeFault(Reason.DELIVERY_FAILED, "There is no text to send.")
    kind, sources = call["arguments"]["kind"], call["arguments"]["citations"]
    decided = by_person(state)
    if decided is None:
        await _check_level(state, context)
    if decided is None or decided["kind"] == "approve":
        await _send_codes(state, context)
    caller: CallContext = {**context.caller(), "by_person": decided is not None}
    outcome = await context.gateway.call(call, caller)
    if outcome["status"] not in {"ok", "suppressed"}:
        raise _undelivered(outcome)
    said = Said(
        _key(state, decided),
        kind,
        call["arguments"]["text"],
        "agent" if decided is None else "person",
        None if decided is None else decided["by"],
        sources,
        [one["id"] for one in call["arguments"].get("files", ())],
    )
    try:
        await context.ledger.sent(said)
    except SendingStopped as stopped:
        raise NodeFault(Reason.SENDING_STOPPED, str(stopped)) from stopped
    delivered: Delivered = {
        "key": said.key,
        "kind": "clarification" if kind == "clarification" else "reply",
        "by": "agent" if decided is None else "person",
    }
    ran = DeliverRan(cause=Cause.DELIVER, sources=len(sources))
    return NodeResult({"delivered": delivered}, ran)


async def _check_level(state: TicketState, context: TicketContext) -> None:
    """Raises `NodeFault` if the agent may no longer send by itself: somebody changed it in mid-turn."""
    level = (await context.as_it_is_now()).autonomy.of(*intents_of(state))
    if level is AutonomyLevel.AUTO or await already(state, context) not in {None, "failed"}:
        return  # or it is about to be told what became of one that has begun to leave
    reason = Reason.AGENT_OFF if level is AutonomyLevel.OFF else Reason.SUGGEST_ONLY
    raise NodeFault(reason, "That was changed while the reply was being written.")


def _undelivered(outcome: ToolOutcome, words: str = "") -> NodeFault:
    """Why nothing left, or nobody knows whether it did."""
    error = outcome["error"]
    stopped = error is not None and error["kind"] == ErrorKind.SENDING_STOPPED
    reason = Reason.SENDING_STOPPED if stopped else Reason.DELIVERY_FAILED
    return NodeFault(reason, words + ("no answer" if error is None else error["message"]))


async def _send_codes(state: TicketState, context: TicketContext) -> None:
    """The codes leave before the question for them does, each once."""
    assessed, identity = state.get("assessed"), context.identity
    if identity is None or assessed is None or not assessed.get("verify"):
        return
    for challenge in await identity.unsent(context.ticket_id):
        call: ToolCall = {
            "tool": SEND_CODE,
            "arguments": {"challenge": challenge},
            "step_id": f"code:{context.turn}",
            "cause": Cause.DELIVER,
        }
        outcome = await context.gateway.call(call, context.caller())
        if not answered(outcome):
            raise _undelivered(outcome, "No code could be sent: ")
        await identity.left(challenge)
    if not await identity.is_out(context.ticket_id) and await already(state, context) is None:
        msg = "No code is on its way that the customer could answer with."
        raise NodeFault(Reason.DELIVERY_FAILED, msg)


def sending(state: TicketState) -> ToolCall | None:
    """The reply that this state would send; None where there is no text."""
    decided, drafted = by_person(state), state.get("drafted")
    if decided is not None and decided["text"]:
        results = done(state) if decided.get("tell_results") else []
        own = _is_draft(decided, drafted)
        before = outdated(state, _ran(state)) if own and results else []
        text, kind = with_results(without(decided["text"], before), results), "reply"
        if own and drafted is not None:
            kind = str(drafted["kind"])
    elif drafted is not None:
        text, kind = drafted["text"], str(drafted["kind"])
    else:
        return None
    sources = cited(state) if decided is None or _is_draft(decided, drafted) else []
    enclosed = [] if decided is None else decided.get("files", [])
    return {
        "tool": DELIVER,
        "arguments": {"kind": kind, "text": text, "citations": sources}
        | ({"files": enclosed} if enclosed else {}),
        "step_id": f"deliver:{state['turn']}",
        "cause": Cause.DELIVER,
    }


def _is_draft(decided: Decided, drafted: Drafted | None) -> bool:
    """Whether a person approved the very words that the agent drafted."""
    same = drafted is not None and drafted["text"] == decided["text"]
    return decided["kind"] == "approve" and (same or not decided["text"])


def done(state: TicketState) -> list[str]:
    """What the approved actions came to, in words for the customer."""
    acted = state.get("acted")
    actions = [] if acted is None else acted["actions"]
    return [one["detail"] for one in actions if one["status"] == "ok" and one["detail"]]


def _ran(state: TicketState) -> set[str]:
    acted = state.get("acted")
    actions = [] if acted is None else acted["actions"]
    return {one["fingerprint"] for one in actions if one["status"] == "ok" and one["detail"]}


def outdated(state: TicketState, actions: set[str]) -> list[str]:
    """What records told before these actions changed them: they were read by the same number."""
    results = results_of(state)
    named = {
        value
        for one in results
        if one["status"] == "proposed" and one["fingerprint"] in actions
        for value in one["arguments"].values()
        if isinstance(value, str)
    }
    return [
        one["answer"]
        for one in results
        if one["answer"] and named & {v for v in one["arguments"].values() if isinstance(v, str)}
    ]


def without(text: str, before: Sequence[str]) -> str:
    """The reply without the paragraphs that tell just that."""
    told = {one.strip() for one in before}
    return "\n\n".join(one for one in text.split("\n\n") if one.strip() not in told)


def with_results(text: str, results: Sequence[str]) -> str:
    """A reply that says first, after its greeting, what was done and what it does not say itself."""
    results = [one for one in results if one not in text]
    if not results:
        return text
    first, gap, rest = text.partition("\n")
    if gap and first.rstrip().endswith((",", "!")) and len(first) <= LONGEST_GREETING:
        return "\n\n".join((first, *results, rest.lstrip("\n")))
    return "\n\n".join((*results, text))


async def already(state: TicketState, context: TicketContext) -> str | None:
    """What the ledger knows of this very reply; None where it was never begun."""
    call = sending(state)
    if call is None:
        return None
    key = effect_key(context.ticket_id, context.turn, DELIVER, call["arguments"])
    return await context.ledger.effect(key)


def by_person(state: TicketState) -> Decided | None:
    """The decision under which the reply leaves; None where it is the agent's."""
    decided = state.get("decided")
    return None if decided is None or decided["kind"] == "return" else decided


def cited(state: TicketState) -> list[dict[str, str]]:
    """The sources of the draft's claims, each once, in the order of their first use."""
    drafted, evidence = state.get("drafted"), evidence_of(state)
    if drafted is None:
        return []
    names = [name for claim in drafted["claims"] for name in claim["evidence"]]
    found: dict[str, dict[str, str]] = {}
    for item in (evidence[name] for name in names if name in evidence):
        if item["kind"] == "guidance":
            continue  # what a colleague said is no source that a customer could look up
        found.setdefault(
            item["source"],
            {"source": item["source"], "title": item["title"], "kind": item["kind"]},
        )
    return list(found.values())


def _key(state: TicketState, decided: Decided | None) -> str:
    """One message for each time this turn gets as far as a delivery."""
    stretch = state.get("handoffs", 0) if decided is None else decided["handoff_id"]
    return f"reply:{state['turn']}:{stretch}"
