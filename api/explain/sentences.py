"""A row of the journal as a sentence. Pure, and content with any row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from api.explain.vocabulary import (
    BRANCHES,
    CAUSES,
    CHECKS,
    CODES,
    CORRECTIONS,
    COUNTED,
    DECISIONS,
    ENDS,
    ERRORS,
    PEOPLE,
    REASONS,
    RUN_ENDS,
    RUNS,
    SAID,
    SAID_ALL,
    SILENT,
    SPEAKS_OF_REASON,
    STATUSES,
    STEP_OUTCOMES,
    STEPS,
    WORDED,
    WRONG,
)
from memory.budgets.amounts import MICROS
from memory.tables import JournalRow

MOST_DIGITS = 4
"""Digits by which two figures that look alike are told apart."""
MINUTE, HOUR, DAY = 60, 3_600, 86_400


def sentence(row: JournalRow) -> str:
    """What happened, why, with which numbers, how long it took. Never raises."""
    text = _KINDS.get(row.kind, _other)(row)
    if reasons := _reasons(row.kind, row.numbers or {}):
        text += f": {reasons}"
    if row.error:
        text += f": {error_words(row.error)}"
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


def error_words(error: str) -> str:
    """An error of the journal, `kind: message` or a model's fault, as a clause."""
    if error in WRONG:
        return WRONG[error]
    kind, _, message = error.partition(": ")
    if kind in ERRORS:
        return f"{ERRORS[kind]} ({message})" if message and kind not in SAID_ALL else ERRORS[kind]
    return f"it answered {error}" if error.startswith("HTTP ") else error


def reason_words(reason: str) -> str:
    """A code of `graph.policies.Reason` as a clause."""
    words = REASONS.get(reason, plain(reason)).rstrip(".")
    return words[:1].lower() + words[1:]


def compared(value: float, threshold: float) -> str:
    """`0.41 is under 0.62` or `0.71 reaches 0.62`, with as many digits as it takes."""
    word = "is under" if value < threshold else "reaches"
    digits = 2
    alike = value < threshold
    while alike and digits < MOST_DIGITS and f"{value:.{digits}f}" == f"{threshold:.{digits}f}":
        digits += 1
    return f"{value:.{digits}f} {word} {threshold:.{digits}f}"


def plain(name: str) -> str:
    """A code without its underscores."""
    return str(name).replace("_", " ")


def money(micros: float) -> str:
    """Millionths of the tenant's currency, in the currency."""
    return f"{micros / MICROS:.4f}"


def _other(row: JournalRow) -> str:
    text = f"{plain(row.kind).capitalize()} {plain(row.name)}"
    return _ended(_joined(text, _cause(row.cause)), row.outcome)


def _ticket(row: JournalRow) -> str:
    match row.name:
        case "accept":
            return "The ticket was accepted and queued"
        case "message":
            where = STATUSES.get(row.outcome, plain(row.outcome))
            return f"The customer wrote again while the ticket was {where}"
        case "settle":
            return f"The turn ended: {ENDS.get(row.outcome, plain(row.outcome))}"
        case _:
            text = _joined(f"Ticket: {plain(row.name)}", _cause(row.cause))
            return _ended(text, row.outcome)


def _person(row: JournalRow) -> str:
    return PEOPLE.get(row.name, f"A person: {plain(row.name)}")


def _budget(row: JournalRow) -> str:
    if row.name != "expire":
        return _other(row)
    return "A call ended without saying what it took, so all that it held was charged"


def _identity(row: JournalRow) -> str:
    return f"The customer answered with a code, {CODES.get(row.outcome, plain(row.outcome))}"


def _run(row: JournalRow) -> str:
    if row.name == "sweep":
        return "No run was left that would finish the ticket, so it was put into the queue again"
    if row.name == "death":
        return _death(row)
    begin = RUNS.get(row.cause, f"A worker took the ticket up ({plain(row.cause)})")
    return _joined(begin, RUN_ENDS.get(row.outcome, f"and ended: {plain(row.outcome)}"))


def _death(row: JournalRow) -> str:
    node = row.numbers.get("node")
    where = f", with the step {node} begun" if node else ""
    return f"The worker that had the ticket died ({plain(row.outcome)}){where}"


