"""The story that the agent left, as people read it. Pure, and content with any story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.explain.words.phrases import compared, count
from api.http.handoffs.view_schemas import (
    ActionOut,
    AskOut,
    PassageOut,
    SimilarOut,
    SuggestionOut,
    TriedOut,
)
from memory.journal.events import GuidanceFollowed

Story = Mapping[str, Any]


def told(story: Story, decision: Mapping[str, Any] | None) -> dict[str, Any]:
    """The parts of `HandoffOut` that the story holds; a bare story has empty ones."""
    return {
        "summary": story.get("conversation") or story.get("summary") or "",
        "priority_because": list((story.get("priority") or {}).get("because", [])),
        "asks": [_ask(one, story) for one in story.get("asks") or ()],
        "tried": [_tried(one) for one in story.get("tried") or ()],
        "suggestion": _suggestion(story),
        "actions": [_action(one, decision or {}) for one in story.get("actions") or ()],
        "similar": [_similar(one) for one in story.get("similar") or ()],
        "missing": list(story.get("missing") or ()),
    }


def followed(event: GuidanceFollowed) -> str:
    """What the agent did with a person's guidance."""
    parts = []
    if event.statements:
        parts.append(f"took {count(event.statements, 'quoted statement')} as evidence")
    if event.searches:
        where = f" in {', '.join(event.articles)}" if event.articles else ""
        searches = count(event.searches, "search", "searches")
        parts.append(f"made {searches} and found {count(event.passages, 'passage')}{where}")
    if event.tools:
        parts.append(f"called {', '.join(event.tools)}")
    did = f"It {' and '.join(parts)}" if parts else "It could look nothing new up from the guidance"
    if event.confidence is None or event.threshold is None:
        return f"{did}."
    return f"{did}; the weakest ask's confidence {compared(event.confidence, event.threshold)}."


def _ask(ask: Story, story: Story) -> AskOut:
    weighed: Story = next(
        (one for one in story.get("assessments") or () if one.get("ask_id") == ask.get("id")), {}
    )
    known = _evidence(story)
    return AskOut(
        id=str(ask.get("id", "")),
        text=str(ask.get("text", "")),
        intent=ask.get("intent"),
        confidence=weighed.get("confidence"),
        threshold=weighed.get("threshold"),
        supported=bool(weighed.get("supported")),
        why=str(weighed.get("why", "")),
        evidence=[known[name] for name in weighed.get("evidence") or () if name in known],
    )


def _evidence(story: Story) -> dict[str, PassageOut]:
    return {
        str(item.get("id")): PassageOut(
            id=str(item.get("id")),
            kind=str(item.get("kind", "")),
            source=str(item.get("source", "")),
            title=str(item.get("title", "")),
            heading=str(item.get("heading", "")),
            text=str(item.get("text", "")),
            score=float(item.get("score") or 0.0),
        )
        for result in story.get("tried") or ()
        for item in result.get("evidence") or ()
    }


def _tried(result: Story) -> TriedOut:
    error = result.get("error") or {}
    words = f"{error.get('kind', '')}: {error.get('message', '')}".strip(": ")
    return TriedOut(
        ask_id=str(result.get("ask_id", "")),
        kind=str(result.get("kind", "")),
        tool=str(result.get("tool", "")),
        arguments=dict(result.get("arguments") or {}),
        status=str(result.get("status", "")),
        found=len(result.get("evidence") or ()),
        error=words or None,
    )


def _suggestion(story: Story) -> SuggestionOut | None:
    suggestion = story.get("suggestion")
    if not suggestion:
        return None
    claims = [dict(claim) for claim in suggestion.get("claims") or ()]
    return SuggestionOut(
        text=str(suggestion.get("text", "")),
        confidence=suggestion.get("confidence"),
        writer=str(suggestion.get("writer", "")),
        claims=claims,
        citations=_citations(claims, _evidence(story)),
        findings=[dict(finding) for finding in story.get("findings") or ()],
    )


def _citations(claims: Sequence[Story], known: Mapping[str, PassageOut]) -> list[dict[str, str]]:
    names = [name for claim in claims for name in claim.get("evidence") or ()]
    found: dict[str, dict[str, str]] = {}
    for item in (known[name] for name in names if name in known):
        one = {"source": item.source, "title": item.title, "kind": item.kind}
        found.setdefault(item.source, one)
    return list(found.values())


def _action(action: Story, decision: Story) -> ActionOut:
    fingerprint = str(action.get("fingerprint", ""))
    verdict = None
    if fingerprint in (decision.get("actions") or ()):
        verdict = "approved"
    elif fingerprint in (decision.get("refused") or ()):
        verdict = "refused"
    return ActionOut(
        fingerprint=fingerprint,
        tool=str(action.get("tool", "")),
        arguments=dict(action.get("arguments") or {}),
        verdict=verdict,
    )


def _similar(one: Story) -> SimilarOut:
    return SimilarOut(
        ticket_id=str(one.get("ticket_id", "")),
        question=str(one.get("question", "")),
        answer=str(one.get("answer", "")),
        origin=str(one.get("origin", "")),
        score=float(one.get("score") or 0.0),
    )
