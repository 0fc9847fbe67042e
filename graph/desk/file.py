"""Reads `desk.yaml` files: YAML to `Desk`, with every mistake at its line.

A desk is written by hand, so the whole list of what is wrong comes back at once, and nothing
of the file is guessed: an unknown key or a key given twice is an error.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

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
from memory.regular_files import open_regular

__all__ = ["DeskInvalid", "DeskProblem", "line_of_tenant", "load_desk"]

MAX_BYTES = 256 * 1024
"""A larger file is refused: a desk of 16 intents has 16 KB."""
MAX_NODES = 50_000
"""Values in one file, each repeated alias counted: stops a file that unfolds without end."""
MAX_DEPTH = 100
"""Lists and mappings within each other; the parser's time is quadratic in it."""
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
    root = _composed(_text(text_in or path), file)
    _refuse_duplicates(root, file)
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
    return locate(_composed(_text(path), path.name), ("tenant",))[0].start_mark.line + 1


def _text(path: Path) -> str:
    try:
        with open_regular(path) as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        advice = "there is no such file: run `deskhand init` to make one, or set DESKHAND_DESK"
        raise _invalid(str(path), None, advice) from None
    except OSError as error:
        raise _invalid(str(path), None, f"cannot be read: {error.strerror}") from error
    if len(raw) > MAX_BYTES:
        advice = f"is larger than {MAX_BYTES // 1024} KB: is it a desk?"
        raise _invalid(path.name, None, advice)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _invalid(path.name, line, "is not UTF-8: save the file as UTF-8") from error


def _refuse_depth(text: str, file: str) -> None:
    """By the fast parser; what is no YAML is left to the other one, which says it better."""
    try:
        line = _too_deep(text)
    except yaml.MarkedYAMLError as error:
        if "nesting depth" not in (error.problem or ""):
            return
        line = _line_of(error.problem_mark)
    except (yaml.YAMLError, UnicodeError):
        return
    if line is not None:
        raise _invalid(file, line, "is nested too deeply")


def _too_deep(text: str) -> int | None:
    """The line where it goes deeper than a desk may. The parser itself goes to a depth of 1,000."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            return _line_of(event.start_mark)
    return None


def _line_of(mark: Any) -> int | None:
    return None if mark is None else int(mark.line) + 1


def _composed(text: str, file: str) -> Node:
    _refuse_depth(text, file)
    try:
        root: Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise _invalid(file, *mistake(text, error)) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        sign = f"U+{error.character:04X}"
        raise _invalid(file, line, f"contains the control character {sign}: remove it") from error
    except RecursionError as error:
        raise _invalid(file, None, "is nested too deeply") from error
    if root is None:
        raise _invalid(file, 1, "is empty: run `deskhand init` elsewhere for one to start from")
    if not isinstance(root, MappingNode):
        raise _invalid(file, root.start_mark.line + 1, "must be a mapping: `tenant: ...` and so on")
    _bound(root, file)
    return root


def _bound(root: Node, file: str) -> None:
    try:
        for count, node in enumerate(_nodes(root), start=1):
            if count > MAX_NODES:
                line = node.start_mark.line + 1
                raise _invalid(file, line, f"holds more than {MAX_NODES:,} values")
    except RecursionError as error:
        looped = _holding_itself(root)
        raise _invalid(file, looped, "an alias (*name) contains itself: write it out") from error


def _holding_itself(root: Node) -> int | None:
    """The line of the first value that stands within itself; each value is entered once."""
    entered, open_now = {id(root)}, {id(root)}
    left: list[tuple[Node, Iterator[Node]]] = [(root, _within(root))]
    while left:
        node, inner = left[-1]
        child = next(inner, None)
        if child is None:
            left.pop()
            open_now.discard(id(node))
        elif id(child) in open_now:
            return _line_of(child.start_mark)
        elif id(child) not in entered:
            entered.add(id(child))
            open_now.add(id(child))
            left.append((child, _within(child)))
    return None


def _within(node: Node) -> Iterator[Node]:
    if isinstance(node, SequenceNode):
        yield from node.value
    elif isinstance(node, MappingNode):
        yield from (value for _, value in node.value)


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for inner in _within(node):
        yield from _nodes(inner)


def _refuse_duplicates(root: Node, file: str) -> None:
    problems = []
    for mapping in _nodes(root):
        seen: dict[str, int] = {}
        for key, _ in mapping.value if isinstance(mapping, MappingNode) else ():
            line = key.start_mark.line + 1
            if not isinstance(key, ScalarNode):
                problems.append(DeskProblem(file, line, "", "a key must be plain text"))
            elif key.value in seen:
                text = f"is on line {seen[key.value]} already: keep one of the two"
                problems.append(DeskProblem(file, line, key.value, text))
            else:
                seen[key.value] = line
    if problems:
        raise DeskInvalid(problems)


def _validated(root: Node, file: str) -> Desk:
    try:
        data: Any = _built(root)
    except yaml.MarkedYAMLError as error:
        line, told = mistake("", error)
        raise _invalid(file, line or root.start_mark.line + 1, told) from error
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
    for node in _nodes(root):
        if isinstance(node, ScalarNode):
            try:
                _built(node)
            except (ValueError, ArithmeticError):  # whose words may quote a secret
                kind = "date or a time" if node.tag.endswith(":timestamp") else "number"
                told = f"looks like a {kind} and is none: mend it, or put it in quotes to mean the text"
                return _invalid(file, node.start_mark.line + 1, told)
    return _invalid(file, None, f"YAML: {problem}")


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


def _built(root: Node) -> Any:
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_document(root)
    finally:
        loader.dispose()


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


def _invalid(file: str, line: int | None, text: str) -> DeskInvalid:
    return DeskInvalid([DeskProblem(file, line, "", text)])
