"""`${NAME:-default}` in a desk: filled in where secrets are needed, so that none stands in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from yaml.nodes import MappingNode, Node, ScalarNode

from graph.desk import secrets
from graph.desk.problems import DeskProblem, Loc, dotted, locate, scalars
from memory.patterns import linear
from memory.regular_files import read_regular
from memory.storage.kept_secrets import IN_FILE, MOST_BYTES

SERVICES = "services"
FILLED = (SERVICES, "channels")
"""Parts in which variables are filled in."""
VARIABLE = linear(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")
_NOT_IN_NAMES = linear(r"[^A-Za-z0-9]|^[0-9]")
"""What a service's name may have and a variable's may not."""
_STRING = "tag:yaml.org,2002:str"


def fill_in(root: Node, environment: Mapping[str, str], file: str) -> list[DeskProblem]:
    """Replace the variables of `FILLED` in place; `root` is a mapping.

    Gives back those that are not set, those anywhere else, and secrets that are no variables.
    """
    problems = [*_outside(root, file), *_written_out(root, file)]
    for loc, node in _inside(root):
        if not VARIABLE.search(node.value):
            continue
        values: dict[str, str] = {}
        for name, default in _needed(node.value):
            try:
                found = _value(name, environment)
            except OSError as error:
                text = f"the file that {name}{IN_FILE} names cannot be read: {error.strerror}"
                problems.append(DeskProblem(file, node.start_mark.line + 1, dotted(loc), text))
                continue
            if found is None and default is None:
                text = f"the variable {name} is not set: set it, or write ${{{name}:-a default}}"
                problems.append(DeskProblem(file, node.start_mark.line + 1, dotted(loc), text))
                continue
            values[name] = (default or "") if found is None else found
        # What cannot be filled in stays, so that it counts for the file's other mistakes as given.
        node.value = VARIABLE.sub(lambda found: values.get(found[1], found[0]), node.value)  # noqa: B023
        node.tag = _STRING
    return problems


def _value(name: str, environment: Mapping[str, str]) -> str | None:
    """The variable's value, or what stands in the file that NAME_FILE names. Raises `OSError`."""
    if name in environment:
        return environment[name]
    if (path := environment.get(name + IN_FILE)) is None:
        return None
    return read_regular(Path(path), MOST_BYTES).strip()


def _written_out(root: Node, file: str) -> Iterator[DeskProblem]:
    """Secrets of services and channels that stand in the file itself, also beside or in a variable."""
    before: tuple[Loc, str] = (), ""
    for loc, node in _inside(root):
        stands = VARIABLE.sub(lambda found: found[2] or secrets.HELD, node.value)
        follows = before[0][:-1] == loc[:-1] and secrets.behind_name(before[1], stands)
        if secrets.is_given(stands) and _is_secret(loc, stands, follows=follows):
            name = _NOT_IN_NAMES.sub("_", "_".join(map(str, loc[1:]))).upper()
            text = f"a secret does not belong in a file: write ${{{name}}}, and set that variable"
            yield DeskProblem(file, node.start_mark.line + 1, dotted(loc), text)
        elif "${" in stands:
            text = (
                "names a variable in a way that is not known: write ${NAME}, or ${NAME:-a default}"
            )
            yield DeskProblem(file, node.start_mark.line + 1, dotted(loc), text)
        before = loc, node.value


def _is_secret(loc: Loc, stands: str, *, follows: bool) -> bool:
    if secrets.is_secret(loc[2:]):
        return True
    listed = loc[2:-1] == secrets.ARGUMENTS and follows
    free = loc[0] == SERVICES and loc[2:] != secrets.ADDRESS
    return listed or (free and secrets.written_in(stands))


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
            if found := VARIABLE.search(node.value):
                text = f"{found[0]} is filled in under `services` and `channels` only: write the value itself"
                yield DeskProblem(file, node.start_mark.line + 1, dotted(loc), text)


def _needed(text: str) -> Iterator[tuple[str, str | None]]:
    for found in VARIABLE.finditer(text):
        yield found[1], found[2]
