"""faults: every fault of an outside service against each role of a tool, several times over.

`python -m evals faults` runs every kind of adapter and the model path once. What counts here is pass^k: the share of (tool, fault) pairs that go right k times in a row. A fault
that is survived now and then is not survived.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from math import comb

from evals.faults.table import sources
from evals.figures.metrics import Metric, bootstrap, mean, proportion
from evals.harness.desk_runtime import Place
from evals.harness.results import CaseResult, numbers
from evals.harness.rows import CaseRow
from evals.harness.setup import Setup
from evals.harness.suite import Judge, Suite

REPEATS = 3
ROLES = ("read", "search", "write", "unkeyed", "delivery", "model")
"""One journey a role: the adapters share the gateway, and repeating all of them takes an hour."""


def read(_setup: Setup) -> list[CaseRow]:
    """One case a role: it brings a row for each fault."""
    return [CaseRow(id=name) for name in ROLES]


@asynccontextmanager
async def opened(_place: Place, _rows: Sequence[CaseRow]) -> AsyncIterator[Judge]:
    """Each kind of tool has a service and a ledger of its own, anew for each repetition."""

    async def judge(row: CaseRow, epoch: int) -> list[CaseResult]:
        return [
            CaseResult(
                id=f"{one.journey}/{one.scenario}",
                text=f"{one.journey} while the service does: {one.scenario}",
                wanted="an end, and each effect at most once",
                got=one.outcome,
                right=not one.wrong,
                measures={
                    "right": float(not one.wrong),
                    "attempts": float(one.attempts),
                    "seconds": one.seconds,
                },
                trace=list(one.wrong),
                epoch=epoch,
            )
            for one in await sources()[row.id]()
        ]

    yield judge


def figures(results: Sequence[CaseResult]) -> dict[str, Metric]:
    """pass^1 to pass^k over the pairs, and each single run."""
    runs: dict[str, list[bool]] = {}
    for one in results:
        runs.setdefault(one.id, []).append(one.right)
    most = min((len(one) for one in runs.values()), default=0)
    found = {
        f"pass_{k}": pass_hat([(len(one), sum(one)) for one in runs.values()], k)
        for k in range(1, most + 1)
    }
    return {
        "nothing_wrong": proportion([one.right for one in results]),
        **found,
        "attempts": mean(numbers(results, "attempts")),
        "seconds": mean(numbers(results, "seconds")),
    }


def pass_hat(cases: Sequence[tuple[int, int]], k: int) -> Metric:
    """pass^k of cases (runs, passes): the chance that k runs drawn from a case's all passed.

    Its interval comes from drawing the cases anew.
    """
    return bootstrap(
        lambda rows: float(rows[:, 0].mean()),
        [comb(passes, k) / comb(runs, k) for runs, passes in cases],
    )


SUITE = Suite(
    name="faults",
    about="Does every ticket end well while the outside world misbehaves, time after time?",
    read=read,
    opened=opened,
    figures=figures,
    repeats=REPEATS,
)
