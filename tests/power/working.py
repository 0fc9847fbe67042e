"""A process that acknowledges tickets and begins effects until its power is cut.

It says each on standard output once it would be told to the outside. With `careless` it writes as
a database does that does not sync its commits: what the test has to be able to see.
"""

import asyncio
import sqlite3
import sys
from contextlib import closing

from memory.effects import EffectLedger, Intent
from memory.storage.database import Database
from memory.storage.queue import Queue
from memory.tickets.intake import NewTicket, accept_in
from tests.memory.ledgers import TENANT, Ledger


def _say(kind: str, name: str) -> None:
    sys.stdout.write(f"{kind} {name}\n")
    sys.stdout.flush()


async def work(url: str) -> None:
    """Accept two tickets in the two ways that there are, begin an effect of one, and so on."""
    ledger = Ledger(Database(url), Queue(url))
    effects = EffectLedger(ledger.database)
    while True:
        ticket = await ledger.accept("hello")  # in a session, as mail is
        _say("ticket", ticket.id)
        accepted = await ledger.database.units.write(
            lambda do: accept_in(
                do,
                ledger.queue,
                tenant=TENANT,
                new=NewTicket("", "hello"),
                address=None,
                key=None,
                digest="d",
            )
        )
        ticket = accepted.ticket
        _say("ticket", ticket.id)
        key = f"effect-of-{ticket.id}"
        await effects.begin(Intent(key, ticket.id, TENANT, 1, "refund", "f", ticket.epoch))
        _say("effect", key)


def careless(path: str) -> None:
    """Rows in commits that nobody waits for."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("CREATE TABLE IF NOT EXISTS careless (id TEXT)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for number in range(1_000_000):
            connection.execute("INSERT INTO careless VALUES (?)", (str(number),))
            _say("ticket", str(number))


if __name__ == "__main__":
    if sys.argv[1] == "careless":
        careless(sys.argv[2])
    else:
        asyncio.run(work(f"sqlite:///{sys.argv[2]}"))
