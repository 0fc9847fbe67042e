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
_CONFLICT = ("<<<<<<< ", ">>>>>>> ")
_HINTS = {
    "cannot start any token": "indent with spaces, and quote values that begin with @ % ` or a tab",
    "mapping values are not allowed": "quote a value that contains ': ', or check the indentation",
    "undefined alias": "quote a value that begins with *",
    "expected <block end>": "check the indentation",
}
LONGEST_NUMBER = 40
"""Characters of a number, and of a day or a yes or no."""
LONGEST_COMMENT = 200
"""Characters behind a value that are looked at."""


def mistake(text: str, error: yaml.MarkedYAMLError) -> tuple[int | None, str]:
    """The line of what is no YAML, and what to change there: where it went wrong, not where it was noticed."""
    lines = text.split("\n")
    merge = next((n for n, line in enumerate(lines, 1) if line.startswith(_CONFLICT)), None)
    if merge is not None:
        return merge, "a merge stopped here: keep one of the two versions, and remove the marks"
    problem, context = error.problem or "is not YAML", error.context or ""
    mark = error.problem_mark or error.context_mark
    begun = error.context_mark.line + 1 if error.context_mark else None
    if "end of stream" in problem and "quoted scalar" in context:
        return begun, "the quote that opens here is never closed"
    if "could not find expected ':'" in problem and begun is not None:
        wide = "：" in lines[begun - 1]
        advice = "'：' is no colon to YAML: write ':'" if wide else "a name needs ': ' behind it"
        return begun, f"YAML: {context} {problem} ({advice})"
    if problem.endswith(("but found '<scalar>'", "but found ','")) and mark is not None:
        return _before(text, mark) or (mark.line + 1, f"YAML: {context} {problem}")
    hint = next((hint for words, hint in _HINTS.items() if words in problem), "")
    told = f"{context} {problem}".strip() + (f" ({hint})" if hint else "")
    return None if mark is None else mark.line + 1, f"YAML: {told}"


def _before(text: str, mark: Any) -> tuple[int, str] | None:
    """What stands right before a value that nobody expected there."""
    last = None
    try:
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if token.start_mark.index >= mark.index:
                break
            last = token
    except yaml.YAMLError:
        return None
    if isinstance(last, yaml.ScalarToken) and last.style in {'"', "'"}:
        begun, ended = last.start_mark.line + 1, last.end_mark.line + 1
        if begun != ended:
            return begun, f"the quote that opens here ends on line {ended}: close it"
        return begun, "text behind the closing quote: put the whole value in quotes"
    if isinstance(last, yaml.FlowMappingEndToken | yaml.FlowSequenceEndToken):
        return last.start_mark.line + 1, "put a value that begins with { or [ in quotes"
    return None


def unreadable_values(root: Node, file: str) -> list[DeskProblem]:
    """What no desk needs and breaks whoever reads it: tags, endless numbers, halves of a character."""
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
