"""The only way to call a tool. The order of its checks is the order of this file.

Permission, validation of the arguments, approval, an equal call of this run, budget; then for
each attempt breaker, rate limit, slot, time-out, call and validation of the result (see
attempts.py), with retries between; then the identity gate, the fallback, the settlement of the
budget and the journal. A tool's failure is data in the outcome, never an exception.

What does leave as an exception: cancellation, `Fenced` (this run is a zombie), and a ledger or
journal that cannot be written, since nothing may happen unrecorded.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from memory import addresses
from memory.budgets.amounts import Amounts, BudgetRefused, BudgetScope, Reserved
from memory.budgets.budgets import Budget
from memory.effects import Effects
from memory.fingerprints import effect_key, fingerprint
from memory.journal.codes import CallStatus, Cause, ErrorKind, limit_of
from memory.journal.events import ToolCalled
from memory.verification.challenges import Verification
from tools.catalog import Catalog
from tools.checks.permission import UNMETERED, Permissions, gated, unapproved
from tools.checks.ready import Ready
from tools.checks.schema import oversized
from tools.contract import (
    CallContext,
    CallLog,
    Json,
    OutcomeStatus,
    ToolCall,
    ToolError,
    ToolOutcome,
    ToolSpec,
)
from tools.faults import ToolFault, UnknownEffect
from tools.outcomes import called, ended, refused, suppressed, with_fallback
from tools.resilience.attempts import Attempts, Job, Trail
from tools.resilience.clock import Clock
from tools.resilience.guards import Guards
from tools.resilience.singleflight import Key, SingleFlight
from tools.tracing import failed, tool_span
from tools.writes import Writes

FALLS_BACK = frozenset(
    {"timeout", "unreachable", "service_error", "rate_limited", "breaker_open", "busy"}
    | {"schema_changed", "wrong_answer", "adapter_fault"}
)
"""Errors after which another tool may answer."""
UNKNOWN_TOOL = "unknown_tool"
"""What the journal and the traces call a tool that does not exist."""


class ToolGateway:
    """The gateway of one tenant in one process. See `tools.contract.Gateway`."""

    def __init__(
        self,
        catalog: Catalog,
        *,
        permissions: Permissions,
        guards: Guards,
        budget: Budget,
        ledger: Effects,
        log: CallLog,
        pace: Clock | None = None,
        identity: Verification | None = None,
    ) -> None:
        """`guards` is the same object for all gateways of a process.

        Without `identity` only the authenticated sender opens a record's gate.
        """
        self._identity = identity
        self._catalog = catalog
        self._permissions = permissions
        self._budget = budget
        self._log = log
        self._pace = pace or Clock()
        self._flights = SingleFlight(self._pace.now)
        self._attempts = Attempts(guards, log, self._pace)
        self._writes = Writes(ledger, self._attempts, self._pace)

    async def call(self, call: ToolCall, caller: CallContext) -> ToolOutcome:
        """Check, call, retry, record. Returns also when the tool failed."""
        name = call["tool"] if call["tool"] in self._catalog.ready else UNKNOWN_TOOL
        with tool_span(name, caller["ticket_id"], caller["tenant"]) as span:
            outcome = await self._called(call, caller)
            span.set_attribute("deskhand.outcome", outcome["status"])
            span.set_attribute("deskhand.attempts", outcome["attempts"])
            if outcome["error"] is not None:
                failed(span, outcome["error"]["kind"])
            return outcome

    async def _called(self, call: ToolCall, caller: CallContext) -> ToolOutcome:
        started, digest = self._pace.now(), _digest(call)
        error = self.vet(call, caller) or self._unapproved(call, digest, caller)
        if error is not None:
            outcome = refused(call["tool"], digest, error, self._since(started))
            await self._record(caller, call, outcome, call["cause"])
            return outcome
        ready = self._catalog.ready[call["tool"]]
        shared = await self._flights.once(
            _key(caller, digest),
            ready.spec.effect,
            lambda: self._answer(_job(ready, call, caller, digest), call),
        )
        if not shared.repeated:
            return shared.outcome
        outcome = suppressed(shared.outcome, self._since(started))
        await self._record(caller, call, outcome, Cause.DUPLICATE_SUPPRESSED)
        return outcome

    def vet(self, call: ToolCall, caller: CallContext) -> ToolError | None:
        """Why the call would be refused, approval aside; for planning and for proposing it."""
        name, tenant = call["tool"], self._catalog.tenant
        ready = self._catalog.ready.get(name)
        if ready is None:
            known = ", ".join(sorted(self._catalog.ready))
            return _error(ErrorKind.UNKNOWN_TOOL, f"there is no such tool; there are: {known}")
        if tenant is not None and caller["tenant"] != tenant:
            return _error(ErrorKind.NOT_PERMITTED, "the tool belongs to another tenant")
        return self._permissions.refusal(ready.spec, caller) or _invalid(ready, call["arguments"])

    def _unapproved(self, call: ToolCall, digest: str, caller: CallContext) -> ToolError | None:
        return unapproved(self._catalog.ready[call["tool"]].spec, digest, caller)

    async def _answer(self, first: Job, call: ToolCall) -> ToolOutcome:
        """A new call, and the tool's fallback where it cannot answer."""
        spec = first.ready.spec
        outcome = await self._metered(first, spec.customer)
        error, other = outcome["error"], spec.fallback
        if error is None or other is None or error["kind"] not in FALLS_BACK:
            return outcome
        stand_in = self._catalog.ready[other]
        if _invalid(stand_in, call["arguments"]) is not None:
            return outcome
        digest = fingerprint(other, call["arguments"])
        job = replace(_job(stand_in, call, first.caller, digest), cause=Cause.FALLBACK)
        gate = stand_in.spec.customer or spec.customer
        return with_fallback(outcome, await self._metered(job, gate))

    async def _metered(self, job: Job, gate: str | None) -> ToolOutcome:
        """One tool within the budget, with one row in the journal."""
        started, trail = self._pace.now(), Trail()
        reserved = await self._reserve(job)
        if isinstance(reserved, BudgetRefused):
            error = _error(ErrorKind.BUDGET, reserved.reason)
            error["limit"] = limit_of(reserved.resource)
            outcome = refused(job.ready.spec.name, job.fingerprint, error, self._since(started))
            await self._record_job(job, outcome)
            return outcome
        try:
            outcome = await self._performed(job, gate, trail, started)
        except asyncio.CancelledError:
            await self._record_cancelled(job, trail, started)
            raise
        finally:
            await self._settle(job, reserved, trail)
        await self._record_job(job, outcome)
        return outcome

    async def _performed(
        self, job: Job, gate: str | None, trail: Trail, started: float
    ) -> ToolOutcome:
        value: Json | None = None
        error: ToolError | None = None
        status: OutcomeStatus = "ok"
        try:
            value = await self._perform(job, trail)
        except ToolFault as fault:
            error, status = _of(fault), _status(fault)
        if value is not None and gate is not None and job.key is None:
            whose = _field(value, gate)
            error, status = await gated(gate, whose, job.caller, self._identity), "refused"
        return ended(
            job.ready.spec.name,
            job.fingerprint,
            value,
            error,
            status,
            attempts=trail.left,
            cost_micros=_cost(job.ready.spec, trail),
            duration_ms=self._since(started),
        )

    async def _perform(self, job: Job, trail: Trail) -> Json:
        if job.key is None:
            return await self._attempts.run(job, trail)
        return await self._writes.perform(job, trail)

    async def _reserve(self, job: Job) -> Reserved | BudgetRefused | None:
        spec, caller = job.ready.spec, job.caller
        if spec.name in UNMETERED:
            return None
        scope = BudgetScope(caller["tenant"], caller["ticket_id"], caller["turn"])
        most = Amounts(money_micros=spec.cost_micros * spec.retry.attempts, tool_calls=1)
        return await self._budget.reserve(scope, most)

    async def _settle(self, job: Job, reserved: Reserved | None, trail: Trail) -> None:
        if reserved is None:
            return
        # A call that never left is given back in full; one that left counts, however it ended.
        taken = Amounts(_cost(job.ready.spec, trail), tool_calls=min(1, trail.left))
        await self._budget.settle(reserved, taken)

    def _since(self, started: float) -> float:
        return (self._pace.now() - started) * 1_000

    async def _record(
        self, caller: CallContext, call: ToolCall, outcome: ToolOutcome, cause: Cause
    ) -> None:
        # A name that is not in the catalog may be anything that a mind made up.
        name = call["tool"] if call["tool"] in self._catalog.ready else UNKNOWN_TOOL
        await self._log.record(caller, called(name, cause, outcome))

    async def _record_job(self, job: Job, outcome: ToolOutcome) -> None:
        resumed = job.key is not None and outcome["attempts"] == 0 and outcome["error"] is None
        cause = Cause.RESUME if resumed else job.cause
        await self._log.record(job.caller, called(job.ready.spec.name, cause, outcome))

    async def _record_cancelled(self, job: Job, trail: Trail, started: float) -> None:
        cancelled = ToolCalled(
            tool=job.ready.spec.name,
            cause=job.cause,
            outcome=CallStatus.CANCELLED,
            fingerprint=job.fingerprint,
            duration_ms=self._since(started),
            cost_micros=_cost(job.ready.spec, trail),
            attempts=trail.left,
        )
        await self._log.record(job.caller, cancelled)


