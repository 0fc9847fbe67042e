"""Real MCP servers, made with the library's own server half, and clients of them."""

import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.waiting import wait_until
from tools.adapters.mcp.client import McpClient
from tools.adapters.mcp.declared import McpService
from tools.adapters.mcp.schemas import complete
from tools.contract import ToolSpec

SERVER = str(Path(__file__).with_name("plain_server.py"))


@pytest.fixture
def stdio() -> McpService:
    """A server that is started."""
    return McpService(command=sys.executable, args=(SERVER, "stdio"), env={"GIVEN": "yes"})


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """A server that runs already."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen([sys.executable, SERVER, "http", str(port)]) as process:
        wait_until(lambda: _listens(port))
        yield f"http://127.0.0.1:{port}/mcp"
        process.kill()


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(params=["stdio", "http"])
def server(request: pytest.FixtureRequest) -> McpService:
    """Each of the two."""
    if request.param == "stdio":
        found: McpService = request.getfixturevalue("stdio")
        return found
    return McpService(url=request.getfixturevalue("address"))


@pytest.fixture
async def client(server: McpService) -> AsyncIterator[McpClient]:
    """A session of it."""
    opened = McpClient(server)
    yield opened
    await opened.close()


@pytest.fixture
async def on_stdio(stdio: McpService) -> AsyncIterator[McpClient]:
    """A session on stdio."""
    opened = McpClient(stdio)
    yield opened
    await opened.close()


async def declared(client: McpClient, operation: str, **parts: Any) -> ToolSpec:
    """A spec whose schemas come from the server."""
    spec = ToolSpec(name="tool", operation=operation, **{"effect": "read", **parts})
    return complete(spec, await client.operations())


def alive(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (OSError, IndexError):
        return False
    return status != "Z"
