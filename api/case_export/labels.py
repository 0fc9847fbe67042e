"""What a person's decision says about how the ticket should have ended. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from memory.handoffs.model import Story, story_of
from memory.journal.codes import Reason
from memory.tables import Correction, CorrectionKind, DecisionKind, Handoff, Outcome, Ticket

SAME_ANSWER = 0.5
"""Share of the words that an edited reply has in common with the suggestion, from which on it
counts as the suggested answer in other words."""
UNSURE = frozenset({Reason.LOW_CONFIDENCE, Reason.CHECK_FAILED, Reason.LIMIT_REACHED})
"""Reasons for which a right suggestion should have been sent. The others are policy, and stay."""


@dataclass(frozen=True)
class Verdict:
    """The label, and in words what it stands on."""

    outcome: str | None
    """answer | person, None while no person has judged it."""
    why: str
    articles: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()


def verdict_of(
    ticket: Ticket, decided: Sequence[Handoff], corrections: Sequence[Correction]
) -> Verdict:
    """The label by the last decision on a turn's handoffs, oldest first, and by corrections."""
    kinds = {one.kind for one in corrections if one.undone_at is None}
    if CorrectionKind.ANSWER_WRONG in kinds:
        return Verdict("person", "a person marked the answer as wrong")
    if CorrectionKind.ARTICLE_MISSING in kinds:
        return Verdict("person", "a person said that no article answers it")
    if any(_kind(one) == DecisionKind.RETURN for one in decided):
        return Verdict("person", "a person had to tell the agent how")
    if decided:
        return _decided(decided[-1])
    waits = ticket.outcome == Outcome.WITH_PERSON
    return Verdict(None, "it waits for a person" if waits else "no person has judged it")


def intent_of(corrections: Sequence[Correction]) -> str | None:
    """The intent a person stated, `oos` for none of the desk's; None if nobody did."""
    stated = [
        one
        for one in corrections
        if one.kind == CorrectionKind.INTENT_WRONG and one.undone_at is None
    ]
    return (stated[-1].intent or "oos") if stated else None


def _decided(handoff: Handoff) -> Verdict:
    kind, sources = _kind(handoff), _sources_of(story_of(handoff))
    policy = handoff.reason not in UNSURE
    if kind == DecisionKind.APPROVE:
        if policy:
            return Verdict("person", f"approved, and handed off by policy: {handoff.reason}")
        return Verdict("answer", "a person approved the suggestion", **sources)
    if kind == DecisionKind.REPLY:
        if _likeness(handoff) >= SAME_ANSWER and not policy:
            return Verdict("answer", "a person sent the suggestion in other words", **sources)
        return Verdict("person", "a person wrote another reply")
    return Verdict("person", f"a person ended it: {kind}")


def _sources_of(story: Story) -> dict[str, tuple[str, ...]]:
    """The articles and tools that the suggested reply stands on."""
    claims = [] if story.suggestion is None else story.suggestion.claims
    wanted = {name for claim in claims for name in claim.evidence}
    cited = {(item.kind, item.source) for item in story.evidence.values() if item.id in wanted}
    return {
        "articles": tuple(sorted(source for kind, source in cited if kind == "article")),
        "tools": tuple(sorted(source for kind, source in cited if kind == "tool")),
    }


def _kind(handoff: Handoff) -> str:
    return str((handoff.decision or {}).get("kind", ""))


def _likeness(handoff: Handoff) -> float:
    found = ((handoff.decision or {}).get("difference") or {}).get("likeness")
    return 0.0 if found is None else float(found)
