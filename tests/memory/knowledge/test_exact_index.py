"""A small tenant is searched exactly, in bounded memory, from what the index below holds."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from memory.encoder.encoder import Vectors
from memory.knowledge import exact_index
from memory.knowledge.exact_index import ExactIndex, Matrix
from memory.knowledge.index import ChromaIndex, Entry, IndexUnavailable
from memory.knowledge.index_opening import open_local

QUERY = np.array([1, 0], dtype=np.float32)


def entry(name: str, *vector: float) -> Entry:
    """A vector of that name."""
    return Entry(name, "d", np.array(vector, dtype=np.float32))


@pytest.fixture
def below(tmp_path: Path) -> Iterator[ChromaIndex]:
    """An index on a folder."""
    opened = open_local(tmp_path / "v", "r1")
    yield opened
    opened.close()


def test_none_of_many_equal_vectors_hides_another(below: ChromaIndex) -> None:
    """The graph misses neighbours there; of equal ones the first ids are found, each time."""
    same = [entry(f"n{n:03}", 0.8, 0.6) for n in range(300)]
    index = ExactIndex(below)
    index.upsert("acme", [*same, entry("near", 1, 0), entry("far", 0, 1)])
    found = [one for one, _ in index.query("acme", QUERY, 4)]
    assert found == ["near", "n000", "n001", "n002"]


def test_a_deleted_vector_leaves_memory() -> None:
    """Whichever row it stood in: nothing of its numbers is left."""
    matrix = Matrix({"a": np.array([3, 3]), "b": np.array([5, 5]), "c": np.array([7, 7])}, 2)
    matrix.drop(["a", "nobody", "c"])
    assert set(matrix._rows.ravel().tolist()) == {0.0, 5.0}
    assert [one for one, _ in matrix.nearest(QUERY, 5)] == ["b"]


def test_a_matrix_grows() -> None:
    """Past the room that it was made with."""
    matrix = Matrix({}, 2)
    matrix.put([entry(f"{n}", 1, n) for n in range(200)])
    assert (len(matrix), len(matrix.nearest(QUERY, 500))) == (200, 200)


def test_a_large_tenant_is_left_to_the_index_below(
    below: ChromaIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that grows, and it is held again once it is small."""
    monkeypatch.setattr(exact_index, "EXACT_UP_TO", 2)
    index = ExactIndex(below)
    index.upsert("acme", [entry("a", 1, 0), entry("b", 0, 1)])
    index.query("acme", QUERY, 1)
    assert set(index._held) == {"acme"}
    index.upsert("acme", [entry("c", 0.6, 0.8)])
    assert [one for one, _ in index.query("acme", QUERY, 2)] == ["a", "c"]
    assert (index._held, index._large) == ({}, {"acme"})
    index.delete("acme", ["b"])
    assert [one for one, _ in index.query("acme", QUERY, 2)] == ["a", "c"]
    assert set(index._held) == {"acme"}


def test_what_is_held_is_bounded(below: ChromaIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tenant that was asked least recently leaves first, and is read again when it is asked."""
    index = ExactIndex(below)
    for tenant in ("a", "b", "c"):
        index.upsert(tenant, [entry(tenant, 1, 0)])
    index.query("a", QUERY, 1)
    monkeypatch.setattr(exact_index, "HELD_BYTES", 2 * index._held["a"].nbytes)
    for tenant in ("b", "a", "c"):
        index.query(tenant, QUERY, 1)
    assert list(index._held) == ["a", "c"]
    assert [one for one, _ in index.query("b", QUERY, 1)] == ["b"]


def test_what_changes_while_it_is_read_is_read_again(
    below: ChromaIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the change begins before the reading or ends after it."""
    index, read = ExactIndex(below), below.vectors

    def meanwhile(tenant: str, ids: Sequence[str]) -> dict[str, Vectors]:
        found = read(tenant, ids)
        monkeypatch.setattr(below, "vectors", read)
        index.upsert("acme", [entry("late", 1, 0)])
        return found

    index.upsert("acme", [entry("a", 0.8, 0.6)])
    monkeypatch.setattr(below, "vectors", meanwhile)
    assert [one for one, _ in index.query("acme", QUERY, 1)] == ["late"]


def test_a_change_that_fails_is_not_half_known(
    below: ChromaIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the index below has stored of it is read anew."""
    index, store = ExactIndex(below), below.upsert

    def half(tenant: str, entries: Sequence[Entry]) -> None:
        store(tenant, entries[:1])
        raise IndexUnavailable("half of it")

    index.upsert("acme", [entry("a", 0, 1)])
    index.query("acme", QUERY, 1)
    monkeypatch.setattr(below, "upsert", half)
    with pytest.raises(IndexUnavailable):
        index.upsert("acme", [entry("b", 1, 0), entry("c", 1, 0)])
    assert [one for one, _ in index.query("acme", QUERY, 3)] == ["b", "a"]
