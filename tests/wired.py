"""What a bench is made of: the wiring of a worker without an engine, and a gateway to tools."""

import asyncio
import time
from collections.abc import Sequence
from functools import cache

import httpx2

from api.settings import Settings
from api.wiring import Wiring
from graph import build as building
from graph.build import TicketGraph
from graph.desk.limits import Limits
from graph.desk.model import Desk
from graph.ledger import JournalledCalls
from memory.budgets.amounts import Ceiling
from memory.budgets.budgets import LedgerBudget
from memory.effects import EffectLedger
from memory.encoder.encoder import HashEncoder
from memory.knowledge.index import MemoryIndex
from memory.knowledge.search import HybridSearch
from memory.knowledge.settled_tickets import Recall
from memory.storage.database import Database
from memory.storage.opening import open_checkpoints
from memory.storage.queue import Queue
from memory.verification.challenges import Verification
from tools.adapters.codes import SendCode
from tools.adapters.delivery import DeliverReply, Notify
from tools.adapters.fakes import ListedKnowledge, ListedPost, ScriptedTool
from tools.adapters.knowledge import SearchKnowledge
from tools.catalog import Catalog
from tools.checks.permission import Permissions
from tools.contract import Tool
from tools.gateway import ToolGateway
from tools.resilience.clock import Clock
from tools.resilience.guards import Guards


def graph_of(limits: Limits) -> TicketGraph:
    """The real graph, built once for each set of limits and nodes: it holds nothing of a run."""
    return _built(limits, tuple(building.NODES.items()))


@cache
def _built(limits: Limits, _nodes: tuple[object, ...]) -> TicketGraph:
    return building.build(limits)


def wiring_of(settings: Settings) -> Wiring:
    """Ledger, queue and checkpoints on disk; the index in memory; words hashed instead of encoded."""
    database, index, encoder = Database(settings.ledger_url), MemoryIndex(), HashEncoder()
    return Wiring(
        settings=settings,
        database=database,
        queue=Queue(settings.ledger_url),
        checkpoints=open_checkpoints(database),
        encoder=encoder,
        index=index,
        search=HybridSearch(database, index, encoder),
        recall=Recall(database, index, encoder),
        client=httpx2.AsyncClient(),
    )


def gateway_of(  # noqa: PLR0917
    wiring: Wiring,
    desk: Desk,
    post: ListedPost,
    knowledge: ListedKnowledge,
    tools: Sequence[ScriptedTool],
    identity: Verification | None,
) -> ToolGateway:
    """The real gateway to the built-in tools and those given, on a clock that does not wait."""
    system: list[Tool] = [
        SearchKnowledge(knowledge, desk.tenant, knowledge),
        DeliverReply(post),
        Notify(post),
    ]
    if identity is not None:
        system.append(SendCode(post, identity, desk.identity.words))
    pace = Clock(time.monotonic, lambda _seconds: asyncio.sleep(0), lambda: 1.0)
    return ToolGateway(
        Catalog({tool.spec.name: tool for tool in (*system, *tools)}, desk.tenant),
        permissions=Permissions(desk.tools_of, codes=identity is not None),
        identity=identity,
        guards=Guards(pace=pace),
        budget=LedgerBudget(wiring.database, turn=Ceiling(tool_calls=desk.limits.tool_calls)),
        ledger=EffectLedger(wiring.database),
        log=JournalledCalls(wiring.database),
        pace=pace,
    )
