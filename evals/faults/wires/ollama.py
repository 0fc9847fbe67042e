"""`/api/chat`, as Ollama speaks it: lines of JSON, arguments as objects, no forced tool."""

import json
from typing import Any

from evals.faults.wires.pieces import as_object, cut_up

Json = dict[str, Any]
PATH = "/api/chat"
MEDIA = "application/x-ndjson"


def usual(body: Json) -> Json:
    """The request in the common form; Ollama streams unless it is told not to."""
    return {**body, "stream": body.get("stream", True)}


def whole(message: Json, usage: Json | None) -> str:
    """One answer."""
    return json.dumps(_line(_said(message), message, usage))


def events(message: Json, usage: Json | None) -> list[str]:
    """The same in lines."""
    said = _said(message)
    lines = [_line({"role": "assistant", "content": piece}) for piece in cut_up(said["content"])]
    lines.append(_line({**said, "content": ""}, message, usage))
    return [f"{json.dumps(line)}\n" for line in lines]


def more() -> str:
    """A piece of an answer without an end."""
    return f"{json.dumps(_line({'role': 'assistant', 'content': 'more and ' * 500}))}\n"


def _said(message: Json) -> Json:
    said = {"role": "assistant", "content": message.get("content") or message.get("refusal") or ""}
    calls = [
        {"function": {"name": name, "arguments": as_object(arguments)}}
        for name, arguments in message.get("calls", ())
    ]
    return said | ({"tool_calls": calls} if calls else {})


def _line(said: Json, last_of: Json | None = None, usage: Json | None = None) -> Json:
    line: Json = {"model": "misbehaving-1", "created_at": "2026-01-01T00:00:00Z", "message": said}
    if last_of is None:
        return line | {"done": False}
    line |= {"done": True, "done_reason": last_of.get("ends") or "stop"}
    if usage is not None:
        line |= {
            "prompt_eval_count": usage["prompt_tokens"],
            "eval_count": usage["completion_tokens"],
        }
    return line
