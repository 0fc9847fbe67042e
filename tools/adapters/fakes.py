"""Twins of the real parts, behind the same Protocols: for tests, evals and trying a desk out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from typing_extensions import override

from memory.effects import Begun, Effects, Intent
from memory.journal.events import Attempted, Call
from memory.knowledge.contract import Hit, KnowledgeBase
from memory.storage.errors import Fenced
from memory.tables import EffectStatus
from tools.adapters.delivery import TO_A_SERVICE, Post
from tools.contract import CallContext, CallLog, Json, Tool, ToolSpec
from tools.faults import NotFound

Script = Callable[[Json], Json]
"""Turns arguments into a result, or raises the `ToolFault` of the moment."""


@dataclass
class ScriptedTool(Tool):
    """A tool that does what a function says, once for each key, and counts."""

    spec: ToolSpec
    script: Script
    seconds: float = 0.0
    """How long each call takes."""
    calls: list[Json] = field(default_factory=list)
    """Arguments of every call that arrived."""
    effects: dict[str, Json] = field(default_factory=dict)
    """Results by key; a service without keys (`honours_key=False`) gets a new one each time."""
    cancelled: int = 0
    running: int = 0
    most_running: int = 0

    @override
    async def call(self, arguments: Json, *, key: str | None, caller: CallContext) -> Json:
        self.calls.append(arguments)
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            await asyncio.sleep(self.seconds)
            return self._perform(arguments, key)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.running -= 1

    @override
    async def reconcile(self, key: str) -> Json | None:
        return self.effects.get(key)

    def _perform(self, arguments: Json, key: str | None) -> Json:
        if key is None:
            return self.script(arguments)
        if key in self.effects and self.spec.honours_key:
            return self.effects[key]
        name = key if key not in self.effects else f"{key}#{len(self.effects)}"
        self.effects[name] = self.script(arguments)
        return self.effects[name]


def table_tool(spec: ToolSpec, field_name: str, rows: Mapping[str, Json]) -> ScriptedTool:
    """A read tool over rows by the value of one argument; `NotFound` for any other."""

    def look_up(arguments: Json) -> Json:
        row = rows.get(str(arguments[field_name]))
        if row is None:
            raise NotFound("the service has no such thing")
        return row

    return ScriptedTool(spec, look_up)


@dataclass
class ListedKnowledge(KnowledgeBase):
    """A knowledge base that finds the same passages whatever is asked."""

    hits: list[Hit] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)

    @override
    async def search(
        self, tenant: str, query: str, limit: int, among: str | None = None
    ) -> list[Hit]:
        self.queries.append(query)
        return self.hits[:limit]


@dataclass
class ListedPost(Post):
    """A post that keeps what was sent, once for each key."""

    honours_key: bool = True
    calls_per_minute: int = field(default=TO_A_SERVICE, init=False)
    kept: bool = field(default=False, init=False)
    messages: dict[str, Json] = field(default_factory=dict)

    @override
    async def send(self, message: Json, key: str) -> Json:
        self.messages.setdefault(key, message)
        return {**self.messages[key], "channel": "list"}

    @override
    async def sent(self, key: str) -> Json | None:
        message = self.messages.get(key)
        return None if message is None else {**message, "channel": "list"}


@dataclass
class ListedLog(CallLog):
    """A journal in memory."""

    entries: list[Call | Attempted] = field(default_factory=list)

    @override
    async def record(self, caller: CallContext, event: Call | Attempted) -> None:
        self.entries.append(event)

    def told(self, kind: str) -> list[tuple[str, str, str]]:
        """(name, cause, outcome) of the rows of one kind."""
        return [(e.name, e.cause, e.outcome) for e in self.entries if e.kind == kind]


@dataclass
class ListedLedger(Effects):
    """An effect ledger in memory, for runs that nobody resumes."""

    rows: dict[str, tuple[EffectStatus, Json | None]] = field(default_factory=dict)
    epochs: dict[str, int] = field(default_factory=dict)
    """The newest drive of each ticket."""
    attempts: dict[str, int] = field(default_factory=dict)

    @override
    async def begin(self, intent: Intent) -> Begun:
        self._fence(intent)
        status, result = self.rows.get(intent.key, (EffectStatus.FAILED, None))
        if status is EffectStatus.FAILED:
            return self._opened(intent.key)
        if status is EffectStatus.DONE:
            return Begun(status, result)
        self.rows[intent.key] = (EffectStatus.UNKNOWN, None)
        return Begun(EffectStatus.UNKNOWN)

    @override
    async def again(self, intent: Intent) -> Begun:
        self._fence(intent)
        status, result = self.rows[intent.key]
        if status is EffectStatus.UNKNOWN:
            return self._opened(intent.key)
        known = EffectStatus.DONE if status is EffectStatus.DONE else EffectStatus.UNKNOWN
        return Begun(known, result)

    @override
    async def done(self, key: str, result: Json) -> None:
        self.rows[key] = (EffectStatus.DONE, result)

    @override
    async def failed(self, key: str, error: str, attempt: int) -> None:
        if self.attempts[key] == attempt:
            self._settle(key, EffectStatus.FAILED)

    @override
    async def unknown(self, key: str, error: str) -> None:
        self._settle(key, EffectStatus.UNKNOWN)

    def _opened(self, key: str) -> Begun:
        self.rows[key] = (EffectStatus.INTENDED, None)
        self.attempts[key] = self.attempts.get(key, 0) + 1
        return Begun(EffectStatus.INTENDED, attempt=self.attempts[key])

    def _settle(self, key: str, status: EffectStatus) -> None:
        if self.rows[key][0] is not EffectStatus.DONE:
            self.rows[key] = (status, None)

    def _fence(self, intent: Intent) -> None:
        epoch = self.epochs.get(intent.ticket_id, intent.epoch)
        if epoch > intent.epoch:
            msg = f"drive {intent.epoch} of ticket {intent.ticket_id} was replaced by {epoch}"
            raise Fenced(msg)
