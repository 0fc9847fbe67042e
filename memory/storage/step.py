"""What a drive has to write with its next commit: rows of the journal, settled budgets, effects.

A superstep of the graph ends in one transaction. It looks at the fence, writes what the step has
left, and puts the checkpoint. What must be on disk earlier (an effect that is about to be made)
commits at once, and takes along whatever waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import NamedTuple

from memory.storage.errors import Fenced
from memory.storage.units import Result, Statements, Unit, Units


class Standing(NamedTuple):
    """Where a ticket's drives stand."""

    turn: int
    epoch: int


Left = Callable[[Statements], object]
OwnLeft = Callable[[Statements, Standing], object]


@dataclass(frozen=True)
class _Waiting:
    write: OwnLeft
    fact: bool


@dataclass
class Step:
    """What waits for the next commit of one drive."""

    units: Units
    ticket_id: str
    epoch: int
    _waiting: list[_Waiting] = field(default_factory=list)

    def leave(self, write: OwnLeft) -> None:
        """Write it with the next commit, if this drive still has the ticket then."""
        self._waiting.append(_Waiting(write, fact=False))

    def leave_fact(self, write: Left) -> None:
        """Write it with the next commit, whoever has the ticket then: it has happened."""
        self._waiting.append(_Waiting(lambda do, _: write(do), fact=True))

    async def commit(self, unit: Unit[Result]) -> Result:
        """Write what waits, and then `unit`. Raises `Fenced`, after the facts were written."""
        taken, self._waiting = self._waiting, []

        def whole(do: Statements) -> tuple[Standing | None, Result | None]:
            stands = standing(do, self.ticket_id)
            own = stands is None or stands.epoch <= self.epoch
            at = stands or Standing(0, self.epoch)
            for one in taken:
                if own or one.fact:
                    one.write(do, at)
            return stands, unit(do) if own else None

        try:
            stands, found = await self.units.write(whole)
        except Exception:  # not of a cancellation: what was begun is written all the same
            self._waiting = [*taken, *self._waiting]  # whoever tries again takes them along
            raise
        if stands is not None and stands.epoch > self.epoch:
            raise Fenced(overtaken(self.ticket_id, self.epoch, stands.epoch))
        return found  # type: ignore[return-value]

    async def flush(self) -> None:
        """Write what waits, if anything does. Raises `Fenced`."""
        if self._waiting:
            await self.commit(lambda _do: None)


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
