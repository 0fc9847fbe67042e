"""Units of work: the same contract on both engines."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from memory.storage.columns import Columns
from memory.storage.database import Database
from memory.storage.errors import Fenced, StorageUnavailable
from memory.storage.step import Step, leaving_to, present_step
from memory.storage.units import Statements
from memory.tables import Message, now
from tests.memory.ledgers import TENANT, Ledger
from tests.waiting import LONGEST_SECONDS, PAUSE_SECONDS

ADD = "INSERT INTO login_throttles (key, failures, window_ends_at) VALUES (?, ?, ?)"
AT_ONCE = 40


def adding(key: str) -> Callable[[Statements], None]:
    """A unit that stores a row of this name."""
    return lambda do: do.many(ADD, [(key, 1, do.moment(now()))])


async def stored(database: Database) -> list[str]:
    """The names of the rows that are there."""
    query = "SELECT key FROM login_throttles ORDER BY key"
    return [str(row[0]) for row in await database.units.read(lambda do: do.rows(query))]


async def test_what_a_unit_writes_is_there_for_everybody(database: Database) -> None:
    """Also for the mapper, which reads on connections of its own."""
    await database.units.write(adding("a"))
    async with database.reading() as session:
        found = await session.execute(text("SELECT key FROM login_throttles"))
        assert found.scalars().all() == ["a"]


async def test_a_unit_that_fails_takes_back_itself_alone(database: Database) -> None:
    """Also where it shares a commit with others."""

    def failing(do: Statements) -> None:
        adding("bad")(do)
        raise LookupError

    units = [adding("a"), failing, adding("b"), failing, adding("c")]
    found = await asyncio.gather(*map(database.units.write, units), return_exceptions=True)
    assert [type(one) for one in found if one is not None] == [LookupError, LookupError]
    assert await stored(database) == ["a", "b", "c"]


def test_a_new_row_has_the_defaults_of_its_table() -> None:
    """The same as an object of it, but for the moments."""
    given: dict[str, Any] = {
        "ticket_id": "tkt_1",
        "seq": 1,
        "turn": 1,
        "role": "customer",
        "text": "hello",
    }
    columns, at = Columns(Message, without=("id",)), now()
    row = Message(**given, created_at=at)
    assert columns.new(**given, created_at=at) == row.model_dump(exclude={"id"})
    assert columns.new(**given)["citations"] is not columns.new(**given)["citations"]


CORRUPT = "DO $$ BEGIN RAISE EXCEPTION 'invalid page' USING ERRCODE = 'XX001'; END $$"


async def test_damaged_pages_of_a_server_are_told_and_noted(database: Database) -> None:
    """Postgres calls them an internal error, which would be taken for a defect of ours."""
    if database.is_sqlite:
        pytest.skip("tests/memory/storage/test_database.py damages a file")
    with pytest.raises(StorageUnavailable, match="damaged pages"):
        async with database.transaction() as session:
            await (await session.connection()).execute(text(CORRUPT))
    database.damage.words = ""
    for way in (database.units.look, database.units.read, database.units.write):
        with pytest.raises(StorageUnavailable, match="damaged pages"):
            await way(lambda do: do.run(CORRUPT))
        assert "damaged pages" in database.damage.words
    await database.units.write(adding("a"))
    assert await stored(database) == ["a"]


class Panic(BaseException):
    """What a library in another language raises when it breaks: no `Exception`."""


async def test_a_unit_that_breaks_leaves_nobody_waiting(database: Database) -> None:
    """Whoever waits is told, nothing of it is written, and the next one is served."""

    def breaking(do: Statements) -> None:
        adding("bad")(do)
        raise Panic

    (found,) = await asyncio.gather(database.units.write(breaking), return_exceptions=True)
    assert Panic in {type(found), type(getattr(found, "__cause__", None))}
    await database.units.write(adding("a"))
    assert await stored(database) == ["a"]


async def test_units_at_once_do_not_lose_what_others_wrote(database: Database) -> None:
    """A look and the write after it are one act."""
    await database.units.write(adding("a"))
    query = "SELECT failures FROM login_throttles WHERE key = 'a'"

    def count(do: Statements) -> None:
        row = do.row(query + do.lock)
        assert row is not None
        do.run("UPDATE login_throttles SET failures = ? WHERE key = 'a'", (row[0] + 1,))

    await asyncio.gather(*(database.units.write(count) for _ in range(AT_ONCE)))
    assert await database.units.read(lambda do: do.row(query)) == (1 + AT_ONCE,)


async def test_a_missing_table_is_said_as_elsewhere(database: Database) -> None:
    """With the same advice."""
    await database.units.write(adding("a"))
    if not database.is_sqlite:
        return  # Postgres does not count it among the errors of its state
    with pytest.raises(StorageUnavailable, match="deskhand migrate"):
        await database.units.write(lambda do: do.run("DELETE FROM nowhere"))


async def test_who_is_cancelled_while_waiting_has_written_all_the_same(database: Database) -> None:
    """A drive that is stopped loses no fact that it had left to be written."""
    waiting = [asyncio.create_task(database.units.write(adding(str(one)))) for one in range(3)]
    await asyncio.sleep(0)  # each has handed its unit over
    waiting[1].cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await database.units.close()  # waits for what is under way
    assert await stored(database) == ["0", "1", "2"]


async def test_a_closed_database_can_be_used_again(database: Database) -> None:
    """It opens what it needs anew."""
    await database.units.write(adding("a"))
    await database.units.close()
    await database.units.write(adding("b"))
    assert await stored(database) == ["a", "b"]


async def test_a_step_is_written_with_the_next_commit(ledger: Ledger) -> None:
    """Neither before nor without it."""
    ticket = await ledger.accept()
    step = Step(ledger.database.units, ticket.id, 0)
    step.leave(adding("own"))
    step.leave(adding("fact"), fact=True)
    assert await stored(ledger.database) == []
    await step.commit(adding("unit"))
    assert await stored(ledger.database) == ["fact", "own", "unit"]


async def test_of_a_zombies_step_only_facts_are_written(ledger: Ledger) -> None:
    """What has happened is on record; what the zombie wants is not done."""
    ticket = await ledger.accept()
    step = Step(ledger.database.units, ticket.id, 0)
    step.leave(adding("own"))
    step.leave(adding("fact"), fact=True)
    await ledger.database.units.write(
        lambda do: do.run("UPDATE tickets SET epoch = 1 WHERE tenant = ?", (TENANT,))
    )
    with pytest.raises(Fenced, match="replaced by drive 1"):
        await step.commit(adding("unit"))
    assert await stored(ledger.database) == ["fact"]


async def test_nothing_of_an_erased_ticket_is_written(ledger: Ledger) -> None:
    """Not even what has happened: the drive that outlived the erasure learns that it is over."""
    step = Step(ledger.database.units, "tkt_gone", 1)
    step.leave(adding("fact"), fact=True)
    step.stand(lambda: adding("stands"))
    with pytest.raises(Fenced, match="no ticket"):
        await step.commit(adding("unit"))
    assert await stored(ledger.database) == []


async def test_what_a_failed_commit_would_have_written_waits_on(ledger: Ledger) -> None:
    """The next attempt takes it along, in its order."""

    def failing(_do: Statements) -> None:
        raise LookupError

    ticket = await ledger.accept()
    step = Step(ledger.database.units, ticket.id, 0)
    step.leave(adding("a"), fact=True)
    with pytest.raises(LookupError):
        await step.commit(failing)
    assert await stored(ledger.database) == []
    await step.flush()
    assert await stored(ledger.database) == ["a"]


async def test_where_a_drive_stands_goes_with_its_next_commit(ledger: Ledger) -> None:
    """Behind what was left, only the newest, and again where the commit failed."""

    def failing(_do: Statements) -> None:
        raise LookupError

    ticket = await ledger.accept()
    step = Step(ledger.database.units, ticket.id, 0)
    step.stand(lambda: adding("a"))
    step.stand(lambda: adding("b"))
    with pytest.raises(LookupError):
        await step.commit(failing)
    step.leave(adding("left"))
    await step.commit(adding("c"))
    assert await stored(ledger.database) == ["b", "c", "left"]


async def test_nothing_waits_for_long(ledger: Ledger) -> None:
    """What a slow step has before it is written though no commit comes."""
    ticket = await ledger.accept()
    step = Step(ledger.database.units, ticket.id, 0)
    step.leave(adding("soon"))
    async with asyncio.timeout(LONGEST_SECONDS):
        while await stored(ledger.database) != ["soon"]:  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(PAUSE_SECONDS)


FIRST = """
from memory.people.keys import ROWS
print(ROWS.loaded({"id": "a", "tenant": "acme", "digest": "known"}).digest)
"""


def test_a_row_is_read_before_any_query_of_the_mapper() -> None:
    """As in an API that starts while the database is away: each of its callers got an internal error."""
    command = [sys.executable, "-c", FIRST]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (found.stdout.strip(), found.stderr) == ("known", "")


async def test_a_step_is_for_its_own_ticket(ledger: Ledger) -> None:
    """In the tasks that the drive starts as well, and nowhere else."""
    step = Step(ledger.database.units, "t", 1)
    with leaving_to(step):
        found = await asyncio.gather(*(asyncio.create_task(_seen(one)) for one in ("t", "u")))
    assert found == [step, None]
    assert present_step("t") is None


async def _seen(ticket_id: str) -> Step | None:
    return present_step(ticket_id)
