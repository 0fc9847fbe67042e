"""Does a desk name kinds of adapter and families of minds that are installed?"""

from __future__ import annotations

from collections.abc import Iterator

from yaml import Node

from graph.desk.model import Desk
from graph.desk.problems import DeskProblem, Loc, dotted, locate
from tools.plugins import ADAPTERS, MINDS, missing


def not_installed(desk: Desk, root: Node, file: str) -> list[DeskProblem]:
    """What is missing, at the place of the file that names it."""
    found = []
    for loc, group, name in _named(desk):
        if (why := missing(group, name)) is not None:
            line = locate(root, loc)[0].start_mark.line + 1
            found.append(DeskProblem(file, line, dotted(loc), why))
    return found


def _named(desk: Desk) -> Iterator[tuple[Loc, str, str]]:
    for name, service in desk.services.items():
        if service.adapter is not None:
            yield ("services", name, "adapter"), ADAPTERS, service.adapter
    if desk.minds.family is not None:
        yield ("minds", "family"), MINDS, desk.minds.family
