"""Why was anything done more than once? Pure."""

from __future__ import annotations

from collections.abc import Sequence

from api.explain.requests import Request, requests
from api.explain.tool import clauses, shown, times
from api.explain.words.errors import error_words
from api.explain.words.phrases import count, span
from api.explain.words.steps import doing_words
from memory.journal import events
from memory.journal.codes import Cause, Node, RunCause
from memory.journal.events import Record


def about_retries(records: Sequence[Record]) -> list[str]:
    """Every repetition with its reason: requests, steps, runs; and what was left out."""
    lines = [*_requests(records), *_waits(records), *_steps(records), *_runs(records)]
    return lines or ["Nothing was done twice."]


def _requests(records: Sequence[Record]) -> list[str]:
    found: dict[str, list[Request]] = {}
    for one in requests(records):
        if not one.needed:
            found.setdefault(one.name, []).append(one)
    return [_repeated(name, again) for name, again in found.items()]


def _repeated(name: str, again: Sequence[Request]) -> str:
    made = [one for one in again if one.made]
    left = [one for one in again if not one.made]
    parts = []
    if made:
        parts.append(f"{shown(name)} was asked {times(len(made))} more: {clauses(made)}")
    if left:
        begin = "and " if made else f"{shown(name)}: "
        parts.append(f"{begin}{clauses(left)}")
    return "; ".join(parts) + "."


def _waits(records: Sequence[Record]) -> list[str]:
    attempts = (one.event for one in records if isinstance(one.event, events.Attempted))
    waited = sum(one.next_wait_seconds or 0 for one in attempts)
    return [f"Between attempts it waited {span(waited)} in all."] if waited else []


def _steps(records: Sequence[Record]) -> list[str]:
    lines = []
    failed: dict[str, str] = {}
    """Why the last attempt of a step failed, by its node."""
    for step in (one.event for one in records if isinstance(one.event, events.StepBase)):
        doing = doing_words(Node(step.name))
        if step.cause == Cause.RESUME:
            lines.append(f"{doing} ran in a new drive, since the one before did not finish it.")
        elif step.cause == Cause.RETRY:
            lines.append(f"{doing} ran again, since {failed.get(step.name, 'it had failed')}.")
        if step.error:
            failed[step.name] = error_words(step.error)
    return lines


def _runs(records: Sequence[Record]) -> list[str]:
    told = [one.event for one in records]
    begun = [event for event in told if isinstance(event, events.RunBegan)]
    recovered = sum(event.cause == RunCause.RECOVERED for event in begun)
    lost = sum(isinstance(event, events.RunLost) for event in told)
    lines = []
    if recovered:
        word = "was" if recovered == 1 else "were"
        lines.append(f"{count(recovered, 'run')} {word} taken over, since the worker died or hung.")
    if lost:
        lines.append(f"It was put into the queue again {times(lost)}, since its run was lost.")
    return lines
