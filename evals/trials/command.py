"""`python -m evals trials`: the whole folder by one command, as a table and as JSON."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from evals.figures.metrics import Metric, proportion
from evals.figures.options import CACHE, Cache, Report
from evals.figures.report import STDERR, describe, write_report
from evals.harness.desk_runtime import OpenDesk, open_desk
from evals.harness.setup import Setup
from evals.trials.articles import ingested, judged_article, seen
from evals.trials.conversations import judged_answer, judged_ticket
from evals.trials.desks import judged_desk
from evals.trials.folder import article_folders, read_folder
from evals.trials.questions import Article
from evals.trials.trial import Trial, Verdict

BARE_DESK = "tenant: trials\ncompany: The company\n"
"""Whose questions are about the folder's own articles."""
WIDTH = 60
"""Characters of what was expected and of what came, in the table."""

Judge = Callable[[Trial], Awaitable[Verdict]]


def trials(
    folder: Annotated[Path, typer.Option(help="Folders of tickets, articles and desks.")],
    out: Report,
    only: Annotated[
        str | None, typer.Option(help="A glob over names below the folder: tickets/y*, desk ...")
    ] = None,
    cache: Cache = CACHE,
) -> None:
    """Run odd inputs through the code that production runs, and judge each by what it expects."""
    chosen = read_folder(folder, only)
    found = asyncio.run(_run(chosen, folder, cache))
    _show(found)
    write_report(
        out,
        inputs={"folder": describe(folder), "only": only},
        metrics=figures(found),
        notes=_notes(found),
        cases=[_case(trial, verdict) for trial, verdict in found],
    )


def _case(trial: Trial, verdict: Verdict) -> dict[str, object]:
    return {
        "id": trial.id,
        "kind": trial.kind,
        "expect": trial.expect,
        "came": verdict.came,
        "as_expected": verdict.right,
        "not_understood": list(verdict.unknown),
    }


async def _run(chosen: Sequence[Trial], folder: Path, cache: Path) -> list[tuple[Trial, Verdict]]:
    async with AsyncExitStack() as stack:
        judges = {
            kind: await stack.enter_async_context(open_judge(folder, chosen, cache))
            for kind, open_judge in JUDGES.items()
            if any(one.kind == kind for one in chosen)
        }
        watched = track(chosen, "running trials", console=STDERR, transient=True)
        return [(one, await _judged(judges[one.kind], one)) for one in watched]


async def _judged(judge: Judge, trial: Trial) -> Verdict:
    try:
        return await judge(trial)
    except Exception as error:  # noqa: BLE001 - an input that breaks the code is what is looked for
        return Verdict(right=False, came=f"crashed: {type(error).__name__}: {error}")


@asynccontextmanager
async def _tickets(_folder: Path, _chosen: Sequence[Trial], cache: Path) -> AsyncIterator[Judge]:
    async with open_desk(Setup(cache=cache)) as desk:
        yield _with(desk, judged_ticket)


@asynccontextmanager
async def _questions(folder: Path, _chosen: Sequence[Trial], cache: Path) -> AsyncIterator[Judge]:
    """A bare desk over all articles of the folder."""
    folders = [one for one in article_folders(folder) if not _only_rows(one)]
    with tempfile.TemporaryDirectory(prefix="deskhand-trials-") as scratch:
        file = Path(scratch) / "desk.yaml"
        file.write_text(BARE_DESK, encoding="utf-8")
        async with open_desk(Setup(desk=file, kb=tuple(folders), cache=cache)) as desk:
            articles = _articles(folders)
            yield lambda trial: judged_answer(desk, trial, articles)


@asynccontextmanager
async def _folders(_folder: Path, chosen: Sequence[Trial], cache: Path) -> AsyncIterator[Judge]:
    folders = {one.path.parent for one in chosen if one.kind == "article"}
    found = {one: await ingested(one, cache) for one in sorted(folders)}

    async def judge(trial: Trial) -> Verdict:
        return judged_article(trial, found[trial.path.parent])

    yield judge


@asynccontextmanager
async def _desks(_folder: Path, _chosen: Sequence[Trial], _cache: Path) -> AsyncIterator[Judge]:
    async def judge(trial: Trial) -> Verdict:
        return await asyncio.to_thread(judged_desk, trial)

    yield judge


JUDGES = {"article": _folders, "desk": _desks, "question": _questions, "ticket": _tickets}


def _with(desk: OpenDesk, judge: Callable[[OpenDesk, Trial], Awaitable[Verdict]]) -> Judge:
    return lambda trial: judge(desk, trial)


def _only_rows(folder: Path) -> bool:
    return all(one.suffix not in {".md", ".markdown", ".html", ".htm"} for one in folder.iterdir())


def _articles(folders: Sequence[Path]) -> list[Article]:
    return [
        (one.path, one.path.relative_to(folder).with_suffix("").as_posix(), seen(one))
        for folder in folders
        for one in read_folder(folder.parent)
        if one.kind == "article" and one.path.parent == folder and not one.line
    ]


def figures(found: Sequence[tuple[Trial, Verdict]]) -> dict[str, Metric]:
    """The share that came as expected: of all, and of each kind."""
    kinds = sorted({trial.kind for trial, _ in found})
    return {
        "as_expected": proportion([verdict.right for _, verdict in found]),
        **{
            f"as_expected_{kind}": proportion(
                [verdict.right for trial, verdict in found if trial.kind == kind]
            )
            for kind in kinds
        },
        "crashed": proportion([verdict.came.startswith("crashed") for _, verdict in found]),
        "not_understood": proportion([bool(verdict.unknown) for _, verdict in found]),
    }


def _show(found: Sequence[tuple[Trial, Verdict]]) -> None:
    console = Console(width=max(Console().width, 3 * WIDTH))
    counts = Counter(trial.folder for trial, _ in found)
    right = Counter(trial.folder for trial, verdict in found if verdict.right)
    for folder in counts:
        table = Table(title=f"{folder}: {right[folder]} of {counts[folder]} as expected")
        for name in ("trial", "expected", "came", ""):
            table.add_column(name, overflow="ellipsis", no_wrap=True)
        for trial, verdict in found:
            if trial.folder == folder:
                mark = "yes" if verdict.right else "not understood" if verdict.unknown else "NO"
                cells = (trial.id.rpartition("/")[2], trial.expect, verdict.came, mark)
                table.add_row(*(_line(cell) for cell in cells))
        console.print(table)


def _line(text: str) -> str:
    flat = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return flat if len(flat) <= WIDTH else flat[: WIDTH - 1] + "…"


def _notes(found: Sequence[tuple[Trial, Verdict]]) -> list[str]:
    odd = [
        f"not understood, so not as expected: {trial.id}: {', '.join(verdict.unknown)}"
        for trial, verdict in found
        if verdict.unknown
    ]
    return [f"{sum(v.right for _, v in found)} of {len(found)} as expected", *odd]
