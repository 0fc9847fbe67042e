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
from typing import Any, NamedTuple

from memory.storage.errors import Fenced, MemoryFault
from memory.storage.units import Result, Statements, Unit, Units


class Standing(NamedTuple):
    """Where a ticket's drives stand."""

    turn: int
    epoch: int


WAITS_SECONDS = 0.25
"""How long anything waits for a commit at most, which is how much work may be done again."""

Left = Callable[[Statements], object]
Tell = Callable[[Statements, str, Standing, Sequence[Any]], object]
"""Writes lines of a ticket's journal."""


class _Waiting(NamedTuple):
    what: Any
    fact: bool
    """Whether it has happened, so that it is written whoever has the ticket."""


@dataclass
class Step:
    """What waits for the next commit of one drive."""

    units: Units
    ticket_id: str
    epoch: int
    _lines: list[_Waiting] = field(default_factory=list)
    _tell: Tell | None = None
    _writes: list[_Waiting] = field(default_factory=list)
    _stand: Callable[[], Left] | None = None
    _alarm: asyncio.TimerHandle | None = None
    _late: asyncio.Task[None] | None = None
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
            if self._holds_something:
                return await self._commit(unit)
        return await self._commit(unit)  # beside those of other branches

    async def flush(self) -> None:
        """Write what waits, if anything does. Raises `Fenced`."""
        async with self._turn:
            if self._holds_something:
                await self._commit(lambda _do: None)

    async def _commit(self, unit: Unit[Result]) -> Result:
        made, tell = self._stand, self._tell
        stand = None if made is None else made()
        lines, writes = self._lines, self._writes
        self._lines, self._writes, self._stand = [], [], None
        self.end()

        def whole(do: Statements) -> tuple[Standing | None, Result | None]:
            stands = standing(do, self.ticket_id)
            own = stands is None or stands.epoch <= self.epoch
            told = [one.what for one in lines if own or one.fact]
            if told and tell is not None:
                tell(do, self.ticket_id, stands or Standing(0, self.epoch), told)
            for one in writes:
                if own or one.fact:
                    one.what(do)
            if own and stand is not None:
                stand(do)
            return stands, unit(do) if own else None

        try:
            stands, found = await self.units.write(whole)
        except Exception:  # not of a cancellation: what was begun is written all the same
            self._lines, self._writes = lines + self._lines, writes + self._writes
            self._stand = self._stand or made  # whoever tries again takes them along
            raise
        if stands is not None and stands.epoch > self.epoch:
            raise Fenced(overtaken(self.ticket_id, self.epoch, stands.epoch))
        return found  # type: ignore[return-value]

    def _set_alarm(self) -> None:
        if self._alarm is None:
            self._alarm = asyncio.get_running_loop().call_later(WAITS_SECONDS, self._ring)

    def end(self) -> None:
        """Nothing is written late any more, of what waits now."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _ring(self) -> None:
        self._alarm = None
        self._late = asyncio.create_task(self._write_late())

    async def _write_late(self) -> None:
        with suppress(MemoryFault):  # the drive meets it with its own next commit
            await self.flush()


def standing(do: Statements, ticket_id: str) -> Standing | None:
    """Turn and epoch of a ticket, which nobody else changes until the commit; None without one."""
    row = do.row(f"SELECT turn, epoch FROM tickets WHERE id = ?{do.lock}", (ticket_id,))  # noqa: S608 - a fixed clause
    return None if row is None else Standing(*row)


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
