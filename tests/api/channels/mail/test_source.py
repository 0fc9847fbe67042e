"""A mailbox is read on from where it was read before, whatever restarts. A real IMAP server."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from email.message import EmailMessage

import pytest
from sqlmodel import col, select

from api.channels.mail.reading import Reader
from api.channels.mail.source import IN, MailSource
from evals.stack.mail_servers import PASSWORD, USER, MailServers, mail_servers
from memory.channels import states
from memory.tables import Ticket
from tests.channels import CHANNEL, intake_of
from tests.mail import needs_mail_servers
from tests.memory.ledgers import TENANT, Ledger
from tools.adapters.mail.servers import Mailbox, Server

pytestmark = needs_mail_servers
LONGEST_SECONDS = 60.0


@pytest.fixture
def servers() -> Iterator[MailServers]:
    """A mailbox of its own."""
    with mail_servers() as found:
        yield found


def deliver(servers: MailServers, *subjects: str) -> None:
    """Put mails into the mailbox."""
    for subject in subjects:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "ann@example.com", USER, subject
        mail["Message-ID"] = f"<{subject}@example.com>"
        mail.set_content(f"What about {subject}?")
        servers.deliver(mail.as_bytes())


@asynccontextmanager
async def reading(ledger: Ledger, servers: MailServers, port: int = 0) -> AsyncIterator[None]:
    """A process that reads the mailbox."""
    imap = Server("127.0.0.1", port or servers.imap_port, "none", USER, PASSWORD)
    source = MailSource(
        ledger.database,
        TENANT,
        CHANNEL,
        Mailbox(USER, "", imap, imap),
        intake_of(ledger),
        Reader(USER),
        poll_seconds=1.0,
    )
    task = asyncio.create_task(source.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def subjects(ledger: Ledger) -> list[str]:
    """Of all tickets, in the order in which they came."""
    async with ledger.database.reading() as session:
        return list(await session.exec(select(Ticket.subject).order_by(col(Ticket.id))))


async def trouble(ledger: Ledger) -> str | None:
    """What people are told; "unknown" while nothing is."""
    async with ledger.database.reading() as session:
        rows = [one for one in await states.all_rows(session) if one.part == IN]
    return rows[0].trouble if rows else "unknown"


async def until(ledger: Ledger, wanted: list[str]) -> None:
    """Until there are exactly these tickets."""
    async with asyncio.timeout(LONGEST_SECONDS):
        while sorted(await subjects(ledger)) != sorted(wanted):  # noqa: ASYNC110 - another side acts
            await asyncio.sleep(0.05)


async def until_well(ledger: Ledger, *, well: bool = True) -> str:
    """Until the mailbox can be reached, or cannot; what people are told."""
    async with asyncio.timeout(LONGEST_SECONDS):
        while (told := await trouble(ledger)) == "unknown" or (told is None) is not well:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return told or ""


async def test_a_restart_goes_on_where_it_was_and_only_new_mail_is_taken(
    ledger: Ledger, servers: MailServers
) -> None:
    """What was in the mailbox before it was connected is not ours; nothing comes twice."""
    deliver(servers, "old")
    async with reading(ledger, servers):
        await until_well(ledger)
        deliver(servers, "one", "two")
        await until(ledger, ["one", "two"])
    deliver(servers, "three")
    async with reading(ledger, servers):
        await until(ledger, ["one", "two", "three"])


async def test_a_mailbox_that_is_numbered_anew_brings_nothing_twice(
    ledger: Ledger, servers: MailServers
) -> None:
    """Another UIDVALIDITY: the last days are read again, and known mails are recognised."""
    async with reading(ledger, servers):
        await until_well(ledger)
        deliver(servers, "one", "two")
        await until(ledger, ["one", "two"])
    for name in servers.folder.glob("mail/*/dovecot*"):
        name.unlink()
    deliver(servers, "three")
    async with reading(ledger, servers):
        await until(ledger, ["one", "two", "three"])


async def test_a_mailbox_that_is_away_is_a_state_that_people_see(
    ledger: Ledger, servers: MailServers
) -> None:
    """In words that say what to do; it is tried again."""
    async with reading(ledger, servers, port=1):
        told = await until_well(ledger, well=False)
    assert told == "nothing listens at 127.0.0.1:1: check host and port for IMAP"
    async with reading(ledger, servers):
        await until_well(ledger)
