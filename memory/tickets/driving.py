"""What happens to every ticket, in plain SQL: `accept`, `lifecycle.begin`, `settle`, the reading.

The transitions are those of `lifecycle`, by the same table, each one conditional UPDATE. What is
rare (a person's decision, a message that came meanwhile) is left to `lifecycle` and the mapper.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from memory.journal.codes import RunCause
from memory.sealing.columns import sealed_columns
from memory.storage.columns import Columns
from memory.storage.queue import Queue
from memory.storage.units import Row, Statements
from memory.tables import HandoffStatus, Message, Outcome, Ticket, TicketStatus, now
from memory.tickets.lifecycle import Begun, Held, Moved, Seen, difference
from memory.tickets.tickets import TicketUnknown
from memory.tickets.transitions import TRANSITIONS, Transition

ROWS = Columns(Ticket)
TEXT = sealed_columns(Message)["text"]
READ = f"SELECT {ROWS.listed} FROM tickets WHERE id = ?"  # noqa: S608 - our own names
STORE = f"{ROWS.insert} ON CONFLICT (tenant, idempotency_key) DO NOTHING"
BY_KEY = f"SELECT {ROWS.listed} FROM tickets WHERE tenant = ? AND idempotency_key = ?"  # noqa: S608 - our own names
_LEAVES = (
    "SELECT 1 FROM channel_outgoing AS o WHERE o.ticket_id = m.ticket_id AND o.turn = m.turn"
    " AND o.kind = m.kind AND o.status"
)
_WITHDRAWN = f"EXISTS ({_LEAVES} = 'withdrawn') AND NOT EXISTS ({_LEAVES} <> 'withdrawn')"
"""What was withdrawn before it left was never said."""
CONVERSATION = (
    "SELECT seq, turn, role, kind, text FROM messages AS m"  # noqa: S608 - fixed text
    f" WHERE ticket_id = ? AND NOT (role = 'agent' AND {_WITHDRAWN}) ORDER BY seq"
)
FOLLOWS_SECONDS = 20.0
"""How long a ticket waits at most for the same customer's earlier ones: none that is stuck holds it up."""
MOST_IN_ORDER = 5
"""Tickets of one address under way at once, up to which the next one waits: more are no one person's."""
OTHERS_UNDER_WAY = (
    "SELECT id, run FROM tickets WHERE tenant = ? AND customer_address = ?"
    " AND status IN ('queued', 'running') AND id <> ? ORDER BY id LIMIT ?"
)
HANDLED = "UPDATE tickets SET handled = ? WHERE id = ?"
DECIDED = "SELECT 1 FROM handoffs WHERE ticket_id = ? AND turn = ? AND status = ? LIMIT 1"
TOUCHED = (
    "SELECT EXISTS (SELECT 1 FROM effects WHERE ticket_id = ? AND turn = ?)"
    " OR EXISTS (SELECT 1 FROM handoffs WHERE ticket_id = ? AND turn = ?)"
)
WROTE_MORE = (
    "SELECT EXISTS (SELECT 1 FROM messages WHERE ticket_id = ? AND turn = ?"
    " AND role = 'customer' AND kind = 'message' AND seq > ?)"
)
QUIET = "SELECT 1 FROM tickets WHERE status IN (?, ?) AND updated_at < ? LIMIT 1"
LEFT_TO_DO = (
    "SELECT EXISTS (SELECT 1 FROM handoffs WHERE ticket_id = ? AND status = ?)"
    " OR EXISTS (SELECT 1 FROM messages WHERE ticket_id = ? AND role = 'customer' AND seq >"
    " (SELECT handled FROM tickets WHERE id = ?))"
)


def accept_in(
    do: Statements, queue: Queue, row: Mapping[str, Any], *, bulk: bool = False
) -> Moved | Held:
    """Store a new ticket and its first run; held by the one that its key had brought before."""
    status = TRANSITIONS[Transition.ACCEPT].target.value
    given = {**row, "status": status, "run": 1, "epoch": 0}
    if not do.run(STORE, ROWS.values(do, given)):
        known = do.rows(BY_KEY, (given["tenant"], given["idempotency_key"]))
        return Held(Transition.ACCEPT, _ticket(ROWS.read(do, known[0])), "key")
    one = _ticket(given)
    entry = queue.after(FOLLOWS_SECONDS) if _follows(do, one) else queue
    entry.run_ticket_in(do, one.id, one.run, one.tenant, RunCause.ACCEPTED.value, bulk=bulk)
    return Moved(Transition.ACCEPT, one)


def _follows(do: Statements, ticket: Ticket) -> bool:
    """Whether it waits until earlier tickets of its customer have come to rest."""
    return 0 < len(_others(do, ticket, MOST_IN_ORDER)) < MOST_IN_ORDER


def let_next_in(do: Statements, queue: Queue, rested: Ticket) -> None:
    """The ticket has come to rest: the next one of its customer need not wait any longer."""
    for ticket_id, run in _others(do, rested, 1):
        queue.run_now_in(do, ticket_id, run)


def _others(do: Statements, ticket: Ticket, limit: int) -> list[Row]:
    """Other tickets of its customer that are under way (id, run), in the order of their acceptance."""
    if ticket.customer_address is None:
        return []
    return do.rows(OTHERS_UNDER_WAY, (ticket.tenant, ticket.customer_address, ticket.id, limit))


