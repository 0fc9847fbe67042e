"""A row of the journal as a sentence. Pure, and content with any row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from api.vocabulary import (
    BRANCHES,
    CAUSES,
    COUNTED,
    DECISIONS,
    ENDS,
    RUN_ENDS,
    RUNS,
    SAID,
    SILENT,
    STEP_OUTCOMES,
    STEPS,
    WORDED,
)
from memory.tables import JournalRow

MICROS = 1_000_000
MOST_DIGITS = 4
"""Digits by which two figures that look alike are told apart."""
MINUTE, HOUR, DAY = 60, 3_600, 86_400


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
            return f"The turn ended: {ENDS.get(row.outcome, _plain(row.outcome))}"
        case _:
            text = _joined(f"Ticket: {_plain(row.name)}", _cause(row.cause))
            return _ended(text, row.outcome)


def _run(row: JournalRow) -> str:
    begin = RUNS.get(row.cause, f"A worker took the ticket up ({_plain(row.cause)})")
    return _joined(begin, RUN_ENDS.get(row.outcome, f"and ended: {_plain(row.outcome)}"))


def _step(row: JournalRow) -> str:
    done, doing = STEPS.get(row.name, (f"The step {row.name} ran", f"The step {row.name}"))
    if row.outcome == "failed":
        return _joined(doing, _cause(row.cause), "failed")
    text = _joined(done, _cause(row.cause))
    known = STEP_OUTCOMES.get((row.name, row.outcome))
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
            text = f"A person {DECISIONS.get(row.cause, f'decided ({_plain(row.cause)})')}"
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
    branch = BRANCHES.get(row.outcome)
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
    if cause in SILENT:
        return ""
    return CAUSES.get(cause, f"({_plain(cause)})")


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
    hidden = WORDED | ({"attempts"} if single else set())
    parts += [_figure(name, value) for name, value in numbers.items() if name not in hidden]
    if detail := numbers.get("detail"):
        parts.append(str(detail).rstrip("."))
    return ", ".join(part for part in parts if part)


def _figure(name: str, value: object) -> str:
    if value is None or value is False or value in ("", [], {}):
        return ""
    if name in COUNTED and isinstance(value, int):
        one, many = COUNTED[name]
        return f"{value:,} {one if value == 1 else many}"
    if name in SAID:
        return f"{SAID[name]}{_shown(value)}"
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
