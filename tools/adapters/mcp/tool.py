"""An operation of an MCP server that a tenant declared, as a tool."""

from __future__ import annotations

import time
from collections.abc import Mapping

from opentelemetry import propagate
from typing_extensions import override

from memory.admission import waiting_outside
from tools.adapters.mcp.answers import value_of
from tools.adapters.mcp.client import McpClient
from tools.adapters.mcp.declared import KEY
from tools.adapters.mcp.schemas import Listed, difference
from tools.contract import CallContext, Json, Tool, ToolSpec
from tools.faults import Rejected, SchemaChanged, ServiceError

LOOK_SECONDS = 5.0
"""A refused call is a reason to look at the server's list again, but not more often."""


class McpTool(Tool):
    """One declared operation. Every call is made only while its schema is the declared one."""

    def __init__(self, spec: ToolSpec, client: McpClient) -> None:
        """Raises `ValueError` for a spec that names no operation."""
        if not spec.operation:
            raise ValueError("a tool of an MCP server needs `operation`")
        self.spec = spec
        self._operation = spec.operation
        self._client = client
        self._looked = time.monotonic()

    @override
    async def call(self, arguments: Json, *, key: str | None, caller: CallContext) -> Json:
        """Raises `ToolFault`."""
        self._compare(await self._client.operations())
        try:
            with waiting_outside():
                found = await self._client.call(self._operation, arguments, meta_of(key))
            return value_of(found)
        except Rejected:
            # A server that has changed refuses what it used to take.
            await self._look()
            raise

    @override
    async def reconcile(self, key: str) -> Json | None:
        """Asks the operation that the desk names for it.

        Raises `ServiceError` if there is none: MCP itself knows no such question.
        """
        effects = self._client.service.effects
        if effects is None:
            raise ServiceError("the server cannot be asked what it did under a key")
        found = value_of(await self._client.call(effects, {"key": key}, meta_of(None)))
        result = found.get("result")
        if result is not None and not isinstance(result, dict):
            raise SchemaChanged("the answer about an effect has no object 'result'")
        return result

    async def _look(self) -> None:
        anew = time.monotonic() - self._looked >= LOOK_SECONDS
        self._looked = time.monotonic() if anew else self._looked
        self._compare(await self._client.operations(anew=anew))

    def _compare(self, operations: Mapping[str, Listed]) -> None:
        changed = difference(self.spec, operations.get(self._operation))
        if changed:
            msg = f"the server describes the operation differently: {'; '.join(changed)}"
            raise SchemaChanged(msg, certain=True, difference=changed)


def meta_of(key: str | None) -> Json:
    """What travels beside the arguments: the idempotency key, and the trace where one is on."""
    found: dict[str, str] = {}
    propagate.inject(found)
    return found if key is None else {**found, KEY: key}
