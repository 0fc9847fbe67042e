"""The words in which the journal is told. A test finds every code of the program in them."""

from __future__ import annotations

from graph.policies import WORDS

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
"""What a step did, and what it is called when it failed or is spoken of."""
STEP_OUTCOMES = {
    ("check", "pass"): ", and it passed",
    ("check", "revise"): ", and it goes back to be revised",
    ("check", "hand_off"): ", and it may not be sent",
    ("draft", "reply"): "",
    ("draft", "clarification"): ": a question to the customer",
    ("remember", "nothing to keep"): ": nothing to keep",
    ("gather", "proposed"): ": an action was proposed, which a person must approve",
    ("gather", "failed"): ", and it brought nothing",
    ("gather", "refused"): ", and it was refused",
    ("gather", "unknown"): ", and nobody can tell whether it happened",
    ("gather", "suppressed"): " with an earlier result",
    ("triage", "ok"): "",
    ("act", "failed"): ", and not all of them certainly happened",
    ("await_human", "return"): ": the agent has it again",
    ("await_human", "approve"): ": approved",
    ("await_human", "reply"): ": a reply of their own",
    ("await_human", "close"): ": closed",
}
SPEAKS_OF_REASON = frozenset({"hand_off"})
"""Steps whose outcome is the reason why a person gets the ticket."""
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
    "fallback": "as the fallback of one that gave no answer",
    "decision": "after a person's decision",
    "message": "for the customer's next message",
    "approved": "as a person approved",
    "failure": "because a step failed for good",
    "repair": "once more, since the answer before could not be used",
    "reconcile": "to learn whether it had happened",
    "redrive": "after its run was lost",
    "hand_off": "handed over by the agent",
    "duplicate_suppressed": "left out as done before",
    "takeover": "taken over by a person",
    "undone": "and undone again",
}
SILENT = frozenset(
    {"", "planned", "accepted", "deliver", "notice", "customer", "person", "duplicate_suppressed"}
)
"""Causes that go without saying."""
RUNS = {
    "accepted": "A worker took the ticket up",
    "resume": "A worker went on with the ticket",
    "recovered": "A worker took the ticket over from one that died",
    "redrive": "A worker took the ticket up again, since its run was lost",
    "decision": "A worker took it up to carry a person's decision out",
    "guidance": "A worker took it up again with a person's guidance",
    "unstated": "A worker took the ticket up",
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
    "merge": "merged it into another ticket",
}
PEOPLE = {
    "asked": "A person asked the customer a question",
    "decided": "A person decided the handoff",
    "claimed": "A person claimed the handoff",
    "released": "The handoff was released",
    "assigned": "The handoff was assigned to a person",
    "transferred": "The handoff was passed on to another person",
    "snoozed": "The handoff was put aside for a while",
    "woken": "The handoff came back from being put aside",
    "expired": "The claim on the handoff ran out",
    "merged": "The handoff was merged into another ticket's",
    "absorbed": "Another ticket's handoff was merged into this one",
    "escalated": "Nobody answered in time, so the handoff was escalated",
    "noted": "A person added a note",
    "taken_over": "A person took the ticket over from the agent",
    "sent": "A reply was sent",
}
"""What people did with a handoff, or the clock did in their place."""
CORRECTIONS = {
    "article_wrong": "an article is wrong",
    "article_missing": "an article is missing",
    "intent_wrong": "the intent is another one",
    "answer_wrong": "the answer that was sent is wrong",
}
"""What a person corrected."""
ENDS = {
    "delivered": "the agent's checked reply was delivered",
    "clarifying": "the customer was asked a question",
    "with_person": "it is with a person",
    "answered_by_person": "a person's reply was delivered",
    "closed_by_person": "a person closed it",
    "merged": "it was merged into another ticket",
}
STATUSES = {
    "queued": "in the queue",
    "running": "being worked on",
    "waiting": "with a person",
    "settled": "settled",
}
"""Where the ticket stood when the customer wrote again."""
REASONS = WORDS
"""Why a person has the ticket, as a sentence."""
ERRORS = {
    "timeout": "it gave no answer in time",
    "unreachable": "it could not be reached",
    "service_error": "it answered with an error of its own",
    "rate_limited": "a rate limit was used up",
    "not_found": "it has no such thing",
    "rejected": "it refused the request",
    "schema_changed": "its answer had another form than declared",
    "wrong_answer": "its answer was about something else",
    "adapter_fault": "our own adapter for it broke",
    "unknown_effect": "nobody can tell whether it happened",
    "breaker_open": "it had failed so often that it was left alone",
    "busy": "all its slots were taken",
    "unknown_tool": "there is no such tool",
    "not_permitted": "it may not be used here",
    "bad_arguments": "its arguments were not valid",
    "needs_approval": "a person must approve it first",
    "not_your_record": "the record is not the sender's",
    "budget": "the budget was used up",
    "not_verified": "nobody has shown yet that the record is the sender's",
    "not_recorded": "it was never asked this, so there is no answer to give again",
}
"""Why a tool's call failed or was not made; the subject is the tool."""
SAID_ALL = frozenset({"not_found", "not_your_record", "not_verified"})
"""Errors whose message adds nothing to these words."""
WRONG = {
    "empty": "the answer was empty",
    "refused": "the model refused",
    "no_call": "the answer was not in the form asked for",
    "not_json": "the answer was not valid JSON",
    "not_text": "the answer was not plain text",
    "wrong_schema": "the answer lacked what was asked for",
    "wrong_tool": "the answer used another tool",
    "too_many_calls": "there were several answers at once",
    "too_long": "the answer was too long",
    "not_quoted": "it gave words as the customer's that the customer did not write",
    "not_permitted": "it wanted a tool that the intent may not use",
    "bad_arguments": "it made arguments up or left them out",
    "unknown_name": "it named something that does not exist here",
    "not_covered": "it left an ask out",
    "not_stated": "it said something that no evidence holds",
}
"""What was wrong with a model's answer."""
MINDS = {
    "classify": ("triage", "naming the intent"),
    "plan": ("plan", "planning"),
    "write": ("draft", "writing the reply"),
    "judge": ("check", "judging the reply"),
}
"""A model's decisions: the step that asks for each, and what it is called."""
CHECKS = {
    "citations": "the citations",
    "grounding": "the grounding",
    "personal_data": "personal data of others",
    "promises": "forbidden promises",
    "instructions": "repeated instructions",
    "language": "the language",
    "length": "the length",
}
STEP_KINDS = {
    "search": "search the articles with",
    "tool": "ask",
    "action": "propose the action",
}
"""What the plan wants of a tool."""
COUNTED = {
    "asks": ("ask", "asks"),
    "steps": ("step", "steps"),
    "claims": ("claim", "claims"),
    "findings": ("finding", "findings"),
    "evidence": ("piece of evidence", "pieces of evidence"),
    "sources": ("source", "sources"),
    "already_done": ("step left out as done before", "steps left out as done before"),
    "left_out": ("step left out as too much", "steps left out as too much"),
    "attempts": ("attempt", "attempts"),
    "personal_data": ("piece of personal data", "pieces of personal data"),
    "approved": ("action approved", "actions approved"),
    "done": ("done", "done"),
}
SAID = {
    "held_seconds": "seconds held back by our own limits ",
    "why": "",
    "gave_up": "gave up: ",
    "model": "by ",
}
WORDED = frozenset(
    {
        "detail",
        "confidence",
        "threshold",
        "threshold_source",
        "ask",
        "attempt",
        "next_wait_seconds",
        "reason",
    }
    | {
        "tool",
        "intent",
        "prompt",
        "estimated",
        "round",
        "grounding_limit",
        "customer_told",
        "threshold_source",
    }
)
"""Figures that have words of their own, or that only machines read."""
CODES = {
    "verified": "and it was the right one",
    "wrong": "and it was not the right one",
    "expired": "and it came too late",
}
"""What became of a one-time code."""
