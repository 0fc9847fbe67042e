"""The HTTP API breaks no client of the released document, and a change that would is found."""

import copy
import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

Json = dict[str, Any]


@pytest.fixture(scope="module")
def check() -> Iterator[ModuleType]:
    """The script, which stands outside every package."""
    spec = importlib.util.spec_from_file_location("breaking", ".ci/breaking.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["breaking"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    del sys.modules["breaking"]


@pytest.fixture(scope="module")
def released() -> Json:
    """The document that clients were written for."""
    found: Json = json.loads(Path(".ci/openapi.json").read_text(encoding="utf-8"))
    return found


def test_nothing_breaks_clients_of_the_released_document(check: ModuleType, released: Json) -> None:
    """Whoever wants to break them on purpose releases a new document, and says so."""
    assert check.breaking(released, check.today()) == []


def schema(document: Json, name: str) -> Json:
    """One of its schemas."""
    found: Json = document["components"]["schemas"][name]
    return found


def drop_path(document: Json) -> None:
    """An operation goes."""
    del document["paths"]["/v1/tickets/{ticket_id}"]


def drop_answered(document: Json) -> None:
    """A field of an answer goes."""
    del schema(document, "TicketOut")["properties"]["reply"]


def ask_for_more(document: Json) -> None:
    """A field of a body is asked for."""
    schema(document, "TicketIn").setdefault("required", []).append("subject")


def take_less(document: Json) -> None:
    """A value is no longer taken."""
    schema(document, "DecisionIn")["properties"]["kind"]["enum"].remove("close")


def answer_otherwise(document: Json) -> None:
    """A field has another type."""
    schema(document, "TicketOut")["properties"]["turn"]["type"] = "string"


def close_it(document: Json) -> None:
    """A scope no longer suffices."""
    for need in document["paths"]["/v1/tickets/{ticket_id}"]["get"]["security"]:
        for scopes in need.values():
            scopes.remove("intake")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (drop_path, "GET /v1/tickets/{ticket_id}: gone"),
        (drop_answered, "answer.reply gone"),
        (ask_for_more, "body asks for ['subject']"),
        (take_less, "body.kind no longer takes ['close']"),
        (answer_otherwise, "answer.turn was integer and is string"),
        (close_it, "closed to the scopes intake"),
    ],
)
def test_each_kind_of_breaking_change_is_found(
    check: ModuleType, released: Json, change: Callable[[Json], None], told: str
) -> None:
    """And what only adds is not."""
    changed = copy.deepcopy(released)
    change(changed)
    assert any(told in line for line in check.breaking(released, changed)), told
    added = copy.deepcopy(released)
    schema(added, "TicketOut")["properties"]["more"] = {"type": "string"}
    schema(added, "TicketIn")["properties"]["more"] = {"type": "string"}
    assert check.breaking(released, added) == []
