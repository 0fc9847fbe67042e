"""What a tenant's tickets came to, and what customers say of the answers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime
from sqlmodel.ext.asyncio.session import AsyncSession

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
from memory.insight import figures, suggestions
from memory.insight import rows as reading
from memory.insight.rows import MAX_TICKETS, By, Window
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
    """Of the tickets accepted in the last `days` before `until` (now, unless stated)."""
    window = _window(days, until)
    desk = await context.desks.of(key.tenant)
    quiet = DEFAULT_QUIET_HOURS if desk is None else desk.goal.quiet_hours
    async with context.database.reading() as session:
        lives = await reading.lives(session, key.tenant, window)
        wrong = await reading.wrong_turns(session, key.tenant, window)
        confidences = await reading.confidences(session, key.tenant, window)
        held_back = await suggestions.suggested(session, key.tenant, window)
        costs = await _costs(session, key.tenant, window)
    found = asdict(figures.outcomes(lives, wrong, now(), timedelta(hours=quiet)))
    found["reasons"] = [
        {"reason": reason, "text": reason_sentence(reason), "count": count}
        for reason, count in found["reasons"]
    ]
    return InsightOut.model_validate(
        {
            "since": window.since,
            "until": window.until,
            "quiet_hours": quiet,
            "truncated": len(lives) >= MAX_TICKETS,
            "outcomes": found,
            "thresholds": asdict(figures.thresholds(confidences)),
            "suggestions": [asdict(one) for one in suggestions.by_part(held_back)],
            "costs": costs,
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
    return Window(end - timedelta(days=days), end)


async def _costs(session: AsyncSession, tenant: str, window: Window) -> CostsOut:
    async def by(kind: By) -> list[SpendingOut]:
        found = await reading.spending(session, tenant, window, kind)
        return [SpendingOut(**asdict(one)) for one in found]

    names = await by("name")
    return CostsOut(
        tokens=sum(one.tokens for one in names),
        cost_micros=sum(one.cost_micros for one in names),
        by_tool=names,
        by_model=await by("model"),
        by_intent=await by("intent"),
    )
