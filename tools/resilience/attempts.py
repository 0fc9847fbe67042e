"""The attempts of one call: breaker, rate limit, slot, time-out, call, validation, retry."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from memory.admission import limited
from memory.journal.codes import CallStatus, Cause
from memory.journal.events import Attempted, Fault
from memory.storage.errors import StorageUnavailable
from tools.checks.ready import Ready
from tools.checks.result import fits
from tools.contract import CallContext, CallLog, Json, ToolSpec
from tools.faults import (
    AdapterFault,
    BreakerOpen,
    Busy,
    Held,
    NotFound,
    RateLimited,
    Rejected,
    SchemaChanged,
    ServiceError,
    Throttled,
    TimedOut,
    ToolFault,
    Unreachable,
)
from tools.resilience.breaker import Result
from tools.resilience.clock import Clock
from tools.resilience.guards import Guard, Guards
from tools.resilience.retry import Again, GiveUp, decide
from tools.tracing import attempt_span

T = TypeVar("T")

LONGEST_QUEUE_SECONDS = 2.0
"""How long an attempt waits for its turn, and again for a slot; never longer than a time-out."""
WAITS_FOR_ANOTHER = (0.05, 0.1, 0.25, 0.5)
"""Seconds between looks at an effect that somebody else is making at this moment.

