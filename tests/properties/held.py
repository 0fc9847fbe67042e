"""Parts of a run that can be held in the middle of their work."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from typing_extensions import override

from graph.minds.contract import Writer
from tools.adapters.fakes import ListedPost
from tools.contract import Json


@dataclass
class Gate:
    """Holds whoever comes by until it is opened."""

    closed: bool = False
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def passed(self) -> None:
        """Wait where it is closed."""
        if self.closed:
            self.reached.set()
            await self.opened.wait()

    def close(self) -> None:
        """From now on, hold."""
        self.closed = True
        self.reached.clear()
        self.opened.clear()

    def let_go(self) -> None:
        """Let everybody through."""
        self.closed = False
        self.opened.set()


@dataclass
class HeldWriter(Writer):
    """The writer, which can be held in the middle of its work."""

    inner: Any
    gate: Gate

    @override
    async def write(self, request: Any) -> Any:
        await self.gate.passed()
        return await self.inner.write(request)


@dataclass
class HeldPost(ListedPost):
    """A post that can be held while a message is on its way."""

    gate: Gate = field(default_factory=Gate)
    calls: list[tuple[str, Json]] = field(default_factory=list)

    @override
    async def send(self, message: Json, key: str) -> Json:
        await self.gate.passed()
        if key not in self.messages:
            self.calls.append((key, message))
        return await super().send(message, key)
