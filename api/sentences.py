"""A row of the journal as a sentence. Pure, and content with any row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from memory.tables import JournalRow

MICROS = 1_000_000
MOST_DIGITS = 4
"""Digits by which two figures that look alike are told apart."""
MINUTE, HOUR, DAY = 60, 3_600, 86_400

_STEPS = {
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
_STEP_OUTCOMES = {
    ("check", "pass"): ", and it passed",
    ("check", "revise"): ", and it goes back to be revised",
    ("check", "hand_off"): ", and it may not be sent",
    ("draft", "reply"): "",
    ("draft", "clarification"): ": a question to the customer",
    ("remember", "nothing to keep"): ": nothing to keep",
}
_BRANCHES = {
    "draft": "write a reply",
    "clarify": "ask the customer a question",
    "replan": "look again with another plan",
    "hand_off": "hand it to a person",
    "go on": "go on",
}
_CAUSES = {
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
_SILENT = frozenset(
    {"", "planned", "accepted", "deliver", "notice", "customer", "person", "duplicate_suppressed"}
)
"""Causes that go without saying."""
_RUNS = {
    "accepted": "A worker took the ticket up",
    "resume": "A worker went on with the ticket",
    "recovered": "A worker took the ticket over from one that died",
    "decision": "A worker took it up to carry a person's decision out",
    "message": "A worker took it up for the customer's next message",
}
_RUN_ENDS = {
    "started": "",
    "ok": "and came to its end",
    "settled": "and came to its end",
    "waiting": "and left it with a person",
    "fenced": "and was stopped, since a newer run owns the ticket",
    "failed": "and failed",
    "timeout": "and ran out of time",
}
_DECISIONS = {
    "approve": "approved the suggested reply",
    "reply": "sent a reply of their own",
    "return": "gave it back to the agent with guidance",
    "close": "closed it without a reply",
}
_ENDS = {
    "delivered": "the agent's checked reply was delivered",
    "clarifying": "the customer was asked a question",
    "with_person": "it is with a person",
    "answered_by_person": "a person's reply was delivered",
    "closed_by_person": "a person closed it",
}
_COUNTED = {
    "asks": ("ask", "asks"),
    "steps": ("step", "steps"),
    "claims": ("claim", "claims"),
    "findings": ("finding", "findings"),
    "evidence": ("piece of evidence", "pieces of evidence"),
    "sources": ("source", "sources"),
    "already_done": ("step left out as done before", "steps left out as done before"),
    "attempts": ("attempt", "attempts"),
}
_SAID = {"why": "", "gave_up": "gave up: "}
_WORDED = frozenset({"detail", "confidence", "threshold", "ask", "attempt", "next_wait_seconds"})
"""Figures that have words of their own."""


def sentence(row: JournalRow) -> str:
    """What happened, why, with which numbers, how long it took. Never raises."""
    text = _KINDS.get(row.kind, _other)(row)
    if reasons := _reasons(row.kind, row.numbers or {}):
        text += f": {reasons}"
    if row.error:
        text += f" [{row.error}]"
    if cost := _cost(row):
        text += f" ({cost})"
    return f"{text}."


def span(seconds: float) -> str:
    """A length of time as people say it: 340 ms, 2.1 s, 3 min 5 s, 2 h 10 min, 3 d 4 h."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < MINUTE:
        return f"{seconds:.1f} s"
    for unit, name, smaller, short in ((DAY, "d", HOUR, "h"), (HOUR, "h", MINUTE, "min")):
        if seconds >= unit:
            return f"{int(seconds // unit)} {name} {int(seconds % unit // smaller)} {short}"
    return f"{int(seconds // MINUTE)} min {int(seconds % MINUTE)} s"


