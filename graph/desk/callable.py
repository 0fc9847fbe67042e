"""Can every tool of a desk be called, and every reply leave?"""

from __future__ import annotations

from yaml.nodes import Node

from graph.desk.model import Desk
from graph.desk.problems import DeskProblem, Loc, dotted, locate
from tools.catalog import mistakes


def not_callable(desk: Desk, root: Node, file: str) -> list[DeskProblem]:
    """What a worker could not build its catalog from, each at its line."""
    places: dict[str | None, Loc] = {
        spec.name: ("tools", index) for index, spec in enumerate(desk.tools)
    }
    places[None] = ("delivery",)
    found = []
    for name, text in mistakes(desk.tools, services=desk.services, delivery=desk.delivery):
        line = locate(root, places[name])[0].start_mark.line + 1
        found.append(DeskProblem(file, line, dotted(places[name]), text))
    return found
