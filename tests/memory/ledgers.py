"""A ledger with its queue, and what tests look at in it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from memory import handoffs
from memory.storage.database import Database
from memory.storage.queue import Queue
from memory.tables import API_CHANNEL, Ticket
from memory.tickets import intake
from memory.tickets.intake import AddedMessage, NewTicket

TENANT = "acme"


@dataclass
class Ledger:
    """A database with the queue beside it."""

    database: Database
    queue: Queue

    async def accept(
        self, words: str = "hello", *, channel: str = API_CHANNEL, **parts: str | None
    ) -> Ticket:
        """A new ticket."""
        given: dict[str, Any] = {"tenant": TENANT, "key": None, "digest": "d", **parts}
        async with self.database.transaction() as session:
            accepted = await intake.accept(
                session,
                self.queue,
                new=NewTicket("", words, channel=channel),
                **given,
            )
        return accepted.ticket

    async def write(
        self, ticket: str, words: str, key: str | None = None, kind: str = "message"
    ) -> AddedMessage:
        """The customer's next message, and whoever has the ticket is told of it."""
        async with self.database.transaction() as session:
            added = await intake.add_message(
                session,
                self.queue,
                tenant=TENANT,
                ticket_id=ticket,
                text=words,
                key=key,
                digest=words,
                kind=kind,
            )
            await handoffs.customer_wrote(session, added)
        return added

    async def jobs(self) -> list[tuple[str, str, str, str]]:
        """(id, queue, partition, version) of every enqueued workflow."""
        columns = "workflow_uuid, queue_name, queue_partition_key, application_version"
        table = "workflow_status" if self.database.is_sqlite else "dbos.workflow_status"
        async with self.database.engine.connect() as connection:
            found = await connection.execute(
                text(f"SELECT {columns} FROM {table} ORDER BY created_at, workflow_uuid")  # noqa: S608 - fixed names
            )
            return [tuple(row) for row in found.all()]
