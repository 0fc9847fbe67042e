"""Reads `desk.yaml` files: YAML to `Desk`, with every mistake at its line.

A desk is written by hand, so the whole list of what is wrong comes back at once, and nothing
of the file is guessed: an unknown key or a key given twice is an error.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from yaml.nodes import Node, ScalarNode, SequenceNode

from graph.desk.callable import not_callable
from graph.desk.model import Desk
from graph.desk.operations import with_operations
from graph.desk.pitfalls import misread_numbers, misread_texts, mistake, unreadable_values
from graph.desk.plugins import not_installed
from graph.desk.problems import (
    DeskInvalid,
    DeskProblem,
    Loc,
    dotted,
    locate,
    meant,
    problem_of,
)
from graph.desk.times import too_slow
from graph.desk.variables import fill_in
from graph.desk.yaml_nodes import built, composed, invalid, nodes_of, refuse_duplicates, text_of

MOST_PROBLEMS = 100
"""Mistakes against the schema that are told at once."""


def load_desk(
    path: Path, environment: Mapping[str, str] | None = None, text_in: Path | None = None
) -> Desk:
    """The desk of one file. Raises `DeskInvalid` with everything that is wrong with it.

    `text_in`: where its text is read, such as a copy of an earlier one; by default in the file itself.

    `${VAR:-default}` is filled in under `services` and `channels` only, from `environment` (the process's own
    where none is given), so that tokens need not stand in the file; elsewhere it is refused.
    """
    file = path.name
    root = composed(text_of(text_in or path), file)
    refuse_duplicates(root, file)
    if problems := unreadable_values(root, file):
        raise DeskInvalid(problems)
    first = fill_in(root, os.environ if environment is None else environment, file)
    try:
        desk = _read(root, file)
    except DeskInvalid as error:
        # What was not filled in looks wrong in other ways as well.
        told = {one.where for one in first}
        first += [one for one in error.problems if one.where not in told]
        raise DeskInvalid(sorted(first, key=lambda one: one.line or 0)) from error
    if first:
        raise DeskInvalid(first)
    desk = with_operations(desk, root, path)
    if problems := [*not_callable(desk, root, file), *too_slow(desk, root, file)]:
        raise DeskInvalid(problems)
    return desk


def _read(root: Node, file: str) -> Desk:
    if problems := misread_texts(root, file):
        raise DeskInvalid(problems)
    desk = _validated(root, file)
    _refuse_same_names(root, file)
    if problems := [*misread_numbers(root, file), *not_installed(desk, root, file)]:
        raise DeskInvalid(problems)
    return desk


def line_of_tenant(path: Path) -> int:
    """Where a file that can be read names its tenant."""
    return locate(composed(text_of(path), path.name), ("tenant",))[0].start_mark.line + 1


def _validated(root: Node, file: str) -> Desk:
    try:
        data: Any = built(root)
    except yaml.MarkedYAMLError as error:
        line, told = mistake("", error)
        raise invalid(file, line or root.start_mark.line + 1, told) from error
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise _no_value(root, file, error) from error
    try:
        return Desk.model_validate(data)
    except ValidationError as error:
        causes = _first_causes(error)
        problems = [problem_of(item, root, file) for item in causes[:MOST_PROBLEMS]]
        if len(causes) > MOST_PROBLEMS:
            text = f"{len(causes) - MOST_PROBLEMS} more mistakes: mend these first"
            problems.append(DeskProblem(file, None, "", text))
        problems.sort(key=lambda problem: problem.line or 0)
        raise DeskInvalid(problems) from error


def _no_value(root: Node, file: str, problem: Exception) -> DeskInvalid:
    """For text that looks like a value and is none, such as 30 February."""
    for node in nodes_of(root):
        if isinstance(node, ScalarNode):
            try:
                built(node)
            except (ValueError, ArithmeticError):  # whose words may quote a secret
                kind = "date or a time" if node.tag.endswith(":timestamp") else "number"
                told = f"looks like a {kind} and is none: mend it, or put it in quotes to mean the text"
                return invalid(file, node.start_mark.line + 1, told)
    return invalid(file, None, f"YAML: {problem}")


def _first_causes(error: ValidationError) -> list[ErrorDetails]:
    found = error.errors(include_url=False)
    above = {item["loc"][:end] for item in found for end in range(len(item["loc"]))}
    unknown = [item["loc"] for item in found if item["type"] == "extra_forbidden"]
    misspelt = {(*loc[:-1], meant(loc)) for loc in unknown[:MOST_PROBLEMS]}

    def follows(item: ErrorDetails) -> bool:
        # A list counts as too short when its items are wrong: only the items matter then. What is
        # missing may stand there under a misspelt name.
        short = item["type"] == "too_short" and item["loc"] in above
        return short or (item["type"] == "missing" and item["loc"] in misspelt)

    return [item for item in found if not follows(item)]


def _refuse_same_names(root: Node, file: str) -> None:
    problems = []
    for part in ("intents", "tools"):
        _, items = locate(root, (part,))
        seen: set[str] = set()
        for index in range(len(items.value) if isinstance(items, SequenceNode) else 0):
            loc: Loc = (part, index, "name")
            anchor, value = locate(root, loc)
            name = value.value if isinstance(value, ScalarNode) else ""
            if name in seen:
                text = f"{name!r} is the name of another one already: give each its own"
                problems.append(DeskProblem(file, anchor.start_mark.line + 1, dotted(loc), text))
            seen.add(name)
    if problems:
        raise DeskInvalid(problems)
