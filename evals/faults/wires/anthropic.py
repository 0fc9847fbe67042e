"""`/v1/messages`, as Anthropic speaks it: system apart, blocks of content, arguments as objects."""

import json
from collections.abc import Iterator
from typing import Any

from evals.faults.wires.pieces import as_object, cut_up, event

Json = dict[str, Any]
PATH = "/v1/messages"
MEDIA = "text/event-stream"
SAID_FIRST = "Let me see."
"""Before a call the model says a word, as the real ones do: the call is then the second block."""


def usual(body: Json) -> Json:
    """The request in the common form."""
    system = body.get("system") or ""
    messages = [{"role": "system", "content": _text(system)}]
    messages += [
        {"role": one["role"], "content": _text(one["content"])} for one in body["messages"]
    ]
    tools = [{"function": {"name": one["name"]}} for one in body.get("tools") or ()]
    return {"messages": messages, "tools": tools, "stream": body.get("stream", False)}


def whole(message: Json, usage: Json | None) -> str:
    """One answer."""
    found = {**_head(), "content": _blocks(message), "stop_reason": _reason(message)}
    return json.dumps(found | {"usage": _usage(usage)})


def events(message: Json, usage: Json | None) -> list[str]:
    """The same as server-sent events, in small pieces."""
    start = _head() | {"content": [], "stop_reason": None, "usage": _usage(usage)}
    found = [event({"type": "message_start", "message": start}, "message_start")]
    for place, block in enumerate(_blocks(message)):
        found += _block_events(place, block)
    delta = {"stop_reason": _reason(message), "stop_sequence": None}
    last = {"type": "message_delta", "delta": delta, "usage": _usage(usage)}
    return [*found, event(last, "message_delta"), event({"type": "message_stop"}, "message_stop")]


def more() -> str:
    """A piece of an answer without an end."""
    delta = {"type": "text_delta", "text": "more and " * 500}
    return event({"type": "content_block_delta", "index": 0, "delta": delta}, "content_block_delta")


def _block_events(place: int, block: Json) -> Iterator[str]:
    empty = {**block, "input": {}} if block["type"] == "tool_use" else {**block, "text": ""}
    kind, key, text = ("text_delta", "text", block.get("text", ""))
    if block["type"] == "tool_use":
        kind, key, text = "input_json_delta", "partial_json", json.dumps(block["input"])
    start = {"type": "content_block_start", "index": place, "content_block": empty}
    yield event(start, "content_block_start")
    for piece in cut_up(text):
        delta = {"type": kind, key: piece}
        yield event(
            {"type": "content_block_delta", "index": place, "delta": delta}, "content_block_delta"
        )
    yield event({"type": "content_block_stop", "index": place}, "content_block_stop")


def _blocks(message: Json) -> list[Json]:
    said = message.get("content") or message.get("refusal")
    calls = [
        {"type": "tool_use", "id": f"toolu_{place}", "name": name, "input": as_object(arguments)}
        for place, (name, arguments) in enumerate(message.get("calls", ()))
    ]
    text = said if said is not None else SAID_FIRST if calls else ""
    return [{"type": "text", "text": text}, *calls]


def _reason(message: Json) -> str:
    if message.get("ends") == "length":
        return "max_tokens"
    return "tool_use" if message.get("calls") else "end_turn"


def _usage(usage: Json | None) -> Json:
    told = usage or {}
    return {
        "input_tokens": told.get("prompt_tokens", 0),
        "output_tokens": told.get("completion_tokens", 0),
    }


def _text(content: str | list[Json]) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(str(block.get("text", "")) for block in content)


def _head() -> Json:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "misbehaving-1",
        "stop_sequence": None,
    }
