"""Ends of runs that are on record with their last commit, so that the engine need not write them again."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from dbos._context import get_local_dbos_context
from dbos._dbos import _get_dbos_instance

from memory.storage.queue import RUNS
from memory.storage.runs_queue import RunsQueue
from memory.storage.units import Statements


@dataclass
class RunEnd:
    """The end of the run that the caller is in."""

    queue: RunsQueue
    job: str
    owner: str
    known: set[str]
    _is_written: bool = False

    def write(self, do: Statements) -> None:
        """With the unit of which the run comes to rest."""
        self._is_written = self.queue.end_in(do, self.job, self.owner)

    def tell(self) -> None:
        """The unit is committed."""
        if self._is_written:
            self.known.add(self.job)


class RunEnds:
    """What the engine is told of ends that it need not write."""

    def __init__(self, queue: RunsQueue) -> None:
        self._queue = queue
        self._known: set[str] | None = None
        self.freed = threading.Event()
        """Set whenever a job has ended: there is room for another one."""

    def install(self) -> None:
        """Let the launched engine ask here first."""
        known = self._known = set()
        system: Any = _get_dbos_instance()._sys_db  # noqa: SLF001 - no setting for it
        write = system.update_workflow_outcome

        def outcome(workflow_id: str, *given: Any, **named: Any) -> bool:
            self.freed.set()
            if workflow_id in known:
                known.discard(workflow_id)
                return True
            # Who has lost a run to another worker has nothing to wait for: its rows go with its end.
            return bool(write(workflow_id, *given, **named)) or workflow_id.startswith(RUNS)

        system.update_workflow_outcome = outcome

    def present(self) -> RunEnd | None:
        """Of the job in which the caller works; None outside of one, or where nobody would ask."""
        context = get_local_dbos_context()
        if self._known is None or context is None or not context.owner_xid:
            return None
        return RunEnd(self._queue, context.workflow_id, context.owner_xid, self._known)
