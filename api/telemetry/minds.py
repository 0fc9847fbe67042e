"""A span around each decision of a mind, local or model. Wrapped only where traces are exported."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import fields, replace
from typing import Any

from graph.minds.contract import Minds
from tools.tracing import spanned


class TracedMind:
    """Any mind of `graph.minds.contract`, with a span around each of its methods."""

    def __init__(self, role: str, inner: Any) -> None:
        self._role = role
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return self._traced(found) if callable(found) else found

    def _traced(self, method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def decide(*given: Any, **named: Any) -> Any:
            attributes = {"deskhand.mind": type(self._inner).__name__}
            with spanned(f"mind {self._role}", attributes):
                return await method(*given, **named)

        return decide


def traced(minds: Minds) -> Minds:
    """The same minds, each in its span. Call it after they are bound to a drive."""
    parts = {one.name: TracedMind(one.name, getattr(minds, one.name)) for one in fields(minds)}
    changed: dict[str, Any] = dict(parts)
    return replace(minds, **changed)
