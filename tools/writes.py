"""A write goes through the effect ledger, so that it happens once or a person is told.

`intended` is committed before the call, or with the effect where nothing leaves the ledger. What ends in doubt is asked for by its key; what the
service cannot confirm is repeated only where the service does it once for one key.
"""

from __future__ import annotations

import asyncio

from memory.effects import Begun, Effects, Intent
from memory.sending import SendingStopped
from memory.tables import EffectStatus
from tools.contract import Json
from tools.faults import SendingHalted, ToolFault, UnknownEffect
from tools.resilience.attempts import WAITS_FOR_ANOTHER, Attempts, Job, Trail
from tools.resilience.clock import Clock


class Writes:
    """Performs the writes of one gateway."""

    def __init__(self, ledger: Effects, attempts: Attempts, pace: Clock) -> None:
        self._ledger = ledger
        self._attempts = attempts
        self._pace = pace

    async def perform(self, job: Job, trail: Trail) -> Json:
        """The effect's result, new or from the ledger. Raises `ToolFault` and `Fenced`."""
        intent = _intent(job)
        try:
            begun = await self._ledger.begin(intent)
        except SendingStopped as stopped:
            raise SendingHalted(str(stopped)) from stopped
        if begun.status is EffectStatus.UNKNOWN:
            begun = await self._take_up(job, intent, trail)
        if begun.proceed:
            return await self._make(job, intent, trail, begun.attempt)
        return begun.result or {}

    async def _take_up(self, job: Job, intent: Intent, trail: Trail) -> Begun:
        """What to do with an effect that somebody else left in doubt."""
        trail.doubt = True
        found = await self._ask(job)
        if found is not None:
            await self._ledger.done(intent.key, found)
            return Begun(EffectStatus.DONE, found)
        begun = Begun(EffectStatus.UNKNOWN)
        if job.ready.spec.honours_key:
            begun = await self._again(intent)
        if begun.status is EffectStatus.UNKNOWN:
            raise UnknownEffect("an earlier attempt may have happened, and the service cannot tell")
        return begun

    async def _again(self, intent: Intent) -> Begun:
        """Of several that take it up at once one makes it; the others wait for what it brings."""
        for wait in WAITS_FOR_ANOTHER:
            begun = await self._ledger.again(intent)
            if begun.status is not EffectStatus.UNKNOWN:
                return begun
            await self._pace.sleep(wait)
        return await self._ledger.again(intent)

    async def _make(self, job: Job, intent: Intent, trail: Trail, attempt: int) -> Json:
        try:
            result = await self._attempts.run(job, trail)
        except asyncio.CancelledError:
            await self._leave(intent, trail, "cancelled", attempt)
            raise
        except ToolFault as fault:
            result = await self._after(job, intent, trail, fault, attempt)
        await self._ledger.done(intent.key, result)
        return result

    async def _after(
        self, job: Job, intent: Intent, trail: Trail, fault: ToolFault, attempt: int
    ) -> Json:
        """The result after all, where the service confirms it; otherwise raises."""
        if trail.doubt and (found := await self._ask(job)) is not None:
            return found
        await self._leave(intent, trail, f"{fault.kind}: {fault}", attempt)
        if not trail.doubt:
            raise fault
        raise UnknownEffect(f"it may or may not have happened ({fault.kind}: {fault})") from fault

    async def _leave(self, intent: Intent, trail: Trail, error: str, attempt: int) -> None:
        if trail.doubt:
            await self._ledger.unknown(intent.key, error)
        else:
            await self._ledger.failed(intent.key, error, attempt)

    async def _ask(self, job: Job) -> Json | None:
        try:
            return await self._attempts.reconcile(job)
        except ToolFault:
            return None  # recorded as an attempt; to know nothing is no result


def _intent(job: Job) -> Intent:
    caller = job.caller
    return Intent(
        key=job.key or "",
        ticket_id=caller["ticket_id"],
        tenant=caller["tenant"],
        turn=caller["turn"],
        tool=job.ready.spec.name,
        fingerprint=job.fingerprint,
        epoch=caller["epoch"],
        kept=job.ready.kept,
    )
