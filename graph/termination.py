"""Proof at build time that every run ends, and after how many steps at most.

Two things may stand in a cycle without making it endless: a node that spends a bounded counter,
and a node at which the run stops and waits for a person. `check_termination` looks for a cycle
with neither and names it; `worst_case_steps` walks the graph with all counters full.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter

from graph.desk.limits import Limits

Edges = Mapping[str, frozenset[str]]
"""Node to its successors, `__start__` and `__end__` included."""


WALKS_KEPT = 100_000
"""Of one computation: a node with what is left of each counter."""


class UnboundedCycle(Exception):
    """The graph could run for ever; the message names the cycle."""


def caps(limits: Limits) -> dict[str, int]:
    """How often each spending node may run between two stops."""
    return {"plan": 1 + limits.replans, "draft": 1 + limits.revisions}


def check_termination(
    edges: Edges, spending: frozenset[str], stops: frozenset[str], refusal: str
) -> None:
    """Raise `UnboundedCycle` where a cycle passes through no spending node and no stop.

    Nor may the way from `refusal` meet a spending node before a stop: with all counters used up
    it would be refused there again, for ever.
    """
    _check_cycles(edges, spending, stops)
    _check_refusal(edges, spending, stops, refusal)


def _check_cycles(edges: Edges, spending: frozenset[str], stops: frozenset[str]) -> None:
    bounded = spending | stops
    free = {node: targets - bounded for node, targets in edges.items() if node not in bounded}
    try:
        TopologicalSorter(free).prepare()
    except CycleError as found:
        # The sorter reads our successors as what comes before, so it names the cycle backwards.
        path = " -> ".join(reversed(found.args[1]))
    else:
        return
    msg = f"the cycle {path} spends no bounded counter: route it through one of {sorted(spending)}"
    raise UnboundedCycle(msg)


def _check_refusal(
    edges: Edges, spending: frozenset[str], stops: frozenset[str], refusal: str
) -> None:
    ways = {refusal: [refusal]}
    ahead = deque([refusal])
    while ahead:
        node = ahead.popleft()
        if node in spending:
            path = " -> ".join([*ways[node], refusal])
            msg = f"the cycle {path} refuses for ever: lead {refusal} to a stop or to the end"
            raise UnboundedCycle(msg)
        onward = frozenset() if node in stops else edges.get(node, frozenset())
        for target in sorted(onward - ways.keys()):
            ways[target] = [*ways[node], target]
            ahead.append(target)


def worst_case_steps(
    edges: Edges, allowed: Mapping[str, int], stops: frozenset[str], refusal: str
) -> int:
    """Nodes on the longest walk from the start or a stop through the next stop or to the end.

    A spending node may be entered once more after its last unit: it refuses, and the walk goes
    on at `refusal`.
    """
    names = tuple(sorted(allowed))

    @lru_cache(maxsize=WALKS_KEPT)
    def longest(node: str, left: tuple[int, ...]) -> int:
        if node in names:
            index = names.index(node)
            if left[index] == 0:
                return 1 + longest(refusal, left)
            left = (*left[:index], left[index] - 1, *left[index + 1 :])
        return 1 + max((onward(target, left) for target in edges.get(node, ())), default=0)

    def onward(target: str, left: tuple[int, ...]) -> int:
        return 1 if target in stops else longest(target, left)

    full = tuple(allowed[name] for name in names)
    return max(longest(start, full) for start in {"__start__", *stops})
