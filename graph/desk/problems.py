"""What is wrong with a `desk.yaml`, in words, at its line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import NoneType
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails
from typing_extensions import override
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from graph.desk.model import Desk

Loc = tuple[int | str, ...]

SHOWN_CHARS = 60
"""A value in a message is cut at this length."""
MOST_NAME_CHARS = 64
"""Characters of an unknown name that are compared with the known ones: comparing is quadratic."""
SECRET_PARTS = ("services", "channels")
"""Parts of the file whose values are never shown: they may be tokens or passwords."""


@dataclass(frozen=True)
class DeskProblem:
    """One thing to change, as one line of text."""

    file: str
    line: int | None
    """1 is the first line; None if it concerns the whole file."""
    where: str
    """Path of the field, such as intents[3].examples; empty for the file itself."""
    text: str

    @override
    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.where}: {self.text}" if self.where else f"{place}: {self.text}"


class DeskInvalid(Exception):
    """A desk cannot be used; `problems` has at least one entry, its text one line for each."""

    def __init__(self, problems: Sequence[DeskProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = list(problems)


def problem_of(error: ErrorDetails, root: Node, file: str) -> DeskProblem:
    """A finding of the schema, at the place of the file that it speaks of."""
    loc: Loc = tuple(error["loc"])
    anchor, value = locate(root, loc)
    text = _words(error, loc, value)
    if error["type"] == "value_error" and value is not None:
        loc, anchor, text = _culprit(text, loc, anchor, value)
    return DeskProblem(file, anchor.start_mark.line + 1, dotted(loc), text)


def _culprit(text: str, loc: Loc, anchor: Node, value: Node) -> tuple[Loc, Node, str]:
    """A rule over several fields names the culprit in quotes, or begins with its path: point at that one."""
    named = [
        (text.rfind(repr(node.value)), at, node) for at, node in scalars(value, loc, keys=True)
    ]
    place, at, node = max(named, key=lambda found: found[0], default=(-1, loc, anchor))
    if place >= 0:
        return at, node, text
    path, _, rest = text.partition(" ")
    inner = tuple(path.split("."))
    key, found = locate(value, inner)
    return (loc, anchor, text) if found is None else ((*loc, *inner), key, rest)


def locate(root: Node, loc: Loc) -> tuple[Node, Node | None]:
    """Where to point for `loc` (its key or item, or the deepest one above), and its value."""
    anchor, node = root, root
    for part in loc:
        step = _step(node, part)
        if step is None:
            return anchor, None
        anchor, node = step
    return anchor, node


def _step(node: Node, part: int | str) -> tuple[Node, Node] | None:
    if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    if isinstance(node, MappingNode):
        # Merged keys come first and give way to those written out.
        for key, value in reversed(node.value):
            if key.value == str(part):
                return key, value
    return None


def scalars(node: Node, loc: Loc, *, keys: bool = False) -> Iterator[tuple[Loc, ScalarNode]]:
    """Every plain value under `node`, with its place; the names before them as well where `keys` says so."""
    if isinstance(node, ScalarNode):
        yield loc, node
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            yield from scalars(item, (*loc, index), keys=keys)
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            if keys:
                yield (*loc, str(key.value)), key
            yield from scalars(value, (*loc, str(key.value)), keys=keys)


def dotted(loc: Loc) -> str:
    """`intents[3].examples` for ("intents", 3, "examples")."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
    return "".join(parts).lstrip(".")


def _words(error: ErrorDetails, loc: Loc, value: Node | None) -> str:
    kind, context = error["type"], error.get("ctx", {})
    shown = "" if loc[:1] and loc[0] in SECRET_PARTS else f", is {_shown(error['input'])}"
    match kind:
        case "missing":
            text = "is missing: add it"
        case "extra_forbidden":
            text = _unknown_key(loc)
        case "too_short":
            text = f"needs at least {_items(context['min_length'])}, has {context['actual_length']}"
        case "string_type":
            text = _not_text(error["input"], value, secret=not shown)
        case "literal_error":
            text = f"must be {context['expected']}{shown}" + _close(error["input"], context)
        case "string_pattern_mismatch":
            text = f"must look like {_example(loc, context['pattern'])}{shown}"
        case "value_error":
            text = str(context.get("error", error["msg"]))
        case _ if kind in _BOUNDS:
            word, name = _BOUNDS[kind]
            text = f"must be {word} {context[name]:g}{shown}"
        case _ if kind in _SHAPES:
            text = f"needs {_SHAPES[kind]}{shown}"
        case _:
            text = f"{error['msg'][:1].lower()}{error['msg'][1:]}{shown}"
    return text


_BOUNDS = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}
_SHAPES = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "dict_type": "a mapping (name: value)",
    "float_parsing": "a number",
    "float_type": "a number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "model_type": "a mapping (name: value)",
    "tuple_type": "a list (one '- item' a line)",
}


def _not_text(found: object, value: Node | None, *, secret: bool) -> str:
    if not isinstance(value, ScalarNode):
        return f"needs text, has {_kind(found)}"
    if secret:
        return f"needs text, has {_kind(found)}: put it in quotes"
    return f'needs text, has {_kind(found)}: put it in quotes, "{value.value}"'


def _kind(found: object) -> str:
    names = {dict: "a mapping", list: "a list", bool: "a yes/no value", NoneType: "nothing"}
    names |= {int: "a number", float: "a number"}
    return names.get(type(found), f"a {type(found).__name__}")


def _example(loc: Loc, pattern: str) -> str:
    model = _model_at(loc[:-1])
    field = None if model is None else model.model_fields.get(str(loc[-1]))
    if field is None:
        return pattern
    known = [*(field.examples or ()), field.default]
    return next((repr(one) for one in known if isinstance(one, str)), pattern)


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"


def _shown(found: object) -> str:
    text = _kind(found) if isinstance(found, dict | list) else repr(found)
    return text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}..."


def _close(found: object, context: dict[str, Any]) -> str:
    choices = str(context["expected"]).replace(" or ", ", ").replace("'", "").split(", ")
    close = difflib.get_close_matches(str(found)[:MOST_NAME_CHARS], choices, n=1)
    return f": did you mean {close[0]!r}?" if close else ""


def meant(loc: Loc) -> str:
    """The known key that an unknown one resembles; empty if there is none."""
    close = difflib.get_close_matches(str(loc[-1])[:MOST_NAME_CHARS], _known_at(loc), n=1)
    return close[0] if close else ""


def _known_at(loc: Loc) -> list[str]:
    model = _model_at(loc[:-1])
    return [] if model is None else list(model.model_fields)


def _unknown_key(loc: Loc) -> str:
    if close := meant(loc):
        return f"is not known here: did you mean {close!r}?"
    return f"is not known here: remove it, or use one of {', '.join(_known_at(loc))}"


def _model_at(loc: Loc) -> type[BaseModel] | None:
    kind: Any = Desk
    for part in loc:
        kind = _inner(kind, part)
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _inner(kind: Any, part: int | str) -> Any:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = kind.model_fields.get(str(part))
        return None if field is None else _without_none(field.annotation)
    arguments = get_args(kind)
    if get_origin(kind) is tuple:
        return arguments[0]
    return arguments[-1] if arguments else None


def _without_none(kind: Any) -> Any:
    rest = [part for part in get_args(kind) if part is not NoneType]
    return rest[0] if len(rest) == 1 and NoneType in get_args(kind) else kind