def _step(row: JournalRow) -> str:
    done, doing = STEPS.get(row.name, (f"The step {row.name} ran", f"The step {row.name}"))
    if row.outcome == "failed" and row.name not in {"gather", "act"}:
        return _joined(doing, _cause(row.cause), "failed")
    text = _joined(done, _cause(row.cause))
    known = STEP_OUTCOMES.get((row.name, row.outcome))
    if known is not None:
        return text + known
    if row.name in {"assess", "triage"}:
        return text  # the decision that follows says what came of it
    if row.name in SPEAKS_OF_REASON and row.outcome not in {"ok", ""}:
        return f"{text}, since {reason_words(row.outcome)}"
    return _ended(text, row.outcome)


def _call(row: JournalRow) -> str:
    what, name = _named(row.name)
    if row.outcome == "suppressed" or row.cause == "duplicate_suppressed":
        return f"The same call of {name} had been made, so its result was used again"
    cause = _cause(row.cause)
    if row.outcome == "ok":
        return _joined(f"The {what} {name} answered", cause)
    text = _joined(f"The {what} {name} was called", cause)
    return f"{text} and {'failed' if row.outcome == 'failed' else plain(row.outcome)}"


def _named(name: str) -> tuple[str, str]:
    """What kind of thing was called, and its name."""
    family, _, decision = name.partition(":")
    if decision and family in {"model", "local"}:
        return ("model" if family == "model" else "local mind"), f"for {plain(decision)}"
    return "tool", name


def _attempt(row: JournalRow) -> str:
    number = (row.numbers or {}).get("attempt")
    text = _joined("Attempt", "" if number is None else str(number), f"of {row.name}")
    if row.cause not in {"retry", "planned"}:
        text = _joined(text, _cause(row.cause))
    text = _joined(text, "succeeded" if row.outcome == "ok" else plain(row.outcome))
    wait = (row.numbers or {}).get("next_wait_seconds")
    return f"{text}, the next comes in {span(wait)}" if isinstance(wait, int | float) else text


def _decision(row: JournalRow) -> str:
    return _after_failure(row) or _triaged(row) or _decided(row)


def _triaged(row: JournalRow) -> str | None:
    """What triage decided."""
    text = None
    match row.name, row.outcome:
        case "intent", "none":
            text = "No configured intent applies"
        case "intent", intent:
            text = f"The intent is {plain(intent)}"
        case "screen", "go on":
            text = "The screening let it pass"
        case "screen", reason:
            text = f"The screening gives it to a person, since {reason_words(reason)}"
    return text


def _decided(row: JournalRow) -> str:
    numbers = row.numbers or {}
    match row.name, row.outcome:
        case "person", _:
            text = f"A person {DECISIONS.get(row.cause, f'decided ({plain(row.cause)})')}"
        case "confidence", outcome:
            text = _joined("The ask", ask_name(numbers), f"is {plain(outcome)}")
            text += f" by its evidence{_of_threshold(numbers)}"
        case "plan", plan:
            text = f"The plan ({plan.partition(':')[0]}){_lacking(plan)}"
        case "step", kind:
            text = _planned(row, kind)
        case _:
            text = _other_decision(row)
    return text


def _of_threshold(numbers: Mapping[str, Any]) -> str:
    source = numbers.get("threshold_source")
    return f", by a threshold {source}" if isinstance(source, str) and source else ""


def _after_failure(row: JournalRow) -> str | None:
    """What followed a step that failed for good."""
    match row.name:
        case "to_person":
            return f"A person takes over, since {reason_words(row.outcome)}"
        case "give_up":
            return f"The run was given up, since {reason_words(row.outcome)}"
        case "finish":
            return "The run was over, but the reply had left already: the turn ends as delivered"
        case "forgo":
            doing = STEPS.get(row.outcome, ("", plain(row.outcome)))[1]
            return f"{doing} was left undone: the reply is out"
    return None


def _lacking(plan: str) -> str:
    _, found, rest = plan.partition("; ")
    return f", {rest}" if found else ""


