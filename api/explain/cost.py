"""Why did it cost what it cost? Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from api.explain.requests import Request, requests
from api.explain.tool import clauses, shown
from api.explain.words.phrases import count, lowered, money
from api.explain.words.steps import doing_words, node_of
from memory.journal import events
from memory.journal.codes import Cause, Node
from memory.journal.events import CALLS, Call, Record
from memory.journal.journal import UsualCost

SHOWN = 5
"""Models, tools or steps that are named one by one."""
SPIKE = 2.0
"""Times the usual cost from which on a ticket is called expensive."""


@dataclass(frozen=True)
class Share:
    """What one model, tool or step took."""

    name: str
    cost_micros: int
    tokens: int
    calls: int


def about_cost(records: Sequence[Record], usual: UsualCost | None) -> list[str]:
    """The total, by model and tool, by step, what went into repetitions, and what is usual."""
    calls = calls_of(records)
    total, tokens = _total(calls), sum(call.all_tokens for call in calls)
    if total == 0:
        said = f", though {count(tokens, 'token')} were used" if tokens else ""
        return [f"It cost nothing: none of its {count(len(calls), 'call')} has a price{said}."]
    used = f" and {count(tokens, 'token')}" if tokens else ""
    return [
        f"It cost {money(total)} in all, with {count(len(calls), 'call')}{used}.",
        f"By model and tool: {_listed(shares(calls, by_what), total)}.",
        f"By step: {_listed(shares(calls, by_step), total)}.",
        *_repetitions(records, total),
        *_compared(total, usual),
    ]


def calls_of(records: Iterable[Record]) -> list[Call]:
    """What carries a cost; attempts repeat their call's."""
    return [one.event for one in records if isinstance(one.event, CALLS)]


def shares(calls: Iterable[Call], key: Callable[[Call], str]) -> list[Share]:
    """Totals by `key`, the dearest first."""
    groups: dict[str, list[Call]] = {}
    for call in calls:
        groups.setdefault(key(call), []).append(call)
    found = [
        Share(name, _total(own), sum(call.all_tokens for call in own), len(own))
        for name, own in groups.items()
    ]
    return sorted(found, key=lambda share: (-share.cost_micros, share.name))


def by_what(call: Call) -> str:
    """The model that was asked, or the tool."""
    return (call.model if isinstance(call, events.ModelAsked) else "") or call.name


def by_step(call: Call) -> str:
    """What was being done."""
    return lowered(doing_words(_node(call)))


def _node(call: Call) -> Node:
    if not isinstance(call, events.ToolCalled):
        return node_of(call.decision)
    match call.cause:
        case Cause.APPROVED:
            return Node.ACT
        case Cause.DELIVER:
            return Node.DELIVER
    return Node.GATHER


def _listed(found: Sequence[Share], total: int) -> str:
    paid = [share for share in found if share.cost_micros]
    words = [_share(share, total) for share in paid[:SHOWN]]
    if rest := sum(share.cost_micros for share in paid[SHOWN:]):
        words.append(f"others {money(rest)} ({_percent(rest, total)})")
    return "; ".join(words)


def _share(share: Share, total: int) -> str:
    parts = [_percent(share.cost_micros, total), count(share.calls, "call")]
    if share.tokens:
        parts.append(count(share.tokens, "token"))
    return f"{share.name} {money(share.cost_micros)} ({', '.join(parts)})"


def _repetitions(records: Sequence[Record], total: int) -> list[str]:
    prices = _prices(records)
    again = [one for one in requests(records) if one.made and not one.needed]
    paid = [(one, cost) for one in again if (cost := _cost(one, prices))]
    extra = sum(cost for _, cost in paid)
    if not extra:
        return []
    named: dict[str, list[Request]] = {}
    for one, _ in paid:
        named.setdefault(one.name, []).append(one)
    words = "; ".join(f"{shown(name)}: {clauses(own)}" for name, own in named.items())
    return [f"{money(extra)} of it ({_percent(extra, total)}) went into repetitions: {words}."]


Key = tuple[str, str | None, int]


def _prices(records: Sequence[Record]) -> dict[Key, float]:
    """What one attempt of a tool's call cost, from the call's row."""
    found: dict[Key, float] = {}
    for one in records:
        match one.event:
            case events.ToolCalled(tool=tool, attempts=attempts) as call if attempts:
                found[tool, call.fingerprint, one.epoch] = call.cost_micros / attempts
    return found


def _cost(one: Request, prices: dict[Key, float]) -> int:
    event = one.record.event
    if isinstance(event, CALLS):
        return event.cost_micros
    return round(prices.get((event.name, event.fingerprint, one.record.epoch), 0.0))


def _compared(total: int, usual: UsualCost | None) -> list[str]:
    if usual is None or usual.tickets == 0:
        return []
    begin = f"A usual ticket of this desk costs {money(usual.median_micros)}"
    begin += f" (median of the last {usual.tickets:,})"
    if usual.median_micros and total / usual.median_micros >= SPIKE:
        return [f"{begin}: this one cost {total / usual.median_micros:.1f} times as much."]
    return [f"{begin}."]


def _total(calls: Iterable[Call]) -> int:
    return sum(call.cost_micros for call in calls)


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "0 %"
