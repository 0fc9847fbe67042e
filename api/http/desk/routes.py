"""What a desk is set to, what it has spent today, and its keys."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from api.http.deps import AdminKey, AgentKey, ApiContext, ContextDep, takes_json
from api.http.desk.schemas import (
    CalibrationOut,
    DeskOut,
    IntentOut,
    KeyIn,
    KeyOut,
    NewKeyOut,
    SpentOut,
)
from api.http.faults import NoDesk
from api.http.responses import problems
from api.http.text import PathId
from graph.desk.model import Desk, Intent
from memory.budgets import ledger as accounts
from memory.budgets.amounts import RESOURCES
from memory.knowledge import calibrations
from memory.people import keys
from memory.tables import ApiKey, Calibration, now

router = APIRouter(prefix="/v1", tags=["settings"])


@router.get("/desk", summary="Read the desk's settings", responses=problems(404))
async def get_desk(key: AgentKey, context: ContextDep) -> DeskOut:
    """Goal, thresholds, limits, hours, intents, and today's budgets. No secrets."""
    desk = await context.desks.of(key.tenant)
    if desk is None:
        raise NoDesk(f"no desk of tenant {key.tenant!r} is in {context.desks.path}")
    async with context.database.reading() as session:
        account = accounts.day_account(key.tenant, now())
        balance = await accounts.balance(session, account)
        rows = await calibrations.listed(session, key.tenant)
    known = _calibrations(desk, rows)
    return _desk(desk, balance, known, context)


@router.get("/keys", summary="List keys")
async def list_keys(key: AdminKey, context: ContextDep) -> list[KeyOut]:
    """The tenant's keys, oldest first, without their secrets."""
    async with context.database.reading() as session:
        return [_key(one) for one in await keys.listed(session, key.tenant)]


@router.post("/keys", status_code=201, summary="Make a key", **takes_json())
async def create_key(body: KeyIn, key: AdminKey, context: ContextDep) -> NewKeyOut:
    """Make a key; its token is in this answer and nowhere else."""
    async with context.database.transaction() as session:
        made, token = await keys.create(session, key.tenant, body.name, body.scopes)
    return NewKeyOut(**_key(made).model_dump(), token=token)


@router.post("/keys/{key_id}/revoke", summary="End a key", responses=problems(404))
async def revoke_key(key_id: PathId, key: AdminKey, context: ContextDep) -> KeyOut:
    """It stops working at once; ending it again changes nothing."""
    async with context.database.transaction() as session:
        return _key(await keys.revoke(session, key.tenant, key_id))


def _desk(
    desk: Desk,
    balance: dict[str, tuple[int, int]],
    known: list[CalibrationOut],
    context: ApiContext,
) -> DeskOut:
    ceiling = desk.budgets.day.ceiling
    return DeskOut(
        tenant=desk.tenant,
        company=desk.company,
        language=desk.language,
        problem=context.desks.problem_of(desk.tenant),
        kept_days=dict(context.kept_days),
        encrypted_at_rest=context.database.ring is not None,
        goal=desk.goal.model_dump(mode="json"),
        thresholds=desk.thresholds.model_dump(mode="json"),
        limits=desk.limits.model_dump(mode="json"),
        hours=desk.hours.model_dump(mode="json"),
        minds=_minds(desk),
        intents=[_intent(one) for one in desk.intents],
        calibrations=known,
        today=[
            SpentOut(resource=name, spent=spent, held=held, limit=getattr(ceiling, name))
            for name in RESOURCES
            for spent, held in (balance[name],)
        ],
    )


def _calibrations(desk: Desk, rows: list[Calibration]) -> list[CalibrationOut]:
    """The tenant's own and the default for its goal."""
    from graph.minds.local.confidence.assessor import default_threshold

    own = [
        CalibrationOut.model_validate({**row.model_dump(), "date": row.calibrated_at})
        for row in rows
    ]
    default = default_threshold(desk.goal.max_wrong_answers)
    return [*own, CalibrationOut.model_validate({**asdict(default), "source": "default"})]


def _minds(desk: Desk) -> dict[str, Any]:
    """Who decides what, and by which model; addresses and keys of models stay out."""
    minds = desk.minds
    families = {name: getattr(minds, name) for name in ("classifier", "planner", "writer", "judge")}
    return families | {"models": [spec.model for spec in minds.models]}


def _intent(intent: Intent) -> IntentOut:
    return IntentOut(
        name=intent.name,
        description=intent.description,
        handling=intent.handling,
        priority=intent.priority,
        tools=list(intent.tools),
    )


def _key(key: ApiKey) -> KeyOut:
    return KeyOut.model_validate(key, from_attributes=True)