def _planned(row: JournalRow, kind: str) -> str:
    numbers = row.numbers or {}
    tool, ask = str(numbers.get("tool") or "a tool"), _joined("for the ask", ask_name(numbers))
    if kind == "already_done":
        return f"The planner repeated itself: {tool} {ask} was left out as planned before"
    doing = {"search": "searches with", "action": "proposes"}.get(kind, "asks")
    intent = numbers.get("intent")
    may = "" if kind == "search" else f", which the intent {plain(str(intent))} may use"
    cause = "" if row.cause == "replan" else _cause(row.cause)  # the plan's own row has said it
    return _joined(f"The plan {doing} {tool} {ask}", cause) + (may if intent else "")


def ask_name(numbers: Mapping[str, Any]) -> str:
    """The ask that a row is about: `1` of ask-1."""
    return str(numbers.get("ask", "")).removeprefix("ask-")


def _other_decision(row: JournalRow) -> str:
    if row.name == "correction":
        what = CORRECTIONS.get(row.outcome, plain(row.outcome))
        return _joined(f"A person said that {what}", _cause(row.cause))
    if row.outcome == "finding":
        check = row.name.removeprefix("check:")
        return f"The check of {CHECKS.get(check, plain(check))} objected"
    branch = BRANCHES.get(row.outcome)
    if branch is not None:
        return _joined(f"Decided to {branch}", _cause(row.cause)) + _since(row)
    text = _joined(f"Decided at {plain(row.name)}", _cause(row.cause))
    return f"{text}: {plain(row.outcome)}"


def _since(row: JournalRow) -> str:
    reason = (row.numbers or {}).get("reason")
    return f", since {reason_words(str(reason))}" if reason else ""


def _wait(row: JournalRow) -> str:
    text = f"It waits for {'a person' if row.name == 'person' else plain(row.name)}"
    return f"{text} ({plain(row.outcome)})" if row.outcome not in {"", "ok"} else text


_KINDS: dict[str, Callable[[JournalRow], str]] = {
    "ticket": _ticket,
    "run": _run,
    "step": _step,
    "call": _call,
    "attempt": _attempt,
    "decision": _decision,
    "wait": _wait,
    "person": _person,
    "budget": _budget,
    "identity": _identity,
}


def _cause(cause: str) -> str:
    if cause in SILENT:
        return ""
    return CAUSES.get(cause, f"({plain(cause)})")


def _ended(text: str, outcome: str) -> str:
    return text if outcome in {"ok", ""} else f"{text}: {plain(outcome)}"


def _reasons(kind: str, numbers: Mapping[str, Any]) -> str:
    parts = []
    value, threshold = numbers.get("confidence"), numbers.get("threshold")
    if isinstance(value, int | float) and isinstance(threshold, int | float):
        parts.append(compared(value, threshold))
    elif isinstance(value, int | float):
        parts.append(f"confidence {_shown(value)}")
    single = kind in {"call", "attempt"} and numbers.get("attempts") == 1
    hidden = WORDED | ({"attempts"} if single else set())
    parts += [_figure(name, value) for name, value in numbers.items() if name not in hidden]
    if detail := numbers.get("detail"):
        parts.append(str(detail).rstrip("."))
    if numbers.get("customer_told") is True:
        parts.append("the customer was told")
    return ", ".join(part for part in parts if part)


def _figure(name: str, value: object) -> str:
    if value is None or value is False or value in ("", [], {}):
        return ""
    if name in COUNTED and isinstance(value, int):
        one, many = COUNTED[name]
        return f"{value:,} {one if value == 1 else many}" if value or name in SHOWN_AT_ZERO else ""
    if name == "sources":
        return "" if isinstance(value, int) else f"from {', '.join(map(str, _listed(value)))}"
    if name in SAID:
        return f"{SAID[name]}{_shown(value)}"
    return f"{plain(name)} {_shown(value)}"


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]


SHOWN_AT_ZERO = frozenset({"asks", "steps", "evidence", "claims"})


def _cost(row: JournalRow) -> str:
    parts = []
    if row.duration_ms is not None:
        parts.append(span(row.duration_ms / 1000))
    if tokens := (row.tokens_in or 0) + (row.tokens_out or 0):
        parts.append(count(tokens, "token"))
    if row.cost_micros:
        parts.append(f"cost {money(row.cost_micros)}")
    return ", ".join(parts)


def _shown(value: object) -> str:
    if value is True:
        return "yes"
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
    if isinstance(value, list | tuple):
        return ", ".join(_shown(item) for item in value)
    return plain(str(value)) if not isinstance(value, str) or "-" not in value else value


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
