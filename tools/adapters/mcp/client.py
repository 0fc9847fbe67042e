"""One MCP server as all runs of a worker use it: one session, opened when it is first needed.

A session lives in a task of its own, since the library binds it to the task that opened it;
callers only send through it, and may be cancelled as they like. A call that is given up is told
to the server; a server on stdio that then does not even answer a ping is ended and, at the next
call, started anew.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tools.adapters.mcp.answers import ENDS, fault_of_error
from tools.adapters.mcp.declared import McpService
from tools.adapters.mcp.schemas import Listed
from tools.adapters.mcp.session import Live, hold, list_operations
from tools.contract import Json
from tools.faults import SchemaChanged, ToolFault, Unreachable

if TYPE_CHECKING:
    from mcp.types import CallToolResult

OPEN_SECONDS = 15.0
"""How long a server may take to answer and to list its operations."""
STARVED = 4
"""Times as long has one that we start: it shares the processors with all that runs here. Whoever
calls is bounded by the tool's own timeout."""
PING_SECONDS = 1.0
"""How soon a server must answer a ping, or anything else, after a call was given up."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 10.0
"""Between attempts to open a session that failed; it doubles."""
MOST_DOUBLINGS = 10
MOST_ENDING = 2
"""Sessions of one server that may be coming to their end while another one opens."""
IDLE_SECONDS = 600.0
"""A session that nobody has used for so long ends: its tenant's desk may name another server by now.
The longest call takes a tenth of it."""
CLOSE_SECONDS = 6.0
"""How long a server may take to end; the library kills it after 4 s."""


@dataclass
class McpClient:
    """A server's one session. All methods belong to one event loop."""

    service: McpService
    token: str = ""
    now: Callable[[], float] = time.monotonic
    _live: Live | None = None
    _opening: asyncio.Task[Live] | None = None
    _holding: dict[asyncio.Task[None], asyncio.Event] = field(default_factory=dict)
    """The tasks that hold a session, and what ends each."""
    _chores: set[asyncio.Task[None]] = field(default_factory=set)
    _failures: int = 0
    _not_before: float = 0.0
    _closed: bool = False
    _rest: asyncio.TimerHandle | None = None

    @property
    def at_rest(self) -> bool:
        """Whether it holds nothing open."""
        return not self._holding and self._opening is None

    async def operations(self, *, anew: bool = False) -> Mapping[str, Listed]:
        """What the server lists, by name. Raises `ToolFault` and `McpFault`."""
        live = await self._session()
        if live.stale or anew:
            live.stale = False
            live.operations = await self._through(live, lambda: list_operations(live.session))
        return live.operations

    async def call(self, operation: str, arguments: Json, meta: Json) -> CallToolResult:
        """One call, as it came back; an error of the tool's own is a result too.

        Raises `ToolFault`; where it is cancelled, the server is told.
        """
        from mcp.types import CallToolRequest, CallToolRequestParams, CallToolResult, ClientRequest

        params = CallToolRequestParams.model_validate(
            {"name": operation, "arguments": arguments, "_meta": meta or None}
        )
        request = ClientRequest(CallToolRequest(params=params))
        live = await self._session()
        found: CallToolResult = await self._through(
            live, lambda: live.session.send_request(request, CallToolResult)
        )
        return found

    async def close(self) -> None:
        """End the session and its server; nothing can be called any more."""
        self._closed = True
        self._end_idle()
        for stop in self._holding.values():
            stop.set()
        mine = [task for task in (self._opening, *self._chores) if task is not None]
        for task in mine:
            task.cancel()
        holding = set(self._holding)
        for task in (await asyncio.wait(holding, timeout=CLOSE_SECONDS))[1] if holding else ():
            task.cancel()
        await asyncio.gather(*holding, *mine, return_exceptions=True)

    async def _through(self, live: Live, ask: Callable[[], Any]) -> Any:
        """Ask over the session, with every way it can fail as a `ToolFault`."""
        import anyio
        from mcp import McpError
        from pydantic import ValidationError

        self._used()
        call = _Call(live)
        try:
            found = await call.answer(ask)
        except asyncio.CancelledError:
            self._give_up(live, call.number)
            raise
        except McpError as error:
            raise self._fault_of(live, call.number, error.error.code) from error
        except (anyio.ClosedResourceError, anyio.BrokenResourceError) as error:
            self._drop(live)
            msg = "the server is not there any more"
            raise Unreachable(msg, certain=True) from error
        except anyio.EndOfStream as error:
            self._drop(live)
            raise Unreachable("the server went away before it answered") from error
        except ValidationError as error:
            raise SchemaChanged("the answer is not what the protocol says") from error
        live.heard_at = self.now()
        return found

    def _fault_of(self, live: Live, number: int, code: int) -> ToolFault:
        ours = live.wire.fault(number) if live.wire else None
        if ours is not None:
            return ours
        if code in ENDS:
            self._drop(live)
        return fault_of_error(code)

    def _give_up(self, live: Live, number: int) -> None:
        if live.wire is not None:
            live.wire.abort(number)
        chore = asyncio.create_task(self._tell(live, number))
        self._chores.add(chore)
        chore.add_done_callback(self._chores.discard)
        if live.wire is None and live.doubt is None:
            live.doubt = chore

    async def _tell(self, live: Live, number: int) -> None:
        """Say that a call is given up, and see whether a stdio server is still alive."""
        import anyio
        from mcp import McpError

        began = self.now()
        try:
            async with asyncio.timeout(PING_SECONDS):
                await live.session.send_notification(_cancelled(number))
                if live.doubt is asyncio.current_task():
                    await live.session.send_ping()
        except McpError as error:
            if error.error.code in ENDS:
                self._drop(live)
        except TimeoutError:
            if live.heard_at <= began:  # a busy server that answers others is not a dead one
                self._drop(live)
        except (anyio.ClosedResourceError, anyio.BrokenResourceError):
            self._drop(live)
        finally:
            if live.doubt is asyncio.current_task():
                live.doubt = None

    def _drop(self, live: Live) -> None:
        """End this session; the next call opens another one."""
        live.stop.set()
        if self._live is live:
            self._live = None

    def _used(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        self._rest = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._end_idle)

    def _end_idle(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        if self._live is not None:
            self._drop(self._live)

    async def _session(self) -> Live:
        if self._live is not None and self._live.doubt is not None:
            await asyncio.wait({self._live.doubt})  # not one more call into a hung server
        if self._live is not None and self._live.stop.is_set():
            self._live = None  # it has ended, and is still being taken down
        if self._live is not None:
            return self._live
        if self._opening is None:
            self._may_open()
            self._opening = asyncio.create_task(self._open())
            self._opening.add_done_callback(self._opened)
        opening = self._opening
        # A caller who gives up does not take the session from the others.
        await asyncio.wait({opening})
        if opening.cancelled():
            msg = "the worker is ending"
            raise Unreachable(msg, certain=True)
        return opening.result()

    def _may_open(self) -> None:
        wait, reason = self._not_before - self.now(), None
        if self._closed:
            reason = "the worker is ending"
        elif wait > 0:
            reason = f"the server could not be reached; it is tried again in {wait:.1f} s"
        elif len(self._holding) > MOST_ENDING:
            reason = f"{len(self._holding)} sessions of the server are still ending"
        if reason is not None:
            raise Unreachable(reason, certain=True)

    def _opened(self, task: asyncio.Task[Live]) -> None:
        self._opening = None
        if not task.cancelled() and task.exception() is None:
            self._failures = 0
            self._used()  # whoever wanted it may have gone by now
            return
        pause = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2**self._failures)
        self._failures = min(self._failures + 1, MOST_DOUBLINGS)
        self._not_before = self.now() + pause

    async def _open(self) -> Live:
        """Start a task that holds a session, and wait until it is ready."""
        ready: asyncio.Future[Live] = asyncio.get_running_loop().create_future()
        stop = asyncio.Event()
        task = asyncio.create_task(hold(self.service, self.token, ready, stop))
        self._holding[task] = stop
        task.add_done_callback(self._ended)
        both: set[asyncio.Future[Any]] = {task, ready}
        most = OPEN_SECONDS * (STARVED if self.service.command is not None else 1)
        await asyncio.wait(both, timeout=most, return_when="FIRST_COMPLETED")
        if not ready.done() or task.done():
            why = _why(task) if task.done() else f"it was not ready within {most:g} s"
            stop.set()
            task.cancel()
            msg = f"the MCP server cannot be used: {why}"
            raise Unreachable(msg, certain=True)
        self._live = ready.result()
        return self._live

    def _ended(self, task: asyncio.Task[None]) -> None:
        stop = self._holding.pop(task)
        stop.set()  # nobody answers any more: whoever waits for an answer is told
        if self._live is not None and self._live.stop is stop:
            self._live = None
        if not task.cancelled():
            task.exception()  # told to whoever waits for the session; nobody else asks


