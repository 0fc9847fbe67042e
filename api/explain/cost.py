"""Why did it cost what it cost? Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from api.explain.requests import Request, requests
from api.explain.sentences import count, money
from api.explain.tool import clauses, shown
from api.explain.vocabulary import MINDS, STEPS
from memory.tables import JournalRow

SHOWN = 5
"""Models, tools or steps that are named one by one."""
SPIKE = 2.0
"""Times the usual cost from which on a ticket is called expensive."""
_NODES = {"approved": "act", "deliver": "deliver"}


@dataclass(frozen=True)
class Usual:
    """What tickets of this desk usually cost."""

    median_micros: int
    tickets: int


@dataclass(frozen=True)
class Share:
    """What one model, tool or step took."""

    name: str
    cost_micros: int
    tokens: int
    calls: int


def about_cost(rows: Sequence[JournalRow], usual: Usual | None = None) -> list[str]:
    """The total, by model and tool, by step, what went into repetitions, and what is usual."""
    calls = [row for row in rows if row.kind == "call"]
    total, tokens = _total(calls), sum(row.tokens_in + row.tokens_out for row in calls)
    if total == 0:
        said = f", though {count(tokens, 'token')} were used" if tokens else ""
        return [f"It cost nothing: none of its {count(len(calls), 'call')} has a price{said}."]
    used = f" and {count(tokens, 'token')}" if tokens else ""
    return [
        f"It cost {money(total)} in all, with {count(len(calls), 'call')}{used}.",
        f"By model and tool: {_listed(shares(calls, by_what), total)}.",
        f"By step: {_listed(shares(calls, by_step), total)}.",
        *_repetitions(rows, total),
        *_compared(total, usual),
    ]


def shares(calls: Iterable[JournalRow], key: Callable[[JournalRow], str]) -> list[Share]:
    """Totals by `key`, the dearest first."""
    groups: dict[str, list[JournalRow]] = {}
    for row in calls:
        groups.setdefault(key(row), []).append(row)
    found = [
        Share(name, _total(own), sum(row.tokens_in + row.tokens_out for row in own), len(own))
        for name, own in groups.items()
    ]
    return sorted(found, key=lambda share: (-share.cost_micros, share.name))


def by_what(row: JournalRow) -> str:
    """The model that was asked, or the tool."""
    model = (row.numbers or {}).get("model")
    return str(model) if model else row.name


def by_step(row: JournalRow) -> str:
    """What was being done."""
    family, _, decision = row.name.partition(":")
    node = _NODES.get(row.cause, "gather")
    if decision and family in {"model", "local"}:
        node = MINDS.get(decision, (node,))[0]
    doing = STEPS[node][1]
    return doing[:1].lower() + doing[1:]


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


def _repetitions(rows: Sequence[JournalRow], total: int) -> list[str]:
    again = [one for one in requests(rows) if one.made and not one.needed]
    prices = _prices(rows)
    extra = sum(_cost(one, prices) for one in again)
    if not extra:
        return []
    named: dict[str, list[Request]] = {}
    for one in again:
        if _cost(one, prices):
            named.setdefault(one.name, []).append(one)
    words = "; ".join(f"{shown(name)}: {clauses(own)}" for name, own in named.items())
    return [f"{money(extra)} of it ({_percent(extra, total)}) went into repetitions: {words}."]


def _prices(rows: Sequence[JournalRow]) -> dict[tuple[str, str | None, int], float]:
    """What one attempt of a tool's call cost, from the call's row."""
    found = {}
    for row in rows:
        attempts = (row.numbers or {}).get("attempts")
        if row.kind == "call" and isinstance(attempts, int) and attempts > 0:
            found[(row.name, row.fingerprint, row.epoch)] = row.cost_micros / attempts
    return found


def _cost(one: Request, prices: dict[tuple[str, str | None, int], float]) -> int:
    row = one.row
    if row.kind == "call":
        return row.cost_micros
    return round(prices.get((row.name, row.fingerprint, row.epoch), 0.0))


def _compared(total: int, usual: Usual | None) -> list[str]:
    if usual is None or usual.tickets == 0:
        return []
    begin = f"A usual ticket of this desk costs {money(usual.median_micros)}"
    begin += f" (median of the last {usual.tickets:,})"
    if usual.median_micros and total / usual.median_micros >= SPIKE:
        return [f"{begin}: this one cost {total / usual.median_micros:.1f} times as much."]
    return [f"{begin}."]


def _total(rows: Iterable[JournalRow]) -> int:
    return sum(row.cost_micros for row in rows)


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "0 %"


__all__ = ["Share", "Usual", "about_cost", "by_step", "by_what", "shares"]
