"""What a channel brings to be measured: its desk, its other side, and customers who speak as it does."""

import asyncio
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Literal, Protocol

import httpx2

from api.client.desk import Decision, DeskClient, Handoff, WholeHandoff
from evals.channels.judging import Verdict, judge
from evals.channels.traces import Trace
from evals.stack.stack import Stack

Process = Literal["api", "worker", "channels"]


@dataclass
class Bad:
    """The bad days of whoever is outside: chances of what goes wrong, and how often it did."""

    rng: random.Random
    seen: Counter[str] = field(default_factory=Counter)
    on: bool = True

    def happens(self, what: str, chance: float) -> bool:
        """Whether it goes wrong this time."""
        bad = self.on and self.rng.random() < chance
        self.seen[what] += bad
        return bad


class Customer(Protocol):
    """Somebody with one conversation, whose side writes into its `Trace`."""

    async def say(self, mark: str, text: str) -> None:
        """Until the desk has it, with its file if `files.brought` has one for it.

        Said again with the same mark it is the same message.
        """
        ...

    async def listen(self) -> None:
        """Take in what comes, for ever; returns at once where it comes by itself."""
        ...

    async def look(self) -> None:
        """Look once more at the end: what stands in the conversation, as a new window shows it."""
        ...


class PeoplesDesk(Protocol):
    """Where people see what waits for them, and answer it; `DeskClient` is one."""

    async def handoffs(self, limit: int = 20) -> list[Handoff]:
        """What waits."""
        ...

    async def handoff(self, handoff_id: str) -> WholeHandoff:
        """One of them, with its conversation."""
        ...

    async def decide(
        self,
        handoff_id: str,
        kind: Decision,
        *,
        text: str = "",
        version: int | None = None,
        files: list[str] | None = None,
    ) -> Handoff:
        """Answer the version that was read, with these uploads. Raises `DeskRefused`."""
        ...


class Side(Protocol):
    """The other side of one channel. `evals/channels/sides` has one for each."""

    name: str
    """Of the channel; the tenant has the same."""
    needs: frozenset[Process]
    """Whose deaths concern it."""
    swaps: bool
    """Whether a reply may overtake what it replies to, as mails do."""
    with_files: bool
    """Whether its messages can carry files."""
    environment: Mapping[str, str]

    def open(self, bad: Bad) -> AbstractAsyncContextManager[None]:
        """Start its servers."""
        ...

    def desk(self) -> str:
        """The tenant's desk.yaml, once the servers are there."""
        ...

    async def join(self, stack: Stack) -> None:
        """The stack runs: whatever is done once. Messages may come from now on."""
        ...

    def customer(self, trace: Trace) -> Customer:
        """Somebody new."""
        ...

    def people(self, http: httpx2.AsyncClient, key: str) -> PeoplesDesk:
        """Where its tenant's people work: the API, unless the channel has a way of its own."""
        return DeskClient(http, key)

    def judge(self, traces: Sequence[Trace]) -> Verdict:
        """What is wrong."""
        return judge(traces)


@dataclass
class Progress:
    """How far a channel's conversations are, and how many deaths they have seen."""

    conversations: int
    kills: int
    """Wanted."""
    seen: int = 0
    ended: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def killed(self) -> None:
        """A process that it needs has died."""
        if self.ended < self.conversations:
            self.seen += 1
            self.changed.set()

    def wants_death(self, ahead: int) -> bool:
        """Whether the next death is due: they are spread over all conversations, not over the first.

        `ahead`: conversations that go on at the same time.
        """
        if self.seen >= self.kills or self.ended >= self.conversations:
            return False
        return self.seen * self.conversations <= (self.ended + ahead) * self.kills

    async def may_begin(self, number: int, ahead: int) -> None:
        """Wait until so many have died that this conversation's turn has come.

        Otherwise a fast channel would be done before the first death.
        """
        while self.seen * self.conversations < (number - ahead) * self.kills:
            self.changed.clear()
            await self.changed.wait()
