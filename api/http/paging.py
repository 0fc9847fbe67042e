"""Pages of a list: how long one may be, and where the next one is."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Request

from api.http.text import Line

DEFAULT_PAGE = 50
Limit = Annotated[int, Query(ge=1, le=200)]
Offset = Annotated[int, Query(ge=0, le=100_000)]
Before = Annotated[Line | None, Query(max_length=64)]
"""The id of the last one of the page before."""


def following(request: Request, **moved: object) -> str:
    """Where the next page is: what was asked for, but for what has moved on."""
    kept = [pair for pair in request.query_params.multi_items() if pair[0] not in moved]
    return f"{request.scope['path']}?{urlencode([*moved.items(), *kept])}"
