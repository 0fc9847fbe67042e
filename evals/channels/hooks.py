"""What must not be in the log of a webhook's receiver, told by the log and by what customers know."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.channels.judging import Verdict, rises
from evals.channels.traces import Trace

ACCEPTED, WROTE = "ticket.accepted", "ticket.message_received"
SENT, SETTLED = "ticket.message_sent", "ticket.settled"
TAKEN = "handoff.taken_over"


@dataclass(frozen=True)
class Event:
    """One call that the receiver has taken."""

    id: str
    """As the header says it: the same each time the same event is sent."""
    type: str
    ticket_id: str
    sequence: int
    data: Mapping[str, Any]

    @property
    def turn(self) -> int:
        """Of the ticket."""
        return int(self.data.get("turn", 0))


def judge_log(log: Iterable[Event], traces: Mapping[str, Trace]) -> Verdict:
    """`log` in the order of arrival; `traces` by ticket: what was posted, and what was answered.

    An event that comes again with its id is no second one: that is what the id is for.
    """
    by_ticket: defaultdict[str, list[Event]] = defaultdict(list)
    known: set[str] = set()
    for event in log:
        if event.id not in known:
            known.add(event.id)
            by_ticket[event.ticket_id].append(event)
    found = Verdict()
    for ticket_id, trace in traces.items():
        events = by_ticket.pop(ticket_id, [])
        found.lost += _lost(ticket_id, events, trace)
        found.doubled += _doubled(ticket_id, events)
        if not rises([one.sequence for one in events]):
            found.out_of_order.append(f"the events of {ticket_id} came out of order")
        found.after_takeover += _after_takeover(ticket_id, events)
    found.doubled += [f"events of a ticket that nobody opened: {one}" for one in by_ticket]
    return found


def _lost(ticket_id: str, events: Sequence[Event], trace: Trace) -> list[str]:
    told = Counter(one.type for one in events)
    wanted = {
        ACCEPTED: 1,
        WROTE: len(trace.asked) - 1,
        SENT: len({one.id for one in trace.got}),
        SETTLED: 1,
    }
    return [
        f"{ticket_id} was told {told[name]} times of {name}, not {least}"
        for name, least in wanted.items()
        if told[name] < least
    ]


def _doubled(ticket_id: str, events: Sequence[Event]) -> list[str]:
    told = Counter((one.type, tuple(sorted(one.data.items()))) for one in events)
    return [
        f"{ticket_id} was told {n} times of one {name}" for (name, _), n in told.items() if n > 1
    ]


def _after_takeover(ticket_id: str, events: Sequence[Event]) -> list[str]:
    """By the order in which the desk has numbered them, whichever came first."""
    taken = {one.turn: one.sequence for one in events if one.type == TAKEN}
    return [
        f"{ticket_id} was told of an answer after its takeover"
        for one in events
        if one.type == SENT
        and one.data.get("role") == "agent"
        and one.data.get("kind") != "notice"
        and one.sequence > taken.get(one.turn, one.sequence)
    ]
