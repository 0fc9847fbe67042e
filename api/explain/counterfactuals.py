"""What would have changed the outcome of a turn? Pure, and silent where the journal is."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from api.explain.sentences import ask_name, error_words, plain
from graph.policies import Reason
from memory.tables import JournalRow

FAR = 0.5
"""Part of the threshold below which a lower threshold is no sensible way."""
_GROUNDING = re.compile(r"grounding (\d\.\d+) is under (\d\.\d+)")


@dataclass(frozen=True)
class Turn:
    """One turn that a person got."""

    rows: Sequence[JournalRow]
    detail: str
    """The numbers behind the reason, as the handoff has them."""


Wording = Callable[[Turn], str]


def otherwise(rows: Sequence[JournalRow]) -> list[str]:
    """Sentences about one turn's outcome; `rows` are the rows of that turn."""
    handed = [row for row in rows if row.kind in {"step", "wait"} and _is_handoff(row)]
    if handed:
        last = handed[-1]
        wording = WORDINGS.get(last.outcome)
        return [] if wording is None else [wording(Turn(rows, _detail(rows)))]
    return _answered(rows)


def _is_handoff(row: JournalRow) -> bool:
    return row.name in {"hand_off", "person"} and row.outcome in WORDINGS


def _detail(rows: Sequence[JournalRow]) -> str:
    handed = [row for row in rows if row.kind == "step" and row.name == "hand_off"]
    return str((handed[-1].numbers or {}).get("detail") or "") if handed else ""


def weighed(rows: Sequence[JournalRow]) -> list[dict[str, Any]]:
    """The numbers of the turn's last look at its evidence: one an ask, with `supported`."""
    last: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row.kind == "step" and row.name == "assess":
            last = {}
        if row.kind == "decision" and row.name == "confidence":
            numbers = dict(row.numbers or {})
            last[str(numbers.get("ask"))] = {**numbers, "supported": row.outcome == "supported"}
    return list(last.values())


def _answered(rows: Sequence[JournalRow]) -> list[str]:
    if any(row.kind == "decision" and row.outcome == "clarify" for row in rows):
        return _asked_back(rows)
    asks = [ask for ask in weighed(rows) if ask["supported"] and ask["confidence"] < 1]
    if not asks:
        return []
    lowest = min(asks, key=lambda ask: ask["confidence"])
    above = round(lowest["confidence"] + 0.01, 2)
    if above >= 1:
        return []
    stands = lowest["threshold"]
    return [f"With the threshold at {above:.2f} instead of {stands:.2f} a person would have it."]


def _asked_back(rows: Sequence[JournalRow]) -> list[str]:
    """The customer was asked: for who they are, or for what they mean."""
    if any((row.error or "").startswith("not_verified") for row in rows if row.kind == "call"):
        return ["Had the sender shown that the record is theirs, it would have been answered."]
    weak = any(not ask["supported"] for ask in weighed(rows))
    return [_low_confidence(Turn(rows, ""))] if weak else []


def _low_confidence(turn: Turn) -> str:
    weak = [ask for ask in weighed(turn.rows) if not ask["supported"]]
    if not weak:
        return "No threshold would have changed it: nothing that is asked was found in it."
    if empty := [ask for ask in weak if ask.get("sources") == []]:
        names = ", ".join(ask_name(ask) for ask in empty)
        return (
            f"No threshold would have changed it: the search found nothing for the ask {names}."
            " An article on it would have."
        )
    lowest = min(weak, key=lambda ask: ask["confidence"])
    needed, stands = math.floor(lowest["confidence"] * 100) / 100, lowest["threshold"]
    sources = [str(ask["sources"][0]) for ask in weighed(turn.rows) if ask.get("sources")]
    named = " and ".join(dict.fromkeys(sources))
    noun = "article" if len(set(sources)) == 1 else "articles"
    stood = f" from the {noun} {named}" if named else ""
    text = (
        f"With the threshold at {needed:.2f} instead of {stands:.2f} it would have been answered"
        f"{stood}, had the draft passed its checks."
    )
    if needed >= FAR * stands:
        return text
    return f"{text} That low a threshold lets much through: rather, an article on it is missing."


def _always_person(turn: Turn) -> str:
    decided = [row for row in turn.rows if row.kind == "decision" and row.name == "intent"]
    intent = plain(decided[-1].outcome) if decided else "it has"
    return (
        f"With `handling: answer` for the intent {intent} in desk.yaml the agent would have looked"
        " for an answer."
    )


