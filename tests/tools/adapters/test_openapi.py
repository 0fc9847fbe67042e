"""Tools made from OpenAPI documents, against real services."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest

from evals.faults.process import FaultyService
from examples.fernhill.service import create_app
from graph.desk.file import load_desk
from graph.desk.problems import DeskInvalid
from tests.tools.bench import bench_of, caller_of
from tools.adapters.http import HttpTool
from tools.adapters.openapi import complete
from tools.adapters.openapi_document import OpenApiFault, read_document
from tools.checks.schema import Shape
from tools.contract import Json, ToolSpec
from tools.faults import NotFound

ORDER = {
    "type": "object",
    "required": ["order_id", "status"],
    "properties": {
        "order_id": {"type": "string"},
        "status": {"type": "string"},
        "quantity": {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
        "note": {"type": "string", "nullable": True},
        "example": {"type": "string", "example": "a field may be called so"},
    },
}
DOCUMENT: Json = {
    "openapi": "3.0.3",
    "servers": [{"url": "http://elsewhere.example"}],
    "paths": {
        "/orders/{order_id}": {
            "parameters": [{"$ref": "#/components/parameters/order"}],
            "get": {
                "operationId": "getOrder",
                "summary": "One order.",
                "parameters": [
                    {"name": "parts", "in": "query", "schema": {"type": "array", "items": {}}},
                    {"name": "X-Region", "in": "header", "schema": {"type": "string"}},
                    {"name": "Authorization", "in": "header", "required": True},
                ],
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Order"}}
                        }
                    }
                },
            },
        },
        "/refunds": {
            "post": {
                "operationId": "refund",
                "parameters": [{"name": "Idempotency-Key", "in": "header", "required": True}],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["order_id"],
                                "properties": {
                                    "order_id": {"type": "string"},
                                    "note": {"type": "string"},
                                },
                            }
                        }
                    },
                },
                "responses": {"201": {"description": "made"}},
            }
        },
        "/trees": {
            "get": {
                "operationId": "trees",
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Tree"}}
                        }
                    }
                },
            }
        },
        "/outside": {
            "get": {
                "operationId": "outside",
                "parameters": [{"$ref": "https://elsewhere.example/x.json"}],
                "responses": {},
            }
        },
        "/lost": {
            "get": {"operationId": "lost", "parameters": [{"$ref": "#/nowhere"}], "responses": {}}
        },
        "/cookies": {
            "get": {
                "operationId": "cookies",
                "parameters": [{"name": "c", "in": "cookie", "required": True}],
                "responses": {},
            }
        },
        "/odd/{other}": {"get": {"operationId": "odd", "responses": {}}},
    },
    "components": {
        "parameters": {
            "order": {
                "name": "order_id",
                "in": "path",
                "required": True,
                "schema": {"type": "string"},
            }
        },
        "schemas": {
            "Order": ORDER,
            "Tree": {
                "type": "object",
                "properties": {"below": {"$ref": "#/components/schemas/Tree"}},
            },
        },
    },
}


def spec(operation: str, **parts: Any) -> ToolSpec:
    """A tool that names an operation."""
    return ToolSpec(name="asked", operation=operation, service="shop", **parts)


def test_a_read_takes_everything_from_its_operation() -> None:
    """Method, path, arguments where they travel, and the result; our own headers are left out."""
    made = complete(spec("getOrder"), DOCUMENT)
    assert (made.method, made.path) == ("GET", "/orders/{order_id}")
    assert (made.description, made.required) == ("One order.", ("order_id",))
    assert made.places == {"parts": "query", "X-Region": "header"}
    assert set(made.arguments) == {"order_id", "parts", "X-Region"}
    assert set(made.returns["properties"]) == set(ORDER["properties"])


def test_the_words_of_openapi_3_0_become_json_schema() -> None:
    """Nullable and strict bounds mean what they say."""
    fits = Shape(complete(spec("getOrder"), DOCUMENT).returns).faults
    good = {"order_id": "A1", "status": "sent", "quantity": 1, "note": None}
    assert fits(good) == []
    assert fits({**good, "quantity": 0})
    assert fits({**good, "status": None})


def test_a_write_takes_its_arguments_from_the_body() -> None:
    """The key is the gateway's, not an argument."""
    made = complete(spec("refund", effect="write", approval="person"), DOCUMENT)
    assert (made.method, made.required) == ("POST", ("order_id",))
    assert made.places == {"order_id": "body", "note": "body"}
    assert (made.returns, made.approval) == ({}, "person")


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (spec("getOrders"), "there are: .*getOrder"),
        (spec("refund"), "say `effect: write`"),
        (spec("getOrder", path="/x"), "leave it out"),
        (spec("trees"), "may contain itself"),
        (spec("outside"), "outside the document"),
        (spec("lost"), "points to nothing"),
        (spec("cookies"), "cookie is not supported"),
        (spec("odd"), "does not contain exactly its parameters"),
    ],
)
def test_what_cannot_be_used_is_told(wanted: ToolSpec, words: str) -> None:
    """When the desk is read, not when the first customer asks."""
    with pytest.raises(OpenApiFault, match=words):
        complete(wanted, DOCUMENT)


