"""intent: what triage says of a ticket, by the node that production runs."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import numpy as np
import numpy.typing as npt

from evals.figures.metrics import (
    Metric,
    auroc,
    bootstrap,
    ece,
    exact,
    percentile,
    proportion,
)
from evals.harness.desk_runtime import OpenDesk, Place
from evals.harness.results import CaseResult, numbers
from evals.harness.rows import OUTSIDE, TicketRow, read_cases
from evals.harness.setup import Setup
from evals.harness.suite import SHIPPED, TICKETS, Judge, Suite, files
from graph.nodes import triage
from graph.state import Classification, TicketState

REJECTED_INSIDE = 0.05
"""Share of texts with an intent that may be rejected where the recall of foreign ones is read."""
REJECTED_OUTSIDE = 0.70
"""Share of foreign texts that must be rejected where the accuracy on the others is read."""


def read(setup: Setup) -> list[TicketRow]:
    """Tickets whose intent is labelled."""
    rows = read_cases(TicketRow, files(setup, TICKETS, SHIPPED / "intent.jsonl"))
    return [row for row in rows if row.label.intent is not None]


@asynccontextmanager
async def opened(place: Place, _rows: Sequence[TicketRow]) -> AsyncIterator[Judge]:
    """Triage of the opened desk."""
    desk = await place.desk()

    async def judge(row: TicketRow, _epoch: int) -> list[CaseResult]:
        return [await _judged(desk, row)]

    yield judge


async def _judged(desk: OpenDesk, row: TicketRow) -> CaseResult:
    started = time.perf_counter()
    done = await triage.run(_state(row), desk.context(row))
    seconds = time.perf_counter() - started
    triaged = done.update["triaged"]
    assert triaged is not None
    wanted = row.label.intent if desk.desk.intent(row.label.intent) is not None else OUTSIDE
    said = triaged["classification"]
    return result(row.id, row.text, str(wanted), said, 1000 * seconds)


def result(
    name: str, text: str, wanted: str, said: Classification, milliseconds: float
) -> CaseResult:
    """What was said of a text whose intent is `wanted`, or `oos`."""
    best = said["ranked"][0] if said["ranked"] else {"name": OUTSIDE, "confidence": 0.0}
    got = said["intent"] or OUTSIDE
    return CaseResult(
        id=name,
        text=text,
        wanted=wanted,
        got=got,
        right=got == wanted,
        measures={
            "right": float(got == wanted),
            "inside": best["confidence"],
            "has_intent": float(wanted != OUTSIDE),
            "best_right": float(best["name"] == wanted),
            "confidence": said["confidence"],
            "ms": milliseconds,
        },
        trace=[
            f"{one['name']}: {one['confidence']:.2f}, needed {said['threshold']:.2f}"
            for one in said["ranked"]
        ],
        facts={"best": best["name"]},
    )


def _state(row: TicketRow) -> TicketState:
    return {
        "turn": 1,
        "subject": row.subject,
        "headers": dict(row.headers),
        "conversation": [{"seq": 1, "role": "customer", "kind": "message", "text": row.body}],
    }


def figures(results: Sequence[CaseResult]) -> dict[str, Metric]:
    """The figures. `accuracy` and `macro_f1` look at texts with an intent only."""
    inside = [one for one in results if one.measures["has_intent"]]
    scores, right = numbers(results, "inside"), numbers(results, "right")
    foreign = [not one.measures["has_intent"] for one in results]
    columns = (scores, [float(one) for one in foreign], numbers(results, "best_right"))
    return {
        "accuracy": proportion([one.measures["best_right"] > 0 for one in inside]),
        "macro_f1": _macro_f1(inside),
        "decided_accuracy": proportion([one > 0 for one in right]),
        "ece": ece(numbers(results, "confidence"), [one > 0 for one in right]),
        "oos_auroc": auroc([-value for value in scores], foreign),
        "oos_recall_at_5": bootstrap(_recall_of_foreign, *columns),
        "inscope_accuracy_at_oos_recall_70": bootstrap(_accuracy_inside, *columns),
        "ms_per_text": percentile(numbers(results, "ms"), 50),
    }


def _macro_f1(inside: Sequence[CaseResult]) -> Metric:
    from sklearn.metrics import f1_score

    if not inside:
        return exact(None, 0)
    labels, found = [one.wanted for one in inside], [one.facts["best"] for one in inside]
    value = f1_score(labels, found, labels=sorted(set(labels)), average="macro", zero_division=0.0)
    return exact(float(value), len(inside))


def _recall_of_foreign(rows: npt.NDArray[np.float64]) -> float | None:
    scores, foreign = rows[:, 0], rows[:, 1] > 0
    if foreign.all() or not foreign.any():
        return None
    return float(np.mean(scores[foreign] < np.quantile(scores[~foreign], REJECTED_INSIDE)))


def _accuracy_inside(rows: npt.NDArray[np.float64]) -> float | None:
    scores, foreign, right = rows[:, 0], rows[:, 1] > 0, rows[:, 2] > 0
    if foreign.all() or not foreign.any():
        return None
    accepted = scores[~foreign] > np.quantile(scores[foreign], REJECTED_OUTSIDE)
    return float(np.mean(accepted & right[~foreign]))


SUITE = Suite(
    name="intent",
    about="Is the intent named right, and is a text that has none refused?",
    read=read,
    opened=opened,
    figures=figures,
)
