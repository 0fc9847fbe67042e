"""Why something was done, in words."""

from __future__ import annotations

from typing import assert_never

from memory.journal.codes import Cause, RunCause, RunState


def cause_words(cause: Cause) -> str:
    """Behind what was done; empty if it goes without saying."""
    match cause:
        case (
            Cause.PLANNED
            | Cause.ACCEPTED
            | Cause.DELIVER
            | Cause.NOTICE
            | Cause.CUSTOMER
            | Cause.PERSON
            | Cause.DUPLICATE_SUPPRESSED
        ):
            return ""
        case Cause.REPLAN:
            return "again, since the evidence was not enough"
        case Cause.RETRY:
            return "once more, since the attempt before failed"
        case Cause.RESUME:
            return "going on where an interrupted run had stopped"
        case Cause.RECOVERED:
            return "taken over from a worker that died"
        case Cause.GUIDANCE:
            return "following a person's guidance"
        case Cause.REVISE:
            return "anew, because of what the check had found"
        case Cause.FALLBACK:
            return "as the fallback of one that gave no answer"
        case Cause.DECISION:
            return "after a person's decision"
        case Cause.MESSAGE:
            return "for the customer's next message"
        case Cause.APPROVED:
            return "as a person approved"
        case Cause.FAILURE:
            return "because a step failed for good"
        case Cause.REPAIR:
            return "once more, since the answer before could not be used"
        case Cause.RECONCILE:
            return "to learn whether it had happened"
        case Cause.REDRIVE:
            return "after its run was lost"
        case Cause.HAND_OFF:
            return "handed over by the agent"
        case Cause.TAKEOVER:
            return "taken over by a person"
        case Cause.UNDONE:
            return "and undone again"
        case _:
            assert_never(cause)


def run_words(cause: RunCause) -> str:
    """How a run began."""
    match cause:
        case RunCause.ACCEPTED | RunCause.UNSTATED:
            return "A worker took the ticket up"
        case RunCause.RECOVERED:
            return "A worker took the ticket over from one that died"
        case RunCause.REDRIVE:
            return "A worker took the ticket up again, since its run was lost"
        case RunCause.DECISION:
            return "A worker took it up to carry a person's decision out"
        case RunCause.GUIDANCE:
            return "A worker took it up again with a person's guidance"
        case RunCause.MESSAGE:
            return "A worker took it up for the customer's next message"
        case RunCause.AMENDED:
            return "A worker began again, since the customer wrote more before anything had left"
        case _:
            assert_never(cause)


def end_of_run(state: RunState) -> str:
    """How a run ended, where a row says so."""
    match state:
        case RunState.STARTED:
            return ""
        case RunState.OK | RunState.SETTLED:
            return "and came to its end"
        case RunState.WAITING:
            return "and left it with a person"
        case RunState.FENCED:
            return "and was stopped, since a newer run owns the ticket"
        case RunState.FAILED:
            return "and failed"
        case RunState.TIMEOUT:
            return "and ran out of time"
        case _:
            assert_never(state)
