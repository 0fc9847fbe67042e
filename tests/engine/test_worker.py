"""The worker process: it takes jobs fairly, drains, refuses what cannot work, and is replaced."""

import asyncio
import base64
import pickle
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Row
from typing_extensions import override

from api.worker.process import GRACE_SECONDS
from evals.stack.chaotic import TENANT, nursery_of, read_journals
from evals.stack.stack import Stack, scratch
from memory.journal import journal
from memory.storage.database import Database
from memory.storage.queue import APPLICATION_VERSION, Queue, workflow_id
from memory.storage.units import Statements
from memory.tickets import intake
from tests.engine.conftest import Desk
from tests.waiting import LONGEST_SECONDS, wait_until

PLAIN = "How do I reset my password?"
SLOW = "How do I reset my password? #slow"


def query(stack: Stack, statement: str, **values: str) -> list[Row[Any]]:
    """Rows of a statement on the stack's ledger; what it changes is committed."""

    async def run() -> list[Row[Any]]:
        url = stack.settings.ledger_url
        async with Database(url) as database, database.engine.begin() as connection:
            found = await connection.execute(text(statement), values)
            return list(found.all()) if found.returns_rows else []

    return asyncio.run(run())


def drives(desk: Desk, *ids: str) -> list[int]:
    """Drives of each ticket; their journals must be whole."""
    gaps, found = asyncio.run(read_journals(desk.stack, ids))
    assert gaps == []
    return found


def test_an_accepted_ticket_is_delivered_with_its_source(desk: Desk) -> None:
    """Through HTTP, queue, graph, index and the service, each in its process."""
    [view] = desk.ends(desk.post(PLAIN))
    assert (view["status"], view["outcome"]) == ("settled", "delivered")
    assert [source["source"] for source in view["citations"]] == ["a"]
    assert desk.arrived(view["id"]) == ["reply"]
    assert drives(desk, view["id"]) == [1]


class EarlierQueue(Queue):
    """The queue of a release that put no cause into its entries."""

    @override
    def run_ticket_in(
        self,
        do: Statements,
        ticket_id: str,
        run: int,
        tenant: str,
        cause: str,
        *,
        bulk: bool = False,
    ) -> None:
        super().run_ticket_in(do, ticket_id, run, tenant, cause, bulk=bulk)
        stored = pickle.dumps({"args": (ticket_id, run), "kwargs": {}})
        do.run(
            "UPDATE workflow_input SET inputs = ? WHERE workflow_uuid = ?",
            (base64.b64encode(stored).decode(), workflow_id(ticket_id, run)),
        )


async def _accepted_earlier(stack: Stack) -> tuple[str, list[str]]:
    """The id of a ticket that an earlier release accepted, once its journal says why it ran."""
    database, queue = Database(stack.settings.ledger_url), EarlierQueue(stack.settings.ledger_url)
    try:
        async with database.transaction() as session:
            new = intake.NewTicket("", PLAIN)
            accepted = await intake.accept(
                session, queue, tenant=TENANT, new=new, key=None, digest=""
            )
        return accepted.ticket.id, await _causes(database, accepted.ticket.id)
    finally:
        queue.close()
        await database.close()


async def _causes(database: Database, ticket_id: str) -> list[str]:
    until = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < until:
        async with database.reading() as session:
            rows = await journal.of_ticket(session, ticket_id)
        if causes := [row.cause for row in rows if (row.kind, row.name) == ("run", "drive")]:
            return causes
        await asyncio.sleep(0.05)
    return []


def test_an_entry_of_an_earlier_release_is_driven(desk: Desk) -> None:
    """It has no cause, and the run says no more than it knows."""
    ticket, causes = asyncio.run(_accepted_earlier(desk.stack))
    [view] = desk.ends(ticket)
    assert (view["outcome"], causes) == ("delivered", ["unstated"])


def test_one_tenants_slow_tickets_do_not_delay_another(desk: Desk) -> None:
    """Half the worker is theirs at most: the other tenant's end before most of those before them."""
    slow = [desk.post(SLOW) for _ in range(12)]
    quick = [desk.post(PLAIN, client=desk.other) for _ in range(4)]
    last = max(view["ended_at"] for view in desk.ends(*quick, client=desk.other))
    ended_before = [view for view in desk.ends(*slow) if view["ended_at"] < last]
    assert len(ended_before) <= len(slow) / 2


def test_a_tenant_begins_so_many_runs_a_minute_at_most(desk: Desk) -> None:
    """The others wait for the next minute, which delays nobody of another tenant."""
    desk.workers.kill()
    mine = [desk.post(PLAIN) for _ in range(5)]
    counting = {**desk.stack.extra, "DESKHAND_TENANT_STARTS_PER_MINUTE": "2"}
    began = time.monotonic()
    with nursery_of(replace(desk.stack, extra=counting)) as workers:
        workers.start()
        wait_until(lambda: _among(desk.stack, mine, "status = 'settled'") >= 2)
        desk.ends(desk.post(PLAIN, client=desk.other), client=desk.other)
        begun = _among(desk.stack, mine, "status != 'queued'")
        minutes = (time.monotonic() - began) // 60
        assert begun <= 2 * (1 + minutes)
    desk.working()
    assert {view["outcome"] for view in desk.ends(*mine)} == {"delivered"}


def _among(stack: Stack, tickets: list[str], which: str) -> int:
    rows = query(stack, f"SELECT id FROM tickets WHERE {which}")  # noqa: S608 - our own words
    return len({one for (one,) in rows} & set(tickets))


