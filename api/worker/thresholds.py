"""The answer threshold of a drive: the desk's, the tenant's own calibration's, or the default's.

It is looked up at the start of each drive, so that a new calibration holds from the next ticket on
without a restart. A run that is under way keeps the one it began with.
"""

from __future__ import annotations

from dataclasses import replace

from api.runtimes import TenantRuntime
from graph.context import TicketContext
from graph.desk.model import Desk
from graph.minds.local.confidence.assessor import default_threshold, model_version
from graph.thresholds import AnswerThreshold, Threshold, in_force
from memory.knowledge import calibrations
from memory.storage.database import Database
from memory.tables import Calibration


async def with_threshold(
    context: TicketContext, runtime: TenantRuntime, database: Database, encoder: str
) -> TicketContext:
    """The context with the threshold in force now. Raises `StorageUnavailable`.

    Unchanged if the tenant has a fixed one: written in desk.yaml, or of minds without a model.
    """
    if runtime.default_threshold is None:
        return context
    found = await threshold_of(context.desk, database, encoder)
    return replace(context, answer_threshold=found.value, threshold_source=found.why)


async def threshold_of(desk: Desk, database: Database, encoder: str) -> AnswerThreshold:
    """The threshold in force for a desk whose articles are searched with `encoder`."""
    async with database.reading() as session:
        rows = await calibrations.listed(session, desk.tenant)
    return in_force(
        desk.thresholds.answer,
        desk.goal.max_wrong_answers,
        [stored(row) for row in rows],
        default_threshold(desk.goal.max_wrong_answers),
        encoder=encoder,
        model=model_version(),
    )


def stored(row: Calibration) -> Threshold:
    """A row as the threshold it holds."""
    return Threshold(
        row.threshold,
        row.max_error,
        row.n,
        row.delivered,
        row.realised_error,
        row.coverage,
        row.sufficient,
        row.note,
        row.calibrated_at,
        row.encoder,
        row.model,
        row.kb_digest,
    )


def row_of(tenant: str, threshold: Threshold, source: str) -> Calibration:
    """A threshold as a row of a tenant; the same threshold is the same row."""
    content = (threshold.max_error, threshold.threshold, threshold.n, threshold.date)
    tied = (threshold.encoder, threshold.model, threshold.kb_digest)
    return Calibration(
        id=calibrations.calibration_id(tenant, *content, *tied),
        tenant=tenant,
        max_error=threshold.max_error,
        threshold=threshold.threshold,
        n=threshold.n,
        delivered=threshold.delivered,
        realised_error=threshold.realised_error,
        coverage=threshold.coverage,
        sufficient=threshold.sufficient,
        note=threshold.note,
        encoder=threshold.encoder,
        model=threshold.model,
        kb_digest=threshold.kb_digest,
        source=source,
        calibrated_at=threshold.date,
    )
