"""Shows people what the models of this worker write, while somebody looks on.

One task serves all calls under way. Where nobody looks on it reads one small table a second, and
nothing is written, parsed or copied; without a call under way it ends.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from typing_extensions import override

from graph.minds.contract import Onlookers
from memory import live_drafts
from memory.live_drafts import Shown
from memory.storage.errors import StorageUnavailable
from memory.storage.units import Statements, Units
from tools.contract import CallContext

SHOW_SECONDS = 0.3
"""Between two states that are shown of one text."""
LOOK_SECONDS = 1.0
"""Between two looks for somebody who looks on."""


State = tuple[str, bool]
"""A text so far, and whether its call is over."""


@dataclass(eq=False)
class _Call:
    """A reply that a model is writing."""

    caller: CallContext
    text: Callable[[], str]
    began: float = field(default_factory=time.monotonic)
    over: bool = False
    told: State | None = None
    """What was shown last; None where nobody was shown anything."""

    def state(self) -> State:
        """The text at this moment; none once the call is over."""
        return ("", True) if self.over else (self.text(), False)

    @property
    def is_left(self) -> bool:
        """Whether something is shown of it although it is over."""
        return self.over and self.told is not None

    def shown(self, state: State) -> Shown:
        """What is put down of it."""
        text, over = state
        seconds = None if over else time.monotonic() - self.began
        caller = self.caller
        return Shown(
            caller["ticket_id"], caller["tenant"], caller["epoch"], _storable(text), seconds
        )


class LiveDrafts(Onlookers):
    """The calls under way of one worker whose answers may be shown."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._calls: dict[str, _Call] = {}
        """The newest of each ticket."""
        self._task: asyncio.Task[None] | None = None

    @override
    @contextmanager
    def shown(self, caller: CallContext, text: Callable[[], str]) -> Iterator[None]:
        before, call = self._calls.get(caller["ticket_id"]), _Call(caller, text)
        call.told = None if before is None else before.told
        self._calls[caller["ticket_id"]] = call
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._follow(), name="live drafts")
        try:
            yield
        finally:
            call.over = True

    async def _follow(self) -> None:
        rest = LOOK_SECONDS
        while self._calls:
            await asyncio.sleep(rest)
            self._drop(lambda call: call.over and call.told is None)
            try:
                rest = await self._round() if self._calls else LOOK_SECONDS
            except StorageUnavailable:
                rest = LOOK_SECONDS  # nothing is lost by it but a look
                self._drop(lambda call: call.over)

    def _drop(self, which: Callable[[_Call], bool]) -> None:
        self._calls = {name: call for name, call in self._calls.items() if not which(call)}

    async def _round(self) -> float:
        """Show what is new to whoever looks on; how long to rest after it."""
        watched = await self._units.look(live_drafts.watched_in)
        seen = [call for name, call in self._calls.items() if name in watched or call.is_left]
        fresh = {call: state for call in seen if (state := call.state()) != call.told}
        if fresh:
            rows = [call.shown(state) for call, state in fresh.items()]
            await self._units.write(lambda do: _show_in(do, rows))
        for name, call in self._calls.items():
            call.told = fresh.get(call, call.told if name in watched else None)
        self._drop(lambda call: call in fresh and fresh[call][1])
        return SHOW_SECONDS if seen else LOOK_SECONDS


def _show_in(do: Statements, found: list[Shown]) -> None:
    for one in found:
        live_drafts.show_in(do, one)


def _storable(text: str) -> str:
    """Without what no ledger keeps: NULs, and halves of characters."""
    return text.replace("\0", "").encode(errors="replace").decode()
