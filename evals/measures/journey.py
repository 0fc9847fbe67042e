"""`python -m evals journey`: every question as a ticket through a real stack, over HTTP."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from evals.measures.base import read_base
from evals.measures.datasets import Question, read_questions
from evals.measures.metrics import Metric, percentile, proportion
from evals.measures.report import describe, write_report
from evals.stack.sending import Outgoing, Sent, follow, seconds_to_end, send_all
from evals.stack.stack import Stack, scratch

TENANT = "measured"
SECONDS_A_TICKET = 5.0
"""Time that is allowed for a ticket on average, before the run is called unfinished."""
LEAST_SECONDS = 120.0
DESK = f"""\
tenant: {TENANT}
company: The company
"""
STDERR = Console(stderr=True)

Views = dict[str, dict[str, Any]]


def register(app: typer.Typer) -> None:
    """Bring the command."""
    app.command("journey")(journey)


def journey(
    kb: Annotated[list[Path], typer.Option(help="Articles: doc_id, title, text a line.")],
    questions: Annotated[list[Path], typer.Option(help="Questions: qid, question, gold_doc_ids.")],
    out: Annotated[Path, typer.Option(help="Where the figures go.")],
    home: Annotated[Path | None, typer.Option(help="Keep the stack's data in this folder.")] = None,
) -> None:
    """Post every question as a ticket to a running stack, and report how each one ended."""
    asked = read_questions(questions)
    drafts, skipped = read_base(kb)
    known = frozenset(draft.doc_id for draft in drafts)
    with tempfile.TemporaryDirectory(prefix="deskhand-journey-") as folder:
        place = home or Path(folder)
        sent, views, memory = _run(place, kb, asked)
    notes = [f"memory in MB: {memory}"]
    notes += [f"not read: {one.source}: {one.why}" for one in skipped]
    write_report(
        out,
        inputs={
            "kb": [describe(path) for path in kb],
            "questions": [describe(path) for path in questions],
        },
        metrics=figures(asked, sent, views, known),
        notes=notes,
    )
    if len(views) < len(asked):
        raise typer.Exit(1)


def _run(
    home: Path, kb: Sequence[Path], asked: Sequence[Question]
) -> tuple[list[Sent], Views, dict[str, float]]:
    home.mkdir(parents=True, exist_ok=True)
    desk = home / "desk.yaml"
    desk.write_text(DESK, encoding="utf-8")
    with scratch(home / "data", desk) as stack:
        stack.load(*map(str, kb), tenant=TENANT)
        stack.start_api()
        stack.start_worker()
        return _ask(stack, asked)


def _ask(stack: Stack, asked: Sequence[Question]) -> tuple[list[Sent], Views, dict[str, float]]:
    outgoing = [Outgoing(one.qid, {"text": one.text}) for one in asked]
    limit = max(LEAST_SECONDS, SECONDS_A_TICKET * len(asked))
    with stack.client(stack.key(TENANT)) as client, Progress(console=STDERR) as progress:
        posting = progress.add_task("posting tickets", total=len(asked))
        ending = progress.add_task("tickets ended", total=len(asked))
        sent = send_all(client, outgoing, lambda: progress.advance(posting))
        views = follow(client, sent, limit, lambda _: progress.advance(ending))
        return sent, views, stack.memory_mb()


def figures(
    asked: Sequence[Question], sent: Sequence[Sent], views: Views, known: frozenset[str]
) -> dict[str, Metric]:
    """How the tickets ended. Delivered means that the agent sent an answer by itself."""
    pairs = [(one, views.get(ticket.ticket_id)) for one, ticket in zip(asked, sent, strict=True)]
    delivered = [(one, found) for one, found in pairs if _is(found, "delivered")]
    answerable = [(one, found) for one, found in pairs if one.is_answerable(known)]
    unanswerable = [(one, found) for one, found in pairs if not one.is_answerable(known)]
    seconds = [seconds_to_end(found) for found in views.values()]
    with_gold = {id(one) for one, found in delivered if _cites_gold(one, found)}
    right = [id(one) in with_gold for one, _ in pairs]
    wrong = [_is(found, "delivered") and id(one) not in with_gold for one, found in pairs]
    return {
        "ended": proportion([found is not None for _, found in pairs]),
        "delivered_with_gold": proportion(right),
        "delivered_without_gold": proportion(wrong),
        "handed_off": proportion([_is(found, "with_person") for _, found in pairs]),
        "clarified": proportion([_is(found, "clarifying") for _, found in pairs]),
        "answerable_handed_off": proportion([_is(found, "with_person") for _, found in answerable]),
        "unanswerable_delivered": proportion(
            [_is(found, "delivered") for _, found in unanswerable]
        ),
        "wrong_of_delivered": proportion([id(one) not in with_gold for one, _ in delivered]),
        "seconds_p50": percentile(seconds, 50),
        "seconds_p95": percentile(seconds, 95),
    }


def _is(found: dict[str, Any] | None, outcome: str) -> bool:
    return found is not None and found["outcome"] == outcome


def _cites_gold(one: Question, found: dict[str, Any] | None) -> bool:
    cited = set() if found is None else {source["source"] for source in found["citations"]}
    return not one.gold.isdisjoint(cited)
