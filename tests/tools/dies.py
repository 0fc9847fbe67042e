"""A process that makes one write and is killed on the way: a part of test_gateway_kills.

python -m tests.tools.dies DATABASE_URL SERVICE_URL PATH PLACE
"""

import asyncio
import os
import signal
import sys
from typing import Any

from typing_extensions import override

from memory.budgets.budgets import UnlimitedBudget
from memory.effects import EffectLedger, Intent
from memory.storage.database import Database
from tests.tools.bench import called, caller_of
from tools.adapters.fakes import ListedLog
from tools.adapters.http import HttpTool, open_client
from tools.catalog import Catalog
from tools.checks.permission import Permissions
from tools.contract import Json, RetrySpec, ToolOutcome, ToolSpec
from tools.gateway import ToolGateway
from tools.resilience.guards import Guards

MONEY = {"invoice": "I1", "amount": 3}
PLACES = ("before_intent", "after_intent", "after_effect", "after_record")


class Deadly(EffectLedger):
    """The ledger in a process that dies at a place."""

    place = "nowhere"

    @override
    async def begin(self, intent: Intent) -> Any:
        """Die before or after the intention is committed."""
        self._die("before_intent")
        begun = await super().begin(intent)
        self._die("after_intent")
        return begun

    @override
    async def done(self, key: str, result: Json) -> None:
        """Die before or after the result is."""
        self._die("after_effect")
        await super().done(key, result)
        self._die("after_record")

    def _die(self, place: str) -> None:
        if place == self.place:
            os.kill(os.getpid(), signal.SIGKILL)


def spec_at(path: str) -> ToolSpec:
    """A refund at a path of the service."""
    return ToolSpec(
        name="refund",
        description="Money back.",
        effect="write",
        arguments={"invoice": {"type": "string"}, "amount": {"type": "number"}},
        service="shop",
        method="POST",
        path=path,
        timeout_seconds=2.0,
        retry=RetrySpec(first_wait_seconds=0.01),
        honours_key=not path.startswith("/unkeyed"),
    )


async def refund(url: str, service: str, path: str, place: str) -> ToolOutcome:
    """One refund by a fresh process's gateway."""
    async with Database(url) as database:
        ledger = Deadly(database)
        ledger.place = place
        async with open_client() as client:
            tool = HttpTool(spec_at(path), service, "", client)
            gateway = ToolGateway(
                Catalog({"refund": tool}, "acme"),
                permissions=Permissions(lambda _: frozenset({"refund"})),
                guards=Guards(),
                budget=UnlimitedBudget(),
                ledger=ledger,
                log=ListedLog(),
            )
            outcome = await gateway.call(called("refund", MONEY), caller_of())
    return outcome


if __name__ == "__main__":
    asyncio.run(refund(*sys.argv[1:]))
