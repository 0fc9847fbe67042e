"""Sessions of real servers: shared, cancelled, killed, and never left behind."""

import asyncio
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.tools.adapters.mcp.conftest import SERVER, alive
from tests.waiting import LONGEST_SECONDS, until
from tools.adapters.mcp import client as module
from tools.adapters.mcp.answers import value_of
from tools.adapters.mcp.client import McpClient
from tools.adapters.mcp.clients import McpClients
from tools.adapters.mcp.declared import McpService
from tools.contract import Json
from tools.faults import ToolFault, Unreachable

PATIENCE_SECONDS = 200
"""A busy machine starts several servers in it: whoever waits longer was not told."""


async def said(client: McpClient, operation: str, arguments: Json | None = None) -> Json:
    """What an operation gives."""
    return value_of(await client.call(operation, arguments or {}, {}))


async def pid_of(client: McpClient) -> int:
    """The server's process."""
    return int((await said(client, "process"))["pid"])


async def again(client: McpClient) -> str:
    """A call that is repeated while the server is on its way back."""
    async with asyncio.timeout(LONGEST_SECONDS):
        while True:
            try:
                return str((await said(client, "order", {"order_id": "A1"}))["order_id"])
            except Unreachable:
                await asyncio.sleep(0.2)


async def sent_before(client: McpClient) -> None:
    """Until what was called before has reached the server: a later call is answered."""
    await asyncio.sleep(0)
    await pid_of(client)


async def gone(pid: int) -> None:
    """Until the process has ended. Raises `TimeoutError`."""
    await until(lambda: not alive(pid))


async def test_it_lists_and_answers(client: McpClient) -> None:
    """With the schemas made plain and the structured content as the result."""
    operations = await client.operations()
    assert operations["order"].takes["required"] == ["order_id"]
    assert operations["order"].gives is not None
    assert await said(client, "order", {"order_id": "A1"}) == {
        "order_id": "A1",
        "status": "sent",
        "quantity": 2,
    }


async def test_many_callers_share_one_session(client: McpClient) -> None:
    """They do not wait for each other, and the session is opened once."""
    calls = (said(client, "meet", {"others": 30}) for _ in range(30))
    assert [one["met"] for one in await asyncio.gather(*calls)] == [30] * 30
    assert len(client._holding) == 1


async def test_a_call_is_cancelled_for_real_and_the_others_go_on(client: McpClient) -> None:
    """A caller who gives up takes nothing from anybody."""
    other = asyncio.create_task(said(client, "wait", {"seconds": 1.0}))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await said(client, "wait", {"seconds": 30})
    assert (await other)["waited"] == 1.0
    assert len(client._holding) == 1


async def test_random_cancellations_end_no_call_in_silence(client: McpClient) -> None:
    """Forty calls, every second of them given up at some moment.

    The library's server half may fall over a cancellation that crosses its answer; then the
    others are told so, and the next call finds a new server.
    """

    async def one(number: int) -> str:
        try:
            async with asyncio.timeout(0.005 * number if number % 2 else PATIENCE_SECONDS):
                await said(client, "wait", {"seconds": 0.05})
        except TimeoutError:
            return "late"
        except Unreachable:
            return "told"
        return "ok"

    await client.operations()
    ended = await asyncio.gather(*(one(number) for number in range(40)))
    assert {ended[number] for number in range(0, 40, 2)} <= {"ok", "told"}
    assert await again(client) == "A1"


