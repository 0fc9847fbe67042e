"""Why something has no result, in words."""

from __future__ import annotations

from typing import assert_never

from memory.journal.codes import ErrorKind, Wrong
from memory.journal.events import Fault

SAID_ALL = frozenset({ErrorKind.NOT_FOUND, ErrorKind.NOT_YOUR_RECORD, ErrorKind.NOT_VERIFIED})
"""Errors whose message adds nothing to their words."""


def error_words(fault: Fault) -> str:
    """A fault as a clause."""
    match fault.kind:
        case Wrong():
            return wrong_words(fault.kind)
        case ErrorKind():
            words, message = kind_words(fault.kind), fault.message
            return f"{words} ({message})" if message and fault.kind not in SAID_ALL else words
        case None:
            told = fault.message
            return f"it answered {told}" if told.startswith("HTTP ") else told
        case _:
            assert_never(fault.kind)


def kind_words(kind: ErrorKind) -> str:
    """Why a tool's call failed or was not made; the subject is the tool."""
    match kind:
        case ErrorKind.TIMEOUT:
            return "it gave no answer in time"
        case ErrorKind.UNREACHABLE:
            return "it could not be reached"
        case ErrorKind.SERVICE_ERROR:
            return "it answered with an error of its own"
        case ErrorKind.RATE_LIMITED:
            return "a rate limit was used up"
        case ErrorKind.NOT_FOUND:
            return "it has no such thing"
        case ErrorKind.REJECTED:
            return "it refused the request"
        case ErrorKind.SCHEMA_CHANGED:
            return "its answer had another form than declared"
        case ErrorKind.WRONG_ANSWER:
            return "its answer was about something else"
        case ErrorKind.ADAPTER_FAULT:
            return "our own adapter for it broke"
        case ErrorKind.UNKNOWN_EFFECT:
            return "nobody can tell whether it happened"
        case ErrorKind.BREAKER_OPEN:
            return "it had failed so often that it was left alone"
        case ErrorKind.BUSY:
            return "all its slots were taken"
        case ErrorKind.UNKNOWN_TOOL:
            return "there is no such tool"
        case ErrorKind.NOT_PERMITTED:
            return "it may not be used here"
        case ErrorKind.BAD_ARGUMENTS:
            return "its arguments were not valid"
        case ErrorKind.NEEDS_APPROVAL:
            return "a person must approve it first"
        case ErrorKind.NOT_YOUR_RECORD:
            return "the record is not the sender's"
        case ErrorKind.SENDING_STOPPED:
            return "all sending was stopped"
        case ErrorKind.BUDGET:
            return "the budget was used up"
        case ErrorKind.NOT_VERIFIED:
            return "nobody has shown yet that the record is the sender's"
        case ErrorKind.NOT_RECORDED:
            return "it was never asked this, so there is no answer to give again"
        case _:
            assert_never(kind)


def wrong_words(wrong: Wrong) -> str:
    """What was wrong with a model's answer."""
    match wrong:
        case Wrong.EMPTY:
            return "the answer was empty"
        case Wrong.REFUSED:
            return "the model refused"
        case Wrong.NO_CALL:
            return "the answer was not in the form asked for"
        case Wrong.NOT_JSON:
            return "the answer was not valid JSON"
        case Wrong.NOT_TEXT:
            return "the answer was not plain text"
        case Wrong.WRONG_SCHEMA:
            return "the answer lacked what was asked for"
        case Wrong.WRONG_TOOL:
            return "the answer used another tool"
        case Wrong.TOO_MANY_CALLS:
            return "there were several answers at once"
        case Wrong.TOO_LONG:
            return "the answer was too long"
        case Wrong.CUT_OFF:
            return "the answer reached its most tokens and broke off"
        case Wrong.NOT_QUOTED:
            return "it gave words as the customer's that the customer did not write"
        case Wrong.NOT_PERMITTED:
            return "it wanted a tool that the intent may not use"
        case Wrong.BAD_ARGUMENTS:
            return "it made arguments up or left them out"
        case Wrong.UNKNOWN_NAME:
            return "it named something that does not exist here"
        case Wrong.NOT_COVERED:
            return "it left an ask out"
        case Wrong.NOT_STATED:
            return "it said something that no evidence holds"
        case _:
            assert_never(wrong)
