"""`deskhand mcp`: the desk as an MCP server on standard input and output."""

from __future__ import annotations

import asyncio

from api.cli.remote import Key, Remote, Url


def run(url: Url = None, key: Key = None) -> None:
    """Serve the desk to another agent over stdin and stdout; a desk that runs is asked over HTTP.

    Tools: open_ticket, read_ticket, answer_handoff and others. Resources: the public articles.
    """
    remote = Remote(url, key)  # says what is wrong with an address or key
    asyncio.run(_serve(remote.url, key or ""))


async def _serve(url: str, key: str) -> None:
    from mcp.server.stdio import stdio_server

    from api.client.desk import connected
    from api.mcp.server import CHANNEL, make_server

    async with connected(url, key, channel=CHANNEL) as client, stdio_server() as (read, write):
        server = make_server(lambda: client)
        await server.run(read, write, server.create_initialization_options())
