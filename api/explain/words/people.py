"""What people and the customer did, and how turns end, in words."""

from __future__ import annotations

from typing import assert_never

from api.explain.words.phrases import count, plain
from memory.journal.codes import Act, CodeResult, Said
from memory.tables import CorrectionKind, DecisionKind, Outcome, OutgoingStatus, TicketStatus


def act_words(act: Act) -> str:
    """What people did with a handoff, or the clock did in their place."""
    match act:
        case Act.ASKED:
            return "A person asked the customer a question"
        case Act.DECIDED:
            return "A person decided the handoff"
        case Act.CLAIMED:
            return "A person claimed the handoff"
        case Act.RELEASED:
            return "The handoff was released"
        case Act.ASSIGNED:
            return "The handoff was assigned to a person"
        case Act.TRANSFERRED:
            return "The handoff was passed on to another person"
        case Act.SNOOZED:
            return "The handoff was put aside for a while"
        case Act.WOKEN:
            return "The handoff came back from being put aside"
        case Act.EXPIRED:
            return "The claim on the handoff ran out"
        case Act.MERGED:
            return "The handoff was merged into another ticket's"
        case Act.ABSORBED:
            return "Another ticket's handoff was merged into this one"
        case Act.ESCALATED:
            return "Nobody answered in time, so the handoff was escalated"
        case _:
            assert_never(act)


def decision_words(kind: DecisionKind, refused: int = 0) -> str:
    """What a person decided; the subject is the person. `refused`: proposed actions that do not run."""
    text = _decided(kind)
    return f"{text}, and refused {count(refused, 'proposed action')}" if refused else text


def _decided(kind: DecisionKind) -> str:
    match kind:
        case DecisionKind.APPROVE:
            return "approved the suggested reply"
        case DecisionKind.REPLY:
            return "sent a reply of their own"
        case DecisionKind.RETURN:
            return "gave it back to the agent with guidance"
        case DecisionKind.CLOSE:
            return "closed it without a reply"
        case DecisionKind.MERGE:
            return "merged it into another ticket"
        case _:
            assert_never(kind)


def carried_words(kind: DecisionKind) -> str:
    """The same, taken in by the agent."""
    match kind:
        case DecisionKind.RETURN:
            return "the agent has it again"
        case DecisionKind.APPROVE:
            return "approved"
        case DecisionKind.REPLY:
            return "a reply of their own"
        case DecisionKind.CLOSE:
            return "closed"
        case DecisionKind.MERGE:
            return "merged into another ticket"
        case _:
            assert_never(kind)


def correction_words(kind: CorrectionKind) -> str:
    """What a person corrected."""
    match kind:
        case CorrectionKind.ARTICLE_WRONG:
            return "an article is wrong"
        case CorrectionKind.ARTICLE_MISSING:
            return "an article is missing"
        case CorrectionKind.GAP_DISMISSED:
            return "no article is needed for this"
        case CorrectionKind.INTENT_WRONG:
            return "the intent is another one"
        case CorrectionKind.ANSWER_WRONG:
            return "the answer that was sent is wrong"
        case _:
            assert_never(kind)


def end_words(outcome: Outcome, *, came: bool = True) -> str:
    """How a turn ended; `came`: whether nothing is known of its answer that speaks against it."""
    if not came and outcome in UNSENT:
        return UNSENT[outcome]
    match outcome:
        case Outcome.DELIVERED:
            return "the agent's checked reply was delivered"
        case Outcome.CLARIFYING:
            return "the customer was asked a question"
        case Outcome.WITH_PERSON:
            return "it is with a person"
        case Outcome.ANSWERED_BY_PERSON:
            return "a person's reply was delivered"
        case Outcome.CLOSED_BY_PERSON:
            return "a person closed it"
        case Outcome.CONFIRMED:
            return "the customer confirmed or thanked, and nothing was sent"
        case Outcome.NOTHING_ASKED:
            return "nothing was asked, and nothing was sent"
        case Outcome.MERGED:
            return "it was merged into another ticket"
        case _:
            assert_never(outcome)


UNSENT = {
    Outcome.DELIVERED: "the agent's checked reply was ready",
    Outcome.CLARIFYING: "a question to the customer was ready",
    Outcome.ANSWERED_BY_PERSON: "a person's reply was ready",
}
"""The same of a turn whose answer has not reached the customer, or not yet."""


def undelivered_words(became: OutgoingStatus) -> str:
    """What became of an answer that the customer does not have."""
    words = {
        OutgoingStatus.WANTED: "has not been sent yet",
        OutgoingStatus.INTENDED: "is leaving",
        OutgoingStatus.WITHDRAWN: "was withdrawn before it was sent",
        OutgoingStatus.FAILED: "could not be delivered",
        OutgoingStatus.BOUNCED: "came back: it was not delivered",
        OutgoingStatus.UNKNOWN: "may not have arrived, and nobody can tell",
    }
    return words.get(became, f"is {plain(became)}")


def status_words(status: TicketStatus) -> str:
    """Where the ticket stood when the customer wrote again."""
    match status:
        case TicketStatus.QUEUED:
            return "in the queue"
        case TicketStatus.RUNNING:
            return "being worked on"
        case TicketStatus.WAITING:
            return "with a person"
        case TicketStatus.SETTLED:
            return "settled"
        case _:
            assert_never(status)


def code_words(result: CodeResult) -> str:
    """What became of a one-time code."""
    match result:
        case CodeResult.VERIFIED:
            return "and it was the right one"
        case CodeResult.WRONG:
            return "and it was not the right one"
        case CodeResult.EXPIRED:
            return "and it came too late"
        case _:
            assert_never(result)


def said_words(said: Said) -> str:
    """What the customer said of an answer."""
    match said:
        case Said.SOLVED:
            return "that it solved it"
        case Said.NOT_SOLVED:
            return "that it did not help"
        case _:
            assert_never(said)