def test_a_worker_told_to_stop_ends_what_it_has_begun(desk: Desk) -> None:
    """It takes nothing new, leaves nothing to be done twice, and waits for no thread of the engine."""
    ids = [desk.post(SLOW) for _ in range(6)]
    wait_until(lambda: _standing(desk.stack, "RUNNING") > 0, 0.02)
    desk.workers.kill(signal.SIGTERM)
    assert _standing(desk.stack, "RUNNING") == 0
    assert _standing(desk.stack, "QUEUED") > 0
    logs = [one.read_bytes() for one in desk.stack.home.glob("*.log")]
    assert logs
    assert not any(b"did not exit within" in one for one in logs)
    desk.working()
    assert {view["outcome"] for view in desk.ends(*ids)} == {"delivered"}
    assert set(drives(desk, *ids)) == {1}


def test_what_outlasts_a_stopping_workers_grace_goes_on_at_the_next(desk: Desk) -> None:
    """It fails at nothing that the worker takes away while it ends, so no person gets it for that."""
    one = desk.post(f"{SLOW}:{2 * GRACE_SECONDS}")
    wait_until(lambda: _standing(desk.stack, "RUNNING") > 0, 0.02)
    desk.workers.kill(signal.SIGTERM)
    desk.working()
    [view] = desk.ends(one)
    assert (view["outcome"], desk.arrived(one)) == ("delivered", ["reply"])
    assert drives(desk, one) == [2]


def _standing(stack: Stack, status: str) -> int:
    rows = query(stack, "SELECT count(*) FROM tickets WHERE status = :s", s=status.lower())
    return int(rows[0][0])


def test_a_dead_workers_jobs_are_taken_over(desk: Desk) -> None:
    """By the next one, from the step at which it died, and once."""
    one = desk.post(f"{SLOW}:2")
    wait_until(lambda: _standing(desk.stack, "RUNNING") > 0, 0.02)
    desk.workers.kill()
    desk.working()
    [view] = desk.ends(one)
    assert (view["outcome"], desk.arrived(one)) == ("delivered", ["reply"])
    assert drives(desk, one) == [2]


@pytest.mark.parametrize(
    "loss",
    [
        "DELETE FROM workflow_status WHERE workflow_uuid LIKE :name",
        "UPDATE workflow_status SET status = 'ERROR' WHERE workflow_uuid LIKE :name",
    ],
)
def test_a_ticket_the_engine_lost_is_driven_again(desk: Desk, loss: str) -> None:
    """The sweeper finds it after its quiet period."""
    desk.workers.kill()
    one = desk.post(PLAIN)
    query(desk.stack, loss, name=f"%{one}%")
    desk.working()
    [view] = desk.ends(one)
    assert view["outcome"] == "delivered"
    [redrives] = query(desk.stack, "SELECT redrives FROM tickets WHERE id = :one", one=one)[0]
    assert redrives == 1


def test_the_application_version_is_pinned(desk: Desk) -> None:
    """An upgrade must not strand what is pending."""
    desk.ends(desk.post(PLAIN))
    rows = query(desk.stack, "SELECT DISTINCT application_version FROM workflow_status")
    assert [row[0] for row in rows] == [APPLICATION_VERSION]


def test_a_second_worker_on_the_same_index_is_refused(desk: Desk) -> None:
    """With a line that says what to do, and a status that says: do not start me again."""
    refused = _worker(desk.stack)
    assert refused.returncode == 2
    assert "is open in another process" in refused.stderr
    assert "chroma run" in refused.stderr
    [view] = desk.ends(desk.post(PLAIN))
    assert view["outcome"] == "delivered"


def _worker(stack: Stack) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api.cli.main", "worker"],
        env=stack.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_broken_desk_is_refused_with_its_line(tmp_path: Path) -> None:
    """Before anything is opened."""
    desk = tmp_path / "desk.yaml"
    desk.write_text("tenant: acme\ncompany: Acme\nlimits:\n  replans: many\n", encoding="utf-8")
    with scratch(tmp_path / "home", desk, DESKHAND_MINDS="scripted") as stack:
        refused = _worker(stack)
    assert refused.returncode == 2
    assert "desk.yaml:4" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("kind", ["missing", "file"])
def test_a_data_folder_that_cannot_be_used_is_named(tmp_path: Path, kind: str) -> None:
    """One that nobody set up, and one that is no folder."""
    desk, home = tmp_path / "desk.yaml", tmp_path / "elsewhere"
    desk.write_text("tenant: acme\ncompany: Acme\n", encoding="utf-8")
    if kind == "file":
        home.write_text("", encoding="utf-8")
    stack = Stack(home, desk, 0, {"DESKHAND_MINDS": "scripted"})
    refused = _worker(stack)
    assert refused.returncode != 0
    assert "Traceback" not in refused.stderr
    assert ("deskhand migrate" if kind == "missing" else "elsewhere") in refused.stderr


def test_what_nobody_waits_for_is_driven_last(desk: Desk) -> None:
    """A ticket that came after an import is driven before the rest of it."""
    desk.workers.kill()
    bulk = [
        str(
            desk.client.post("/v1/tickets", json={"text": SLOW, "bulk": True})
            .raise_for_status()
            .json()["id"]
        )
        for _ in range(6)
    ]
    urgent = desk.post(PLAIN)
    desk.working()
    desk.ends(*bulk, urgent)
    begun = {
        row.ticket_id: row.at
        for row in query(
            desk.stack,
            "SELECT ticket_id, min(at) AS at FROM journal WHERE kind = 'run' AND name = 'drive'"
            " GROUP BY ticket_id",
        )
    }
    before = [one for one in bulk if begun[one] < begun[urgent]]
    assert len(before) <= 1  # one more may begin in the same moment
