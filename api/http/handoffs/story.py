"""The story that the agent left, as people read it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.explain.words.phrases import count
from api.http.handoffs.story_schemas import (
    ActionOut,
    AskOut,
    PassageOut,
    SimilarOut,
    SuggestionOut,
    TriedOut,
)
from graph.reasons import compared
from memory.handoffs.model import Action, Ask, Claim, Passage, Story, Tried, Weighed
from memory.journal.events import GuidanceFollowed

Json = Mapping[str, Any]
MOST_NEAREST = 3
"""Articles that are shown where none is evidence."""


def told(story: Story, decision: Json | None) -> dict[str, Any]:
    """The parts of `HandoffOut` that the story holds; a bare story has empty ones."""
    return {
        "summary": story.conversation or story.summary,
        "priority_because": story.priority.because,
        "asks": [_ask(one, story) for one in story.asks],
        "tried": [_tried(one) for one in story.tried],
        "suggestion": _suggestion(story),
        "actions": [_action(one, decision or {}) for one in story.actions],
        "similar": [SimilarOut.model_validate(one, from_attributes=True) for one in story.similar],
        "missing": story.missing,
    }


def followed(event: GuidanceFollowed) -> str:
    """What the agent did with a person's guidance."""
    parts = []
    if event.statements:
        parts.append(f"took {count(event.statements, 'quoted statement')} as evidence")
    if event.searches:
        where = f" in {count(len(event.articles), 'article')}" if event.articles else ""
        searches = count(event.searches, "search", "searches")
        parts.append(f"made {searches} and found {count(event.passages, 'passage')}{where}")
    if event.tools:
        parts.append(f"called {', '.join(event.tools)}")
    did = f"It {' and '.join(parts)}" if parts else "It could look nothing new up from the guidance"
    if event.confidence is None or event.threshold is None:
        return f"{did}."
    return f"{did}; the weakest ask's confidence {compared(event.confidence, event.threshold)}."


def _ask(ask: Ask, story: Story) -> AskOut:
    found = (one for one in story.assessments if one.ask_id == ask.id)
    weighed, known = next(found, Weighed()), story.evidence
    evidence = [_passage(known[name]) for name in weighed.evidence if name in known]
    return AskOut(
        id=ask.id,
        text=ask.text,
        intent=ask.intent,
        confidence=weighed.confidence,
        threshold=weighed.threshold,
        supported=weighed.supported,
        why=weighed.why,
        evidence=evidence,
        nearest=[] if any(one.kind == "article" for one in evidence) else _nearest(ask, story),
        searched=_searched(ask.id, story),
        question=weighed.question,
    )


def _nearest(ask: Ask, story: Story) -> list[PassageOut]:
    """The best passage of each article that a search for it found first."""
    found = [item for one in story.tried if one.ask_id == ask.id for item in one.evidence]
    best: dict[str, Passage] = {}
    for item in sorted(found, key=lambda one: one.score, reverse=True):
        if item.kind == "article":
            best.setdefault(item.source, item)
    return [_passage(item) for item in list(best.values())[:MOST_NEAREST]]


def _searched(ask_id: str, story: Story) -> list[str]:
    """What was looked for, without queries that say no word more than one before."""
    queries = (one.arguments.get("query") for one in story.tried if one.ask_id == ask_id)
    told: dict[frozenset[str], str] = {}
    for query in (str(one) for one in queries if one):
        said = frozenset(query.casefold().split())
        if not any(said <= other for other in told):
            told[said] = query
    return list(told.values())


def _passage(item: Passage) -> PassageOut:
    return PassageOut.model_validate(item, from_attributes=True)


def _tried(step: Tried) -> TriedOut:
    error = step.error
    return TriedOut(
        ask_id=step.ask_id,
        kind=step.kind,
        tool=step.tool,
        arguments=step.arguments,
        status=step.status,
        found=len(step.evidence),
        error=None if error is None else f"{error.kind}: {error.message}".strip(": ") or None,
    )


def _suggestion(story: Story) -> SuggestionOut | None:
    if (suggestion := story.suggestion) is None:
        return None
    return SuggestionOut(
        text=suggestion.text,
        confidence=suggestion.confidence,
        writer=suggestion.writer,
        claims=[claim.model_dump() for claim in suggestion.claims],
        citations=_citations(suggestion.claims, story.evidence),
        findings=[finding.model_dump() for finding in story.findings],
    )


def _citations(claims: Sequence[Claim], known: Mapping[str, Passage]) -> list[dict[str, str]]:
    names = [name for claim in claims for name in claim.evidence]
    found: dict[str, dict[str, str]] = {}
    for item in (known[name] for name in names if name in known):
        one = {"source": item.source, "title": item.title, "kind": item.kind}
        found.setdefault(item.source, one)
    return list(found.values())


def _action(action: Action, decision: Json) -> ActionOut:
    verdict = None
    if action.fingerprint in (decision.get("actions") or ()):
        verdict = "approved"
    elif action.fingerprint in (decision.get("refused") or ()):
        verdict = "refused"
    return ActionOut(
        fingerprint=action.fingerprint,
        tool=action.tool,
        arguments=action.arguments,
        units=action.units,
        told=action.told,
        replaces=action.replaces,
        verdict=verdict,
    )
