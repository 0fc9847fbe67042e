"""`python -m evals journey`: every question as a ticket through a real stack, over HTTP."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress

from evals.figures.base import read_base
from evals.figures.datasets import Question, read_questions
from evals.figures.metrics import Metric
from evals.figures.report import STDERR, describe, write_report
from evals.harness.rows import Label, TicketRow
from evals.harness.suites import journey as suite
from evals.stack.sending import Outgoing, Sent, follow, send_all
from evals.stack.stack import Stack, scratch

TENANT = "measured"
FIGURES = tuple(
    """
    ended delivered_with_gold delivered_without_gold handed_off clarified answerable_handed_off
    unanswerable_delivered wrong_of_delivered seconds_p50 seconds_p95
    """.split()
)
"""Of the suite's, those that this command has always reported."""
DESK = f"""\
tenant: {TENANT}
company: The company
"""

Views = dict[str, dict[str, Any]]


def journey(
    kb: Annotated[
        list[Path], typer.Option(help="Articles: one on each line, with doc_id, title, text.")
    ],
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
    limit = suite.seconds_for(len(asked))
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
    results = [
        suite.judged(_row(one, known), views.get(ticket.ticket_id))
        for one, ticket in zip(asked, sent, strict=True)
    ]
    found = suite.figures(results)
    return {name: found[name] for name in FIGURES}


def _row(one: Question, known: frozenset[str]) -> TicketRow:
    answer = one.is_answerable(known)
    label = Label(outcome="answer" if answer else "person", articles=tuple(one.gold))
    return TicketRow(id=one.qid, body=one.text, label=label)
