"""Why a person has a ticket, as a sentence for each reason and, for lists, in a few words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from memory.journal.codes import Reason
from memory.tables import DeathCause

MOST_DIGITS = 4
"""Digits by which two figures that look alike are told apart."""


@dataclass(frozen=True)
class Words:
    """A reason for people."""

    sentence: str
    brief: str
    """A few words, for lists."""


WORDS: Mapping[Reason, Words] = {
    Reason.AUTOMATIC_MAIL: Words(
        "It is automatic mail; answering could start a loop.", "automatic mail"
    ),
    Reason.SPAM: Words(
        "It looks like an advertisement, a newsletter or a lure; nobody was answered.",
        "advertisement or lure",
    ),
    Reason.WANTS_PERSON: Words("The customer wishes to deal with a person.", "wishes for a person"),
    Reason.SERIOUS: Words(
        "It is a complaint or a threat, or it speaks of law or of danger.",
        "complaint, threat, law or danger",
    ),
    Reason.OPT_OUT: Words("The customer wishes to get no more mail.", "wishes no more mail"),
    Reason.NOT_HELPED: Words(
        "The customer says that the answer did not help, and nothing else is sure enough.",
        "the answer did not help",
    ),
    Reason.INJECTION: Words(
        "The text carries instructions meant for the agent.", "instructions meant for the agent"
    ),
    Reason.LANGUAGE: Words(
        "It is in a language that the help centre does not cover.", "language not covered"
    ),
    Reason.ALWAYS_PERSON: Words(
        "The desk's policy gives this intent to a person.", "a person answers this intent"
    ),
    Reason.LOW_CONFIDENCE: Words(
        "The evidence does not answer it well enough.", "not enough evidence"
    ),
    Reason.TOO_MUCH: Words(
        "It holds more requests or steps than one turn may take.", "too many requests at once"
    ),
    Reason.NEEDS_APPROVAL: Words(
        "It needs an action that a person must approve.", "an action to approve"
    ),
    Reason.TOOL_FAILED: Words(
        "A tool that is needed for the answer did not give one.", "a tool gave no answer"
    ),
    Reason.NOT_YOUR_RECORD: Words(
        "The record asked for does not belong to the sender.", "record of somebody else"
    ),
    Reason.CHECK_FAILED: Words("No draft passed the checks.", "no draft passed the checks"),
    Reason.LIMIT_REACHED: Words("The run reached one of its limits.", "a limit was reached"),
    Reason.DELIVERY_FAILED: Words(
        "The checked reply could not be delivered.", "the reply did not arrive"
    ),
    Reason.ACTION_FAILED: Words(
        "An approved action did not certainly happen.", "an action may not have happened"
    ),
    Reason.NODE_FAILED: Words("A step failed for good.", "a step failed for good"),
    Reason.RUN_FAILED: Words("The run could not be completed.", "the run was not completed"),
    Reason.STOPPED_PROGRAM: Words("Handling it stopped the program.", "it stopped the program"),
    Reason.OTHER_SENDER: Words(
        "Somebody else than the customer wrote in this conversation.", "somebody else wrote"
    ),
    Reason.SUGGEST_ONLY: Words(
        "The draft passed every check; here a person sends it.", "a draft to send"
    ),
    Reason.AGENT_OFF: Words(
        "The agent is turned off for this channel or intent.", "the agent is turned off"
    ),
    Reason.SENDING_STOPPED: Words(
        "All sending is stopped, so the reply did not leave.", "all sending is stopped"
    ),
    Reason.TAKEN_OVER: Words(
        "A person took it over while the agent was working on it.", "a person took it over"
    ),
}
"""Of every reason."""


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


def sure(value: float) -> str:
    """`41 %`, a probability as people say it; what is not quite certain is not told as certain."""
    return f"{min(99, round(value * 100)) if value < 1 else 100} %"


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
        return WORDS[Reason(code)].sentence
    except ValueError:
        return code


def brief_words(code: str | Reason) -> str:
    """A few words for a stored code, for lists; a code of another release is told without its marks."""
    try:
        return WORDS[Reason(code)].brief
    except ValueError:
        return code.replace("_", " ")


def explain(reason: str, detail: str = "") -> str:
    """The reason as a sentence, with its details as another where there are any."""
    if detail:
        detail = f"{detail[0].upper()}{detail[1:]}{'' if detail[-1] in '.!?' else '.'}"
    return f"{reason_sentence(reason)} {detail}".strip()
