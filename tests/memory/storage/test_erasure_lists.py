"""Whom one machine erased, every machine and the ledger know: on both engines."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from memory.erasure import lists
from memory.erasure.lists import ErasureLists
from memory.erasure.requests import pending_in
from memory.erasure.sidecar import Entry, Sidecar
from memory.storage.database import Database
from memory.tables import Erasure, ErasureStatus

AT = datetime(2026, 11, 1, tzinfo=UTC)


def erasure(number: int, **more: Any) -> Erasure:
    """One that was asked for."""
    known: dict[str, Any] = {
        "id": f"era_{number}",
        "tenant": "acme",
        "person": "d" * 64,
        "tickets": ["tkt_1"],
    }
    return Erasure(**{**known, "requested_by": "ann", "requested_at": AT, **more})


async def stored(database: Database, *erasures: Erasure) -> None:
    """In the ledger."""
    async with database.transaction() as session:
        session.add_all(erasures)


async def test_each_machine_has_the_list_of_all(database: Database, tmp_path: Path) -> None:
    """Two machines, each with a folder of its own; what a ticket adds later is added in both."""
    await stored(database, *(erasure(number) for number in range(450)))
    one, other = (Sidecar(tmp_path / name / "erased.jsonl") for name in ("one", "other"))
    both = [ErasureLists(database, one), ErasureLists(database, other)]
    for each in both:
        await each.look()
    assert one.entries() == other.entries()
    assert len(one.entries()) == 450
    async with database.transaction() as session:
        row = await session.get_one(Erasure, "era_7")
        row.tickets, row.status = ["tkt_1", "tkt_2"], ErasureStatus.DONE
        session.add(row)
    for each in both:
        await each.look()
    assert [each.entries()["era_7"]["tickets"] for each in (one, other)] == [["tkt_1", "tkt_2"]] * 2
    sizes = [each.path.stat().st_size for each in (one, other)]
    for each in both:
        await each.look()
    assert [each.path.stat().st_size for each in (one, other)] == sizes


async def test_a_ledger_that_was_brought_back_is_reminded(
    database: Database, tmp_path: Path
) -> None:
    """A copy from before by the server's own tools knows nothing of it; any one machine's list does."""
    sidecar = Sidecar(tmp_path / "erased.jsonl")
    sidecar.add(erasure(1), erasure(2, tickets=["tkt_2"], customer="c" * 64))
    await stored(database, erasure(1, status=ErasureStatus.DONE))
    one = ErasureLists(database, sidecar)
    with capture_logs() as lines:
        await one.look()
        await one.look()
    assert [line["count"] for line in lines if line["event"] == "erasures_wanted_again"] == [1]
    assert await database.units.look(pending_in) == ["era_2"]
    async with database.reading() as session:
        again = await session.get_one(Erasure, "era_2")
    assert (again.tickets, again.customer, again.requested_at) == (["tkt_2"], "c" * 64, AT)


def test_a_later_line_that_knows_less_takes_nothing_back(tmp_path: Path) -> None:
    """Two workers of one machine write beside each other, in whatever order they come."""
    sidecar = Sidecar(tmp_path / "erased.jsonl")
    sidecar.add(erasure(1, tickets=["tkt_1", "tkt_2"], customer="c" * 64))
    line = sidecar.path.read_text().strip()
    older = line.replace(', "tkt_2"', "").replace('"' + "c" * 64 + '"', "null")
    assert older != line
    with sidecar.path.open("a") as file:
        file.write(f"\n{older}\n")
    found = sidecar.entries()["era_1"]
    assert (found["tickets"], found["customer"]) == (["tkt_1", "tkt_2"], "c" * 64)


async def test_a_long_list_is_read_once_a_look(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also by a worker that starts and compares all of it, some hundred erasures at a time."""
    monkeypatch.setattr(lists, "ROWS_AT_ONCE", 2)
    done = [erasure(number, status=ErasureStatus.DONE) for number in range(7)]
    sidecar, entries, reads = Sidecar(tmp_path / "erased.jsonl"), Sidecar.entries, list[Sidecar]()
    sidecar.add(*done[:5])
    await stored(database, *done)

    def counted(one: Sidecar) -> dict[str, Entry]:
        reads.append(one)
        return entries(one)

    with monkeypatch.context() as counting:
        counting.setattr(Sidecar, "entries", counted)
        await ErasureLists(database, sidecar).look()
    assert len(reads) == 1
    assert sorted(sidecar.entries()) == [f"era_{number}" for number in range(7)]
