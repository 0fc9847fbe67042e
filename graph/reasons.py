"""Why a person has a ticket, as a sentence for each reason and, for lists, in a few words."""

from __future__ import annotations

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
        return sentence(Reason(code))
    except ValueError:
        return code


def brief_words(code: str | Reason) -> str:
    """A few words for a stored code, for lists; a code of another release is told without its marks."""
    try:
        return brief(Reason(code))
    except ValueError:
        return code.replace("_", " ")


def explain(reason: str, detail: str = "") -> str:
    """The reason as a sentence, with its numbers where there are any."""
    return f"{reason_sentence(reason)} {detail}".strip()


def sentence(reason: Reason) -> str:  # noqa: C901, PLR0911, PLR0912 - one line a reason
    """The reason for people, in the queue and elsewhere. mypy refuses a reason without one."""
    match reason:
        case Reason.AUTOMATIC_MAIL:
            return "It is automatic mail; answering could start a loop."
        case Reason.SPAM:
            return "It looks like an advertisement, a newsletter or a lure; nobody was answered."
        case Reason.WANTS_PERSON:
            return "The customer wishes to deal with a person."
        case Reason.SERIOUS:
            return "It is a complaint or a threat, or it speaks of law or of danger."
        case Reason.OPT_OUT:
            return "The customer wishes to get no more mail."
        case Reason.NOT_HELPED:
            return (
                "The customer says that the answer did not help, and nothing else is sure enough."
            )
        case Reason.INJECTION:
            return "The text carries instructions meant for the agent."
        case Reason.LANGUAGE:
            return "It is in a language that the help centre does not cover."
        case Reason.ALWAYS_PERSON:
            return "The desk's policy gives this intent to a person."
        case Reason.LOW_CONFIDENCE:
            return "The evidence does not answer it well enough."
        case Reason.TOO_MUCH:
            return "It holds more requests or steps than one turn may take."
        case Reason.NEEDS_APPROVAL:
            return "It needs an action that a person must approve."
        case Reason.TOOL_FAILED:
            return "A tool that is needed for the answer did not give one."
        case Reason.NOT_YOUR_RECORD:
            return "The record asked for does not belong to the sender."
        case Reason.CHECK_FAILED:
            return "No draft passed the checks."
        case Reason.LIMIT_REACHED:
            return "The run reached one of its limits."
        case Reason.DELIVERY_FAILED:
            return "The checked reply could not be delivered."
        case Reason.ACTION_FAILED:
            return "An approved action did not certainly happen."
        case Reason.NODE_FAILED:
            return "A step failed for good."
        case Reason.RUN_FAILED:
            return "The run could not be completed."
        case Reason.STOPPED_PROGRAM:
            return "Handling it stopped the program."
        case Reason.OTHER_SENDER:
            return "Somebody else than the customer wrote in this conversation."
        case Reason.SUGGEST_ONLY:
            return "The draft passed every check; here a person sends it."
        case Reason.AGENT_OFF:
            return "The agent is turned off for this channel or intent."
        case Reason.SENDING_STOPPED:
            return "All sending is stopped, so the reply did not leave."
        case Reason.TAKEN_OVER:
            return "A person took it over while the agent was working on it."
        case other:
            assert_never(other)


def brief(reason: Reason) -> str:  # noqa: C901, PLR0911, PLR0912 - one line a reason
    """The reason in a few words. mypy refuses a reason without them."""
    match reason:
        case Reason.AUTOMATIC_MAIL:
            return "automatic mail"
        case Reason.SPAM:
            return "advertisement or lure"
        case Reason.WANTS_PERSON:
            return "wishes for a person"
        case Reason.SERIOUS:
            return "complaint, threat, law or danger"
        case Reason.OPT_OUT:
            return "wishes no more mail"
        case Reason.NOT_HELPED:
            return "the answer did not help"
        case Reason.INJECTION:
            return "instructions meant for the agent"
        case Reason.LANGUAGE:
            return "language not covered"
        case Reason.ALWAYS_PERSON:
            return "a person answers this intent"
        case Reason.LOW_CONFIDENCE:
            return "not enough evidence"
        case Reason.TOO_MUCH:
            return "too many requests at once"
        case Reason.NEEDS_APPROVAL:
            return "an action to approve"
        case Reason.TOOL_FAILED:
            return "a tool gave no answer"
        case Reason.NOT_YOUR_RECORD:
            return "record of somebody else"
        case Reason.CHECK_FAILED:
            return "no draft passed the checks"
        case Reason.LIMIT_REACHED:
            return "a limit was reached"
        case Reason.DELIVERY_FAILED:
            return "the reply did not arrive"
        case Reason.ACTION_FAILED:
            return "an action may not have happened"
        case Reason.NODE_FAILED:
            return "a step failed for good"
        case Reason.RUN_FAILED:
            return "the run was not completed"
        case Reason.STOPPED_PROGRAM:
            return "it stopped the program"
        case Reason.OTHER_SENDER:
            return "somebody else wrote"
        case Reason.TAKEN_OVER:
            return "a person took it over"
        case Reason.SUGGEST_ONLY:
            return "a draft to send"
        case Reason.AGENT_OFF:
            return "the agent is turned off"
        case Reason.SENDING_STOPPED:
            return "all sending is stopped"
        case other:
            assert_never(other)
