"""What a drive has to write with its next commit: rows of the journal, settled budgets, effects.

A commit looks at the fence, writes what the steps since the last one have left, and then where the
drive stands. Steps that touched nothing outside could run again for nothing, so they share one.
What must be on disk earlier (an effect that is about to be made) commits at once, and takes along
whatever waits. Nothing waits for long: people look at what a slow step has before it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, NamedTuple

from memory.faults import MemoryFault
from memory.storage.commit_status import COMMITTED, status_in
from memory.storage.errors import CommitUnknown, Fenced
from memory.storage.units import Result, Statements, Unit, Units


class Standing(NamedTuple):
    """Where a ticket's drives stand."""

    turn: int
    epoch: int
    counted: bool = True
    """Whether the sums of insight may hold it as it stood: what changes it says so (`recount_in`)."""


STANDING = "SELECT turn, epoch, counted IS NOT NULL FROM tickets WHERE id = ?"
RECOUNT = "UPDATE tickets SET counted = NULL WHERE id = ? AND counted IS NOT NULL"
WAITS_SECONDS = 0.25
"""How long anything waits for a commit at most, which is how much work may be done again."""

Left = Callable[[Statements], object]
Tell = Callable[[Statements, str, Standing, Sequence[Any]], object]
"""Writes lines of a ticket's journal."""


class _Waiting(NamedTuple):
    what: Any
    fact: bool
    """Whether it has happened, so that it is written whoever has the ticket."""
    tried: tuple[str, ...] = ()
    """Commits that may have written it: nobody could be asked."""


@dataclass(eq=False)
class Step:
    """What waits for the next commit of one drive."""

    units: Units
    ticket_id: str
    epoch: int
    kept: Any = None
    """An effect that happens by being written down, with the unit that writes it."""
    kept_lines: list[Any] = field(default_factory=list)
    """What the journal has of it: told by that unit alone."""
    _lines: list[_Waiting] = field(default_factory=list)
    _tell: Tell | None = None
    _writes: list[_Waiting] = field(default_factory=list)
    _stand: Callable[[], Left] | None = None
    _alarm: asyncio.TimerHandle | None = None
    _late: asyncio.Task[None] | None = None
    _going: asyncio.Future[Any] | None = None
    """The last commit that took something along."""
    _closed: bool = False
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def tell(self, write: Tell, lines: Iterable[Any], *, fact: bool = False) -> None:
        """Lines of the journal, which the next commit writes together, by the same `write`."""
        self._tell = write
        self._lines += [_Waiting(one, fact) for one in lines]
        self._set_alarm()

    def leave(self, write: Left, *, fact: bool = False) -> None:
        """Write it with the next commit, behind the lines of the journal."""
        self._writes.append(_Waiting(write, fact))
        self._set_alarm()

    def stand(self, made: Callable[[], Left]) -> None:
        """Where the drive stands now, made when it is written: with the next commit, behind the rest."""
        self._stand = made
        self._set_alarm()

    @property
    def has_facts(self) -> bool:
        """Whether something waits that has happened outside."""
        return any(one.fact for one in (*self._lines, *self._writes))

    @property
    def _holds_something(self) -> bool:
        return bool(self._lines or self._writes or self._stand is not None)

    async def commit(self, unit: Unit[Result]) -> Result:
        """Write what waits, and then `unit`. Raises `Fenced`, after the facts were written."""
        async with self._turn:  # what was left before comes first
            await self._known()
            if self._holds_something:
                return await self._commit(unit)
        return await self._commit(unit)  # beside those of other branches

    async def flush(self) -> None:
        """Write what waits, if anything does. Raises `Fenced`."""
        async with self._turn:
            await self._known()
            if self._holds_something:
                await self._commit(lambda _do: None)

    async def _known(self) -> None:
        """Wait for what became of a commit whose caller was cancelled: others rest on what it took along."""
        while self._going is not None:
            await asyncio.wait({self._going})

    async def _commit(self, unit: Unit[Result]) -> Result:
        made, tell = self._stand, self._tell
        stand = None if made is None else made()
        lines, writes = self._lines, self._writes
        self._lines, self._writes, self._stand = [], [], None
        self._calm()

        def whole(do: Statements) -> tuple[Standing | None, Result | None]:
            stands = standing(do, self.ticket_id)
            if stands is None:
                return None, None  # it was erased, and nothing of it is written any more
            own = stands.epoch <= self.epoch
            wanted = _wanted(do, own=own)
            told = [one.what for one in lines if wanted(one)]
            if told and tell is not None:
                tell(do, self.ticket_id, stands, told)
            for one in filter(wanted, writes):
                one.what(do)
            if own and stand is not None:
                stand(do)
            return stands, unit(do) if own else None

        going = asyncio.ensure_future(self.units.write(whole))
        going.add_done_callback(partial(self._ended, lines, writes, made))
        if lines or writes or made is not None:
            self._going = going
        stands, found = await asyncio.shield(going)  # what was begun is known to the end
        if stands is None:
            raise Fenced(f"there is no ticket {self.ticket_id!r} any more")
        if stands.epoch > self.epoch:
            raise Fenced(overtaken(self.ticket_id, self.epoch, stands.epoch))
        return found  # type: ignore[return-value]

    def _ended(
        self,
        lines: list[_Waiting],
        writes: list[_Waiting],
        made: Callable[[], Left] | None,
        going: asyncio.Future[Any],
    ) -> None:
        """What a commit took along and did not write waits again: whoever tries again takes it along."""
        if self._going is going:
            self._going = None
        error = None if going.cancelled() else going.exception()
        if not going.cancelled() and error is None:
            return
        if isinstance(error, CommitUnknown):
            lines, writes = (_tried(error.transaction, some) for some in (lines, writes))
        self._lines, self._writes = lines + self._lines, writes + self._writes
        self._stand = self._stand or made
        if self._holds_something:
            self._set_alarm()

    def _set_alarm(self) -> None:
        if self._alarm is None and not self._closed:
            self._alarm = asyncio.get_running_loop().call_later(WAITS_SECONDS, self._ring)

    def close(self) -> None:
        """Nothing is written late any more: the drive has ended."""
        self._closed = True
        self._calm()

    def _calm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _ring(self) -> None:
        self._alarm = None
        self._late = asyncio.create_task(self._write_late())

    async def _write_late(self) -> None:
        with suppress(MemoryFault):  # the drive meets it with its own next commit
            await self.flush()


