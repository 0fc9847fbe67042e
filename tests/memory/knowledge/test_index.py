"""Vector indexes: one contract, three implementations."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest

from memory.knowledge import index as indexes
from memory.knowledge.exact_index import ExactIndex
from memory.knowledge.index import (
    Entry,
    IndexInUse,
    MemoryIndex,
    OtherModel,
    VectorIndex,
)
from memory.knowledge.index_opening import open_local
from tests.waiting import LONGEST_SECONDS


def _entry(name: str, *vector: float) -> Entry:
    return Entry(name, f"doc-{name}", np.array(vector, dtype=np.float32))


@pytest.fixture(params=["memory", "chroma", "exact"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VectorIndex]:
    """Each implementation in turn."""
    opened: VectorIndex = MemoryIndex()
    if request.param != "memory":
        folder = open_local(tmp_path / "v", "r1")
        opened = folder if request.param == "chroma" else ExactIndex(folder)
    yield opened
    opened.close()


def test_the_nearest_come_first(index: VectorIndex) -> None:
    """By cosine, at most as many as asked for."""
    index.upsert("acme", [_entry("a", 1, 0), _entry("b", 0, 1), _entry("c", 0.8, 0.6)])
    found = index.query("acme", np.array([1, 0], dtype=np.float32), 2)
    assert [one for one, _ in found] == ["a", "c"]
    assert found[1][1] == pytest.approx(0.8, abs=1e-5)


def test_tenants_do_not_see_each_other(index: VectorIndex) -> None:
    """One tenant's vectors are not another's, even under the same id."""
    index.upsert("acme", [_entry("a", 1, 0)])
    assert index.query("other", np.array([1, 0], dtype=np.float32), 5) == []
    assert index.written("other") == {}


def test_writing_again_replaces(index: VectorIndex) -> None:
    """An id has one vector: the last."""
    index.upsert("acme", [_entry("a", 1, 0)])
    index.upsert("acme", [_entry("a", 0, 1)])
    assert list(index.written("acme")) == ["a"]
    [(found, likeness)] = index.query("acme", np.array([0, 1], dtype=np.float32), 1)
    assert found == "a"
    assert likeness == pytest.approx(1.0)


def test_what_changes_after_a_search_is_found_by_the_next(index: VectorIndex) -> None:
    """What came is found, what was replaced is found where it is now, what went is not."""
    query = np.array([1, 0], dtype=np.float32)
    index.upsert("acme", [_entry("a", 1, 0), _entry("b", 0, 1)])
    assert [one for one, _ in index.query("acme", query, 1)] == ["a"]
    index.upsert("acme", [_entry("a", 0, 1), _entry("c", 0.6, 0.8)])
    assert [one for one, _ in index.query("acme", query, 1)] == ["c"]
    index.delete("acme", ["c", "b"])
    assert [one for one, _ in index.query("acme", query, 5)] == ["a"]


def test_forgetting_ignores_what_is_unknown(index: VectorIndex) -> None:
    """Deleting twice is deleting once."""
    index.upsert("acme", [_entry("a", 1, 0), _entry("b", 0, 1)])
    index.delete("acme", ["a", "nobody"])
    index.delete("acme", ["a"])
    index.delete("acme", [])
    assert list(index.written("acme")) == ["b"]


def test_more_vectors_than_one_statement_takes_are_listed(
    index: VectorIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In pages: a base of any size can be looked over."""
    monkeypatch.setattr(indexes, "BATCH", 2)
    index.upsert("acme", [_entry(f"n{n}", 1, n) for n in range(5)])
    assert sorted(index.written("acme")) == ["n0", "n1", "n2", "n3", "n4"]
    assert (index.count("acme"), index.count("other")) == (5, 0)


def test_a_second_opener_is_refused(tmp_path: Path) -> None:
    """Two processes on one folder damage it: the second one is told the lock and the remedy."""
    first = open_local(tmp_path, "r1")
    with pytest.raises(IndexInUse, match="chroma run") as caught:
        open_local(tmp_path, "r1")
    assert "index.lock" in str(caught.value)
    first.close()
    open_local(tmp_path, "r1").close()


def test_who_waits_opens_it_when_the_first_has_closed(tmp_path: Path) -> None:
    """A worker that starts while the one before it ends."""
    first = open_local(tmp_path, "r1")
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(lambda: open_local(tmp_path, "r1", LONGEST_SECONDS).close())
        with pytest.raises(TimeoutError):
            waiting.result(0.3)
        first.close()
        waiting.result(LONGEST_SECONDS)


def test_vectors_of_another_model_are_refused(tmp_path: Path) -> None:
    """Cosines between two models mean nothing: the folder names its model, and is refused."""
    first = open_local(tmp_path, "r1")
    first.upsert("acme", [_entry("a", 1, 0)])
    first.close()
    second = open_local(tmp_path, "r2")
    with pytest.raises(OtherModel, match=r"r1.*r2.*ingest again"):
        second.query("acme", np.array([1, 0], dtype=np.float32), 1)
    second.close()


def test_vectors_survive_a_restart(tmp_path: Path) -> None:
    """What was acknowledged is there when the folder is opened again."""
    first = open_local(tmp_path, "r1")
    first.upsert("acme", [_entry("a", 1, 0)])
    first.close()
    second = open_local(tmp_path, "r1")
    assert list(second.written("acme")) == ["a"]
    second.close()


def _found(folder: Path, looked_at: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The nearest 20 of 1,000 in a folder that looks at so many; filled where it is new."""
    monkeypatch.setattr(indexes, "LOOKED_AT", looked_at)
    vectors = np.random.default_rng(1).normal(size=(1_001, 96)).astype(np.float32)
    opened = open_local(folder, "r1")
    if not opened.written("acme"):
        opened.upsert("acme", [Entry(f"{n}", "d", one) for n, one in enumerate(vectors[1:])])
    found = [one for one, _ in opened.query("acme", vectors[0], 20)]
    opened.close()
    return found


def test_a_base_is_searched_exactly_and_so_is_one_of_an_older_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A graph that looks at few vectors misses some; the same folder opened now misses none."""
    vectors = np.random.default_rng(1).normal(size=(1_001, 96)).astype(np.float32)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    nearest = [f"{n}" for n in np.argsort(-(unit[1:] @ unit[0]))[:20]]
    assert set(_found(tmp_path / "v", 10, monkeypatch)) != set(nearest)
    assert set(_found(tmp_path / "v", 1_000, monkeypatch)) == set(nearest)


def test_a_file_that_chroma_itself_holds_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a bounded time; another fault is told at once."""
    monkeypatch.setattr(indexes, "LOCKED_WAIT_SECONDS", 0.0)
    held = Mock()
    held.modify.side_effect = [RuntimeError("(code: 5) database is locked")] * 3 + [None]
    indexes._look_at_more(held)
    assert held.modify.call_count == 4
    held.modify.side_effect = RuntimeError("(code: 5) database is locked")
    with pytest.raises(RuntimeError):
        indexes._look_at_more(held)
    assert held.modify.call_count == 4 + indexes.LOCKED_TRIES
    held.modify.side_effect = RuntimeError("disk full")
    with pytest.raises(RuntimeError):
        indexes._look_at_more(held)
    assert held.modify.call_count == 5 + indexes.LOCKED_TRIES
