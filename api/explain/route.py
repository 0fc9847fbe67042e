"""Why did it go the way it went: answered, asked back, or handed to a person? Pure."""

from __future__ import annotations

from collections.abc import Sequence

from api.explain.counterfactuals import otherwise
from api.explain.sentences import ask_name, compared, plain, reason_words, sentence
from api.explain.vocabulary import CHECKS, DECISIONS, ENDS
from memory.tables import JournalRow


def about_route(rows: Sequence[JournalRow]) -> list[str]:
    """Of each turn: intent, asks with their evidence, findings, the end, and what else could be."""
    lines: list[str] = []
    turns = sorted({row.turn for row in rows})
    for turn in turns:
        own = [row for row in rows if row.turn == turn]
        told = [*_turn(own), *otherwise(own)]
        lines += [f"Turn {turn}:"] * (len(turns) > 1) + told
    return lines or ["Nothing has happened yet."]


def _turn(rows: Sequence[JournalRow]) -> list[str]:
    lines = [*_intent(rows), *_asks(rows), *_findings(rows), *_failures(rows)]
    for row in rows:
        if row.kind == "step" and row.name == "hand_off" and row.outcome != "failed":
            lines.append(_handed_off(row))
        elif row.kind == "decision" and row.name == "person":
            lines.append(f"A person {DECISIONS.get(row.cause, plain(row.cause))}.")
        elif row.kind == "ticket" and row.name == "settle":
            lines.append(f"It ended so: {ENDS.get(row.outcome, plain(row.outcome))}.")
    return lines


def _handed_off(row: JournalRow) -> str:
    detail = str((row.numbers or {}).get("detail") or "").rstrip(".")
    return f"It was handed to a person, since {reason_words(row.outcome)}" + (
        f" ({detail})." if detail else "."
    )


def _intent(rows: Sequence[JournalRow]) -> list[str]:
    decided = [row for row in rows if row.kind == "decision" and row.name == "intent"]
    return [sentence(row) for row in decided[-1:]]


def _asks(rows: Sequence[JournalRow]) -> list[str]:
    """The last word on each ask."""
    last: dict[str, JournalRow] = {}
    for row in rows:
        if row.kind == "decision" and row.name == "confidence":
            last[ask_name(row.numbers or {})] = row
    return [_ask(ask, row) for ask, row in last.items()]


def _ask(ask: str, row: JournalRow) -> str:
    numbers = row.numbers or {}
    sources = ", ".join(str(one) for one in numbers.get("sources") or ())
    stands = f" by {sources}" if sources else ""
    figures = compared(numbers["confidence"], numbers["threshold"])
    if row.outcome == "supported":
        return f"The ask {ask} is answered{stands}: {figures}."
    best = f"; the best there is: {sources}" if sources else "; nothing was found for it"
    return f"The ask {ask} is not answered well enough: {figures}{best}."


def _findings(rows: Sequence[JournalRow]) -> list[str]:
    found = [row for row in rows if row.kind == "decision" and row.outcome == "finding"]
    said: dict[str, None] = {}
    for row in found:
        check = row.name.removeprefix("check:")
        detail = (row.numbers or {}).get("detail", "")
        said[f"A check of {CHECKS.get(check, plain(check))} objected to a draft: {detail}."] = None
    return list(said)


def _failures(rows: Sequence[JournalRow]) -> list[str]:
    names = {"to_person", "give_up", "forgo"}
    return [sentence(row) for row in rows if row.kind == "decision" and row.name in names]