async def test_the_environment_of_a_server_is_what_the_desk_gives_it(
    on_stdio: McpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing else of the worker's environment, which holds secrets."""
    monkeypatch.setenv("DESKHAND_SECRET", "s3cret")
    found = await said(on_stdio, "surroundings")
    assert found["GIVEN"] == "yes"
    known = {"GIVEN", "HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER", "LC_CTYPE"}
    assert set(found) <= known


async def test_a_hung_server_is_ended_and_started_anew(on_stdio: McpClient) -> None:
    """One that does not even answer a ping after a call was given up."""
    first = await pid_of(on_stdio)
    waiting = asyncio.create_task(said(on_stdio, "block", {"seconds": 60}))
    await asyncio.sleep(0.1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await said(on_stdio, "block", {"seconds": 60})
    with pytest.raises(Unreachable, match="no longer answered"):
        await waiting
    second = await pid_of(on_stdio)
    assert second != first
    await gone(first)


async def test_a_server_that_dies_in_a_call_is_told_at_once(on_stdio: McpClient) -> None:
    """Not certain that nothing was done; the next call finds a new server."""
    first = await pid_of(on_stdio)
    call = asyncio.create_task(said(on_stdio, "wait", {"seconds": 2 * LONGEST_SECONDS}))
    await sent_before(on_stdio)
    os.kill(first, signal.SIGKILL)
    with pytest.raises(Unreachable) as told:
        await asyncio.wait_for(call, LONGEST_SECONDS)
    assert not told.value.certain
    assert await pid_of(on_stdio) != first


async def test_whoever_waits_is_told_when_the_session_breaks(client: McpClient) -> None:
    """The library ends its tasks without a word to the requests under way."""
    await client.operations()
    call = asyncio.create_task(said(client, "wait", {"seconds": 2 * LONGEST_SECONDS}))
    await sent_before(client)
    [holder] = client._holding
    holder.cancel()
    with pytest.raises(Unreachable) as told:
        await asyncio.wait_for(call, LONGEST_SECONDS)
    assert not told.value.certain
    assert await again(client) == "A1"


async def test_a_server_that_dies_between_calls_is_replaced(on_stdio: McpClient) -> None:
    """The first call may find it gone, and then it certainly did nothing."""
    first = await pid_of(on_stdio)
    os.kill(first, signal.SIGKILL)
    await gone(first)
    assert await again(on_stdio) == "A1"
    assert await pid_of(on_stdio) != first


async def test_closing_leaves_no_process(stdio: McpService) -> None:
    """Neither the server nor what holds it; and nothing can be called any more."""
    client = McpClient(stdio)
    pid = await pid_of(client)
    await client.close()
    await gone(pid)
    with pytest.raises(Unreachable, match="ending"):
        await client.operations()


async def test_closing_kills_a_server_that_hangs(stdio: McpService) -> None:
    """It is given some seconds, and not more."""
    client = McpClient(stdio)
    pid = await pid_of(client)
    call = asyncio.create_task(said(client, "block", {"seconds": 60}))
    await asyncio.sleep(0.2)
    await client.close()
    await gone(pid)
    with pytest.raises(ToolFault):
        await call


def test_a_killed_worker_takes_its_servers_along(tmp_path: Path) -> None:
    """Even a server that hangs, and the processes that it started itself."""
    script = tmp_path / "worker.py"
    script.write_text(WORKER)
    command = [sys.executable, str(script), SERVER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()) as worker:
        assert worker.stdout is not None
        pid = int(worker.stdout.readline())
        assert alive(pid)
        worker.kill()
        worker.wait()
    asyncio.run(gone(pid))


WORKER = """
import asyncio, sys
sys.path.insert(0, ".")
from tools.adapters.mcp.answers import value_of
from tools.adapters.mcp.client import McpClient
from tools.adapters.mcp.declared import McpService

async def main():
    client = McpClient(McpService(command=sys.executable, args=(sys.argv[1], "stdio")))
    print(value_of(await client.call("process", {}, {}))["pid"], flush=True)
    await client.call("block", {"seconds": 60}, {})

asyncio.run(main())
"""


async def test_a_server_that_cannot_be_started_is_not_started_again_and_again() -> None:
    """It certainly did nothing, and the next attempts are told so without starting anything."""
    client = McpClient(McpService(command="/no/such/program"))
    with pytest.raises(Unreachable, match="cannot be used") as told:
        await client.operations()
    assert told.value.certain
    with pytest.raises(Unreachable, match="tried again in"):
        await client.operations()
    await client.close()


# Where it is given up while the library starts the process, the library leaves a stream unclosed.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_server_that_never_becomes_ready_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After a bounded time, for all who wait for it."""
    monkeypatch.setattr(module, "OPEN_SECONDS", 0.5)
    client = McpClient(McpService(command="sleep", args=("60",)))
    found = await asyncio.gather(*(client.operations() for _ in range(3)), return_exceptions=True)
    assert all(isinstance(one, Unreachable) for one in found)
    await client.close()


async def test_what_a_server_prints_besides_messages_is_dropped() -> None:
    """And a line without end is its own end."""
    noisy = "import sys; print('hello'); sys.stdout.write('x' * 3_000_000); sys.stdout.flush()"
    client = McpClient(McpService(command=sys.executable, args=("-c", f"{noisy}; input()")))
    with pytest.raises(Unreachable):
        await client.operations()
    await client.close()


def test_a_tenants_server_has_one_client(stdio: McpService) -> None:
    """Its own: the same server of another tenant, or with another token, has another."""
    clients = McpClients()
    first = clients.of("acme", "office", stdio, "")
    assert clients.of("acme", "office", stdio.model_copy(), "") is first
    assert clients.of("other", "office", stdio, "") is not first
    assert clients.of("acme", "office", stdio, "t") is not first


async def test_a_session_that_nobody_uses_any_more_ends(
    stdio: McpService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often a desk changes, its former servers do not stay; one that is called again is started anew."""
    monkeypatch.setattr(module, "IDLE_SECONDS", 0.5)
    clients, seen = McpClients(), set()
    for token in ("first", "second", "third"):
        client = clients.of("acme", "office", stdio, token)
        seen.add(await pid_of(client))
        await until(partial(getattr, client, "at_rest"))
    assert len(clients._clients) == 1
    seen.add(await pid_of(client))
    assert len(seen) == 4
    await clients.close()
    for pid in seen:
        await gone(pid)


async def test_a_session_that_nobody_waited_for_ends(
    stdio: McpService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever wanted it may have been cancelled before it was open."""
    monkeypatch.setattr(module, "IDLE_SECONDS", 0.5)
    client = McpClient(stdio)
    asking = asyncio.create_task(client.operations())
    await asyncio.sleep(0)
    asking.cancel()
    await until(lambda: client._live is not None)
    await until(partial(getattr, client, "at_rest"))
    await client.close()
