"""What YAML reads otherwise than it looks to whoever wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.nodes import Node, ScalarNode, SequenceNode

from graph.desk.problems import DeskProblem, Loc, dotted, locate, scalars

_QUOTES = frozenset("“”„‟‘’‚‛«»‹›")
_NUMBERS = frozenset({"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"})
_OCTAL = re.compile(r"^[-+]?0[0-7_]+$")
_TYPED = "tag:yaml.org,2002:"
LONGEST_NUMBER = 40
"""Signs of a number, and of a day or a yes or no."""
LONGEST_COMMENT = 200
"""Signs behind a value that are looked at."""


def unreadable_values(root: Node, file: str) -> list[DeskProblem]:
    """What no desk needs and breaks whoever reads it: tags, endless numbers, halves of a sign."""
    found = []
    for loc, node in scalars(root, ()):
        if any("\ud800" <= sign <= "\udfff" for sign in dotted(loc) + node.value):
            text = "contains half a character (\\ud800 to \\udfff): write the character itself"
        elif node.tag == _TYPED + "str":
            continue
        elif len(node.value) > LONGEST_NUMBER:
            text = f"is not text and has {len(node.value):,} characters: put it in quotes, or shorten it"
        elif node.tag != _resolved(node):
            text = (
                f"has the tag {node.tag.removeprefix(_TYPED)[:LONGEST_NUMBER]!r}: leave the tag out"
            )
        else:
            continue
        found.append(_problem(file, (), node, text))
    return found


def _resolved(node: ScalarNode) -> str:
    """The tag that the value has by its look."""
    implicit = (node.style is None, node.style is not None)
    loader: Any = yaml.SafeLoader("")
    tag: str = loader.resolve(ScalarNode, node.value, implicit)
    return tag


def misread_texts(root: Node, file: str) -> list[DeskProblem]:
    """Typographic quotes, which quote nothing, and customers' words that end in a comment."""
    found = [_problem(file, loc, node, _QUOTED) for loc, node in _plain(root) if _is_quoted(node)]
    for loc, node in _examples(root):
        if comment := _comment(node):
            text = f"{comment!r} is a comment to YAML and would be lost: put the example in quotes"
            found.append(_problem(file, loc, node, text))
    return sorted(found, key=lambda one: one.line or 0)


def misread_numbers(root: Node, file: str) -> list[DeskProblem]:
    """`010`, which is 8, and `1:30`, which is 90. For a file that is right otherwise."""
    found = []
    for loc, node in _plain(root):
        if node.tag not in _NUMBERS:
            continue
        if ":" in node.value or _OCTAL.match(node.value):
            text = (
                f"YAML does not read {node.value!r} as the number that it looks like:"
                " write a plain one, such as 10 or 1.5"
            )
            found.append(_problem(file, loc, node, text))
    return found


_QUOTED = 'typographic quotes quote nothing: use plain ones (")'


def _plain(root: Node) -> Iterator[tuple[Loc, ScalarNode]]:
    return ((loc, node) for loc, node in scalars(root, ()) if node.style is None)


def _is_quoted(node: ScalarNode) -> bool:
    return len(node.value) > 1 and {node.value[0], node.value[-1]} <= _QUOTES


def _examples(root: Node) -> Iterator[tuple[Loc, ScalarNode]]:
    _, intents = locate(root, ("intents",))
    for index in range(len(intents.value) if isinstance(intents, SequenceNode) else 0):
        loc: Loc = ("intents", index, "examples")
        _, examples = locate(root, loc)
        found = scalars(examples, loc) if examples is not None else ()
        yield from ((at, node) for at, node in found if node.style is None)


def _comment(node: ScalarNode) -> str:
    mark = node.end_mark
    behind = (mark.buffer or "")[mark.pointer : mark.pointer + LONGEST_COMMENT]
    line = behind.partition("\n")[0].rstrip("\r\0")
    return line.strip() if line[:1] in {" ", "\t"} and line.lstrip().startswith("#") else ""


def _problem(file: str, loc: Loc, node: Node, text: str) -> DeskProblem:
    return DeskProblem(file, node.start_mark.line + 1, dotted(loc), text)
