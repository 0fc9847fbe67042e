"""Does the longest possible call of every tool fit into the time of the node that makes it?

A node that is stopped in the middle of a call leaves a write in doubt, and a read without the
retries and the fallback that were declared for it.
"""

from __future__ import annotations

from yaml.nodes import Node

from graph.desk.model import Desk
from graph.desk.problems import DeskProblem, Loc, dotted, locate
from tools.adapters.delivery import DeliverReply, Notify, Outbox
from tools.adapters.knowledge import SPEC as SEARCH
from tools.contract import ToolSpec
from tools.resilience.attempts import longest_seconds


def too_slow(desk: Desk, root: Node, file: str) -> list[DeskProblem]:
    """What cannot end within `limits.node_seconds`, each at its line."""
    limit = desk.limits.node_seconds
    found = []
    if (needed := _of_the_system()) > limit:
        text = f"is {limit:g}, and delivering a reply can take {needed:g} s: raise it to that"
        found.append(_problem(root, file, ("limits", "node_seconds"), text))
    for index, spec in enumerate(desk.tools):
        if (needed := _longest(spec, desk)) > limit:
            text = (
                f"a call of {spec.name!r} can take {needed:g} s with every retry"
                f"{' and its fallback' if spec.fallback else ''}, and limits.node_seconds is "
                f"{limit:g}: lower timeout_seconds or retry, or raise limits.node_seconds"
            )
            found.append(_problem(root, file, ("tools", index, "timeout_seconds"), text))
    return found


def _longest(spec: ToolSpec, desk: Desk) -> float:
    other = desk.tool(spec.fallback) if spec.fallback else None
    return longest_seconds(spec) + (longest_seconds(other) if other else 0.0)


def _of_the_system() -> float:
    post = Outbox()
    return max(longest_seconds(one) for one in (SEARCH, DeliverReply(post).spec, Notify(post).spec))


def _problem(root: Node, file: str, loc: Loc, text: str) -> DeskProblem:
    return DeskProblem(file, locate(root, loc)[0].start_mark.line + 1, dotted(loc), text)
