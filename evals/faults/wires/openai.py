"""`/v1/chat/completions`, as OpenAI-compatible servers speak it."""

import json
from typing import Any

from evals.faults.wires.pieces import cut_up, event

Json = dict[str, Any]
PATH = "/v1/chat/completions"
MEDIA = "text/event-stream"
NAME = "misbehaving-1"


def usual(body: Json) -> Json:
    """The request as it is: this form is the common one."""
    return body


def whole(message: Json, usage: Json | None) -> str:
    """One answer."""
    calls = _calls(message)
    said = {
        "role": "assistant",
        "content": message.get("content"),
        "refusal": message.get("refusal"),
        "tool_calls": [{n: v for n, v in call.items() if n != "index"} for call in calls] or None,
    }
    reason = message.get("ends") or ("tool_calls" if calls else "stop")
    choice = {"index": 0, "message": said, "finish_reason": reason}
    return json.dumps({**_head("chat.completion"), "choices": [choice], "usage": usage})


def events(message: Json, usage: Json | None) -> list[str]:
    """The same as server-sent events, in small pieces."""
    deltas: list[Json] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": piece} for piece in cut_up(message.get("content") or "")]
    if message.get("refusal"):
        deltas.append({"refusal": message["refusal"]})
    for call in _calls(message):
        deltas.append({"tool_calls": [{**call, "function": {**call["function"], "arguments": ""}}]})
        for piece in cut_up(call["function"]["arguments"]):
            part = {"index": call["index"], "function": {"arguments": piece}}
            deltas.append({"tool_calls": [part]})
    chunks = [_chunk(delta, None) for delta in deltas]
    chunks.append(_chunk({}, message.get("ends") or "stop"))
    if usage is not None:
        chunks.append({**_head("chat.completion.chunk"), "choices": [], "usage": usage})
    return [event(chunk) for chunk in chunks] + ["data: [DONE]\n\n"]


def more() -> str:
    """A piece of an answer without an end."""
    return event(_chunk({"content": "more and " * 500}, None))


def _calls(message: Json) -> list[Json]:
    return [
        {
            "index": place,
            "id": f"call_{place}",
            "type": "function",
            "function": {"name": name, "arguments": arguments},
        }
        for place, (name, arguments) in enumerate(message.get("calls", ()))
    ]


def _chunk(delta: Json, finish: str | None) -> Json:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {**_head("chat.completion.chunk"), "choices": [choice]}


def _head(kind: str) -> Json:
    return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": NAME}
