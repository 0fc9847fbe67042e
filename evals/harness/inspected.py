"""A suite as a task of inspect_ai: its loop, its repetitions, its logs and their viewer.

Ours is the solver, which hands a case to the code of production, and the metric, which gives the
suite's figures. This module alone imports the framework, and `evals run` alone imports this
module. No model is involved; `inspect view --log-dir DIR/logs` shows what was logged.
"""

import gc
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from inspect_ai import Epochs, Task, eval_async
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.log import EvalLog, read_eval_log_async, transcript
from inspect_ai.scorer import SampleScore, Score, Target, metric, scorer
from inspect_ai.solver import Generate, TaskState, solver
from inspect_ai.util._display import init_display_type

from evals.harness.results import CaseResult
from evals.harness.rows import CaseRow
from evals.harness.suite import Judge, Suite

NO_MODEL = "none/none"
AT_ONCE = 1
"""Cases at a time: their times are measured."""


class HarnessFailed(Exception):
    """The framework could not finish a suite; its message says why."""


async def evaluated(  # noqa: PLR0917 - the parts of one suite's run
    suite: Suite,
    rows: Sequence[CaseRow],
    judge: Judge,
    folder: Path,
    repeats: int,
    advance: Callable[[], None],
) -> tuple[list[CaseResult], str]:
    """Every case `repeats` times; and the log's file, relative to `folder`.

    A case that raises is a result with an error: the others go on, and the gate fails.
    Raises `HarnessFailed` if the framework itself came to no end.
    """
    init_display_type("none")  # the progress bar is ours, one for all suites
    with _streams_left_open():
        logs = await eval_async(
            _task(suite, rows, judge, repeats, advance),
            model=NO_MODEL,
            log_dir=str(folder / "logs"),
            log_format="eval",
            log_realtime=False,
            max_samples=AT_ONCE,
            fail_on_error=False,
            score_display=False,
            ctl_server=False,
        )
    if logs[0].error is not None:
        raise HarnessFailed(f"{suite.name}: {logs[0].error.message}")
    # Samples that load by themselves do so through a loop inside the loop, for which the framework
    # patches asyncio in the whole process: read them here instead.
    whole = await read_eval_log_async(logs[0].location)
    return _results(whole), f"logs/{Path(logs[0].location).name}"


@contextmanager
def _streams_left_open() -> Iterator[None]:
    """The framework leaves memory streams to the collector, each with a warning: not ours."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Unclosed <MemoryObject", ResourceWarning)
        yield
        gc.collect()


def _task(
    suite: Suite,
    rows: Sequence[CaseRow],
    judge: Judge,
    repeats: int,
    advance: Callable[[], None],
) -> Task:
    by_id = {row.id: row for row in rows}
    samples = [Sample(id=row.id, input=getattr(row, "text", row.id) or row.id) for row in rows]
    return Task(
        name=suite.name,
        dataset=MemoryDataset(samples, name=suite.name),
        solver=_solver(by_id, judge, advance),
        scorer=_scorer(suite),
        epochs=Epochs(repeats, "mean"),
    )


def _solver(rows: dict[str, Any], judge: Judge, advance: Callable[[], None]) -> Any:
    @solver(name="production")
    def production() -> Any:
        async def solve(state: TaskState, generate: Generate) -> TaskState:  # noqa: ARG001 - inspect's
            try:
                results = await judge(rows[str(state.sample_id)], state.epoch)
            finally:
                advance()
            for one in results:
                for line in one.trace:
                    transcript().info(line, source="journal")
            state.metadata["results"] = [asdict(one) for one in results]
            state.output.completion = "; ".join(one.got for one in results)
            return state

        return solve

    return production()


def _scorer(suite: Suite) -> Any:
    @metric(name=suite.name)
    def figures() -> Any:
        def compute(scores: list[SampleScore]) -> dict[str, float]:
            found = suite.figures([one for score in scores for one in _of(score.score.metadata)])
            return {n: m.value for n, m in found.items() if m.value is not None}

        return compute

    @scorer(metrics=[figures()], name="label")
    def label() -> Any:
        async def score(state: TaskState, target: Target) -> Score:  # noqa: ARG001 - inspect's
            results = [CaseResult(**one) for one in state.metadata["results"]]
            return Score(
                value=float(all(one.right for one in results)),
                answer=state.output.completion,
                explanation="\n".join(line for one in results for line in one.trace),
                metadata={"results": state.metadata["results"]},
            )

        return score

    return label()


def _of(metadata: dict[str, Any] | None) -> list[CaseResult]:
    return [CaseResult(**one) for one in (metadata or {}).get("results", ())]


def _results(log: EvalLog) -> list[CaseResult]:
    found: list[CaseResult] = []
    for sample in log.samples or ():
        if sample.error is not None:
            failed = CaseResult(str(sample.id), error=sample.error.message, epoch=sample.epoch)
            found.append(failed)
        for score in (sample.scores or {}).values():
            found += _of(score.metadata)
    return found
