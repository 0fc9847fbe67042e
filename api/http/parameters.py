"""A parameter of the query that a route does not read is refused, as an unknown field of a body is.

A mistyped filter would otherwise be left out in silence, and the answer show everything.
"""

from __future__ import annotations

from fastapi import Request, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from api.http.validation import MAX_ERRORS


def refuse_unknown(request: Request) -> None:
    """Raises `RequestValidationError` for each parameter that the request's route does not know."""
    route = request.scope.get("route")
    if not request.query_params or not isinstance(route, APIRoute):
        return
    every = get_flat_params(route.dependant)
    known = {one.alias for one in every if isinstance(one.field_info, params.Query)}
    unknown = [name for name in request.query_params if name not in known][:MAX_ERRORS]
    if unknown:
        raise RequestValidationError(
            [
                {"type": "extra_forbidden", "loc": ("query", name), "ctx": {"known": sorted(known)}}
                for name in unknown
            ]
        )
