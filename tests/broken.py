"""A mind that fails, hangs or is held in the middle of its work."""

import asyncio
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Broken:
    """A mind that fails or hangs, a stated number of times, before it does as the real one."""

    inner: Any
    error: BaseException | None = None
    seconds: float = 0.0
    go_on: asyncio.Event | None = None
    """What a call waits for instead, where one shall stand still until the test has done something."""
    times: int = 1_000_000
    calls: int = field(default=0)
    called: asyncio.Event = field(default_factory=asyncio.Event)

    def __getattr__(self, name: str) -> Any:
        async def call(*arguments: Any, **named: Any) -> Any:
            self.calls += 1
            self.called.set()
            if self.calls <= self.times:
                await (asyncio.sleep(self.seconds) if self.go_on is None else self.go_on.wait())
                if self.error is not None:
                    raise self.error
            return await getattr(self.inner, name)(*arguments, **named)

        return call
