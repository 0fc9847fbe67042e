"""The MCP servers that a process uses."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from tools.adapters.mcp.client import McpClient
from tools.adapters.mcp.declared import McpService


@dataclass
class McpClients:
    """The servers of a process, each tenant's its own. Whoever makes it closes it."""

    _clients: dict[tuple[str, ...], McpClient] = field(default_factory=dict)

    def of(self, tenant: str, name: str, service: McpService, token: str) -> McpClient:
        """The client of a tenant's service; nothing is started before it is called.

        A former one of the same name, from before the desk changed, is forgotten once it is at rest.
        """
        key = (tenant, name, service.model_dump_json(), token)
        if key not in self._clients:
            known = self._clients.items()
            kept = {one: it for one, it in known if one[:2] != key[:2] or not it.at_rest}
            self._clients = {**kept, key: McpClient(service, token)}
        return self._clients[key]

    async def close(self) -> None:
        """End all of them."""
        await asyncio.gather(*(client.close() for client in self._clients.values()))
