"""`${NAME:-default}` in a desk: filled in for services, so that tokens need not stand in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from yaml.nodes import MappingNode, Node

from graph.desk.problems import DeskInvalid, DeskProblem, dotted, locate, scalars

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
_STRING = "tag:yaml.org,2002:str"


def fill_in(root: Node, environment: Mapping[str, str], file: str) -> None:
    """Replace the variables of `services` in place; `root` is a mapping.

    Raises `DeskInvalid` for one that is not set, and for one anywhere else.
    """
    _, services = locate(root, ("services",))
    problems = list(_outside(root, file))
    for loc, node in scalars(services, ("services",)) if services is not None else ():
        if not _VARIABLE.search(node.value):
            continue
        for name, default in _needed(node.value):
            if name not in environment and default is None:
                text = f"the variable {name} is not set: set it, or write ${{{name}:-a default}}"
                problems.append(DeskProblem(file, node.start_mark.line + 1, dotted(loc), text))
        node.value = _VARIABLE.sub(
            lambda found: environment.get(found[1], found[2] or ""), node.value
        )
        node.tag = _STRING
    if problems:
        raise DeskInvalid(problems)


def _outside(root: Node, file: str) -> Iterator[DeskProblem]:
    """Variables where none is filled in: a secret could end in a letter, so the text is refused."""
    parts = root.value if isinstance(root, MappingNode) else []
    for key, value in parts:
        for loc, node in scalars(value, (str(key.value),)) if key.value != "services" else ():
            if found := _VARIABLE.search(node.value):
                text = f"{found[0]} is filled in under `services` only: write the value itself"
                yield DeskProblem(file, node.start_mark.line + 1, dotted(loc), text)


def _needed(text: str) -> Iterator[tuple[str, str | None]]:
    for found in _VARIABLE.finditer(text):
        yield found[1], found[2]
