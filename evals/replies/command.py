"""`python -m evals replies`: what the writer sends, beside the best passage pasted whole."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from evals.figures.datasets import DataError
from evals.figures.metrics import Metric, proportion
from evals.figures.options import CACHE, Cache, Paths, Report
from evals.figures.report import STDERR, describe, write_report
from evals.harness.desk_runtime import OpenDesk, open_desk
from evals.harness.setup import Setup
from evals.replies.page import page
from evals.replies.scoring import METRICS, ReplyScore, figures
from evals.replies.sets import (
    Case,
    Reply,
    company_cases,
    judged,
    pasted,
    question_cases,
    written,
)
from evals.replies.sources import Articles, articles

COMPANIES = (Path("examples/fernhill"), Path("examples/tarnbrook"))
BARE_DESK = "tenant: questions\ncompany: The company\n"
SYSTEMS = ("writer", "pasted")


@dataclass(frozen=True)
class Line:
    """One case under one system."""

    of: str
    """The set's name."""
    system: str
    case: Case
    reply: Reply | None
    score: ReplyScore | None
    """None where nothing was sent."""


def replies(  # noqa: PLR0917 - a command's options
    out: Report,
    company: Annotated[
        Paths | None, typer.Option(help="A folder with desk.yaml, articles, tickets, replies.")
    ] = None,
    kb: Annotated[Paths | None, typer.Option(help="Articles of --questions.")] = None,
    questions: Annotated[
        Path | None, typer.Option(help="Questions with gold answers (`answer`).")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Cases of each set at most.")] = None,
    cache: Cache = CACHE,
    printed: Annotated[
        int, typer.Option("--print", min=1, help="Replies on the --page, the first ones.")
    ] = 20,
    page_file: Annotated[
        Path | None, typer.Option("--page", help="Where the first replies go, to be read.")
    ] = None,
) -> None:
    """Judge replies: facts told, sentences that belong, what is broken, harmed, unanswered, stray.

    Without options on the example companies; with --kb and --questions on those alone, unless
    --company names companies as well.
    """
    if (kb is None) != (questions is None):
        raise typer.BadParameter("--kb and --questions go together")
    chosen = company if company is not None else list(COMPANIES) if questions is None else []
    lines = asyncio.run(_all(chosen, kb or [], questions, limit, cache))
    metrics = _report_figures(lines)
    write_report(
        out,
        inputs={"sets": [describe(one) for one in (*chosen, *(kb or ()), *_listed(questions))]},
        metrics=metrics,
        notes=_notes(lines),
        cases=[_case(one) for one in lines],
    )
    if page_file is not None:
        told = [(one.case, one.reply) for one in lines if one.system == "writer"]
        page_file.write_text(page(told, printed), encoding="utf-8")
    _beside(metrics, sorted({one.of for one in lines}))


def _listed(one: Path | None) -> list[Path]:
    return [] if one is None else [one]


async def _all(
    companies: Sequence[Path], kb: Paths, questions: Path | None, limit: int | None, cache: Path
) -> list[Line]:
    found: list[Line] = []
    for folder in companies:
        if not (folder / "desk.yaml").exists():
            msg = (
                f"{folder}: no company: it needs desk.yaml, articles, tickets.jsonl, replies.jsonl"
            )
            raise DataError(msg)
        known, cases = articles([folder / "articles"]), company_cases(folder)
        setup = Setup(folder / "desk.yaml", (folder / "articles",), cache)
        async with open_desk(setup) as desk:
            found += await _lines(folder.name, desk, known, cases[:limit])
    if questions is not None:
        known = articles(kb)
        cases = question_cases(questions, known)
        async with _bare(kb, cache) as desk:
            found += await _lines(questions.parent.name, desk, known, cases[:limit])
    return found


@asynccontextmanager
async def _bare(kb: Paths, cache: Path) -> AsyncIterator[OpenDesk]:
    with tempfile.TemporaryDirectory(prefix="deskhand-replies-") as folder:
        file = Path(folder) / "desk.yaml"
        file.write_text(BARE_DESK, encoding="utf-8")
        async with open_desk(Setup(file, tuple(kb), cache)) as desk:
            yield desk


async def _lines(name: str, desk: OpenDesk, known: Articles, cases: Sequence[Case]) -> list[Line]:
    found = []
    for case in track(cases, name, console=STDERR, transient=True):
        driven = await desk.drive(case.row)
        said = {"writer": written(driven)}
        if case.answerable:
            said["pasted"] = await pasted(case, desk)
        found += [
            Line(name, system, case, reply, judged(case, reply, desk, known) if reply else None)
            for system, reply in said.items()
        ]
    return found


def _report_figures(lines: Sequence[Line]) -> dict[str, Metric]:
    """The six figures of the writer by their plain names; of a system or a set with its name first.

    `sent` is the share of tickets that should be answered and were; `sent_wrongly` that of the
    others.
    """
    writer = [one for one in lines if one.system == "writer"]
    found = {
        **figures(_scores(writer)),
        "sent": proportion([one.score is not None for one in writer if one.case.answerable]),
        "sent_wrongly": proportion(
            [one.score is not None for one in writer if not one.case.answerable]
        ),
    }
    for system in SYSTEMS:
        of_system = [one for one in lines if one.system == system]
        if system != "writer":
            found |= _named(system, figures(_scores(of_system)))
        for name in sorted({one.of for one in of_system}):
            mine = figures(_scores([one for one in of_system if one.of == name]))
            found |= _named(f"{name}.{system}", mine)
    return found


def _named(prefix: str, those: dict[str, Metric]) -> dict[str, Metric]:
    return {f"{prefix}.{name}": metric for name, metric in those.items()}


def _scores(lines: Sequence[Line]) -> list[ReplyScore]:
    return [one.score for one in lines if one.score is not None]


def _case(one: Line) -> dict[str, Any]:
    return {
        "set": one.of,
        "system": one.system,
        "id": one.case.row.id,
        "reply": None if one.reply is None else one.reply.text,
        "cited": [] if one.reply is None else list(one.reply.cited),
        "score": None if one.score is None else asdict(one.score),
    }


def _notes(lines: Sequence[Line]) -> list[str]:
    return [
        f"{one.of} {one.case.row.id}: harmed: {what}"
        for one in lines
        if one.system == "writer" and one.score is not None
        for what in (*one.score.harmed, *(f"said {text!r}" for text in one.score.forbidden))
    ]


def _beside(metrics: dict[str, Metric], sets: Sequence[str]) -> None:
    """The systems side by side, set by set."""
    table = Table("figure", *(f"{name}: {system}" for name in sets for system in SYSTEMS))
    for metric in METRICS:
        cells = (metrics.get(f"{name}.{system}.{metric}") for name in sets for system in SYSTEMS)
        table.add_row(metric, *(_cell(one) for one in cells))
    Console().print(table)


def _cell(metric: Metric | None) -> str:
    return "no data" if metric is None or metric.value is None else f"{metric.value:.3f}"
