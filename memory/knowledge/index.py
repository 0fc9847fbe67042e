"""Vectors of passages: Chroma on a local path or behind HTTP, and a twin in memory.

Vectors only find; the rows in SQL say what exists (see ingest.py).
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from filelock import FileLock
from typing_extensions import override

from memory.encoder.encoder import Vectors
from memory.faults import MemoryFault

BATCH = 2_000
"""Vectors sent at once; Chroma takes 5,461 at most."""
LOCKED, LOCKED_TRIES, LOCKED_WAIT_SECONDS = "database is locked", 20, 0.1
"""What Chroma says while it writes itself, and for how long that is waited for."""
LOOKED_AT = 1_000
"""Vectors that a query visits: a base of so many is searched exactly, so that it finds the same each time
it is built. The graph is built by several threads, and no two are alike."""
Item = TypeVar("Item")


class OtherModel(MemoryFault):
    """The stored vectors were made by another embedding model."""


class IndexInUse(MemoryFault):
    """Another process has the vector folder open."""


class IndexUnavailable(MemoryFault):
    """The vectors cannot be opened or reached."""


@dataclass(frozen=True)
class Entry:
    """One vector with where it comes from."""

    id: str
    doc_id: str
    vector: Vectors
    """Unit length, shape (width,)."""


class VectorIndex(Protocol):
    """Vectors by tenant. Methods block: call them in a thread."""

    def upsert(self, tenant: str, entries: Sequence[Entry]) -> None:
        """Store them; an id that exists is replaced."""
        ...

    def delete(self, tenant: str, ids: Iterable[str]) -> None:
        """Forget them; unknown ids are ignored."""
        ...

    def written(self, tenant: str) -> dict[str, float]:
        """Every stored id with the time (Unix seconds) it was last written."""
        ...

    def count(self, tenant: str) -> int:
        """How many are stored."""
        ...

    def query(self, tenant: str, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """(id, cosine) of the nearest, highest first; empty for an unknown tenant."""
        ...

    def vectors(self, tenant: str, ids: Sequence[str]) -> dict[str, Vectors]:
        """The stored vector of each id that is known."""
        ...

    def check(self) -> None:
        """Touch it. Raises `IndexUnavailable` if it cannot be used."""
        ...

    def close(self) -> None:
        """Release files and locks."""
        ...


class MemoryIndex(VectorIndex):
    """The twin in memory: exact, for tests and trials."""

    def __init__(self) -> None:
        self._tenants: dict[str, dict[str, tuple[Entry, float]]] = {}

    @override
    def upsert(self, tenant: str, entries: Sequence[Entry]) -> None:
        stored = self._tenants.setdefault(tenant, {})
        stored.update({entry.id: (entry, time.time()) for entry in entries})

    @override
    def delete(self, tenant: str, ids: Iterable[str]) -> None:
        for one in ids:
            self._tenants.get(tenant, {}).pop(one, None)

    @override
    def written(self, tenant: str) -> dict[str, float]:
        return {one: at for one, (_, at) in self._tenants.get(tenant, {}).items()}

    @override
    def count(self, tenant: str) -> int:
        return len(self._tenants.get(tenant, {}))

    @override
    def query(self, tenant: str, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        stored = self._tenants.get(tenant)
        if not stored:
            return []
        cosines = np.stack([entry.vector for entry, _ in stored.values()]) @ vector
        pairs = zip(stored, (float(cosine) for cosine in cosines), strict=True)
        return sorted(pairs, key=lambda pair: -pair[1])[:limit]

    @override
    def vectors(self, tenant: str, ids: Sequence[str]) -> dict[str, Vectors]:
        stored = self._tenants.get(tenant, {})
        return {one: stored[one][0].vector for one in ids if one in stored}

    @override
    def check(self) -> None: ...

    @override
    def close(self) -> None:
        """Nothing to release."""


class ChromaIndex(VectorIndex):
    """One Chroma collection for each tenant, tied to one revision of the embedding model."""

    def __init__(
        self, client: Any, revision: str, lock: FileLock | None = None, place: str = ""
    ) -> None:
        self._client = client
        self._revision = revision
        self._lock = lock
        self._place = place
        self._open: dict[str, Any] = {}

    @override
    def upsert(self, tenant: str, entries: Sequence[Entry]) -> None:
        with self._reached():
            for batch in _batches(list(entries)):
                self._collection(tenant).upsert(
                    ids=[entry.id for entry in batch],
                    embeddings=[entry.vector for entry in batch],
                    metadatas=[{"doc_id": entry.doc_id, "at": time.time()} for entry in batch],
                )

    @override
    def delete(self, tenant: str, ids: Iterable[str]) -> None:
        with self._reached():
            for batch in _batches(list(ids)):
                self._collection(tenant).delete(ids=batch)

    @override
    def written(self, tenant: str) -> dict[str, float]:
        with self._reached():
            written, collection = dict[str, float](), self._collection(tenant)
            # In pages: the database below Chroma takes 32,766 ids in one statement at most.
            for start in range(0, collection.count(), BATCH):
                found = collection.get(include=["metadatas"], limit=BATCH, offset=start)
                pairs = zip(found["ids"], found["metadatas"], strict=True)
                written |= {one: float(metadata["at"]) for one, metadata in pairs}
            return written

    @override
    def count(self, tenant: str) -> int:
        with self._reached():
            return int(self._collection(tenant).count())

    @override
    def query(self, tenant: str, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        with self._reached():
            found = self._collection(tenant).query(
                query_embeddings=[vector], n_results=limit, include=["distances"]
            )
            pairs = zip(found["ids"][0], found["distances"][0], strict=True)
            return [(one, 1.0 - float(distance)) for one, distance in pairs]

    @override
    def vectors(self, tenant: str, ids: Sequence[str]) -> dict[str, Vectors]:
        with self._reached():
            known: dict[str, Vectors] = {}
            for batch in _batches(list(ids)):
                found = self._collection(tenant).get(ids=batch, include=["embeddings"])
                known |= dict(zip(found["ids"], np.asarray(found["embeddings"]), strict=True))
            return known

    @override
    def check(self) -> None:
        if self._lock is not None and not Path(self._lock.lock_file).exists():
            msg = f"the vector index in {self._place} is gone: restart the worker, which indexes again"
            raise IndexUnavailable(msg)
        with self._reached():
            self._client.count_collections()

    @override
    def close(self) -> None:
        """Close the client, then let the next process in."""
        self._open.clear()
        self._client.close()
        for one in (self._client, self._client._admin_client):  # noqa: SLF001 - both leave them open
            if (session := getattr(one._server, "_session", None)) is not None:  # noqa: SLF001
                session.close()
        if self._lock is not None:
            self._lock.release()

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except MemoryFault:
            raise
        except Exception as error:  # the client's errors have no family
            raise unavailable(self._place, error, folder=self._lock is not None) from error

    def _collection(self, tenant: str) -> Any:
        if tenant not in self._open:
            collection = self._client.get_or_create_collection(
                f"articles-{tenant}",
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine", "ef_search": LOOKED_AT}},
                metadata={"revision": self._revision},
            )
            self._check(tenant, collection)
            if collection.configuration_json["hnsw"]["ef_search"] != LOOKED_AT:
                _look_at_more(collection)
            self._open[tenant] = collection
        return self._open[tenant]

    def _check(self, tenant: str, collection: Any) -> None:
        stored = (collection.metadata or {}).get("revision")
        if stored != self._revision:
            msg = (
                f"the vectors of tenant {tenant!r} were made by model {stored}, but {self._revision} "
                "is in use: put the former model back, or remove the vector folder and ingest "
                "again (the articles are in the database)"
            )
            raise OtherModel(msg)


def _look_at_more(collection: Any) -> None:
    """Let a collection of an older release, without an embedding function, be searched as a new one.

    What Chroma wrote a moment ago may still hold its file.
    """
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        for left in reversed(range(LOCKED_TRIES)):
            try:
                collection.modify(configuration={"hnsw": {"ef_search": LOOKED_AT}})
            except Exception as error:  # the client's errors have no family
                if not left or LOCKED not in str(error):
                    raise
            else:
                return
            time.sleep(LOCKED_WAIT_SECONDS)


def unavailable(place: str, error: BaseException, *, folder: bool) -> IndexUnavailable:
    """What to tell whoever needs the index there: a folder, or the address of a server."""
    advice = "start the vector server, or see that it is reached and has room on its disk"
    if folder:
        advice = (
            "make room on its disk if there is none; if the folder is damaged, stop everything, move it"
            " away and start again (what is searched is in the database, and is indexed anew)"
        )
    msg = f"the vector index at {place} cannot be used ({type(error).__name__}): {advice}"
    return IndexUnavailable(msg)


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