@dataclass
class _Call:
    """One request under way, which ends with its session at the latest."""

    live: Live
    number: int = -1
    """Under which the session sent it."""

    async def answer(self, ask: Callable[[], Any]) -> Any:
        """What the session answers. Raises `Unreachable` if it is ended before."""
        asked = asyncio.ensure_future(self._numbered(ask))
        ended = asyncio.ensure_future(self.live.stop.wait())
        try:
            await asyncio.wait({asked, ended}, return_when="FIRST_COMPLETED")
            if asked.done():
                return asked.result()
        finally:
            asked.cancel()
            ended.cancel()
        raise Unreachable("the session was ended, since the server no longer answered")

    async def _numbered(self, ask: Callable[[], Any]) -> Any:
        # Nothing else runs between the look and the sending, which takes this very number.
        self.number = self.live.session._request_id  # noqa: SLF001  it has no other name
        return await ask()


def _why(task: asyncio.Task[None]) -> str:
    """The innermost reason, without what the server may have said."""
    error: BaseException | None = None if task.cancelled() else task.exception()
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, ToolFault | OSError | ValueError) and str(error):
        return str(error)[:300]
    return "it ended at once; is the command right?" if error is None else type(error).__name__


def _cancelled(number: int) -> Any:
    from mcp.types import CancelledNotification, CancelledNotificationParams, ClientNotification

    params = CancelledNotificationParams(requestId=number, reason="no longer waited for")
    return ClientNotification(CancelledNotification(params=params))