async def test_a_changed_answer_is_told_with_the_difference(
    service: FaultyService, client: httpx2.AsyncClient
) -> None:
    """Through the gateway: what the document promised and the service no longer gives."""
    made = complete(spec("getOrder"), DOCUMENT)
    gate = bench_of(HttpTool(made, service.base_url, "", client))
    good = await gate.call("asked", {"order_id": "A1", "parts": ["a", "b"], "X-Region": "eu"})
    assert good["status"] == "ok"
    service.plan("orders", {"kind": "other_schema"})
    error = (await gate.call("asked", {"order_id": "A2"}))["error"]
    assert error is not None
    assert error["kind"] == "schema_changed"
    assert "order_id is missing; status is missing" in error["message"]
    refused = (await gate.call("asked", {"order_id": 7}))["error"]
    assert refused is not None
    assert refused["kind"] == "bad_arguments"


async def test_fernhill_is_served_by_its_own_document(tmp_path: Path) -> None:
    """The document that a real framework writes: reads, path patterns, bodies, keys."""
    app = create_app(tmp_path / "shop.db", token="")
    document = json.loads(json.dumps(app.openapi()))
    read = complete(spec("read_order_orders__order_id__get"), document)
    write = complete(spec("create_refund_refunds_post", effect="write"), document)
    assert set(write.arguments) == {"invoice_id", "amount", "reason"}
    assert Shape(read.schema_of_arguments).faults({"order_id": "12"}) != []
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app)) as client:
        tool = HttpTool(read, "http://shop.test", "", client)
        found = await tool.call({"order_id": "FH-104233"}, key=None, caller=caller_of())
        assert Shape(read.returns).faults(found) == []
        with pytest.raises(NotFound):
            await tool.call({"order_id": "FH-999999"}, key=None, caller=caller_of())
        paid = HttpTool(write, "http://shop.test", "", client)
        invoice = {"invoice_id": "INV-2026-0412", "amount": 1}
        done = await paid.call(invoice, key="k1", caller=caller_of())
        assert Shape(write.returns).faults(done) == []


def test_a_document_comes_from_the_services_host_or_from_nowhere(
    service: FaultyService, tmp_path: Path
) -> None:
    """No other host, no redirect's target, no text that is no document."""
    here = f"{service.base_url}/openapi.json"
    read = partial(read_document, folder=tmp_path, base_url=service.base_url)
    assert "/refunds" in read(here)["paths"]
    service.plan("openapi.json", {"kind": "redirect"}, {"kind": "half_json"})
    for words in ("answered 307", "neither JSON nor YAML"):
        with pytest.raises(OpenApiFault, match=words):
            read(here)
    with pytest.raises(OpenApiFault, match="not on the service's host"):
        read("http://127.0.0.1:9/openapi.json")


DESK = """\
tenant: acme
company: Acme
services:
  shop: {base_url: "http://127.0.0.1:9", openapi: api.json}
tools:
  - name: lookup_order
    service: shop
    operation: getOrder
    answer: "Order {order_id} is {status}."
  - name: second
    service: shop
    operation: OPERATION
"""


def test_a_desk_names_operations_and_the_tools_are_whole(tmp_path: Path) -> None:
    """Everyone who reads the desk sees the arguments, not only who calls the tool."""
    (tmp_path / "api.json").write_text(json.dumps(DOCUMENT))
    desk = tmp_path / "desk.yaml"
    desk.write_text(DESK.replace("OPERATION", "getOrder"))
    tool = load_desk(desk).tool("lookup_order")
    assert tool is not None
    assert (tool.path, set(tool.arguments)) == (
        "/orders/{order_id}",
        {"order_id", "parts", "X-Region"},
    )


def test_a_mistake_in_an_operation_has_its_line(tmp_path: Path) -> None:
    """Like every other mistake of a desk."""
    (tmp_path / "api.json").write_text(json.dumps(DOCUMENT))
    desk = tmp_path / "desk.yaml"
    desk.write_text(DESK.replace("OPERATION", "getOrders"))
    with pytest.raises(DeskInvalid) as caught:
        load_desk(desk)
    assert [problem.line for problem in caught.value.problems] == [12]


def test_a_service_without_a_document_cannot_be_named(tmp_path: Path) -> None:
    """The advice says what to add."""
    desk = tmp_path / "desk.yaml"
    desk.write_text(DESK.replace(", openapi: api.json", ""))
    with pytest.raises(DeskInvalid, match="add `openapi`"):
        load_desk(desk)
