"""Fernhill's back office: the outside service that the tools of the example desk call.

It is a process of its own, so that it can be slow, unreachable or killed like a real one:

    python -m examples.fernhill.service --port 8091 --db /tmp/backoffice.sqlite3

Orders and invoices are read; refunds and replies are effects. An effect needs an
`Idempotency-Key`, is performed once for it, and can be asked for by it at `/effects/{key}`.
"""

import argparse
import hashlib
import json
import os
import secrets
from decimal import Decimal
from http import HTTPStatus
from pathlib import Path as FilePath
from typing import Annotated

import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Header, Path, Query, Response
from fastapi import Request as HttpRequest
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from examples.fernhill.schemas import (
    Effect,
    Invoice,
    InvoiceId,
    Order,
    OrderId,
    Refund,
    RefundRequest,
    Reply,
    ReplyRequest,
    Stats,
)
from examples.fernhill.store import Json, KeyConflict, Ledger, Performed, Request, Store, now

HERE = FilePath(__file__).parent
TOKEN_VARIABLE = "FERNHILL_BACKOFFICE_TOKEN"  # noqa: S105  the name of the variable
PROBLEM = "application/problem+json"


class Problem(Exception):
    """A refusal, worded for the caller as RFC 9457 describes."""

    def __init__(self, status: HTTPStatus, title: str, detail: str) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail


def _store(request: HttpRequest) -> Store:
    store: Store = request.app.state.store
    return store


def _key(idempotency_key: Annotated[str | None, Header(max_length=255)] = None) -> str:
    if not idempotency_key:
        raise Problem(
            HTTPStatus.BAD_REQUEST,
            "Idempotency-Key is missing",
            "Send a header Idempotency-Key that is the same whenever this request is repeated.",
        )
    return idempotency_key


def _authorised(request: HttpRequest) -> None:
    expected = f"Bearer {request.app.state.token}"
    given = request.headers.get("Authorization", "")
    if request.app.state.token and not secrets.compare_digest(given.encode(), expected.encode()):
        raise Problem(
            HTTPStatus.UNAUTHORIZED, "Not authorised", "Send the back office's bearer token."
        )


Books = Annotated[Store, Depends(_store)]
Key = Annotated[str, Depends(_key)]
public = APIRouter()
private = APIRouter(dependencies=[Depends(_authorised)])


@public.get("/health")
def health(store: Books) -> dict[str, str]:
    """Ready as soon as the file can be read."""
    store.counts()
    return {"status": "ok"}


@private.get("/orders/{order_id}")
def read_order(store: Books, order_id: Annotated[OrderId, Path()]) -> Order:
    """One order."""
    return Order.model_validate(_found(store.record("orders", order_id), "order", order_id))


@private.get("/invoices/{invoice_id}")
def read_invoice(store: Books, invoice_id: Annotated[InvoiceId, Path()]) -> Invoice:
    """One invoice, with what was paid back so far."""
    record = _found(store.record("invoices", invoice_id), "invoice", invoice_id)
    refunded = _refunded(store.effects("refund", invoice_id))
    return Invoice.model_validate({**record, "refunded": float(refunded)})


@private.post("/refunds", status_code=HTTPStatus.CREATED, response_model=Refund)
def create_refund(store: Books, key: Key, body: RefundRequest) -> Response:
    """Pay money back, once for each key."""
    content = body.model_dump(mode="json")
    # 39.0 and 39.00 are the same sum, so both must be the same request.
    content["amount"] = float(body.amount)
    request = Request("refund", body.invoice_id, key, content)
    return _answer(store.perform(request, lambda ledger: _refund(ledger, key, body)))


@private.get("/refunds")
def list_refunds(
    store: Books, invoice_id: Annotated[InvoiceId | None, Query()] = None
) -> list[Refund]:
    """Refunds, of one invoice if it is named."""
    return [Refund.model_validate(row) for row in store.effects("refund", invoice_id)]


@private.post("/replies", status_code=HTTPStatus.CREATED, response_model=Reply)
def create_reply(store: Books, key: Key, body: ReplyRequest) -> Response:
    """Send a message to a customer, once for each key."""
    content = body.model_dump(mode="json")
    sent = {**content, "reply_id": _effect_id("RP", key), "sent_at": now()}
    request = Request("reply", body.ticket_id, key, content)
    return _answer(store.perform(request, lambda _: sent))


