"""The words in which the journal is told."""

from __future__ import annotations

STEPS = {
    "triage": ("The message was read", "Reading the message"),
    "plan": ("A plan was made", "Making a plan"),
    "gather": ("A step of the plan was carried out", "A step of the plan"),
    "assess": ("The evidence was weighed", "Weighing the evidence"),
    "draft": ("A reply was written", "Writing the reply"),
    "check": ("The draft was checked", "Checking the draft"),
    "hand_off": ("It was handed to a person", "Handing it to a person"),
    "await_human": ("A person's decision was taken in", "Taking a person's decision in"),
    "act": ("The approved actions were carried out", "Carrying the approved actions out"),
    "deliver": ("The reply was sent", "Sending the reply"),
    "remember": ("The case was filed as memory", "Filing the case as memory"),
}
"""What a step did, and what it is called when it failed."""
STEP_OUTCOMES = {
    ("check", "pass"): ", and it passed",
    ("check", "revise"): ", and it goes back to be revised",
    ("check", "hand_off"): ", and it may not be sent",
    ("draft", "reply"): "",
    ("draft", "clarification"): ": a question to the customer",
    ("remember", "nothing to keep"): ": nothing to keep",
}
BRANCHES = {
    "draft": "write a reply",
    "clarify": "ask the customer a question",
    "replan": "look again with another plan",
    "hand_off": "hand it to a person",
    "go on": "go on",
}
CAUSES = {
    "replan": "again, since the evidence was not enough",
    "retry": "once more, since the attempt before failed",
    "resume": "going on where an interrupted run had stopped",
    "recovered": "taken over from a worker that died",
    "guidance": "following a person's guidance",
    "revise": "anew, because of what the check had found",
    "fallback": "as the fallback of a tool that gave no answer",
    "decision": "after a person's decision",
    "message": "for the customer's next message",
    "approved": "as a person approved",
    "failure": "because a step failed for good",
}
SILENT = frozenset(
    {"", "planned", "accepted", "deliver", "notice", "customer", "person", "duplicate_suppressed"}
)
"""Causes that go without saying."""
RUNS = {
    "accepted": "A worker took the ticket up",
    "resume": "A worker went on with the ticket",
    "recovered": "A worker took the ticket over from one that died",
    "decision": "A worker took it up to carry a person's decision out",
    "message": "A worker took it up for the customer's next message",
}
RUN_ENDS = {
    "started": "",
    "ok": "and came to its end",
    "settled": "and came to its end",
    "waiting": "and left it with a person",
    "fenced": "and was stopped, since a newer run owns the ticket",
    "failed": "and failed",
    "timeout": "and ran out of time",
}
DECISIONS = {
    "approve": "approved the suggested reply",
    "reply": "sent a reply of their own",
    "return": "gave it back to the agent with guidance",
    "close": "closed it without a reply",
}
ENDS = {
    "delivered": "the agent's checked reply was delivered",
    "clarifying": "the customer was asked a question",
    "with_person": "it is with a person",
    "answered_by_person": "a person's reply was delivered",
    "closed_by_person": "a person closed it",
}
COUNTED = {
    "asks": ("ask", "asks"),
    "steps": ("step", "steps"),
    "claims": ("claim", "claims"),
    "findings": ("finding", "findings"),
    "evidence": ("piece of evidence", "pieces of evidence"),
    "sources": ("source", "sources"),
    "already_done": ("step left out as done before", "steps left out as done before"),
    "attempts": ("attempt", "attempts"),
}
SAID = {"why": "", "gave_up": "gave up: "}
WORDED = frozenset({"detail", "confidence", "threshold", "ask", "attempt", "next_wait_seconds"})
"""Figures that have words of their own."""
