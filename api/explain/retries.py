"""Why was anything done more than once? Pure."""

from __future__ import annotations

from collections.abc import Sequence

from api.explain.requests import Request, requests
from api.explain.sentences import count, error_words, plain, span
from api.explain.tool import clauses, shown, times
from api.explain.vocabulary import STEPS
from memory.tables import JournalRow

AGAIN = {"retry": "a retry", "resume": "a crash"}


def about_retries(rows: Sequence[JournalRow]) -> list[str]:
    """Every repetition with its reason: requests, steps, runs; and what was left out."""
    lines = [*_requests(rows), *_waits(rows), *_steps(rows), *_runs(rows)]
    return lines or ["Nothing was done twice."]


def _requests(rows: Sequence[JournalRow]) -> list[str]:
    found: dict[str, list[Request]] = {}
    for one in requests(rows):
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


def _waits(rows: Sequence[JournalRow]) -> list[str]:
    waits = [(row.numbers or {}).get("next_wait_seconds") for row in rows if row.kind == "attempt"]
    waited = sum(one for one in waits if isinstance(one, int | float))
    return [f"Between attempts it waited {span(waited)} in all."] if waited else []


def _steps(rows: Sequence[JournalRow]) -> list[str]:
    lines = []
    for row in rows:
        if row.kind != "step" or row.cause not in AGAIN:
            continue
        doing = STEPS.get(row.name, ("", f"The step {plain(row.name)}"))[1]
        if row.cause == "resume":
            lines.append(f"{doing} ran in a new drive, since the one before did not finish it.")
        else:
            lines.append(f"{doing} ran again, since {_before(row, rows)}.")
    return lines


def _before(row: JournalRow, rows: Sequence[JournalRow]) -> str:
    earlier = [
        one for one in rows if one.seq < row.seq and (one.kind, one.name) == ("step", row.name)
    ]
    failed = [one for one in earlier if one.error]
    return error_words(failed[-1].error or "") if failed else "it had failed"


def _runs(rows: Sequence[JournalRow]) -> list[str]:
    recovered = sum(
        (row.kind, row.name, row.cause) == ("run", "drive", "recovered") for row in rows
    )
    lost = sum((row.kind, row.name) == ("run", "sweep") for row in rows)
    lines = []
    if recovered:
        word = "was" if recovered == 1 else "were"
        lines.append(f"{count(recovered, 'run')} {word} taken over, since the worker died or hung.")
    if lost:
        lines.append(f"It was put into the queue again {times(lost)}, since its run was lost.")
    return lines
