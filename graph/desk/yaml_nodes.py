"""A YAML file as nodes that know their lines: bounded, and refused where a person may have meant something else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from graph.desk.pitfalls import mistake
from graph.desk.problems import (
    DeskInvalid,
    DeskProblem,
)
from memory.regular_files import open_regular

MAX_BYTES = 256 * 1024
"""A larger file is refused: a desk of 16 intents has 16 KB."""
MAX_NODES = 50_000
"""Values in one file, each repeated alias counted: stops a file that unfolds without end."""
MAX_DEPTH = 100
"""Lists and mappings within each other; the parser's time is quadratic in it."""


def text_of(path: Path) -> str:
    """A file's text. Raises `DeskInvalid` where it cannot be read, is too large or is no UTF-8."""
    try:
        with open_regular(path) as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        advice = "there is no such file: run `deskhand init` to make one, or set DESKHAND_DESK"
        raise invalid(str(path), None, advice) from None
    except OSError as error:
        raise invalid(str(path), None, f"cannot be read: {error.strerror}") from error
    if len(raw) > MAX_BYTES:
        advice = f"is larger than {MAX_BYTES // 1024} KB: is it a desk?"
        raise invalid(path.name, None, advice)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise invalid(path.name, line, "is not UTF-8: save the file as UTF-8") from error


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
        raise invalid(file, line, "is nested too deeply")


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


def composed(text: str, file: str) -> Node:
    """Its nodes. Raises `DeskInvalid` for what is no YAML, too deep, too large or without an end."""
    _refuse_depth(text, file)
    try:
        root: Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise invalid(file, *mistake(text, error)) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        sign = f"U+{error.character:04X}"
        raise invalid(file, line, f"contains the control character {sign}: remove it") from error
    except RecursionError as error:
        raise invalid(file, None, "is nested too deeply") from error
    if root is None:
        raise invalid(file, 1, "is empty: run `deskhand init` elsewhere for one to start from")
    if not isinstance(root, MappingNode):
        raise invalid(file, root.start_mark.line + 1, "must be a mapping: `tenant: ...` and so on")
    _bound(root, file)
    return root


def _bound(root: Node, file: str) -> None:
    try:
        for count, node in enumerate(nodes_of(root), start=1):
            if count > MAX_NODES:
                line = node.start_mark.line + 1
                raise invalid(file, line, f"holds more than {MAX_NODES:,} values")
    except RecursionError as error:
        looped = _holding_itself(root)
        raise invalid(file, looped, "an alias (*name) contains itself: write it out") from error


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


def nodes_of(node: Node) -> Iterator[Node]:
    """A node and all within it, but for keys."""
    yield node
    for inner in _within(node):
        yield from nodes_of(inner)


def refuse_duplicates(root: Node, file: str) -> None:
    """Raises `DeskInvalid` with each key that is given twice, or is no text."""
    problems = []
    for mapping in nodes_of(root):
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


def built(root: Node) -> Any:
    """The plain data of a node. Raises `MarkedYAMLError`, or `ValueError` and the like for a value that is none."""
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_document(root)
    finally:
        loader.dispose()


def invalid(file: str, line: int | None, text: str) -> DeskInvalid:
    """One mistake as an error to raise."""
    return DeskInvalid([DeskProblem(file, line, "", text)])
