"""What a tenant's tickets came to, and what customers say of the answers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from api.http.deps import AgentKey, ContextDep, IntakeKey, takes_json
from api.http.desk.insight_schemas import (
    CostsOut,
    FeedbackIn,
    FeedbackOut,
    InsightOut,
    SpendingOut,
)
from api.http.text import PathId
from graph.reasons import reason_sentence
from memory.insight import figures, sums
from memory.insight.cells import By
from memory.insight.figures import Spending, Sums
from memory.insight.sums import Window
from memory.tables import now
from memory.tickets import feedback

DEFAULT_DAYS = 30
MAX_DAYS = 366
FIRST_UNTIL = datetime(1970, 1, 1, tzinfo=UTC)
"""No ticket is older; a calendar's first days have none before them."""
LAST_UNTIL = datetime(9999, 1, 1, tzinfo=UTC)
"""Its last hours are in no calendar, seen from a place where it is earlier."""
DEFAULT_QUIET_HOURS = 72.0
"""Without a desk that says else."""

router = APIRouter(prefix="/v1", tags=["insight"])


@router.get("/insight", summary="Read the figures")
async def get_insight(
    *,
    key: AgentKey,
    context: ContextDep,
    days: Annotated[int, Query(ge=1, le=MAX_DAYS)] = DEFAULT_DAYS,
    until: AwareDatetime | None = None,
) -> InsightOut:
    """Of the tickets accepted in the last `days` before `until` (now, unless stated), in whole hours."""
    window, moment = _window(days, until), now()
    desk = await context.desks.of(key.tenant)
    quiet = DEFAULT_QUIET_HOURS if desk is None else desk.goal.quiet_hours
    added, is_all = await context.database.units.read(
        partial(
            sums.read_in, tenant=key.tenant, window=window, at=moment, quiet=timedelta(hours=quiet)
        )
    )
    found = asdict(figures.outcomes(added))
    found["reasons"] = [
        {"reason": reason, "text": reason_sentence(reason), "count": count}
        for reason, count in found["reasons"]
    ]
    return InsightOut.model_validate(
        {
            "since": window.since,
            "until": window.until,
            "quiet_hours": quiet,
            "truncated": not is_all,
            "outcomes": found,
            "thresholds": asdict(figures.thresholds(added)),
            "suggestions": [asdict(one) for one in figures.suggestions(added)],
            "costs": _costs(added),
        }
    )


@router.post(
    "/tickets/{ticket_id}/feedback",
    summary="Say whether the answer solved it",
    **takes_json(404, 409),
)
async def post_feedback(
    ticket_id: PathId, body: FeedbackIn, key: IntakeKey, context: ContextDep
) -> FeedbackOut:
    """The customer's word on the last answer; saying it again replaces it.

    What is still open goes to `POST /v1/tickets/{id}/messages` and gets an answer.
    """
    async with context.database.transaction() as session:
        said = await feedback.record(session, key.tenant, ticket_id, solved=body.solved)
        return FeedbackOut.model_validate(said, from_attributes=True)


def _window(days: int, until: datetime | None) -> Window:
    end = min(max(until or now(), FIRST_UNTIL), LAST_UNTIL)
    return Window.of(end - timedelta(days=days), end)


def _costs(added: Sums) -> CostsOut:
    """Of what costs most, so much as a page shows."""
    names = figures.spending(added, By.NAME)

    def shown(some: list[Spending]) -> list[SpendingOut]:
        return [SpendingOut(**asdict(one)) for one in some[: figures.MAX_NAMES]]

    return CostsOut(
        tokens=sum(one.tokens for one in names),
        cost_micros=sum(one.cost_micros for one in names),
        by_tool=shown(names),
        by_model=shown(figures.spending(added, By.MODEL)),
        by_intent=shown(figures.spending(added, By.INTENT)),
    )