def _tried(transaction: str, waiting: list[_Waiting]) -> list[_Waiting]:
    return [one._replace(tried=(*one.tried, transaction)) for one in waiting]


def _wanted(do: Statements, *, own: bool) -> Callable[[_Waiting], bool]:
    """What is still to be written, to whoever holds the ticket: whatever held it before has ended."""

    @cache
    def made(transaction: str) -> bool:
        return status_in(do, transaction) == COMMITTED

    return lambda one: (own or one.fact) and not any(map(made, one.tried))


def standing(do: Statements, ticket_id: str) -> Standing | None:
    """Turn and epoch of a ticket, which nobody else changes until the commit; None without one."""
    row = do.row(STANDING + do.lock, (ticket_id,))
    return None if row is None else Standing(*row)


def recount_in(do: Statements, ticket_id: str) -> None:
    """The sums of insight hold it otherwise than it is now. The caller's unit holds the ticket."""
    do.run(RECOUNT, (ticket_id,))


def overtaken(ticket_id: str, epoch: int, newer: int) -> str:
    """What a zombie is told."""
    return f"drive {epoch} of {ticket_id} was replaced by drive {newer}"


_PRESENT: ContextVar[Step | None] = ContextVar("step", default=None)


@contextmanager
def leaving_to(step: Step) -> Iterator[None]:
    """What this task, and those that it starts, leave on this ticket waits for the step's commit."""
    before = _PRESENT.set(step)
    try:
        yield
    finally:
        _PRESENT.reset(before)


def present_step(ticket_id: str | None = None) -> Step | None:
    """The step of the drive in which the caller works; None outside of one, or of this ticket's."""
    step = _PRESENT.get()
    return step if step is not None and ticket_id in {None, step.ticket_id} else None