def _injection(turn: Turn) -> str:
    screened = [row for row in turn.rows if row.kind == "decision" and row.name == "screen"]
    value = (screened[-1].numbers or {}).get("injection") if screened else None
    if not isinstance(value, int | float):
        return "A lower probability of injected instructions would have let it pass."
    above = min(1.0, round(value + 0.01, 2))
    return f"With `thresholds.injection` at {above:.2f} it would have been read like any other."


def _too_much(turn: Turn) -> str:
    plans = [row for row in turn.rows if row.kind == "decision" and row.name == "plan"]
    numbers = (plans[-1].numbers or {}) if plans else {}
    if left := numbers.get("left_out"):
        wanted = int(numbers.get("steps", 0)) + int(left)
        return f"With `limits.steps` (and `limits.tool_calls`) at {wanted} or more it would fit."
    return "With a higher `limits.asks` all of it would have been planned."


def _needs_approval(turn: Turn) -> str:
    if "argument" in turn.detail:
        tools = turn.detail.rpartition(": ")[2].rstrip(".")
        return f"Had the customer given all that {tools} needs, a person would only approve it."
    tools = turn.detail.rpartition(": ")[2].rstrip(".") or "the action"
    return f"Only a person may approve {tools}: no threshold changes that."


def _tool_failed(turn: Turn) -> str:
    tool = turn.detail.partition(":")[0]
    failed = [row for row in turn.rows if row.kind == "call" and row.name == tool and row.error]
    if not failed:
        return "Had the tool answered, the agent would have gone on."
    why = error_words(failed[-1].error or "")
    return f"Had {tool} answered, the agent would have gone on; as it was, {why}."


def _check_failed(turn: Turn) -> str:
    found = _GROUNDING.search(turn.detail)
    if found is not None:
        return (
            f"With `thresholds.grounding` at {found[1]} instead of {found[2]} this finding would"
            " not have been made; better is an article that states it."
        )
    return "A draft without these findings would have been sent."


def _limit_reached(turn: Turn) -> str:
    known = {"longer than": "run_seconds", "money": "cost_micros", "model calls": "model_calls"}
    known |= {"tokens": "tokens", "tool calls": "tool_calls", "plan ran": "replans"}
    known |= {"draft ran": "revisions", "check ran": "revisions", "gather ran": "tool_calls"}
    limit = next((name for sign, name in known.items() if sign in turn.detail), None)
    if limit is None:
        return "With a higher limit in desk.yaml it would have gone on."
    return f"With a higher `limits.{limit}` in desk.yaml it would have gone on."


def _fixed(line: str) -> Wording:
    return lambda _turn: line


WORDINGS: dict[str, Wording] = {
    Reason.LOW_CONFIDENCE: _low_confidence,
    Reason.ALWAYS_PERSON: _always_person,
    Reason.INJECTION: _injection,
    Reason.TOO_MUCH: _too_much,
    Reason.NEEDS_APPROVAL: _needs_approval,
    Reason.TOOL_FAILED: _tool_failed,
    Reason.NOT_YOUR_RECORD: _fixed(
        "Had the ticket come from the address that the record belongs to, the agent would have"
        " answered from it."
    ),
    Reason.CHECK_FAILED: _check_failed,
    Reason.LIMIT_REACHED: _limit_reached,
    Reason.AUTOMATIC_MAIL: _fixed("No setting changes that: answering a robot could start a loop."),
    Reason.LANGUAGE: _fixed("A desk answers in one language: one of its own would have."),
    Reason.DELIVERY_FAILED: _fixed("Had the delivery worked, the checked reply would be out."),
    Reason.ACTION_FAILED: _fixed("Had the action certainly happened, the reply would be out."),
    Reason.NODE_FAILED: _fixed("Without that failure the agent would have gone on."),
    Reason.TAKEN_OVER: _fixed("Had nobody taken it over, the agent would have gone on."),
    Reason.STOPPED_PROGRAM: _fixed(
        "Had handling it not stopped the program twice, the agent would have gone on."
    ),
    Reason.RUN_FAILED: _fixed("Had one of its runs come to an end, the agent would have ended it."),
}
"""What would have changed it, by the reason's code."""
