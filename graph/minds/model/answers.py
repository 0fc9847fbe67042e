"""Reading what a model answered: one call of the tool it was given, of the right shape, or not."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from langchain_core.messages import AIMessage
from pydantic import BaseModel, ValidationError

from memory.journal.codes import Wrong

MOST_ANSWER_CHARS = 40_000
"""A longer answer is not read."""
MOST_FAULTS = 6
"""Faults of shape that are named in a repair."""

REASONS = ("finish_reason", "stop_reason", "done_reason")
"""Where providers say why an answer ends."""
CUT_OFF = frozenset({"length", "max_tokens"})
"""What they say of one that has reached its limit."""

Shape = TypeVar("Shape", bound=BaseModel)


class AnswerInvalid(Exception):
    """An answer that cannot be used.

    `kind` goes to the journal; the message goes back to the model alone, since it may hold words
    of the model's.
    """

    def __init__(self, kind: Wrong, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def words_of(message: AIMessage) -> str:
    """All that the model wrote, for a repair and for an estimate of its tokens."""
    calls = [json.dumps(call["args"], default=str) for call in message.tool_calls]
    broken = [str(call["args"]) for call in message.invalid_tool_calls]
    return "\n".join(part for part in (_content(message), *calls, *broken) if part)


def read(message: AIMessage, shape: type[Shape]) -> Shape:
    """The answer. Raises `AnswerInvalid`."""
    if len(words_of(message)) > MOST_ANSWER_CHARS:
        text = f"The answer is longer than {MOST_ANSWER_CHARS} characters."
        raise AnswerInvalid(Wrong.TOO_LONG, text)
    if message.additional_kwargs.get("refusal"):
        raise AnswerInvalid(Wrong.REFUSED, "There is no answer, only a refusal.")
    try:
        return _valid(message, shape)
    except AnswerInvalid as error:
        if not _is_cut_off(message):
            raise
        text = "The answer breaks off: it has more tokens than it may have. Answer in fewer words."
        raise AnswerInvalid(Wrong.CUT_OFF, text) from error


def _is_cut_off(message: AIMessage) -> bool:
    return any(message.response_metadata.get(name) in CUT_OFF for name in REASONS)


def _valid(message: AIMessage, shape: type[Shape]) -> Shape:
    given = _given(message, shape.__name__)
    if not _storable(given):
        raise AnswerInvalid(Wrong.NOT_TEXT, "The answer contains characters that are not text.")
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        raise AnswerInvalid(Wrong.WRONG_SCHEMA, _faults(error)) from error


def _storable(given: Any) -> bool:
    """Whether the ledger can hold it: halves of characters and NULs it cannot."""
    try:
        text = json.dumps(given, ensure_ascii=False)
        text.encode()
    except (RecursionError, TypeError, UnicodeEncodeError):
        return False
    return "\\u0000" not in text


def _given(message: AIMessage, name: str) -> Any:
    calls = len(message.tool_calls) + len(message.invalid_tool_calls)
    if calls > 1:
        text = f"There are {calls} tool calls; answer with exactly one call of {name}."
        raise AnswerInvalid(Wrong.TOO_MANY_CALLS, text)
    if message.invalid_tool_calls:
        raise AnswerInvalid(Wrong.NOT_JSON, "The arguments of the tool call are not valid JSON.")
    if not message.tool_calls:
        return _from_text(_content(message), name)
    if message.tool_calls[0]["name"] != name:
        raise AnswerInvalid(Wrong.WRONG_TOOL, f"Only the tool {name} may be called.")
    return message.tool_calls[0]["args"]


def _from_text(text: str, name: str) -> Any:
    """Small models write the arguments as their answer. JSON alone is taken, nothing around it."""
    if not text.strip():
        raise AnswerInvalid(Wrong.EMPTY, f"The answer is empty; call the tool {name}.")
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise AnswerInvalid(Wrong.NO_CALL, f"The tool {name} was not called.") from error


def _content(message: AIMessage) -> str:
    """What is said in words; Anthropic puts calls among them, which are read from their own place."""
    return message.text


def _faults(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_input=False)
    lines = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found]
    return "\n".join(lines[:MOST_FAULTS])
