"""The errors that a route declares, so that the OpenAPI description is honest."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

from api.http.problems import MEDIA_TYPE, Problem

FIRST_ERROR = 400


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a route: each status of its own as a `Problem`."""
    return {
        status: {"model": Problem, "description": HTTPStatus(status).phrase} for status in statuses
    }


SHARED = problems(401, 403, 422, 503)
"""Of every route that asks who calls: an unknown parameter is refused, the storage may be away."""


def describe_problems(app: FastAPI) -> None:
    """Let the description say problem+json where the framework would say JSON."""
    original: Callable[[], dict[str, Any]] = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            _rename(original())
        return original()

    app.openapi = described  # type: ignore[method-assign]


def _rename(schema: dict[str, Any]) -> None:
    for path in schema["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                if status.isdigit() and int(status) >= FIRST_ERROR:
                    # The framework names the type of the route's good answers.
                    response["content"] = {MEDIA_TYPE: next(iter(response["content"].values()))}
