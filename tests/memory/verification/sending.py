"""A ticket whose code is on its way, and a customer who answers."""

from memory.tables import IdentityChallenge, Message, Ticket, TicketStatus
from memory.tickets import tickets
from memory.verification import answers
from memory.verification.challenges import CodeRules, Verification
from tests.memory.ledgers import TENANT, Ledger

HMAC_KEY = b"a key for tests only, long"
RULES = CodeRules(valid_seconds=900, tries=5, per_day=2, verified_seconds=3_600)
ON_FILE = "ann@example.com"


def codes_of(ledger: Ledger, rules: CodeRules = RULES) -> Verification:
    """The codes of the tenant."""
    return Verification(ledger.database, HMAC_KEY, TENANT, rules)


async def sent(ledger: Ledger, ticket: Ticket, rules: CodeRules = RULES) -> tuple[str, str]:
    """Id and code of a challenge whose code has left."""
    made = codes_of(ledger, rules)
    assert await made.want(ticket.id, 1, ON_FILE)
    (key,) = await made.unsent(ticket.id)
    letter = await made.letter(ticket.id, key)
    assert letter is not None
    assert letter.address == ON_FILE
    await made.left(key)
    return key, letter.code


async def settled(ledger: Ledger) -> Ticket:
    """A ticket whose turn has ended."""
    ticket = await ledger.accept()
    async with ledger.database.transaction() as session:
        row = await tickets.get(session, TENANT, ticket.id)
        row.status, row.handled = TicketStatus.SETTLED, 1
        session.add(row)
    return ticket


async def write(ledger: Ledger, ticket: Ticket, words: str, key: str | None = None) -> str:
    """The text of the customer's next message as it was stored."""
    return (await stored(ledger, ticket, words, key)).text


async def stored(ledger: Ledger, ticket: Ticket, words: str, key: str | None = None) -> Message:
    """The customer's next message as it was stored."""
    async with ledger.database.transaction() as session:
        added = await answers.add_message(
            session,
            ledger.queue,
            HMAC_KEY,
            tenant=TENANT,
            ticket_id=ticket.id,
            text=words,
            key=key,
            digest="d",
        )
    return added.message


async def challenge(ledger: Ledger, key: str) -> IdentityChallenge:
    """The row."""
    async with ledger.database.reading() as session:
        return await session.get_one(IdentityChallenge, key)