def begin_in(do: Statements, ticket_id: str, *, run: int) -> Begun | Held:
    """Drive run number `run` under a new epoch; whatever drove it before is a zombie now.

    Raises `TicketUnknown`.
    """
    before = _row_in(do, ticket_id)
    seen = Seen(run=run)
    ticket = _move(do, Transition.BEGIN, ticket_id, seen)
    if ticket is None:
        held = _ticket(before)
        return Held(Transition.BEGIN, held, difference(held, seen))
    recovered = before["status"] == TicketStatus.RUNNING
    return Begun(Transition.BEGIN, ticket, recovered, None if recovered else before["updated_at"])


def settle_in(
    do: Statements,
    ticket_id: str,
    *,
    epoch: int,
    outcome: Outcome,
    found: Mapping[str, Any],
) -> Ticket | None:
    """Drive `epoch` has come to its end; None, and nothing is done, where there is more to do than that.

    `found`: intent, confidence.
    """
    _row_in(do, ticket_id)
    left = do.row(LEFT_TO_DO, (ticket_id, HandoffStatus.DECIDED.value, ticket_id, ticket_id))
    if left is None or left[0]:
        return None
    changes = {
        **found,
        "outcome": outcome.value,
        "reason": None,
        "interrupt_id": None,
        "ended_at": now(),
    }
    return _move(do, Transition.SETTLE, ticket_id, Seen(epoch=epoch), changes)


def conversation_in(do: Statements, ticket: Ticket) -> list[Row]:
    """The messages (seq, turn, role, kind, text) of a ticket that the caller's unit holds.

    They are marked as handed to the graph.
    """
    found = [_opened(do, ticket.id, row) for row in do.rows(CONVERSATION, (ticket.id,))]
    do.run(HANDLED, (found[-1][0], ticket.id))
    return found


def _opened(do: Statements, ticket_id: str, row: Row) -> Row:
    seq, turn, role, kind, text = row
    place = TEXT.place({"ticket_id": ticket_id, "seq": seq})
    return (seq, turn, role, kind, TEXT.read(do.ring, text, place))


def is_decided_in(do: Statements, ticket_id: str, turn: int) -> bool:
    """Whether a person has decided a handoff of this turn, which nobody has carried out."""
    return do.row(DECIDED, (ticket_id, turn, HandoffStatus.DECIDED.value)) is not None


def is_untouched_in(do: Statements, ticket_id: str, turn: int) -> bool:
    """Whether nothing of this turn has left or been done, and no person has a part in it."""
    found = do.row(TOUCHED, (ticket_id, turn, ticket_id, turn))
    return found is not None and not found[0]


def wrote_more_in(do: Statements, ticket_id: str, turn: int, *, after: int) -> bool:
    """Whether the customer's words go on behind message `after`, in the same turn."""
    found = do.row(WROTE_MORE, (ticket_id, turn, after))
    return found is not None and bool(found[0])


def any_quiet_in(do: Statements, since: datetime) -> bool:
    """Whether a ticket is queued or running that has not changed since a moment."""
    busy = (TicketStatus.QUEUED.value, TicketStatus.RUNNING.value)
    return do.row(QUIET, (*busy, do.moment(since))) is not None


def read_in(do: Statements, ticket_id: str) -> Ticket:
    """The ticket as it stands, which nobody else moves until the commit. Raises `TicketUnknown`."""
    return _ticket(_row_in(do, ticket_id))


def _row_in(do: Statements, ticket_id: str) -> dict[str, Any]:
    # To make an object of it takes longer than to read it.
    row = do.row(READ + do.lock, (ticket_id,))
    if row is None:
        raise TicketUnknown(f"there is no ticket {ticket_id!r}")
    return ROWS.read(do, row)


def _move(
    do: Statements,
    transition: Transition,
    ticket_id: str,
    seen: Seen,
    changes: Mapping[str, Any] | None = None,
) -> Ticket | None:
    rule = TRANSITIONS[transition]
    given = {**(changes or {}), "status": rule.target.value, "updated_at": now()}
    sets = [*(f"{name} = ?" for name in given), "counted = NULL"]
    sets += ["run = run + 1"] if rule.new_run else []
    sets += ["epoch = epoch + 1"] if rule.new_epoch else []
    expected = {"run": seen.run, "epoch": seen.epoch, "status": seen.status}
    known = {name: value for name, value in expected.items() if value is not None}
    marks = ", ".join("?" * len(rule.sources))
    wanted = [f"status IN ({marks})", *(f"{name} = ?" for name in known)]
    statement = (
        f"UPDATE tickets SET {', '.join(sets)} WHERE id = ? AND {' AND '.join(wanted)}"  # noqa: S608 - our own names
        f" RETURNING {ROWS.listed}"
    )
    values = [ROWS.stored(do, name, value) for name, value in given.items()]
    values += [ticket_id, *(one.value for one in rule.sources), *known.values()]
    row = do.row(statement, values)
    return None if row is None else _ticket(ROWS.read(do, row))


def _ticket(values: Mapping[str, Any]) -> Ticket:
    return cast("Ticket", ROWS.loaded(values))
