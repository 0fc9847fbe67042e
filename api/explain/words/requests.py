"""Why something was asked of a tool or model, as the requests of many tickets are told."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never


class RequestCause(StrEnum):
    """Why a request was made, or left out."""

    PLANNED = "planned"
    ANOTHER_ASK = "another_ask"
    TURN = "turn"
    RETRY = "retry"
    AGAIN = "again"
    RESUME = "resume"
    REPLAN = "replan"
    GUIDANCE = "guidance"
    REVISE = "revise"
    REPAIR = "repair"
    FALLBACK = "fallback"
    APPROVED = "approved"
    DELIVER = "deliver"
    RECONCILE = "reconcile"
    SUPPRESSED = "suppressed"
    REFUSED = "refused"


def request_words(cause: RequestCause) -> str:
    """What the requests of one cause are."""
    match cause:
        case RequestCause.PLANNED:
            return "planned"
        case RequestCause.ANOTHER_ASK:
            return "planned, with other arguments"
        case RequestCause.TURN:
            return "planned, for a customer's next message"
        case RequestCause.RETRY:
            return "retries after a failed attempt"
        case RequestCause.AGAIN:
            return "asked again, as a step ran again"
        case RequestCause.RESUME:
            return "asked again after a crash"
        case RequestCause.REPLAN:
            return "planned again, since the evidence was too weak"
        case RequestCause.GUIDANCE:
            return "planned again, as a person asked"
        case RequestCause.REVISE:
            return "new drafts, since a check had objected"
        case RequestCause.REPAIR:
            return "repairs of a model's answer"
        case RequestCause.FALLBACK:
            return "in place of one that gave no answer"
        case RequestCause.APPROVED:
            return "actions that a person approved"
        case RequestCause.DELIVER:
            return "sending to the customer"
        case RequestCause.RECONCILE:
            return "asking whether it had happened"
        case RequestCause.SUPPRESSED:
            return "left out, as made before"
        case RequestCause.REFUSED:
            return "not let through"
        case _:
            assert_never(cause)
