"""A chat model on loopback that misbehaves as it is told, call by call.

    python -m evals.faults.model_server --port 0        (prints the port it got)

It speaks the wire of OpenAI, of Anthropic and of Ollama (see wires/), streaming and not, with tools.
Left alone it answers by simple rules (see
model_answers.py), or by a script where it is given one (`--script`, see model_script.py). What happens to the next calls is set at `/_control/plan`, for one tool or for
all (`*`); what has happened is read at `/_control/stats`.
"""

import argparse
import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from evals.faults.fault_injection import DroppableProtocol
from evals.faults.model_answers import Asked, answer_of, injected_of, more_of, nonsense_of
from evals.faults.model_script import Script
from evals.faults.plan import Planned
from evals.faults.process import listening
from evals.faults.wires import anthropic, ollama, openai

Json = dict[str, Any]

ModelFaultKind = Literal[
    "none",
    "empty",
    "garbage",
    "wrong_json",
    "wrong_schema",
    "wrong_tool",
    "endless_tool_calls",
    "huge",
    "endless_stream",
    "half_characters",
    "injected",
    "nonsense",
    "search_again",
    "refusal",
    "no_usage",
    "lying_usage",
    "hang",
    "slow",
    "trickle",
    "error",
    "throttle",
    "drop",
    "truncate",
    "cut_off",
    "not_json",
]
HUGE_TOKENS = 50_000
MANY_CALLS = 500
ANY = "*"
WIRES = (openai, anthropic, ollama)
CHARS_PER_TOKEN = 4


