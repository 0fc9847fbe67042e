"""Clients that all tenants of a process share keep no cookies."""

import asyncio
from collections.abc import Callable

import httpx2
import pytest

from graph.minds.model.http_client import open_model_client
from tools.adapters.http import open_client

ANSWER = b"HTTP/1.1 200 OK\r\nSet-Cookie: sid=of-the-first; Path=/\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize("opened", [open_client, open_model_client])
async def test_what_one_tenants_service_sets_does_not_go_out_with_anothers_call(
    opened: Callable[[], httpx2.AsyncClient],
) -> None:
    """Two tenants of one provider: the second would call with the first one's session."""
    asked: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(ANSWER)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server, opened() as client:
        host, port = server.sockets[0].getsockname()
        for token in ("first", "second"):
            sent = {"Authorization": f"Bearer {token}"}
            assert (await client.get(f"http://{host}:{port}/", headers=sent)).is_success
    assert len(asked) == 2
    assert all(b"cookie:" not in request.lower() for request in asked)
