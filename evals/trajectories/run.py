"""The gold actions through the gateway that production uses, with its ledgers in a file."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from evals.faults.process import FaultyService, serving
from evals.trajectories.database import Database
from evals.trajectories.folder import Action, Folder, Json, Task, read_folder
from evals.trajectories.report import Result
from evals.trajectories.specs import specs_of
from evals.trajectories.variants import malformed, tampered
from graph.ledger import JournalledCalls
from memory.budgets.amounts import Ceiling
from memory.budgets.budgets import LedgerBudget
from memory.effects import EffectLedger, of_ticket
from memory.fingerprints import fingerprint
from memory.journal.codes import Cause
from memory.storage.database import Database as Ledger
from memory.tables import EffectStatus, metadata
from tools.adapters.http import HttpTool, open_client
from tools.catalog import Catalog
from tools.checks.permission import Permissions
from tools.contract import CallContext, Tool, ToolCall, ToolOutcome, ToolSpec
from tools.gateway import ToolGateway
from tools.resilience.guards import Guards

TASKS_AT_ONCE = 8
TENANT = "replay"
INTENT = "replay"
MOST_CALLS = 40
"""Tool calls of one ticket: above every gold sequence, so that a run beyond it would show."""


@dataclass
class Replay:
    """One replay of one folder."""

    folder: Folder
    database: Database
    specs: dict[str, ToolSpec]
    gateway: ToolGateway
    ledger: Ledger
    service: FaultyService
    result: Result
    wanted: list[tuple[str, Json]] = field(default_factory=list)
    """The writes that were approved: what the service must have performed, each once."""

    async def task(self, task: Task) -> None:
        """Its actions in order, as one ticket; and each of them made wrong, as another."""
        for number, action in enumerate(task.actions):
            spec = self.specs[action.tool]
            where = f"task {task.id}, action {number + 1} ({action.tool})"
            if spec.effect == "write":
                await self._gated(task, action, where)
            await self._valid(task, action, where)
            await self._made_wrong(f"{task.id}/{number}", action, where)
        await self._ledger_agrees(task)

    async def _valid(self, task: Task, action: Action, where: str) -> None:
        """As it stands, with the approval that a write needs."""
        outcome = await self._call(task.id, action.tool, action.arguments, approve=True)
        passed, error = outcome["status"] in ("ok", "suppressed"), outcome["error"]
        absent = error is not None and error["kind"] == "not_found"
        if absent and not self.database.holds(action.arguments):
            # Some gold lookups find nothing on purpose: they pass, and the service says so.
            self._note("valid call about what is not there: told so", absent, where, outcome)
            return
        write = self.specs[action.tool].effect == "write"
        if write and outcome["status"] == "ok":
            self.wanted.append((action.tool, action.arguments))
            again = await self._call(task.id, action.tool, action.arguments, approve=True)
            self._note("repeated write suppressed", again["status"] == "suppressed", where, again)
        name = "valid write passes once approved" if write else "valid call passes"
        self._note(name, passed, where, outcome)

    async def _gated(self, task: Task, action: Action, where: str) -> None:
        """Not without an approval, nor with the approval of other arguments."""
        tool, given = action.tool, action.arguments
        outcome = await self._call(task.id, tool, given)
        self._note("write refused without approval", _unapproved(outcome), where, outcome)
        for name, other in tampered(given, self.specs[tool], self.database):
            call, caller = _call(tool, other), _caller(task.id, [fingerprint(tool, given)])
            if self.gateway.vet(call, caller) is not None:
                continue  # it would be refused for more than the approval: that shows nothing
            outcome = await self.gateway.call(call, caller)
            place = f"{where}, {name} changed"
            self._note("write refused when it differs", _unapproved(outcome), place, outcome)

    async def _made_wrong(self, ticket: str, action: Action, where: str) -> None:
        """Approved, so that it is for what is wrong with it that each is refused."""
        spec = self.specs[action.tool]
        variants = malformed(action.arguments, spec, self.database)
        for number, variant in enumerate(variants):
            name = f"{ticket}/{number // MOST_CALLS}"
            outcome = await self._call(name, action.tool, variant.arguments, approve=True)
            error = outcome["error"]
            kind, words = ("", "") if error is None else (error["kind"], error["message"])
            seen = variant.expected == "not_found" or variant.place in words
            clear = kind == variant.expected and bool(words) and seen
            place = f"{where}, {variant.fault} {variant.place}"
            self._note(f"{variant.fault} refused", clear, place, outcome)

    async def _ledger_agrees(self, task: Task) -> None:
        async with self.ledger.reading() as session:
            effects = await of_ticket(session, task.id)
        done = [effect for effect in effects if effect.status == EffectStatus.DONE]
        writes = {
            fingerprint(action.tool, action.arguments)
            for action in task.actions
            if self.specs[action.tool].effect == "write" and self.database.holds(action.arguments)
        }
        if writes:
            agrees = {effect.fingerprint for effect in done} == writes and len(done) == len(writes)
            words = f"{len(done)} done, {len(writes)} approved"
            self.result.note("effects done in the ledger", agrees, f"task {task.id}", words)

    def performed(self) -> None:
        """Compare what the service did with what was approved: nothing more, nothing twice."""
        done = self.service.stats()["performed"]
        found = sorted(fingerprint(one["tool"], one["arguments"]) for one in done)
        wanted = sorted(fingerprint(tool, arguments) for tool, arguments in self.wanted)
        keys = [one["key"] for one in done]
        exact = found == wanted and len(keys) == len(set(keys))
        words = f"{len(found)} performed, {len(wanted)} approved"
        self.result.note("effects at the service once each", exact, "the whole replay", words)
        self.result.performed, self.result.approved = len(found), len(wanted)

    async def _call(
        self, ticket: str, tool: str, arguments: Json, *, approve: bool = False
    ) -> ToolOutcome:
        approved = [fingerprint(tool, arguments)] if approve else []
        return await self.gateway.call(_call(tool, arguments), _caller(ticket, approved))

    def _note(self, check: str, passed: bool, where: str, outcome: ToolOutcome) -> None:
        error = outcome["error"]
        words = outcome["status"] if error is None else f"{error['kind']}: {error['message']}"
        self.result.note(check, passed, where, words)


async def replayed(path: Path) -> Result:
    """Replay the folder against its own service. Raises `DataError`."""
    folder = await asyncio.to_thread(read_folder, path)
    async with _opened(folder) as replay:
        at_once = asyncio.Semaphore(TASKS_AT_ONCE)

        async def one(task: Task) -> None:
            async with at_once:
                await replay.task(task)

        await asyncio.gather(*(one(task) for task in folder.tasks))
        replay.performed()
        return replay.result


@asynccontextmanager
async def _opened(folder: Folder) -> AsyncIterator[Replay]:
    database = Database(folder.tables)
    specs = {spec.name: spec for spec in specs_of(folder.tools, database)}
    with (
        tempfile.TemporaryDirectory(prefix="replay-") as home,
        serving("evals.trajectories.service", "--tasks", str(folder.path)) as service,
    ):
        ledger = Ledger(f"sqlite:///{Path(home) / 'ledger.db'}")
        async with ledger.engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        async with open_client() as client:
            tools: dict[str, Tool] = {
                name: HttpTool(spec, service.base_url, "", client) for name, spec in specs.items()
            }
            gateway = ToolGateway(
                Catalog(tools, TENANT),
                permissions=Permissions(lambda _intent: frozenset(specs)),
                guards=Guards(),
                budget=LedgerBudget(ledger, turn=Ceiling(tool_calls=MOST_CALLS)),
                ledger=EffectLedger(ledger),
                log=JournalledCalls(ledger),
            )
            result = Result.of(folder)
            try:
                yield Replay(folder, database, specs, gateway, ledger, service, result)
            finally:
                await ledger.close()


def _call(tool: str, arguments: Json) -> ToolCall:
    return {"tool": tool, "arguments": arguments, "step_id": "gold", "cause": Cause.PLANNED}


def _caller(ticket: str, approved: list[str]) -> CallContext:
    return {
        "tenant": TENANT,
        "ticket_id": ticket,
        "turn": 1,
        "epoch": 1,
        "intent": INTENT,
        "customer": None,
        "approved": approved,
    }


def _unapproved(outcome: ToolOutcome) -> bool:
    error = outcome["error"]
    return (
        outcome["status"] == "refused" and error is not None and error["kind"] == "needs_approval"
    )
