"""The journal told in plain words: rows to sentences. Pure, and content with any row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from memory.tables import JournalRow

MICROS = 1_000_000
MOST_DIGITS = 4
"""Digits by which two figures that look alike are told apart."""
MINUTE, HOUR, DAY = 60, 3_600, 86_400
_WORDED = frozenset({"detail", "confidence", "threshold"})
"""Figures that are worded by themselves, not listed."""

_STEPS = {
    "triage": "The message was read",
    "plan": "A plan was made",
    "gather": "A step of the plan was carried out",
    "assess": "The evidence was weighed",
    "draft": "A reply was written",
    "check": "The draft was checked",
    "hand_off": "It was handed to a person",
    "await_human": "A person's decision was taken in",
    "act": "The approved actions were carried out",
    "deliver": "The reply was sent",
    "remember": "The case was filed as memory",
}
_CAUSES = {
    "planned": "",
    "accepted": "",
    "replan": "again, since the evidence was not enough",
    "retry": "once more, since the attempt before failed",
    "resume": "going on where an interrupted run had stopped",
    "recovered": "taken over from a worker that died",
    "guidance": "following a person's guidance",
    "revise": "anew, because of what the check had found",
    "fallback": "as the fallback of a tool that gave no answer",
    "duplicate_suppressed": "",
    "decision": "after a person's decision",
    "message": "for the customer's next message",
    "approved": "as a person approved",
    "deliver": "",
    "notice": "",
    "customer": "",
    "person": "",
    "failure": "because a step failed for good",
}
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


@dataclass(frozen=True)
class Told:
    """One thing that happened."""

    offset_seconds: float
    """Since the first row of the story."""
    turn: int
    kind: str
    text: str
    trouble: bool
    """Whether something went wrong."""


@dataclass(frozen=True)
class Totals:
    """What it all came to."""

    seconds: float
    """From the first row to the last."""
    waiting_seconds: float
    """Of these in people's hands."""
    steps: int
    calls: int
    attempts: int
    """Attempts of calls and steps beyond the first."""
    suppressed: int
    """Calls left out because they had been made already."""
    tokens: int
    cost_micros: int


def story(rows: Sequence[JournalRow]) -> list[Told]:
    """Every row in order, each as a sentence with its time since the first."""
    if not rows:
        return []
    start = rows[0].at
    return [
        Told(
            offset_seconds=max(0.0, (row.at - start).total_seconds()),
            turn=row.turn,
            kind=row.kind,
            text=sentence(row),
            trouble=bool(row.error) or row.outcome in _TROUBLE,
        )
        for row in rows
    ]


_TROUBLE = frozenset({"failed", "refused", "timeout", "unknown", "fenced", "finding"})


def totals(rows: Sequence[JournalRow]) -> Totals:
    """The figures of a story; all zero for an empty one."""
    spans = list(pairwise(rows))
    return Totals(
        seconds=(rows[-1].at - rows[0].at).total_seconds() if rows else 0.0,
        waiting_seconds=sum(
            (after.at - before.at).total_seconds() for before, after in spans if _rests(before)
        ),
        steps=sum(row.kind == "step" for row in rows),
        calls=sum(row.kind == "call" and row.outcome != "suppressed" for row in rows),
        attempts=sum(row.cause == "retry" for row in rows),
        suppressed=sum(row.outcome == "suppressed" for row in rows),
        tokens=sum((row.tokens_in or 0) + (row.tokens_out or 0) for row in rows),
        cost_micros=sum(row.cost_micros or 0 for row in rows),
    )


def _rests(row: JournalRow) -> bool:
    return row.kind == "wait" or row.outcome in {"waiting", "with_person"}


def summary(rows: Sequence[JournalRow]) -> str:
    """The totals in one sentence."""
    found = totals(rows)
    parts = [f"{span(found.seconds)} from the first row to the last"]
    if found.waiting_seconds > 0:
        parts.append(f"{span(found.waiting_seconds)} of it in people's hands")
    parts += [_count(found.steps, "step"), _count(found.calls, "tool call")]
    if found.attempts:
        parts.append(_count(found.attempts, "repeated attempt"))
    if found.suppressed:
        parts.append(f"{_count(found.suppressed, 'call')} left out as made before")
    parts.append(_count(found.tokens, "token"))
    parts.append(f"cost {found.cost_micros / MICROS:.4f}")
    return ", ".join(parts) + "."


def sentence(row: JournalRow) -> str:
    """What happened, why, with which numbers, how long it took. Never raises."""
    text = _event(row)
    if reasons := _reasons(row.numbers or {}):
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