Whoever waits has no attempts of its own to make, as long as the other lives.
"""
LEAST_HELD_SECONDS = 0.01
"""A shorter wait for our own limits is not journalled."""

BREAKS = (Unreachable, ServiceError, TimedOut, AdapterFault)
"""Faults that say that the tool is not well."""
ANSWERS = (NotFound, Rejected)
"""Faults that show a service which works."""
FREE = (Unreachable, ServiceError, RateLimited, Rejected)
"""Faults after which an attempt is not charged."""


def longest_seconds(spec: ToolSpec) -> float:
    """The most wall clock that a call of the tool can take, its fallback aside.

    Whoever sets a time-out around a call (a node's) should leave it as long.
    """
    retry, queue = spec.retry, min(LONGEST_QUEUE_SECONDS, spec.timeout_seconds)
    attempts = retry.attempts * (2 * queue + spec.timeout_seconds)
    waits = (retry.attempts - 1) * retry.longest_wait_seconds
    asking = 2 * spec.timeout_seconds if spec.effect == "write" else 0.0
    return attempts + waits + asking


@dataclass(frozen=True)
class Job:
    """One call of one tool that is allowed, valid and new."""

    ready: Ready
    arguments: Json
    caller: CallContext
    fingerprint: str
    cause: Cause
    key: str | None = None
    """Idempotency-Key of a write."""

    @property
    def repeatable(self) -> bool:
        """Whether a second attempt can do no harm."""
        return self.ready.spec.effect == "read" or self.ready.spec.honours_key


@dataclass
class Trail:
    """What the attempts have left behind so far; it outlives a cancellation."""

    left: int = 0
    """Attempts that the service may have seen."""
    charged: int = 0
    """Those of them that cost money."""
    doubt: bool = False
    """One of them may have had an effect that nobody has confirmed."""
    held_seconds: float = 0.0
    """What the present attempt waited for our own rate limit and for a slot."""


class Attempts:
    """Makes attempts until one succeeds or the retry policy gives up."""

    def __init__(self, guards: Guards, log: CallLog, pace: Clock) -> None:
        self._guards = guards
        self._log = log
        self._pace = pace

    async def run(self, job: Job, trail: Trail) -> Json:
        """The validated result. Raises the `ToolFault` of the last attempt that left."""
        number, last = 1, None
        while True:
            started, trail.held_seconds = self._pace.now(), 0.0
            try:
                with attempt_span(job.ready.spec.name, number):
                    value = await self._once(job, trail)
            except asyncio.CancelledError:
                await self._record(
                    job, number, started, CallStatus.CANCELLED, held=trail.held_seconds
                )
                raise
            except ToolFault as fault:
                verdict, held = self._verdict(job, number, fault), trail.held_seconds
                await self._record(
                    job, number, started, CallStatus.FAILED, fault=fault, verdict=verdict, held=held
                )
                if isinstance(verdict, GiveUp):
                    raise (last if last and isinstance(fault, Held) else fault) from None
                last = fault
            else:
                await self._record(job, number, started, CallStatus.OK, held=trail.held_seconds)
                return value
            await self._pace.sleep(verdict.wait_seconds)
            number += 1

    async def reconcile(self, job: Job) -> Json | None:
        """The result of an effect that was performed under the job's key, None if it was not.

        Raises `ToolFault` if the service cannot tell.
        """
        started = self._pace.now()
        try:
            found = await _within_time(job, job.ready.tool.reconcile(job.key or ""))
            if found is not None:
                fits(job.ready, job.arguments, found)
        except ToolFault as fault:
            await self._record(
                job, 0, started, CallStatus.FAILED, fault=fault, cause=Cause.RECONCILE
            )
            raise
        outcome = CallStatus.OK if found is not None else CallStatus.NOT_FOUND
        await self._record(job, 0, started, outcome, cause=Cause.RECONCILE)
        return found

    async def _once(self, job: Job, trail: Trail) -> Json:
        """One attempt, with the breaker told how it went whatever happens."""
        guard = self._guards.of(job.caller["tenant"], job.ready.spec)
        admission = guard.breaker.admit()
        if not admission.allowed:
            msg = f"left alone for now: {admission.reason}"
            fault = BreakerOpen(msg)
            guard.tally.fault(fault, 0.0)
            raise fault
        result: Result = "neutral"
        started = self._pace.now()
        try:
            value = await self._through(guard, job, trail)
            result = "success"
            guard.tally.success(self._pace.now() - started)
        except asyncio.CancelledError:
            guard.tally.cancelled(self._pace.now() - started)
            raise
        except ToolFault as fault:
            result = _says(fault)
            guard.tally.fault(fault, self._pace.now() - started)
            if isinstance(fault, RateLimited) and fault.retry_after:
                guard.bucket.hold(fault.retry_after)
            raise
        else:
            return value
        finally:
            guard.breaker.record(admission, result)

    async def _through(self, guard: Guard, job: Job, trail: Trail) -> Json:
        queue = min(LONGEST_QUEUE_SECONDS, job.ready.spec.timeout_seconds)
        asked = self._pace.now()
        await self._turn(guard, queue)
        try:
            async with guard.bulkhead.slot(queue):
                trail.held_seconds = self._pace.now() - asked
                return await _leave(job, trail)
        except Busy:
            guard.bucket.give_back()
            raise

    async def _turn(self, guard: Guard, queue: float) -> None:
        turn = guard.bucket.take(queue)
        if not turn.granted:
            msg = f"our own limit is used up: the next turn is in {turn.wait_seconds:.1f} s"
            raise Throttled(msg)
        if turn.wait_seconds <= 0:
            return
        try:
            await self._pace.sleep(turn.wait_seconds)
        except asyncio.CancelledError:
            guard.bucket.give_back()
            raise

    def _verdict(self, job: Job, number: int, fault: ToolFault) -> Again | GiveUp:
        return decide(
            job.ready.spec.retry,
            number,
            fault,
            repeatable=job.repeatable,
            chance=self._pace.chance(),
        )

    async def _record(
        self,
        job: Job,
        number: int,
        started: float,
        outcome: CallStatus,
        *,
        fault: ToolFault | None = None,
        verdict: Again | GiveUp | None = None,
        cause: Cause | None = None,
        held: float = 0.0,
    ) -> None:
        attempted = Attempted(
            tool=job.ready.spec.name,
            cause=cause or (Cause.RETRY if number > 1 else job.cause),
            outcome=outcome,
            fingerprint=job.fingerprint,
            duration_ms=(self._pace.now() - started) * 1_000,
            error=Fault(fault.kind, str(fault)) if fault else None,
            attempt=number,
            held_seconds=round(held, 3) if held >= LEAST_HELD_SECONDS else 0.0,
        )
        match verdict:
            case Again(seconds, why):
                attempted = replace(attempted, next_wait_seconds=round(seconds, 3), why=why)
            case GiveUp(why):
                attempted = replace(attempted, gave_up=why)
        await self._log.record(job.caller, attempted)


async def _leave(job: Job, trail: Trail) -> Json:
    """The call itself. Until something certain is known of it, its effect is in doubt."""
    doubt = trail.doubt
    trail.left, trail.charged, trail.doubt = trail.left + 1, trail.charged + 1, True
    try:
        call = job.ready.tool.call(job.arguments, key=job.key, caller=job.caller)
        value = await _within_time(job, call)
        fits(job.ready, job.arguments, value)
    except ToolFault as fault:
        trail.doubt = doubt if fault.certain else True
        # A schema that changed before the call left costs nothing either.
        trail.charged -= isinstance(fault, FREE) or (
            isinstance(fault, SchemaChanged) and fault.certain
        )
        raise
    trail.doubt = False
    return value


async def _within_time(job: Job, call: Coroutine[Any, Any, T]) -> T:
    seconds = job.ready.spec.timeout_seconds
    try:
        async with limited(seconds):
            return await call
    except (ToolFault, StorageUnavailable):
        raise  # without the ledger the step ends as if the program had: what is begun stands in it
    except TimeoutError as late:
        raise TimedOut(f"no answer within {seconds:g} s") from late
    except Exception as defect:
        # The graph must go on when an adapter has a defect; its text may quote a customer.
        raise AdapterFault(f"the adapter broke with {type(defect).__name__}") from defect


def _says(fault: ToolFault) -> Result:
    if isinstance(fault, BREAKS):
        return "failure"
    return "success" if isinstance(fault, ANSWERS) else "neutral"
