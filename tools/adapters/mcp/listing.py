"""What a server lists, for a desk that is being loaded."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from tools.adapters.mcp.client import McpClient
from tools.adapters.mcp.declared import McpService
from tools.adapters.mcp.schemas import Listed, McpFault
from tools.faults import ToolFault


def read_operations(service: McpService, token: str = "") -> Mapping[str, Listed]:
    """The server's operations by name, over a session of their own. Blocks; raises `McpFault`.

    In a thread of its own, since a desk may be loaded inside an event loop.
    """
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, _read(service, token)).result()


async def _read(service: McpService, token: str) -> Mapping[str, Listed]:
    client = McpClient(service, token)
    try:
        return await client.operations()
    except ToolFault as fault:
        raise McpFault(str(fault)) from fault
    finally:
        await client.close()
