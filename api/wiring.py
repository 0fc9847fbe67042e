"""Opens every part of a worker, once, from the settings; each part can be replaced.

A part of the program takes what it needs: `api/worker/assembly.py` hands it over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import httpx2
import structlog

from api.desks import Desks, desks_to_start
from api.ledger import open_ledger
from api.runtimes import MindsFactory, RuntimeBuilder, Runtimes
from api.settings import Settings
from api.telemetry.setup import Tracing, open_tracing
from graph.desk.model import Desk
from graph.minds.contract import Minds
from graph.minds.model.http_client import open_model_client
from graph.minds.scripted import scripted_minds
from graph.text.language import language_of
from memory.encoder.encoder import Encoder, HashEncoder, RememberingEncoder
from memory.encoder.export import made
from memory.encoder.multilingual import MultilingualEncoder
from memory.encoder.opening import open_copied, open_encoder
from memory.knowledge.exact_index import ExactIndex
from memory.knowledge.foreign import ForeignSearch
from memory.knowledge.index import VectorIndex
from memory.knowledge.index_look import IndexLook
from memory.knowledge.index_opening import open_http, open_local
from memory.knowledge.patience import Patience
from memory.knowledge.search import HybridSearch
from memory.knowledge.sentence_vectors import SentencesOf
from memory.knowledge.settled_tickets import Recall
from memory.storage.checkpoints import Checkpoints
from memory.storage.database import Database
from memory.storage.opening import open_checkpoints
from memory.storage.queue import Queue
from tools.adapters.http import open_client
from tools.adapters.mcp.clients import McpClients
from tools.plugins import MINDS, load
from tools.resilience.guards import Guards

log = structlog.get_logger()


@dataclass
class Wiring:
    """Everything a worker holds open."""

    settings: Settings
    database: Database
    queue: Queue
    checkpoints: Checkpoints
    encoder: Encoder
    index: VectorIndex
    search: HybridSearch
    recall: Recall
    client: httpx2.AsyncClient
    model_client: httpx2.AsyncClient = field(default_factory=open_model_client)
    mcp: McpClients = field(default_factory=McpClients)
    """Sessions of the tenants' MCP servers, opened when they are first called."""
    guards: Guards = field(default_factory=Guards)
    """What stands between all runs of this process and each tool."""
    runtimes: Runtimes = field(default_factory=Runtimes)
    multilingual: MultilingualEncoder | None = None
    """Loaded at the first message that is not plainly in English."""
    foreign: ForeignSearch | None = None
    """The search for questions in other languages; it loads its model at the first of them."""
    patience: Patience | None = None
    """With a vector server that is away."""
    tracing: Tracing | None = None
    """The export of this process's traces, where one is configured."""

    def builder(self, family: MindsFactory | None = None) -> RuntimeBuilder:
        """What makes a tenant's runtime; with the settings' family of minds unless one is given."""
        return RuntimeBuilder(
            database=self.database,
            encoder=self.encoder,
            search=self.search,
            patience=self.patience,
            foreign=self.foreign,
            client=self.client,
            model_client=self.model_client,
            mcp=self.mcp,
            guards=self.guards,
            family=family or minds_for(self.settings, self.multilingual),
            hmac_key=lambda: self.settings.hmac_key,
            id_domain=id_domains(self.settings),
            present=self.runtimes.present,
            has_confidence_model=self.settings.minds != "scripted",
        )

    async def close(self) -> None:
        """Release the index's lock and every connection."""
        self.index.close()
        self.queue.close()
        await self.client.aclose()
        await self.model_client.aclose()
        await self.mcp.close()
        await self.database.close()
        if self.tracing is not None:
            await asyncio.to_thread(self.tracing.close)


