"""Why did it go the way it went: answered, asked back, or handed to a person? Pure."""

from __future__ import annotations

from collections.abc import Sequence

from api.explain.counterfactuals import otherwise
from api.explain.sentences import sentence
from api.explain.words.people import decision_words, end_words
from api.explain.words.phrases import ask_name
from api.explain.words.reasons import reason_words
from api.explain.words.steps import check_words
from graph.reasons import compared
from memory.journal import events
from memory.journal.events import AskWeighed, Event, HandOffRan, Record


def about_route(records: Sequence[Record]) -> list[str]:
    """Of each turn: intent, asks with their evidence, findings, the end, and what else could be."""
    lines: list[str] = []
    turns = sorted({one.turn for one in records})
    for turn in turns:
        own = [one.event for one in records if one.turn == turn]
        told = [*_turn(own), *otherwise(own)]
        lines += [f"Turn {turn}:"] * (len(turns) > 1) + told
    return lines or ["Nothing has happened yet."]


def _turn(turn: Sequence[Event]) -> list[str]:
    came = not any(isinstance(event, events.Undelivered) for event in turn)
    lines = [*_intent(turn), *_asks(turn), *_findings(turn), *_failures(turn)]
    for event in turn:
        match event:
            case HandOffRan():
                lines.append(_handed_off(event))
            case events.PersonDecided(cause=kind, refused=refused):
                lines.append(f"A person {decision_words(kind, refused)}.")
            case events.TurnSettled(outcome=outcome):
                lines.append(f"It ended so: {end_words(outcome, came=came)}.")
            case events.Undelivered():
                lines.append(sentence(event))
    return lines


def _handed_off(event: HandOffRan) -> str:
    detail = event.detail.rstrip(".")
    since = f"It was handed to a person, since {reason_words(event.outcome)}"
    return f"{since} ({detail})." if detail else f"{since}."


def _intent(turn: Sequence[Event]) -> list[str]:
    named = [event for event in turn if isinstance(event, events.IntentNamed)]
    return [sentence(event) for event in named[-1:]]


def _asks(turn: Sequence[Event]) -> list[str]:
    """The last word on each ask."""
    last = {event.ask: event for event in turn if isinstance(event, AskWeighed)}
    return [_ask(event) for event in last.values()]


def _ask(event: AskWeighed) -> str:
    sources, ask = ", ".join(event.sources or ()), ask_name(event.ask)
    figures = compared(event.confidence, event.threshold)
    if event.approved:
        figures += (
            f", and a person has sent {sources.split(', ')[0]} in answer to a question like it"
        )
    if event.supported:
        return f"The ask {ask} is answered{f' by {sources}' if sources else ''}: {figures}."
    best = f"; the best there is: {sources}" if sources else "; nothing that was found answers it"
    return f"The ask {ask} is not answered well enough: {figures}{best}."


def _findings(turn: Sequence[Event]) -> list[str]:
    said = (
        f"A check of {check_words(event.check)} objected to a draft: {event.detail}."
        for event in turn
        if isinstance(event, events.Objected)
    )
    return list(dict.fromkeys(said))


def _failures(turn: Sequence[Event]) -> list[str]:
    kinds = (events.LedToPerson, events.RunGivenUp, events.StepForgone)
    return [sentence(event) for event in turn if isinstance(event, kinds)]
