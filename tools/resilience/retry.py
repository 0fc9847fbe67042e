"""Whether a failed attempt is repeated: a decision with its reason. The only retry layer."""

from __future__ import annotations

from dataclasses import dataclass

from tools.contract import RetrySpec
from tools.faults import Held, ToolFault


@dataclass(frozen=True)
class Again:
    """Repeat it after a wait."""

    wait_seconds: float
    reason: str


@dataclass(frozen=True)
class GiveUp:
    """Do not repeat it."""

    reason: str


def decide(
    spec: RetrySpec, attempt: int, fault: ToolFault, *, repeatable: bool, chance: float
) -> Again | GiveUp:
    """What follows attempt number `attempt` (the first is 1), which ended with `fault`.

    `repeatable` says whether a second attempt can do no harm. Half of each wait is fixed and
    half is `chance` (0 to 1), so that the runs of one worker do not come back all at once.
    """
    if isinstance(fault, Held):
        return GiveUp("it was not let through")
    if not fault.retryable:
        return GiveUp("repeating it is pointless")
    if attempt >= spec.attempts:
        return GiveUp(f"{attempt} of {spec.attempts} attempts are used")
    if not (repeatable or fault.certain):
        return GiveUp("it may have happened, and the service may do it twice")
    asked = fault.retry_after or 0.0
    if asked > spec.longest_wait_seconds:
        return GiveUp(f"asked to wait {asked:g} s, longer than {spec.longest_wait_seconds:g} s")
    backoff = min(spec.longest_wait_seconds, spec.first_wait_seconds * 2 ** (attempt - 1))
    wait = max(asked, backoff * (0.5 + 0.5 * chance))
    return Again(wait, "asked to wait" if wait == asked > 0 else "backoff")