def _job(ready: Ready, call: ToolCall, caller: CallContext, digest: str) -> Job:
    name, arguments, key = ready.spec.name, call["arguments"], None
    if ready.spec.effect == "write":
        key = effect_key(caller["ticket_id"], caller["turn"], name, arguments)
    return Job(ready, arguments, caller, digest, call["cause"], key)


def _key(caller: CallContext, digest: str) -> Key:
    sender = addresses.canonical(caller["customer"] or "")
    return (caller["tenant"], caller["ticket_id"], caller["turn"], sender, digest)


def _digest(call: ToolCall) -> str:
    """The call's fingerprint; of the tool alone where the arguments are no JSON."""
    plain = oversized(call["arguments"]) is None
    return fingerprint(call["tool"], call["arguments"] if plain else {})


def _invalid(ready: Ready, arguments: Json) -> ToolError | None:
    unfit = oversized(arguments)
    faults = [unfit] if unfit else ready.takes.faults(arguments)
    return _error(ErrorKind.BAD_ARGUMENTS, "; ".join(faults)) if faults else None


def _cost(spec: ToolSpec, trail: Trail) -> int:
    return spec.cost_micros * trail.charged


def _field(value: Json, path: str) -> object:
    found: object = value
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _of(fault: ToolFault) -> ToolError:
    error: ToolError = {
        "kind": fault.kind,
        "message": str(fault),
        "retryable": fault.retryable,
    }
    return {**error, "told": fault.told} if fault.told else error


def _status(fault: ToolFault) -> OutcomeStatus:
    return "unknown" if isinstance(fault, UnknownEffect) else "failed"


def _error(kind: ErrorKind, message: str) -> ToolError:
    return {"kind": kind, "message": message, "retryable": False}
