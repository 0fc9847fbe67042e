"""What a death or a lost folder leaves behind is made whole by the next run."""

from collections.abc import Iterable, Sequence

import pytest
from typing_extensions import override

from memory.knowledge import restoring
from memory.knowledge.index import Entry, MemoryIndex
from memory.knowledge.ingest import index_pending
from memory.knowledge.staging import stage
from memory.storage.database import Database
from tests.memory.knowledge.staged import ENCODER, draft, ids_of, texts_of


async def test_orphans_are_cleared_when_old(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A young vector may belong to a run that is about to add its row; an old one may not."""
    index = MemoryIndex()
    index.upsert("acme", [Entry("0" * 32, "ghost", ENCODER.encode(["ghost"])[0])])
    assert (await index_pending(database, index, ENCODER, "acme")).orphans == 0
    monkeypatch.setattr(restoring, "ORPHAN_SECONDS", -1.0)
    assert (await index_pending(database, index, ENCODER, "acme")).orphans == 1
    assert index.written("acme") == {}


async def test_lost_vectors_are_made_again(database: Database) -> None:
    """After the vector folder was removed, one run brings it back from the database."""
    await stage(database, "acme", [draft("a", "One."), draft("b", "Two.")])
    await index_pending(database, MemoryIndex(), ENCODER, "acme")
    fresh = MemoryIndex()
    assert (await index_pending(database, fresh, ENCODER, "acme")).restored == 2
    assert set(fresh.written("acme")) == await ids_of(database)


class _Died(BaseException):
    """The process ends here."""


class _Dying(MemoryIndex):
    """Ends the process before or after one of its writes."""

    def __init__(self, moment: str) -> None:
        super().__init__()
        self.moment = moment

    @override
    def upsert(self, tenant: str, entries: Sequence[Entry]) -> None:
        if self.moment == "before vectors":
            raise _Died
        super().upsert(tenant, entries)
        if self.moment == "after vectors":
            raise _Died

    @override
    def delete(self, tenant: str, ids: Iterable[str]) -> None:
        gone = list(ids)
        if self.moment == "before removal" and gone:
            raise _Died
        super().delete(tenant, gone)


@pytest.mark.parametrize(
    ("moment", "seen"),
    [
        ("before vectors", "Within fourteen days."),
        ("after vectors", "Within fourteen days."),
        ("before removal", "Within thirty days."),
    ],
)
async def test_a_death_in_between_shows_one_generation(
    database: Database, monkeypatch: pytest.MonkeyPatch, moment: str, seen: str
) -> None:
    """Wherever the process dies, readers see the old article or the new one, and a rerun heals."""
    index = _Dying("")
    await stage(database, "acme", [draft("a", "Within fourteen days.")])
    await index_pending(database, index, ENCODER, "acme")
    await stage(database, "acme", [draft("a", "Within thirty days.")])
    index.moment = moment
    with pytest.raises(_Died):
        await index_pending(database, index, ENCODER, "acme")
    assert await texts_of(database, index, "within fourteen thirty days") == [seen]
    index.moment = ""
    monkeypatch.setattr(restoring, "ORPHAN_SECONDS", -1.0)
    await index_pending(database, index, ENCODER, "acme")
    assert await texts_of(database, index, "within fourteen thirty days") == ["Within thirty days."]
    assert set(index.written("acme")) == await ids_of(database)
