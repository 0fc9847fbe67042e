"""The figures behind an event, in words. Pure."""

from __future__ import annotations

from api.explain.words.phrases import count
from graph.reasons import compared
from memory.journal import events
from memory.journal.events import Event


def figures(event: Event) -> str:
    """Those that its sentence does not hold already; empty if there are none."""
    return ", ".join(part for part in _parts(event) if part)


def _parts(event: Event) -> list[str]:
    match event:
        case events.PlanRan() | events.PlanMade():
            return _plan(event)
        case events.GatherRan(evidence=pieces):
            return [count(pieces, "piece of evidence", "pieces of evidence")]
        case events.DraftRan(claims=claims):
            return [count(claims, "claim")]
        case events.CheckRan(findings=findings, lowest_grounding=lowest):
            shown = "" if lowest is None else f"lowest grounding {_short(lowest)}"
            return [_some(findings, "finding"), shown]
        case events.HandOffRan():
            return [event.detail.rstrip("."), "the customer was told" * event.customer_told]
        case events.ActRan(approved=approved, done=done):
            return [
                _some(approved, "action approved", "actions approved"),
                _some(done, "done", "done"),
            ]
        case events.DeliverRan(sources=sources):
            return [_some(sources, "source")]
        case events.ToolCalled(attempts=attempts):
            return [_some(attempts, "attempt") * (attempts > 1)]
        case events.ModelAsked(model=model):
            return [f"by {model}" * bool(model)]
        case events.Attempted():
            return _attempt(event)
        case events.IntentNamed():
            return [_weighed(event)]
        case events.Screened():
            return _screened(event)
        case events.AskWeighed(sources=sources):
            return [_weighed(event), f"from {', '.join(sources)}" if sources else ""]
        case events.GuidanceFollowed():
            return [_weighed(event), *_guidance(event)]
        case events.Objected(detail=detail):
            return [detail.rstrip(".")]
        case events.LedToPerson(node=node):
            return [f"node {node}" * bool(node)]
        case events.WorkerDied(kills=kills):
            return [f"{kills} times by now" * (kills > 1)]
        case events.BudgetCharged():
            held = {"tool calls": event.tool_calls, "model calls": event.model_calls}
            held["tokens"] = event.tokens
            return [f"{name} {number}" for name, number in held.items() if number]
    return []


def _plan(event: events.PlanRan | events.PlanMade) -> list[str]:
    left, done = "step left out as too much", "step left out as done before"
    return [
        count(event.asks, "ask"),
        count(event.steps, "step"),
        _some(event.left_out, left, left.replace("step", "steps", 1)),
        _some(event.already_done, done, done.replace("step", "steps", 1)),
    ]


def _attempt(event: events.Attempted) -> list[str]:
    held = f"seconds held back by our own limits {_short(event.held_seconds)}"
    given_up = f"gave up: {event.gave_up}"
    return [held * (event.held_seconds > 0), event.why, given_up * bool(event.gave_up)]


def _screened(event: events.Screened) -> list[str]:
    injection = "" if event.injection is None else f"injection {_short(event.injection)}"
    found = _some(event.personal_data, "piece of personal data", "pieces of personal data")
    language = f"language {event.language}" * bool(event.language)
    return [injection, language, found, "truncated yes" * event.truncated]


def _guidance(event: events.GuidanceFollowed) -> list[str]:
    told = {
        "searches": event.searches,
        "passages": event.passages,
        "articles": ", ".join(event.articles),
        "tools": ", ".join(event.tools),
        "statements": event.statements,
    }
    return [f"{name} {value}" for name, value in told.items() if value]


def _weighed(event: events.IntentNamed | events.AskWeighed | events.GuidanceFollowed) -> str:
    if event.confidence is None:
        return ""
    if event.threshold is None:
        return f"confidence {_short(event.confidence)}"
    return compared(event.confidence, event.threshold)


def _some(number: int, noun: str, many: str = "") -> str:
    return count(number, noun, many) if number else ""


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
