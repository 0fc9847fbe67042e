"""Why a person has a ticket, as a sentence for each reason and, for lists, in a few words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from memory.journal.codes import DeathCause, Reason

MOST_DIGITS = 4
"""Digits by which two figures that look alike are told apart."""


def compared(value: float, threshold: float) -> str:
    """`0.41 is under 0.62`, `0.71 is above 0.62`, with as many digits as it takes."""
    word = "is under" if value < threshold else "is above" if value > threshold else "is just"
    digits = 2
    while (
        digits < MOST_DIGITS
        and f"{value:.{digits}f}" == f"{threshold:.{digits}f}"
        and value != threshold
    ):
        digits += 1
    return f"{value:.{digits}f} {word} {threshold:.{digits}f}"


def death_words(cause: DeathCause) -> str:
    """How the program that had a ticket stopped."""
    match cause:
        case DeathCause.CRASH:
            return "it crashed"
        case DeathCause.SILENT:
            return "it stood still"
        case DeathCause.MEMORY:
            return "it took more memory than it may"
        case DeathCause.OUTSIDE:
            return "it was killed from outside"
        case _:
            assert_never(cause)


def reason_sentence(code: str | Reason) -> str:
    """The sentence of a stored code; a code of another release stands for itself."""
    try:
        return words(Reason(code)).sentence
    except ValueError:
        return code


def brief_words(code: str | Reason) -> str:
    """A few words for a stored code, for lists; a code of another release is told without its marks."""
    try:
        return words(Reason(code)).brief
    except ValueError:
        return code.replace("_", " ")


def explain(reason: str, detail: str = "") -> str:
    """The reason as a sentence, with its numbers where there are any."""
    return f"{reason_sentence(reason)} {detail}".strip()


@dataclass(frozen=True)
class Words:
    """A reason for people."""

    sentence: str
    brief: str
    """A few words, for lists."""


def words(reason: Reason) -> Words:  # noqa: C901, PLR0911, PLR0912 - one line a reason
    """The reason for people, in the queue and elsewhere. mypy refuses a reason without words."""
    match reason:
        case Reason.AUTOMATIC_MAIL:
            return Words("It is automatic mail; answering could start a loop.", "automatic mail")
        case Reason.SPAM:
            return Words(
                "It looks like an advertisement, a newsletter or a lure; nobody was answered.",
                "advertisement or lure",
            )
        case Reason.WANTS_PERSON:
            return Words("The customer wishes to deal with a person.", "wishes for a person")
        case Reason.SERIOUS:
            return Words(
                "It is a complaint or a threat, or it speaks of law or of danger.",
                "complaint, threat, law or danger",
            )
        case Reason.OPT_OUT:
            return Words("The customer wishes to get no more mail.", "wishes no more mail")
        case Reason.NOT_HELPED:
            return Words(
                "The customer says that the answer did not help, and nothing else is sure enough.",
                "the answer did not help",
            )
        case Reason.INJECTION:
            return Words(
                "The text carries instructions meant for the agent.",
                "instructions meant for the agent",
            )
        case Reason.LANGUAGE:
            return Words(
                "It is in a language that the help centre does not cover.", "language not covered"
            )
        case Reason.ALWAYS_PERSON:
            return Words(
                "The desk's policy gives this intent to a person.", "a person answers this intent"
            )
        case Reason.LOW_CONFIDENCE:
            return Words("The evidence does not answer it well enough.", "not enough evidence")
        case Reason.TOO_MUCH:
            return Words(
                "It holds more requests or steps than one turn may take.",
                "too many requests at once",
            )
        case Reason.NEEDS_APPROVAL:
            return Words("It needs an action that a person must approve.", "an action to approve")
        case Reason.TOOL_FAILED:
            return Words(
                "A tool that is needed for the answer did not give one.", "a tool gave no answer"
            )
        case Reason.NOT_YOUR_RECORD:
            return Words(
                "The record asked for does not belong to the sender.", "record of somebody else"
            )
        case Reason.CHECK_FAILED:
            return Words("No draft passed the checks.", "no draft passed the checks")
        case Reason.LIMIT_REACHED:
            return Words("The run reached one of its limits.", "a limit was reached")
        case Reason.DELIVERY_FAILED:
            return Words("The checked reply could not be delivered.", "the reply did not arrive")
        case Reason.ACTION_FAILED:
            return Words(
                "An approved action did not certainly happen.", "an action may not have happened"
            )
        case Reason.NODE_FAILED:
            return Words("A step failed for good.", "a step failed for good")
        case Reason.RUN_FAILED:
            return Words("The run could not be completed.", "the run was not completed")
        case Reason.STOPPED_PROGRAM:
            return Words("Handling it stopped the program.", "it stopped the program")
        case Reason.OTHER_SENDER:
            return Words(
                "Somebody else than the customer wrote in this conversation.", "somebody else wrote"
            )
        case Reason.SUGGEST_ONLY:
            return Words("The draft passed every check; here a person sends it.", "a draft to send")
        case Reason.AGENT_OFF:
            return Words(
                "The agent is turned off for this channel or intent.", "the agent is turned off"
            )
        case Reason.SENDING_STOPPED:
            return Words(
                "All sending is stopped, so the reply did not leave.", "all sending is stopped"
            )
        case Reason.TAKEN_OVER:
            return Words(
                "A person took it over while the agent was working on it.", "a person took it over"
            )
        case other:
            assert_never(other)