def count(number: int, noun: str) -> str:
    """`1 step`, `2 steps`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _other(row: JournalRow) -> str:
    text = f"{_plain(row.kind).capitalize()} {_plain(row.name)}"
    return _ended(_joined(text, _cause(row.cause)), row.outcome)


def _ticket(row: JournalRow) -> str:
    match row.name:
        case "accept":
            return "The ticket was accepted and queued"
        case "message":
            return f"The customer wrote again while the ticket was {_plain(row.outcome)}"
        case "settle":
            return f"The turn ended: {_ENDS.get(row.outcome, _plain(row.outcome))}"
        case _:
            text = _joined(f"Ticket: {_plain(row.name)}", _cause(row.cause))
            return _ended(text, row.outcome)


def _run(row: JournalRow) -> str:
    begin = _RUNS.get(row.cause, f"A worker took the ticket up ({_plain(row.cause)})")
    return _joined(begin, _RUN_ENDS.get(row.outcome, f"and ended: {_plain(row.outcome)}"))


def _step(row: JournalRow) -> str:
    done, doing = _STEPS.get(row.name, (f"The step {row.name} ran", f"The step {row.name}"))
    if row.outcome == "failed":
        return _joined(doing, _cause(row.cause), "failed")
    text = _joined(done, _cause(row.cause))
    known = _STEP_OUTCOMES.get((row.name, row.outcome))
    if known is not None:
        return text + known
    if row.name == "assess":
        return text  # the decision that follows says what came of it
    return _ended(text, row.outcome)


def _call(row: JournalRow) -> str:
    if row.outcome == "suppressed" or row.cause == "duplicate_suppressed":
        return f"The same call of {row.name} had been made, so its result was used again"
    cause = _cause(row.cause)
    if row.outcome == "ok":
        return _joined(f"The tool {row.name} answered", cause)
    text = _joined(f"The tool {row.name} was called", cause)
    return f"{text} and {'failed' if row.outcome == 'failed' else _plain(row.outcome)}"


def _attempt(row: JournalRow) -> str:
    number = (row.numbers or {}).get("attempt")
    text = _joined("Attempt", "" if number is None else str(number), f"of {row.name}")
    if row.cause not in {"retry", "planned"}:
        text = _joined(text, _cause(row.cause))
    text = _joined(text, "succeeded" if row.outcome == "ok" else _plain(row.outcome))
    wait = (row.numbers or {}).get("next_wait_seconds")
    return f"{text}, the next comes in {span(wait)}" if isinstance(wait, int | float) else text


def _decision(row: JournalRow) -> str:
    match row.name, row.outcome:
        case "person", _:
            text = f"A person {_DECISIONS.get(row.cause, f'decided ({_plain(row.cause)})')}"
        case "intent", "none":
            text = "No configured intent applies"
        case "intent", intent:
            text = f"The intent is {_plain(intent)}"
        case "screen", "go on":
            text = "The screening let it pass"
        case "screen", reason:
            text = f"The screening gives it to a person ({_plain(reason)})"
        case "confidence", outcome:
            ask = str((row.numbers or {}).get("ask", ""))
            text = _joined("The ask", ask, f"is {_plain(outcome)} by its evidence")
        case "plan", plan:
            text = f"The plan: {plan}"
        case "to_person", reason:
            text = f"A person takes over, since a step failed for good ({_plain(reason)})"
        case _:
            text = _other_decision(row)
    return text


def _other_decision(row: JournalRow) -> str:
    if row.outcome == "finding":
        return f"The check of {_plain(row.name.removeprefix('check:'))} objected"
    branch = _BRANCHES.get(row.outcome)
    if branch is not None:
        return _joined(f"Decided to {branch}", _cause(row.cause))
    text = _joined(f"Decided at {_plain(row.name)}", _cause(row.cause))
    return f"{text}: {_plain(row.outcome)}"


def _wait(row: JournalRow) -> str:
    text = f"It waits for {'a person' if row.name == 'person' else _plain(row.name)}"
    return f"{text} ({_plain(row.outcome)})" if row.outcome not in {"", "ok"} else text


_KINDS: dict[str, Callable[[JournalRow], str]] = {
    "ticket": _ticket,
    "run": _run,
    "step": _step,
    "call": _call,
    "attempt": _attempt,
    "decision": _decision,
    "wait": _wait,
}


def _cause(cause: str) -> str:
    if cause in _SILENT:
        return ""
    return _CAUSES.get(cause, f"({_plain(cause)})")


def _ended(text: str, outcome: str) -> str:
    return text if outcome in {"ok", ""} else f"{text}: {_plain(outcome)}"


def _reasons(kind: str, numbers: Mapping[str, Any]) -> str:
    parts = []
    value, threshold = numbers.get("confidence"), numbers.get("threshold")
    if isinstance(value, int | float) and isinstance(threshold, int | float):
        parts.append(_compared(value, threshold))
    elif isinstance(value, int | float):
        parts.append(f"confidence {_shown(value)}")
    single = kind in {"call", "attempt"} and numbers.get("attempts") == 1
    hidden = _WORDED | ({"attempts"} if single else set())
    parts += [_figure(name, value) for name, value in numbers.items() if name not in hidden]
    if detail := numbers.get("detail"):
        parts.append(str(detail).rstrip("."))
    return ", ".join(part for part in parts if part)


def _figure(name: str, value: object) -> str:
    if value is None or value is False or value in ("", [], {}):
        return ""
    if name in _COUNTED and isinstance(value, int):
        one, many = _COUNTED[name]
        return f"{value:,} {one if value == 1 else many}"
    if name in _SAID:
        return f"{_SAID[name]}{_shown(value)}"
    return f"{_plain(name)} {_shown(value)}"


def _compared(value: float, threshold: float) -> str:
    word = "is under" if value < threshold else "reaches"
    digits = 2
    alike = value < threshold
    while alike and digits < MOST_DIGITS and f"{value:.{digits}f}" == f"{threshold:.{digits}f}":
        digits += 1
    return f"{value:.{digits}f} {word} {threshold:.{digits}f}"


def _cost(row: JournalRow) -> str:
    parts = []
    if row.duration_ms is not None:
        parts.append(span(row.duration_ms / 1000))
    if tokens := (row.tokens_in or 0) + (row.tokens_out or 0):
        parts.append(count(tokens, "token"))
    if row.cost_micros:
        parts.append(f"cost {row.cost_micros / MICROS:.4f}")
    return ", ".join(parts)


def _shown(value: object) -> str:
    if value is True:
        return "yes"
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
    if isinstance(value, list | tuple):
        return " ".join(_shown(item) for item in value)
    return _plain(str(value))


def _plain(name: str) -> str:
    return str(name).replace("_", " ")


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