@private.get("/replies")
def list_replies(store: Books, ticket_id: str | None = None) -> list[Reply]:
    """Messages in the order they were sent, to one ticket if it is named."""
    return [Reply.model_validate(row) for row in store.effects("reply", ticket_id)]


@private.get("/effects/{key:path}")
def read_effect(store: Books, key: str) -> Effect:
    """What was done under a key. 404 means nothing was, and that it is safe to ask again."""
    return Effect.model_validate(_found(store.effect(key), "effect with the key", key))


@private.get("/stats")
def stats(store: Books) -> Stats:
    """Counts that let a test see from outside how often something really happened."""
    counts = store.counts()
    return Stats(
        replies_performed=counts.get("reply", (0, 0))[0],
        refunds_performed=counts.get("refund", (0, 0))[0],
        duplicates_suppressed=sum(repeats for _, repeats in counts.values()),
    )


def create_app(db_path: FilePath | None = None, *, token: str | None = None) -> FastAPI:
    """The service on one database file, seeded from data.json where records are missing.

    Without `token` the environment is asked; an empty one leaves the service open.
    """
    store = Store(db_path or HERE / "backoffice.sqlite3")
    store.prepare(json.loads((HERE / "data.json").read_text(encoding="utf-8")))
    app = FastAPI(title="Fernhill back office", version="1")
    app.state.store = store
    app.state.token = os.environ.get(TOKEN_VARIABLE, "") if token is None else token
    app.include_router(public)
    app.include_router(private)
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(KeyConflict, _on_conflict)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    return app


def _refund(ledger: Ledger, key: str, body: RefundRequest) -> Json:
    invoice = _found(ledger.record("invoices", body.invoice_id), "invoice", body.invoice_id)
    paid = Decimal(str(invoice["amount"])) if invoice["status"] == "paid" else Decimal(0)
    left = paid - _refunded(ledger.effects("refund", body.invoice_id))
    if body.amount > left:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "More than was paid",
            f"Of {body.invoice_id} {left:.2f} EUR can still be refunded.",
        )
    return Refund(
        refund_id=_effect_id("RF", key),
        invoice_id=body.invoice_id,
        amount=float(body.amount),
        currency="EUR",
        reason=body.reason,
        created_at=now(),
    ).model_dump(mode="json")


def _refunded(refunds: list[Json]) -> Decimal:
    return sum((Decimal(str(refund["amount"])) for refund in refunds), Decimal(0))


def _effect_id(prefix: str, key: str) -> str:
    return f"{prefix}-{hashlib.sha256(key.encode()).hexdigest()[:10].upper()}"


def _answer(performed: Performed) -> Response:
    headers = {"Idempotency-Replayed": "true"} if performed.repeated else {}
    return JSONResponse(performed.result, HTTPStatus.CREATED, headers)


def _found(record: Json | None, noun: str, name: str) -> Json:
    if record is None:
        raise Problem(HTTPStatus.NOT_FOUND, "Not found", f"There is no {noun} {name}.")
    return record


def _problem(status: int, title: str, detail: str, **more: object) -> Response:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JSONResponse(body, status, media_type=PROBLEM)


def _on_problem(_: HttpRequest, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return _problem(error.status, error.title, error.detail)


def _on_conflict(_: HttpRequest, __: Exception) -> Response:
    detail = "This Idempotency-Key was used for another request; take a new one."
    return _problem(HTTPStatus.CONFLICT, "Key already used", detail)


def _on_invalid(_: HttpRequest, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # The input is left out: it may hold a customer's text.
    errors = [{"field": list(e["loc"]), "message": e["msg"]} for e in error.errors()]
    detail = "One or more fields are wrong."
    return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, "Invalid request", detail, errors=errors)


def _on_http(_: HttpRequest, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title = HTTPStatus(error.status_code).phrase
    response = _problem(error.status_code, title, str(error.detail))
    response.headers.update(error.headers or {})  # 405 names the methods that are allowed
    return response


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description=create_app.__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8091)
    parser.add_argument("--db", type=FilePath, default=None, help="SQLite file")
    options = parser.parse_args()
    uvicorn.run(create_app(options.db), host=options.host, port=options.port, log_level="warning")


if __name__ == "__main__":
    main()
