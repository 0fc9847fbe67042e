"""Finds code that writes a ticket's `status`, `run` or `epoch`, by its syntax alone."""

import ast
import re
from collections.abc import Iterator

OWNED = frozenset({"status", "run", "epoch"})
SQL = re.compile(
    r"\b(update|insert\s+into)\s+tickets\b(?!\s+set\s+counted\s*=\s*\w+\s+where\b)", re.IGNORECASE
)
"""Whether a ticket is counted moves it nowhere."""
Found = list[tuple[int, str]]


def writers_in(code: str) -> Found:
    """(line, what) of each place that writes one of the columns, or may."""
    found: Found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.stmt | ast.expr):
            found += [(node.lineno, what) for what in _written(node)]
    return sorted(set(found))


def _written(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _assigned(target, node.value)
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        yield from _assigned(node.target, node.value)
    elif isinstance(node, ast.Call):
        yield from _called(node)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value):
        yield "SQL that writes tickets"


def _assigned(target: ast.expr, value: ast.expr | None) -> Iterator[str]:
    if isinstance(target, ast.Tuple):
        values = value.elts if isinstance(value, ast.Tuple) else [None] * len(target.elts)
        for one, given in zip(target.elts, values, strict=True):
            yield from _assigned(one, given)
    elif isinstance(target, ast.Attribute) and target.attr in OWNED:
        if _is_own(target.value) or _is_of_another_table(value):
            return
        yield f"assigns {ast.unparse(target)}"


def _is_own(owner: ast.expr) -> bool:
    return isinstance(owner, ast.Name) and owner.id == "self"


def _is_of_another_table(value: ast.expr | None) -> bool:
    """A member of another table's enumeration: `HandoffStatus.OPEN`."""
    if not isinstance(value, ast.Attribute) or not isinstance(value.value, ast.Name):
        return False
    return value.value.id.endswith("Status") and value.value.id != "TicketStatus"


def _called(node: ast.Call) -> Iterator[str]:
    name = ast.unparse(node.func)
    given = {one.arg for one in node.keywords}
    if name == "Ticket" and given & OWNED:
        yield "makes a ticket that stands elsewhere"
    elif name == "setattr" and _names_owned(node):
        yield "sets it by name"
    elif name.endswith("insert") and _is_of_tickets(node):
        yield "inserts a ticket"
    elif name.endswith(".values") and _is_update_of_tickets(node.func) and _may_be_owned(node):
        yield "updates tickets"
    elif name.endswith("changed") and _is_of_tickets(node, 1) and given & {*OWNED, None}:
        yield "changes tickets"


def _may_be_owned(values: ast.Call) -> bool:
    """A column by its name, or a mapping that nobody can see into."""
    given = {one.arg for one in values.keywords}
    return bool(given & OWNED or None in given or values.args)


def _names_owned(node: ast.Call) -> bool:
    named = node.args[1] if len(node.args) > 1 else None
    return isinstance(named, ast.Constant) and named.value in OWNED


def _is_of_tickets(node: ast.Call, place: int = 0) -> bool:
    named = node.args[place : place + 1]
    return bool(named) and ast.unparse(named[0]) in {"Ticket", "Ticket.__table__"}


def _is_update_of_tickets(node: ast.AST) -> bool:
    return any(
        isinstance(one, ast.Call)
        and ast.unparse(one.func).endswith("update")
        and _is_of_tickets(one)
        for one in ast.walk(node)
    )
