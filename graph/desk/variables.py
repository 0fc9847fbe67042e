"""`${NAME:-default}` in a desk: filled in where secrets are needed, so that none stands in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from yaml.nodes import MappingNode, Node, ScalarNode

from graph.desk.problems import DeskInvalid, DeskProblem, Loc, dotted, locate, scalars

FILLED = ("services", "channels")
"""Parts in which variables are filled in."""
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
_STRING = "tag:yaml.org,2002:str"


def fill_in(root: Node, environment: Mapping[str, str], file: str) -> None:
    """Replace the variables of `FILLED` in place; `root` is a mapping.

    Raises `DeskInvalid` for one that is not set, and for one anywhere else.
    """
    problems = list(_outside(root, file))
    for loc, node in _inside(root):
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


def _inside(root: Node) -> Iterator[tuple[Loc, ScalarNode]]:
    for part in FILLED:
        _, node = locate(root, (part,))
        if node is not None:
            yield from scalars(node, (part,))


def _outside(root: Node, file: str) -> Iterator[DeskProblem]:
    """Variables where none is filled in: a secret could end in a letter, so the text is refused."""
    parts = root.value if isinstance(root, MappingNode) else []
    for key, value in parts:
        for loc, node in scalars(value, (str(key.value),)) if key.value not in FILLED else ():
            if found := _VARIABLE.search(node.value):
                text = f"{found[0]} is filled in under `services` and `channels` only: write the value itself"
                yield DeskProblem(file, node.start_mark.line + 1, dotted(loc), text)


def _needed(text: str) -> Iterator[tuple[str, str | None]]:
    for found in _VARIABLE.finditer(text):
        yield found[1], found[2]