def _event(row: JournalRow) -> str:
    words = _KINDS.get(row.kind)
    if words is not None:
        return words(row)
    text = f"{_plain(row.kind).capitalize()} {_plain(row.name)}"
    return _ended(_joined(text, _cause(row.cause)), row.outcome)


def _run(row: JournalRow) -> str:
    begin = _RUNS.get(row.cause, f"A worker took the ticket up ({_plain(row.cause)})")
    return _joined(begin, _RUN_ENDS.get(row.outcome, f"and ended: {_plain(row.outcome)}"))


def _step(row: JournalRow) -> str:
    text = _STEPS.get(row.name, f"The step {_plain(row.name)} ran")
    return _ended(_joined(text, _cause(row.cause)), row.outcome)


def _attempt(row: JournalRow) -> str:
    return _ended(_joined(f"An attempt of {row.name}", _cause(row.cause)), row.outcome)


def _wait(row: JournalRow) -> str:
    return f"It waits for {'a person' if row.name == 'person' else _plain(row.name)}"


def _ticket(row: JournalRow) -> str:
    match row.name:
        case "accept":
            return "The ticket was accepted and queued"
        case "message":
            return f"The customer wrote again while the ticket was {_plain(row.outcome)}"
        case "settle":
            return f"The turn ended: {_plain(row.outcome)}"
        case _:
            text = _joined(f"Ticket: {_plain(row.name)}", _cause(row.cause))
            return _ended(text, row.outcome)


def _call(row: JournalRow) -> str:
    if row.outcome == "suppressed" or row.cause == "duplicate_suppressed":
        return f"The same call of {row.name} had been made, so its result was used again"
    return _ended(_joined(f"The tool {row.name} was called", _cause(row.cause)), row.outcome)


def _decision(row: JournalRow) -> str:
    if row.name == "person":
        return f"A person {_DECISIONS.get(row.cause, f'decided ({_plain(row.cause)})')}"
    if row.name == "intent":
        if row.outcome == "none":
            return "No configured intent applies"
        return f"The intent is {row.outcome}"
    if row.name == "confidence":
        ask = (row.numbers or {}).get("ask", "")
        return _joined(f"The ask {ask}".rstrip(), f"is {_plain(row.outcome)} by its evidence")
    if row.outcome == "finding":
        return f"The check of {_plain(row.name.removeprefix('check:'))} objected"
    text = _joined(f"Decided at {_plain(row.name)}", _cause(row.cause))
    return f"{text}: {_plain(row.outcome)}"


def _cause(cause: str) -> str:
    return _CAUSES.get(cause, f"({_plain(cause)})" if cause else "")


def _ended(text: str, outcome: str) -> str:
    return text if outcome in {"ok", ""} else f"{text}: {_plain(outcome)}"


def _reasons(numbers: Mapping[str, Any]) -> str:
    parts = []
    value, threshold = numbers.get("confidence"), numbers.get("threshold")
    if isinstance(value, int | float) and isinstance(threshold, int | float):
        parts.append(_compared(value, threshold))
    elif isinstance(value, int | float):
        parts.append(f"confidence {_shown(value)}")
    listed = {n: v for n, v in numbers.items() if n not in _WORDED and n != "ask"}
    parts += [f"{_plain(name)} {_shown(value)}" for name, value in listed.items() if _says(value)]
    if detail := numbers.get("detail"):
        parts.append(str(detail).rstrip("."))
    return ", ".join(parts)


def _compared(value: float, threshold: float) -> str:
    word = "is under" if value < threshold else "reaches"
    digits = 2
    while (
        digits < MOST_DIGITS
        and value < threshold
        and f"{value:.{digits}f}" == f"{threshold:.{digits}f}"
    ):
        digits += 1
    return f"{value:.{digits}f} {word} {threshold:.{digits}f}"


def _cost(row: JournalRow) -> str:
    parts = []
    if row.duration_ms is not None:
        parts.append(span(row.duration_ms / 1000))
    if tokens := (row.tokens_in or 0) + (row.tokens_out or 0):
        parts.append(_count(tokens, "token"))
    if row.cost_micros:
        parts.append(f"cost {row.cost_micros / MICROS:.4f}")
    return ", ".join(parts)


def _says(value: object) -> bool:
    return value is not None and value is not False and value != "" and value not in ([], {})


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


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


_KINDS: dict[str, Callable[[JournalRow], str]] = {
    "ticket": _ticket,
    "run": _run,
    "step": _step,
    "call": _call,
    "attempt": _attempt,
    "decision": _decision,
    "wait": _wait,
}