class ModelFault(BaseModel):
    """What to do with one call."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ModelFaultKind
    seconds: float = Field(default=30.0, ge=0, le=600)
    """Of hanging or slowness; of a trickle, over which its pieces are spread."""
    status: int = Field(default=500, ge=400, le=599)
    retry_after: float | None = None


class ModelPlan(BaseModel):
    """What the next calls for a tool meet, in order; calls beyond it go well."""

    tool: str = ANY
    faults: list[ModelFault]
    forever: bool = False
    """The last fault stays."""


@dataclass
class Model(Planned[ModelFault]):
    """All that the server remembers. It dies with the process."""

    script: Script | None = None
    """What it says where it behaves; by rules without one."""
    prompts: list[str] = field(default_factory=list)
    requests: list[Json] = field(default_factory=list)
    """Headers and body of each, as they came."""
    cancelled: int = 0
    """Calls whose caller went away before they were answered."""
    waiting: int = 0
    """Calls that hang or are slow."""
    most_at_once: int = 0

    def next_fault(self, tool: str) -> ModelFault:
        """The fault of the call that has just arrived."""
        return self.met(tool, ANY) or ModelFault(kind="none")

    def forget(self) -> None:
        """Begin anew."""
        for part in (self.plans, self.forever, self.calls, self.prompts, self.requests):
            part.clear()
        self.cancelled = self.most_at_once = 0


def create_app(script: Script | None = None) -> FastAPI:
    """The server with an empty memory and nothing planned."""
    model, app = Model(script=script), FastAPI(title="A chat model that misbehaves")

    for wire in WIRES:
        _add_wire(app, model, wire)
    _add_control(app, model)
    return app


def _add_wire(app: FastAPI, model: Model, wire: ModuleType) -> None:
    @app.post(wire.PATH)
    async def completions(request: Request) -> Response:
        given = await request.json()
        body = wire.usual(given)
        asked = Asked.of(body)
        model.prompts.append("\n".join(one["content"] or "" for one in body["messages"]))
        model.requests.append({"headers": dict(request.headers), "body": given})
        fault = model.next_fault(asked.tool)
        if fault.kind in ("hang", "slow"):
            await _wait(fault.seconds, request, model)
        good = model.script.answer(asked) if model.script is not None else answer_of(asked)
        said = _message(fault.kind, asked, good)
        return _answered(fault, said, body, request, wire)


async def _wait(seconds: float, request: Request, model: Model) -> None:
    """Wait, but notice a caller who goes away: that is what a real cancellation looks like."""
    model.waiting += 1
    model.most_at_once = max(model.most_at_once, model.waiting)
    try:
        async with asyncio.timeout(seconds):
            while (await request.receive())["type"] != "http.disconnect":
                pass
            model.cancelled += 1
    except TimeoutError:
        pass
    finally:
        model.waiting -= 1


def _answered(
    fault: ModelFault, message: Json, body: Json, request: Request, wire: ModuleType
) -> Response:
    instead = _instead(fault, request, wire)
    if instead is not None:
        return instead
    usage = _usage(fault.kind, body, message)
    streams = bool(body.get("stream"))
    whole = wire.events(message, usage) if streams else [wire.whole(message, usage)]
    media = wire.MEDIA if streams else "application/json"
    if fault.kind == "trickle":
        return StreamingResponse(_spread(whole, fault.seconds), media_type=media)
    text = "".join(whole)
    half = len(text) // 2 if fault.kind == "truncate" else None
    return StreamingResponse(_sent(text, half, request), media_type=media)


def _instead(fault: ModelFault, request: Request, wire: ModuleType) -> Response | None:
    """What is answered without asking the model at all."""
    if fault.kind in ("error", "throttle"):
        status = 429 if fault.kind == "throttle" else fault.status
        wait = {} if fault.retry_after is None else {"retry-after": f"{fault.retry_after:g}"}
        return JSONResponse({"error": {"message": "as planned"}}, status, headers=wait)
    if fault.kind in ("drop", "hang"):
        _cut(request)
        return Response()
    if fault.kind == "not_json":
        return Response("<html>Bad gateway</html>", media_type="application/json")
    if fault.kind == "endless_stream":
        return StreamingResponse(_endless(wire), media_type=wire.MEDIA)
    return None


def _message(kind: str, asked: Asked, good: Json) -> Json:
    """What the model says: content, refusal, or calls of tools as (name, arguments)."""
    said = _SAID.get(kind)
    if said is not None:
        return said
    text = json.dumps(good)
    if kind == "cut_off":
        return {"calls": [(asked.tool, text[: len(text) // 2])], "ends": "length"}
    calls = {
        "wrong_json": [(asked.tool, text[: max(len(text) // 2, 1)])],
        "wrong_schema": [(asked.tool, '{"result": [1, 2, {"deep": null}], "version": 2}')],
        "wrong_tool": [("delete_all_tickets", text)],
        "endless_tool_calls": [(asked.tool, text)] * MANY_CALLS,
        "half_characters": [(asked.tool, json.dumps(_spoilt(good)))],
        "injected": [(asked.tool, json.dumps(injected_of(asked)))],
        "nonsense": [(asked.tool, json.dumps(nonsense_of(asked)))],
        "search_again": [(asked.tool, json.dumps(more_of(asked)))],
    }
    return {"calls": calls.get(kind, [(asked.tool, text)])}


_SAID: dict[str, Json] = {
    "empty": {"content": ""},
    "garbage": {"content": "Certainly! Here are some thoughts: {{{ }} ]] as an answer ..."},
    "huge": {"content": "word " * HUGE_TOKENS},
    "refusal": {"refusal": "I cannot help with that."},
}


def _spoilt(value: Any) -> Any:
    """The same with half a character at the end of each text."""
    if isinstance(value, dict):
        return {name: _spoilt(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_spoilt(part) for part in value]
    return f"{value}\ud800\x00" if isinstance(value, str) else value


def _usage(kind: str, body: Json, message: Json) -> Json | None:
    if kind == "no_usage":
        return None
    if kind == "lying_usage":
        return {"prompt_tokens": -5, "completion_tokens": 10**12, "total_tokens": 10**12}
    given = len(json.dumps(body["messages"])) // CHARS_PER_TOKEN
    made = len(json.dumps(message)) // CHARS_PER_TOKEN
    return {"prompt_tokens": given, "completion_tokens": made, "total_tokens": given + made}


async def _sent(text: str, half: int | None, request: Request) -> AsyncIterator[str]:
    """The text; or its first half, and then the end of the connection."""
    yield text[:half]
    if half is not None:
        await asyncio.sleep(0.05)  # so that the half is on its way
        _cut(request)


async def _spread(pieces: list[str], seconds: float) -> AsyncIterator[str]:
    for piece in pieces:
        await asyncio.sleep(seconds / len(pieces))
        yield piece


async def _endless(wire: ModuleType) -> AsyncIterator[str]:
    while True:
        yield wire.more()
        await asyncio.sleep(0)


def _cut(request: Request) -> None:
    assert request.client is not None
    transport = DroppableProtocol.open.get((request.client.host, request.client.port))
    if transport is not None:
        transport.abort()


def _add_control(app: FastAPI, model: Model) -> None:
    @app.post("/_control/plan")
    def plan(wanted: ModelPlan) -> Json:
        model.plan(wanted.tool, wanted.faults, forever=wanted.forever)
        return {}

    @app.post("/_control/reset")
    def reset() -> Json:
        model.forget()
        return {}

    @app.get("/_control/stats")
    def stats() -> Json:
        return {
            "calls": model.calls,
            "prompts": model.prompts,
            "requests": model.requests,
            "cancelled": model.cancelled,
            "most_at_once": model.most_at_once,
        }


def main() -> None:
    """Serve on loopback until told to stop; the first line printed is the port."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script", type=Path)
    given = parser.parse_args()
    script = None if given.script is None else Script.read(given.script)
    listener = listening(given.port)
    config = uvicorn.Config(create_app(script), log_level="critical", http=DroppableProtocol)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
