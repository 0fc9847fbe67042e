"""A back office that misbehaves as it is told, call by call, and counts what reached it.

    python -m evals.faults.service --port 0        (prints the port it got)

Orders and passages are read; refunds and replies are effects. `/refunds` and `/replies` perform an effect
once for its Idempotency-Key, `/unkeyed/refunds` each time it is asked. What happens to the next
calls is set at `/_control/plan`, what has happened is read at `/_control/stats`.
"""

import argparse
import socket
import sys
from typing import Annotated, Any

import uvicorn
from fastapi import FastAPI, Header, HTTPException
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from evals.faults.fault_injection import WRONG, DroppableProtocol, FaultInjection, operation
from evals.faults.mcp_http import add_mcp
from evals.faults.plan import Office, Plan

Json = dict[str, Any]

OWNER = "ada@example.com"
"""Whose orders these are, unless the data is wrong."""


class Order(BaseModel):
    """An order."""

    order_id: str
    email: str
    status: str
    quantity: int


class RefundIn(BaseModel):
    """What is paid back; callers may say more."""

    model_config = ConfigDict(extra="allow")

    order_id: str = ""


class Refund(BaseModel):
    """A refund that was made, with all that was said of it."""

    model_config = ConfigDict(extra="allow")

    id: str


def create_app() -> FaultInjection:
    """The service with an empty memory and nothing planned."""
    office, app = Office(), FastAPI(title="A back office that misbehaves")
    _add_operations(app, office)
    _add_control(app, office)
    _add_helping(app, office)
    add_mcp(app, office)
    return FaultInjection(app, lambda path: office.next_fault(operation(path)))


def _add_operations(app: FastAPI, office: Office) -> None:
    @app.get("/orders/{order_id}", operation_id="get_order")
    def order(order_id: str) -> Order:
        if order_id.startswith("missing"):
            raise HTTPException(404)
        return Order(order_id=order_id, email=OWNER, status="shipped", quantity=2)

    @app.get("/passages/{query}")
    def passages(query: str) -> Json:
        return {"query": query, "text": f"To do {query}, open the settings and press Reset."}

    @app.post("/refunds", operation_id="refund")
    def refund(body: RefundIn, idempotency_key: Annotated[str, Header()]) -> Refund:
        done = office.perform("refunds", body.model_dump(exclude_unset=True), idempotency_key)
        return Refund.model_validate(done)

    @app.post("/replies")
    def reply(body: Json, idempotency_key: Annotated[str, Header()]) -> Json:
        return office.perform("replies", body, idempotency_key)

    @app.post("/unkeyed/refunds")
    def unkeyed(body: Json) -> Json:
        return office.perform("unkeyed", body, None)

    @app.get("/effects/{key}")
    def effect(key: str) -> Json:
        if key not in office.results:
            raise HTTPException(404)
        return {"key": key, "result": office.results[key]}


def _add_helping(app: FastAPI, office: Office) -> None:
    """What the MCP server on stdio, a process of its own, asks for."""

    @app.post("/_control/take")
    def take(body: Json) -> Json:
        return {**office.next_fault(body["operation"]).model_dump(), "wrong": WRONG}

    @app.post("/_control/perform")
    def perform(body: Json) -> Json:
        return office.perform_as(body["operation"], body["body"], body["key"])

    @app.post("/_control/find")
    def find(body: Json) -> Json:
        return {"result": office.results.get(body["key"])}

    old: dict[str, Json] = {}

    @app.post("/_control/keep")
    def keep(body: Json) -> Json:
        return {"answer": old.setdefault(body["operation"], body["answer"])}

    @app.post("/_control/old")
    def first(body: Json) -> Json:
        return {"answer": old[body["operation"]]}

    @app.post("/_control/listing")
    def listing() -> Json:
        return {"changed": office.changed}


def _add_control(app: FastAPI, office: Office) -> None:
    @app.post("/_control/plan")
    def plan(wanted: Plan) -> Json:
        office.plan(wanted.operation, wanted.faults, forever=wanted.forever)
        return {}

    @app.post("/_control/reset")
    def reset() -> Json:
        office.forget()
        return {}

    @app.get("/_control/stats")
    def stats() -> JSONResponse:
        return JSONResponse(
            {"calls": office.calls, "performed": office.performed, "repeats": office.repeats}
        )


def main() -> None:
    """Serve on loopback until told to stop; the first line printed is the port."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=0)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", parser.parse_args().port))
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    config = uvicorn.Config(create_app(), log_level="critical", http=DroppableProtocol)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
