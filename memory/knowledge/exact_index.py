"""A vector index that answers for small tenants from memory, exactly.

Chroma's graph takes two milliseconds a question, and misses neighbours where hundreds of vectors
are equal. A tenant with a few thousand vectors needs no graph: one product of a matrix is faster
and misses nothing. What is held is what the index below holds, so the index must belong to this
process alone (`open_local` sees to that): every change passes here, and a vector that is deleted
is gone from memory before `delete` returns.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from typing_extensions import override

from memory.encoder.encoder import Vectors
from memory.knowledge.index import Entry, VectorIndex

EXACT_UP_TO = 5_000
"""Vectors of a tenant that is searched exactly; more are left to the index below."""
HELD_BYTES = 32 * 2**20
"""Of all tenants' vectors in memory; whoever was asked least recently leaves first."""
LOADS = 3
"""Tries to read a tenant's vectors while others change them; then the index below answers."""
SPARE_ROWS = 64
"""Room for new vectors that a matrix gets when it is made or has become full."""


class Matrix:
    """The vectors of one tenant as rows, in no order."""

    def __init__(self, vectors: dict[str, Vectors], width: int) -> None:
        self._ids = list(vectors)
        self._row = {one: row for row, one in enumerate(self._ids)}
        self._rows = np.zeros((len(self._ids) + SPARE_ROWS, width), np.float32)
        for row, vector in enumerate(vectors.values()):
            self._rows[row] = vector

    def __len__(self) -> int:
        """How many there are."""
        return len(self._ids)

    @property
    def nbytes(self) -> int:
        """What it takes."""
        return int(self._rows.nbytes)

    def put(self, entries: Sequence[Entry]) -> None:
        """Add or replace them."""
        for entry in entries:
            row = self._row.get(entry.id)
            if row is None:
                row = self._row[entry.id] = len(self._ids)
                self._ids.append(entry.id)
            if row == len(self._rows):
                self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
            self._rows[row] = entry.vector

    def drop(self, ids: Iterable[str]) -> None:
        """Forget them: nothing of their vectors is left."""
        for one in ids:
            row = self._row.pop(one, None)
            if row is None:
                continue
            last = self._ids.pop()
            if last != one:
                self._ids[row], self._row[last] = last, row
                self._rows[row] = self._rows[len(self._ids)]
            self._rows[len(self._ids)] = 0.0

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """(id, cosine), highest first; of equal ones by id, so that each search finds the same."""
        cosines = self._rows[: len(self._ids)] @ vector.astype(np.float32)
        if limit < len(cosines):
            least = np.partition(cosines, -limit)[-limit]
            rows = np.flatnonzero(cosines >= least)
        else:
            rows = np.arange(len(cosines))
        pairs = [(self._ids[row], float(cosines[row])) for row in rows]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:limit]


class ExactIndex(VectorIndex):
    """`VectorIndex` over one that no other process writes."""

    def __init__(self, below: VectorIndex) -> None:
        self._below = below
        self._writing: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        """Held while a tenant's vectors change, so that both sides change in one order."""
        self._lock = threading.Lock()
        """Of what follows."""
        self._held: dict[str, Matrix] = {}
        """Asked least recently first."""
        self._large: set[str] = set()
        self._changes: Counter[str] = Counter()
        """A tenant's changes, each counted as it begins and as it ends."""

    @override
    def upsert(self, tenant: str, entries: Sequence[Entry]) -> None:
        self._change(
            tenant,
            lambda: self._below.upsert(tenant, entries),
            lambda matrix: matrix.put(entries),
        )

    @override
    def delete(self, tenant: str, ids: Iterable[str]) -> None:
        gone = list(ids)
        self._change(
            tenant, lambda: self._below.delete(tenant, gone), lambda matrix: matrix.drop(gone)
        )

    @override
    def written(self, tenant: str) -> dict[str, float]:
        return self._below.written(tenant)

    @override
    def count(self, tenant: str) -> int:
        return self._below.count(tenant)

    @override
    def query(self, tenant: str, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        for _ in range(LOADS):
            with self._lock:
                if tenant in self._large:
                    break
                if (matrix := self._held.pop(tenant, None)) is not None:
                    self._held[tenant] = matrix  # asked most recently
                    return matrix.nearest(vector, limit)
            self._load(tenant, len(vector))
        return self._below.query(tenant, vector, limit)

    @override
    def vectors(self, tenant: str, ids: Sequence[str]) -> dict[str, Vectors]:
        return self._below.vectors(tenant, ids)

    @override
    def check(self) -> None:
        self._below.check()

    @override
    def close(self) -> None:
        with self._lock:
            self._held.clear()
        self._below.close()

    def _load(self, tenant: str, width: int) -> None:
        """Read what the index below has, unless there is too much or somebody changes it meanwhile."""
        with self._lock:
            before = self._changes[tenant]
        matrix = None
        if self._below.count(tenant) <= EXACT_UP_TO:
            ids = list(self._below.written(tenant))
            matrix = Matrix(self._below.vectors(tenant, ids), width)
        with self._lock:
            if self._changes[tenant] != before:
                return
            if matrix is None:
                self._large.add(tenant)
            else:
                self._held[tenant] = matrix
                self._fit(tenant, matrix)

    def _fit(self, tenant: str, matrix: Matrix) -> None:
        """Keep to the bounds; the lock is held."""
        if len(matrix) > EXACT_UP_TO:
            del self._held[tenant]
            self._large.add(tenant)
        while sum(one.nbytes for one in self._held.values()) > HELD_BYTES:
            del self._held[next(iter(self._held))]

    def _change(
        self, tenant: str, write: Callable[[], None], also: Callable[[Matrix], None]
    ) -> None:
        """One change of a tenant at a time, below and then in memory.

        Whoever reads the tenant meanwhile finds the count changed, and reads again.
        """
        with self._lock:
            writing = self._writing[tenant]
            self._changes[tenant] += 1
        with writing:
            try:
                write()
            except BaseException:  # nobody knows how much of it was stored
                with self._lock:
                    self._changes[tenant] += 1
                    self._held.pop(tenant, None)
                raise
            with self._lock:
                self._changes[tenant] += 1
                self._large.discard(tenant)  # it is counted again
                if (matrix := self._held.get(tenant)) is not None:
                    also(matrix)
                    self._fit(tenant, matrix)