def open_wiring(
    settings: Settings,
    *,
    encoder: Encoder | None = None,
    index: VectorIndex | None = None,
    minds: MindsFactory | None = None,
    desks: Mapping[str, Desk] | None = None,
    index_seconds: float = 0.0,
) -> Wiring:
    """Open all of it. Must run inside the event loop that will use it. `index_seconds`: see `open_index`.

    Raises `DeskInvalid`, `IndexInUse`, `EncoderUnavailable`, `ModelRefused`.
    """
    if desks is None:
        desks = desks_to_start(settings)
    encoder = encoder or encoder_for(settings)
    index = index or open_index(settings, encoder.revision, index_seconds)
    database = open_ledger(settings)
    multilingual, runtimes = multilingual_encoder(settings), Runtimes()
    wiring = Wiring(
        settings=settings,
        database=database,
        queue=Queue(settings.ledger_url, runtimes.weight),
        checkpoints=open_checkpoints(database),
        encoder=encoder,
        index=index,
        search=HybridSearch(database, index, encoder),
        recall=Recall(database, index, encoder),
        runtimes=runtimes,
        client=open_client(),
        multilingual=multilingual,
        foreign=None
        if multilingual is None
        else ForeignSearch(database, multilingual, language_of),
        patience=None if settings.chroma_url is None else Patience(IndexLook(index.check).trouble),
        tracing=open_tracing(settings.otlp_endpoint, settings.trace_share, "worker"),
    )
    builder = wiring.builder(minds)
    for desk in desks.values():
        wiring.runtimes.put(builder.build(desk))
    return wiring


def multilingual_encoder(settings: Settings) -> MultilingualEncoder | None:
    """None for scripted minds, which need no weights. It loads them at its first use."""
    if settings.minds == "scripted":
        return None
    return MultilingualEncoder(settings.encoder_threads)


def id_domains(settings: Settings) -> Callable[[Desk], str]:
    """The domain of a desk's messages as its file says it now, or else as it was read."""
    desks = Desks(settings)
    return lambda desk: desks.read().get(desk.tenant, desk).channels.id_domain


def encoder_for(settings: Settings) -> Encoder:
    """Scripted minds need no weights, so that engine tests start at once."""
    if settings.minds == "scripted":
        return HashEncoder()
    threads = settings.encoder_threads
    if settings.encoder is not None:
        return RememberingEncoder(open_copied(settings.encoder, threads))
    if not made(settings.cache):
        log.warning("encoder_export", folder=str(settings.cache), takes="about 20 s, once a user")
    return RememberingEncoder(open_encoder(settings.cache, threads=threads))


def sentences_for(settings: Settings) -> SentencesOf | None:
    """What of each passage the settings' minds set beside an ask; None for scripted ones."""
    if settings.minds == "scripted":
        return None
    from graph.minds.local.writing.nearness import sentences_of

    return sentences_of


def open_index(settings: Settings, revision: str, seconds: float = 0.0) -> VectorIndex:
    """The vector index: the server's where an address is set, the folder's otherwise.

    A folder that another process has open is waited for so long.

    Only a folder belongs to one process, so only there small tenants are searched in memory.
    """
    if settings.chroma_url is None:
        return ExactIndex(open_local(settings.chroma_path, revision, seconds))
    return open_http(settings.chroma_url, revision)


def minds_for(settings: Settings, multilingual: MultilingualEncoder | None = None) -> MindsFactory:
    """What makes a desk's minds: the family it names, else the one of the settings."""
    usual = (
        _scripted if settings.minds == "scripted" else partial(_local, multilingual=multilingual)
    )

    def family(desk: Desk, encoder: Encoder) -> Minds:
        named = desk.minds.family
        make: MindsFactory = usual if named is None else load(MINDS, named)
        return make(desk, encoder)

    return family


def _scripted(_desk: Desk, _encoder: Encoder) -> Minds:
    return scripted_minds()


def _local(desk: Desk, encoder: Encoder, multilingual: MultilingualEncoder | None = None) -> Minds:
    from graph.minds.local.build import local_minds
    from graph.minds.local.confidence.assessor import LocalAssessor

    return local_minds(desk, encoder, LocalAssessor(encoder), multilingual)
